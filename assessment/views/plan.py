"""The plan of an organisation: the steps to take next, the actions they became and those of its own, and how far they are."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assessment import access
from assessment.documents.calendar import plan_ics
from assessment.documents.csv import csv_table
from assessment.forms.plan import ActionForm, FreeForm, StepsForm
from assessment.models import Action, Membership, Organisation, Result
from assessment.models.secret import site_address
from assessment.organisations.plan import (
    TooManyError,
    action_of,
    actions_of,
    add_free,
    change,
    finish,
    open_foundations,
    open_steps,
    rows_of,
    take_on_all,
)
from assessment.organisations.trend import results_of
from assessment.report.trend import OpenStep
from assessment.views.secret import or_404, secret_page
from assessment.wording import trend

ALL = "all"  # in the place of one step: every one of the plan


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@secret_page
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """The steps of the newest report and the actions; members and owners take steps on here, all at once if they like, and
    add actions of their own.
    """
    least = Membership.Role.MEMBER if request.method == "POST" else Membership.Role.VIEWER
    membership, now = or_404(access.membership(request.user, slug, least=least)), timezone.now()
    results = results_of(membership.organisation)
    newest = results[-1] if results else None
    rows = rows_of(membership.organisation.pk)
    actions = actions_of(rows, results, on=timezone.localdate(now))
    steps = open_steps(newest, rows) if newest else []
    free, form = _forms(request, newest, steps)
    done = _add(free, membership.organisation, at=now) or _take_on(form, newest, at=now)
    if done:
        messages.success(request, done)
        return redirect("plan", slug)
    may_act = access.may_act(membership)
    context = {
        "organisation": membership.organisation,
        "newest": newest,
        "steps": steps,
        "foundations": open_foundations(newest) if newest else [],
        "actions": actions,
        "dated": sum(action.due is not None for action in actions),
        "form": form if may_act else None,
        "free": free if may_act else None,
        "rows": form.rows(steps) if may_act else (),
    }
    return render(request, "assessment/plan.html", context, status=422 if request.method == "POST" else 200)


def _forms(request: HttpRequest, newest: Result | None, steps: Sequence[OpenStep]) -> tuple[FreeForm, StepsForm]:
    """The two forms of the page, of which one at most is sent.

    A step that was taken on already may be sent again: it is found, not made twice.
    """
    said = request.POST if request.method == "POST" else None
    free = FreeForm(said if said is not None and FreeForm.is_sent(said) else None)
    said = None if free.is_bound else said
    known = [step.question for step in (newest.values.plan if newest and said is not None else steps)]
    return free, StepsForm(said, steps=known, chosen=_asked_for(request, known))


def _take_on(form: StepsForm, newest: Result | None, *, at: datetime) -> str | None:
    """Take on the steps that are ticked; what to say of it, None where nothing was done."""
    if not form.is_bound or not form.is_valid():
        return None
    made = len(take_on_all(newest, form.agreed, at=at))
    return ngettext("The step is now an action of your plan.", "The steps are now actions of your plan.", made)


def _add(form: FreeForm, organisation: Organisation, *, at: datetime) -> str | None:
    """Add an action of somebody's own; what to say of it, None where nothing was done."""
    if not form.is_valid():
        return None
    try:
        add_free(organisation, form.agreed, at=at)
    except TooManyError:
        form.refuse()
        return None
    return _("The action is in your plan.")


def _asked_for(request: HttpRequest, steps: Sequence[str]) -> list[str]:
    """The steps that the address asks to be ticked: one by its question, or all."""
    wanted = request.GET.get("step")
    return list(steps) if wanted == ALL else [key for key in steps if key == wanted]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@secret_page
def action(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One action: how far it is, how it is worded, who sees to it, until when; or, by the button of the plan, that it is done."""
    found, now = or_404(access.action(request.user, slug, number)), timezone.now()
    said = request.POST if request.method == "POST" else None
    if said is not None and ActionForm.only_finishes(said):
        if finish(found, at=now):
            messages.success(request, _("The action is marked as done."))
        else:
            messages.warning(request, _("The action was given up meanwhile; nothing was changed."))
        return redirect("plan", slug)
    part = action_of(found, results_of(found.organisation), on=timezone.localdate(now))
    form = ActionForm(said, part)
    if said is not None and form.is_valid() and _change(found, form, at=now):
        messages.success(request, _("The action is saved."))
        return redirect("plan", slug)
    context = {"organisation": found.organisation, "action": part, "form": form}
    return render(request, "assessment/action.html", context, status=200 if said is None else 422)


def _change(action: Action, form: ActionForm, *, at: datetime) -> bool:
    """Change an action; whether that was done."""
    try:
        change(action, form.cleaned_data["state"], form.agreed, at=at)
    except TooManyError:
        form.refuse()
        return False
    return True


@require_safe
@login_required
@secret_page
def plan_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The plan for a spreadsheet program, in the reader's language."""
    membership = or_404(access.membership(request.user, slug))
    owner = membership.organisation
    actions = actions_of(rows_of(owner.pk), results_of(owner), on=timezone.localdate())
    body = csv_table(trend.plan_table(actions), language=translation.get_language())
    headers = {"Content-Disposition": 'attachment; filename="plan.csv"'}
    return HttpResponse(body, content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
@login_required
@secret_page
def plan_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The due dates of the plan for a calendar program, in the reader's language; nothing while no action has one."""
    membership, now = or_404(access.membership(request.user, slug)), timezone.now()
    owner = membership.organisation
    actions = actions_of(rows_of(owner.pk), results_of(owner), on=timezone.localdate(now))
    body = plan_ics(owner.name, actions, site_address(reverse("plan", args=[slug])), at=now)
    if body is None:
        raise Http404(_("No action has a due date yet."))
    headers = {"Content-Disposition": 'attachment; filename="plan.ics"'}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)
