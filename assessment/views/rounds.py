"""A round of an organisation: how far it is, its report, and what its owner does with it."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assessment import access
from assessment.forms.rounds import RoleForm
from assessment.models import Membership, Result, Round
from assessment.organisations.plan import actions_before, rows_of, untaken, with_actions
from assessment.report.parts import Report
from assessment.results.reporting import report_of
from assessment.rounds.closing import close, discard, reopen
from assessment.rounds.joining import begun_by_link, drop_drafts
from assessment.rounds.progress import RoundProgress, round_progress, unfinished
from assessment.rounds.spacing import publishable_from, publishing_days, waits
from assessment.rounds.starting import NotNowError, answer_signed_in, begin_again
from assessment.views import charts, documents, limits
from assessment.views.report import page
from assessment.views.secret import or_404, secret_page
from assessment.wording.moments import day_and_zone, moment_and_zone

OWNER, MEMBER = Membership.Role.OWNER, Membership.Role.MEMBER


def _published(request: HttpRequest, slug: str, number: int) -> tuple[Result, Report]:
    """The result of a round and its report, for the organisation's people."""
    result = or_404(access.round_result(request.user, slug, number))
    return result, report_of(result)


@require_safe
@login_required
@secret_page
def round_report(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The report of a round; before there is one, how far the round is."""
    result = access.round_result(request.user, slug, number)
    if result is None:
        return _status(request, or_404(access.round_of(request.user, slug, number)), RoleForm())
    content, acts = report_of(result), access.reader_may_act(result) and result.is_newest
    actions = rows_of(result.round.organisation_id) if acts or content.before else ()
    more = {
        "organisation_slug": slug,
        "what_if_address": reverse("round_what_if", args=[slug, number]),
        "round": result.round,
        "is_owner": result.reader == OWNER,
        "share_address": reverse("round_sharing", args=[slug, number]) if result.reader == OWNER else None,
        "plan_address": reverse("plan", args=[slug]),
        "acts": acts,
        "untaken": untaken(result, actions) if acts else (),
        "is_last": result.is_last,
        "progress": round_progress(result.round, request.user) if result.round.is_open or waits(result.round) else None,
        "actions": actions_before(result, actions, on=timezone.localdate()) if content.before else (),
    }
    return page(request, content, reverse("round", args=[slug, number]), **more)


def _status(request: HttpRequest, round_: Round, form: RoleForm, *, status: int = 200) -> HttpResponse:
    """What the organisation's people see of a round without a report: numbers of people, and nothing of their answers."""
    membership = or_404(access.membership(request.user, round_.organisation.slug))
    people = round_progress(round_, request.user)
    context = {
        "round": round_,
        "organisation": round_.organisation,
        "progress": people,
        "is_owner": membership.is_owner,
        "may_answer": access.may_act(membership),
        "may_discard": _may_discard(round_, people),
        "form": form,
    }
    return render(request, "assessment/round.html", context, status=status)


def _may_discard(round_: Round, people: RoundProgress) -> bool:
    """Whether the page offers to discard a round; of a confidential one that depends on its invitations alone."""
    return not (people.invited or people.mine if round_.is_confidential else people.joined)


@require_safe
@login_required
@secret_page
def round_document(request: HttpRequest, slug: str, number: int, name: str) -> HttpResponse:
    """The report of a round in another form."""
    result, content = _published(request, slug, number)
    return documents.document(request, with_actions(content, result.round), name, result=result)


@require_safe
@login_required
@secret_page
def round_chart(request: HttpRequest, slug: str, number: int, name: str, form: str) -> HttpResponse:
    """One chart of the report of a round."""
    return charts.chart(request, _published(request, slug, number)[1], name, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@secret_page
def start_next(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin the organisation's next round, as its owner."""
    organisation = or_404(access.membership(request.user, slug, least=OWNER)).organisation
    if request.method != "POST":
        days = publishing_days(Round(organisation=organisation), on=timezone.localdate())
        return render(request, "assessment/start_next.html", {"organisation": organisation} | days)
    try:
        begun = begin_again(organisation, at=timezone.now())
    except NotNowError as error:
        messages.error(request, str(error))
        return redirect(organisation)
    return redirect("round", slug, begun.number)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@secret_page
def answer_round(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Answer a round oneself, signed in; a second time leads back to the same questionnaire."""
    round_ = or_404(access.round_of(request.user, slug, number, least=MEMBER))
    if request.method != "POST":
        return redirect("round", slug, number)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _status(request, round_, form, status=422)
    try:
        _response, key = answer_signed_in(round_, request.user, role=form.cleaned_data["role"], at=timezone.now())
    except NotNowError as error:
        messages.error(request, str(error))
        return redirect("round", slug, number)
    return redirect("respond", key)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@secret_page
def close_round(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Close a round, which publishes its joint report if enough people answered.

    While somebody is answering an open round it is asked once more.
    """
    round_ = or_404(access.round_of(request.user, slug, number, least=OWNER))
    if request.method == "POST":
        answering = unfinished(round_) if round_.is_open and "confirmed" not in request.POST else 0
        if answering:
            context = {"round": round_, "organisation": round_.organisation, "answering": answering}
            return render(request, "assessment/close_round.html", context)
        published = close(round_, at=timezone.now())
        messages.success(request, _after_closing(round_, is_published=published is not None))
    return redirect("round", slug, number)


def _after_closing(round_: Round, *, is_published: bool) -> str:
    if is_published:
        return _("The round is closed and its joint report is published.")
    if day := publishable_from(round_, on=timezone.localdate()):
        told = {"day": day_and_zone(day)}
        return _("The round is closed. Its joint report can be published from %(day)s.") % told
    if round_.publications:
        return _("The round is closed. The report that was published before stays as it is.")
    return _("The round is closed. There are not enough answers for a joint report.")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@secret_page
def drop_drafts_of_link(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say how many drafts the link of an open round has made; POST deletes them."""
    round_ = or_404(access.round_of(request.user, slug, number, least=OWNER))
    if request.method == "POST":
        dropped = drop_drafts(round_)
        told = ngettext("%(number)s draft is deleted.", "%(number)s drafts are deleted.", dropped)
        messages.success(request, told % {"number": dropped})
        return redirect("invite", slug, number)
    drafts = begun_by_link(round_)
    if not drafts:
        return redirect("invite", slug, number)
    context = {
        "round": round_,
        "organisation": round_.organisation,
        "drafts": len(drafts),
        "with_answers": sum(draft.has_answers for draft in drafts),
    }
    return render(request, "assessment/drop_drafts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@secret_page
def discard_round(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Delete a round that was started by mistake; one that somebody answers stays."""
    round_ = or_404(access.round_of(request.user, slug, number, least=OWNER))
    if request.method != "POST":
        return redirect("round", slug, number)
    try:
        discard(round_)
    except NotNowError as error:
        messages.error(request, str(error))
        return redirect("round", slug, number)
    messages.success(request, _("Round %(number)s is discarded.") % {"number": number})
    return redirect(round_.organisation)


def _once_a_day(round_: Round, *, at: datetime) -> None:
    """NotNowError for a closed confidential round that was reopened within a day."""
    is_counted = round_.is_confidential and not round_.is_open
    if is_counted and (until := limits.REOPENINGS.reached_by(str(round_.pk), at=at)):
        told = _("A confidential round can be reopened once a day: you can reopen this one from %(moment)s.")
        raise NotNowError(told % {"moment": moment_and_zone(until, "datetime")})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@secret_page
def reopen_round(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take answers again; what was published stays until there is enough that is new.

    A confidential one once a day: closed and reopened again and again it would tell the minute in which enough had answered.
    """
    round_ = or_404(access.round_of(request.user, slug, number, least=OWNER))
    if request.method == "POST":
        try:
            with transaction.atomic():  # what is refused is not counted
                _once_a_day(round_, at=timezone.now())
                reopen(round_)
            messages.success(request, _("The round takes answers again, until you close it or set a new last day."))
        except NotNowError as error:
            messages.error(request, str(error))
    return redirect("round", slug, number)
