"""The plan as it is carried out: taking on a next step, saying what became of it, and what each action has brought."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from assessment import scoring
from assessment.models.action import Action
from assessment.models.organisation import Organisation, lock_organisation
from assessment.models.outline import Outline, outline
from assessment.models.result import Result
from assessment.models.round import Round
from assessment.report import trend
from assessment.report.parts import Report, Taken
from assessment.scoring.comparison import Comparable, QuestionChange, compare_questions, reached

MOST_FREE = 50  # free actions of an organisation that are open at once


class TooManyError(Exception):
    """As many free actions as there may be are open; nothing was changed."""


@dataclass(frozen=True)
class Agreed:
    """What people agree on about an action: who sees to it, until when, what they note, and its title as they word it.

    An empty title is the step's own.
    """

    who: str = ""
    due: date | None = None
    note: str = ""
    title: str = ""


def take_on(round_: Round, step: scoring.Step, agreed: Agreed, *, at: datetime) -> Action:
    """The action that a next step of a round's result became; the same step twice is one, as it was first agreed."""
    return _take_on(round_, step.question, step.to, agreed, at=at)[0]


def _take_on(round_: Round, question: str, to: str, agreed: Agreed, *, at: datetime) -> tuple[Action, bool]:
    """The action to bring a question to a choice, and whether it is new."""
    first = vars(agreed) | {"organisation_id": round_.organisation_id, "made_at": at}
    return Action.objects.get_or_create(made_in=round_, question=question, to=to, defaults=first)


@transaction.atomic
def take_on_all(result: Result, agreed: Mapping[str, Agreed], *, at: datetime) -> list[Action]:
    """The actions that these steps of a published result became, by the keys of their questions; all of them, or none."""
    return [take_on(result.round, step_of(result, key), told, at=at) for key, told in agreed.items()]


@transaction.atomic
def take_on_improvements(result: Result, reached: Mapping[str, str], *, at: datetime) -> list[Action]:
    """The actions that improvements of a published result (questions by the choices to reach) became, without those that
    were actions before: in this round, or in an earlier one and still open.
    """
    actions = Action.objects.filter(organisation=result.round.organisation_id)
    known = set(actions.open().exclude(question=None).values_list("question", "to"))
    made = []
    for question, to in reached.items():
        if (question, to) not in known:
            action, is_new = _take_on(result.round, question, to, Agreed(), at=at)
            made += [action] if is_new else []
    return made


@transaction.atomic
def add_free(organisation: Organisation, agreed: Agreed, *, at: datetime) -> Action:
    """The free action with this title; while one is open, the same title again is that one, as it was first agreed.

    TooManyError when 50 others are open.
    """
    lock_organisation(organisation.pk)
    found = organisation.actions.free().open().filter(title=agreed.title).first()
    if found:
        return found
    _refuse_more(organisation.pk)
    return organisation.actions.create(**vars(agreed), made_at=at)


@transaction.atomic
def change(action: Action, state: str, agreed: Agreed, *, at: datetime) -> Action:
    """Say how far an action is and what was agreed; when it was done stays as it was first said, until it is taken back.

    A free one keeps its title where none is told. TooManyError when it would be open again beside 50 others.
    """
    if action.is_free:
        lock_organisation(action.organisation_id)  # first, as `add_free` does
    locked = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if locked.is_free and not locked.is_open and state in Action.OPEN:
        _refuse_more(locked.organisation_id)
    locked.state, locked.who, locked.due, locked.note = state, agreed.who, agreed.due, agreed.note
    locked.title = agreed.title or (locked.title if locked.is_free else "")
    locked.done_at = (locked.done_at or at) if state == Action.State.DONE else None
    locked.save(update_fields=["state", "who", "due", "note", "title", "done_at"])
    return locked


def finish(action: Action, *, at: datetime) -> bool:
    """Say that an open action is done; what was agreed on it stays. Whether it is done then: one that is over stays as it is."""
    Action.objects.open().filter(pk=action.pk).update(state=Action.State.DONE, done_at=at)
    return Action.objects.filter(pk=action.pk, state=Action.State.DONE).exists()


def _refuse_more(organisation: int) -> None:
    """TooManyError when as many free actions are open as there may be; whoever asks holds the organisation's lock."""
    if Action.objects.free().open().filter(organisation=organisation).count() >= MOST_FREE:
        raise TooManyError


def rows_of(organisation: int) -> list[Action]:
    """All actions of an organisation, in the order of its plan. One query."""
    rows = Action.objects.filter(organisation=organisation).in_plan_order()
    return list(rows.select_related("made_in__questionnaire"))


def actions_of(rows: Sequence[Action], results: Sequence[Result], *, on: date) -> list[trend.ActionPart]:
    """The actions of an organisation in words and numbers, as the newest of its published results (oldest first) measures them;
    each pair of rounds is compared once.
    """
    by_round = {result.round_id: result for result in results}
    newest = results[-1] if results else None
    moves: dict[int, dict[str, QuestionChange]] = {}
    parts = []
    for row in rows:
        made = by_round.get(row.made_in_id)
        later = newest if made and newest and newest.round.number > made.round.number else None
        if made and row.made_in_id not in moves:
            moves[row.made_in_id] = _moves(made, later or made)
        move = moves[row.made_in_id].get(row.question) if made else None
        parts.append(_action(row, move, later, on=on))
    return parts


def actions_before(result: Result, actions: Sequence[Action], *, on: date) -> list[trend.ActionPart]:
    """Of the actions of its organisation those taken on in the rounds before that of a published result, as this one measures
    them; free actions that were made before it began. One query, or none while there is none.
    """
    round_ = result.round
    rows = [
        row
        for row in actions
        if (row.made_at < round_.opened_at if row.is_free else row.made_in.number < round_.number)
    ]
    if not rows:
        return []
    made = Result.objects.of_rounds().filter(round__in={row.made_in_id for row in rows if not row.is_free})
    return actions_of(rows, [*made.select_related("round", "questionnaire"), result], on=on)


