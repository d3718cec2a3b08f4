"""Who belongs to an organisation: claiming it, inviting people to it, what they may do, and leaving it.

An organisation that somebody owns always keeps an owner. Every verb here locks the organisation first.
"""

from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment.models.organisation import Membership, Organisation
from assessment.models.response import Response
from assessment.models.secret import SecretLink, hash_of

VALID = timedelta(days=14)
CLAIM_VALID = timedelta(days=2)


class LastOwnerError(Exception):
    """The organisation would be left without an owner; nothing was changed."""


class PeopleInvitationQuerySet(models.QuerySet):
    def open(self, *, at: datetime):
        return self.filter(revoked_at=None, used_at=None, expires_at__gt=at)

    def with_token(self, token: str, *, at: datetime):
        return self.open(at=at).filter(token_hash=hash_of(token)).select_related("organisation")


class PeopleInvitation(SecretLink):
    """A single-use link that makes whoever follows it, signed in, one of an organisation's people."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    role = models.CharField(pgettext_lazy("membership", "role"), max_length=6, choices=Membership.Role)
    email = models.EmailField(
        _("e-mail"), blank=True, default=""
    )  # where it was mailed to; empty: handed over otherwise
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    objects = PeopleInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to an organisation")
        verbose_name_plural = _("invitations to organisations")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_role_display()}"


class ClaimLink(SecretLink):
    """A single-use link, mailed to the address given at the start, that lets its reader keep the organisation."""

    response = models.OneToOneField(Response, models.CASCADE, related_name="claim_link")
    expires_at = models.DateTimeField(_("expires"))

    class Meta:
        verbose_name = _("link to keep an organisation")
        verbose_name_plural = _("links to keep an organisation")

    def __str__(self) -> str:
        return f"{self.response_id}"


def _hold(organisation_id: int) -> Organisation:
    return Organisation.objects.select_for_update().get(pk=organisation_id)


# Keeping an organisation that nobody owns ---------------------------------------------------------------------------
def can_be_claimed(response: Response) -> bool:
    """Whether this response opened a round of an organisation that nobody owns."""
    return response.opens_round and not response.round.organisation.memberships.exists()


@transaction.atomic
def claim(response: Response, user: AbstractBaseUser) -> Membership | None:
    """Make this person the owner of the organisation that she started; None when somebody owns it."""
    _hold(response.round.organisation_id)
    if not can_be_claimed(response):
        return None
    # A correction under way belongs to her as well.
    Response.objects.filter(key_hash=response.key_hash, user=None).update(user=user)
    ClaimLink.objects.filter(response__round__organisation=response.round.organisation_id).delete()
    return Membership.objects.create(
        organisation_id=response.round.organisation_id, user=user, role=Membership.Role.OWNER
    )


@transaction.atomic
def claim_link(response: Response, *, at: datetime) -> ClaimLink:
    """A new link to keep this response's organisation; one made before opens nothing any more."""
    ClaimLink.objects.filter(response=response).delete()
    link = ClaimLink(response=response, created_at=at, expires_at=at + CLAIM_VALID)
    link.renew()
    link.save()
    return link


def claimed_by(token: str, *, at: datetime) -> Response | None:
    """The response whose organisation the holder of a mailed link may keep."""
    found = ClaimLink.objects.filter(token_hash=hash_of(token), expires_at__gt=at)
    link = found.select_related("response__round__organisation", "response__round__questionnaire").first()
    return link.response if link and can_be_claimed(link.response) else None


# Inviting people ----------------------------------------------------------------------------------------------------
def invite_person(organisation: Organisation, role: str, *, email: str = "", at: datetime) -> PeopleInvitation:
    """A single-use invitation to belong to an organisation, for 14 days."""
    invitation = PeopleInvitation(
        organisation=organisation, role=role, email=email, created_at=at, expires_at=at + VALID
    )
    invitation.renew()
    invitation.save()
    return invitation


@transaction.atomic
def accept(token: str, user: AbstractBaseUser, *, at: datetime) -> Membership | None:
    """Make this person one of the organisation's people; None when the invitation is used, revoked or too old.

    Somebody who belongs to it already may do more afterwards, never less.
    """
    invitation = PeopleInvitation.objects.with_token(token, at=at).select_for_update(of=("self",)).first()
    if invitation is None:
        return None
    _hold(invitation.organisation_id)
    invitation.used_at = at
    invitation.save(update_fields=["used_at"])
    membership, made = Membership.objects.get_or_create(
        organisation_id=invitation.organisation_id, user=user, defaults={"role": invitation.role}
    )
    if not made and Membership.Role(invitation.role).rank > Membership.Role(membership.role).rank:
        membership.role = invitation.role
        membership.save(update_fields=["role"])
    _mark(membership)
    return membership


# What they may do ---------------------------------------------------------------------------------------------------
@transaction.atomic
def change_role(membership: Membership, role: str) -> None:
    """Let a person do more or less. LastOwnerError when no owner would be left."""
    _hold(membership.organisation_id)
    membership.refresh_from_db()
    if role != Membership.Role.OWNER:
        _keep_an_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    _mark(membership)


@transaction.atomic
def remove(membership: Membership) -> None:
    """End a membership: somebody leaves, or an owner takes her off. LastOwnerError when no owner would be left."""
    _hold(membership.organisation_id)
    membership.refresh_from_db()
    _keep_an_owner(membership)
    membership.delete()


def _keep_an_owner(membership: Membership) -> None:
    others = Membership.objects.owners().filter(organisation=membership.organisation_id).exclude(pk=membership.pk)
    if membership.role == Membership.Role.OWNER and not others.exists():
        raise LastOwnerError


def _mark(membership: Membership) -> None:
    """What a new owner has submitted and nothing was published of counts as an owner's from now on."""
    if membership.role == Membership.Role.OWNER:
        Response.objects.submitted().filter(
            user_id=membership.user_id,
            round__organisation=membership.organisation_id,
            batch__gt=F("round__publications"),
        ).update(by_owner=True)
