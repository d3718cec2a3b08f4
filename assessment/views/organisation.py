"""What the people of an organisation read: their organisations and the rounds of one."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessment import access
from assessment.models import Organisation, Result
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
    membership = or_404(access.membership(request.user, slug))
    results = Result.objects.of_rounds().filter(round__organisation=membership.organisation)
    latest_first = results.select_related("round", "questionnaire").order_by("-round__number")
    context = {"organisation": membership.organisation, "membership": membership, "results": latest_first}
    return render(request, "assessment/organisation.html", context)
