"""How colleagues come into a round: its owner chooses how it is held and invites them; they join and answer."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.models.organisation import Membership
from assessment.models.response import Response
from assessment.models.round import Invitation, Round
from assessment.models.secret import hash_of, new_key
from assessment.models.starting import NotNowError, previous_of

BETWEEN_REMINDERS = timedelta(days=1)
SENT_TWICE = timedelta(minutes=1)  # within it, the same form again is a double click and no second use


@transaction.atomic
def choose_mode(of: Round, mode: str) -> Round:
    """Settle, once and for all, whether several people answer in the open or in confidence; the round as it then is.

    NotNowError when the round is closed, or was settled otherwise.
    """
    held = Round.objects.hold().select_related("organisation", "questionnaire").get(pk=of.pk)
    if not held.takes_answers():
        raise NotNowError(_("This round is closed. Reopen it before you invite anybody."))
    if held.mode not in (Round.Mode.SOLO, mode):
        raise NotNowError(_("How this round is held was settled with the first invitation and cannot be changed."))
    if held.is_solo:
        held.mode = mode
        held.save(update_fields=["mode"])
    return held


@transaction.atomic
def open_link(of: Round, *, at: datetime) -> Invitation:
    """The one link that leads everybody into an open round, made if there is none in force."""
    held = choose_mode(of, Round.Mode.OPEN)
    found = held.invitations.filter(email="", revoked_at=None).first()
    if found and found.token_hash == hash_of(found.token):
        return found
    if found:  # made under another SECRET_KEY: its address cannot be shown again
        held.invitations.filter(pk=found.pk).update(revoked_at=at)
    link = Invitation(round=held, created_at=at)
    link.renew()
    link.save()
    return link


@transaction.atomic
def invite(of: Round, mode: str, emails: Iterable[str], *, at: datetime) -> list[Invitation]:
    """Personal, single-use invitations for these addresses (in small letters); who has one in force gets no second.

    NotNowError when the round is closed, held otherwise, or would have more invitations than a round may have.
    """
    held = choose_mode(of, mode)
    there = {invitation.email: invitation for invitation in held.invitations.personal()}
    new = [email for email in dict.fromkeys(emails) if email not in there or there[email].revoked_at]
    if len(there) + sum(email not in there for email in new) > settings.JOINS_PER_ROUND:
        raise NotNowError(
            _("A round takes at most %(most)s people. Nobody was invited.") % {"most": settings.JOINS_PER_ROUND}
        )
    made = []
    for email in new:
        invitation = there.get(email) or Invitation(round=held, email=email)
        if not invitation.used_at:  # one that was used and then revoked only counts again as invited
            invitation.renew()
        invitation.created_at, invitation.revoked_at, invitation.reminded_at = at, None, None
        invitation.save()
        made.append(invitation)
    return made


@transaction.atomic
def set_last_day(of: Round, day: date | None) -> None:
    """Until when the round takes answers; None: until it is closed."""
    held = Round.objects.hold().get(pk=of.pk)
    held.closes_on = day
    held.save(update_fields=["closes_on"])


def revoke_invitation(of: Round, number: str, *, at: datetime) -> None:
    """End an invitation of this round, by its number in the list; what was answered through it stays."""
    if number.isascii() and number.isdigit() and len(number) < 19:
        of.invitations.filter(pk=int(number), revoked_at=None).update(revoked_at=at)


def to_remind(of: Round, *, at: datetime) -> list[Invitation]:
    """The personal invitations whose people have not submitted, nor heard of it within a day; they count as reminded.

    Nobody is told who they are: the mails go out, and only their number is shown.
    """
    with transaction.atomic():
        Round.objects.hold().get(pk=of.pk)
        waiting = list(of.invitations.waiting().due(before=at - BETWEEN_REMINDERS))
        done = set(
            of.responses.submitted()
            .filter(key_hash__in=[hash_of(invitation.response_key) for invitation in waiting])
            .values_list("key_hash", flat=True)
        )
        chosen = [invitation for invitation in waiting if hash_of(invitation.response_key) not in done]
        Invitation.objects.filter(pk__in=[invitation.pk for invitation in chosen]).update(reminded_at=at)
    return chosen


@transaction.atomic
def join(
    invitation: Invitation,
    *,
    role: str,
    at: datetime,
    key: str | None = None,
    user: AbstractBaseUser | None = None,
    before: Response | None = None,
) -> tuple[Response, str] | None:
    """The response of somebody who follows an invitation, and its key; None when the invitation leads nowhere any more.

    The same form sent twice (`key`, or the same personal invitation) begins once. `user` is who is signed in, `before` what
    was begun in the same browser: an earlier round of the organisation is shown to her again. NotNowError when it is full.
    """
    held = Round.objects.hold().select_related("organisation", "questionnaire").get(pk=invitation.round_id)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    key = invitation.response_key if invitation.is_personal else key or new_key()
    if invitation.revoked_at or not held.takes_answers(on=timezone.localdate(at)):
        return None
    found = Response.objects.with_key(key).filter(round=held).first()
    if found and not (invitation.used_at and at - invitation.used_at > SENT_TWICE):
        return found, key
    if found or invitation.used_at:
        return None
    if held.responses.exclude(state=Response.State.REPLACED).count() >= settings.JOINS_PER_ROUND:
        raise NotNowError(_("This round is full. Please tell whoever invited you."))
    response = Response.objects.create(
        round=held,
        key_hash=hash_of(key),
        role=role,
        email=invitation.email,
        user_id=user.pk if user else None,
        previous=(previous_of(held, user) if user else None) or _earlier(held, invitation, before),
        by_owner=_is_for_an_owner(invitation),
        started_at=at,
    )
    if invitation.is_personal:
        invitation.used_at = at
        invitation.save(update_fields=["used_at"])
    return response, key


def _earlier(of: Round, invitation: Invitation, before: Response | None) -> Response | None:
    """What was submitted in this browser for an earlier round of the same organisation, and for the same address."""
    if before is None or before.is_draft or before.round.organisation_id != of.organisation_id:
        return None
    is_hers = not invitation.is_personal or before.email == invitation.email
    return before if is_hers and before.round.number < of.number else None


def _is_for_an_owner(invitation: Invitation) -> bool:
    """Whether an owner invited herself: then her answers count towards no smallest group, signed in or not."""
    organisation = invitation.round.organisation_id
    return invitation.is_personal and Membership.objects.is_owner(organisation, None, email=invitation.email)
