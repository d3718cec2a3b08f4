"""What is printed of the parts of a report below its profile, as plain data for the template.

Dimensions with every question and its answer, the barometer and published figures, people's views, and what was written.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.template.defaultfilters import capfirst
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment import scoring
from assessment.report.barometer import CriterionPart
from assessment.report.evidence import Reference
from assessment.report.parts import ComparisonPart, DimensionPart, Report
from assessment.report.question import QuestionPart
from assessment.text.links import readable
from assessment.wording import barometer, joint, leads, numbers, sentences

Part = dict[str, Any]
MOST_CHARACTERS = 75_000  # of all notes together: every note that one person can write, in some second


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
        "anchor": _("Typical of this level: %(anchor)s") % {"anchor": part.anchor} if part.anchor else "",
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
        [str(one.text), sentences.answer(one), sentences.worth(one), numbers.points(one.weight)]
        for one in part.questions
    ]
    return {
        "title": _("Why this score"),
        "aside": leads.covered(part),
        "head": [_("Question"), _("Answer"), _("Level") if part.levels_only else _("Points"), _("Weight")],
        "rows": rows,
        "formula": leads.formula(part) if part.is_scored else "",
    }


def _notes(part: DimensionPart) -> Part | None:
    """What the one respondent wrote beside their answers, with the links to what proves them."""
    items = [
        {"question": str(question.text), "notes": [_note(question.given.note, address=question.given.evidence)]}
        for question in part.questions
        if question.given and (question.given.note or question.given.evidence)
    ]
    return {"title": _("Notes and evidence"), "items": items} if items else None


def _note(text: str, *, by: str = "", address: str = "") -> Part:
    href = iri_to_uri(address) if address.startswith(("http://", "https://")) else ""
    return {"text": text, "by": by, "link": readable(address), "href": href}


def evidence(report: Report) -> Part | None:
    """The part against the barometer: its points, our reading of its levels, published figures; None without any."""
    parts = {"editions": _editions(report), "levels": _levels(report), "figures": _figures(report)}
    if not any(parts.values()):
        return None
    lead = barometer.barometer(report) if report.barometer else ""
    return {"title": _("Against the barometer"), "lead": lead, "note": barometer.measure(report)} | parts


def _editions(report: Report) -> list[Part]:
    """Each edition with every point it made, gaps first, and where the organisation stands on it."""
    apart = _("The editions did not ask the same companies, so no line is drawn from one to the next.")
    return [
        {
            "title": _("Edition %(edition)s") % {"edition": edition.study.edition},
            "about": f"{barometer.edition(edition)} {apart}",
            "head": [_("What the barometer says of companies"), _("Where you stand")],
            "points": [_point(part) for part in (*edition.gaps, *edition.others)],
        }
        for edition in report.barometer
    ]


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
        [{"text": str(part.title), "aside": ""}, *map(_reading, part.references)]
        for part in report.dimensions
        if part.references
    ]
    head = [_("Dimension"), *(_("Barometer %(edition)s") % {"edition": edition} for edition in report.editions)]
    lead = _("The barometer speaks in words, not scores: these levels are our editorial reading.")
    return {"title": _("How we read it"), "lead": lead, "head": head, "rows": rows}


def _reading(item: Reference) -> Part:
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


def views(report: Report) -> Part | None:
    """Where people see things differently, by question and by role, and what they wrote; None for one person."""
    if not report.shows_people:
        return None
    return {
        "title": _("Where views differ") if report.shows_views else _("What people wrote"),
        "lead": joint.views(report) if report.shows_views else "",
        "differing": [
            {"text": str(view.question.text), "aside": str(view.dimension), "ends": joint.spread(view.question)}
            for view in report.differing
        ],
        "roles": _roles(report),
        "roles_note": _roles_note(report),
        "notes": _noted(report),
    }


def _roles(report: Report) -> Part | None:
    """How each role sees a question, in numbers or in words, as a table: a row for each question, a column for each role."""
    if not report.by_role:
        return None
    head = [_("Question"), *(numbers.role(said.role) for said in report.by_role[0].by_role)]
    rows = [[str(view.question.text), *map(joint.role_view, view.by_role)] for view in report.by_role]
    told = {"title": _("By role"), "lead": joint.roles_lead(report), "head": head, "rows": rows}
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
            "notes": [_note(note.text, by=numbers.role(note.role) if note.role else "") for note in question.notes],
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


def bounded(holders: list[Part]) -> str:
    """Take the notes that go beyond the bound out of these parts, in their order; say how many those are, "" for none."""
    left, out = MOST_CHARACTERS, 0
    for holder in holders:
        items = holder["notes"]["items"] if holder["notes"] else []
        for item in items:
            kept = []
            for note in item["notes"]:
                left -= len(note["text"]) + len(note["link"])
                if left >= 0:
                    kept.append(note)
            out += len(item["notes"]) - len(kept)
            item["notes"] = kept
        items = [item for item in items if item["notes"]]
        holder["notes"] = holder["notes"] | {"items": items} if items else None
    told = ngettext(
        "%(count)s note is not printed here for want of room; the workbook has it.",
        "%(count)s notes are not printed here for want of room; the workbook has them all.",
        out,
    )
    return told % {"count": out} if out else ""
