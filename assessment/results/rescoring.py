"""Is what is stored still what was computed? Every result again from its answers, every published text by its hash."""

from collections.abc import Iterator

from django.db.models import Prefetch, QuerySet

from assessment import scoring
from assessment.content.fingerprint import content_hash
from assessment.models.answer import Answer
from assessment.models.outline import read_outline
from assessment.models.questionnaire import Questionnaire
from assessment.models.response import Response
from assessment.models.result import DimensionResult, Result, columns, dimension_columns, rounded
from assessment.models.round import Round
from assessment.rounds.closing import computed_again, published_responses, role_rows
from assessment.scoring import record
from assessment.scoring.levels_only import levels_only
from assessment.scoring.score import score
from assessment.scoring.supposing import score_after_plan

BATCH = 200


def changed_questionnaires() -> Iterator[str]:
    """Published questionnaires whose content is no longer what was published."""
    for questionnaire in Questionnaire.objects.exclude(status=Questionnaire.Status.DRAFT):
        if content_hash(read_outline(questionnaire).content) != questionnaire.content_hash:
            yield f"{questionnaire.key} {questionnaire.version}: the content is not what was published"


def missing_results() -> Iterator[str]:
    """Submitted responses, and rounds whose joint result was published, that have no result."""
    for number in Response.objects.counted().filter(result=None).order_by("pk").values_list("pk", flat=True):
        yield f"response {number}: submitted, but there is no result"
    without = Round.objects.filter(publications__gt=0).exclude(pk__in=_joint().values("round"))
    for number in without.order_by("pk").values_list("pk", flat=True):
        yield f"round {number}: published, but there is no joint result"


def skipped() -> int:
    """How many results cannot be computed again, as answers that they rest on were erased."""
    return Result.objects.filter(answers_erased=True).count()


def differing_results() -> Iterator[tuple[Result, list[str]]]:
    """Every result whose answers are there, with what differs, in memory that does not grow with their number."""
    answers = Prefetch("response__answers", queryset=Answer.objects.all())
    own = Result.objects.filter(response__isnull=False)
    related = own.select_related("response__round__questionnaire").prefetch_related(answers)
    for result in _each(related):
        yield result, list(_differences(result, _of_response))
    for result in _each(_joint().select_related("round")):
        yield result, list(_differences(result, _of_round)) + list(_differing_roles(result))


def _joint() -> QuerySet:
    return Result.objects.filter(response=None)


def _each(results: QuerySet) -> Iterator[Result]:
    parts = Prefetch("dimensions", queryset=DimensionResult.objects.all())
    found = results.filter(answers_erased=False).select_related("questionnaire").prefetch_related(parts)
    yield from found.order_by("pk").iterator(chunk_size=BATCH)


def _of_response(result: Result) -> scoring.Result:
    response = result.response
    values = response.values(response.saved_answers(), result.excluded)
    return score(result.asked, [values], version=result.scoring_version)


def _of_round(result: Result) -> scoring.Result:
    return computed_again(result, published_responses(_round_then(result)))


def _round_then(result: Result) -> Round:
    """The round of a joint result, with the questionnaire and the statements that the result was made with."""
    round_ = result.round
    round_.questionnaire, round_.excluded = result.questionnaire, result.excluded
    return round_


def _differing_roles(result: Result) -> Iterator[str]:
    round_ = _round_then(result)
    found = published_responses(round_)
    if result.roles != role_rows(
        round_, found, publication=round_.publications, fewest=result.floor_of(round_.publications)
    ):
        yield f"result {result.pk}: the means by role differ from what the answers give"


def _differences(result: Result, compute) -> Iterator[str]:
    name = f"result {result.pk}"
    if result.scoring_version not in scoring.VERSIONS:
        yield f"{name}: made by version {result.scoring_version} of the rules, which is not known here"
        return
    try:
        values = compute(result)
    except (KeyError, ValueError) as error:
        yield f"{name}: its answers cannot be scored: {error}"
        return
    if record.dump(values) != result.record:
        yield f"{name}: the record differs from what its answers give"
    yield from _differing_columns(result, values)


def _differing_columns(result: Result, values: scoring.Result) -> Iterator[str]:
    """What lies beside the record, for lists and averages."""
    name = f"result {result.pk}"
    wrong = [column for column, value in columns(values).items() if getattr(result, column) != value]
    shown = levels_only(result.asked, values) if result.levels_only else values
    if result.score_after_plan != rounded(score_after_plan(result.asked, shown)):
        wrong.append("score_after_plan")
    stored = {part.dimension: part for part in result.dimensions.all()}
    if stored.keys() != {part.key for part in values.dimensions}:
        yield f"{name}: its dimensions differ"
        return
    for part in values.dimensions:
        row = stored[part.key]
        wrong += [
            f"{part.key}.{column}" for column, value in dimension_columns(part).items() if getattr(row, column) != value
        ]
    if wrong:
        yield f"{name}: {', '.join(wrong)} differ from the record"
