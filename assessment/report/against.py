"""How the comparison with the barometer is built: which questions carry a point, and which figures its edition published."""

from collections.abc import Iterator, Mapping, Sequence

from assessment.content.structure import QuestionContent, QuestionnaireContent, Text
from assessment.report.barometer import CriterionPart, EditionPart
from assessment.report.evidence import Criterion, Edition, Statement
from assessment.report.parts import DimensionPart
from assessment.report.question import QuestionPart


def against(
    editions: Sequence[Edition], questionnaire: QuestionnaireContent, dimensions: Sequence[DimensionPart]
) -> tuple[EditionPart, ...]:
    """Every edition that made a point, the earliest first; dimensions whose questions are hidden carry none."""
    titles = {dimension.key: dimension.title for dimension in questionnaire.dimensions}
    carriers = [question for part in questionnaire.dimensions if part.scored for question in part.questions]
    shown = {question.key: question for part in dimensions for question in part.questions}
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
