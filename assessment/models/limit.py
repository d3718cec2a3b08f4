"""How often something may be done: counted where all workers see it, exactly, also when many come at once."""

from datetime import datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.db.models import F

from assessment.models.secret import derived_key


class Count(models.Model):
    """How often one thing was done by one visitor in the time that ends at `until`; `who` is a fingerprint."""

    who = models.CharField(max_length=64, unique=True)
    number = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.number} until {self.until:%Y-%m-%d %H:%M}"


def wait_until(what: str, who: str, *, most: int, within: timedelta, at: datetime, number: int = 1) -> datetime | None:
    """Count so many more, all or none; None when that is still allowed, else when to try again.

    One query while it is allowed. More at once than there may ever be are refused like too many.
    """
    fingerprint = derived_key("limit", what, who)  # there are too few network addresses for a plain hash
    rows = Count.objects.filter(who=fingerprint)
    if rows.filter(until__gt=at, number__lte=most - number).update(number=F("number") + number):
        return None
    if number > max(most, 1):
        return rows.filter(until__gt=at).values_list("until", flat=True).first() or at + within
    if rows.filter(until__lte=at).update(number=number, until=at + within):
        return None
    try:
        with transaction.atomic():
            Count.objects.create(who=fingerprint, number=number, until=at + within)
    except IntegrityError:  # it is there, so there were enough, or somebody made it just now
        if rows.filter(until__gt=at, number__lte=most - number).update(number=F("number") + number):
            return None
        return rows.values_list("until", flat=True).first()
    return None
