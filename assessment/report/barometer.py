"""Against the barometer: each point an edition made, with the questions that carry it and the figures linked to it.

Where an organisation stands on a point is the scoring core's; what is said of it is read off its questions, one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assessment import scoring
from assessment.content.structure import QuestionContent, QuestionnaireContent, Text
from assessment.report.evidence import Criterion, Edition, Statement
from assessment.report.question import QuestionPart

GAP = "gap"  # the kind of a point on which an edition found companies wanting
HALF = 50  # points of a question from which on it no longer holds its dimension back


class Standing(StrEnum):
    """Where an organisation is on a point of the barometer: as the scoring core says, or why nothing is said."""

    REACHED = scoring.Standing.REACHED.value
    PARTLY = scoring.Standing.PARTLY.value
    NOT_YET = scoring.Standing.NOT_YET.value
    UNKNOWN = scoring.Standing.UNKNOWN.value
    NOT_APPLICABLE = scoring.Standing.NOT_APPLICABLE.value
    NOT_ASKED = "not-asked"  # no question carries it
    NOT_SHOWN = "not-shown"  # its questions may not be seen here


@dataclass(frozen=True, slots=True)
class CriterionPart:
    """One point of one edition, of the kind and in the edition that it was when the result was made.

    `questions` are the scored ones that carry it, `figures` what that edition published on it.
    `dimension` is None where the questionnaire has none of that key, `told` where no question carries the point.
    `contradicted` are the keys of questions whose answers claim what others contradict, as far as that may be told.
    """

    edition: int
    criterion: Criterion
    dimension: Text | None
    questions: tuple[QuestionPart, ...]
    figures: tuple[Statement, ...]
    told: scoring.CriterionResult | None
    contradicted: frozenset[str] = frozenset()

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
    def is_gap(self) -> bool:
        """Whether the edition found companies wanting here."""
        return self.criterion.kind == GAP

    @property
    def is_contradicted(self) -> bool:
        """Whether it is reached, and by an answer that contradicts another one."""
        return self.standing == Standing.REACHED and any(item.key in self.contradicted for item in self.reached)

    @property
    def standing(self) -> Standing:
        if self.told is None:
            return Standing.NOT_ASKED
        return Standing(self.told.standing.value) if self.questions else Standing.NOT_SHOWN


@dataclass(frozen=True, slots=True)
class EditionPart:
    """One edition of the barometer with its points, in its order."""

    study: Edition
    criteria: tuple[CriterionPart, ...]

    @property
    def gaps(self) -> list[CriterionPart]:
        """What the edition found wanting."""
        return [part for part in self.criteria if part.is_gap]

    @property
    def others(self) -> list[CriterionPart]:
        """Progress, practices, outlook and context."""
        return [part for part in self.criteria if not part.is_gap]

    def without_questions(self) -> "EditionPart":
        """The same where no answer may be seen: nothing is said of how the organisation stands."""
        return replace(self, criteria=tuple(replace(part, questions=()) for part in self.criteria))


def against(
    editions: Sequence[Edition],
    questionnaire: QuestionnaireContent,
    shown: Mapping[str, QuestionPart],
    standings: Mapping[str, scoring.CriterionResult],
    contradicted: frozenset[str] = frozenset(),
) -> tuple[EditionPart, ...]:
    """Every edition that made a point, the earliest first; each point as the result found it, whatever it became later.

    `shown` are the questions that may be seen, `standings` where the organisation is on each point, both by key;
    `contradicted` the questions whose answers claim what others contradict.
    """
    titles = {dimension.key: dimension.title for dimension in questionnaire.dimensions}
    carriers = [question for part in questionnaire.dimensions if part.scored for question in part.questions]
    found = []
    for study in sorted(_as_found(editions, standings), key=lambda edition: edition.edition):
        criteria = tuple(
            replace(
                _criterion(study, item, carriers, shown, titles, standings.get(item.key)), contradicted=contradicted
            )
            for item in study.criteria
        )
        if criteria:
            found.append(EditionPart(study, criteria))
    return tuple(found)


def joined(editions: Sequence[Edition], more: Edition) -> list[Edition]:
    """The editions with the points of one more, which are added to the edition of that year where there is one."""
    for place, study in enumerate(editions):
        if study.edition == more.edition:
            both = replace(study, criteria=(*study.criteria, *more.criteria))
            return [*editions[:place], both, *editions[place + 1 :]]
    return [*editions, more]


def _as_found(editions: Sequence[Edition], standings: Mapping[str, scoring.CriterionResult]) -> list[Edition]:
    """The editions with each point of the kind, and in the edition, that the result was made with."""
    found: list[Edition] = []
    moved: list[Edition] = []
    for study in editions:
        stay = []
        for item in study.criteria:
            told = standings.get(item.key)
            point = _of_kind(item, told)
            if told is None or told.edition == study.edition:
                stay.append(point)
            else:
                moved.append(replace(study, edition=told.edition, criteria=(point,)))
        found.append(replace(study, criteria=tuple(stay)))
    for more in moved:
        found = joined(found, more)
    return found


def _of_kind(criterion: Criterion, told: scoring.CriterionResult | None) -> Criterion:
    return criterion if told is None or told.kind == criterion.kind else replace(criterion, kind=told.kind)


def _criterion(
    study: Edition,
    criterion: Criterion,
    carriers: Sequence[QuestionContent],
    shown: Mapping[str, QuestionPart],
    titles: Mapping[str, Text],
    told: scoring.CriterionResult | None,
) -> CriterionPart:
    carrying = [question for question in carriers if criterion.key in question.findings]
    return CriterionPart(
        edition=study.edition,
        criterion=criterion,
        dimension=titles.get(criterion.dimension),
        questions=tuple(shown[question.key] for question in carrying if question.key in shown),
        figures=criterion.figures,
        told=told,
    )
