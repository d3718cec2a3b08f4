"""How a round begins: an organisation, its first round and the response of the person who starts it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from assessment.models.content import Questionnaire
from assessment.models.organisation import Organisation, new_slug
from assessment.models.response import Response, Round, hash_of, new_key


@transaction.atomic
def start_round(questionnaire: Questionnaire, details: Mapping[str, str], *, at: datetime) -> tuple[Response, str]:
    """A new organisation with its first, solo round; the response and the key of its address, which is not stored."""
    organisation = Organisation.objects.create(
        name=details["name"],
        slug=new_slug(details["name"]),
        sector=details["sector"],
        size=details["size"],
        market=details["market"],
    )
    return open_round(organisation, questionnaire, role=details["role"], email=details.get("email", ""), at=at)


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


def exclude(response: Response, dimension: str, applies_not: bool) -> None:
    """State for the whole round that a dimension does not apply, or take that back; answers already given are kept."""
    this_round = response.round
    others = [key for key in this_round.excluded if key != dimension]
    this_round.excluded = [*others, dimension] if applies_not else others
    this_round.save(update_fields=["excluded"])
