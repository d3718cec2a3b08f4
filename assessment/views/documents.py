"""The report in other forms: the same `Report` as the page, as PDF, spreadsheet, data or picture, to carry away."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _

from assessment import scoring
from assessment.documents import drawings
from assessment.documents.csv import report_csv
from assessment.documents.json import report_json
from assessment.documents.pdf import report_pdf, summary_pdf
from assessment.documents.xlsx import report_xlsx
from assessment.models import Result
from assessment.report.parts import Part, Report
from assessment.results.reporting import answers_behind
from assessment.text.comparing import slug
from assessment.views import language, limits

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "png": "image/png",
}


class DocumentConverter:
    """The names of the documents, as the addresses know them."""

    regex = r"report\.(?:pdf|xlsx|csv|json)|summary\.pdf|(?:picture|slide)\.png"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def document(request: HttpRequest, report: Report, name: str, *, result: Result | None) -> HttpResponse:
    """A report as the document of this name; `result` is None for one that is not stored."""
    return language.as_asked(request, lambda: _document(request, report, name, result=result))


def _document(request: HttpRequest, report: Report, name: str, *, result: Result | None) -> HttpResponse:
    stem, _dot, kind = name.partition(".")
    refused = limits.refusal(request, limits.DOCUMENTS) if kind in ("pdf", "xlsx") else None
    if refused:
        return refused
    if kind == "pdf":
        body = report_pdf(report) if stem == "report" else summary_pdf(report)
    elif kind == "json":
        body = _data(report, result)
    elif kind == "png":
        body = drawings.card_png(report, stem)
    else:
        body = {"xlsx": report_xlsx, "csv": report_csv}[kind](report)
    shown = content_disposition_header(
        kind != "png", _file_name(report, stem, kind)
    )  # a picture opens where it is looked at
    headers = {"Content-Disposition": shown or "inline"}
    return HttpResponse(body, content_type=TYPES[kind], headers=headers)


def _data(report: Report, result: Result | None) -> bytes:
    """A report as data; that of one response holds it, a joint one holds no answers."""
    if result is None or not report.has_data:
        raise Http404(_("There is nothing at this address."))
    mode = scoring.Mode.SOLO if result.response else scoring.Mode(result.round.mode)
    without = () if report.shows_plan else ("plan", "foundations", "after_plan")
    without += () if Part.BAROMETER in report.shows else ("criteria",)
    asked = replace(result.asked, criteria=() if "criteria" in without else result.asked.criteria)
    answers = answers_behind(result, optional=Part.BAROMETER in report.shows)
    return report_json(asked, answers, report.result, mode=mode, without=without, peers=report.peers)


def _file_name(report: Report, stem: str, kind: str) -> str:
    """What the file is called where it is saved: whose report, which document, of when."""
    stems = {"report": _("report"), "summary": _("summary"), "picture": _("picture"), "slide": _("slide")}
    what = slug(stems[stem])
    day = timezone.localtime(report.subject.made_at).date().isoformat()
    name = report.subject.organisation
    called = slug(name) or slugify(name, allow_unicode=True)  # of a name that has no letter of ours, what it has
    organisation = called[:60].strip("-_")
    return "-".join(part for part in (organisation, what, day, translation.get_language()) if part) + f".{kind}"
