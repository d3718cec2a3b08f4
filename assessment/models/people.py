"""Who belongs to an organisation: inviting people to it, what they may do, and leaving it.

An organisation that somebody owns always keeps an owner. Every verb here locks the organisation first.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment.models.accounts import mailboxes_of
from assessment.models.limit import wait_until
from assessment.models.organisation import Membership, Organisation
from assessment.models.round import Round
from assessment.models.secret import SecretLink, hash_of
from assessment.models.spacing import mark_for_new_owner, remember_owner
from assessment.text.addresses import mailbox

VALID = timedelta(days=14)


class LastOwnerError(Exception):
    """The organisation would be left without an owner; nothing was changed."""


class InvitedError(Exception):
    """Somebody is invited to a confidential round that may still be published, so their role stands still."""

    def __init__(self, of: Round) -> None:
        super().__init__(str(of))
        self.round = of


class PeopleInvitationQuerySet(models.QuerySet):
    def mailed_to(self, emails: Iterable[str]):
        """Those that went to one of these addresses, which are in small letters."""
        return self.exclude(email="").alias(to=Lower("email")).filter(to__in=list(emails))

    def open(self, *, at: datetime):
        return self.filter(revoked_at=None, used_at=None, expires_at__gt=at)

    def with_token(self, token: str, *, at: datetime):
        found = self.open(at=at).filter(token_hash=hash_of(token))
        return found.select_related("organisation", "invited_by")


class PeopleInvitation(SecretLink):
    """A single-use link that makes whoever follows it, signed in, one of an organisation's people."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    role = models.CharField(pgettext_lazy("membership", "role"), max_length=6, choices=Membership.Role)
    # Where it was mailed to, in small letters; empty when it is handed over otherwise.
    email = models.EmailField(_("e-mail"), blank=True, default="")
    # Whom it names to its reader.
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    languages = models.CharField(
        max_length=20, default="fr,en", editable=False
    )  # of its mails, one text after the other

    objects = PeopleInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to an organisation")
        verbose_name_plural = _("invitations to organisations")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_role_display()}"

    @property
    def rank(self) -> int:
        return Membership.Role(self.role).rank

    @property
    def inviter(self) -> str | None:
        """Who invites; None when that account is there no more."""
        return (self.invited_by.email or self.invited_by.get_username()) if self.invited_by else None


def hold(organisation_id: int) -> bool:
    """Lock an organisation until the transaction ends; False when it was deleted meanwhile."""
    return Organisation.objects.select_for_update(no_key=True).filter(pk=organisation_id).first() is not None


# Inviting people ----------------------------------------------------------------------------------------------------
def wait_to_invite(
    organisation: Organisation, by: AbstractBaseUser, *, at: datetime, number: int = 1
) -> datetime | None:
    """Count so many more invitations, all or none; None when that is still allowed, else when to try again."""
    most, day = settings.INVITATIONS_PER_DAY, timedelta(days=1)
    with transaction.atomic():
        for who in (f"organisation {organisation.pk}", f"person {by.pk}"):
            until = wait_until("invitations", who, most=most, within=day, at=at, number=number)
            if until:
                transaction.set_rollback(True)  # what is refused uses nothing up
                return until
    return None


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
    hold(organisation.pk)
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
    hold(known.organisation_id)
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
    """One of an organisation's people, as one of them may see her: `name` is her address, or None."""

    number: int
    role: str
    name: str | None
    is_self: bool
    is_last_owner: bool

    @property
    def role_name(self) -> str:
        return Membership.Role(self.role).label


def people_of(viewer: Membership) -> list[Person]:
    """The people of somebody's organisation; who only reads sees what they are, and no address but her own."""
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
    held = _held(membership)
    if held is None:
        return
    _stand_still(held.organisation_id, held.user)
    if role != Membership.Role.OWNER:
        _before_an_owner_goes(held, by)
    held.role = role
    held.save(update_fields=["role"])
    note_new_owner(held)


@transaction.atomic
def remove(membership: Membership, *, by: AbstractBaseUser | None = None) -> None:
    """End a membership: somebody leaves, or an owner takes them off (`by`). LastOwnerError when no owner would be left."""
    held = _held(membership)
    if held is None:
        return
    _before_an_owner_goes(held, by)
    held.delete()


def _held(membership: Membership) -> Membership | None:
    """The membership as it is now, its organisation held; None when somebody ended it meanwhile."""
    hold(membership.organisation_id)
    return Membership.objects.select_related("user").filter(pk=membership.pk).first()


def round_of_invited(organisation_id: int, account: AbstractBaseUser) -> Round | None:
    """The confidential round to which an account is invited, at whichever of its addresses (see `invited_to`)."""
    return invited_to(organisation_id, mailboxes_of(account, confirmed=False))


def invited_to(organisation_id: int, addresses: Collection[str]) -> Round | None:
    """The confidential round to which one of these addresses is invited and that may still be published.

    The rule (scoring.md, "Known"): who is an owner decides what counts, so that a role that changes meanwhile would tell
    who has answered. It depends on the invitations alone.
    """
    confidential = Round.objects.filter(organisation=organisation_id, mode=Round.Mode.CONFIDENTIAL)
    rounds = (
        confidential.select_related("organisation").filter(invitations__mailbox__in=map(mailbox, addresses)).distinct()
    )
    return next((of for of in rounds.latest_first() if of.may_be_published), None)


def _stand_still(organisation_id: int, account: AbstractBaseUser) -> None:
    if of := round_of_invited(organisation_id, account):
        raise InvitedError(of)


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

    What they submitted before counts as it did (scoring.md, "Known"): whatever a later publication counted otherwise would
    tell whether they answered, and what.
    """
    if membership.role == Membership.Role.OWNER:
        mark_for_new_owner(membership.organisation_id, at=timezone.now())
