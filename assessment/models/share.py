"""Reading links: an address that shows one report and can change nothing."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.models.response import Response
from assessment.models.secret import hash_of, new_key, numbered


class ShareQuerySet(models.QuerySet):
    def with_token(self, token: str, *, at: datetime):
        """The share behind a token unless it is revoked or has expired at that time."""
        valid = self.active(at=at).filter(token_hash=hash_of(token))
        return valid.select_related(
            "response__round__organisation",
            "response__round__questionnaire",
            "response__result",
        )

    def active(self, *, at: datetime):
        return self.filter(revoked_at=None, expires_at__gt=at)


class Share(models.Model):
    """Somebody who holds a report let others read it until a date; only the token's hash is kept."""

    # When a correction takes the place of the response, its links move along.
    response = models.ForeignKey(Response, models.CASCADE, related_name="shares")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading link")
        verbose_name_plural = _("reading links")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.response_id}: {self.created_at:%Y-%m-%d}"


def share(response: Response, *, days: int, at: datetime) -> tuple[Share, str]:
    """A new reading link for a submitted response and its token, which is not kept and cannot be shown again."""
    token = new_key()
    expires = at + timedelta(days=days)
    row = Share.objects.create(response=response, token_hash=hash_of(token), created_at=at, expires_at=expires)
    return row, token


def revoke(response: Response, number: str, *, at: datetime) -> None:
    """End a reading link of this response, by its number in the list; one that is not there is ended already."""
    numbered(response.shares.filter(revoked_at=None), number).update(revoked_at=at)
