"""How a colleague comes into a round: what it is and who will see what, their role, then their own questionnaire."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessment import access
from assessment.accounts.cookies import JOINED, STARTED
from assessment.forms.rounds import JoinForm
from assessment.mailing import direct
from assessment.models import Invitation
from assessment.models.outline import outline
from assessment.rounds.inviting import is_used
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.part_result import minutes_for
from assessment.rounds.starting import NotNowError, own_keys, takes_part
from assessment.views import language, limits
from assessment.views.begun import Begun, begun_here
from assessment.views.secret import or_404, secret_page


@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def join_round(request: HttpRequest, token: str) -> HttpResponse:
    """Enter a round; what was begun by an open round's link in this browser is offered, and leads nobody in by itself.

    A personal link leads back to its own questionnaire where that was begun. One that was used elsewhere leads nobody in: its
    page mails the way back to the invited address.
    """
    invitation = or_404(access.invitation(token))
    joined = begun_here(JOINED.read(request))
    if invitation.is_personal and invitation.response_key in [begun.key for begun in joined]:
        return redirect("respond", invitation.response_key)
    typed = JoinForm.in_another_language(request.POST)
    sent = request.POST if request.method == "POST" and typed is None else None
    form = JoinForm(sent, initial=typed, round_=invitation.round)
    if form.is_valid():
        return _enter(request, invitation, form, joined)
    if invitation.is_personal and is_used(invitation):
        return _used(request, invitation)
    if typed is not None:
        return language.switched(request, lambda: _asked(request, invitation, form, joined))
    return _asked(request, invitation, form, joined)


def _asked(request: HttpRequest, invitation: Invitation, form: JoinForm, joined: Collection[Begun]) -> HttpResponse:
    """The page that says what the round is and asks for the role."""
    round_ = invitation.round
    questions = len(outline(round_.questionnaire).scoring.scored_questions)
    least, most = minutes_for(questions)
    context = {
        "form": form,
        "round": round_,
        "organisation": round_.organisation,
        "floor": round_.smallest_group,
        "questions": questions,
        "least": least,
        "most": most,
    }
    context |= _taking_part(request, invitation, joined)
    return render(request, "assessment/join.html", context, status=422 if form.errors else 200)


def _taking_part(request: HttpRequest, invitation: Invitation, joined: Collection[Begun]) -> dict[str, Any]:
    """What somebody before this browser may go on with, and whether the account that is signed in takes part already.

    By the link for all what was begun here in this round, by whomever; by a personal link nothing of anybody else.
    """
    round_ = invitation.round
    context: dict[str, Any] = {"begun": [], "takes_part": False, "own": None}
    if request.user.is_authenticated and takes_part(round_, request.user):
        context["takes_part"] = True
        context["own"] = next(iter(begun_here(own_keys(request.user, round_))), None)
    if not invitation.is_personal:
        here = [*joined, *begun_here(STARTED.read(request))]
        own = context["own"].key if context["own"] else None
        context["begun"] = [begun for begun in here if begun.response.round_id == round_.pk and begun.key != own]
    return context


def _enter(request: HttpRequest, invitation: Invitation, form: JoinForm, joined: Collection[Begun]) -> HttpResponse:
    begun_before = form.cleaned_data["token"] and access.response(form.cleaned_data["token"])
    if not invitation.is_personal and not begun_before and (refused := limits.refusal(request, limits.JOINS)):
        return refused
    user = request.user if request.user.is_authenticated and not form.is_somebody_else else None
    try:
        who = Newcomer(form.cleaned_data["role"], user, [begun.response for begun in joined])
        entered = join(invitation, who, form=form.cleaned_data["token"], at=timezone.now())
    except NotNowError as error:
        messages.error(request, str(error))
        return redirect("join", invitation.token)
    if entered is None:  # used, or ended meanwhile: its page says which
        return redirect("join", invitation.token)
    response, key = entered
    # A personal link works once, so the address it led to is mailed at once; a double click is one beginning.
    if invitation.is_personal and response.count_mail(most=1) and not _mail_way_back(invitation):
        messages.error(request, _("The mail with your link could not be sent. Please copy the link instead."))
    page = redirect("dimension", key, response.outline.content.dimensions[0].key)
    JOINED.add(page, key, [begun.key for begun in joined])  # what is gone is not remembered again
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
        messages.success(request, _("Your link was sent to the address that was invited."))
    else:
        messages.error(request, _("The mail could not be sent. Nothing is lost: please try again later."))
    return redirect("join", invitation.token)


def _mail_way_back(invitation: Invitation) -> bool:
    """Mail whoever was invited the address of what was begun with it: one try, False when it was refused."""
    return direct.send_way_back(invitation, reverse("respond", args=[invitation.response_key]))
