"""How a colleague comes into a round: what it is and who will see what, her role, then her own questionnaire."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessment import access
from assessment.forms.rounds import JoinForm
from assessment.models import Invitation, Response
from assessment.models.joining import Newcomer, is_used, join
from assessment.models.joint import smallest_group
from assessment.models.outline import outline
from assessment.models.starting import NotNowError
from assessment.views import cookies
from assessment.views.respond import mail_way_back
from assessment.views.secret import or_404, secret_page

COOKIE = "joined"
REMEMBERED = 800 * 24 * 3600  # seconds: long enough for next year's round


@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def join_round(request: HttpRequest, token: str) -> HttpResponse:
    """Enter a round; whoever entered it in this browser before is led on to her questionnaire."""
    invitation = or_404(access.invitation(token))
    before = _joined(request)
    if before and before[1] == _own_key(invitation, before):
        return redirect("respond", before[1])
    form = JoinForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _enter(request, invitation, form, before[0] if before else None)
    if invitation.is_personal and is_used(invitation):
        or_404(None)
    context = {
        "form": form,
        "round": invitation.round,
        "organisation": invitation.round.organisation,
        "floor": smallest_group(invitation.round),
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
    try:
        user = request.user if request.user.is_authenticated else None
        who = Newcomer(form.cleaned_data["role"], user, before)
        joined = join(invitation, who, form=form.cleaned_data["token"], at=timezone.now())
    except NotNowError as error:
        messages.error(request, str(error))
        return redirect("join", invitation.token)
    response, key = or_404(joined)
    # A personal link works once, so the address it led to is mailed at once.
    if invitation.is_personal and not mail_way_back(response, key, to=invitation.email):
        messages.error(request, _("The mail with your way back could not be sent. Please copy the address instead."))
    page = redirect("dimension", key, response.outline.content.dimensions[0].key)
    cookies.remember(page, COOKIE, key, seconds=REMEMBERED, path="/join/")
    return page
