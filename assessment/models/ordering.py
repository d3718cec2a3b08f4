"""The order of a draft's parts: a row moves past its neighbour, and a new one goes last; nobody types positions."""

from django.db import transaction
from django.db.models import Max

from assessment.models.frozen import Frozen, FrozenQuerySet


def siblings(row: Frozen) -> FrozenQuerySet:
    """The rows among which this one has its place, itself included, in their order."""
    parent = row.parent_name()
    return type(row).objects.filter(**{parent: getattr(row, f"{parent}_id")}).order_by("position", "pk")


@transaction.atomic
def move(row: Frozen, *, by: int) -> bool:
    """Change places with the row that is `by` places on (-1: the one before); all are numbered 1, 2, 3 ... again.

    False, and nothing changes, when there is no such row. PublishedError unless it belongs to a draft.
    """
    row.hold_drafts_of([row])
    order = list(siblings(row))
    place = order.index(row)
    other = place + by
    if not 0 <= other < len(order):
        return False
    order[place], order[other] = order[other], order[place]
    for position, sibling in enumerate(order, start=1):
        sibling.position = position
    type(row).objects.bulk_update(order, ["position"])
    row.position = other + 1
    return True


def place_last(row: Frozen) -> None:
    """Give a row that will be saved the place after all others."""
    last = siblings(row).exclude(pk=row.pk).aggregate(last=Max("position"))["last"]
    row.position = (last or 0) + 1
