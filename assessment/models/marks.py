"""Marks of what happened in confidential rounds, as fingerprints that outlive what they are about."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.models.organisation import Organisation


class OpenerMark(models.Model):
    """Who opened a round of an organisation, alone at first, and erased what they answered: the owners could read it.

    A fingerprint as a confidential response has it: of the account, or of the address given at the start, in that round.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    source = models.BigIntegerField()  # the round, which may be gone
    author = models.CharField(max_length=40)
    submitted_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("mark of who opened a round")
        verbose_name_plural = _("marks of who opened a round")

    def __str__(self) -> str:
        return self.author[:8]


class PublicationMark(models.Model):
    """A publication as fingerprints: of its round, and of an owner, by account and by mailbox, with a mailbox invited."""

    source = models.CharField(max_length=40)
    pair = models.CharField(max_length=40, db_index=True)
    confidential = models.BooleanField()
    published_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("mark of a publication")
        verbose_name_plural = _("marks of publications")
        constraints = [models.UniqueConstraint(fields=["source", "pair"], name="publication_mark_once")]

    def __str__(self) -> str:
        return self.source[:8]
