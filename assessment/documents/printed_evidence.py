"""What is printed of the barometer and of other published figures beside an organisation's answers."""

from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from assessment import wording
from assessment.report import ComparisonPart, Report

Part = dict[str, Any]


def references(report: Report) -> Part | None:
    """Where we read the companies of each edition, dimension by dimension, with the reason."""
    if not report.editions:
        return None
    parts = [
        {
            "title": str(part.title),
            "items": [
                {"text": wording.reference(item), "aside": str(item.why) if item.why else ""}
                for item in part.references
            ],
        }
        for part in report.dimensions
        if part.references
    ]
    return {
        "title": _("Against the barometer"),
        "lead": _("The barometer speaks in words, not scores: these levels are our editorial reading."),
        "parts": parts,
    }


def comparisons(report: Report) -> Part | None:
    """The optional answers beside the figures that studies published."""
    if not report.comparisons:
        return None
    return {
        "title": _("Beside published figures"),
        "lead": _(
            "Your optional answers, with what studies published of other companies. Published figures count companies; "
            "they are not on the scale of your score."
        ),
        "items": [_comparison(part) for part in report.comparisons],
    }


def _comparison(part: ComparisonPart) -> Part:
    studies = [
        {"source": source, "figures": [wording.figure(pair) for pair in pairs]}
        for source, pairs in groupby(part.figures, key=lambda pair: wording.source(pair[1]))
    ]
    answer = _("You: %(answer)s") % {"answer": wording.listed(part.given.texts)}
    return {"question": str(part.question), "answer": answer, "studies": studies}
