"""The report of a response: for who holds its key, and through a reading link."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessment import access, scoring
from assessment.documents.json import report_json
from assessment.models import Response, Result
from assessment.models.outline import outline
from assessment.models.reporting import answers_behind, report_of
from assessment.models.share import revoke, share
from assessment.report import Report
from assessment.views import charts
from assessment.views.secret import or_404, secret_page


def _own(request: HttpRequest, key: str) -> tuple[Response, Report]:
    response = or_404(access.submitted(key, request.user))
    earlier, plan = access.sees_earlier_rounds(response), access.sees_plan(response)
    return response, report_of(response.known_result, with_earlier=earlier, with_plan=plan)


def _shared(token: str) -> tuple[Response, Report]:
    response = or_404(access.shared(token, at=timezone.now()))
    return response, report_of(response.known_result, with_earlier=False, with_plan=access.link_shows_plan(response))


def as_json(result: Result, values: scoring.Result) -> HttpResponse:
    """A report as data; that of one response holds it, a joint one holds no answers."""
    mode = scoring.Mode.SOLO if result.response else scoring.Mode(result.round.mode)
    body = report_json(outline(result.questionnaire).scoring, answers_behind(result), values, mode=mode)
    return HttpResponse(body, content_type="application/json; charset=utf-8")


@require_safe
@secret_page
def report(request: HttpRequest, key: str) -> HttpResponse:
    """The report of what was submitted under this key."""
    response, content = _own(request, key)
    base = reverse("respond", args=[key])
    context = {
        "report": content,
        "charts": charts.addresses(content, base),
        "json_address": f"{base}report.json",
        "key": key,
        "response": response,
        "address": request.build_absolute_uri(base),
    }
    return render(request, "assessment/report.html", context)


@require_safe
@secret_page
def report_data(request: HttpRequest, key: str) -> HttpResponse:
    """The same report as data."""
    response, content = _own(request, key)
    return as_json(response.result, content.result)


@require_safe
@secret_page
def chart(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """One chart of the report."""
    return charts.chart(request, _own(request, key)[1], name)


@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def sharing(request: HttpRequest, key: str) -> HttpResponse:
    """The reading links of a report: make one, see those in force, revoke one."""
    response = or_404(access.submitted(key, request.user))
    now = timezone.now()
    if request.method == "POST":
        if "revoke" in request.POST:
            revoke(response, request.POST["revoke"], at=now)
            messages.success(request, _("The reading link no longer works."))
        else:
            _row, token = share(response, days=settings.SHARE_DAYS, at=now)
            address = request.build_absolute_uri(reverse("shared", args=[token]))
            messages.success(request, address, extra_tags="address")
        return redirect("sharing", key)
    context = {"key": key, "response": response, "shares": response.shares.active(at=now), "days": settings.SHARE_DAYS}
    return render(request, "assessment/sharing.html", context)


@require_safe
@secret_page
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """A report through a reading link, which can change nothing."""
    _response, content = _shared(token)
    base = reverse("shared", args=[token])
    context = {"report": content, "charts": charts.addresses(content, base), "json_address": f"{base}report.json"}
    return render(request, "assessment/report.html", context)


@require_safe
@secret_page
def shared_data(request: HttpRequest, token: str) -> HttpResponse:
    """The shared report as data."""
    response, content = _shared(token)
    return as_json(response.result, content.result)


@require_safe
@secret_page
def shared_chart(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """One chart of a shared report; it is not stored, so that it ends with the link."""
    return charts.chart(request, _shared(token)[1], name, keep=False)
