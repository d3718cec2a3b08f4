"""The keys that a content file declares and the places that refer to them."""

from collections.abc import Collection

from assessment.content import messages
from assessment.content.problems import shown
from assessment.content.spot import Spot


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
