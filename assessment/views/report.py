"""The report of a response, for who holds its key; and a report through a reading link."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from assessment import access
from assessment.models import Questionnaire, Response
from assessment.models.outline import outline
from assessment.report.parts import Report
from assessment.results.reporting import report_of
from assessment.rounds.part_result import minutes_for
from assessment.views import charts, documents
from assessment.views.previews import of_shared
from assessment.views.secret import or_404, secret_page


def _own(request: HttpRequest, key: str) -> tuple[Response, Report]:
    response = or_404(access.submitted(key, request.user))
    return response, report_of(response.known_result, access.parts_seen(response))


def _shared(token: str) -> tuple[access.Shared, Report]:
    found = or_404(access.shared(token, at=timezone.now()))
    return found, report_of(found.result, found.shows, by_link=True)


KEPT = 300  # seconds


def stamp(report: Report, base: str) -> str:
    """What the parts of a page that are kept for some minutes depend on, besides the language; of this process alone."""
    told = (
        replace(report.result, questions=(), dimensions=()),  # which the report's own hold
        report.version,
        report.before,
        report.first,
        report.shows,
        report.dimensions,
        report.comparisons,
        report.barometer,
        repr(report.peers),
        report.subject,
        report.joint and (report.joint.mode, report.joint.responses),
    )
    return f"{base} {hash(told)}"  # ten times as quick as a digest of all their texts


def page(request: HttpRequest, report: Report, base: str, **more) -> HttpResponse:
    """A report as a page; its charts and documents are beside it, at addresses under `base`, which ends in a slash.

    `more` holds `what_if_address` where improvements can be tried out, `share_address` where a reading link can be made,
    `plan_address` for those who cannot but have a plan to go on with, and what `begin` gives for those who have neither.
    """
    return render(request, "assessment/report.html", context(report, base) | more)


def context(report: Report, base: str) -> dict:
    """What the template of every report is told."""
    return {
        "report": report,
        "base": base,
        "stamp": stamp(report, base),
        "seconds": 0 if report.holds_notes else KEPT,  # what people wrote is not kept beyond its erasure
        "charts": SimpleLazyObject(lambda: charts.addresses(report, base)),  # needed only where a part is not kept yet
    }


def begin(current: Questionnaire | None) -> dict[str, int]:
    """How long the current version takes whoever reads another's report and would begin; nothing while none is published."""
    if current is None:
        return {}
    least, most = minutes_for(len(outline(current).scoring.scored_questions))
    return {"least": least, "most": most}


@require_safe
@secret_page
def report(request: HttpRequest, key: str) -> HttpResponse:
    """The report of what was submitted under this key."""
    response, content = _own(request, key)
    base = reverse("respond", args=[key])
    what_if = reverse("what_if", args=[key]) if content.shows_plan else None
    sharing = reverse("sharing", args=[key])
    return page(request, content, base, key=key, response=response, what_if_address=what_if, share_address=sharing)


@require_safe
@secret_page
def document(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """The same report in another form."""
    response, content = _own(request, key)
    return documents.document(request, content, name, result=response.result)


@require_safe
@secret_page
def chart(request: HttpRequest, key: str, name: str, form: str) -> HttpResponse:
    """One chart of the report."""
    return charts.chart(request, _own(request, key)[1], name, form=form)


@require_safe
@secret_page
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """A report through a reading link, which can change nothing."""
    found, content = _shared(token)
    address, current = reverse("shared", args=[token]), Questionnaire.objects.current()
    preview = of_shared(content, address, tells_score=found.score_in_preview, current=current)
    return page(request, content, address, preview=preview, **begin(current))


@require_safe
@secret_page
def shared_document(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """The shared report in another form."""
    found, content = _shared(token)
    return documents.document(request, content, name, result=found.result)


@require_safe
@secret_page
def shared_chart(request: HttpRequest, token: str, name: str, form: str) -> HttpResponse:
    """One chart of a shared report; it is not stored, so that it ends with the link."""
    return charts.chart(request, _shared(token)[1], name, form=form, stored=False)
