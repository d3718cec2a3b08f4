"""How far apart the joint reports of rounds of several people are published, so that their difference names nobody.

The rule (scoring/README.md, "Two rounds"): between a confidential publication and any of another round of several people lie 300
days, in one organisation and in all of an owner to which one same mailbox was invited. Marks outlive the organisation.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from assessment.models.marks import PublicationMark
from assessment.models.organisation import Membership, Organisation
from assessment.models.people import mailboxes_of
from assessment.models.round import Invitation, Round
from assessment.models.secret import derived_key
from assessment.rounds.known import SAME_PERSON, owner_mailboxes

BATCH = 500


def publishable_from(round_: Round, *, on: date) -> date | None:
    """The first day on which a round's joint report may be published; None when on that day nothing stands in its way.

    A round that is not settled yet is taken as confidential: that needs the longer time of the two.
    """
    day = _first_day(round_)
    return day if day and day > on else None


def publishing_days(round_: Round, *, on: date) -> dict[str, date | None]:
    """From when the joint report of a round that is not settled may be published, held either way; None: at once."""
    kept = {"pk": round_.pk, "organisation_id": round_.organisation_id}
    return {
        f"{mode}_from": publishable_from(Round(mode=mode, **kept), on=on)
        for mode in (Round.Mode.CONFIDENTIAL, Round.Mode.OPEN)
    }


def waits(round_: Round) -> bool:
    """Whether a round was closed before its joint report could be published, and has not been published since."""
    if round_.is_open or round_.is_solo or round_.published_at == round_.closed_at or round_.has_later:
        return False
    day = _first_day(round_)
    return day is not None and timezone.localdate(round_.closed_at) < day


def _first_day(round_: Round) -> date | None:
    others = Round.objects.filter(organisation=round_.organisation_id).exclude(pk=round_.pk).exclude(published_at=None)
    marks = PublicationMark.objects.exclude(source=_source(round_.pk))
    if round_.mode == Round.Mode.OPEN:
        others, marks = others.filter(mode=Round.Mode.CONFIDENTIAL), marks.filter(confidential=True)
    times = list(others.values_list("published_at", flat=True))
    pairs = sorted(_pairs(round_.organisation_id))
    for first in range(0, len(pairs), BATCH):
        times += marks.filter(pair__in=pairs[first : first + BATCH]).values_list("published_at", flat=True)
    return timezone.localdate(max(times) + SAME_PERSON) if times else None


def mark(round_: Round) -> None:
    """Note when a round was published, for its organisation's owners of today and before; noted again, it is once."""
    rows = [
        PublicationMark(
            source=_source(round_.pk),
            pair=pair,
            confidential=round_.is_confidential,
            published_at=round_.published_at,
        )
        for pair in _pairs(round_.organisation_id)
    ]
    PublicationMark.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["source", "pair"],
        update_fields=["published_at"],
    )


def mark_for_new_owner(organisation_id: int, *, at: datetime) -> None:
    """Note the publications that still count for whoever became an owner."""
    for round_ in Round.objects.filter(organisation=organisation_id, published_at__gt=at - SAME_PERSON):
        mark(round_)


def remember_owner(membership: Membership) -> None:
    """Note, before a membership ends or changes, whose it was, if it is an owner's; the caller holds the organisation."""
    if membership.role != Membership.Role.OWNER:
        return
    theirs = _fingerprints({membership.user_id}, mailboxes_of(membership.user, confirmed=False))
    organisation = Organisation.objects.get(pk=membership.organisation_id)
    organisation.former_owners = sorted(theirs.union(organisation.former_owners))
    organisation.save(update_fields=["former_owners"])


def _pairs(organisation_id: int) -> set[str]:
    """Each owner, of today or before, with each mailbox that was invited to a round and is no owner's."""
    of_owners = owner_mailboxes(organisation_id)
    former = Organisation.objects.values_list("former_owners", flat=True).get(pk=organisation_id)
    accounts = Membership.objects.owners().filter(organisation=organisation_id).values_list("user", flat=True)
    owners = _fingerprints(accounts, of_owners).union(former)
    invited = Invitation.objects.personal().filter(round__organisation=organisation_id).exclude(mailbox="")
    mailboxes = set(invited.values_list("mailbox", flat=True)) - of_owners
    return {derived_key("pair", owner, mailbox) for owner in owners for mailbox in mailboxes}


def _fingerprints(accounts: Iterable[int], mailboxes: Iterable[str]) -> set[str]:
    """Owners by their accounts, whose addresses may change, and by their mailboxes, which may get another account."""
    return {derived_key("owner", mailbox) for mailbox in mailboxes} | {
        derived_key("owner account", account) for account in accounts
    }


def _source(round_id: int) -> str:
    return derived_key("publication", round_id)
