"""What is said about a questionnaire, and of which part of it: the sentence is in the reader's language when it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext


@dataclass(frozen=True, order=True)
class Place:
    """A part of a questionnaire by its keys; all empty is the questionnaire itself."""

    dimension: str = ""
    question: str = ""
    choice: str = ""
    rule: str = ""


@dataclass(frozen=True)
class Remark:
    """One sentence about a place: `message` is a template marked for translation, filled with `values`."""

    place: Place
    message: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return gettext(self.message) % {name: _shown(value) for name, value in self.values.items()}


def _shown(value: object) -> str:
    """A value as the reader writes it: a number without zeros at its end."""
    if isinstance(value, Decimal):
        return number_format(format(value.normalize(), "f") if value else "0")
    return str(value)
