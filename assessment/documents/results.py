"""Many results as one table for spreadsheet programs, anonymous unless the names are asked for."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.documents.cells import Cell, Form, Number, count, yes
from assessment.models.round import Round
from assessment.results.export import Part, ResultRow
from assessment.wording import numbers

NOTHING = Part(None, None, None)


def results_table(rows: Iterable[ResultRow], titles: Mapping[str, str], *, named: bool) -> Iterator[list[Cell]]:
    """A head, then a line for each result; `titles` are those of the dimensions. Unless `named`, a date is only a month."""
    modes, words = dict(Round.Mode.choices), cache(numbers.fact)
    yield [*_names_head(named), *_head(), *_dimensions_head(titles)]
    for row in rows:
        known = [words(getattr(row, kind), kind) for kind in ("sector", "size", "market")]
        made_at = timezone.localtime(row.made_at).date()
        yield [
            *([row.organisation, count(row.round)] if named else []),
            *known,
            yes(row.is_demo),
            str(modes.get(row.mode, row.mode)),
            f"{row.questionnaire} {row.version}",
            made_at if named else f"{made_at:%Y-%m}",
            _exact(row.score),
            count(row.level),
            _exact(row.low),
            _exact(row.high),
            *(cell for key in titles for cell in _part(row.dimensions.get(key, NOTHING))),
        ]


def _names_head(named: bool) -> list[str]:
    return [_("Organisation"), _("Round")] if named else []


def _head() -> list[str]:
    return [
        _("Sector"),
        _("Size"),
        _("Market"),
        _("Demonstration"),
        _("Kind of round"),
        _("Questionnaire"),
        pgettext("of a result", "Date"),
        _("Score"),
        _("Level"),
        _("Lowest possible score"),
        _("Highest possible score"),
    ]


def _dimensions_head(titles: Mapping[str, str]) -> list[str]:
    parts = (_("%(dimension)s: score"), _("%(dimension)s: level"), _("%(dimension)s: coverage"))
    return [part % {"dimension": title} for title in titles.values() for part in parts]


def _part(part: Part) -> list[Cell]:
    share = None if part.coverage is None else Number(part.coverage, Form.PART)
    return [_exact(part.score), count(part.level), share]


def _exact(number: Decimal | None) -> Number | None:
    return None if number is None else Number(number.normalize(), Form.EXACT)
