"""Two rounds of an organisation side by side, question by question."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessment import access
from assessment.forms.compare import CompareForm
from assessment.organisations.trend import comparison_of, results_of
from assessment.views.secret import or_404, secret_page
from assessment.wording import trend


@require_safe
@login_required
@secret_page
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """The form that chooses two published rounds, and the two compared; the last two unless the address says others."""
    membership = or_404(access.membership(request.user, slug))
    results = {result.round.number: result for result in results_of(membership.organisation)}
    context = {"organisation": membership.organisation, "form": None, "comparison": None}
    if len(results) > 1:
        names = [(number, trend.round_name(number, result.round.opened_at)) for number, result in results.items()]
        form = context["form"] = CompareForm(request.GET, rounds=names)
        if form.is_valid():
            chosen = (results[form.cleaned_data[name]] for name in ("before", "after"))
            context["comparison"] = comparison_of(*chosen)
    return render(request, "assessment/compare.html", context)
