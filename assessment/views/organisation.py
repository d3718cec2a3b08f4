"""The home of an organisation: its rounds, how its scores changed, what to do next, and two rounds side by side."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment import access
from assessment.forms.organisation import CompareForm
from assessment.organisations.plan import actions_of, open_steps, rows_of
from assessment.organisations.trend import comparison_of, organisations_of, results_of, rounds_of, trend_of
from assessment.report.overview import next_thing, plan_part
from assessment.views import charts
from assessment.views.secret import or_404, secret_page
from assessment.wording.trend import round_name


@require_safe
@login_required
@secret_page
def organisations(request: HttpRequest) -> HttpResponse:
    """The organisations of whoever is signed in, each with its newest result and the round that is under way."""
    parts = organisations_of(request.user, at=timezone.now())
    return render(request, "assessment/organisations.html", {"organisations": parts})


@require_safe
@login_required
@secret_page
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """What an organisation has and what to do next."""
    membership, now = or_404(access.membership(request.user, slug)), timezone.now()
    owner = membership.organisation
    results = results_of(owner)
    rounds, trend = rounds_of(owner, results, at=now), trend_of(results)
    rows = rows_of(owner.pk)
    actions = actions_of(rows, results, on=timezone.localdate(now))
    context = {
        "organisation": owner,
        "membership": membership,
        "rounds": rounds,
        "next": next_thing(rounds, at=now),
        "may_start": access.may_start(membership),
        "may_act": access.may_act(membership),
        "trend": trend,
        "chart": charts.trend_address(trend, owner.get_absolute_url()) if trend else None,
        "plan": plan_part(actions, open_steps(results[-1], rows) if results else ()),
    }
    return render(request, "assessment/organisation.html", context)


@require_safe
@login_required
@secret_page
def chart(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """How the scores of an organisation changed over its rounds, as a chart."""
    membership = or_404(access.membership(request.user, slug))
    trend = trend_of(results_of(membership.organisation))
    if trend is None:
        raise Http404(_("There is nothing at this address."))
    return charts.trend_chart(request, trend, form=form)


@require_safe
@login_required
@secret_page
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """The form that chooses two published rounds, and the two compared; the last two unless the address says others."""
    membership = or_404(access.membership(request.user, slug))
    results = {result.round.number: result for result in results_of(membership.organisation)}
    context = {"organisation": membership.organisation, "form": None, "comparison": None}
    if len(results) > 1:
        names = [(number, round_name(number, result.round.opened_at)) for number, result in results.items()]
        form = context["form"] = CompareForm(request.GET, rounds=names)
        if form.is_valid():
            chosen = (results[form.cleaned_data[name]] for name in ("before", "after"))
            context["comparison"] = comparison_of(*chosen)
    return render(request, "assessment/compare.html", context)
