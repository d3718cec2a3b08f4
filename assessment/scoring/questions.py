"""Two results side by side, question by question, and whether a target was reached."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from assessment.scoring import Question, Questionnaire, QuestionResult, Result
from assessment.scoring.levels_only import levels_only


class Comparable(StrEnum):
    """Whether the points of a question in two results may be set against each other, and if not, why."""

    YES = "yes"
    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """One question in two results: its points (0..100) then and now, None where it has none.

    `change` is None unless the two may be compared and both are there. `dimension` is that of the later questionnaire,
    or of the earlier one when the question is gone. Where one of the two results shows levels only, both are told as
    levels: `statements` are the keys of the nearest choices then and now, and the points are theirs.
    """

    key: str
    dimension: str
    before: Fraction | None
    after: Fraction | None
    change: Fraction | None
    comparable: Comparable
    statements: tuple[str | None, str | None] | None = None


def compare_questions(
    before_questionnaire: Questionnaire,
    before_result: Result,
    after_questionnaire: Questionnaire,
    after_result: Result,
    *,
    same: Collection[str] | None = None,
) -> tuple[QuestionChange, ...]:
    """The change of every scored question, in the order of the later questionnaire; what is gone comes last.

    The rule (scoring/README.md, "Compared with what", "Before"): a question is compared when it asks the same in both versions,
    whatever became of its weight and its place. `same` as in `compare`.
    """
    earlier = {question.key: question for question in before_questionnaire.scored_questions}
    later = {question.key: question for question in after_questionnaire.scored_questions}
    places = _places(before_questionnaire) | _places(after_questionnaire)
    by_level = before_result.levels_only or after_result.levels_only
    if by_level:
        before_result = levels_only(before_questionnaire, before_result)
        after_result = levels_only(after_questionnaire, after_result)
    before = {question.key: question for question in before_result.questions}
    after = {question.key: question for question in after_result.questions}
    changes = []
    for key in [*later, *(key for key in earlier if key not in later)]:
        comparable, pair = _comparable(earlier.get(key), later.get(key), same), (before.get(key), after.get(key))
        changes.append(_change(key, places[key], *pair, comparable=comparable, by_level=by_level))
    return tuple(changes)


def reached(question: Question, to: str, score: Fraction | None) -> bool | None:
    """Whether a score (0..100) is at least what the choice `to` is worth; None without a score.

    KeyError when the question has no such choice with points.
    """
    points = {choice.key: choice.points for choice in question.choices if choice.points is not None}
    return None if score is None else score >= points[to]


def _places(questionnaire: Questionnaire) -> dict[str, str]:
    return {
        question.key: dimension.key for dimension in questionnaire.scored_dimensions for question in dimension.questions
    }


def _comparable(before: Question | None, after: Question | None, same: Collection[str] | None) -> Comparable:
    if before is None:
        return Comparable.NEW
    if after is None:
        return Comparable.GONE
    return Comparable.YES if asks_the_same(before, after, same) else Comparable.CHANGED


def asks_the_same(before: Question, after: Question, same: Collection[str] | None) -> bool:
    """Whether one question of two versions is the same, by what is recorded (see `compare`) or by its choices."""
    return _points(before) == _points(after) if same is None else after.key in same


def _points(question: Question) -> dict[str, Fraction | None]:
    return {choice.key: choice.points for choice in question.choices}


def _change(
    key: str,
    dimension: str,
    before: QuestionResult | None,
    after: QuestionResult | None,
    *,
    comparable: Comparable,
    by_level: bool,
) -> QuestionChange:
    was, now = (found.score if found else None for found in (before, after))
    change = now - was if comparable == Comparable.YES and was is not None and now is not None else None
    nearest = before.nearest if before else None, after.nearest if after else None
    return QuestionChange(key, dimension, was, now, change, comparable, nearest if by_level else None)
