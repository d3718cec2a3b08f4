"""The plan as it is carried out: taking on a next step, saying what became of it, and what each action has brought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from assessment import scoring
from assessment.models.action import Action
from assessment.models.organisation import Organisation
from assessment.models.outline import Outline, outline
from assessment.models.result import Result
from assessment.models.round import Round
from assessment.report import trend
from assessment.report.parts import Report, Taken
from assessment.scoring.comparison import Comparable, QuestionChange, compare_questions, reached


@dataclass(frozen=True)
class Agreed:
    """What people agree on about an action: who sees to it, until when, and what they note."""

    who: str = ""
    due: date | None = None
    note: str = ""


def take_on(round_: Round, step: scoring.Step, agreed: Agreed, *, at: datetime) -> Action:
    """The action that a next step of a round's result became; the same step twice is one, as it was first agreed."""
    found, _made = Action.objects.get_or_create(
        made_in=round_,
        question=step.question,
        to=step.to,
        defaults={
            "organisation_id": round_.organisation_id,
            "who": agreed.who,
            "due": agreed.due,
            "note": agreed.note,
            "made_at": at,
        },
    )
    return found


@transaction.atomic
def take_on_all(result: Result, agreed: Mapping[str, Agreed], *, at: datetime) -> list[Action]:
    """The actions that these steps of a published result became, by the keys of their questions; all of them, or none."""
    return [take_on(result.round, step_of(result, key), told, at=at) for key, told in agreed.items()]


@transaction.atomic
def change(action: Action, state: str, agreed: Agreed, *, at: datetime) -> Action:
    """Say how far an action is and what was agreed; when it was done stays as it was first said, until it is taken back."""
    locked = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    locked.state, locked.who, locked.due, locked.note = state, agreed.who, agreed.due, agreed.note
    locked.done_at = (locked.done_at or at) if state == Action.State.DONE else None
    locked.save(update_fields=["state", "who", "due", "note", "done_at"])
    return locked


def actions_of(organisation: Organisation, results: Sequence[Result], *, on: date) -> list[trend.ActionPart]:
    """All actions of an organisation, as the newest of its published results (oldest first) measures them; one query."""
    rows = organisation.actions.in_plan_order().select_related("made_in__questionnaire")
    return _parts(list(rows), results, on=on)


def actions_before(result: Result, *, on: date) -> list[trend.ActionPart]:
    """What was taken on in the rounds before that of a published result, as this one measures it.

    One query while there is none, else two.
    """
    round_ = result.round
    earlier = Action.objects.filter(organisation=round_.organisation_id, made_in__number__lt=round_.number)
    rows = list(earlier.in_plan_order().select_related("made_in__questionnaire"))
    if not rows:
        return []
    made = Result.objects.of_rounds().filter(round__in={row.made_in_id for row in rows})
    return _parts(rows, [*made.select_related("round", "questionnaire"), result], on=on)


def action_of(action: Action, results: Sequence[Result], *, on: date) -> trend.ActionPart:
    """One action, as the newest of the published results of its organisation (oldest first) measures it."""
    return _parts([action], results, on=on)[0]


def open_steps(result: Result, actions: Sequence[trend.ActionPart]) -> list[trend.OpenStep]:
    """The next steps of a published result that are no action yet, in the order of its plan.

    A step that was taken on in an earlier round and is still open is not proposed again.
    """
    asked, values = outline(result.questionnaire), result.values
    taken = {
        (part.question_key, part.to_key) for part in actions if part.is_open or part.made_in == result.round.number
    }
    decimals = 0 if values.levels_only else 1
    differing = {question.key for question in values.questions if question.views_differ}
    return [
        _step(step, asked, decimals, views_differ=step.question in differing)
        for step in values.plan
        if (step.question, step.to) not in taken
    ]


def open_foundations(result: Result) -> list[tuple]:
    """The foundations that a published result misses and its plan does not hold, each with the title of its dimension."""
    asked = outline(result.questionnaire)
    return [
        (asked.dimensions[asked.dimension_of[key]].title, asked.questions[key].text)
        for key in result.values.foundations
    ]


def with_actions(report: Report, round_: Round) -> Report:
    """The report of a round with what became of its steps; for the organisation's people alone. One query.

    A step is an action when it was taken on in this round, or in an earlier one and is still open.
    """
    rows = Action.objects.filter(organisation=round_.organisation_id, made_in__number__lte=round_.number)
    found = {
        (row.question, row.to): Taken(row.who, row.due, row.state)
        for row in rows.order_by("made_in__number")
        if row.is_open or row.made_in_id == round_.pk
    }
    steps = zip(report.plan, report.result.plan, strict=True)
    return replace(report, plan=tuple(replace(part, taken=found.get((step.question, step.to))) for part, step in steps))


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


def _parts(rows: Sequence[Action], results: Sequence[Result], *, on: date) -> list[trend.ActionPart]:
    """The actions in words and numbers; each pair of rounds is compared once."""
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


def _moves(before: Result, after: Result) -> dict[str, QuestionChange]:
    earlier, later = outline(before.questionnaire).scoring, outline(after.questionnaire).scoring
    same = after.questionnaire.same_since(before.questionnaire)
    moves = compare_questions(earlier, before.values, later, after.values, same=same)
    return {move.key: move for move in moves}


def _action(row: Action, move: QuestionChange | None, later: Result | None, *, on: date) -> trend.ActionPart:
    asked = outline(row.made_in.questionnaire)
    content = asked.questions[row.question]
    to = content.choice(row.to)
    newest = outline(later.questionnaire).questions.get(row.question) if later else None
    comparable = move is not None and move.comparable == Comparable.YES
    now = move.after if move and later and comparable else None
    return trend.ActionPart(
        number=row.pk,
        question_key=row.question,
        question=content.text,
        dimension=asked.dimensions[asked.dimension_of[row.question]].title,
        to_key=row.to,
        to=to.text,
        made_in=row.made_in.number,
        who=row.who,
        due=row.due,
        state=row.state,
        note=row.note,
        done_at=row.done_at,
        is_open=row.is_open,
        is_overdue=row.is_overdue(on=on),
        then=move.before if move else None,
        now=now,
        comparable=comparable,
        reached=reached(asked.scoring.question(row.question), row.to, now),
        measured_in=later.round.number if later else None,
        statements=trend.statements(move, content, newest) if move else None,
        title=to.step.title if to.step else None,
        first_move=to.step.first_move if to.step else None,
    )
