"""An edition of the live barometer as a brochure: a tagged PDF (PDF/UA-1) of some six pages in one language, of its published,
rounded cells and of nothing else.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.cache import caches
from django.template.defaultfilters import capfirst, floatformat
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessment.barometer.shown import DRAWN, Figures, Point, Row
from assessment.charts.style import PALETTE
from assessment.documents import typesetting
from assessment.documents.edition_charts import band, level_names, points_title, row_name, unasked
from assessment.models import Edition
from assessment.models.secret import site_address
from assessment.report.barometer import CriterionPart, EditionPart
from assessment.report.evidence import Edition as Study
from assessment.wording import barometer, numbers

Part = dict[str, Any]
ALWAYS = 3  # of the standings on a point, those that are said even when nobody is there
MOST_KEY_FIGURES = 4
MOST_NAMED = 2
WEEK = 7 * 24 * 3600  # seconds


def brochure_pdf(figures: Figures, edition: Edition, studies: Sequence[Study]) -> bytes:
    """The brochure in the active language, kept by what is in it; `studies` are the editions of 2016 and 2017."""
    told = json.dumps(typesetting.Printable().data(brochure(figures, edition, studies)))
    place = f"brochure:{hashlib.sha256(told.encode()).hexdigest()}"
    return caches["pictures"].get_or_set(place, lambda: _typeset(told), timeout=WEEK)


def _typeset(told: str) -> bytes:
    return typesetting.pdf("brochure.typ", json.loads(told), {}, at=0)  # the same bytes for the same figures: no date


def brochure(figures: Figures, edition: Edition, studies: Sequence[Study]) -> Part:
    """Everything that the brochure's template lays out; a part of which the edition has nothing is None."""
    return {
        "language": get_language() or "en",
        "colours": PALETTE["light"],
        "product": _("Social media maturity"),
        "page": _("Page {number} of {total}"),
        "title": _("The live barometer, %(year)s") % {"year": edition.year},
        "invented": _("Invented figures: no organisation stands behind this edition.") if edition.invented else "",
        "cover": _cover(figures, edition),
        "gaps": _points(figures.gaps, figures, edition, are_gaps=True),
        "levels": _levels(figures),
        "points": _points(figures.others, figures, edition, are_gaps=False),
        "groups": _groups(figures),
        "method": {"title": _("How this was counted"), "items": _method(figures, edition)},
        "compared": {"title": _("What may be compared"), "items": _compared(studies)},
        "cited": _cited(edition),
    }


# The title page ------------------------------------------------------------------------------------------------------
def _cover(figures: Figures, edition: Edition) -> Part:
    lead = _(
        "In 2016 and 2017 the French barometer of social media in companies named gaps, progress and practices. This is how "
        "about %(number)s organisations stand on them in %(year)s: volunteers who assessed themselves, no representative sample."
    )
    return {
        "eyebrow": f"{_('The live barometer')} · {_('Edition %(year)s') % {'year': edition.year}}",
        "finding": main_finding(figures),
        "lead": lead % {"number": _number(figures.n), "year": edition.year},
        "keys": key_figures(figures)[:MOST_KEY_FIGURES],
        "whole": {"title": _("Where they stand"), "bar": _bar(figures.levels[0].shares), "legend": level_names()},
        "said": _level_shares(figures.levels[0]),
        "contents": _("In this brochure"),
    }


def main_finding(figures: Figures) -> str:
    """What an edition says above all, read off its shares: which gaps are closed most and least often, else its level."""
    if figures.closed_most and figures.closed_least:
        most, least = (_as_often(figures, point) for point in (figures.closed_most, figures.closed_least))
        return _("Gaps closed most often: %(most)s. Least often: %(least)s.") % {"most": most, "least": least}
    if figures.commonest:
        return _("Most frequent is level %(level)s.") % {"level": figures.commonest[0]}
    return _("Where organisations stand on what was found in 2016 and 2017")


def _as_often(figures: Figures, point: Point) -> str:
    """The gaps that as many have closed as this one: two by name, of more than two how many others there are."""
    titles = [str(other.criterion.title) for other in figures.gaps if other.shares[0] == point.shares[0]]
    if len(titles) <= MOST_NAMED:
        return ", ".join(titles)  # a title has its own "and"
    return _("%(names)s and %(count)s more") % {"names": titles[0], "count": len(titles) - 1}


