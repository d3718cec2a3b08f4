"""How often something may be done: counted where all workers see it, exactly, also when many come at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F

from assessment.models.secret import derived_key


class CountQuerySet(models.QuerySet):
    def wait_until(
        self, what: str, who: str, *, most: int, within: timedelta, at: datetime, number: int = 1
    ) -> datetime | None:
        """Count so many more, all or none; None when that is still allowed, else when to try again.

        One query while it is allowed. More at once than there may ever be are refused like too many.
        """
        fingerprint = derived_key("limit", what, who)  # there are too few network addresses for a plain hash
        rows = self.filter(who=fingerprint)
        if rows.filter(until__gt=at, number__lte=most - number).update(number=F("number") + number):
            return None
        if number > max(most, 1):
            return rows.filter(until__gt=at).values_list("until", flat=True).first() or at + within
        if rows.filter(until__lte=at).update(number=number, until=at + within):
            return None
        try:
            with transaction.atomic():
                self.create(who=fingerprint, number=number, until=at + within)
        except IntegrityError:  # it is there, so there were enough, or somebody made it just now
            if rows.filter(until__gt=at, number__lte=most - number).update(number=F("number") + number):
                return None
            return rows.values_list("until", flat=True).first()
        return None


class Count(models.Model):
    """How often one thing was done by one visitor in the time that ends at `until`; `who` is a fingerprint."""

    who = models.CharField(max_length=64, unique=True)
    number = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    objects = CountQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.number} until {self.until:%Y-%m-%d %H:%M}"


@dataclass(frozen=True)
class Limit:
    """What is counted, how often it may be done (or the setting that says so), and within which time."""

    what: str
    most: int | str
    within: timedelta

    def reached_by(self, who: str, *, at: datetime) -> datetime | None:
        """Count one more; None while that is allowed, else when to try again."""
        most = getattr(settings, self.most) if isinstance(self.most, str) else self.most
        return Count.objects.wait_until(self.what, who, most=most, within=self.within, at=at)

    def ends_at(self, who: str) -> datetime | None:
        """When the time ends in which `who` is being counted."""
        return self._counted(who).values_list("until", flat=True).first()

    def give_back(self, who: str) -> None:
        """Take back one that was counted."""
        self._counted(who).filter(number__gt=0).update(number=F("number") - 1)

    def forget(self, who: str) -> None:
        """Count from nothing again."""
        self._counted(who).delete()

    def _counted(self, who: str) -> models.QuerySet[Count]:
        return Count.objects.filter(who=derived_key("limit", self.what, who))


def key_of(key: str, prefix: str, version: int) -> str:
    """The name under which the cache keeps a count: it holds a network address, which is not stored as it is."""
    return derived_key("attempt", prefix, version, key)
