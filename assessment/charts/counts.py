"""Charts of what is counted: columns over days, and shares as bars; on the paper of the sheet, never on a score scale."""

from collections.abc import Sequence

from assessment.charts.canvas import Sheet, wrap
from assessment.charts.style import WIDTH

MARGIN, TOP, HEIGHT, FOOT = 12, 30, 140, 30
NAME, LEADING, BAR, GAP, SMALL = 16, 20, 14, 18, 13


def days(labels: Sequence[str], counts: Sequence[int], *, shown: str, scheme: str = "light") -> str:
    """Draw one column for each day as SVG text; the highest is marked with its number, `shown`.

    `labels` stand under the first and the last day. Raises ValueError for no day, a count below 0, an unknown scheme.
    """
    if not counts or len(labels) != len(counts) or min(counts) < 0:
        raise ValueError("a chart of days needs a label and a count of at least 0 for each")
    sheet = _sheet(TOP + HEIGHT + FOOT, scheme)
    step, most, base = (WIDTH - 2 * MARGIN) / len(counts), max(counts), TOP + HEIGHT
    tops = [base - HEIGHT * count / most if most else base for count in counts]
    columns = [
        [(left, base), (left, top), (left + step * 0.7, top), (left + step * 0.7, base)]
        for left, top in ((MARGIN + step * place, top) for place, top in enumerate(tops))
        if top < base
    ]
    sheet.area(columns, sheet.colours["you"])
    sheet.path([((MARGIN, base), (WIDTH - MARGIN, base))], sheet.colours["muted"])
    if most:
        place = counts.index(most) / len(counts)
        align = "left" if place < 0.2 else "right" if place > 0.8 else "center"
        sheet.text(MARGIN + step * (counts.index(most) + 0.35), TOP - 8, shown, NAME, weight="bold", align=align)
    sheet.text(MARGIN, base + 20, labels[0], SMALL, colour="muted")
    sheet.text(WIDTH - MARGIN, base + 20, labels[-1], SMALL, colour="muted", align="right")
    return sheet.svg()


def shares(labels: Sequence[str], percents: Sequence[float], shown: Sequence[str], *, scheme: str = "light") -> str:
    """Draw shares of 0..100 percent as bars as SVG text, each under its label with how it is written.

    Raises ValueError for none, for a share out of range, for an unknown scheme.
    """
    if not labels or not len(labels) == len(percents) == len(shown) or not all(0 <= one <= 100 for one in percents):
        raise ValueError("a chart of shares needs a label, 0 to 100 percent and a text for each")
    rows, top, width = [], float(MARGIN), WIDTH - 2 * MARGIN
    for label in labels:
        words = wrap(label, width - 60, NAME, 2)
        rows.append((words, top))
        top += len(words) * LEADING + BAR + GAP
    sheet = _sheet(top - GAP + MARGIN, scheme)
    for (words, start), percent, text in zip(rows, percents, shown, strict=True):
        for line, word in enumerate(words):
            sheet.text(MARGIN, start + NAME + line * LEADING, word, NAME)
        sheet.text(WIDTH - MARGIN, start + NAME, text, NAME, weight="bold", align="right")
        lane = start + len(words) * LEADING + 4
        sheet.area([_bar(width, lane)], sheet.colours["hairline"])
        sheet.area([_bar(max(1.5, width * percent / 100), lane)], sheet.colours["you"])
    return sheet.svg()


def _bar(length: float, top: float) -> list[tuple[float, float]]:
    return [(MARGIN, top), (MARGIN + length, top), (MARGIN + length, top + BAR), (MARGIN, top + BAR)]


def _sheet(height: float, scheme: str) -> Sheet:
    """A sheet with its own paper: the page behind it is not ours."""
    sheet = Sheet(WIDTH, height, scheme)
    sheet.area([[(0, 0), (WIDTH, 0), (WIDTH, height), (0, height)]], sheet.colours["paper"])
    return sheet
