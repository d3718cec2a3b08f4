"""A place in a content file: takes the value there for what it should be, or notes what is wrong with it."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_noop as _

from assessment.content.nodes import CONTROL_CHARACTER, GARBLED, Node
from assessment.content.problems import Problems, shown
from assessment.content.structure import Text
from assessment.text.cleaning import garbled, is_readable, prose, unwritable

NOT_MAPPING = _("must be a mapping (name: value), is %(value)s")
NOT_LIST = _("must be a list, is %(value)s")
NOT_PLAIN_NAME = _("the name of a field must be plain text")
UNKNOWN_FIELD = _("the field %(value)s is not known here; known: %(known)s")
MISSING_FIELD = _("is missing")
REPEATED_FIELD = _("the field %(value)s is there twice; first in line %(first)s")
TOO_FEW = _("needs at least %(least)s, has %(count)s")
NOT_TEXT = _("must be text, is %(value)s")
QUOTE_TEXT = _("must be text: put %(value)s in quotes")
EMPTY_TEXT = _("must not be empty")
TEXT_TOO_LONG = _("has %(size)s characters, more than the %(limit)s allowed")
NOT_NUMBER = _("must be a number from %(low)s to %(high)s, is %(value)s")
NOT_POSITIVE = _("must be a number above 0, at most %(high)s, is %(value)s")
TOO_MANY_DECIMALS = _("must have at most %(limit)s decimals, is %(value)s")
NOT_WHOLE = _("must be a whole number from %(low)s to %(high)s, is %(value)s")
NOT_FLAG = _("must be true or false, is %(value)s")
NOT_OPTION = _("must be one of %(options)s, is %(value)s")
NOT_KEY = _("must be a key of a-z, 0-9 and hyphens, 64 characters at most, is %(value)s")
UNKNOWN_FINDING = _("there is no finding %(value)s")
REPEATED_KEY = _("the key %(value)s is used twice; first in line %(first)s")

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

    def problem(self, message: str, /, **values: object) -> None:
        """Note that something is wrong here."""
        place = self.node or self.around
        self.problems.add(self.line, place.column if place else 1, self.path, message, **values)

    def fields(
        self, required: Collection[str], optional: Collection[str] = (), *, texts: Collection[str] = ()
    ) -> dict[str, "Spot"]:
        """The values of a mapping by name, absent ones included; unknown, repeated and missing names are problems.

        Those called `texts` are required as well, but for a draft.
        """
        found: dict[str, Spot] = {}
        known = [*required, *texts, *optional]
        if not self.is_absent and self.node.kind != "mapping":
            self.problem(NOT_MAPPING, value=self.node.shown)
        elif not self.is_absent:
            found = self._named(known)
            for name in (*required, *(() if self.problems.of_draft else texts)):
                if name not in found or found[name].is_absent:
                    found.setdefault(name, self._child(name, None)).problem(MISSING_FIELD)
        return {name: found.get(name) or self._child(name, None) for name in known}

    def _named(self, known: Collection[str]) -> dict[str, "Spot"]:
        found: dict[str, Spot] = {}
        lines: dict[str, int] = {}
        for name, value in self.node.fields:
            place = self._child(name.text, name)
            if name.kind != "scalar":
                Spot(name, self.path, self.problems).problem(NOT_PLAIN_NAME)
            elif name.text in lines:
                place.problem(REPEATED_FIELD, value=shown(name.text), first=lines[name.text])
            elif name.text not in known:
                place.problem(UNKNOWN_FIELD, value=shown(name.text), known=", ".join(known))
            else:
                found[name.text] = self._child(name.text, value)
            lines.setdefault(name.text, name.line)
        return found

    def _child(self, name: str, node: Node | None) -> "Spot":
        name = name if len(name) <= 64 else name[:61] + "..."
        return Spot(node, f"{self.path}.{name}" if self.path else name, self.problems, around=self.node or self.around)

    def _item(self, index: int) -> "Spot":
        return Spot(self.node.items[index], f"{self.path}[{index}]", self.problems)

    def at(self, field: str) -> "Spot":
        """The value that a path such as "needs[0]" or "text.fr" leads to; what is not written there is absent."""
        spot = self
        for name, index in re.findall(r"(\w+)|\[(\d+)\]", field):
            written = spot.node.fields if spot.node else []
            value = next((value for key, value in written if key.text == name), None)
            spot = spot._item(int(index)) if index else spot._child(name, value)
        return spot

    def items(self, least: int = 0, *, are_texts: bool = False) -> list["Spot"]:
        """The entries of a list, also empty ones, which are a problem unless they are a draft's texts; of nothing none."""
        if self.is_absent:
            return []
        if self.node.kind != "list":
            self.problem(NOT_LIST, value=self.node.shown)
            return []
        count = len(self.node.items)
        if count < least:
            self.problem(TOO_FEW, least=least, count=count)
        spots = [self._item(index) for index in range(count)]
        for spot in spots:
            if spot.is_absent and not (are_texts and self.problems.of_draft):
                spot.problem(EMPTY_TEXT)
        return spots

    def string(self, limit: int) -> str | None:
        """Text of 1 to `limit` characters, cleaned; one with control or direction signs is a problem."""
        if self.is_absent:
            return None
        if self.node.kind != "scalar":
            return self.problem(NOT_TEXT, value=self.node.shown)
        if self.node.tag != "str":
            return self.problem(QUOTE_TEXT, value=self.node.shown)
        if wrong := garbled(self.node.text):
            return self.problem(GARBLED, value=wrong[0], right=wrong[1])
        strange = unwritable(self.node.text.strip())
        if strange:
            return self.problem(CONTROL_CHARACTER, value=f"U+{ord(strange):04X}")
        text = prose(self.node.text)
        if not is_readable(text):
            return self.problem(EMPTY_TEXT)
        if len(text) > limit:
            return self.problem(TEXT_TOO_LONG, size=len(text), limit=limit)
        return text

    def text(self, limit: int) -> Text | None:
        """A text in both languages; of a draft perhaps in one."""
        if self.is_absent:
            return None
        fields = self.fields((), texts=("en", "fr"))
        text = Text(en=fields["en"].string(limit) or "", fr=fields["fr"].string(limit) or "")
        return None if self.problems.of_draft and text == Text("", "") else text

    def either(self, limit: int) -> Text | None:
        """A text in both languages, or one that is the same in both: a number, a name, an address."""
        if self.node is not None and self.node.kind == "mapping":
            return self.text(limit)
        plain = self.string(limit)
        return None if plain is None else Text(en=plain, fr=plain)

    def key(self) -> str | None:
        """A stable key."""
        if self.is_absent:
            return None
        if self.node.kind != "scalar" or self.node.tag != "str":
            return self.string(64)
        if not KEY.fullmatch(self.node.text):
            return self.problem(NOT_KEY, value=self.node.shown)
        return self.node.text

    def number(self, low: int, high: int, decimals: int = MOST_DECIMALS) -> Decimal | None:
        """A plain number of `low` to `high`."""
        value = self._number(NOT_NUMBER, low, high)
        if value is not None and value != round(value, decimals):
            return self.problem(TOO_MANY_DECIMALS, value=self.node.shown, limit=decimals)
        return value

    def weight(self) -> Decimal | None:
        """A plain number above 0 with at most three decimals."""
        value = self._number(NOT_POSITIVE, 0, MOST_WEIGHT)
        if value == 0:
            return self.problem(NOT_POSITIVE, value=self.node.shown, low=0, high=MOST_WEIGHT)
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
            return self.problem(NOT_WHOLE, value=self.node.shown, low=low, high=high)
        return int(self.node.text)

    def flag(self) -> bool | None:
        """True or false."""
        if self.is_absent:
            return None
        if self.node.tag != "bool" or self.node.text.lower() not in ("true", "false"):
            return self.problem(NOT_FLAG, value=self.node.shown)
        return self.node.text.lower() == "true"

    def option(self, options: Collection[str]) -> str | None:
        """One of a few words."""
        if self.is_absent:
            return None
        if self.node.kind != "scalar" or self.node.text not in options:
            return self.problem(NOT_OPTION, value=self.node.shown, options=", ".join(options))
        return self.node.text


class Declared:
    """The keys of one kind of thing, each declared once."""

    def __init__(self) -> None:
        self._lines: dict[str, int] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._lines

    def declare(self, spot: Spot) -> str | None:
        """The key at this place, or None; one that was declared before is a problem."""
        key = spot.key()
        if key in self._lines:
            return spot.problem(REPEATED_KEY, value=shown(key), first=self._lines[key])
        if key is not None:
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

    def several(self, spot: Spot) -> tuple[str, ...]:
        """The keys listed here, each once; "" where there is none to be read."""
        listed = Declared()
        keys = [(item, listed.declare(item)) for item in spot.items()]
        self._uses += [(item, key) for item, key in keys if key is not None]
        return tuple(key or "" for _item, key in keys)

    def check(self, known: Collection[str] | Declared) -> None:
        """Note every named key that is not among the known ones."""
        for spot, key in self._uses:
            if key not in known:
                spot.problem(self._unknown, value=shown(key))