def action_of(action: Action, results: Sequence[Result], *, on: date) -> trend.ActionPart:
    """One action, as the newest of the published results of its organisation (oldest first) measures it."""
    return actions_of([action], results, on=on)[0]


def open_steps(result: Result, actions: Sequence[Action]) -> list[trend.OpenStep]:
    """The next steps of a published result that are none of the actions of its organisation yet, in the order of its plan."""
    asked, values = outline(result.questionnaire), result.values
    taken = _taken_on(actions, result.round)
    decimals = 0 if values.levels_only else 1
    differing = {question.key for question in values.questions if question.views_differ}
    return [
        _step(step, asked, decimals, views_differ=step.question in differing)
        for step in values.plan
        if (step.question, step.to) not in taken
    ]


def untaken(result: Result, actions: Sequence[Action]) -> tuple[str, ...]:
    """The questions of the next steps of a published result that are none of the actions of its organisation yet."""
    taken = _taken_on(actions, result.round)
    return tuple(step.question for step in result.values.plan if (step.question, step.to) not in taken)


def _taken_on(actions: Iterable[Action], round_: Round) -> dict[tuple[str, str], Action]:
    """What next steps of a round became, by question and choice: taken on in it, or in an earlier one and still open."""
    return {
        (row.question, row.to): row
        for row in actions
        if not row.is_free and (row.is_open or row.made_in_id == round_.pk)
    }


def open_foundations(result: Result) -> list[tuple]:
    """The foundations that a published result misses and its plan does not hold, each with the title of its dimension."""
    asked = outline(result.questionnaire)
    return [
        (asked.dimensions[asked.dimension_of[key]].title, asked.questions[key].text)
        for key in result.values.foundations
    ]


def with_actions(report: Report, round_: Round) -> Report:
    """The report of a round with what became of its steps; for the organisation's people alone. One query.

    Free actions are those that are still open, but for those made after the next round began.
    """
    later = Round.objects.filter(organisation=OuterRef("organisation"), number__gt=round_.number)
    free = Q(question=None, state__in=Action.OPEN) & ~Exists(later.filter(opened_at__lte=OuterRef("made_at")))
    rows = Action.objects.filter(Q(made_in__number__lte=round_.number) | free, organisation=round_.organisation_id)
    actions = list(rows.order_by("made_in__number", "pk"))
    found = {step: _taken(row) for step, row in _taken_on(actions, round_).items()}
    steps = zip(report.plan, report.result.plan, strict=True)
    plan = tuple(replace(part, taken=found.get((step.question, step.to))) for part, step in steps)
    return replace(report, plan=plan, free=tuple(_taken(row) for row in actions if row.is_free))


def _taken(row: Action) -> Taken:
    return Taken(row.who, row.due, row.state, row.title)


def step_of(result: Result, question: str) -> scoring.Step | None:
    """The next step of a published result that is about this question."""
    return next((step for step in result.values.plan if step.question == question), None)


def _step(step: scoring.Step, asked: Outline, decimals: int, *, views_differ: bool) -> trend.OpenStep:
    content = asked.questions[step.question]
    to = content.choice(step.to)
    return trend.OpenStep(
        question=step.question,
        text=content.text,
        dimension=asked.dimensions[step.dimension].title,
        to=to.text,
        gain=step.gain,
        effort=step.effort or "",
        owner=to.step.owner if to.step else "",
        decimals=decimals,
        title=to.step.title if to.step else None,
        first_move=to.step.first_move if to.step else None,
        views_differ=views_differ,
    )


def _moves(before: Result, after: Result) -> dict[str, QuestionChange]:
    earlier, later = outline(before.questionnaire).scoring, outline(after.questionnaire).scoring
    same = after.questionnaire.same_since(before.questionnaire)
    moves = compare_questions(earlier, before.values, later, after.values, same=same)
    return {move.key: move for move in moves}


def _action(row: Action, move: QuestionChange | None, later: Result | None, *, on: date) -> trend.ActionPart:
    agreed = {name: getattr(row, name) for name in ("who", "due", "state", "note", "done_at", "is_open")}
    agreed |= {"number": row.pk, "typed": row.title}
    told = {} if row.is_free else _of_step(row, move, later)
    is_overdue = row.is_overdue(on=on) and not told.get("reached")  # what is reached is late for nothing
    return trend.ActionPart(**agreed, **told, is_overdue=is_overdue)


def _of_step(row: Action, move: QuestionChange | None, later: Result | None) -> dict[str, Any]:
    """What an action says of the step behind it and of what it has brought."""
    asked = outline(row.made_in.questionnaire)
    content = asked.questions[row.question]
    to = content.choice(row.to)
    newest = outline(later.questionnaire).questions.get(row.question) if later else None
    comparable = move is not None and move.comparable == Comparable.YES
    now = move.after if move and later and comparable else None
    return {
        "question_key": row.question,
        "question": content.text,
        "dimension": asked.dimensions[asked.dimension_of[row.question]].title,
        "to": to.text,
        "made_in": row.made_in.number,
        "then": move.before if move else None,
        "now": now,
        "comparable": comparable,
        "reached": reached(asked.scoring.question(row.question), row.to, now),
        "measured_in": later.round.number if later else None,
        "statements": trend.statements(move, content, newest) if move else None,
        "title": to.step.title if to.step else None,
        "first_move": to.step.first_move if to.step else None,
    }
