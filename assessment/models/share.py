"""Links that somebody who answered has: a reading link shows a report, or parts of it; another one keeps the organisation."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.models.response import Response
from assessment.models.round import Round
from assessment.models.secret import SecretLink, hash_of
from assessment.report.parts import Part


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

    def of_round(self, round_: Round):
        """All links that show the report of a round: while it is solo, also those of whoever answered it."""
        theirs = Q(round=round_)
        return self.filter(theirs | Q(response__round=round_) if round_.is_solo else theirs)


class Share(models.Model):
    """Somebody who holds a report, or owns its round, lets others read it until a date; only the token's hash is kept."""

    # When a correction takes the place of the response, its links move along.
    response = models.ForeignKey(Response, models.CASCADE, null=True, related_name="shares")
    round = models.ForeignKey(Round, models.CASCADE, null=True, related_name="shares")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    label = models.CharField(_("for whom"), max_length=80, blank=True, default="")
    parts = models.JSONField(_("parts shown"), default=list, blank=True)
    # What a network shows of a link it keeps: no score there unless whoever made the link said so.
    score_in_preview = models.BooleanField(_("level and score in previews"), default=False)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading link")
        verbose_name_plural = _("reading links")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(response__isnull=True) ^ Q(round__isnull=True), name="share_of_a_response_or_of_a_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.response_id or self.round_id}: {self.created_at:%Y-%m-%d}"

    @property
    def data(self) -> dict[str, object]:
        """What is told of a link to whom it belongs, in an export; never its token."""
        return {
            "for_whom": self.label,
            "parts": self.parts,
            "score_in_preview": self.score_in_preview,
            "made_at": self.created_at,
            "expires_at": self.expires_at,
            "revoked_at": self.revoked_at,
        }

    @property
    def shows(self) -> frozenset[Part]:
        """The parts that were ticked; one that the product no longer knows is not shown."""
        return frozenset(Part) & frozenset(self.parts)


class ClaimLink(SecretLink):
    """A single-use link, mailed to the address given at the start, that lets its reader keep the organisation."""

    response = models.OneToOneField(Response, models.CASCADE, related_name="claim_link")
    expires_at = models.DateTimeField(_("expires"))

    class Meta:
        verbose_name = _("link to keep an organisation")
        verbose_name_plural = _("links to keep an organisation")

    def __str__(self) -> str:
        return f"{self.response_id}"
