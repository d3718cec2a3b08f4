"""Keeping an organisation that nobody owns: from the browser that started it, or by a link mailed to who did."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.models.response import Response
from assessment.models.secret import SecretLink


class ClaimLink(SecretLink):
    """A single-use link, mailed to the address given at the start, that lets its reader keep the organisation."""

    response = models.OneToOneField(Response, models.CASCADE, related_name="claim_link")
    expires_at = models.DateTimeField(_("expires"))

    class Meta:
        verbose_name = _("link to keep an organisation")
        verbose_name_plural = _("links to keep an organisation")

    def __str__(self) -> str:
        return f"{self.response_id}"