def key_figures(figures: Figures) -> list[Part]:
    """Published figures that matter most, the first first: how each is written large, and what it says."""
    found = [*_of_gaps(figures), {"big": _number(figures.n), "says": _("organisations counted, to the nearest five")}]
    if figures.commonest:
        level, share = figures.commonest
        says = _("is the most frequent level: %(share)s of the organisations") % {"share": _percent(share)}
        found.append({"big": _("Level %(level)s") % {"level": level}, "says": says})
    if figures.levels[0].median:
        says = _("points: the band that holds the median of the scores")
        found.append({"big": band(figures.levels[0]), "says": says})
    return found


def _of_gaps(figures: Figures) -> Iterable[Part]:
    most, least, count = figures.closed_most, figures.closed_least, len(figures.gaps)
    asked = [point for point in figures.gaps if point.shares[0] is not None]
    if most and least:
        for point, says in (
            (most, _("have closed “%(gap)s”; of the %(count)s gaps, no other is closed more often")),
            (least, _("have closed “%(gap)s”; of the %(count)s gaps, no other is closed less often")),
        ):
            share = point.shares[0]
            nought = _("Up to %(share)s%%") % {"share": floatformat(figures.nought)}
            yield {
                "big": _percent(share) if share else nought,
                "says": says % {"gap": point.criterion.title, "count": count},
            }
    elif asked:
        says = _("have closed each of the gaps: all of them are closed equally often")
        yield {"big": _percent(asked[0].shares[0]), "says": says}


# Points and levels ---------------------------------------------------------------------------------------------------
def _points(points: Sequence[Point], figures: Figures, edition: Edition, *, are_gaps: bool) -> Part | None:
    if not points:
        return None
    lead = _(
        "Share of the organisations of %(year)s, in %%, rounded to steps of %(step)s%%: a row may come to a little more or less "
        "than 100. The studies of 2016 and 2017 describe these points in words and give hardly any percentages, so we compare "
        "nothing in figures."
    ) % {"year": edition.year, "step": figures.step}
    usual, _number_of = Counter(point.criterion.confidence for point in points).most_common(1)[0]
    source = _("Source, where nothing else is said: %(known)s.") % {"known": barometer.confidence(usual)}
    names, scale = barometer.standings(are_gaps), _scale(point.shares[:DRAWN] for point in points)
    return {
        "title": points_title(are_gaps=are_gaps),
        "lead": lead,
        "source": source,
        "head": [_("What was found"), _("Today")],
        "legend": names[:DRAWN],
        "rows": [_point(point, names, scale, usual) for point in points],
    }


def _point(point: Point, names: Sequence[str], scale: int, usual: str) -> Part:
    known = point.criterion.confidence
    return {
        "title": capfirst(str(point.criterion.title)),
        "text": f"{point.edition}{_(': ')}{point.criterion.text}",
        "doubt": "" if known == usual else capfirst(barometer.confidence(known)),
        "bar": None if None in point.shares else _bar(point.shares[:DRAWN], scale),
        "said": unasked() if None in point.shares else _standing_shares(point, names),
    }


def _standing_shares(point: Point, names: Sequence[str]) -> str:
    said = [
        f"{name}\u00a0{_percent(share)}"
        for place, (name, share) in enumerate(zip(names, point.shares, strict=True))
        if share or place < ALWAYS
    ]
    return " · ".join(said)


def _level_shares(row: Row) -> str:
    return " · ".join(
        f"{name}\u00a0{_percent(share)}" for name, share in zip(level_names(), row.shares, strict=True) if share
    )


def _levels(figures: Figures) -> Part:
    lead = _(
        "Share of the organisations at each level, in %%, rounded to steps of %(step)s%%. “None”: too few answers, or a "
        "dimension that does not apply."
    )
    note = _("The median band, in points from 0 to 100, is told from twenty organisations on.")
    scale = _scale(row.shares for row in figures.levels)
    cells = [[row_name(row), *map(str, row.shares), band(row)] for row in figures.levels]
    return {
        "title": _("Where they stand"),
        "lead": lead % {"step": figures.step},
        "note": note,
        "legend": level_names(),
        "head": [_("Dimension"), "", *level_names(), _("Median band, in points")],
        "rows": [{"cells": row, "bar": _bar(of.shares, scale)} for row, of in zip(cells, figures.levels, strict=True)],
    }


def _groups(figures: Figures) -> Part | None:
    tables = [_group(facet, rows) for facet, rows in figures.groups.items() if rows]
    if not tables:
        return None
    lead = _(
        "Levels of the whole, in %%. A group is shown from ten organisations on; those that were counted only together with "
        "others of another sector, size or market are not in it."
    )
    coarser = _("The fewer organisations a group has, the coarser its shares.")
    return {"title": _("By sector, size and market"), "lead": f"{lead % {}} {coarser}", "tables": tables}


