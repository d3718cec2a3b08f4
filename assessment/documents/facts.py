"""A report as one flat table: one row for each fact, so that it can be filtered and counted."""

from collections.abc import Iterator, Mapping

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.documents import tables
from assessment.documents.cells import Cell, change, count, exact, percent, score
from assessment.documents.overview import level
from assessment.report.parts import DimensionPart, Report, Taken
from assessment.wording import barometer, joint, numbers, peers, place, sentences

Fact = Mapping[str, Cell]


def facts(report: Report) -> Iterator[list[Cell]]:
    """The head of the table, then the whole, its dimensions and questions, the plan and what it is compared with."""
    heads, subject = _heads(), report.subject
    common = {
        "organisation": subject.organisation,
        "date": timezone.localtime(subject.made_at).date(),
        "round": count(subject.round_number),
    }
    yield list(heads.values())
    for part in (_whole, _dimensions, _questions, _steps, _published, _roles_and_notes):
        for fact in part(report):
            yield [(common | fact).get(key) for key in heads]


def _heads() -> dict[str, str]:
    return {
        "organisation": _("Organisation"),
        "date": _("Date of the result"),
        "round": _("Round"),
        "part": _("Part"),
        "dimension": _("Dimension"),
        "step": pgettext("of the plan", "Step"),
        "about": _("Question or step"),
        "statement": _("Answer or statement"),
        "score": _("Score or points"),
        "exact": _("Exact score or points"),
        "level": _("Level"),
        "low": _("Lowest possible score"),
        "high": _("Highest possible score"),
        "coverage": _("Coverage (%)"),
        "weight": _("Weight"),
        "change": pgettext("of a score", "Change"),
        "differ": _("Views differ"),
        "gain": _("Gain"),
        "after": _("Score afterwards"),
        "effort": _("Effort"),
        "who": _("Who"),
        "percent": _("Published (%)"),
        "source": _("Source"),
        "note": _("Note"),
        "evidence": _("Evidence"),
        "owner": _("Owner"),
        "due": _("Due"),
        "state": _("State"),
    }


def _whole(report: Report) -> Iterator[Fact]:
    span = report.result.range
    yield {
        "part": _("Whole"),
        "statement": sentences.opening(report),
        "score": score(report.result.score) or _("no score"),
        "exact": exact(report.result.score),
        "level": level(report),
        "low": score(span.low) if span else None,
        "high": score(span.high) if span else None,
        "note": " ".join(filter(None, [place.held(report), sentences.erased(report), joint.levels(report)])),
    }


def _dimensions(report: Report) -> Iterator[Fact]:
    table = tables.dimensions(report)
    for part, told in zip(table.items, table.records(), strict=True):
        yield told | {"part": _("Dimension")}
        yield from _compared(report, part)


def _compared(report: Report, part: DimensionPart) -> Iterator[Fact]:
    """A dimension as we read it in each edition of the barometer, and as it was in earlier rounds."""
    for item in part.references:
        yield {
            "part": _("Barometer"),
            "dimension": str(part.title),
            "statement": str(item.why or ""),
            "level": count(item.level),
            "source": sentences.reference(item),
        }
    if ends := report.peers and report.peers.middle.get(part.key):
        low, high = map(count, ends)
        told = {"part": _("Peers"), "statement": _("Middle half of your peers")}
        yield told | {"dimension": str(part.title), "low": low, "high": high}
    for name, earlier, moved in (
        (_("Last round"), report.before, part.before),
        (_("First round"), report.first, part.first),
    ):
        if earlier:
            yield {
                "part": name,
                "dimension": str(part.title),
                "score": score(moved.before) if moved else None,
                "exact": exact(moved.before) if moved else None,
                "change": change(moved),
            }


def _questions(report: Report) -> Iterator[Fact]:
    """Each question with its points, or with its level alone where no number is shown."""
    table = tables.answers(report)
    for (_part, question), told in zip(table.items, table.records(), strict=True):
        fact = told | {"part": _("Question"), "source": joint.spread(question)}
        yield fact | {"level": None, "score": sentences.state(question)} if question.score is None else fact


def _steps(report: Report) -> Iterator[Fact]:
    table = tables.plan(report)
    for item, told in zip(table.items, table.records(), strict=True):
        title = told.pop("title")
        if isinstance(item, Taken):
            yield told | {"part": _("Action of your own"), "about": title}
            continue
        yield told | {"part": _("Step of the plan"), "note": _(": ").join(filter(None, [title, told["note"]]))}
    for title, question in report.foundations:
        part = _("Foundation not yet in place and not covered by the steps")
        yield {"part": part, "dimension": str(title), "about": str(question.text)}


def _published(report: Report) -> Iterator[Fact]:
    """What was published of other companies: figures beside the optional answers, and the points of the barometer."""
    for part in report.comparisons:
        common = {
            "part": _("Published figure"),
            "about": str(part.question),
            "note": _("You: %(answer)s") % {"answer": numbers.listed(part.given.texts)},
        }
        for pair in part.figures:
            told = {"statement": sentences.figure(pair), "percent": percent(pair[1].percent)}
            yield common | told | {"source": sentences.source(pair[1])}
        if barometer.unpublished(part):
            yield common | {"statement": barometer.unpublished(part)}
    if report.peers:
        yield {"part": _("Peers"), "statement": peers.peers(report), "source": peers.peers_basis(report.peers)}
    if told := barometer.gaps(report):
        yield {"part": _("Gaps of the barometer"), "statement": told, "note": barometer.contradicted(report) or None}
    for edition in report.barometer:
        for point in edition.criteria:
            yield {
                "part": _("Point of the barometer"),
                "dimension": str(point.dimension or ""),
                "about": str(point.criterion.title),
                "statement": _(": ").join(filter(None, (barometer.stands(point), barometer.criterion(point)))),
                "source": _("Barometer %(edition)s") % {"edition": point.edition},
                "note": " ".join([str(point.criterion.text), *map(barometer.statement, point.figures)]),
            }


def _roles_and_notes(report: Report) -> Iterator[Fact]:
    for view in report.by_role:
        for said in view.by_role:
            told = {"score": score(said.mean), "exact": exact(said.mean)}
            yield {
                "part": _("By role"),
                "dimension": str(view.dimension),
                "about": str(view.question.text),
                "who": numbers.role(said.role),
                **({"statement": str(said.nearest)} if said.nearest else told),
            }
    for told in tables.notes(report).records():
        yield told | {"part": _("Note")}
    for text in report.contradictions:
        yield {"part": _("A question to ask the team"), "statement": str(text)}
