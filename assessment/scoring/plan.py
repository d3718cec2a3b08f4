"""What to do next: up to five steps, taken from the weakest dimensions up."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from assessment.scoring import Choice, Dimension, DimensionResult, Question, QuestionResult, QuestionState, Step

LENGTH = 5
FIRST_TURN = (2, 2, 1)
HALF_WAY = 50
EFFORT = {"S": 1, "M": 2, "L": 3}


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A step that could be taken; `growth` is the change of its dimension's score times the dimension's weight."""

    dimension: Dimension
    question: Question
    score: Fraction
    choice: Choice
    growth: Fraction

    @property
    def worth(self) -> Fraction:
        """Gain for effort; a choice without a stated effort counts as a medium one."""
        return self.growth / EFFORT[self.choice.effort or "M"]

    @property
    def turn(self) -> int:
        """Foundations below 50, then the others below 50, then the rest."""
        return (not self.question.foundation) if self.score < HALF_WAY else 2


def plan(
    dimensions: Sequence[Dimension],
    results: Sequence[DimensionResult],
    *,
    questions: Mapping[str, QuestionResult],
    today: Fraction | None,
    version: int,
) -> tuple[Step, ...]:
    """The steps to take next, at most five, in the order taken; `today` is the score (0..100) the gains add to.

    The rule (scoring/README.md, "What to do next"): from the weakest scored dimension up (ties: questionnaire order), two
    steps, two, one; then again from the weakest, one each, until five or none are left. Inside a dimension foundations
    below 50, the other questions below 50, the rest (by `version` 1 of the rules all as one); within each by
    gain / effort (S = 1, M = 2, L = 3, none stated = 2), then the lower score, then questionnaire order. Each gain is
    that of the step alone, from today's state: the question's weight moves its dimension, the dimension's weight the
    whole. `today` is the overall score, or without one the weighted mean of the scored dimensions.
    """
    if today is None:
        return ()
    scored = [pair for pair in zip(dimensions, results, strict=True) if pair[1].score is not None]
    whole = sum(dimension.weight for dimension, _ in scored)
    weakest_first = sorted(scored, key=lambda pair: pair[1].score or 0)
    queues = [deque(_candidates(dimension, questions, version=version)) for dimension, _ in weakest_first]
    return tuple(_step(candidate, candidate.growth / whole, today) for candidate in islice(_in_turn(queues), LENGTH))


def _in_turn(queues: Sequence[deque[_Candidate]]) -> Iterator[_Candidate]:
    """Take from the queues: two, two and one from the first three, then one from each, round after round."""
    for queue, quota in zip(queues, FIRST_TURN, strict=False):
        for _ in range(min(quota, len(queue))):
            yield queue.popleft()
    while any(queues):
        for queue in queues:
            if queue:
                yield queue.popleft()


def missing_foundations(
    asked: Iterable[Question], results: Mapping[str, QuestionResult], steps: Iterable[Step]
) -> tuple[str, ...]:
    """The keys of the foundations that score below 50 and are not in the plan, in questionnaire order."""
    taken = {step.question for step in steps}
    below = (question.key for question in asked if question.foundation and _is_below(results[question.key]))
    return tuple(key for key in below if key not in taken)


def _is_below(result: QuestionResult) -> bool:
    return result.score is not None and result.score < HALF_WAY


def _candidates(dimension: Dimension, questions: Mapping[str, QuestionResult], *, version: int) -> list[_Candidate]:
    """What could be done in one scored dimension, most worthwhile first."""
    scored = sum(question.weight for question in dimension.questions if questions[question.key].score is not None)
    share = dimension.weight / scored
    found = []
    for question in dimension.questions:
        score = questions[question.key].score
        if score is None or not _is_ready(question, questions):
            continue
        if choice := _next_choice(question, score):
            points = choice.points or Fraction()
            growth = share * question.weight * (points - score)
            found.append(_Candidate(dimension, question, score, choice, growth))
    found.sort(key=lambda candidate: (-candidate.worth, candidate.score))
    return found if version == 1 else sorted(found, key=lambda candidate: candidate.turn)


def _is_ready(question: Question, questions: Mapping[str, QuestionResult]) -> bool:
    """Whether all prerequisites score at least 50.

    One that is not applicable is as if it were not asked and does not block; one without a score does.
    """
    for key in question.needs:
        needed = questions.get(key)
        if needed is not None and needed.state == QuestionState.NOT_APPLICABLE:
            continue
        if needed is None or needed.score is None or needed.score < HALF_WAY:
            return False
    return True


def _next_choice(question: Question, score: Fraction) -> Choice | None:
    """The lowest choice worth more than the score and at least 50; None when there is nothing above."""
    above = [c for c in question.choices if c.points is not None and c.points > score and c.points >= HALF_WAY]
    return min(above, key=lambda choice: choice.points or 0, default=None)


def _step(candidate: _Candidate, gain: Fraction, today: Fraction) -> Step:
    return Step(
        question=candidate.question.key,
        dimension=candidate.dimension.key,
        to=candidate.choice.key,
        gain=gain,
        effort=candidate.choice.effort,
        score_after=today + gain,
        first_move=candidate.score < HALF_WAY,
    )
