"""What is printed of the barometer and of other published figures beside an organisation's answers."""

from itertools import groupby
from typing import Any

from django.template.defaultfilters import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.report.barometer import CriterionPart, EditionPart
from assessment.report.evidence import Reference
from assessment.report.parts import ComparisonPart, Report
from assessment.wording import barometer, numbers, sentences

Part = dict[str, Any]


def evidence(report: Report) -> Part | None:
    """The part against the barometer: its points, our reading of its levels, published figures; None without any."""
    parts = {"editions": _editions(report), "levels": _levels(report), "figures": _figures(report)}
    if not any(parts.values()):
        return None
    lead = barometer.barometer(report) if report.barometer else ""
    return {"title": _("Against the barometer"), "lead": lead, "note": barometer.measure(report)} | parts


def _editions(report: Report) -> list[Part]:
    """Each edition with every point it made, gaps first, and where the organisation stands on it."""
    return [
        {
            "title": _("Edition %(edition)s") % {"edition": edition.study.edition},
            "about": _about(edition),
            "head": [_("What the barometer says of companies"), _("Where you stand")],
            "points": [_point(part) for part in (*edition.gaps, *edition.others)],
        }
        for edition in report.barometer
    ]


def _about(edition: EditionPart) -> str:
    apart = _("The editions did not ask the same companies, so no line is drawn from one to the next.")
    return f"{barometer.edition(edition)} {apart}"


def _point(part: CriterionPart) -> Part:
    figures = [barometer.statement(item) for item in part.figures] or [_("No published figure.")]
    about = [barometer.kind(part), str(part.dimension)] if part.dimension else [barometer.kind(part)]
    return {
        "about": " · ".join(about),
        "title": capfirst(str(part.criterion.title)),
        "text": str(part.criterion.text),
        "figures": " ".join(figures),
        "stands": barometer.stands(part),
        "told": barometer.criterion(part),
    }


def _levels(report: Report) -> Part | None:
    """The level at which we read the companies of each edition, dimension by dimension, with the reason."""
    if not report.editions:
        return None
    rows = [
        [{"text": str(part.title), "aside": ""}, *map(_level, part.references)]
        for part in report.dimensions
        if part.references
    ]
    head = [_("Dimension"), *(_("Barometer %(edition)s") % {"edition": edition} for edition in report.editions)]
    lead = _("The barometer speaks in words, not scores: these levels are our editorial reading.")
    return {"title": _("How we read it"), "lead": lead, "head": head, "rows": rows}


def _level(item: Reference) -> Part:
    text = _("level %(level)s") % {"level": item.level} if item.level else "–"
    return {"text": text, "aside": str(item.why or "")}


def _figures(report: Report) -> Part | None:
    """The optional answers beside the figures that studies published."""
    if not report.comparisons:
        return None
    lead = _(
        "Your optional answers, with what studies published of other companies. Published figures count companies; "
        "they are not on the scale of your score."
    )
    items = [_comparison(part) for part in report.comparisons]
    return {"title": _("Beside published figures"), "lead": lead, "items": items}


def _comparison(part: ComparisonPart) -> Part:
    studies = [
        {"source": source, "figures": [sentences.figure(pair) for pair in pairs]}
        for source, pairs in groupby(part.figures, key=lambda pair: sentences.source(pair[1]))
    ]
    answer = _("You: %(answer)s") % {"answer": numbers.listed(part.given.texts)}
    return {
        "question": str(part.question),
        "answer": answer,
        "studies": studies,
        "without": barometer.unpublished(part),
    }


Part = dict[str, Any]
MOST_CHARACTERS = 75_000  # of all notes together: every note that one person can write, in some second


def bounded(holders: list[Part]) -> str:
    """Take the notes that go beyond the bound out of these parts, in their order; say how many those are, "" for none."""
    left, out = MOST_CHARACTERS, 0
    for holder in holders:
        for item in holder["notes"]["items"] if holder["notes"] else ():
            kept = []
            for note in item["notes"]:
                left -= len(note["text"]) + len(note["link"])
                if left >= 0:
                    kept.append(note)
            out += len(item["notes"]) - len(kept)
            item["notes"] = kept
        _tidy(holder)
    return (
        ngettext(
            "%(count)s note is not printed here for want of room; the workbook has it.",
            "%(count)s notes are not printed here for want of room; the workbook has them all.",
            out,
        )
        % {"count": out}
        if out
        else ""
    )


def _tidy(holder: Part) -> None:
    """Leave out questions without a note, and a heading without a question."""
    if holder["notes"]:
        holder["notes"]["items"] = [item for item in holder["notes"]["items"] if item["notes"]]
        holder["notes"] = holder["notes"] if holder["notes"]["items"] else None
