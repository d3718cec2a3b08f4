"""What is printed of the barometer and of other published figures beside an organisation's answers."""

from itertools import groupby
from typing import Any

from django.template.defaultfilters import capfirst
from django.utils.translation import gettext as _

from assessment import wording
from assessment.report import ComparisonPart, CriterionPart, EditionPart, Reference, Report

Part = dict[str, Any]


def evidence(report: Report) -> Part | None:
    """The part against the barometer: its points, our reading of its levels, published figures; None without any."""
    parts = {"editions": _editions(report), "levels": _levels(report), "figures": _figures(report)}
    if not any(parts.values()):
        return None
    lead = wording.barometer(report) if report.barometer else ""
    return {"title": _("Against the barometer"), "lead": lead, "note": wording.measure(report)} | parts


def _editions(report: Report) -> list[Part]:
    """Each edition with every point it made, gaps first, and where the organisation stands on it."""
    return [
        {
            "title": _("Edition %(edition)s") % {"edition": edition.study.edition},
            "about": _about(edition),
            "head": [_("What the barometer says of companies"), _("Where you stand")],
            "points": [_point(part) for part in (*edition.gaps, *edition.others)],
        }
        for edition in report.barometer
    ]


def _about(edition: EditionPart) -> str:
    apart = _("The editions did not ask the same companies, so no line is drawn from one to the next.")
    return f"{wording.edition(edition)} {apart}"


def _point(part: CriterionPart) -> Part:
    figures = [wording.statement(item) for item in part.figures] or [_("No published figure.")]
    about = [wording.kind(part), str(part.dimension)] if part.dimension else [wording.kind(part)]
    return {
        "about": " · ".join(about),
        "title": capfirst(str(part.criterion.title)),
        "text": str(part.criterion.text),
        "figures": " ".join(figures),
        "stands": wording.stands(part),
        "told": wording.criterion(part),
    }


def _levels(report: Report) -> Part | None:
    """The level at which we read the companies of each edition, dimension by dimension, with the reason."""
    if not report.editions:
        return None
    rows = [
        [{"text": str(part.title), "aside": ""}, *map(_level, part.references)]
        for part in report.dimensions
        if part.references
    ]
    head = [_("Dimension"), *(_("Barometer %(edition)s") % {"edition": edition} for edition in report.editions)]
    lead = _("The barometer speaks in words, not scores: these levels are our editorial reading.")
    return {"title": _("How we read it"), "lead": lead, "head": head, "rows": rows}


def _level(item: Reference) -> Part:
    text = _("level %(level)s") % {"level": item.level} if item.level else "–"
    return {"text": text, "aside": str(item.why or "")}


def _figures(report: Report) -> Part | None:
    """The optional answers beside the figures that studies published."""
    if not report.comparisons:
        return None
    lead = _(
        "Your optional answers, with what studies published of other companies. Published figures count companies; "
        "they are not on the scale of your score."
    )
    items = [_comparison(part) for part in report.comparisons]
    return {"title": _("Beside published figures"), "lead": lead, "items": items}


def _comparison(part: ComparisonPart) -> Part:
    studies = [
        {"source": source, "figures": [wording.figure(pair) for pair in pairs]}
        for source, pairs in groupby(part.figures, key=lambda pair: wording.source(pair[1]))
    ]
    answer = _("You: %(answer)s") % {"answer": wording.listed(part.given.texts)}
    return {
        "question": str(part.question),
        "answer": answer,
        "studies": studies,
        "without": wording.unpublished(part),
    }
