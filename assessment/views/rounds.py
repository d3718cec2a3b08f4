"""A round of an organisation: how far it is, and its report."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessment import access
from assessment.models import Result
from assessment.models.reporting import report_of
from assessment.report import Report
from assessment.views import charts
from assessment.views.report import as_json
from assessment.views.secret import or_404, secret_page


def _published(request: HttpRequest, slug: str, number: int) -> tuple[Result, Report]:
    """The result of a round and its report, for the organisation's people."""
    result = or_404(access.round_result(request.user, slug, number))
    return result, report_of(result, with_earlier=True, with_plan=True)


@require_safe
@login_required
@secret_page
def round_report(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The report of a round."""
    _result, content = _published(request, slug, number)
    base = reverse("round", args=[slug, number])
    context = {
        "report": content,
        "charts": charts.addresses(content, base),
        "json_address": f"{base}report.json",
        "organisation_slug": slug,
    }
    return render(request, "assessment/report.html", context)


@require_safe
@login_required
@secret_page
def round_data(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The report of a round as data."""
    result, content = _published(request, slug, number)
    return as_json(result, content.result)


@require_safe
@login_required
@secret_page
def round_chart(request: HttpRequest, slug: str, number: int, name: str) -> HttpResponse:
    """One chart of the report of a round."""
    return charts.chart(request, _published(request, slug, number)[1], name)
