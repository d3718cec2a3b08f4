"""The people of an organisation: who belongs to it and as what, and the invitations to it."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessment import access
from assessment.forms.people import InviteForm, PeopleForm
from assessment.mailing.asking import TooManyError, change_role, invite_person, send_again, take_off
from assessment.mailing.outcome import outcome_of_people
from assessment.models import Mail, Membership, PeopleInvitation, Round
from assessment.models.secret import site_address
from assessment.organisations.people import (
    InvitedError,
    LastOwnerError,
    accept,
    invited_to,
    people_of,
    remove,
    revoke_person_invitation,
)
from assessment.text.cleaning import isolated
from assessment.views.onward import remember, sign_in_first
from assessment.views.secret import or_404, secret_page
from assessment.wording.moments import moment_in_page


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@secret_page
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who belongs to an organisation; everybody can leave, and owners invite, change and remove."""
    membership = or_404(access.membership(request.user, slug))
    if request.method != "POST":
        return _page(request, membership, InviteForm())
    form = PeopleForm(request.POST)
    if form.verb == "leave":
        return _leave(request, membership)
    if form.verb is None:
        return redirect("people", slug)
    owner = or_404(access.membership(request.user, slug, least=Membership.Role.OWNER))
    if form.verb in ("invite", "link"):
        return _invite(request, owner)
    does = {"change": _change, "remove": _remove, "revoke": _revoke, "send": _send_again, "tell": _tell_again}[
        form.verb
    ]
    return does(request, owner, form) or redirect("people", slug)


def _page(request: HttpRequest, membership: Membership, form: InviteForm, *, status: int = 200) -> HttpResponse:
    listed = people_of(membership)
    context = {
        "organisation": membership.organisation,
        "people": listed,
        "roles": Membership.Role.choices,
        "is_owner": membership.is_owner,
        "is_last_owner": any(person.is_self and person.is_last_owner for person in listed),
    }
    if membership.is_owner:
        waiting = PeopleInvitation.objects.open(at=timezone.now()).filter(organisation=membership.organisation)
        context |= {
            "form": form,
            "invitations": [(row, _address(row)) for row in waiting],
            "outcome": outcome_of_people(membership.organisation, at=timezone.now()),
        }
    return render(request, "assessment/people.html", context, status=status)


def _address(invitation: PeopleInvitation) -> str:
    return site_address(reverse("invitation", args=[invitation.token]))


# Inviting -----------------------------------------------------------------------------------------------------------
def _invite(request: HttpRequest, owner: Membership) -> HttpResponse:
    taken = {person.name.lower() for person in people_of(owner) if person.name}
    form = InviteForm(request.POST, taken=taken)
    if not form.is_valid():
        return _page(request, owner, form, status=422)
    email, role, languages = (form.cleaned_data[name] for name in ("email", "role", "languages"))
    round_ = invited_to(owner.organisation_id, [email]) if email and role == Membership.Role.OWNER else None
    if round_:
        form.add_error("email", stands_still(email, round_))
        return _page(request, owner, form, status=422)
    try:
        invite_person(owner.organisation, role, email=email, by=request.user, languages=languages, at=timezone.now())
    except TooManyError as error:
        messages.error(request, _too_many(error.until))
        return _page(request, owner, form, status=429)
    if email:
        messages.success(request, _("The invitation is being sent to %(email)s.") % {"email": email})
    else:
        messages.success(request, _("The link is ready. You find it under “Open invitations”."))
    return redirect("people", owner.organisation.slug)


def _too_many(until: datetime) -> str:
    said = _("Many invitations were sent today. Nothing is lost. You can try again from: {when}")
    return format_html(said, when=moment_in_page(until, "datetime"))


def _send_again(request: HttpRequest, owner: Membership, form: PeopleForm) -> None:
    now = timezone.now()
    old = access.open_invitation(owner, form.number, at=now)
    if old is None or not old.email:
        return
    asked = {"email": old.email, "by": request.user, "languages": old.languages, "at": now}
    try:
        invite_person(owner.organisation, old.role, **asked)
    except TooManyError as error:
        messages.error(request, _too_many(error.until))
    else:
        messages.success(request, _("The invitation is being sent to %(email)s.") % {"email": old.email})


