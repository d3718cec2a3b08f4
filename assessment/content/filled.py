"""A draft that can be shown before all of it is written: a mark stands where a text is missing."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from assessment.content.structure import Text


def filled(part: Any, mark: Text) -> Any:
    """The same content; where a needed text is missing in a language, the mark in that language."""
    changes = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if field.type == tuple[Text, ...]:
            changes[field.name] = tuple(_text(entry, mark) for entry in value)
        elif isinstance(value, Text) or field.type is Text:
            changes[field.name] = _text(value, mark)
        elif isinstance(value, tuple):
            changes[field.name] = tuple(filled(entry, mark) if is_dataclass(entry) else entry for entry in value)
        elif is_dataclass(value):
            changes[field.name] = filled(value, mark)
    return replace(part, **changes)


def _text(text: Text | None, mark: Text) -> Text:
    english, french = (text.en, text.fr) if text else ("", "")
    return Text(english if english.strip() else mark.en, french if french.strip() else mark.fr)
