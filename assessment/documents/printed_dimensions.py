"""What is printed of a report's dimensions: score, sentence, what holds them back, and every question with its answer."""

from collections.abc import Iterable
from typing import Any

from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from assessment import scoring
from assessment.report.parts import DimensionPart, Report, ViewPart
from assessment.report.question import QuestionPart
from assessment.text.links import readable
from assessment.wording import joint, leads, method, numbers, sentences

Part = dict[str, Any]


def dimensions(report: Report) -> Part | None:
    """All dimensions of a report."""
    if not report.dimensions:
        return None
    return {
        "title": _("Dimension by dimension"),
        "lead": leads.dimensions_lead(report),
        "parts": [_dimension(part) for part in report.dimensions],
    }


def _dimension(part: DimensionPart) -> Part:
    told = [sentences.dimension(part)]
    if part.before:
        told.append(_("Since last round: %(change)s.") % {"change": sentences.change(part)})
    if part.first:
        told.append(_("Since the first round: %(change)s.") % {"change": sentences.change_since_first(part)})
    return {
        "title": str(part.title),
        "score": numbers.whole(part.score) if part.is_scored else "",
        "number": part.level.number if part.level else None,
        "state": _level(part) if part.level else sentences.state(part),
        "sentence": " ".join(told),
        "anchor": _("At this level: %(anchor)s") % {"anchor": part.anchor} if part.anchor else "",
        "sides": [side for side in (_side(_("Holds it back"), part.weak), _side(_("Strong"), part.strong)) if side],
        "why": _why(part) if part.questions else None,
        "notes": _notes(part),
    }


def _level(part: DimensionPart) -> str:
    return _("level %(number)s, %(name)s") % {"number": part.level.number, "name": part.level.name}


def _side(title: str, questions: Iterable[QuestionPart]) -> Part | None:
    items = [{"text": str(question.text), "aside": sentences.answer(question)} for question in questions]
    return {"title": title, "items": items} if items else None


def _why(part: DimensionPart) -> Part:
    """Every question with its answer, points or level, and weight, and how they make the score."""
    rows = [
        [
            str(question.text),
            sentences.answer(question),
            sentences.worth(question),
            numbers.points(question.weight),
        ]
        for question in part.questions
    ]
    coverage = _("%(share)s of the weight has an answer") % {"share": numbers.percent(part.coverage)}
    return {
        "title": _("Why this score"),
        "aside": coverage if part.coverage is not None else "",
        "caption": method.asked(part),
        "head": [_("Question"), _("Answer"), _("Level") if part.levels_only else _("Points"), _("Weight")],
        "rows": rows,
        "formula": method.formula(part) if part.is_scored else "",
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


Part = dict[str, Any]


def views(report: Report) -> Part | None:
    """Where people see things differently, by question and by role, and what they wrote; None for one person."""
    if not report.shows_people:
        return None
    return {
        "title": _("Where views differ") if report.shows_views else _("What people wrote"),
        "lead": joint.views(report) if report.shows_views else "",
        "differing": [_differing(view) for view in report.differing],
        "roles": _roles(report),
        "roles_note": _roles_note(report),
        "notes": _noted(report),
    }


def _differing(view: ViewPart) -> Part:
    return {"text": str(view.question.text), "aside": str(view.dimension), "ends": joint.spread(view.question)}


def _roles(report: Report) -> Part | None:
    """How each role sees a question, in numbers or in words, as a table: a row for each question, a column for each role."""
    if not report.by_role:
        return None
    head = [_("Question"), *(numbers.role(said.role) for said in report.by_role[0].by_role)]
    rows = [[str(view.question.text), *map(joint.role_view, view.by_role)] for view in report.by_role]
    lead = joint.roles_lead(report)
    told = {"title": _("By role"), "lead": lead, "caption": lead, "head": head, "rows": rows}
    return told | {"in_words": report.levels_only}


def _roles_note(report: Report) -> str:
    if report.by_role:
        groups = (f"{numbers.role(group.role)} {group.responses}" for group in report.joint.roles)
        return _("Who answered:") + " " + " · ".join(groups)
    if report.shows_views and report.joint.mode == scoring.Mode.CONFIDENTIAL:
        return _(
            "Roles are compared only where each shown has at least %(floor)s people whose answers no owner knows, and not "
            "after a round was reopened."
        ) % {"floor": report.joint.smallest_group}
    return ""


def _noted(report: Report) -> Part | None:
    items = [
        {
            "question": str(question.text),
            "notes": [
                {"text": note.text, "by": numbers.role(note.role) if note.role else "", "link": "", "href": ""}
                for note in question.notes
            ],
        }
        for question in report.noted
    ]
    title = _("What people wrote") if report.shows_views else ""
    return {"title": title, "items": items} if items else None


def consistency(report: Report) -> Part | None:
    """Answers that contradict each other, as questions to the team."""
    if not report.contradictions:
        return None
    return {
        "title": _("Questions to ask the team"),
        "lead": leads.consistency_lead(report),
        "items": [str(text) for text in report.contradictions],
    }
