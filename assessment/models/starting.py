"""How a round begins: an organisation, its first round and the response of the person who starts it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from assessment.models.content import Questionnaire
from assessment.models.organisation import Organisation, new_slug
from assessment.models.response import Response, Round, hash_of, new_key


@transaction.atomic
def start_round(
    questionnaire: Questionnaire, details: Mapping[str, str], *, at: datetime, key: str | None = None
) -> tuple[Response, str]:
    """A new organisation with its first, solo round; the response and the key of its address, which is not stored.

    IntegrityError when a questionnaire was started with this key before.
    """
    organisation = Organisation.objects.create(
        name=details["name"],
        slug=new_slug(details["name"]),
        sector=details["sector"],
        size=details["size"],
        market=details["market"],
    )
    return open_round(organisation, questionnaire, role=details["role"], email=details.get("email", ""), at=at, key=key)


@transaction.atomic
def open_round(
    organisation: Organisation,
    questionnaire: Questionnaire,
    *,
    role: str,
    at: datetime,
    email: str = "",
    key: str | None = None,
) -> tuple[Response, str]:
    """The organisation's next round with the response of whoever opens it, and the key of its address."""
    last = organisation.rounds.order_by("number").values_list("number", flat=True).last() or 0
    opened = Round.objects.create(organisation=organisation, number=last + 1, questionnaire=questionnaire, opened_at=at)
    key = key or new_key()
    response = Response.objects.create(
        round=opened, key_hash=hash_of(key), role=role, email=email, opens_round=True, started_at=at
    )
    return response, key


@transaction.atomic
def exclude(response: Response, dimension: str, applies_not: bool, *, revision: int | None = None) -> bool:
    """State for the whole round that a dimension does not apply, or take that back; answers already given are kept.

    False, and nothing is changed, when the statement was changed after the `revision` that this one is based on.
    """
    stored = Round.objects.select_for_update().get(pk=response.round_id)
    is_so = (dimension in stored.excluded) == applies_not
    if not is_so and revision in (None, stored.statement_revision):
        others = [key for key in stored.excluded if key != dimension]
        stored.excluded = [*others, dimension] if applies_not else others
        stored.statement_revision += 1
        stored.save(update_fields=["excluded", "statement_revision"])
        is_so = True
    response.round.excluded, response.round.statement_revision = stored.excluded, stored.statement_revision
    return is_so
