"""What must hold of the evidence that somebody types: the rules of the evidence file, told beside the field concerned."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext as _

from assessment.content.spot import KEY
from assessment.text.comparing import slug

MOST_IN_KEY = 64
LANGUAGES = ("en", "fr")


def both_languages(row: models.Model, *names: str, needed: bool) -> dict[str, str]:
    """A text that is needed is there in both languages; another one in both or in none."""
    errors = {}
    for name in names:
        written = [bool(getattr(row, f"{name}_{language}")) for language in LANGUAGES]
        for language, is_there in zip(LANGUAGES, written, strict=True):
            if not is_there and (needed or any(written)):
                errors[f"{name}_{language}"] = _("Please write this in both languages.")
    return errors


def within(row: models.Model, name: str, low: int, high: int) -> dict[str, str]:
    value = getattr(row, name)
    if value is None or low <= value <= high:
        return {}
    return {name: _("A whole number from %(low)s to %(high)s, please.") % {"low": low, "high": high}}


def key_of(row: models.Model, *parts: object) -> dict[str, str]:
    """Give a new row without a key one made of these parts that is still free; returns what is wrong with one typed."""
    if not row._state.adding:
        return {}
    if not row.key:
        wanted = slug(" ".join(str(part) for part in parts if part)) or row._meta.model_name
        row.key = _free(wanted[: MOST_IN_KEY - 4].strip("-_"), type(row)._default_manager.values_list("key", flat=True))
    if KEY.fullmatch(row.key):
        return {}
    return {"key": _("A key is made of small letters without accents, digits and hyphens.")}


def _free(wanted: str, taken: Iterable[str]) -> str:
    wanted, taken = wanted.replace("_", "-"), set(taken)
    number = 1
    while (key := wanted if number == 1 else f"{wanted}-{number}") in taken:
        number += 1
    return key
