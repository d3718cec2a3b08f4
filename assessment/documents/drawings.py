"""What each chart of a report, that of a trend, and a report as one picture show, as SVG and PNG kept for a week by what is on
it.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator
from functools import partial

from django.core.cache import caches
from django.template.defaultfilters import capfirst
from django.utils.translation import gettext as _

from assessment import scoring
from assessment.charts import card as card_chart
from assessment.charts import trend as trend_chart
from assessment.charts.bars import bars
from assessment.charts.canvas import marked
from assessment.charts.gains import Gain, gains
from assessment.charts.outlines import outlined
from assessment.charts.questions import Asked, questions
from assessment.charts.radar import radar
from assessment.charts.rule import Stand, rule
from assessment.charts.series import Band, Line
from assessment.charts.style import PALETTE
from assessment.charts.trend import Panel
from assessment.documents import typesetting
from assessment.models.secret import site_address
from assessment.report.parts import DimensionPart, Report
from assessment.report.question import QuestionPart
from assessment.report.trend import Trend
from assessment.scoring.levels import LEVEL_BOUNDS
from assessment.wording import figures, moments, numbers, place, sentences
from assessment.wording.trend import month, title

MOST_ROUNDS = 12  # more would run into each other; the table beside the chart has them all
EFFORTS = ("", "S", "M", "L")
QUESTIONS = "questions-"  # and the key of a dimension
DRAWING = 4  # raised whenever the same numbers would be drawn differently
WEEK = 7 * 24 * 3600  # seconds
PIXELS = 4  # for each unit of a chart
# What a whole report is drawn as, in units and pixels for each: 1,200 x 630 for networks, 1,920 x 1,080 for slides.
CARDS = {"picture": (630, 1.0), "slide": (675, 1.6)}

Drawing = partial[str]  # lacks but the scheme, "light" or "dark"


def fingerprint(draw: Drawing) -> str:
    """What tells a chart from every other one that shows something else."""
    shown = tuple(fingerprint(drawn) if isinstance(drawn, partial) else drawn for drawn in draw.args)
    told = repr((DRAWING, draw.func.__name__, shown, draw.keywords))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def svg(draw: Drawing, scheme: str) -> str:
    """A chart as SVG text."""
    place = f"chart:{fingerprint(draw)}:{scheme}"
    return caches["local"].get_or_set(place, lambda: draw(scheme=scheme), timeout=WEEK)


def for_a_page(draw: Drawing, scheme: str) -> str:
    """A chart as SVG whose texts are outlines: as a picture in a page it can load no font."""
    place = f"page:{fingerprint(draw)}:{scheme}"
    return caches["local"].get_or_set(place, lambda: outlined(svg(draw, scheme)), timeout=WEEK)


def png(draw: Drawing, scheme: str) -> bytes:
    """A chart as PNG, four pixels for each of its units (1,760 wide), in some 100 ms the first time."""
    place = f"chart:{fingerprint(draw)}:{scheme}"
    return caches["pictures"].get_or_set(place, lambda: _picture(svg(draw, scheme), scheme), timeout=WEEK)


def card_png(report: Report, name: str) -> bytes:
    """A report as one picture, of these that `CARDS` names: light, in the active language."""
    height, pixels = CARDS[name]
    draw = card(report, height)
    place = f"card:{fingerprint(draw)}"
    return caches["pictures"].get_or_set(place, lambda: _picture(draw(), "light", pixels), timeout=WEEK)


def _picture(text: str, scheme: str, pixels: float = PIXELS) -> bytes:
    shown = typesetting.Printable().shown(text)
    return typesetting.png("chart.typ", {"svg": shown, "paper": PALETTE[scheme]["paper"]}, pixels=pixels)


def svgs(report: Report, names: Collection[str]) -> dict[str, str]:
    """Those of these charts that a report has, as SVG text by name: light, in the active language."""
    return {name: svg(draw(), "light") for name, draw in _all(report) if name in names}


def names(report: Report) -> list[str]:
    """The names of the charts that a report has: no question profile without questions, no gains without a plan."""
    return [name for name, _draw in _all(report)]


def drawing(report: Report, name: str) -> Drawing | None:
    """What draws a chart of a report when it is told the scheme; None when the report has no chart of that name."""
    return next((draw() for known, draw in _all(report) if known == name), None)


def drawings(report: Report) -> dict[str, Drawing]:
    """What draws each chart of a report, by its name."""
    return {name: draw() for name, draw in _all(report)}


def _all(report: Report) -> Iterator[tuple[str, Callable[[], Drawing]]]:
    for name, draw in _unmarked(report):
        yield name, partial(_marked, draw, report) if report.is_provisional else draw


def _marked(draw: Callable[[], Drawing], report: Report) -> Drawing:
    return partial(marked, draw(), figures.provisional(report))


def _unmarked(report: Report) -> Iterator[tuple[str, Callable[[], Drawing]]]:
    yield "rule", partial(_rule, report)
    yield "radar", partial(_radar, report)
    yield "bars", partial(_bars, report)
    for part in report.dimensions:
        if part.questions:
            yield f"{QUESTIONS}{part.key}", partial(_questions, part)
    if report.plan:
        yield "gains", partial(_gains, report)


def trend(trend: Trend) -> Drawing:
    """What draws a trend: its newest rounds, as many as there is room for."""
    shown = trend.last(MOST_ROUNDS)
    panels = tuple(Panel(title(course), tuple(map(_number, course.scores)), course.breaks) for course in shown.courses)
    months = tuple(month(outcome.held_at) for outcome in shown.rounds)
    days = tuple(float(outcome.held_at.date().toordinal()) for outcome in shown.rounds)
    note = _("The questionnaire changed: what came before is not directly comparable.")
    return partial(trend_chart.trend, panels, months, days, note=note)


def what_if(today: Report, then: Report) -> Drawing:
    """What draws the profile that improvements would give, beside today's."""
    drawn = (
        Line("you", _("With these improvements"), tuple(_number(part.score) for part in then.dimensions)),
        Line("before", _("Today"), tuple(_number(part.score) for part in today.dimensions)),
    )
    return partial(radar, _titles(then), drawn, ())