def _tell_again(request: HttpRequest, owner: Membership, form: PeopleForm) -> None:
    """Tell somebody once more what they are, when that mail failed or may not have arrived."""
    send_again(Mail.objects.of_people(owner.organisation).filter(pk=form.number), at=timezone.now())


def _revoke(request: HttpRequest, owner: Membership, form: PeopleForm) -> None:
    if number := form.number:
        revoke_person_invitation(owner.organisation, number, at=timezone.now())
        messages.success(request, _("The invitation no longer works."))


# Changing and leaving -----------------------------------------------------------------------------------------------
def _change(request: HttpRequest, owner: Membership, form: PeopleForm) -> None:
    person, role = access.managed(owner, form.number), form.new_role
    if person is None or role is None or person.role == role:
        return
    try:
        change_role(person, role, by=request.user, at=timezone.now())
    except LastOwnerError:
        messages.error(request, _last_owner())
    except InvitedError as error:
        messages.error(request, stands_still(person.name, error.round))
    else:
        told = {"person": person.name, "role": Membership.Role(role).label}
        messages.success(request, _("%(person)s is now: %(role)s.") % told)
        _tell_of_new_links(request, person)


def _remove(request: HttpRequest, owner: Membership, form: PeopleForm) -> HttpResponse | None:
    person = access.managed(owner, form.number)
    if person is None:
        return None
    if person.pk == owner.pk:
        return _leave(request, owner)
    try:
        take_off(person, by=request.user, at=timezone.now())
    except LastOwnerError:  # the person who asks is no owner any more, by a form sent at the same time
        messages.error(request, _last_owner())
    else:
        told = {"person": person.name}
        messages.success(request, _("%(person)s no longer belongs to the organisation.") % told)
        _tell_of_new_links(request, person)
    return None


def _tell_of_new_links(request: HttpRequest, person: Membership) -> None:
    """An owner who is one no more has seen the open invitations, so these got other links."""
    waiting = PeopleInvitation.objects.open(at=timezone.now()).filter(organisation=person.organisation_id)
    if person.is_owner and person.user_id != request.user.pk and waiting.exists():
        text = _("The links of open invitations were replaced, as this person knew them. Please send them again.")
        messages.warning(request, text)


def _leave(request: HttpRequest, membership: Membership) -> HttpResponse:
    try:
        remove(membership)
    except LastOwnerError:
        messages.error(request, _last_owner())
        return redirect("people", membership.organisation.slug)
    told = {"organisation": isolated(membership.organisation.name)}
    messages.success(request, _("You no longer belong to %(organisation)s.") % told)
    return redirect("organisations")


def _last_owner() -> str:
    return _("Nothing was changed: an organisation needs an owner. Make somebody else an owner first.")


def stands_still(person: str, round_: Round) -> str:
    """Why somebody's role is not changed while a confidential round goes on."""
    return _(
        "Nothing was changed: %(person)s is invited to round %(number)s, which is confidential. Until its joint report is "
        "published or the next round begins, nobody who is invited becomes an owner or changes roles: it could tell who has "
        "answered. This depends on the invitation alone."
    ) % {"person": person, "number": round_.number}


# Joining ------------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation to belong to an organisation: who invites to what; a button accepts it, looking uses nothing up."""
    now = timezone.now()
    if request.method == "POST" and request.user.is_authenticated:
        try:
            return _accepted(request, or_404(accept(token, request.user, at=now)))
        except InvitedError as error:
            messages.error(request, stands_still(request.user.email, error.round))
    found = or_404(access.people_invitation(token, at=now))
    if request.method == "POST" and not request.user.is_authenticated:
        return sign_in_first(request)
    there = access.membership(request.user, found.organisation.slug)
    brings_nothing = there is not None and there.rank >= found.rank
    context = {"invitation": found, "membership": there, "brings_nothing": brings_nothing}
    return remember(request, render(request, "assessment/invitation.html", context))


def _accepted(request: HttpRequest, membership: Membership) -> HttpResponse:
    told = {"organisation": isolated(membership.organisation.name), "role": Membership.Role(membership.role).label}
    messages.success(request, _("You belong to %(organisation)s. Your role: %(role)s.") % told)
    return redirect(membership.organisation)
