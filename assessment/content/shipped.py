"""The content that ships with the product: where it is, and the lists asked at the start."""

from functools import cache
from pathlib import Path

from assessment.content.messages import Problems
from assessment.content.nodes import parse
from assessment.content.spot import Declared, Spot
from assessment.content.structure import Entry, ListsContent

FOLDER = Path(__file__).parent


@cache
def organisation_lists() -> ListsContent:
    """Sectors, sizes, markets and roles; their keys are stored with an organisation and a response."""
    return read_lists((FOLDER / "organisation.yaml").read_bytes(), "organisation.yaml")


def read_lists(content: str | bytes, file: str) -> ListsContent:
    """The lists in a YAML file called `file`; raises `ContentError` with all that is wrong."""
    problems = Problems(file)
    fields = Spot(parse(content, problems), "", problems).fields(("sizes", "markets", "sectors", "roles"))
    lists = ListsContent(**{name: _entries(spot) for name, spot in fields.items()})
    problems.raise_if_any()
    return lists


def _entries(spot: Spot) -> tuple[Entry, ...]:
    declared = Declared()
    each = [item.fields(("key", "text")) for item in spot.items(least=1)]
    return tuple(Entry(declared.declare(fields["key"]), fields["text"].text(200)) for fields in each)
