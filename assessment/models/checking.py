"""Is what is stored still what was computed? Every result again from its answers, every published text by its hash."""

from collections.abc import Iterator

from django.db.models import Prefetch

from assessment import scoring
from assessment.content.canonical import content_hash
from assessment.models.content import Questionnaire
from assessment.models.outline import read_outline
from assessment.models.response import Answer
from assessment.models.result import DimensionResult, Result, columns, dimension_columns
from assessment.scoring import record

BATCH = 200


def changed_questionnaires() -> Iterator[str]:
    """Published questionnaires whose content is no longer what was published."""
    for questionnaire in Questionnaire.objects.exclude(status=Questionnaire.Status.DRAFT):
        if content_hash(read_outline(questionnaire).content) != questionnaire.content_hash:
            yield f"{questionnaire.key} {questionnaire.version}: the content is not what was published"


def differing_results() -> Iterator[tuple[Result, list[str]]]:
    """Every result of a response with what differs, in memory that does not grow with their number."""
    answers = Prefetch("response__answers", queryset=Answer.objects.all())
    parts = Prefetch("dimensions", queryset=DimensionResult.objects.all())
    results = Result.objects.filter(response__isnull=False).order_by("pk")
    related = results.select_related("response__round__questionnaire", "questionnaire").prefetch_related(answers, parts)
    for result in related.iterator(chunk_size=BATCH):
        yield result, list(_differences(result))


def _differences(result: Result) -> Iterator[str]:
    name = f"result {result.pk}"
    if result.scoring_version != scoring.SCORING_VERSION:
        yield f"{name}: made by version {result.scoring_version} of the rules, this is {scoring.SCORING_VERSION}"
        return
    response = result.response
    try:
        values = scoring.score(response.outline.scoring, [response.values(response.saved_answers(), result.excluded)])
    except (KeyError, ValueError) as error:
        yield f"{name}: its answers cannot be scored: {error}"
        return
    if record.dump(values) != result.record:
        yield f"{name}: the record differs from what its answers give"
    wrong = [column for column, value in columns(values).items() if getattr(result, column) != value]
    stored = {part.dimension: part for part in result.dimensions.all()}
    if stored.keys() != {part.key for part in values.dimensions}:
        yield f"{name}: its dimensions differ"
        return
    for part in values.dimensions:
        row = stored[part.key]
        wrong += [
            f"{part.key}.{name}" for name, value in dimension_columns(part).items() if getattr(row, name) != value
        ]
    if wrong:
        yield f"{name}: {', '.join(wrong)} differ from the record"
