"""A value read from JSON together with its place, so that whatever is wrong with it can be named."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import NoReturn, TypeVar

T = TypeVar("T")
FRACTION = re.compile(r"-?[0-9]{1,1000}(/[0-9]{1,1000})?")


@dataclass(frozen=True, slots=True)
class Node:
    """One JSON value and the path to it; every method raises ValueError naming the path, and nothing else."""

    value: object
    path: str = ""

    def fail(self, problem: str) -> NoReturn:
        """Say what is wrong here."""
        raise ValueError(f"{self.path or 'report'}: {problem}")

    def members(self) -> dict[str, "Node"]:
        """The members of an object."""
        if not isinstance(self.value, dict):
            self.fail("must be an object")
        prefix = f"{self.path}." if self.path else ""
        return {key: Node(value, f"{prefix}{key}") for key, value in self.value.items()}

    def member(self, key: str) -> "Node":
        """A member that must be there."""
        found = self.optional(key)
        return self.fail(f"{key!r} is missing") if found is None else found

    def optional(self, key: str) -> "Node | None":
        """A member that may be left out."""
        return self.members().get(key)

    def items(self) -> list["Node"]:
        """The items of a list."""
        if not isinstance(self.value, list):
            self.fail("must be a list")
        return [Node(value, f"{self.path}[{index}]") for index, value in enumerate(self.value)]

    def unless_null(self, read: Callable[["Node"], T]) -> T | None:
        """What `read` makes of it, or None for null."""
        return None if self.value is None else read(self)

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or not self.value:
            self.fail("must be a text")
        return self.value

    def one_of(self, known: Collection[str]) -> str:
        """One of the known texts."""
        text = self.text()
        if text not in known:
            self.fail(f"{text!r} is not known here")
        return text

    def boolean(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            self.fail("must be true or false")
        return self.value

    def integer(self) -> int:
        """A whole number."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            self.fail("must be a whole number")
        return self.value

    def number(self) -> Fraction:
        """An exact number: a decimal read as it is written, or a fraction as text."""
        if isinstance(self.value, str):
            return self.fraction()
        if isinstance(self.value, float) and isfinite(self.value):
            return Fraction(repr(self.value))
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            self.fail("must be a number")
        return Fraction(self.value)

    def fraction(self) -> Fraction:
        """An exact number written as text, such as "100/3" or "50"."""
        text = self.text()
        if not FRACTION.fullmatch(text):
            self.fail('must be a fraction as text, such as "100/3"')
        try:
            return Fraction(text)
        except ZeroDivisionError:
            self.fail("must not divide by zero")

    def points(self) -> Fraction:
        """A number from 0 to 100."""
        return self.within(self.number())

    def within(self, number: Fraction) -> Fraction:
        """The number itself, which must lie in 0..100."""
        if not 0 <= number <= 100:
            self.fail("must lie in 0..100")
        return number


def read_unique(nodes: list[Node], read: Callable[[Node], T], key: Callable[[T], str]) -> tuple[T, ...]:
    """What `read` makes of each node; no two may have the same key."""
    seen: set[str] = set()
    found = []
    for node in nodes:
        item = read(node)
        if key(item) in seen:
            node.fail(f"{key(item)!r} is there twice")
        seen.add(key(item))
        found.append(item)
    return tuple(found)
