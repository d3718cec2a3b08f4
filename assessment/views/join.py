"""How a colleague comes into a round: what it is and who will see what, their role, then their own questionnaire."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessment import access
from assessment.forms.rounds import JoinForm
from assessment.mailing import direct
from assessment.models import Invitation, Response
from assessment.models.joining import Newcomer, is_used, join
from assessment.models.outline import outline
from assessment.models.starting import NotNowError
from assessment.views import cookies, limits
from assessment.views.secret import or_404, secret_page

COOKIE = "joined"
REMEMBERED = 800 * 24 * 3600  # seconds: long enough for next year's round


@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def join_round(request: HttpRequest, token: str) -> HttpResponse:
    """Enter a round; whoever entered it in this browser before is led on to their questionnaire.

    A personal link that was used elsewhere leads nobody in: its page mails the way back to the invited address.
    """
    invitation = or_404(access.invitation(token))
    before = _joined(request)
    if before and before[1] == _own_key(invitation, before):
        return redirect("respond", before[1])
    form = JoinForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _enter(request, invitation, form, before[0] if before else None)
    if invitation.is_personal and is_used(invitation):
        return _used(request, invitation)
    context = {
        "form": form,
        "round": invitation.round,
        "organisation": invitation.round.organisation,
        "floor": invitation.round.smallest_group,
        "questions": len(outline(invitation.round.questionnaire).scoring.scored_questions),
    }
    return render(request, "assessment/join.html", context, status=422 if form.errors else 200)


def _own_key(invitation: Invitation, before: tuple[Response, str]) -> str | None:
    """The key that this invitation led to in this browser: a personal one leads nobody to a colleague's answers."""
    if invitation.is_personal:
        return invitation.response_key
    return before[1] if before[0].round_id == invitation.round_id else None


def _joined(request: HttpRequest) -> tuple[Response, str] | None:
    """The last response that was begun by joining in this browser, and its key."""
    key = cookies.remembered(request, COOKIE, seconds=REMEMBERED)
    found = access.response(key) if key else None
    return (found, key) if found else None


def _enter(request: HttpRequest, invitation: Invitation, form: JoinForm, before: Response | None) -> HttpResponse:
    begun_before = form.cleaned_data["token"] and access.response(form.cleaned_data["token"])
    if not invitation.is_personal and not begun_before and (refused := limits.refusal(request, limits.JOINS)):
        return refused
    try:
        user = request.user if request.user.is_authenticated else None
        who = Newcomer(form.cleaned_data["role"], user, before)
        joined = join(invitation, who, form=form.cleaned_data["token"], at=timezone.now())
    except NotNowError as error:
        messages.error(request, str(error))
        return redirect("join", invitation.token)
    if joined is None:  # used, or ended meanwhile: its page says which
        return redirect("join", invitation.token)
    response, key = joined
    # A personal link works once, so the address it led to is mailed at once; a double click is one beginning.
    if invitation.is_personal and response.count_mail(most=1) and not _mail_way_back(invitation):
        messages.error(request, _("The mail with your way back could not be sent. Please copy the address instead."))
    page = redirect("dimension", key, response.outline.content.dimensions[0].key)
    cookies.remember(page, COOKIE, key, seconds=REMEMBERED, path="/join/")
    return page


def _used(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """What a used personal link says; its button mails the way back, a few times at most. The address is never shown."""
    if "send" not in request.POST:
        return render(request, "assessment/join_used.html", {"invitation": invitation})
    response = or_404(access.response(invitation.response_key))
    if not response.count_mail(most=settings.MAILS_PER_RESPONSE):
        messages.error(
            request,
            _("It was sent several times already, so it is not sent again. Look for it among unwanted mail, too."),
        )
    elif _mail_way_back(invitation):
        messages.success(request, _("The way back was sent to the address that was invited."))
    else:
        messages.error(request, _("The mail could not be sent. Nothing is lost: please try again later."))
    return redirect("join", invitation.token)


def _mail_way_back(invitation: Invitation) -> bool:
    """Mail whoever was invited the address of what was begun with it: one try, False when it was refused."""
    return direct.send_way_back(invitation, reverse("respond", args=[invitation.response_key]))
