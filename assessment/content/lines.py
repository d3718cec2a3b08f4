"""Plain values as lines of YAML that the reader takes back for what they were: mappings, lists, texts, numbers."""

import re
from collections.abc import Iterator
from decimal import Decimal

import yaml

from assessment.content.nodes import FORBIDDEN, RESOLVER

MOST_ON_ONE_LINE = 2000  # characters of a list written in brackets; the reader refuses very long lines
BARE = re.compile(r"[a-z0-9][a-z0-9-]*")  # what stands in brackets without quotes
FIRST = frozenset("-?:,[]{}#&*!|>'\"%@` ")  # where YAML would take a text for something else
WORDS = frozenset({"y", "n", "Y", "N", "=", "<<", "~", "---", "..."})
ODD = re.compile(f"{FORBIDDEN.pattern}|[\t\n\r\x85\u2028\u2029\ufeff]")  # only double quotes hold these
ESCAPED = re.compile(f'{ODD.pattern}|["\\\\]')
ESCAPES = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


class InBrackets(list):
    """A list of texts that stands on one line where it fits."""


def document(tree: dict) -> bytes:
    """A whole file, in UTF-8."""
    return "".join(f"{line}\n" for line in _mapping(tree)).encode()


def _mapping(fields: dict) -> Iterator[str]:
    for name, value in fields.items():
        if isinstance(value, InBrackets) and len(line := _in_brackets(value)) <= MOST_ON_ONE_LINE:
            yield f"{name}: {line}"
        elif value and isinstance(value, dict | list):
            yield f"{name}:"
            yield from (f"  {line}" for line in (_mapping(value) if isinstance(value, dict) else _list(value)))
        else:
            yield f"{name}: {'[]' if isinstance(value, list) else scalar(value)}"


def _list(items: list) -> Iterator[str]:
    for item in items:
        lines = _mapping(item) if isinstance(item, dict) else [scalar(item)]
        for number, line in enumerate(lines):
            yield f"{'  ' if number else '- '}{line}"


def _in_brackets(items: list) -> str:
    return f"[{', '.join(item if BARE.fullmatch(item) and _is_plain(item) else _quoted(item) for item in items)}]"


def scalar(value: object) -> str:
    """One value; what is absent is null, and a text that YAML would take for something else stands in quotes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, str):
        return value if _is_plain(value) else _quoted(value)
    return str(value)


def _is_plain(text: str) -> bool:
    """Whether a text can stand without quotes."""
    if not text or text in WORDS or text[0] in FIRST or text != text.strip():
        return False
    if ": " in text or " #" in text or text.endswith(":") or ODD.search(text):
        return False
    return RESOLVER.resolve(yaml.ScalarNode, text, (True, False)).endswith(":str")


def _quoted(text: str) -> str:
    """In single quotes; what these cannot hold is escaped in double ones."""
    if ODD.search(text):
        return f'"{ESCAPED.sub(_escape, text)}"'
    return "'{}'".format(text.replace("'", "''"))


def _escape(found: re.Match) -> str:
    character = found[0]
    if character in ESCAPES:
        return ESCAPES[character]
    return f"\\u{ord(character):04X}" if ord(character) < 0x10000 else f"\\U{ord(character):08X}"
