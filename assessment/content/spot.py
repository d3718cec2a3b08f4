"""A place in a content file: takes the value there for what it should be, or notes what is wrong with it."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from assessment.content import messages
from assessment.content.messages import Problems, shown
from assessment.content.nodes import Node
from assessment.content.structure import Text
from assessment.text.cleaning import is_readable, prose, unwritable

KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,20})?")
MOST_DECIMALS = 3
MOST_WEIGHT = 1000


@dataclass(frozen=True)
class Spot:
    """One node with the path that leads to it. Without a node, or with an empty one, every reading is None.

    What is not written has no line of its own: its problems stand at the mapping `around` it.
    """

    node: Node | None
    path: str
    problems: Problems
    around: Node | None = None

    @property
    def is_absent(self) -> bool:
        """Whether nothing is written here."""
        return self.node is None or (self.node.kind == "scalar" and self.node.tag == "null")

    @property
    def line(self) -> int:
        """The line of the file, from 1."""
        place = self.node or self.around
        return place.line if place else 1

    def problem(self, message: str, **values: object) -> None:
        """Note that something is wrong here."""
        place = self.node or self.around
        self.problems.add(self.line, place.column if place else 1, self.path, message, **values)

    def fields(self, required: Collection[str], optional: Collection[str] = ()) -> dict[str, "Spot"]:
        """The values of a mapping by name, absent ones included; unknown, repeated and missing names are problems."""
        found: dict[str, Spot] = {}
        known = [*required, *optional]
        if not self.is_absent and self.node.kind != "mapping":
            self.problem(messages.NOT_MAPPING, value=self.node.shown)
        elif not self.is_absent:
            found = self._named(known)
            for name in required:
                if name not in found or found[name].is_absent:
                    found.setdefault(name, self._child(name, None)).problem(messages.MISSING_FIELD)
        return {name: found.get(name) or self._child(name, None) for name in known}

    def _named(self, known: Collection[str]) -> dict[str, "Spot"]:
        found: dict[str, Spot] = {}
        lines: dict[str, int] = {}
        for name, value in self.node.fields:
            place = self._child(name.text, name)
            if name.kind != "scalar":
                Spot(name, self.path, self.problems).problem(messages.NOT_PLAIN_NAME)
            elif name.text in lines:
                place.problem(messages.REPEATED_FIELD, value=shown(name.text), first=lines[name.text])
            elif name.text not in known:
                place.problem(messages.UNKNOWN_FIELD, value=shown(name.text), known=", ".join(known))
            else:
                found[name.text] = self._child(name.text, value)
            lines.setdefault(name.text, name.line)
        return found

    def _child(self, name: str, node: Node | None) -> "Spot":
        name = name if len(name) <= 64 else name[:61] + "..."
        return Spot(node, f"{self.path}.{name}" if self.path else name, self.problems, around=self.node)

    def items(self, least: int = 0, exactly: int | None = None) -> list["Spot"]:
        """The entries of a list; nothing written is an empty list."""
        if self.is_absent:
            return []
        if self.node.kind != "list":
            self.problem(messages.NOT_LIST, value=self.node.shown)
            return []
        count = len(self.node.items)
        if exactly is not None and count != exactly:
            self.problem(messages.EXACTLY, least=exactly, count=count)
        elif count < least:
            self.problem(messages.TOO_FEW, least=least, count=count)
        spots = [Spot(item, f"{self.path}[{index}]", self.problems) for index, item in enumerate(self.node.items)]
        for spot in spots:
            if spot.is_absent:
                spot.problem(messages.EMPTY_TEXT)
        return [spot for spot in spots if not spot.is_absent]

    def string(self, limit: int) -> str | None:
        """Text of 1 to `limit` characters, cleaned; one with control or direction signs is a problem."""
        if self.is_absent:
            return None
        if self.node.kind != "scalar":
            return self.problem(messages.NOT_TEXT, value=self.node.shown)
        if self.node.tag != "str":
            return self.problem(messages.QUOTE_TEXT, value=self.node.shown)
        strange = unwritable(self.node.text.strip())
        if strange:
            return self.problem(messages.CONTROL_CHARACTER, value=f"U+{ord(strange):04X}")
        text = prose(self.node.text)
        if not is_readable(text):
            return self.problem(messages.EMPTY_TEXT)
        if len(text) > limit:
            return self.problem(messages.TEXT_TOO_LONG, size=len(text), limit=limit)
        return text

    def text(self, limit: int) -> Text | None:
        """A text in both languages."""
        if self.is_absent:
            return None
        fields = self.fields(("en", "fr"))
        return Text(en=fields["en"].string(limit), fr=fields["fr"].string(limit))

    def either(self, limit: int) -> Text | None:
        """A text in both languages, or one that is the same in both: a number, a name, an address."""
        if self.node is not None and self.node.kind == "mapping":
            return self.text(limit)
        plain = self.string(limit)
        return None if plain is None else Text(en=plain, fr=plain)

    def key(self, reserved: Collection[str] = ()) -> str | None:
        """A stable key."""
        if self.is_absent:
            return None
        if self.node.kind != "scalar" or self.node.tag != "str":
            return self.string(64)
        if not KEY.fullmatch(self.node.text):
            return self.problem(messages.NOT_KEY, value=self.node.shown)
        if self.node.text in reserved:
            return self.problem(messages.RESERVED_KEY, value=self.node.shown)
        return self.node.text

    def number(self, low: int, high: int, decimals: int = MOST_DECIMALS) -> Decimal | None:
        """A plain number of `low` to `high`."""
        value = self._number(messages.NOT_NUMBER, low, high)
        if value is not None and value != round(value, decimals):
            return self.problem(messages.TOO_MANY_DECIMALS, value=self.node.shown, limit=decimals)
        return value

    def weight(self) -> Decimal | None:
        """A plain number above 0 with at most three decimals."""
        value = self._number(messages.NOT_POSITIVE, 0, MOST_WEIGHT)
        if value == 0:
            return self.problem(messages.NOT_POSITIVE, value=self.node.shown, low=0, high=MOST_WEIGHT)
        return None if value is None else self.number(0, MOST_WEIGHT)

    def _number(self, message: str, low: int, high: int) -> Decimal | None:
        if self.is_absent:
            return None
        is_number = self.node.kind == "scalar" and self.node.tag in ("int", "float")
        match = NUMBER.fullmatch(self.node.text) if is_number else None
        if not match or not low <= Decimal(self.node.text) <= high:
            return self.problem(message, value=self.node.shown, low=low, high=high)
        return Decimal(self.node.text)

    def whole(self, low: int, high: int) -> int | None:
        """A whole number of `low` to `high`."""
        if self.is_absent:
            return None
        match = NUMBER.fullmatch(self.node.text) if self.node.tag == "int" else None
        if not match or not low <= int(self.node.text) <= high:
            return self.problem(messages.NOT_WHOLE, value=self.node.shown, low=low, high=high)
        return int(self.node.text)

    def flag(self) -> bool | None:
        """True or false."""
        if self.is_absent:
            return None
        if self.node.tag != "bool" or self.node.text.lower() not in ("true", "false"):
            return self.problem(messages.NOT_FLAG, value=self.node.shown)
        return self.node.text.lower() == "true"

    def option(self, options: Collection[str]) -> str | None:
        """One of a few words."""
        if self.is_absent:
            return None
        if self.node.kind != "scalar" or self.node.text not in options:
            return self.problem(messages.NOT_OPTION, value=self.node.shown, options=", ".join(options))
        return self.node.text


class Declared:
    """The keys of one kind of thing, each declared once."""

    def __init__(self) -> None:
        self._lines: dict[str, int] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._lines

    def declare(self, spot: Spot, reserved: Collection[str] = ()) -> str | None:
        """The key at this place; one that was declared before is a problem."""
        key = spot.key(reserved)
        if key in self._lines:
            spot.problem(messages.REPEATED_KEY, value=shown(key), first=self._lines[key])
        elif key is not None:
            self._lines[key] = spot.line
        return key


class References:
    """The places of a file that name keys of one kind, checked once all of them are known."""

    def __init__(self, unknown: str) -> None:
        self._unknown = unknown  # the message about a key that does not exist
        self._uses: list[tuple[Spot, str]] = []

    def one(self, spot: Spot) -> str | None:
        """The key named here."""
        key = spot.key()
        if key is not None:
            self._uses.append((spot, key))
        return key

    def places(self, spot: Spot) -> list[tuple[Spot, str]]:
        """The keys listed here with their places, each key once."""
        listed = Declared()
        declared = [(item, listed.declare(item)) for item in spot.items()]
        places = [(item, key) for item, key in declared if key is not None]
        self._uses.extend(places)
        return places

    def several(self, spot: Spot) -> tuple[str, ...]:
        """The keys listed here, each once."""
        return tuple(key for _, key in self.places(spot))

    def check(self, known: Collection[str] | Declared) -> None:
        """Note every named key that is not among the known ones."""
        for spot, key in self._uses:
            if key not in known:
                spot.problem(self._unknown, value=shown(key))
