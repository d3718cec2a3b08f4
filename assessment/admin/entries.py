"""What an entry of the record of changes tells its reader: in their language, with the values before and after."""

import json
import re
from collections.abc import Iterator

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop

Values = list[list[str]]  # of each field its name, its value before and after, and a mark where these are words of ours
OURS = "ours"
IN_LANGUAGE = re.compile(r"(.+) (?:\[(en|fr)\]|\((English|French)\))")  # the first form is that of old entries


def told(entry: LogEntry) -> str:
    """An entry as it is read: what was done, and under it each value before and after."""
    pairs = [(_field(name), _change(*(_value(value, ours) for value in pair))) for name, pair, ours in _told(entry)]
    if with_it := _gone_with(entry):
        pairs.append((gettext("Deleted with it"), with_it))
    lines = [(gettext("%(field)s: %(change)s") % {"field": field, "change": change},) for field, change in pairs]
    items = format_html_join("", "<li>{}</li>", lines)
    return format_html("{}<ul>{}</ul>", summary(entry), items) if lines else summary(entry)


def summary(entry: LogEntry) -> str:
    """What was done, in a sentence."""
    parts = _parts(entry)
    sentences = [part["did"] for part in parts if part.get("did")]
    done = " ".join(map(gettext, sentences))
    if done or not parts:
        return done or entry.change_message
    for verb in (part[verb] for part in parts for verb in ("added", "changed", "deleted") if part.get(verb)):
        verb |= {"fields": [_field(name) for name in verb["fields"]]} if "fields" in verb else {}
        verb |= {"name": _word(verb["name"])} if "name" in verb else {}
    return LogEntry(change_message=json.dumps(parts)).get_change_message()


def values_of(entry: LogEntry) -> Values:
    return [value for part in _parts(entry) for value in part.get("values", [])]


def _told(entry: LogEntry) -> Iterator[tuple[str, list[str], bool]]:
    """Of each field its name, both values, and whether these are words of ours."""
    for name, before, after, *marks in values_of(entry):
        yield name, [before, after], OURS in marks


def _gone_with(entry: LogEntry) -> str:
    """How many rows of each kind were deleted with a row, in words."""
    kinds = [kind for part in _parts(entry) for kind in part.get("with", [])]
    return ", ".join(f"{number} {gettext(one if number == 1 else many)}" for one, many, number in kinds)


def _parts(entry: LogEntry) -> list[dict]:
    """The parts of an entry's message; none of one that is plain words."""
    try:
        parts = json.loads(entry.change_message)
    except ValueError:
        return []
    return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []


def _field(name: str) -> str:
    """The name of a field in the reader's language, also of one that has a column for each language."""
    if found := IN_LANGUAGE.fullmatch(name):
        plain, code, language = found.groups()
        return f"{capfirst(_word(plain))} ({settings.TEXT_LANGUAGES[code or language[:2].lower()]})"
    return capfirst(_word(name))


def _word(name: str) -> str:
    """A name in the reader's language; on a form it began with a capital."""
    found = gettext(name) if name else ""
    return found if found != name else gettext(name[:1].lower() + name[1:]) if name else ""


def _change(before: str, after: str) -> str:
    shown = [gettext("“%(text)s”") % {"text": value} if value else "–" for value in (before, after)]
    return " → ".join(shown if before else shown[1:])


def _value(value: str, is_ours: bool) -> str:
    words = {"True": gettext_noop("Yes"), "False": gettext_noop("No")}.get(value)
    return gettext(words or value) if words or (is_ours and value) else value
