"""What is printed of a report's dimensions: score, sentence, what holds them back, and every question with its answer."""

from collections.abc import Iterable
from typing import Any

from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from assessment import wording
from assessment.report import DimensionPart, QuestionPart, Report
from assessment.text.links import readable

Part = dict[str, Any]


def dimensions(report: Report) -> Part | None:
    """All dimensions of a report."""
    if not report.dimensions:
        return None
    return {
        "title": _("Dimension by dimension"),
        "lead": wording.dimensions_lead(report),
        "parts": [_dimension(part) for part in report.dimensions],
    }


def _dimension(part: DimensionPart) -> Part:
    sentences = [wording.dimension(part)]
    if part.before:
        sentences.append(_("Since last round: %(change)s.") % {"change": wording.change(part)})
    if part.first:
        sentences.append(_("Since the first round: %(change)s.") % {"change": wording.change_since_first(part)})
    return {
        "title": str(part.title),
        "score": wording.whole(part.score) if part.is_scored else "",
        "number": part.level.number if part.level else None,
        "state": _level(part) if part.level else wording.state(part),
        "sentence": " ".join(sentences),
        "anchor": _("At this level: %(anchor)s") % {"anchor": part.anchor} if part.anchor else "",
        "sides": [side for side in (_side(_("Holds it back"), part.weak), _side(_("Strong"), part.strong)) if side],
        "why": _why(part) if part.questions else None,
        "notes": _notes(part),
    }


def _level(part: DimensionPart) -> str:
    return _("level %(number)s, %(name)s") % {"number": part.level.number, "name": part.level.name}


def _side(title: str, questions: Iterable[QuestionPart]) -> Part | None:
    items = [{"text": str(question.text), "aside": wording.answer(question)} for question in questions]
    return {"title": title, "items": items} if items else None


def _why(part: DimensionPart) -> Part:
    """Every question with its answer, points or level, and weight, and how they make the score."""
    rows = [
        [
            str(question.text),
            wording.answer(question),
            wording.worth(question),
            wording.points(question.weight),
        ]
        for question in part.questions
    ]
    coverage = _("%(share)s of the weight has an answer") % {"share": wording.percent(part.coverage)}
    return {
        "title": _("Why this score"),
        "aside": coverage if part.coverage is not None else "",
        "caption": wording.asked(part),
        "head": [_("Question"), _("Answer"), _("Level") if part.levels_only else _("Points"), _("Weight")],
        "rows": rows,
        "formula": wording.formula(part) if part.is_scored else "",
    }


def _notes(part: DimensionPart) -> Part | None:
    """What the one respondent wrote beside their answers, with the links to what proves them."""
    items = [
        {"question": str(question.text), "notes": [_own(question)]}
        for question in part.questions
        if question.given and (question.given.note or question.given.evidence)
    ]
    return {"title": _("Notes and evidence"), "items": items} if items else None


def _own(question: QuestionPart) -> Part:
    address = question.given.evidence
    is_address = address.startswith(("http://", "https://"))
    return {
        "text": question.given.note,
        "by": "",
        "link": readable(address),
        "href": iri_to_uri(address) if is_address else "",
    }
