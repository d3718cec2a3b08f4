"""The joint result of a round that several people answer: when it is published, and what it rests on."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment import scoring
from assessment.models.organisation import Organisation
from assessment.models.outline import outline
from assessment.models.response import Response
from assessment.models.result import Result
from assessment.models.round import Round, response_hashes
from assessment.rounds.spacing import mark, publishable_from, waits
from assessment.rounds.starting import NotNowError
from assessment.rounds.submitting import asked_now, store
from assessment.scoring.joint import published_again
from assessment.scoring.roles import by_role
from assessment.scoring.score import score


@transaction.atomic
def close(round_: Round, *, at: datetime) -> Result | None:
    """Close a round and publish its joint result; None when there is nothing new that may be published, or not yet.

    The rule (scoring/README.md, "Closing"). A solo round has no joint result. Closing twice is once,
    but for a round that was closed too soon after another: from its day on, closing it once more publishes it.
    """
    locked = Round.objects.lock().select_related("organisation", "questionnaire").filter(pk=round_.pk).first()
    if locked is None or not (locked.is_open or waits(locked)):
        return None
    may_publish = not locked.is_solo and publishable_from(locked, on=timezone.localdate(at)) is None
    result = _publish(locked, at=at) if may_publish else None
    if locked.is_open or may_publish:
        locked.closed_at = at
    if may_publish:
        locked.enough_from = None
    locked.save(update_fields=["closed_at", "publications", "published_at", "enough_from"])
    if result:
        mark(locked)
    round_.refresh_from_db(fields=["closed_at", "publications", "published_at", "enough_from"])
    return result


@transaction.atomic
def reopen(round_: Round) -> None:
    """Take answers again; what was published stays until the round is closed with enough that is new.

    Its last day is forgotten, whether or not it has passed: after one that has, nobody could answer. NotNowError once a later
    round began.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=round_.organisation_id)  # first, as `begin_again` does
    locked = Round.objects.lock().filter(pk=round_.pk).first()
    if locked is None or locked.has_later:
        raise NotNowError(_("A later round has begun, so this one stays closed."))
    locked.closed_at = locked.closes_on = None
    locked.save(update_fields=["closed_at", "closes_on"])
    round_.closed_at = round_.closes_on = None


@transaction.atomic
def discard(round_: Round) -> None:
    """Delete a round that nobody has begun to answer, with its link; twice is once. NotNowError when somebody has.

    A confidential one only while nobody is invited: whether they have begun is not told.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=round_.organisation_id)  # first, as `begin_again` does
    locked = Round.objects.lock().filter(pk=round_.pk).first()
    if locked is None:
        return
    if locked.is_confidential and locked.invitations.exists():
        raise NotNowError(_("Colleagues are invited to this round, so it stays. You can close it."))
    if locked.responses.exists() or locked.publications:
        raise NotNowError(_("Somebody has begun to answer this round, so it stays."))
    locked.delete()


def count_invited(round_: Round, responses: Iterable[Response]) -> int:
    """How many people were asked besides the owners: by mail, or as people of the organisation who answered without it."""
    hashes = response_hashes(round_.invitations.personal())
    return len(hashes) + sum(response.key_hash not in hashes and not response.is_known for response in responses)


def responses_missing(round_: Round, responses: Iterable[Response], *, fewest: int) -> int:
    """How many more responses are needed before a joint result may be published; owners' own do not count."""
    new = [response for response in responses if response.batch > round_.publications]
    if not round_.is_confidential:
        return 0 if new or round_.publications else 1
    return max(0, fewest - sum(not response.is_known for response in new))


def _publish(round_: Round, *, at: datetime) -> Result | None:
    """None when too few answered: then no answers are read, as one query more would tell that somebody has."""
    there, fewest = list(Response.objects.counted().filter(round=round_)), round_.smallest_group
    if responses_missing(round_, there, fewest=fewest) or not there:
        return None
    found = counted_responses(round_)
    earlier = round_.results.filter(response=None).first()
    values = _next_values(round_, found, earlier=earlier, fewest=fewest)
    roles = role_rows(round_, found, publication=round_.publications + 1, fewest=fewest)
    erased = round_.is_confidential and bool(earlier) and (earlier.answers_erased or _has_erased(round_))
    floors = [*(earlier.floor_of(number + 1) for number in range(round_.publications) if earlier), fewest]
    round_.results.filter(response=None).delete()
    round_.publications, round_.published_at = round_.publications + 1, at
    return store(
        round_,
        values,
        at=at,
        responses=len(found),
        invited=count_invited(round_, found) if round_.is_confidential else None,
        smallest_group=min(floors),
        floors=floors,
        levels_only=round_.is_confidential,
        roles=roles,
        answers_erased=erased,
    )