def _rule(report: Report) -> Drawing:
    span = report.result.range or scoring.Range(0, 100)
    return partial(rule, _number(report.result.score), float(span.low), float(span.high), _stand(report))


def _stand(report: Report) -> Stand:
    found = report.place
    return Stand(
        found.level,
        place.title(report),
        place.distance(report),
        possible=found.possible,
        is_held=found.is_held,
        goes_on=found.points is not None,
    )


def card(report: Report, height: float) -> Drawing:
    """What draws a whole report as one picture of this height: what every reader of the report is told."""
    day = moments.day(report.subject.made_at)
    by = _("invented organisation") if report.subject.is_demo else sentences.by_answers(report)
    words = card_chart.Words(
        whose=" ".join(report.subject.organisation.split()),
        made=f"{capfirst(by)} · {day}" if by else day,
        title=place.place(report),
        product=_("Social media maturity"),
        source=_("Source: a self-assessment, %(site)s") % {"site": site_address("").partition("://")[2]},
    )
    rows = tuple(
        card_chart.Bar(
            str(part.title), _number(part.score), numbers.whole(part.score) if part.is_scored else sentences.state(part)
        )
        for part in report.dimensions[: card_chart.MOST]
    )
    score = _number(report.result.score) if report.place.level else None
    return partial(card_chart.card, words, score, _stand(report), rows, height=height)


def _radar(report: Report) -> Drawing:
    return partial(radar, _titles(report), lines(report), bands(report))


def _bars(report: Report) -> Drawing:
    spans = tuple((float(part.range.low), float(part.range.high)) if part.range else None for part in report.dimensions)
    ranges = Band("range", _("Possible with the missing answers"), spans)
    states = tuple(sentences.state(part) for part in report.dimensions)
    beside = (*bands(report), *peers_band(report))
    return partial(bars, _titles(report), lines(report), beside, ranges=ranges, no_score=states)


def _questions(part: DimensionPart) -> Drawing:
    asked = tuple(map(_asked, part.questions))
    more = {"by_level": True} if part.levels_only else {}  # the addresses of others' charts stay
    return partial(questions, asked, spread=_("From the lowest to the highest answer"), **more)


def _asked(part: QuestionPart) -> Asked:
    return Asked(
        label=str(part.text),
        points=_number(part.score),
        shown=sentences.worth(part),
        spread=(float(part.spread[0]), float(part.spread[1])) if part.spread else None,
        differ=_("Views differ") if part.views_differ else "",
    )


def _gains(report: Report) -> Drawing:
    steps = tuple(
        Gain(
            label=str(item.title or item.question.text),
            points=float(item.gain),
            shown=numbers.gain(item.gain, item.decimals),
            effort=EFFORTS.index(item.effort or ""),
            told=figures.step_effort(item.effort),
        )
        for item in report.plan
    )
    return partial(gains, steps, note=figures.gains_note(report))


def _number(score) -> float | None:
    return None if score is None else float(score)


def _titles(report: Report) -> tuple[str, ...]:
    return tuple(str(part.title) for part in report.dimensions)


def lines(report: Report) -> tuple[Line, ...]:
    """The scores of each dimension: yours, and those of the round before where there is one."""
    you = tuple(_number(part.score) for part in report.dimensions)
    found = [Line("you", _("You"), you)]
    if report.before:
        was = tuple(_number(part.before.before) if part.before else None for part in report.dimensions)
        found.append(Line("before", _("Earlier round"), was))
    return tuple(found)


def bands(report: Report) -> tuple[Band, ...]:
    """The levels that we read in each edition of the barometer, earliest first, as spans of the scale."""
    drawn = [edition for edition in report.editions if f"barometer-{edition}" in PALETTE["light"]]
    return tuple(
        Band(
            f"barometer-{edition}",
            _("Barometer %(edition)s (our reading)") % {"edition": edition},
            tuple(_span(part, edition) for part in report.dimensions),
        )
        for edition in drawn  # the table names the others too
    )


def peers_band(report: Report) -> tuple[Band, ...]:
    """What the middle half of the peers reach in each dimension; nothing where it is not told."""
    if not (report.peers and report.peers.middle):
        return ()
    name = _("Middle half of your peers (invented)") if report.peers.invented else _("Middle half of your peers")
    return (Band("peers", name, tuple(_ends(report.peers.middle.get(part.key)) for part in report.dimensions)),)


def _ends(ends: tuple[int, int] | None) -> tuple[float, float] | None:
    return (float(ends[0]), float(ends[1])) if ends else None


def _span(part: DimensionPart, edition: int) -> tuple[float, float] | None:
    level = next((item.level for item in part.references if item.edition == edition), None)
    if level is None:
        return None
    low, high = LEVEL_BOUNDS[level - 1]
    return float(low), float(high)
