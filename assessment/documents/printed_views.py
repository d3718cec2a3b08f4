"""What is printed of the answers of several people, and of answers that contradict each other."""

from typing import Any

from django.utils.translation import gettext as _

from assessment import scoring, wording
from assessment.report import Report, ViewPart

Part = dict[str, Any]


def views(report: Report) -> Part | None:
    """Where people see things differently, by question and by role, and what they wrote; None for one person."""
    if not report.shows_people:
        return None
    return {
        "title": _("Where views differ") if report.shows_views else _("What people wrote"),
        "lead": wording.views(report) if report.shows_views else "",
        "differing": [_differing(view) for view in report.differing],
        "roles": _roles(report),
        "roles_note": _roles_note(report),
        "notes": _notes(report),
    }


def _differing(view: ViewPart) -> Part:
    return {"text": str(view.question.text), "aside": str(view.dimension), "ends": wording.spread(view.question)}


def _roles(report: Report) -> Part | None:
    """How each role sees a question, in numbers or in words, as a table: a row for each question, a column for each role."""
    if not report.by_role:
        return None
    head = [_("Question"), *(wording.role(said.role) for said in report.by_role[0].by_role)]
    rows = [[str(view.question.text), *map(wording.role_view, view.by_role)] for view in report.by_role]
    lead = wording.roles_lead(report)
    told = {"title": _("By role"), "lead": lead, "caption": lead, "head": head, "rows": rows}
    return told | {"in_words": report.levels_only}


def _roles_note(report: Report) -> str:
    if report.by_role:
        groups = (f"{wording.role(group.role)} {group.responses}" for group in report.joint.roles)
        return _("Who answered:") + " " + " · ".join(groups)
    if report.shows_views and report.joint.mode == scoring.Mode.CONFIDENTIAL:
        return _(
            "Roles are compared only where each shown has at least %(floor)s people whose answers no owner knows, and not "
            "after a round was reopened."
        ) % {"floor": report.joint.smallest_group}
    return ""


def _notes(report: Report) -> Part | None:
    items = [
        {
            "question": str(question.text),
            "notes": [
                {"text": note.text, "by": wording.role(note.role) if note.role else "", "link": "", "href": ""}
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
        "lead": wording.consistency_lead(report),
        "items": [str(text) for text in report.contradictions],
    }
