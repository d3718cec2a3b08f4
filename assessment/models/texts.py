"""Texts as a file holds them: on one line, without characters that could hide what they say; the same whoever writes them."""

import re

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessment.text.cleaning import is_readable, prose, unwritable

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
        if odd:
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
