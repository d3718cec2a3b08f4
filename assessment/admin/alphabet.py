"""Order and search of the lists of the administration: each text in the order of the alphabet, and found without accents."""

import re
from collections.abc import Iterable

from django.contrib.admin.utils import NotRelationField, get_fields_from_path
from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, Field, Model, TextField
from django.utils.translation import get_language

from assessment.text.comparing import searchable
from assessment.text.database import alphabetical

LONGEST_SEARCH, MOST_WORDS = 1000, 50  # what goes beyond is not searched
# Several words in quotation marks of any kind are searched as they stand.
PHRASE = r"(?<!\S)[\"'“”„‘«]\s*(?P<phrase>\S.*?)\s*[\"'“”’»](?!\S)"
TERM = re.compile(rf"{PHRASE}|(?P<word>\S+)", re.DOTALL)


def words(typed: str) -> list[str]:
    """What is to be found of a search, word for word as `finds` takes it; nothing where no sign was typed."""
    terms = (found["phrase"] or found["word"] for found in TERM.finditer(typed[:LONGEST_SEARCH]))
    folded = (searchable(term) for term in terms)
    return list(dict.fromkeys(term for term in folded if term))[:MOST_WORDS]


def in_alphabet(model: type[Model], order: Iterable) -> list:
    """The same order of rows, its texts by the alphabet, those of two languages in the reader's; else as it is."""
    return [place for part in order for place in (_places(model, part) if isinstance(part, str) else [part])]


def _places(model: type[Model], part: str) -> list:
    path, descending = part.removeprefix("-"), part.startswith("-")
    try:
        field = get_fields_from_path(model, path)[-1]
    except (FieldDoesNotExist, NotRelationField):  # a number that was counted, or `pk`
        return [part]
    if field.many_to_one and all(isinstance(inner, str) for inner in field.related_model._meta.ordering):
        inner = [_within(path, one, descending) for one in field.related_model._meta.ordering]
        return in_alphabet(model, inner) or [part]
    if isinstance(field, CharField | TextField) and not field.choices:
        return alphabetical(path.removesuffix(field.name) + _in_own_language(field), descending=descending)
    return [part]


def _within(path: str, part: str, descending: bool) -> str:
    """The order of related rows, as Django has it for an order by the relation."""
    return f"{'-' if part.startswith('-') != descending else ''}{path}__{part.removeprefix('-')}"


def _in_own_language(field: Field) -> str:
    """The column of the reader's language, where a text has one for each."""
    name = f"{field.name}_{get_language()}"
    return name if any(other.name == name for other in field.model._meta.fields) else field.name
