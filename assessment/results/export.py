"""Results as the rows of one table, read in a single query however many there are; nothing of what anybody answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from django.db.models import QuerySet

from assessment.models.questionnaire import Dimension, Questionnaire

CHUNK = 2000  # rows that the database hands over at a time
# What is read of a result itself, by the field of ResultRow that holds it.
OWN = {
    "organisation": "round__organisation__name",
    "round": "round__number",
    "is_demo": "round__organisation__is_demo",
    "sector": "round__organisation__sector",
    "size": "round__organisation__size",
    "market": "round__organisation__market",
    "mode": "round__mode",
    "questionnaire": "questionnaire__key",
    "version": "questionnaire__version",
    "made_at": "created_at",
    "score": "score",
    "level": "level",
    "low": "low",
    "high": "high",
}
PARTS = ("dimensions__dimension", "dimensions__score", "dimensions__level", "dimensions__coverage")


@dataclass(frozen=True, slots=True)
class Part:
    """The result of one dimension."""

    score: Decimal | None
    level: int | None
    coverage: Decimal | None


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A result with what is known of its organisation and round."""

    organisation: str
    round: int
    is_demo: bool
    sector: str
    size: str
    market: str
    mode: str
    questionnaire: str
    version: int
    made_at: datetime
    score: Decimal | None
    level: int | None
    low: Decimal | None
    high: Decimal | None
    dimensions: dict[str, Part]


def result_rows(results: QuerySet) -> Iterator[ResultRow]:
    """The rows of these results in their order, which must tell any two of them apart."""
    values = results.values_list("pk", *OWN.values(), *PARTS).iterator(chunk_size=CHUNK)
    for _number, lines in groupby(values, key=itemgetter(0)):
        first, *others = lines
        parts = [line[-len(PARTS) :] for line in (first, *others)]
        dimensions = {name: Part(*numbers) for name, *numbers in parts if name is not None}
        own = dict(zip(OWN, first[1 : -len(PARTS)], strict=True))
        yield ResultRow(**own, dimensions=dimensions)


def scored_dimensions() -> dict[str, str]:
    """The titles of all dimensions that a result may hold, by their keys, in the order of the newest questionnaire."""
    rows = Dimension.objects.filter(scored=True).exclude(questionnaire__status=Questionnaire.Status.DRAFT)
    titles: dict[str, str] = {}
    for row in rows.order_by("-questionnaire__version", "position"):
        titles.setdefault(row.key, row.title)
    return titles
