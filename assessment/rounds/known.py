"""Whose answers are known to an owner, and so count towards no smallest group (scoring/README.md, "Known").

A response stores neither its author nor their mailbox, so that they are compared with those an owner could know.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from assessment.models.marks import OpenerMark
from assessment.models.organisation import Membership
from assessment.models.people import mailboxes_of
from assessment.models.response import Response, author_at, author_of
from assessment.models.round import Round
from assessment.text.addresses import mailbox

SAME_PERSON = timedelta(days=300)  # within it somebody's answers are taken as those they gave before


def mailbox_invited(response: Response) -> str:
    """The mailbox whose invitation led to a response; empty when none did."""
    for invitation in response.round.invitations.personal():
        if invitation.response_hash == response.key_hash:
            return invitation.mailbox
    return ""


def remember_opener(response: Response, *, at: datetime | None = None) -> None:
    """Keep for 300 days, before it is erased or sealed, whose response opened a round; `at`: also one still to be submitted."""
    submitted_at = response.submitted_at or at
    if not response.opens_round or submitted_at is None:
        return
    organisation = response.round.organisation_id
    OpenerMark.objects.bulk_create(
        OpenerMark(organisation_id=organisation, source=number, author=author, submitted_at=submitted_at)
        for number, author in _opened_by(response)
    )


def _opened_by(response: Response) -> set[tuple[int, str]]:
    """Who opened a round, as fingerprints in it: the account, the address given, or what a confidential round kept."""
    found = {response.author}
    boxes = {mailbox(response.email)} if response.email else set()
    if response.user:
        found.add(author_of(response.user, response.round_id))
        boxes |= mailboxes_of(response.user, confirmed=False)
    found |= {author_at(box, response.round_id) for box in boxes}
    return {(response.round_id, author) for author in found - {""}}


def is_known(response: Response, *, at: datetime) -> bool:
    """Whether an owner knows what this response says when it is submitted at that time.

    Its author is an owner, or opened a solo round of the organisation in the 300 days before. Of somebody invited it is the
    mailbox that says whether they own it: whose account somebody becomes an owner by may change while others answer.
    """
    round_ = response.round
    if response.by_owner or round_.is_solo:
        return response.by_owner
    invited, opened = mailbox_invited(response), _openings(round_, at=at)
    openers = [account for account in _accounts(round_, at=at) if _opened(account, opened)]
    if any(_signed_in(response, account) for account in openers):
        return True
    if invited:
        mailboxes = owner_mailboxes(round_.organisation_id).union(
            *(mailboxes_of(one, confirmed=False) for one in openers)
        )
        return invited in mailboxes or any(author_at(invited, number) == author for number, author in opened)
    owners = Membership.objects.owners().filter(organisation=round_.organisation_id).select_related("user")
    return any(_signed_in(response, owner.user) for owner in owners)


def opened_before(round_: Round, account: AbstractBaseUser | None, invited: str, *, at: datetime) -> bool:
    """Whether this account, or whoever is invited at this mailbox, opened a round of the organisation in the 300 days before."""
    opened = _openings(round_, at=at)
    if account and _opened(account, opened):
        return True
    return bool(invited) and any(author_at(invited, number) == author for number, author in opened)


def _openings(round_: Round, *, at: datetime) -> set[tuple[int, str]]:
    """Who opened a round of the organisation in the 300 days before, each as a fingerprint in that round."""
    since = at - SAME_PERSON
    marks = OpenerMark.objects.filter(organisation=round_.organisation_id, submitted_at__gte=since)
    return set(marks.values_list("source", "author")).union(*map(_opened_by, _opening(round_, since=since)))


def _opening(round_: Round, *, since: datetime) -> models.QuerySet:
    found = Response.objects.filter(
        round__organisation=round_.organisation_id, opens_round=True, submitted_at__gte=since
    )
    return found.select_related("user")


def _accounts(round_: Round, *, at: datetime) -> set[AbstractBaseUser]:
    """Those who may have opened one: the organisation's people, and who did so and belongs to it no more."""
    people = Membership.objects.filter(organisation=round_.organisation_id).select_related("user")
    found = {row.user for row in people}
    return found | {opener.user for opener in _opening(round_, since=at - SAME_PERSON) if opener.user}


def _opened(account: AbstractBaseUser, opened: Collection[tuple[int, str]]) -> bool:
    return any(author_of(account, number) == author for number, author in opened)


def _signed_in(response: Response, account: AbstractBaseUser) -> bool:
    return response.user_id == account.pk or response.author == author_of(account, response.round_id)


def owner_mailboxes(organisation_id: int) -> set[str]:
    """The mailboxes of an organisation's owners, whether they confirmed them or not."""
    owners = Membership.objects.owners().filter(organisation=organisation_id)
    addresses = owners.values_list("user__email", "user__emailaddress__email")
    return {mailbox(address) for both in addresses for address in both if address}
