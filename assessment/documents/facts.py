"""A report as one flat table: one row for each fact, so that it can be filtered and counted."""

from collections.abc import Iterator, Mapping

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.documents.cells import Cell, after, change, count, exact, gain, percent, points, score, share, yes
from assessment.documents.overview import level
from assessment.report.parts import DimensionPart, Report
from assessment.report.question import QuestionPart
from assessment.wording import barometer, joint, numbers, sentences

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
    for found in (_whole(report), _dimensions(report), _questions(report), _steps(report), _published(report)):
        for fact in found:
            yield [(common | fact).get(key) for key in heads]
    for fact in _roles_and_notes(report):
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
        "low": _("Possible from"),
        "high": _("Possible to"),
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
        "note": " ".join(filter(None, [sentences.held(report), sentences.erased(report), joint.levels(report)])),
    }


def _dimensions(report: Report) -> Iterator[Fact]:
    for part in report.dimensions:
        yield {
            "part": _("Dimension"),
            "dimension": str(part.title),
            "statement": sentences.dimension(part),
            "score": score(part.score) if part.is_scored else sentences.state(part),
            "exact": exact(part.score),
            "level": count(part.level.number) if part.level else None,
            "low": score(part.range.low) if part.range else None,
            "high": score(part.range.high) if part.range else None,
            "coverage": share(part.coverage),
        }
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
    with_views = report.joint is not None and report.shows_views
    for part in report.dimensions:
        for question in part.questions:
            given = question.given
            yield _question(question) | {
                "part": _("Question"),
                "dimension": str(part.title),
                "differ": yes(question.views_differ) if with_views else None,
                "source": joint.spread(question) if with_views else None,
                "note": given.note if given else None,
                "evidence": given.evidence if given else None,
            }


def _question(question: QuestionPart) -> Fact:
    """A question with its points, or with its level alone where no number is shown."""
    told = {"score": sentences.state(question) if question.score is None else points(question.score)}
    told |= {"exact": exact(question.score)}
    return {
        "about": str(question.text),
        "statement": sentences.answer(question),
        **({"level": count(question.place[0])} if question.place else told),
        "weight": points(question.weight),
    }


def _steps(report: Report) -> Iterator[Fact]:
    for step in report.plan:
        yield {
            "part": _("Step of the plan"),
            "dimension": str(step.dimension),
            "step": count(step.number),
            "about": str(step.question.text),
            "statement": str(step.to),
            "gain": gain(step),
            "after": after(step),
            "effort": numbers.effort(step.effort),
            "who": numbers.role(step.owner),
            "note": str(step.first_move or ""),
        }


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
    for question in report.noted:
        for note in question.notes:
            who = numbers.role(note.role) if note.role else None
            yield {"part": _("Note"), "about": str(question.text), "who": who, "note": note.text}
    for text in report.contradictions:
        yield {"part": _("A question to ask the team"), "statement": str(text)}
