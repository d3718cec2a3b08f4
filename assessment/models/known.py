"""Whose answers are known to an owner, and so count towards no smallest group (scoring.md, "Known").

A response stores neither its author nor their mailbox, so that they are compared with those an owner could know.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser

from assessment.models.accounts import mailboxes_of
from assessment.models.organisation import Membership
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


def is_known(response: Response, *, at: datetime) -> bool:
    """Whether an owner knows what this response says when it is submitted at that time.

    Its author is an owner, or opened a solo round of the organisation in the 300 days before. Of somebody invited it is the
    mailbox that says whether they own it: whose account somebody becomes an owner by may change while others answer.
    """
    of = response.round
    if response.by_owner or of.is_solo:
        return response.by_owner
    invited = mailbox_invited(response)
    openers = Response.objects.filter(
        round__organisation=of.organisation_id, opens_round=True, submitted_at__gte=at - SAME_PERSON
    ).select_related("user")
    known = list(_accounts(openers, of))
    if any(_signed_in(response, account) for account in known):
        return True
    if invited:
        mailboxes = owner_mailboxes(of.organisation_id).union(*(mailboxes_of(one, confirmed=False) for one in known))
        return invited in mailboxes or any(_is_at(opener, invited) for opener in openers)
    owners = Membership.objects.owners().filter(organisation=of.organisation_id).select_related("user")
    return any(_signed_in(response, owner.user) for owner in owners)


def _signed_in(response: Response, account: AbstractBaseUser) -> bool:
    return response.user_id == account.pk or response.author == author_of(account, response.round_id)


def _is_at(opener: Response, invited: str) -> bool:
    """Whether whoever opened a round gave this mailbox; of one that became confidential only a fingerprint is stored."""
    return mailbox(opener.email) == invited if opener.email else opener.author == author_at(invited, opener.round_id)


def _accounts(openers: Iterable[Response], of: Round) -> Iterator[AbstractBaseUser]:
    """The accounts that opened rounds of an organisation: those stored, and its people by their fingerprints."""
    people = [row.user for row in Membership.objects.filter(organisation=of.organisation_id).select_related("user")]
    for opener in openers:
        if opener.user:
            yield opener.user
        elif opener.author:
            yield from (user for user in people if author_of(user, opener.round_id) == opener.author)


def owner_mailboxes(organisation_id: int) -> set[str]:
    """The mailboxes of an organisation's owners, whether they confirmed them or not."""
    owners = Membership.objects.owners().filter(organisation=organisation_id)
    addresses = owners.values_list("user__email", "user__emailaddress__email")
    return {mailbox(address) for both in addresses for address in both if address}