def _next_values(round_: Round, found: Sequence[Response], *, earlier: Result | None, fewest: int) -> scoring.Result:
    """What is published now.

    A confidential round goes on from what people were shown, not from what can be computed of it today: when somebody's
    answers were erased since, the difference would be theirs.
    """
    before = earlier.exact if earlier and round_.is_confidential else None
    asked, publication = asked_now(round_.questionnaire), round_.publications + 1
    return _values_at(round_, found, publication, asked=asked, before=before, fewest=fewest)


def _values_at(
    round_: Round,
    found: Iterable[Response],
    publication: int,
    *,
    asked: scoring.Questionnaire,
    before: scoring.Result | None,
    fewest: int,
    version: int = scoring.SCORING_VERSION,
) -> scoring.Result:
    """What one publication says; `before` is what the one before it said, where that counts."""
    mode = scoring.Mode(round_.mode)
    there = [response for response in found if response.batch <= publication]
    everybody = _values(round_, there, publication)
    if before is None:
        return score(asked, everybody, mode=mode, floor=fewest, version=version)
    new = _values(round_, [response for response in there if response.batch == publication], publication)
    return published_again(asked, before, everybody, new=new, floor=fewest, version=version)


def _has_erased(round_: Round) -> bool:
    """Whether answers of what was published are gone, so that it cannot be computed again."""
    published = round_.responses.submitted().filter(batch__lte=round_.publications)
    return published.exclude(erased_at=None).exists()


def counted_responses(round_: Round) -> list[Response]:
    """The responses a joint result rests on, with their answers, in the order of their publications; two queries."""
    found = Response.objects.counted().filter(round=round_).prefetch_related("answers").order_by("batch", "pk")
    responses = list(found)
    for response in responses:
        response.round = round_
    return responses


def published_responses(round_: Round) -> list[Response]:
    """The responses the published joint result rests on, as they were then: some may have been corrected since."""
    versions = Response.objects.exclude(state=Response.State.DRAFT).filter(
        round=round_, batch__lte=round_.publications, erased_at=None
    )
    found = versions.prefetch_related("answers").order_by("submitted_at")
    # What was submitted last counts; times say so, but in a confidential round, where it is what nothing has replaced.
    latest = {version.key_hash: version for version in sorted(found, key=lambda row: row.state == row.State.SUBMITTED)}
    for response in latest.values():
        response.round = round_
    return sorted(latest.values(), key=lambda response: (response.batch, response.pk))


def computed_again(result: Result, found: Sequence[Response]) -> scoring.Result:
    """A published joint result computed again, by its rules, publication by publication; only while no answer was erased."""
    round_, again = result.round, None
    published = range(1, round_.publications + 1) if round_.is_confidential else [round_.publications]
    for publication in published:
        again = _values_at(
            round_,
            found,
            publication,
            asked=result.asked,
            before=again,
            fewest=result.floor_of(publication),
            version=result.scoring_version,
        )
    return again


def role_rows(round_: Round, responses: Sequence[Response], *, publication: int, fewest: int) -> list[dict]:
    """The means by role as they are stored.

    A confidential round shows them with its first publication only: two would tell the newcomers'.
    """
    if round_.is_confidential and publication > 1:
        return []
    values, mode = _values(round_, responses, publication), scoring.Mode(round_.mode)
    groups = by_role(outline(round_.questionnaire).scoring, values, mode=mode, floor=fewest)
    return [
        {
            "role": group.role,
            "responses": group.responses,
            "means": {key: None if mean is None else str(mean) for key, mean in group.means.items()},
        }
        for group in groups
    ]


def _values(round_: Round, responses: Iterable[Response], publication: int) -> list[scoring.Response]:
    return [
        response.values(response.saved_answers(), round_.excluded, publication=publication) for response in responses
    ]