def _group(facet: str, rows: Sequence[Row]) -> Part:
    captions = {"sector": _("By sector"), "size": _("By number of people"), "market": _("By market")}
    firsts = {"sector": _("Sector"), "size": _("Number of people"), "market": _("Market")}
    kind = "group" if facet == "sector" else facet
    scale = _scale(row.shares for row in rows)
    told = [
        {
            "cells": [numbers.fact(str(row.name), kind), *map(str, row.shares), _number(row.n)],
            "bar": _bar(row.shares, scale),
        }
        for row in rows
    ]
    head = [firsts[facet], "", *level_names(), _("Organisations, about")]
    return {"title": captions[facet], "head": head, "rows": told}


def _scale(rows: Iterable[Sequence[int | None]]) -> int:
    """Percent on the whole width of a bar: 100, or the largest sum of rounded shares."""
    return max([100, *(sum(share or 0 for share in shares) for shares in rows)])


def _bar(shares: Sequence[int | None], scale: int | None = None) -> list[list[Any]]:
    """The segments of a bar, each with its place among the shares, its width in percent of the whole, and its number."""
    scale = scale or _scale([shares])
    return [[place, 100 * share / scale, str(share)] for place, share in enumerate(shares) if share]


# How, and what for ---------------------------------------------------------------------------------------------------
def _method(figures: Figures, edition: Edition) -> list[str]:
    told = {"number": _number(figures.n), "year": edition.year}
    if edition.invented:
        who = _(
            "About %(number)s invented organisations: none of them exists, none agreed. They were summed by the rules that "
            "hold for real ones."
        )
    else:
        who = _("About %(number)s organisations agreed to be counted; each counts once, with a result of %(year)s.")
        runs = _("The edition runs until 31 January %(next)s.") % {"next": edition.next_year}
        who = f"{who} {_('The edition is closed.') if edition.is_closed else runs}"
    return [
        who % told,
        _(
            "Figures are sums over groups of ten or more that were closed before anybody saw them, never over fewer. No "
            "answer, note or name is in them: levels and standings alone."
        ),
        _(
            "Shares are rounded to steps of 20%% below 50 organisations, 10%% below 100, 5%% below 500, and 1%% from there on; "
            "how many organisations there are, to the nearest five. Everything else is computed from these. They need not add "
            "up to 100."
        )
        % {},
        _(
            "Bars are drawn as rounded; the rest is left blank, and so is what does not apply to an organisation. What is not "
            "said of a bar rounds to nothing."
        ),
    ]


def _compared(studies: Sequence[Study]) -> list[Part]:
    then = [
        {"title": f"{study.edition}{_(': ')}{study.title}", "text": barometer.edition(_as_part(study))}
        for study in sorted(studies, key=lambda study: study.edition)
    ]
    now = _(
        "Self-assessments of organisations that chose to answer and agreed to be counted. They are no sample of all companies; "
        "who takes part may care more for social media than others do."
    )
    between = _(
        "Today’s shares do not measure a change: the two studies said in words what they found of companies and published no "
        "share of it. What can be read is how far those who are counted are, by their own answers, on each point named then."
    )
    coarse = _(
        "The fewer organisations, the coarser the shares, so that no figures tell fewer than ten organisations apart. A "
        "difference of one step may be less than it seems: compare what differs by more."
    )
    return [
        *then,
        {"title": _("Today"), "text": now},
        {"title": _("Between then and today"), "text": between},
        {"title": _("Why shares are coarse"), "text": coarse},
    ]


def _as_part(study: Study) -> EditionPart:
    points = (CriterionPart(study.edition, made, None, (), made.figures, None) for made in study.criteria)
    return EditionPart(study, tuple(points))


def _cited(edition: Edition) -> Part:
    cite = _("Cite as: Social media maturity, The live barometer, edition %(year)s.") % {"year": edition.year}
    page, methodology = site_address(reverse("edition", args=[edition.year])), site_address(reverse("methodology"))
    return {
        "title": _("How to cite"),
        "cite": cite,
        "invented": f"({_('invented figures')})" if edition.invented else "",
        "page": {"href": page},
        "files": [
            _link(site_address(reverse("edition_csv", args=[edition.year])), _("All figures as a table (CSV)")),
            _link(site_address(reverse("edition_json", args=[edition.year])), _("All figures as data (JSON)")),
            _link(f"{methodology}#live", _("How the live barometer counts, and what it cannot prevent")),
            _link(f"{methodology}#studies", _("Every study, finding and source")),
        ],
    }


def _link(href: str, text: str) -> Part:
    return {"href": href, "text": text}


def _number(number: int) -> str:
    return number_format(number, force_grouping=True)


def _percent(share: int | None) -> str:
    return _("%(number)s%%") % {"number": share}
