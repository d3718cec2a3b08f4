"""How far a response is: per dimension how many questions have a reaction, and what leaving the others out would mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assessment import scoring
from assessment.content.structure import DimensionContent, QuestionContent
from assessment.models.response import Answer, Response


@dataclass(frozen=True, slots=True)
class DimensionProgress:
    """One dimension: `answered` counts choices, "not applicable" and "I don't know"; `open` are the questions left."""

    content: DimensionContent
    excluded: bool
    total: int
    answered: int
    open: tuple[QuestionContent, ...]
    unknown: tuple[QuestionContent, ...]
    coverage: (
        Fraction | None
    )  # the share of the applicable weight that has an answer, 0 to 1; None when nothing applies

    @property
    def has_score(self) -> bool:
        """Whether the answers suffice for a score, or none is needed."""
        return self.coverage is None or self.coverage >= scoring.ENOUGH_COVERAGE

    @property
    def uncertain(self) -> int:
        return 0 if self.excluded else len(self.open) + len(self.unknown)

    @property
    def is_done(self) -> bool:
        return self.excluded or self.answered == self.total

    @property
    def percent(self) -> int:
        return 100 if self.excluded else self.answered * 100 // max(self.total, 1)


@dataclass(frozen=True, slots=True)
class Progress:
    """A whole response, dimension by dimension."""

    dimensions: tuple[DimensionProgress, ...]

    @property
    def scored(self) -> list[DimensionProgress]:
        return [part for part in self.dimensions if part.content.scored]

    @property
    def next(self) -> DimensionProgress | None:
        """Where to go on: the first scored dimension with something left, else the optional one, else None."""
        return next((part for part in [*self.scored, *self.dimensions] if not part.is_done), None)

    @property
    def answered(self) -> int:
        return sum(part.answered for part in self.scored if not part.excluded)

    @property
    def total(self) -> int:
        return sum(part.total for part in self.scored if not part.excluded)

    @property
    def uncertain(self) -> int:
        """How many questions that count have no answer, or "I don't know"."""
        return sum(part.uncertain for part in self.scored)

    @property
    def has_begun(self) -> bool:
        return any(part.answered or part.excluded for part in self.dimensions)

    @property
    def without_score(self) -> list[DimensionProgress]:
        """The dimensions that would have too few answers for a score."""
        return [part for part in self.scored if not part.excluded and not part.has_score]


def progress(response: Response, answers: Mapping[str, Answer]) -> Progress:
    """The progress of a response with these answers, by question key."""
    left_out = response.round.excluded
    return Progress(
        tuple(_dimension(content, answers, content.key in left_out) for content in response.outline.content.dimensions)
    )


def _dimension(content: DimensionContent, answers: Mapping[str, Answer], excluded: bool) -> DimensionProgress:
    states = {
        question.key: answers[question.key].state if question.key in answers else Answer.State.EMPTY
        for question in content.questions
    }
    left = tuple(question for question in content.questions if states[question.key] == Answer.State.EMPTY)
    return DimensionProgress(
        content=content,
        excluded=excluded,
        total=len(content.questions),
        answered=len(content.questions) - len(left),
        open=left,
        unknown=tuple(question for question in content.questions if states[question.key] == Answer.State.UNKNOWN),
        coverage=_coverage(content, states),
    )


def _coverage(content: DimensionContent, states: Mapping[str, str]) -> Fraction | None:
    weights: dict[str, Decimal] = {}
    for question in content.questions:
        state = states[question.key]
        weights[state] = weights.get(state, Decimal(0)) + (question.weight or 0)
    applicable = sum(weights.values()) - weights.get(Answer.State.NOT_APPLICABLE, Decimal(0))
    return Fraction(weights.get(Answer.State.ANSWERED, Decimal(0))) / Fraction(applicable) if applicable else None
