"""The sentences about what changes over the rounds of an organisation: trend, comparison, and what became of the plan."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from fractions import Fraction

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from assessment import scoring
from assessment.content.structure import Text
from assessment.report.overview import PlanPart, RoundPart, RoundState
from assessment.report.parts import Taken
from assessment.report.trend import ActionPart, Change, ComparedQuestion, Comparison, Course, Outcome, Trend
from assessment.scoring import levels
from assessment.scoring.comparison import Comparable
from assessment.wording.numbers import decimal, listed, points, whole
from assessment.wording.sentences import shared

MODES = {
    scoring.Mode.SOLO: gettext_lazy("solo"),
    scoring.Mode.OPEN: gettext_lazy("open"),
    scoring.Mode.CONFIDENTIAL: gettext_lazy("confidential"),
}


def month(moment: datetime) -> str:
    """The month of a round, as short as a chart needs it."""
    return date_format(timezone.localtime(moment), "N Y")


def title(course: Course) -> str:
    """What a course is about."""
    return _("Overall") if course.title is None else str(course.title)


def level(values: scoring.Result) -> str:
    """A level in a table: alone where it is stated alone, else from the lowest to the highest possible."""
    if values.level_stated:
        return str(values.level)
    if values.level_range is None:
        return "–"
    lowest, highest = values.level_range
    return str(lowest) if lowest == highest else f"{lowest}–{highest}"


def signed(number: Fraction, shown: str) -> str:
    """A change with its sign, a true minus; what is shown as nothing has none."""
    return shown if shown.strip("0.,") == "" else (f"+{shown}" if number > 0 else f"−{shown}")


def difference(number: Fraction | None) -> str:
    """A change of a score, in whole points."""
    return "–" if number is None else signed(number, decimal(abs(number), 0))


def since(change: Change | None) -> str:
    """How a score changed from one round to another, with what a break does to the comparison."""
    if change is None:
        return "–"
    if not change.broken:
        return as_shown(change)
    if change.change is None:
        return _("not comparable: the questionnaire changed")
    return shared(as_shown(change), change.shared, by_level=change.by_level)


def as_shown(change: Change) -> str:
    """A change as the difference of the two whole scores that stand beside it, so that it can be checked by eye."""
    if change.before is None or change.after is None:
        return difference(change.change)
    return difference(Fraction(levels.shown(change.after) - levels.shown(change.before)))


# Rounds --------------------------------------------------------------------------------------------------------------
def round_name(number: int, held_at: datetime) -> str:
    """A round as one chooses it from a list."""
    return _("Round %(number)s, %(month)s") % {"number": number, "month": month(held_at)}


def mode(part: RoundPart | Outcome) -> str:
    """How a round is held."""
    return str(MODES[part.mode])


def round_state(part: RoundPart) -> str:
    """Where a round stands; before it is published nothing is said but how many were invited and answered."""
    if part.state == RoundState.PUBLISHED:
        return pgettext("round", "published")
    if part.state == RoundState.CLOSED:
        return _("closed without a result")
    if part.mode == scoring.Mode.SOLO:
        return _("under way")
    counted = _people(part)
    if part.state == RoundState.REOPENED:
        return _("published, open again: %(counted)s") % {"counted": counted}
    if part.state == RoundState.ENDED:
        return _("last day passed, to be closed: %(counted)s") % {"counted": counted}
    return _("waiting for answers: %(counted)s") % {"counted": counted}


def _people(part: RoundPart) -> str:
    if part.answered is None and part.enough:
        text = _("%(invited)s invited, %(floor)s or more answered")
    elif part.answered is None:
        text = _("%(invited)s invited, fewer than %(floor)s answered")
    else:
        text = _("%(invited)s invited, %(answered)s answered") if part.invited else _("%(answered)s answered")
    return text % {"invited": part.invited, "answered": part.answered, "floor": part.floor}


# The trend -----------------------------------------------------------------------------------------------------------
def trend(course_of: Trend) -> str:
    """The text alternative of the trend chart, written from the same numbers."""
    rounds = course_of.rounds
    opening = ngettext(
        "Score in %(number)s round, from 0 to 100.", "Score over %(number)s rounds, from 0 to 100.", len(rounds)
    ) % {"number": len(rounds)}
    return " ".join([opening, *(_course(course, rounds) for course in course_of.courses)])


def _course(course: Course, rounds: Iterable[Outcome]) -> str:
    parts = [
        _("%(month)s: %(score)s") % {"month": month(outcome.held_at), "score": _score(score)}
        for outcome, score in zip(rounds, course.scores, strict=True)
    ]
    told = _("%(title)s – %(parts)s.") % {"title": title(course), "parts": _("; ").join(parts)}
    return " ".join([told, *_breaks(course, rounds)])


def _score(score: Fraction | None) -> str:
    return _("no score") if score is None else whole(score)


def _breaks(course: Course, rounds: Iterable[Outcome]) -> Iterator[str]:
    for outcome, broken in zip(rounds, course.breaks, strict=True):
        if broken:
            told = {"month": month(outcome.held_at)}
            yield _("The questionnaire changed before %(month)s: not directly comparable.") % told


def breaks(course_of: Trend) -> list[str]:
    """For each round before which the questionnaire changed, what that means, in a sentence."""
    told = []
    for place, outcome in enumerate(course_of.rounds):
        broken = [title(course) for course in course_of.courses if course.breaks[place]]
        if broken:
            told.append(
                _(
                    "Before round %(number)s the questionnaire changed: what came earlier is not directly comparable in "
                    "%(titles)s."
                )
                % {"number": outcome.number, "titles": listed(broken)}
            )
    return told


def moved(course_of: Trend) -> str:
    """One sentence on what the newest round changed."""
    newest = course_of.newest.number
    change = course_of.whole.since_last
    if change is None:
        return _("This is the first result. From the second round on you see here what changed.")
    if change.broken:
        return _("The questionnaire changed before round %(number)s, so the overall scores are not comparable.") % {
            "number": newest
        }
    if change.change is None:
        return _("One of the last two rounds has no overall score, so no overall change can be stated.")
    told = {"number": newest, "before": whole(change.before), "after": whole(change.after)}
    if change.change > 0:
        return _("In round %(number)s the overall score rose from %(before)s to %(after)s.") % told
    if change.change < 0:
        return _("In round %(number)s the overall score fell from %(before)s to %(after)s.") % told
    return _("In round %(number)s the overall score stayed at %(after)s.") % told


def stands_at(outcome: Outcome) -> str:
    """Where an organisation stands by its newest round, in a line."""
    values, told = outcome.values, {"score": whole(outcome.values.score), "level": level(outcome.values)}
    if not values.level_stated:
        if values.level_range is None:
            return _("No level yet: too many answers are missing.")
        return _("Level %(level)s: too many answers are missing to name one level.") % told
    told["name"] = next(item.name for item in outcome.content.levels if item.number == values.level)
    titles = [part.title for part in outcome.content.dimensions if part.key in values.held_by]
    if not titles:
        return _("Level %(level)s of 5, “%(name)s”, with a score of %(score)s out of 100.") % told
    held = ngettext(
        "Level %(level)s of 5, “%(name)s”, held there by %(titles)s; the score is %(score)s out of 100.",
        "Level %(level)s of 5, “%(name)s”, held there by %(titles)s; the score is %(score)s out of 100.",
        len(titles),
    )
    return held % (told | {"titles": listed(titles)})


# Two rounds side by side ---------------------------------------------------------------------------------------------
def compared(item: ComparedQuestion) -> str:
    """The change of one question, or why there is none."""
    change = item.change
    if change.change is not None and item.statements:
        return _risen(change.change)
    if change.change is not None:
        return signed(change.change, points(abs(change.change)))
    missing = _("no comparison: an answer is missing") if item.statements else _("no comparison: points are missing")
    return {
        Comparable.NEW: _("new question"),
        Comparable.GONE: _("no longer asked"),
        Comparable.CHANGED: _("question changed: not comparable"),
    }.get(change.comparable, missing)


def _risen(change: Fraction) -> str:
    """Where a question moved between two rounds of which levels are shown."""
    if not change:
        return _("as before")
    return _("higher") if change > 0 else _("lower")


def then(item: ComparedQuestion) -> str:
    """A question in the earlier round: its points, or the statement where only levels are shown."""
    return _stood(item.change.before, item.statements and item.statements[0])


def now(item: ComparedQuestion) -> str:
    """A question in the later round: its points, or the statement where only levels are shown."""
    return _stood(item.change.after, item.statements and item.statements[1])


def _stood(score: Fraction | None, statement: Text | None) -> str:
    if statement is not None:
        return _("“%(text)s”") % {"text": statement}
    return "–" if score is None else points(score)


def who_answered(found: Comparison) -> str:
    """Who stands behind the two results; empty when both are of one person."""
    return people(*map(_held, (found.before, found.after)))


def answered(course_of: Trend) -> str:
    """Who stands behind the last two results of a trend; empty when both are of one person, or there is only one."""
    if len(course_of.rounds) < 2:
        return ""
    return people(*map(_held, course_of.rounds[-2:]))


def _held(outcome: Outcome) -> tuple[int, str, int]:
    return outcome.number, outcome.mode, outcome.responses


def people(before: tuple[int, str, int], after: tuple[int, str, int]) -> str:
    """How many people stand behind two rounds, each given by its number, mode and responses; empty when both are solo."""
    if before[1] == after[1] == scoring.Mode.SOLO:
        return ""
    told = [
        ngettext(
            "Round %(number)s (%(mode)s): %(count)s person.",
            "Round %(number)s (%(mode)s): %(count)s people.",
            responses,
        )
        % {"number": number, "mode": MODES[mode], "count": responses}
        for number, mode, responses in (before, after)
    ]
    caution = _("Where other people answered, part of a change can come from that.")
    return " ".join([*told, caution])


def moved_most(found: Comparison) -> str:
    """One or two sentences on what moved most between two rounds."""
    if found.by_level:
        return _moved_levels(found)
    if not found.risen and not found.fallen:
        return _("No question that can be compared has other points than before.")
    told = []
    if found.risen:
        told.append(_("Largest gain: %(question)s.") % {"question": _move(found.risen)})
    if found.fallen:
        told.append(_("Largest fall: %(question)s.") % {"question": _move(found.fallen)})
    return " ".join(told)


def _moved_levels(found: Comparison) -> str:
    """How many questions moved, where only levels are shown: then none has moved most that could be told from the others."""
    changes = [item.change.change for part in found.dimensions for item in part.questions]
    higher, lower = (sum(bool(change) and (change > 0) is up for change in changes) for up in (True, False))
    if not higher and not lower:
        return _("No question that can be compared stands at another statement than before.")
    told = []
    if higher:
        text = ngettext("%(count)s question stands higher.", "%(count)s questions stand higher.", higher)
        told.append(text % {"count": higher})
    if lower:
        text = ngettext("%(count)s question stands lower.", "%(count)s questions stand lower.", lower)
        told.append(text % {"count": lower})
    return " ".join(told)


def _move(item: ComparedQuestion) -> str:
    return _("“%(question)s” (%(change)s)") % {"question": item.text, "change": compared(item)}


# The plan ------------------------------------------------------------------------------------------------------------
def state(part: ActionPart | Taken) -> str:
    """How far an action is."""
    return {"planned": _("planned"), "started": _("under way"), "done": _("done"), "dropped": _("given up")}[part.state]


def standing_out(part: ActionPart) -> str:
    """What stands out beside the state of an action: that its goal is reached, or that its day has passed; else empty."""
    if part.is_to_finish:
        return _("goal reached")
    return _("overdue") if part.is_overdue else ""


def action_name(part: ActionPart) -> str:
    """What an action is called: as people typed it, else the title of its step, else the question."""
    return part.typed or str(part.title or part.question)


def brought(part: ActionPart) -> str:
    """What an action has brought: the points of its question then and now, and whether the step was reached."""
    if part.is_free:
        return _("An action of your own: it brings no points.")
    if part.measured_in is None:
        return _("The next round will show what it brought.")
    if not part.comparable:
        return _("What it brought cannot be said: the question was changed or is no longer asked.")
    if part.then is None or part.now is None:
        return _("What it brought cannot be said: the question has no score.")
    before, after = part.statements or (None, None)
    told = {"then": _stood(part.then, before), "now": _stood(part.now, after)}
    way = (_("Still %(now)s") if told["then"] == told["now"] else "%(then)s → %(now)s") % told
    told = {"way": way, "number": part.measured_in}
    if part.reached:
        return _("%(way)s in round %(number)s: reached") % told
    return _("%(way)s in round %(number)s: not reached yet") % told


def plan_counts(plan: PlanPart) -> str:
    """How many actions are open and how many of them are overdue."""
    number, overdue = len(plan.actions), plan.overdue
    told = ngettext("%(number)s open action", "%(number)s open actions", number) % {"number": number}
    if not overdue:
        return told
    late = ngettext("%(number)s of them overdue", "%(number)s of them overdue", overdue) % {"number": overdue}
    return _("%(open)s, %(overdue)s") % {"open": told, "overdue": late}


def _measured(part: ActionPart) -> list[str]:
    """Where the question of an action stood then and stands now; empty where nothing is known."""
    before, after = part.statements or (None, None)
    return [
        "" if part.then is None else str(before or points(part.then)),
        "" if part.now is None else str(after or points(part.now)),
    ]


def plan_table(actions: Sequence[ActionPart]) -> Iterator[list[str]]:
    """The plan as the rows of a table, the first one its head; dates as 2026-11-22, points in the reader's form.

    Where only levels are shown, statements stand in the place of points.
    """
    in_words = any(part.statements for part in actions)
    yield [
        _("Dimension"),
        _("Action"),
        _("First move"),
        _("Question"),
        _("Done when"),
        _("Who"),
        _("Due"),
        _("State"),
        _("Done on"),
        _("From round"),
        _("Points or statement then") if in_words else _("Points then"),
        _("Points or statement now") if in_words else _("Points now"),
        _("Measured in round"),
        _("Reached"),
        pgettext("of an action", "Note"),
    ]
    for part in actions:
        yield [
            str(part.dimension or ""),
            part.typed or str(part.title or ""),
            str(part.first_move or ""),
            str(part.question or ""),
            str(part.to or ""),
            part.who,
            part.due.isoformat() if part.due else "",
            state(part),
            timezone.localtime(part.done_at).date().isoformat() if part.done_at else "",
            str(part.made_in or ""),
            *_measured(part),
            str(part.measured_in or ""),
            _("an action of your own") if part.is_free else {True: _("yes"), False: _("no")}.get(part.reached, ""),
            part.note,
        ]
