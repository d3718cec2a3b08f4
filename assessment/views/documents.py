"""The report in other forms: the same `Report` as the page, as PDF, spreadsheet or data, to carry away."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _

from assessment import scoring
from assessment.documents.csv import report_csv
from assessment.documents.json import report_json
from assessment.documents.pdf import report_pdf, summary_pdf
from assessment.documents.xlsx import report_xlsx
from assessment.models import Result
from assessment.report.parts import Part, Report
from assessment.results.reporting import answers_behind
from assessment.text.comparing import slug
from assessment.views import limits

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
}


class DocumentConverter:
    """The names of the documents, as the addresses know them."""

    regex = r"report\.(?:pdf|xlsx|csv|json)|summary\.pdf"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def document(request: HttpRequest, report: Report, name: str, *, result: Result | None) -> HttpResponse:
    """A report as the document of this name, in the reader's language; `result` is None for one that is not stored."""
    stem, _dot, kind = name.partition(".")
    refused = limits.refusal(request, limits.DOCUMENTS) if kind in ("pdf", "xlsx") else None
    if refused:
        return refused
    if kind == "pdf":
        body = report_pdf(report) if stem == "report" else summary_pdf(report)
    elif kind == "json":
        body = _data(report, result)
    else:
        body = {"xlsx": report_xlsx, "csv": report_csv}[kind](report)
    headers = {"Content-Disposition": content_disposition_header(True, _file_name(report, stem, kind))}
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
    what = slug(_("report") if stem == "report" else _("summary"))
    day = timezone.localtime(report.subject.made_at).date().isoformat()
    name = report.subject.organisation
    called = slug(name) or slugify(name, allow_unicode=True)  # of a name that has no letter of ours, what it has
    organisation = called[:60].strip("-_")
    return "-".join(part for part in (organisation, what, day, translation.get_language()) if part) + f".{kind}"
