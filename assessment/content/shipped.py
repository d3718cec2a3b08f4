"""The content that ships with the product: where it is, and the lists asked at the start."""

from functools import cache
from pathlib import Path

from assessment.content.reader import read_lists
from assessment.content.structure import ListsContent

FOLDER = Path(__file__).parent


@cache
def organisation_lists() -> ListsContent:
    """Sectors, sizes, markets and roles; their keys are stored with an organisation and a response."""
    return read_lists((FOLDER / "organisation.yaml").read_bytes(), "organisation.yaml")
