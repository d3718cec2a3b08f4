"""Keeping an organisation that nobody owns: from the browser that started it, or by a link mailed to who did."""

from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from assessment.models.organisation import AGREEMENT, Membership, lock_organisation
from assessment.models.response import Response
from assessment.models.secret import hash_of
from assessment.models.share import ClaimLink

VALID = timedelta(days=2)


def can_be_claimed(response: Response) -> bool:
    """Whether this response opened a round of an organisation that nobody owns; who may, its browser or a mailed link says."""
    return response.opens_round and not response.round.organisation.memberships.exists()


@transaction.atomic
def claim(response: Response, user: AbstractBaseUser, *, agreed_at: datetime | None = None) -> Membership | None:
    """Make this person the owner of the organisation that they started; once more changes nothing.

    `agreed_at`: when they agreed that it counts in the live barometer, None when they did not. None when others own it.
    """
    organisation = response.round.organisation
    if not lock_organisation(organisation.pk):
        return None
    if not can_be_claimed(response):
        return organisation.memberships.filter(user=user).first()
    # A correction under way belongs to them as well.
    Response.objects.filter(key_hash=response.key_hash, user=None).update(user=user)
    if agreed_at:
        organisation.agree(True, at=agreed_at)
        organisation.save(update_fields=AGREEMENT)
    return Membership.objects.create(organisation=organisation, user=user, role=Membership.Role.OWNER)


@transaction.atomic
def claim_link(response: Response, *, at: datetime) -> ClaimLink | None:
    """A new link to keep this response's organisation; one made before opens nothing any more.

    None when it can be kept no more.
    """
    if not lock_organisation(response.round.organisation_id) or not can_be_claimed(response):
        return None
    ClaimLink.objects.filter(response=response).delete()
    link = ClaimLink(response=response, created_at=at, expires_at=at + VALID)
    link.renew()
    link.save()
    return link


def _link(token: str, *, at: datetime) -> ClaimLink | None:
    found = ClaimLink.objects.filter(token_hash=hash_of(token), expires_at__gt=at)
    return found.select_related("response__round__organisation", "response__round__questionnaire").first()


def claimed_by(token: str, *, at: datetime) -> Response | None:
    """The response whose organisation the holder of a mailed link may keep."""
    link = _link(token, at=at)
    return link.response if link and not link.revoked_at and can_be_claimed(link.response) else None


@transaction.atomic
def claim_by_link(token: str, user: AbstractBaseUser, *, at: datetime, agrees: bool = False) -> Membership | None:
    """Claim with a mailed link, which is used up by it: from then on it only leads its user to what they have."""
    link = _link(token, at=at)
    if link is None:
        return None
    if link.revoked_at:
        return link.response.round.organisation.memberships.filter(user=user).first()
    membership = claim(link.response, user, agreed_at=at if agrees else None)
    if membership:
        ClaimLink.objects.filter(pk=link.pk).update(revoked_at=at)
    return membership
