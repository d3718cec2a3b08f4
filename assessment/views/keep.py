"""Keeping the results: whoever started makes the organisation theirs with an account."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessment import access
from assessment.accounts.cookies import STARTED
from assessment.forms.improving import tried_address
from assessment.forms.organisation import AgreementForm
from assessment.mailing import direct
from assessment.models import Membership, Response
from assessment.organisations.keeping import can_be_claimed, claim, claim_by_link, claim_link, claimed_by
from assessment.text.addresses import mailbox
from assessment.text.cleaning import isolated
from assessment.views import limits
from assessment.views.onward import remember, sign_in_first
from assessment.views.secret import or_404, secret_page


@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def keep(request: HttpRequest, key: str) -> HttpResponse:
    """What keeping means; it takes the browser that started, as others may know the address of a report."""
    response = or_404(access.opener(key))
    began_here = key in STARTED.read(request)
    if request.method == "POST":
        return _keep(request, key, response) if began_here else _mail_link(request, key, response)
    context = {"key": key, "response": response, "began_here": began_here, "agreement": AgreementForm()}
    if "tried" in request.GET:
        context["tried_address"] = tried_address(reverse("what_if", args=[key]), request.GET)
    address, template = tried_address(request.path, request.GET), "assessment/keep.html"
    if not can_be_claimed(response):
        context["membership"] = access.membership(request.user, response.round.organisation.slug)
        template = "assessment/kept.html"
    return remember(request, render(request, template, context), address)


def _keep(request: HttpRequest, key: str, response: Response) -> HttpResponse:
    address = tried_address(request.path, request.GET)
    if not request.user.is_authenticated:
        return sign_in_first(request, address)
    agreed_at = timezone.now() if AgreementForm(request.POST).agrees else None
    membership = claim(response, request.user, agreed_at=agreed_at)
    if not membership:
        return redirect(address)
    onward = tried_address(reverse("what_if", args=[key]), request.GET) if "tried" in request.GET else ""
    return _kept(request, membership, onward)


def _mail_link(request: HttpRequest, key: str, response: Response) -> HttpResponse:
    """Mail a link to the address given at the start, which is not named: who asks may be somebody else."""
    if not can_be_claimed(response):
        return redirect("keep", key)
    if not response.email:
        messages.error(request, _("No e-mail address was given at the start, so no link can be sent."))
        return redirect("keep", key)
    if refused := limits.refusal(request, limits.MAILS):
        return refused
    now = timezone.now()
    if not response.count_mail(most=settings.MAILS_PER_RESPONSE) or limits.MAILS_TO_ONE.reached_by(
        mailbox(response.email), at=now
    ):
        messages.error(
            request, _("Several mails were sent already, so no other is sent. The latest link may still work.")
        )
    else:
        _send(request, response)
    return redirect("keep", key)


def _send(request: HttpRequest, response: Response) -> None:
    link = claim_link(response, at=timezone.now())
    if link is None:
        return
    if direct.send_keep_link(response.email, reverse("keep_by_link", args=[link.token])):
        messages.success(request, _("The link was sent to the address given at the start."))
    else:
        messages.error(request, _("The mail could not be sent. Nothing is lost: please try again later."))


@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def keep_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same through a mailed link; looking at it uses nothing up, as mail scanners look at links, too."""
    now = timezone.now()
    if request.method == "POST" and request.user.is_authenticated:
        agrees = AgreementForm(request.POST).agrees
        return _kept(request, or_404(claim_by_link(token, request.user, at=now, agrees=agrees)))
    response = or_404(claimed_by(token, at=now))
    if request.method == "POST":
        return sign_in_first(request)
    context = {"response": response, "began_here": True, "agreement": AgreementForm()}
    return remember(request, render(request, "assessment/keep.html", context))


def _kept(request: HttpRequest, membership: Membership, onward: str = "") -> HttpResponse:
    if membership.is_owner:
        organisation = {"organisation": isolated(membership.organisation.name)}
        messages.success(request, _("The results of %(organisation)s are kept. You are its owner.") % organisation)
    return redirect(onward or membership.organisation)
