"""What the people of an organisation read: their organisations, the rounds of one, the report of a round."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessment import access
from assessment.models import Organisation, Result
from assessment.models.reporting import report_of
from assessment.views import charts
from assessment.views.report import as_json
from assessment.views.secret import or_404, secret_page


@require_safe
@login_required
@secret_page
def organisations(request: HttpRequest) -> HttpResponse:
    """The organisations of whoever is signed in."""
    return render(request, "assessment/organisations.html", {"organisations": Organisation.objects.of(request.user)})


@require_safe
@login_required
@secret_page
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """The rounds of an organisation, the latest first, each with its outcome."""
    found = or_404(access.organisation(request.user, slug))
    results = Result.objects.of_rounds().filter(round__organisation=found)
    latest_first = results.select_related("round", "questionnaire").order_by("-round__number")
    return render(request, "assessment/organisation.html", {"organisation": found, "results": latest_first})


def _round(request: HttpRequest, slug: str, number: int):
    result = or_404(access.round_result(request.user, slug, number))
    return result, report_of(result, with_earlier=True, with_plan=True)


@require_safe
@login_required
@secret_page
def round_report(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The report of a round."""
    _result, content = _round(request, slug, number)
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
    result, content = _round(request, slug, number)
    return as_json(result, content.result)


@require_safe
@login_required
@secret_page
def round_chart(request: HttpRequest, slug: str, number: int, name: str) -> HttpResponse:
    """One chart of the report of a round."""
    return charts.chart(request, _round(request, slug, number)[1], name)
