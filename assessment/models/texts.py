"""Texts as a file holds them: on one line, without characters that could hide what they say; the same whoever writes them."""

import re
from collections.abc import Iterable

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessment.content.spot import KEY
from assessment.text.cleaning import garbled, is_readable, prose, unwritable
from assessment.text.comparing import slug

BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")


def tidy(row: models.Model) -> dict[str, str]:
    """Clean each text and bring it onto one line, as a file holds it; returns what is wrong with the characters, by field."""
    errors = {}
    names = {field.attname for field in row._meta.fields}
    for field in row._meta.fields:
        is_text = isinstance(field, models.CharField | models.TextField) and field.editable and not field.choices
        if not is_text or f"{field.attname}_en" in names:  # each language has a column of its own
            continue
        value = getattr(row, field.attname)
        if not value:
            continue
        value = BREAKS.sub(" ", value).strip()
        odd = unwritable(value)
        setattr(row, field.attname, value if odd or not is_readable(prose(value)) else prose(value))
        if wrong := garbled(value):
            said = {"value": wrong[0], "right": wrong[1]}
            errors[field.attname] = _("This is garbled: “%(value)s” was probably “%(right)s”.") % said
        elif odd:
            errors[field.attname] = _("The character U+%(code)s is not allowed.") % {"code": f"{ord(odd):04X}"}
        elif value and not is_readable(prose(value)):
            errors[field.attname] = _("Nothing of this can be read. Please type it out.")
    return errors


def written(row: models.Model, name: str) -> str:
    """A text in the reader's language, or in the other one; what is written in neither is called by its key.

    For those who write it: readers are shown their own language and nothing else.
    """
    languages = sorted(("en", "fr"), key=lambda language: language != get_language())
    texts = (getattr(row, f"{name}_{language}") for language in languages)
    return next(filter(None, texts), getattr(row, "key", ""))


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
