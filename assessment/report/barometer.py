"""Against the barometer: each point an edition made, with the questions that carry it and the figures it published on it.

What is said of a point is read off the points of its questions, one by one: no score is made of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assessment import scoring
from assessment.content.structure import QuestionContent, QuestionnaireContent, Text
from assessment.report.evidence import Criterion, Edition, Statement
from assessment.report.question import QuestionPart

GAP = "gap"  # the kind of a point on which an edition found companies wanting
HALF = 50  # points of a question from which on it no longer holds its dimension back


class Standing(StrEnum):
    """Where an organisation is on a point of the barometer, by the questions that carry it and have a score."""

    REACHED = "reached"  # each of them at half of the points or more
    PARTLY = "partly"
    SHORT = "short"  # each of them below
    NO_SCORE = "no-score"
    NOT_APPLICABLE = "not-applicable"
    NOT_ASKED = "not-asked"  # no question carries it
    NOT_SHOWN = "not-shown"  # its questions may not be seen here


@dataclass(frozen=True, slots=True)
class CriterionPart:
    """One point of one edition: `questions` are the scored ones that carry it, `figures` what that edition published on it.

    `dimension` is None where the questionnaire has none of that key; `asked` says whether any question carries the point.
    """

    edition: int
    criterion: Criterion
    dimension: Text | None
    questions: tuple[QuestionPart, ...]
    figures: tuple[Statement, ...]
    asked: bool

    @property
    def scored(self) -> list[QuestionPart]:
        return [question for question in self.questions if question.score is not None]

    @property
    def reached(self) -> list[QuestionPart]:
        """The questions at half of the points or more."""
        return [question for question in self.scored if question.score >= HALF]

    @property
    def open(self) -> list[QuestionPart]:
        """The questions that apply and have no score."""
        states = (scoring.QuestionState.SCORED, scoring.QuestionState.NOT_APPLICABLE)
        return [question for question in self.questions if question.state not in states]

    @property
    def weakest(self) -> QuestionPart | None:
        return min(self.scored, key=lambda question: question.score, default=None)

    @property
    def is_detailed(self) -> bool:
        """Whether its questions say more than its sentence: there are several, and one has a score."""
        return len(self.questions) > 1 and any(question.score is not None for question in self.questions)

    @property
    def standing(self) -> Standing:
        if not self.asked:
            return Standing.NOT_ASKED
        if not self.questions:
            return Standing.NOT_SHOWN
        scored, reached = len(self.scored), len(self.reached)
        if not scored:
            return Standing.NO_SCORE if self.open else Standing.NOT_APPLICABLE
        if not reached:
            return Standing.SHORT
        return Standing.REACHED if reached == scored else Standing.PARTLY


@dataclass(frozen=True, slots=True)
class EditionPart:
    """One edition of the barometer with its points, in its order."""

    study: Edition
    criteria: tuple[CriterionPart, ...]

    @property
    def gaps(self) -> list[CriterionPart]:
        """What the edition found wanting."""
        return [part for part in self.criteria if part.criterion.kind == GAP]

    @property
    def others(self) -> list[CriterionPart]:
        """Progress, practices, outlook and context."""
        return [part for part in self.criteria if part.criterion.kind != GAP]

    def without_questions(self) -> "EditionPart":
        """The same where no answer may be seen: nothing is said of how the organisation stands."""
        return replace(self, criteria=tuple(replace(part, questions=()) for part in self.criteria))


def against(
    editions: Sequence[Edition], questionnaire: QuestionnaireContent, shown: Mapping[str, QuestionPart]
) -> tuple[EditionPart, ...]:
    """Every edition that made a point, the earliest first; `shown` are the questions that may be seen, by key."""
    titles = {dimension.key: dimension.title for dimension in questionnaire.dimensions}
    carriers = [question for part in questionnaire.dimensions if part.scored for question in part.questions]
    found = []
    for study in sorted(editions, key=lambda edition: edition.edition):
        criteria = tuple(_criterion(study, item, carriers, shown, titles) for item in study.criteria)
        if criteria:
            found.append(EditionPart(study, criteria))
    return tuple(found)


def _criterion(
    study: Edition,
    criterion: Criterion,
    carriers: Sequence[QuestionContent],
    shown: Mapping[str, QuestionPart],
    titles: Mapping[str, Text],
) -> CriterionPart:
    carrying = [question for question in carriers if criterion.key in question.findings]
    return CriterionPart(
        edition=study.edition,
        criterion=criterion,
        dimension=titles.get(criterion.dimension),
        questions=tuple(shown[question.key] for question in carrying if question.key in shown),
        figures=tuple(_figures(study, carrying)),
        asked=bool(carrying),
    )


def _figures(study: Edition, carrying: Sequence[QuestionContent]) -> Iterator[Statement]:
    """What the edition published in figures on the same questions."""
    named = {key for question in carrying for key in question.findings}
    return (figure for figure in study.figures if figure.key in named)
