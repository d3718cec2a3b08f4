"""A report as a document to hand on: the whole one, and the one page for management. Tagged (PDF/UA-1), in one language."""

from collections.abc import Mapping

from django.utils.translation import ngettext

from assessment.charts.style import PALETTE
from assessment.documents import printed, typesetting
from assessment.documents.glyphs import Printable
from assessment.report.parts import Report

CHARTS = {"report.typ": ("rule", "radar", "bars"), "summary.typ": ("rule", "radar")}


def report_pdf(report: Report, charts: Mapping[str, str], *, methodology: str | None = None) -> bytes:
    """The report in the active language, PDF/UA-1; of the SVG texts in `charts` it shows "rule", "radar" and "bars".

    `methodology` is the absolute address of that page, if it shall be linked: the document names no other address.
    """
    return _typeset("report.typ", printed.whole(report, methodology), report, charts)


def summary_pdf(report: Report, charts: Mapping[str, str]) -> bytes:
    """The report on one page for management, in the active language, from the same charts."""
    return _typeset("summary.typ", printed.summary(report), report, charts)


def _typeset(template: str, data: printed.Part, report: Report, charts: Mapping[str, str]) -> bytes:
    signs = Printable()
    shown = signs.data(data)
    drawn = {name: signs.shown(charts[name]) for name in CHARTS[template] if name in charts}
    if signs.missing:
        shown["boxes"] = ngettext(
            "%(count)s character of this document has no sign in its fonts; a box (□) stands in its place.",
            "%(count)s characters of this document have no sign in its fonts; a box (□) stands in their place.",
            len(signs.missing),
        ) % {"count": len(signs.missing)}
    return typesetting.pdf(template, shown, drawn, at=int(report.subject.made_at.timestamp()))


def chart_png(svg: str, *, scheme: str = "light") -> bytes:
    """The chart as PNG, four pixels for each of its units (1,760 wide); KeyError for an unknown scheme."""
    return typesetting.png("chart.typ", {"svg": Printable().shown(svg), "paper": PALETTE[scheme]["paper"]})
