"""Who belongs to an organisation: inviting people to it, what they may do, and leaving it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from assessment.models.organisation import Membership, Organisation, lock_organisation
from assessment.models.people import PeopleInvitation, mailboxes_of
from assessment.models.round import Round
from assessment.models.secret import hash_of
from assessment.rounds.spacing import mark_for_new_owner, remember_owner
from assessment.text.addresses import mailbox

VALID = timedelta(days=14)


class LastOwnerError(Exception):
    """The organisation would be left without an owner; nothing was changed."""


class InvitedError(Exception):
    """Somebody is invited to a confidential round that may still be published, so their role stands still."""

    def __init__(self, round_: Round) -> None:
        super().__init__(str(round_))
        self.round = round_


@transaction.atomic
def invite_person(
    organisation: Organisation,
    role: str,
    *,
    email: str = "",
    by: AbstractBaseUser | None = None,
    languages: str = "fr,en",
    at: datetime,
) -> PeopleInvitation:
    """A single-use invitation to belong to an organisation, for 14 days from now.

    Who is invited at an address (in small letters) keeps one link, whatever they are invited as in the end.
    """
    lock_organisation(organisation.pk)
    invitation = organisation.invitations.open(at=at).filter(email=email).first() if email else None
    if invitation is None:
        invitation = PeopleInvitation(organisation=organisation, email=email, created_at=at)
        invitation.renew()
    invitation.role, invitation.invited_by, invitation.expires_at = role, by, at + VALID
    invitation.languages = languages
    invitation.save()
    return invitation


def revoke_person_invitation(organisation: Organisation, number: int, *, at: datetime) -> None:
    """End an invitation, by its number in the list; one that is used or not there is ended already."""
    organisation.invitations.filter(pk=number, used_at=None, revoked_at=None).update(revoked_at=at)


@transaction.atomic
def accept(token: str, user: AbstractBaseUser, *, at: datetime) -> Membership | None:
    """Make this person one of the organisation's people; None when the invitation is used, revoked or too old.

    Somebody who belongs to it already may do more afterwards, never less: an invitation that brings them nothing is not
    used up, and one that is used up leads them to what they have. InvitedError when it would change the role of somebody
    who is invited to a confidential round, or make them an owner.
    """
    known = PeopleInvitation.objects.filter(token_hash=hash_of(token), revoked_at=None).first()
    if known is None:
        return None
    lock_organisation(known.organisation_id)
    membership = Membership.objects.filter(organisation=known.organisation_id, user=user).first()
    invitation = PeopleInvitation.objects.open(at=at).select_for_update().filter(token_hash=hash_of(token)).first()
    if invitation is None or (membership and membership.rank >= invitation.rank):
        return membership
    if membership or invitation.role == Membership.Role.OWNER:
        _stand_still(invitation.organisation_id, user)
    membership = membership or Membership(organisation_id=invitation.organisation_id, user=user)
    membership.role, invitation.used_at = invitation.role, at
    membership.save()
    invitation.save(update_fields=["used_at"])
    note_new_owner(membership)
    return membership


# What they may do ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Person:
    """One of an organisation's people, as one of them may see them: `name` is their address, or None."""

    number: int
    role: str
    name: str | None
    is_self: bool
    is_last_owner: bool

    @property
    def role_name(self) -> str:
        return Membership.Role(self.role).label


def people_of(viewer: Membership) -> list[Person]:
    """The people of somebody's organisation; who only reads sees what they are, and no address but their own."""
    rows = list(Membership.objects.filter(organisation=viewer.organisation_id).select_related("user"))
    owners = [row.pk for row in rows if row.role == Membership.Role.OWNER]
    sees_all = viewer.role != Membership.Role.VIEWER
    return [
        Person(
            number=row.pk,
            role=row.role,
            name=row.name if sees_all or row.pk == viewer.pk else None,
            is_self=row.pk == viewer.pk,
            is_last_owner=[row.pk] == owners,
        )
        for row in rows
    ]


@transaction.atomic
def change_role(membership: Membership, role: str, *, by: AbstractBaseUser | None = None) -> None:
    """Let a person do more or less. LastOwnerError when no owner would be left.

    InvitedError while they are invited to a confidential round of the organisation. An owner who is one no more because
    somebody else says so cannot come back by the invitations they have seen.
    """
    locked = _locked(membership)
    if locked is None:
        return
    _stand_still(locked.organisation_id, locked.user)
    if role != Membership.Role.OWNER:
        _before_an_owner_goes(locked, by)
    locked.role = role
    locked.save(update_fields=["role"])
    note_new_owner(locked)


@transaction.atomic
def remove(membership: Membership, *, by: AbstractBaseUser | None = None) -> None:
    """End a membership: somebody leaves, or an owner takes them off (`by`). LastOwnerError when no owner would be left."""
    locked = _locked(membership)
    if locked is None:
        return
    _before_an_owner_goes(locked, by)
    locked.delete()


def _locked(membership: Membership) -> Membership | None:
    """The membership as it is now, its organisation locked; None when somebody ended it meanwhile."""
    lock_organisation(membership.organisation_id)
    return Membership.objects.select_related("user").filter(pk=membership.pk).first()


def round_of_invited(organisation_id: int, account: AbstractBaseUser) -> Round | None:
    """The confidential round to which an account is invited, at whichever of its addresses (see `invited_to`)."""
    return invited_to(organisation_id, mailboxes_of(account, confirmed=False))


def invited_to(organisation_id: int, addresses: Collection[str]) -> Round | None:
    """The confidential round to which one of these addresses is invited and that may still be published.

    The rule (scoring/README.md, "Known"): who is an owner decides what counts, so that a role that changes meanwhile would tell
    who has answered. It depends on the invitations alone.
    """
    confidential = Round.objects.filter(organisation=organisation_id, mode=Round.Mode.CONFIDENTIAL)
    rounds = (
        confidential.select_related("organisation").filter(invitations__mailbox__in=map(mailbox, addresses)).distinct()
    )
    return next((round_ for round_ in rounds.latest_first() if round_.may_be_published), None)


def _stand_still(organisation_id: int, account: AbstractBaseUser) -> None:
    if round_ := round_of_invited(organisation_id, account):
        raise InvitedError(round_)


def _before_an_owner_goes(membership: Membership, by: AbstractBaseUser | None) -> None:
    if membership.role != Membership.Role.OWNER:
        return
    others = Membership.objects.owners().filter(organisation=membership.organisation_id)
    if not others.exclude(pk=membership.pk).exists():
        raise LastOwnerError
    remember_owner(membership)
    if by is not None and by.pk != membership.user_id:
        renew_invitations(membership.organisation_id)


def renew_invitations(organisation_id: int) -> None:
    """Give the unused invitations of an organisation, which the caller holds, other links: who knew them knows none."""
    open_ones = list(PeopleInvitation.objects.filter(organisation=organisation_id, used_at=None))
    for invitation in open_ones:
        invitation.renew()
    PeopleInvitation.objects.bulk_update(open_ones, ["seed", "token_hash"])


def note_new_owner(membership: Membership) -> None:
    """Keep the joint reports of a new owner's organisations apart; the caller holds the organisation.

    What they submitted before counts as it did (scoring/README.md, "Known"): whatever a later publication counted otherwise would
    tell whether they answered, and what.
    """
    if membership.role == Membership.Role.OWNER:
        mark_for_new_owner(membership.organisation_id, at=timezone.now())
