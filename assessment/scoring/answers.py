"""From the answers several people gave to one question to that question's state and score."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessment.scoring import Answer, AnswerState, Mode, Question, QuestionState, Response

PRIVACY_FLOOR = 5
"""In a confidential round no figure rests on fewer responses; a caller may ask for more, and gets this when it asks for less."""

OLDEST_FLOOR = 4
"""What was published before the floor was raised rests on so many. Asked for only where a stored result says so."""


@dataclass(frozen=True, slots=True)
class Tally:
    """One question over all responses; `points` are those of the chosen answers, `score` their mean where it counts."""

    state: QuestionState
    score: Fraction | None
    points: tuple[Fraction, ...]


def fewest_answers(mode: Mode, floor: int) -> int:
    """How many chosen answers a question needs in a round of this mode; a `floor` that never was one counts as today's."""
    if mode != Mode.CONFIDENTIAL:
        return 1
    return floor if floor >= OLDEST_FLOOR else PRIVACY_FLOOR


def points_chosen(question: Question, answer: Answer | None) -> Fraction | None:
    """The points (0..100) of the chosen choice; None when nothing was chosen.

    Raises ValueError when the answer is not exactly one choice of this question, or one without points.
    """
    if answer is None or answer.state != AnswerState.ANSWERED:
        return None
    if len(answer.choices) == 1:
        for choice in question.choices:
            if choice.key == answer.choices[0] and choice.points is not None:
                return choice.points
    raise ValueError(f"question {question.key!r}: {answer.choices!r} is not one of its scored choices")


def tally(question: Question, responses: Sequence[Response], *, fewest: int = 1) -> Tally:
    """The state and the score (0..100) of one question over at least one response.

    The rule (scoring/README.md, "Several responses"): not applicable when more responses say so than chose an answer;
    otherwise scored when at least half of the responses that did not say "not applicable" chose an answer, and at
    least `fewest` did: the mean of their points. Above 1, `fewest` counts no owner, who knows their own answer and could
    take it off. "Don't know" and no answer choose nothing. One response follows from the same rule. Raises ValueError
    for an answer that is not a choice of the question.
    """
    points: list[Fraction] = []
    not_applicable = owners = 0
    for response in responses:
        answer = response.answers.get(question.key)
        if answer is not None and answer.state == AnswerState.NOT_APPLICABLE:
            not_applicable += 1
        elif (chosen := points_chosen(question, answer)) is not None:
            points.append(chosen)
            owners += response.owner
    if not_applicable > len(points):
        return Tally(QuestionState.NOT_APPLICABLE, None, tuple(points))
    asked = len(responses) - not_applicable
    unknown_to_owners = len(points) - (owners if fewest > 1 else 0)
    if unknown_to_owners < fewest or 2 * len(points) < asked:
        return Tally(QuestionState.NO_SCORE, None, tuple(points))
    return Tally(QuestionState.SCORED, sum(points, Fraction()) / len(points), tuple(points))
