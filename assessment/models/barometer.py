"""The live barometer: editions with what is published of them, sums by labels while they run, who was counted and who may be.

Nothing here ties an organisation to a sum (assessment/barometer/README.md, rule 3): no row of a batch, no date of an
organisation, no running number. What is deleted when an edition closes is all but the edition itself.
"""

import json
from collections.abc import Iterable
from hashlib import sha256

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment.models.organisation import Organisation


class EditionQuerySet(models.QuerySet):
    def lock(self, year: int) -> "Edition":
        """The real edition of a year, made if it is not there, locked until the transaction ends: who comes second waits."""
        real = self.select_for_update().defer("cells").filter(year=year, invented=False)
        if (found := real.first()) is None:
            self.get_or_create(year=year, invented=False)
            found = real.get()
        return found

    def shown(self) -> list["Edition"]:
        """Those that have figures, the newest first, without reading these; one query.

        Invented ones only while no real organisation has agreed to count, and no real edition has figures.
        """
        agreed = models.Exists(Organisation.objects.agreed())
        found = list(self.exclude(cells=[]).defer("cells").annotate(is_real_agreed=agreed).order_by("-year"))
        real = [edition for edition in found if not edition.invented]
        return real if real or any(edition.is_real_agreed for edition in found) else found


class Edition(models.Model):
    """One year of the live barometer. `cells` are as they are published: rounded, nothing else of an edition is shown."""

    year = models.PositiveSmallIntegerField(_("year"))
    invented = models.BooleanField(_("invented organisations"), default=False)
    is_closed = models.BooleanField(pgettext_lazy("edition", "closed"), default=False)
    cells = models.JSONField(default=list, editable=False)
    fingerprint = models.CharField(max_length=64, default="", editable=False)  # of the cells: the same while they are
    # While it runs, the day (UTC) of the youngest settled result that a night looked at: of it and later ones there may be more.
    seen_to = models.DateField(null=True, editable=False)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition of the live barometer")
        verbose_name_plural = _("editions of the live barometer")
        ordering = ["-year", "invented"]
        permissions = [("close_edition", _("Can close an edition of the live barometer"))]
        constraints = [models.UniqueConstraint(fields=["year", "invented"], name="edition_once")]

    def __str__(self) -> str:
        return str(self.year)

    def publish(self, cells: Iterable[dict]) -> None:
        """Put these cells in the place of those that were published, and store it."""
        self.cells = list(cells)
        self.fingerprint = sha256(json.dumps(self.cells, sort_keys=True).encode()).hexdigest()
        self.save(update_fields=["cells", "fingerprint"])

    @property
    def next_year(self) -> int:
        """The year on whose 31 January it closes."""
        return self.year + 1


class LabelSum(models.Model):
    """The results of whole batches with the same labels, summed: "" where a batch shares none. Of an edition that runs."""

    pk = models.CompositePrimaryKey("edition_id", "sector", "size", "market")
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="sums")
    sector = models.CharField(_("group of sectors"), max_length=64, blank=True, default="")
    size = models.CharField(_("size"), max_length=64, blank=True, default="")
    market = models.CharField(_("market"), max_length=64, blank=True, default="")
    n = models.PositiveIntegerField(_("organisations"))
    counts = models.JSONField()

    class Meta:
        verbose_name = _("sum of an edition")
        verbose_name_plural = _("sums of an edition")

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.sector}, {self.size}, {self.market}"


class Counted(models.Model):
    """That an organisation was counted in an edition, so that it is counted once.

    No constraint ties it to the organisation: the night writes rows anew while organisations are being deleted.
    """

    pk = models.CompositePrimaryKey("edition_id", "organisation_id")
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="counted")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_constraint=False)

    class Meta:
        verbose_name = _("counted organisation")
        verbose_name_plural = _("counted organisations")

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.organisation_id}"


class Candidate(models.Model):
    """That a night found a settled result of an organisation and could not count it yet: the next one looks at it again.

    No constraint ties it to the organisation, as with `Counted`. Of an edition that runs.
    """

    pk = models.CompositePrimaryKey("edition_id", "organisation_id")
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="candidates")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_constraint=False)

    class Meta:
        verbose_name = _("organisation that may be counted")
        verbose_name_plural = _("organisations that may be counted")

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.organisation_id}"
