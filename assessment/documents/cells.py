"""Tables of cells: texts, dates, and numbers that know how they are shown."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from assessment.report.parts import StepPart
from assessment.scoring import levels
from assessment.scoring.comparison import DimensionChange
from assessment.wording import numbers, sentences
from assessment.wording.numbers import rounded

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Form(StrEnum):
    """How a number is shown."""

    WHOLE = "whole"
    TENTHS = "tenths"
    EXACT = "exact"  # up to six places, as in report.json
    PART = "part"  # 0 to 1 and exact; a workbook shows it as a percentage
    SHARE = "share"  # 0 to 1, shown as a percentage
    SHARE_TENTHS = "share-tenths"
    GAIN = "gain"  # one place, with its sign
    CHANGE = "change"  # whole, with its sign


@dataclass(frozen=True, slots=True)
class Number:
    """A number as a cell holds it."""

    value: Decimal
    form: Form


Cell = str | Number | date | None
HEADED, FIGURE = 20, 14  # widths of a column of numbers, in characters: with a long head, and else


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, what it says of an item, and its width in characters.

    `key` names it to the CSV file; one that only a workbook shows has none.
    """

    title: str
    of: Callable[[Any], Cell]
    width: int = FIGURE
    key: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether only numbers and short words stand in it."""
        return self.width <= HEADED


@dataclass(frozen=True, slots=True)
class Table:
    """A title, columns, and what there is a row for."""

    title: str
    columns: Sequence[Column]
    items: Sequence[Any]

    @property
    def heads(self) -> list[str]:
        return [column.title for column in self.columns]

    def rows(self) -> Iterator[list[Cell]]:
        return ([column.of(item) for column in self.columns] for item in self.items)

    def records(self) -> Iterator[dict[str, Cell]]:
        """Each row as what the columns that have a key say, by key."""
        keyed = [column for column in self.columns if column.key]
        return ({column.key: column.of(item) for column in keyed} for item in self.items)


def count(number: int | None) -> Number | None:
    """How many, or which."""
    return None if number is None else Number(Decimal(number), Form.WHOLE)


def score(number: Fraction | None) -> Number | None:
    """A score (0 to 100) as the page shows it: whole, 100 only for 100 and 0 only for 0."""
    return None if number is None else count(levels.shown(number))


def share(part: Fraction | None) -> Number | None:
    """A share of 1 as the page shows it: whole percents, 100 only for all and 0 only for none."""
    return None if part is None else Number(Decimal(levels.shown(part * 100)) / 100, Form.SHARE)


def points(number: Fraction | None) -> Number | None:
    """Points or a weight as the page shows them: whole where they are, else with one decimal."""
    if number is None or number.denominator == 1:
        return None if number is None else count(number.numerator)
    return tenths(number)


def tenths(number: Fraction) -> Number:
    """A number with one decimal, rounded half up."""
    return Number(rounded(number), Form.TENTHS)


def gain(step: StepPart) -> Number | str:
    """What a step brings, with its decimals; what is not nothing is never shown as nothing."""
    shown = rounded(step.gain, step.decimals)
    if not shown and (step.gain or not step.decimals):
        return numbers.gain(step.gain, step.decimals)
    return Number(shown, Form.GAIN if step.decimals else Form.CHANGE)


def after(step: StepPart) -> Number:
    """The score that a step would lead to, with the decimals of its gain."""
    return tenths(step.score_after) if step.decimals else count(levels.shown(step.score_after))


def change(part: DimensionChange | None) -> Number | str:
    """A change as the page says it: a number, or words where it rests on some of the questions or on none."""
    if part is None or part.change is None or part.broken:
        return sentences.moved(part)
    return Number(Decimal(levels.shown(part.after) - levels.shown(part.before)), Form.CHANGE)


def percent(number: Decimal) -> Number:
    """A published percentage (0 to 100), with the decimals it was published with."""
    plain = number.normalize()
    return Number(plain / 100, Form.SHARE if plain == plain.to_integral_value() else Form.SHARE_TENTHS)


def yes(answer: bool) -> str:
    return _("yes") if answer else _("no")


def exact(number: Fraction | None) -> Number | None:
    """A number with six places, as report.json publishes it."""
    if number is None:
        return None
    near = round(number, 6)
    return Number(Decimal(near.numerator) / Decimal(near.denominator), Form.EXACT)


def clean(text: str) -> str:
    """A text that every file can carry: characters that XML or UTF-8 cannot are replaced."""
    return NOT_XML.sub("\ufffd", text)
