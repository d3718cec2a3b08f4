"""Inviting colleagues to a round: how it is held, the link or the personal invitations, reminders, the last day."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessment import access
from assessment.forms.rounds import InviteForm, LastDayForm, ModeForm
from assessment.mailing.asking import invite_to_round, remind, send_again
from assessment.mailing.outcome import outcome_of_round
from assessment.models import Invitation, Mail, Membership, Round
from assessment.models.secret import numbered, site_address
from assessment.rounds.inviting import choose_mode, open_link, renew_link, revoke_invitation, set_last_day
from assessment.rounds.joining import begun_by_link
from assessment.rounds.spacing import publishing_days
from assessment.rounds.starting import NotNowError
from assessment.text.addresses import mailbox
from assessment.text.database import alphabetical
from assessment.views.secret import or_404, secret_page


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@secret_page
def invite_colleagues(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """All about inviting; a form says in the field `do` what it is for."""
    round_ = or_404(access.round_of(request.user, slug, number, least=Membership.Role.OWNER))
    if request.method != "POST":
        return _page(request, round_)
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        return _page(request, round_, status=422)
    try:
        refused = act(request, round_)
    except NotNowError as error:
        messages.error(request, str(error))
        refused = None
    return refused or redirect("invite", slug, number)


def _page(request: HttpRequest, round_: Round, *, status: int = 200, **forms) -> HttpResponse:
    link = None if round_.is_confidential else round_.invitations.links().filter(revoked_at=None).first()
    invitations = list(round_.invitations.personal().order_by(*alphabetical("email")))
    context = {
        "round": round_,
        "organisation": round_.organisation,
        "floor": settings.SMALLEST_GROUP,
        "mode_form": ModeForm(floor=settings.SMALLEST_GROUP),
        "invite_form": InviteForm(),
        "day_form": LastDayForm(initial={"closes_on": round_.closes_on}),
        "link": site_address(reverse("join", args=[link.token])) if link else "",
        "drafts": len(begun_by_link(round_)),
        "invitations": invitations,
        **(_counting(round_, invitations) if round_.is_confidential else {}),
        "sender": request.user.email,
        "outcome": outcome_of_round(round_, at=timezone.now()),
        **_days(round_),
        "was_answered": round_.is_solo and round_.responses.submitted().exists(),
    }
    return render(request, "assessment/invite.html", context | forms, status=status)


def _counting(round_: Round, invitations: Iterable[Invitation]) -> dict[str, int]:
    """How many of the invited are owners, by the addresses that the page of people shows, and how many are not."""
    addresses = Membership.objects.owners().filter(organisation=round_.organisation_id).values_list("user__email")
    owners = {mailbox(address) for (address,) in addresses}
    standing = [invitation.mailbox in owners for invitation in invitations if not invitation.revoked_at]
    return {"owners_invited": standing.count(True), "others_invited": standing.count(False)}


def _days(round_: Round) -> dict:
    """From when its joint report may be published, held either way, while that is not settled."""
    return publishing_days(round_, on=timezone.localdate()) if round_.is_solo else {}


def _choose(request: HttpRequest, round_: Round) -> HttpResponse | None:
    form = ModeForm(request.POST, floor=settings.SMALLEST_GROUP)
    if not form.is_valid():
        return _page(request, round_, status=422, mode_form=form)
    held = choose_mode(round_, form.cleaned_data["mode"])
    if held.mode == Round.Mode.OPEN:
        open_link(held, at=timezone.now())
    return None


def _invite(request: HttpRequest, round_: Round) -> HttpResponse | None:
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, round_, status=422, invite_form=form)
    emails, languages = form.cleaned_data["emails"], form.cleaned_data["languages"]
    try:
        made = invite_to_round(round_, emails, by=request.user, languages=languages, at=timezone.now())
    except NotNowError as error:
        if round_.is_solo:  # whose page has no such form yet
            raise
        messages.error(request, str(error))
        return _page(request, round_, status=422, invite_form=form)  # with what was typed
    if made:
        said = _("The invitations are being sent. Whoever was invited before gets no second mail.")
    elif round_.invitations.of_mailboxes(map(mailbox, emails)).exclude(revoked_at=None).exists():
        said = _("Nobody was invited. An invitation that was ended can be made again a day after its last mail.")
    else:
        said = _("Everybody was invited before: nobody gets a second mail.")
    messages.success(request, said)
    return None


def _send_again(request: HttpRequest, round_: Round) -> None:
    """Try again what failed, or the one mail of which nobody knows whether it arrived."""
    mails, number = Mail.objects.of_round(round_), request.POST.get("number")
    if send_again(mails.failed() if number is None else numbered(mails, number), at=timezone.now()):
        messages.success(request, _("They are being sent again."))


def _remind(request: HttpRequest, round_: Round) -> None:
    """Remind those who have not answered; what is said does not tell how many, as that could tell who."""
    if not round_.takes_answers():
        raise NotNowError(_("This round is closed: nobody can answer it now."))
    if remind(round_, by=request.user, at=timezone.now()):
        said = _("Reminders are being sent to those who have not answered, to each at most one mail a day.")
    else:
        said = _("No reminder is due: everybody who was invited had a mail within the last day.")
    messages.success(request, said)


def _revoke(request: HttpRequest, round_: Round) -> None:
    revoke_invitation(round_, request.POST.get("number", ""), at=timezone.now())
    messages.success(request, _("This invitation no longer works. What was answered through it stays."))


def _renew(request: HttpRequest, round_: Round) -> None:
    """End the link for everybody and make another."""
    renew_link(round_, at=timezone.now())
    messages.success(
        request, _("There is a new link. The old one no longer works; what was answered through it stays.")
    )


def _last_day(request: HttpRequest, round_: Round) -> HttpResponse | None:
    form = LastDayForm(request.POST)
    if not form.is_valid():
        return _page(request, round_, status=422, day_form=form)
    set_last_day(round_, form.cleaned_data["closes_on"])
    messages.success(request, _("Saved."))
    return None


ACTS = {
    "mode": _choose,
    "invite": _invite,
    "again": _send_again,
    "remind": _remind,
    "revoke": _revoke,
    "renew": _renew,
    "last-day": _last_day,
}
