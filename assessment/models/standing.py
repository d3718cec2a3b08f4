"""How far a round is: how many people were invited, came and answered. Never who, and nothing of what they said."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Count, Q
from django.utils import timezone

from assessment.models.joint import missing
from assessment.models.response import Response
from assessment.models.round import Round
from assessment.models.spacing import publishable_from, waits
from assessment.models.starting import own_key


@dataclass(frozen=True, slots=True)
class Standing:
    """A round in numbers of people, as its people may know them before its report.

    `invited` is None where people come by one link: nobody knows how many have it. Of a confidential round `joined`,
    `answered` and `missing` are None, and `enough` says whether at least `smallest_group` people whose answers no owner knows
    had answered when the day began. `publishable_from` is the first day for its joint report while that is to come; `waits`,
    whether it was closed before.
    """

    invited: int | None
    joined: int | None
    answered: int | None
    missing: int | None
    enough: bool
    smallest_group: int
    publishable_from: date | None
    waits: bool
    may_answer: bool
    mine: Response | None
    my_key: str | None

    @property
    def is_ready(self) -> bool:
        """Whether closing it today publishes a joint report, as far as its people may know."""
        return self.enough and self.publishable_from is None


def unfinished(of: Round) -> int:
    """How many have begun an open round and not submitted; of a round held otherwise that is told nobody, so 0."""
    return of.responses.unfinished().count() if of.mode == Round.Mode.OPEN else 0


def standing(of: Round, user: AbstractBaseUser) -> Standing:
    """How far a round is, and the response of whoever asks; its key is None when it was begun before signing in."""
    live = [Response.State.DRAFT, Response.State.SUBMITTED]
    key = own_key(user, of)
    mine = Response.objects.with_key(key).first() if key else None
    return Standing(
        invited=None
        if of.mode == Round.Mode.OPEN and of.invitations.links().exists()
        else of.invitations.personal().count(),
        smallest_group=of.smallest_group,
        publishable_from=None if of.is_solo else publishable_from(of, on=timezone.localdate()),
        waits=waits(of),
        may_answer=key is not None,
        mine=mine or Response.objects.written_by(user, of).filter(state__in=live).first(),
        my_key=key if mine else None,
        **(_as_of_midnight(of) if of.is_confidential else _counts(of)),
    )


def _as_of_midnight(of: Round) -> dict:
    """What is told of a confidential round until it is closed."""
    return {"joined": None, "answered": None, "missing": None, "enough": of.tells_enough(on=timezone.localdate())}


def _counts(of: Round) -> dict:
    """How many people came and answered; who erased what is published has answered, too."""
    live = [Response.State.DRAFT, Response.State.SUBMITTED]
    corrections = Q(state=Response.State.DRAFT, key_hash__in=of.responses.submitted().values("key_hash"))
    people = of.responses.filter(state__in=live).exclude(corrections)
    counts = people.aggregate(joined=Count("pk"), answered=Count("pk", filter=Q(state=Response.State.SUBMITTED)))
    submitted = list(of.responses.counted().only("round", "key_hash", "batch", "by_owner", "opens_round"))
    needed = missing(of, submitted, fewest=1)
    return counts | {"missing": needed, "enough": not needed}
