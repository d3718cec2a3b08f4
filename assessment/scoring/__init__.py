"""The scoring core: plain values in, exact numbers out; it knows no request, row, clock, file or language. Here its values:
a questionnaire, responses to it, and what comes out.

Points, scores and range ends are exact fractions in 0..100, levels whole numbers in 1..5, coverage a fraction in 0..1.
Weights are positive in scored dimensions. Absence is None. Everything is told apart by its key; a question's key is
unique in its whole questionnaire.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal

SCORING_VERSION = 2
"""Raised whenever the same answers could give another number. A stored result is computed again by its own version."""

VERSIONS = (1, SCORING_VERSION)

Kind = Literal["single", "multiple"]
Effort = Literal["S", "M", "L"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One statement that answers a question; `points` is None where nothing is scored, `effort` is that of reaching it."""

    key: str
    points: Fraction | None
    exclusive: bool = False
    effort: Effort | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `needs` names the questions that must score at least 50 before it is worth a step.

    `foundation`: without it the rest does not stand. `findings` names what is published about it; those that are criteria
    of the questionnaire get a standing.
    """

    key: str
    kind: Kind
    weight: Fraction
    allows_not_applicable: bool
    needs: tuple[str, ...]
    choices: tuple[Choice, ...]
    foundation: bool = False
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dimension:
    """A part of the questionnaire; where `scored` is false it enters no score, coverage, range or plan."""

    key: str
    scored: bool
    weight: Fraction
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """Thresholds on the score one response gives to one question, both ends included; None sets no threshold."""

    question: str
    at_least: Fraction | None
    at_most: Fraction | None


@dataclass(frozen=True, slots=True)
class Rule:
    """Two conditions that contradict each other when both are true of one response."""

    key: str
    when: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A point that an edition (a year) of the barometer made: a gap, progress, a practice or an outlook, by its key."""

    key: str
    edition: int
    kind: str


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One published, immutable version of the questions; the order given is the questionnaire order of every tie.

    `criteria` are those of the evidence when a result is made, in the order in which they are told.
    """

    key: str
    version: int
    dimensions: tuple[Dimension, ...]
    rules: tuple[Rule, ...] = ()
    criteria: tuple[Criterion, ...] = ()

    @property
    def scored_dimensions(self) -> tuple[Dimension, ...]:
        """The dimensions that enter the score, in questionnaire order."""
        return tuple(dimension for dimension in self.dimensions if dimension.scored)

    @property
    def scored_questions(self) -> tuple[Question, ...]:
        """The questions of the scored dimensions, in questionnaire order."""
        return tuple(question for dimension in self.scored_dimensions for question in dimension.questions)

    def question(self, key: str) -> Question:
        """The question with this key, scored or not; KeyError when there is none."""
        for dimension in self.dimensions:
            for question in dimension.questions:
                if question.key == key:
                    return question
        raise KeyError(key)


class AnswerState(StrEnum):
    """What a person did with a question; no answer at all counts as UNKNOWN."""

    ANSWERED = "answered"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's answer to one question; `choices` holds choice keys and is empty unless ANSWERED."""

    state: AnswerState
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """One person's answers by question key; `owner` marks those of an owner of the round.

    A dimension's own statement that it does not apply reaches this place as NOT_APPLICABLE for each of its questions.
    """

    role: str
    answers: Mapping[str, Answer]
    owner: bool = False


class Mode(StrEnum):
    """How a round was held: by one person, by several in the open, or by several in confidence."""

    SOLO = "solo"
    OPEN = "open"
    CONFIDENTIAL = "confidential"


@dataclass(frozen=True, slots=True)
class Range:
    """What a score could still be: every applicable question without a score counted as 0, and as 100."""

    low: Fraction
    high: Fraction


class DimensionState(StrEnum):
    """Whether a dimension has a score, and if not, why."""

    SCORED = "scored"
    NOT_APPLICABLE = "not-applicable"
    NOT_ENOUGH = "not-enough-answers"


class QuestionState(StrEnum):
    """Whether a question has a score, has none, or left the calculation."""

    SCORED = "scored"
    NOT_APPLICABLE = "not-applicable"
    NO_SCORE = "no-score"


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question of a scored dimension; lowest and highest answer only in open rounds and where it has a score.

    Where only its level is shown (`levels_only`), `nearest` is the key of the choice nearest to its score, and `score`
    the points of that choice.
    """

    key: str
    state: QuestionState
    score: Fraction | None
    views_differ: bool
    lowest: Fraction | None
    highest: Fraction | None
    nearest: str | None = None


@dataclass(frozen=True, slots=True)
class DimensionResult:
    """One scored dimension; coverage and range are None when it is not applicable."""

    key: str
    state: DimensionState
    score: Fraction | None
    level: int | None
    coverage: Fraction | None
    range: Range | None


class Standing(StrEnum):
    """Where an organisation stands on a criterion, by the scored questions that carry it."""

    REACHED = "reached"
    PARTLY = "partly"
    NOT_YET = "not-yet"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """The standing of one criterion; no score where it is unknown or not applicable, or only levels are shown."""

    key: str
    edition: int
    kind: str
    standing: Standing
    score: Fraction | None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do next: bring a question to the choice `to`; `gain` is its effect alone, from today's state.

    `first_move`: the question scores below 50, so the recommendation's first move is still ahead.
    """

    question: str
    dimension: str
    to: str
    gain: Fraction
    effort: Effort | None
    score_after: Fraction
    first_move: bool


@dataclass(frozen=True, slots=True)
class Result:
    """All that scoring says about a response or a round; everything in questionnaire order but the plan.

    `held_by` names the dimensions that lowered the level, `narrowing` up to three questions whose answer would narrow
    the range most, `contradictions` the rules that hold. `plan_on_mean`: there was no overall score, so the plan's
    gains are on the weighted mean of the scored dimensions. `foundations` are those below 50 that the plan does not
    hold. `version` is that of the rules. `levels_only`: of a question only the level is shown.
    """

    score: Fraction | None
    level: int | None
    level_by_score: int | None
    held_by: tuple[str, ...]
    range: Range | None
    level_range: tuple[int, int] | None
    dimensions: tuple[DimensionResult, ...]
    questions: tuple[QuestionResult, ...]
    plan: tuple[Step, ...]
    narrowing: tuple[str, ...]
    contradictions: tuple[str, ...]
    plan_on_mean: bool
    criteria: tuple[CriterionResult, ...] = ()
    foundations: tuple[str, ...] = ()
    version: int = SCORING_VERSION
    levels_only: bool = False

    @property
    def level_stated(self) -> bool:
        """Whether the level is stated alone: there is one, and the range's two ends are at most one level apart."""
        if self.level is None or self.level_range is None:
            return False
        lowest, highest = self.level_range
        return highest - lowest <= 1
