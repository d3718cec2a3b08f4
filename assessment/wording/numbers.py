"""Numbers, names and keys as they are read: in the reader's language and form."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Protocol

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from assessment.content.files import organisation_lists
from assessment.content.structure import DimensionContent
from assessment.scoring.levels import shown


def listed(names: Iterable) -> str:
    """Names as one reads them aloud: "a", "a and b", "a, b and c"."""
    names = [str(name) for name in names]
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


WORDS = {
    1: pgettext_lazy("how many steps", "one"),
    2: pgettext_lazy("how many steps", "two"),
    3: pgettext_lazy("how many steps", "three"),
    4: pgettext_lazy("how many steps", "four"),
    5: pgettext_lazy("how many steps", "five"),
}


def in_words(count: int) -> str:
    """A small number as a word in a sentence, of feminine things in French; from 6 on in figures."""
    return str(WORDS.get(count, count))


class Counted(Protocol):
    """How far a dimension is answered."""

    content: DimensionContent
    excluded: bool
    answered: int
    total: int


def counted(part: Counted) -> str:
    """How much of a dimension is answered, as short as it can be said: "3/8"."""
    if part.excluded:
        return _("left out")
    if not part.content.scored and not part.answered:
        return _("optional")
    return f"{part.answered}/{part.total}"


def whole(number: Fraction | None) -> str:
    """A score as it is shown: whole, "–" when there is none."""
    return "–" if number is None else str(shown(number))


def rounded(number: Fraction, places: int = 1) -> Decimal:
    """A number with so many decimals, rounded half up."""
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def decimal(number: Fraction, places: int = 1) -> str:
    """A number with decimals in the reader's form, rounded half up."""
    return number_format(rounded(number, places), decimal_pos=places)


def points(number: Fraction) -> str:
    """Points or a weight, without decimals that say nothing."""
    return str(number.numerator) if number.denominator == 1 else decimal(number)


def gain(number: Fraction, decimals: int = 1) -> str:
    """What a step brings: "+4.2"; what is not nothing is never shown as nothing. Of whole points 0 is less than a half."""
    least = Fraction(1, 10**decimals)
    if number >= least / 2 or (number == 0 and decimals):
        return f"+{decimal(number, decimals)}"
    return _("less than +%(least)s") % {"least": decimal(least, decimals)}


def percent(share: Fraction | None) -> str:
    """A share of 1 as a percentage: 100 only for all, 0 only for none."""
    return "–" if share is None else _("%(number)s%%") % {"number": shown(share * 100)}


def effort(key: str) -> str:
    return {"S": _("small"), "M": _("medium"), "L": _("large")}.get(key, "")


def role(key: str) -> str:
    """The name of a role; roles of another list are shown as they were stored."""
    return next((str(entry.text) for entry in organisation_lists().roles if entry.key == key), key)


def fact(key: str, kind: str) -> str:
    """The words of an organisation's sector, size or market (its `kind`); one of another list is shown as it was stored."""
    entries = getattr(organisation_lists(), f"{kind}s")
    return next((str(entry.text) for entry in entries if entry.key == key), key)
