"""What each chart of an edition of the live barometer shows: its published, rounded shares and nothing else."""

from functools import partial

from django.template.defaultfilters import capfirst
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.barometer.shown import DRAWN, Figures, Point, Row
from assessment.charts.stacked import Heading, Stack, stacked
from assessment.documents.drawings import Drawing
from assessment.models import Edition
from assessment.wording.barometer import labels, standings


def drawing(figures: Figures, edition: Edition, name: str) -> Drawing | None:
    """What draws the "gaps", the other "points" or the "levels" of an edition, told the scheme; None for what it has not.

    Of a point, as on the page, what does not apply is left blank.
    """
    if name == "levels":
        stacks = tuple(map(_of_levels, figures.levels))
        heading = _heading(figures, edition, _("Where they stand"))
        return partial(stacked, heading, tuple(level_names()), stacks, fills="levels", is_numbered=True)
    points = {"gaps": figures.gaps, "points": figures.others}.get(name)
    if not points:
        return None
    heading = _heading(figures, edition, points_title(are_gaps=name == "gaps"))
    names = tuple(standings(are_gaps=name == "gaps")[:DRAWN])
    return partial(stacked, heading, names, tuple(map(_of_point, points)), fills="standings", is_numbered=False)


def points_title(*, are_gaps: bool) -> str:
    """The title of the points of 2016 and 2017: of the gaps, or of the others."""
    return _("The gaps of 2016 and 2017, today") if are_gaps else _("The other points of 2016 and 2017, today")


def level_names() -> list[str]:
    """The levels and the lack of one, in the order of a row's shares."""
    return [*(_("Level %(level)s") % {"level": level} for level in range(1, 6)), pgettext("no level", "None")]


def row_name(row: Row) -> str:
    """A dimension's title, or that of the whole."""
    return _("The whole") if row.name is None else str(row.name)


def band(row: Row) -> str:
    """The ends of a median band in points; a dash where it is not told."""
    return "{}–{}".format(*row.median) if row.median else "–"


def unasked() -> str:
    """Why a point has no shares."""
    return _("No question asks about it.")


def _heading(figures: Figures, edition: Edition, title: str) -> Heading:
    about = _(
        "The live barometer, edition %(year)s: about %(number)s organisations. Shares in %%, rounded to steps of %(step)s%%; "
        "they need not add up to 100."
    ) % {"year": edition.year, "number": number_format(figures.n, force_grouping=True), "step": figures.step}
    if figures.of:
        about = f"{labels(figures.of)}. {about}"
    return Heading(title, about, _("Invented figures.") if edition.invented else "")


def _of_levels(row: Row) -> Stack:
    beside = _("median band: %(ends)s points") % {"ends": band(row)} if row.median else ""
    return Stack(row_name(row), row.shares, beside)


def _of_point(point: Point) -> Stack:
    missing = unasked() if None in point.shares else ""
    return Stack(capfirst(str(point.criterion.title)), point.shares[:DRAWN], str(point.edition), missing)
