"""The result, as a plain table."""

from collections.abc import Iterable
from dataclasses import dataclass

HEADS = ("what", "measured", "floor", "ratio", "bar", "met")


@dataclass(frozen=True, slots=True)
class Row:
    """One measured thing; `bar` is a limit in words, `met` None where there is none."""

    what: str
    measured: str
    floor: str = ""
    ratio: str = ""
    bar: str = ""
    met: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        met = {None: "", True: "yes", False: "NO"}[self.met]
        return self.what, self.measured, self.floor, self.ratio, self.bar, met


def at_most(what: str, measured: float, bar: float | None, unit: str, floor: float | None = None) -> Row:
    """Something that must not be more than its bar, beside the floor it stands on if there is one."""
    limit = "" if bar is None else f"at most {bar:g} {unit}".strip()
    met = None if bar is None else measured <= bar
    if floor is None:
        return Row(what, _with(measured, unit), bar=limit, met=met)
    return Row(what, _with(measured, unit), _with(floor, unit), f"{measured / floor:.2f}", limit, met)


def at_least(what: str, measured: float, bar: float, unit: str, floor: float) -> Row:
    """A rate that must not be less than its bar, with a floor to compare it with."""
    ratio = f"{measured / floor:.2f}"
    return Row(what, _with(measured, unit), _with(floor, unit), ratio, f"at least {bar:g} {unit}", measured >= bar)


def ratio(what: str, measured: float, floor: float, bar: float, unit: str) -> Row:
    """A rate that must reach a share of its floor."""
    share = measured / floor
    return Row(
        what, _with(measured, unit), _with(floor, unit), f"{share:.2f}", f"at least {bar:g} x floor", share >= bar
    )


def _with(number: float, unit: str) -> str:
    digits = 0 if number == int(number) or number >= 100 else 1
    return f"{number:.{digits}f} {unit}".strip()


def printed(rows: Iterable[Row]) -> str:
    lines = [HEADS, *(row.cells for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADS))]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
