"""Whose answers are known to an owner, and so count towards no smallest group (scoring.md, "Known").

A response stores neither its author nor their mailbox, so that they are compared with those an owner could know.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
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

    Its author is an owner, signed in or by the mailbox they were invited at, or opened a solo round of the organisation in
    the 300 days before.
    """
    of = response.round
    if response.by_owner or of.is_solo:
        return response.by_owner
    invited = mailbox_invited(response)
    owners = get_user_model().objects.filter(
        memberships__organisation=of.organisation_id, memberships__role=Membership.Role.OWNER
    )
    openers = Response.objects.filter(
        round__organisation=of.organisation_id, opens_round=True, submitted_at__gte=at - SAME_PERSON
    ).select_related("user")
    if invited and any(_is_at(opener, invited) for opener in openers):
        return True
    accounts = [*owners, *_accounts(openers, of)]
    return any(_is_by(response, account, {invited} - {""}) for account in accounts)


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


def _is_by(response: Response, account: AbstractBaseUser, invited: Collection[str]) -> bool:
    signed_in = response.user_id == account.pk or response.author == author_of(account, response.round_id)
    return signed_in or not mailboxes_of(account, confirmed=False).isdisjoint(invited)


def owner_mailboxes(organisation_id: int) -> set[str]:
    """The mailboxes of an organisation's owners, whether they confirmed them or not."""
    owners = Membership.objects.owners().filter(organisation=organisation_id)
    addresses = owners.values_list("user__email", "user__emailaddress__email")
    return {mailbox(address) for both in addresses for address in both if address}
