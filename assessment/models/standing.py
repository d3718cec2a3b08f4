"""How far a round is: how many people were invited, came and answered. Never who, and nothing of what they said."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Count, Q

from assessment.models.joint import invited, missing, smallest_group
from assessment.models.response import Response
from assessment.models.round import Round
from assessment.models.starting import own_key


@dataclass(frozen=True, slots=True)
class Standing:
    """A round in numbers of people; `missing` is how many answers, owners' not counted, a new joint report still needs.

    `invited` is None where people come by one link: nobody knows how many have it.
    """

    invited: int | None
    joined: int
    answered: int
    missing: int
    smallest_group: int
    mine: Response | None
    my_key: str | None


def unfinished(of: Round) -> int:
    """How many have begun an open round and not submitted; of a round held otherwise that is told nobody, so 0."""
    return of.responses.unfinished().count() if of.mode == Round.Mode.OPEN else 0


def standing(of: Round, user: AbstractBaseUser) -> Standing:
    """How far a round is, and the response of whoever asks; its key is None when it was begun before signing in."""
    live = [Response.State.DRAFT, Response.State.SUBMITTED]
    corrections = Q(state=Response.State.DRAFT, key_hash__in=of.responses.submitted().values("key_hash"))
    people = of.responses.filter(state__in=live).exclude(corrections)  # who erased what is published has answered, too
    counts = people.aggregate(joined=Count("pk"), answered=Count("pk", filter=Q(state=Response.State.SUBMITTED)))
    fewest = smallest_group(of)
    submitted = list(of.responses.counted().only("round", "key_hash", "batch", "by_owner", "opens_round"))
    key = own_key(user, of)
    mine = Response.objects.with_key(key).first()
    return Standing(
        invited=None if of.invitations.links().exists() else invited(of, submitted),
        missing=missing(of, submitted, fewest=fewest),
        smallest_group=fewest,
        mine=mine or Response.objects.written_by(user, of).filter(state__in=live).first(),
        my_key=key if mine else None,
        **counts,
    )
