"""What if: choose improvements and see the score, the level and the profile they would give. Nothing is stored."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessment import access
from assessment.forms.improving import ImprovementsForm
from assessment.models import Result
from assessment.report.improving import improvements
from assessment.report.parts import WHOLE, Part, Report
from assessment.results.reporting import report_of, supposed
from assessment.views import charts
from assessment.views.secret import or_404, secret_page
from assessment.wording import supposing

SHOWN = WHOLE - {Part.EARLIER, Part.NOTES}


def _own(request: HttpRequest, key: str) -> Result:
    """The result behind a key; who does not see the plan is not told what improvements would bring either."""
    response = or_404(access.submitted(key, request.user))
    return or_404(response.known_result if Part.PLAN in access.parts_seen(response) else None)


def _of_round(request: HttpRequest, slug: str, number: int) -> Result:
    return or_404(access.round_result(request.user, slug, number))


def _tried(request: HttpRequest, result: Result) -> tuple[Report, ImprovementsForm, Report]:
    """The report of today, the improvements that the address asks for, and the report there would be with them."""
    today = report_of(result, SHOWN)
    form = ImprovementsForm(request.GET, improvements=improvements(today))
    return today, form, supposed(result, form.reached)


def _page(request: HttpRequest, result: Result, *, base: str, report_address: str) -> HttpResponse:
    """The improvements to choose from, and what those chosen would give; documents and charts are under `base`."""
    today, form, then = _tried(request, result)
    chart = charts.what_if_address(today, then, f"{base}what-if/radar", form.reached)
    context = {
        "today": today,
        "then": then,
        "pairs": list(zip(today.dimensions, then.dimensions, strict=True)),
        "form": form,
        "chart": chart,
        "alt": supposing.supposed_profile(today, then),
        "report_address": report_address,
    }
    return render(request, "assessment/what_if.html", context)


def _radar(request: HttpRequest, result: Result) -> HttpResponse:
    today, _form, then = _tried(request, result)
    return charts.what_if_chart(request, today, then)


@require_safe
@secret_page
def what_if(request: HttpRequest, key: str) -> HttpResponse:
    """Improvements to one's own report."""
    base, address = (reverse(name, args=[key]) for name in ("respond", "report"))
    return _page(request, _own(request, key), base=base, report_address=address)


@require_safe
@secret_page
def what_if_chart(request: HttpRequest, key: str) -> HttpResponse:
    """The profile that they would give."""
    return _radar(request, _own(request, key))


@require_safe
@login_required
@secret_page
def round_what_if(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Improvements to the report of a round."""
    address = reverse("round", args=[slug, number])
    return _page(request, _of_round(request, slug, number), base=address, report_address=address)


@require_safe
@login_required
@secret_page
def round_what_if_chart(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The profile that they would give."""
    return _radar(request, _of_round(request, slug, number))
