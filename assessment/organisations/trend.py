"""From rows to what became of an organisation over its rounds; only what rounds have published is read."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from assessment import scoring
from assessment.models.organisation import Membership, Organisation
from assessment.models.outline import outline
from assessment.models.response import Response
from assessment.models.result import Result
from assessment.models.round import Invitation, Round, least_of
from assessment.report import trend
from assessment.report.overview import OrganisationPart, RoundPart, RoundState
from assessment.scoring.comparison import compare, compare_questions, same_whole
from assessment.text.database import alphabetical


def results_of(organisation: Organisation) -> list[Result]:
    """The published result of each round of an organisation, oldest first; one query."""
    found = Result.objects.of_rounds().filter(round__organisation=organisation)
    return list(found.select_related("round", "questionnaire").order_by("round__number"))


def rounds_of(organisation: Organisation, results: Sequence[Result], *, at: datetime) -> list[RoundPart]:
    """The rounds of an organisation, newest first, with their published results; one query."""
    values = {result.round_id: result.values for result in results}
    rows = _counted(organisation.rounds.latest_first())
    return [_part(row, values.get(row.pk), on=timezone.localdate(at)) for row in rows]


def _counted(rounds: QuerySet) -> QuerySet:
    """The rounds with how many people were invited by name and how many answered, whatever they answered."""
    return rounds.annotate(
        invited=_number_of(Invitation.objects.personal()),
        has_link=Exists(Invitation.objects.links().filter(round=OuterRef("pk"))),
        answered=_number_of(Response.objects.submitted()),
        published_floor=Subquery(
            Result.objects.filter(round=OuterRef("pk"), response=None).values("smallest_group")[:1]
        ),
    )


def _number_of(rows: QuerySet) -> Coalesce:
    counts = rows.filter(round=OuterRef("pk")).order_by().values("round").annotate(number=Count("pk"))
    return Coalesce(Subquery(counts.values("number"), output_field=IntegerField()), 0)


def _part(row: Round, values: scoring.Result | None, *, on: date) -> RoundPart:
    state = state_of(row, values is not None, on=on)
    invited = None if row.has_link else row.invited  # nobody knows how many have the link
    told = (row.number, row.mode, row.opened_at, state, invited)
    if row.is_confidential:  # what its own page says, no more
        return RoundPart(*told, None, values, row.tells_enough(on=on), least_of(row.published_floor))
    return RoundPart(*told, row.answered, values)


def state_of(row: Round, is_published: bool, *, on: date) -> RoundState:
    """What a round is on a day. A solo round is finished with its one response."""
    if is_published:
        return RoundState.REOPENED if row.is_open and not row.is_solo else RoundState.PUBLISHED
    if not row.is_open:
        return RoundState.CLOSED
    return RoundState.UNDER_WAY if row.takes_answers(on=on) else RoundState.ENDED


# Over the rounds -----------------------------------------------------------------------------------------------------
def outcome(result: Result) -> trend.Outcome:
    """A published result with its questionnaire, as values."""
    asked = outline(result.questionnaire)
    round_ = result.round
    return trend.Outcome(
        round_.number,
        round_.opened_at,
        asked.content,
        asked.scoring,
        result.values,
        mode=round_.mode,
        responses=result.responses,
        same_questions=result.questionnaire.same_questions,
    )


def trend_of(results: Sequence[Result]) -> trend.Trend | None:
    """The trend over published results, oldest first; None when there is none."""
    return trend.trend([outcome(result) for result in results], changes)


def comparison_of(before: Result, after: Result) -> trend.Comparison:
    """Two published rounds side by side."""
    earlier, later = outcome(before), outcome(after)
    same = later.same_since(earlier)
    moves = compare_questions(earlier.asked, earlier.values, later.asked, later.values, same=same)
    return trend.comparison(earlier, later, changes(earlier, later), moves)


def changes(before: trend.Outcome, after: trend.Outcome) -> dict[str, trend.Change]:
    """What changed from one round to another: the whole under the empty key, each dimension of the later one under its."""
    found, same = {"": _whole(before, after)}, after.same_since(before)
    for part in compare(before.asked, before.values, after.asked, after.values, same=same):
        found[part.key] = trend.Change(part.before, part.after, part.change, part.broken, part.shared, part.by_level)
    return found


def _whole(before: trend.Outcome, after: trend.Outcome) -> trend.Change:
    earlier, later = before.values.score, after.values.score
    broken = not same_whole(before.asked, after.asked, same=after.same_since(before))
    change = later - earlier if earlier is not None and later is not None and not broken else None
    return trend.Change(earlier, later, change, broken)


# Several organisations -----------------------------------------------------------------------------------------------
def organisations_of(user, *, at: datetime) -> list[OrganisationPart]:
    """The organisations of a person with the newest result and the last round of each; three queries."""
    on = timezone.localdate(at)
    belongs = (
        Membership.objects.filter(user=user)
        .select_related("organisation")
        .order_by(*alphabetical("organisation__name"), "pk")
    )
    found = [membership.organisation for membership in belongs]
    newest = {result.round.organisation_id: result for result in _newest_results(found)}
    last = {row.organisation_id: row for row in _last_rounds(found)}
    return [_organisation(item, newest.get(item.pk), last.get(item.pk), on=on) for item in found]


def _newest_results(organisations: Sequence[Organisation]) -> QuerySet:
    same = Result.objects.of_rounds().filter(round__organisation=OuterRef("round__organisation"))
    newest = Subquery(same.order_by("-round__number").values("pk")[:1])
    found = Result.objects.of_rounds().filter(round__organisation__in=organisations, pk=newest)
    return found.select_related("round", "questionnaire")


def _last_rounds(organisations: Sequence[Organisation]) -> QuerySet:
    same = Round.objects.filter(organisation=OuterRef("organisation")).latest_first()
    return _counted(Round.objects.filter(organisation__in=organisations, pk=Subquery(same.values("pk")[:1])))


def _organisation(
    organisation: Organisation, result: Result | None, last: Round | None, *, on: date
) -> OrganisationPart:
    """The newest published round may be another than the last one, which somebody may still be answering."""
    newest = None
    if result:
        row = result.round
        newest = RoundPart(row.number, row.mode, row.opened_at, state_of(row, True, on=on), 0, 0, result.values)
    published = result.values if result and last and result.round_id == last.pk else None
    part = _part(last, published, on=on) if last else None
    return OrganisationPart(organisation.name, organisation.slug, newest, part)
