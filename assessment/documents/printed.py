"""What is printed of the parts of a report below its plan, as plain data for the template.

Earlier rounds, people's views, dimensions with every question and its answer, the barometer and published figures.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.template.defaultfilters import capfirst
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment import scoring
from assessment.report.barometer import CriterionPart, Standing
from assessment.report.parts import ComparisonPart, DimensionPart, Report
from assessment.report.question import QuestionPart
from assessment.text.links import readable
from assessment.wording import barometer, joint, leads, numbers, peers, sentences

Part = dict[str, Any]
MOST_CHARACTERS = 75_000  # of all notes together: every note that one person can write, in some second
IN_ORDER = [Standing.NOT_YET, Standing.PARTLY, Standing.UNKNOWN, Standing.REACHED]  # what is left to do first


def earlier(report: Report) -> Part | None:
    """How each dimension changed since the round before and since the first; None without an earlier round."""
    if report.before is None:
        return None
    whole = [_("Overall"), numbers.whole(report.before.result.score), numbers.whole(report.result.score)]
    head = [_("Dimension"), _("Last round"), _("Score"), _("Since last round")]
    rows = [[*_scores(part), sentences.change(part)] for part in report.dimensions]
    rows.append([*whole, leads.whole_change(report)])
    if report.first:
        head.append(_("Since the first round"))
        told = [*map(sentences.change_since_first, report.dimensions), leads.whole_change_since_first(report)]
        rows = [[*row, since] for row, since in zip(rows, told, strict=True)]
    return {
        "title": _("Since the last round"),
        "lead": leads.before_lead(report),
        "table": {"head": head, "rows": rows},
    }


def _scores(part: DimensionPart) -> list[str]:
    was = part.before.before if part.before else None
    return [str(part.title), numbers.whole(was), numbers.whole(part.score)]


def dimensions(report: Report) -> Part | None:
    """All dimensions of a report; None where nothing would be said of them that does not stand at its head."""
    if not any(part.questions or part.references for part in report.dimensions):
        return None
    return {
        "title": _("Dimension by dimension"),
        "lead": leads.dimensions_lead(report),
        "parts": [_dimension(part) for part in report.dimensions],
    }


def _dimension(part: DimensionPart) -> Part:
    return {
        "title": str(part.title),
        "score": numbers.whole(part.score) if part.is_scored else "",
        "number": part.level.number if part.level else None,
        "state": _level(part) if part.level else sentences.state(part),
        "sentence": sentences.dimension(part),
        "references": " ".join(map(sentences.reference, part.references)),
        "why": _why(part) if part.questions else None,
        "notes": _notes(part),
    }


def _level(part: DimensionPart) -> str:
    return _("level %(number)s, %(name)s") % {"number": part.level.number, "name": part.level.name}


def _why(part: DimensionPart) -> Part:
    """Every question with its answer, points or level, and weight, brakes and strengths first; how they make the score."""
    rest = [question for question in part.questions if not question.is_weak and not question.is_strong]
    groups = [
        (_("Holds it back"), _all(part.weak, (question for question in part.questions if question.is_weak))),
        (_("Strong"), _all(part.strong, (question for question in part.questions if question.is_strong))),
        (_("Other answers") if part.weak or part.strong else "", rest),
    ]
    covered = "" if part.coverage == 1 else leads.covered(part)
    return {
        "head": [_("Question"), _("Answer"), _("Level") if part.levels_only else _("Points"), _("Weight")],
        "groups": [{"title": title, "rows": list(map(_asked, asked))} for title, asked in groups if asked],
        "covered": covered,
    }


def _all(named: Sequence[QuestionPart], alike: Iterable[QuestionPart]) -> list[QuestionPart]:
    """All questions that are alike, those first that are named."""
    keys = {question.key for question in named}
    return [*named, *(question for question in alike if question.key not in keys)]


def _asked(question: QuestionPart) -> list[str]:
    return [str(question.text), sentences.answer(question), sentences.worth(question), numbers.points(question.weight)]


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


def criteria(report: Report) -> Part | None:
    """The findings of all editions as one table, gaps first, what is left to do on top; None without any."""
    if not report.criteria:
        return None
    gaps = sorted(report.gaps, key=_left)
    others = sorted((part for part in report.criteria if not part.is_gap and _is_asked(part)), key=_left)
    groups = [(_("Gaps named"), gaps), (_("Other findings"), others)]
    return {
        "title": _("Against the barometer"),
        "lead": barometer.barometer(report),
        "head": [_("What the barometer says of companies"), _("Edition"), _("Where you stand")],
        "groups": [{"title": title, "rows": list(map(_criterion, parts))} for title, parts in groups if parts],
        "unasked": _unasked(report),
        "notes": list(filter(None, [barometer.measure(report), barometer.of_figures()])),
    }


def _left(part: CriterionPart) -> int:
    return IN_ORDER.index(part.standing) if part.standing in IN_ORDER else len(IN_ORDER)


def _is_asked(part: CriterionPart) -> bool:
    return part.standing != Standing.NOT_ASKED


def _criterion(part: CriterionPart) -> Part:
    strip = {Standing.REACHED: 1.0, Standing.PARTLY: 0.5, Standing.NOT_YET: 0.0}
    return {
        "title": capfirst(str(part.criterion.title)),
        "text": str(part.criterion.text),
        "figures": [barometer.figure(item) for item in part.figures],
        "edition": str(part.edition),
        "stands": barometer.stands(part),
        "strip": strip.get(part.standing),
        "told": barometer.shortfall(part),
    }


def _unasked(report: Report) -> str:
    """The findings on which no question asks, in one sentence; empty where there is none."""
    titles = dict.fromkeys(
        str(part.criterion.title) for part in report.criteria if not part.is_gap and not _is_asked(part)
    )
    return (
        _("No question asks about these findings: %(titles)s.") % {"titles": numbers.listed(titles)} if titles else ""
    )


def beside_peers(report: Report) -> Part | None:
    """Who the peers are, where one stands among them, and what their middle half reaches; None without any."""
    if report.peers is None:
        return None
    return {
        "title": _("Beside your peers"),
        "lead": peers.peers(report),
        "middle": peers.peers_middle(report),
        "basis": peers.peers_basis(report.peers),
    }


def published(report: Report) -> Part | None:
    """The optional answers beside the figures that studies published, those with none together at the end."""
    if not report.comparisons:
        return None
    without = [part for part in report.comparisons if not part.figures]
    return {
        "title": _("Beside published figures"),
        "lead": _(
            "Your optional answers, with what studies published of other companies. Published figures count companies; "
            "they are not on the scale of your score."
        ),
        "head": [_("Question"), _("You"), _("Published")],
        "items": [_comparison(part) for part in report.comparisons if part.figures],
        "without": {
            "lead": _("No figure was published on these questions:"),
            "items": [{"text": str(part.question), "aside": numbers.listed(part.given.texts)} for part in without],
        }
        if without
        else None,
    }


def _comparison(part: ComparisonPart) -> Part:
    studies = [
        {"source": source, "figures": [sentences.figure(pair) for pair in pairs]}
        for source, pairs in groupby(part.figures, key=lambda pair: sentences.source(pair[1]))
    ]
    return {
        "question": str(part.question),
        "answer": numbers.listed(part.given.texts),
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
        "head": [_("Question"), _("Answers")],
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


def bounded(holders: Iterable[Part]) -> str:
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
