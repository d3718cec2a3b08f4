"""How colleagues come into a round: they follow an invitation or its link for all, and begin to answer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.models.answer import Answer
from assessment.models.limit import Count
from assessment.models.no_mail import NoMail
from assessment.models.organisation import Membership
from assessment.models.people import mailboxes_of
from assessment.models.response import Response, tie
from assessment.models.round import Invitation, Round, response_hashes
from assessment.models.secret import hash_of, new_key
from assessment.rounds.known import opened_before, owner_mailboxes
from assessment.rounds.starting import NotNowError, is_own, previous_of, takes_part

RECENT = timedelta(days=1)  # a draft of an open round that is older takes nobody's place
SENT_TWICE = timedelta(minutes=1)  # within it, the same form again is a double click and no second use


def begun_by_link(round_: Round, *, lock: bool = False) -> list[Response]:
    """What was begun by the link of an open round and is not submitted; with `lock`, locked until the transaction ends.

    Not what was begun by the invited, or by the organisation's people signed in. `has_answers` says whether it holds any.
    """
    if round_.mode != Round.Mode.OPEN:
        return []
    answers = Answer.objects.filter(response=OuterRef("pk")).exclude(state=Answer.State.EMPTY)
    drafts = (
        round_.responses.unfinished().filter(opens_round=False).annotate(has_answers=Exists(answers)).order_by("pk")
    )
    invited = response_hashes(round_.invitations.personal())
    found = drafts.select_for_update(of=("self",)) if lock else drafts
    return [draft for draft in found if draft.key_hash not in invited and not is_own(draft)]


@transaction.atomic
def drop_drafts(round_: Round) -> int:
    """Delete what was begun by the link of an open round and is not submitted; how many they were."""
    dropped = [draft.pk for draft in begun_by_link(round_, lock=True)]
    Response.objects.filter(pk__in=dropped).delete()
    return len(dropped)


@dataclass(frozen=True)
class Newcomer:
    """Who follows an invitation: as what, as which account if any, and what was begun by joining in the same browser.

    A browser is not a person: `before` counts only together with a personal invitation.
    """

    role: str
    user: AbstractBaseUser | None = None
    before: Collection[Response] = ()


@transaction.atomic
def join(
    invitation: Invitation, who: Newcomer, *, at: datetime, form: str | None = None
) -> tuple[Response, str] | None:
    """The response of somebody who follows an invitation, and its key; None when the invitation leads nowhere any more.

    The same form sent twice (`form`, its secret) begins once. NotNowError when the round is full, or whoever is signed in
    takes part already.
    """
    locked = Round.objects.lock().select_related("organisation", "questionnaire").filter(pk=invitation.round_id).first()
    if locked is None:  # discarded meanwhile
        return None
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    key = invitation.response_key if invitation.is_personal else form or new_key()
    if invitation.revoked_at or locked.is_solo or not locked.takes_answers(on=timezone.localdate(at)):
        return None
    if NoMail.objects.is_ended(invitation.mailbox, locked.pk):
        return None
    sent_twice = (
        form is not None and Count.objects.wait_until("join", form, most=1, within=SENT_TWICE, at=at) is not None
    )
    found = Response.objects.with_key(key).filter(round=locked).first()
    if found and not invitation.is_personal and not _is_same(found, who):  # of a page that was shown to both
        key, found = new_key(), None
    if found:
        return (found, key) if sent_twice or not invitation.is_personal else None
    _let_in(locked, who.user, at=at)
    _not_as_an_owner(locked, invitation, who.user)
    return _newcomer(locked, invitation, who, key=key, at=at), key


def _is_same(begun: Response, who: Newcomer) -> bool:
    return (begun.role, begun.user_id) == (who.role, who.user.pk if who.user else None)


def _let_in(locked: Round, user: AbstractBaseUser | None, *, at: datetime) -> None:
    if user and takes_part(locked, user):
        raise NotNowError(_("You take part in this round already. The link you began with leads back to your answers."))
    people = locked.responses.exclude(state=Response.State.REPLACED)
    if locked.mode == Round.Mode.OPEN:  # whoever has its link could fill it with drafts
        people = people.exclude(state=Response.State.DRAFT, started_at__lt=at - RECENT)
    if people.values("key_hash").distinct().count() >= settings.JOINS_PER_ROUND:
        raise NotNowError(_("This round is full. Please tell whoever invited you."))


def _not_as_an_owner(round_: Round, invitation: Invitation, user: AbstractBaseUser | None) -> None:
    """An owner's answers are known by the mailbox invited, so an owner signed in answers in confidence at no other one."""
    if user is None or not round_.is_confidential or invitation.mailbox in mailboxes_of(user, confirmed=False):
        return
    if Membership.objects.is_owner(round_.organisation_id, user.pk):
        raise NotNowError(
            _(
                "You are signed in as an owner, and this invitation went to another address. Answer on the round’s page. "
                "If a colleague answers on this computer, they choose “Somebody else answers here”."
            )
        )


def _newcomer(locked: Round, invitation: Invitation, who: Newcomer, *, key: str, at: datetime) -> Response:
    earlier = previous_of(locked, who.user) if who.user else None
    return Response.objects.create(
        round=locked,
        key_hash=hash_of(key),
        role=who.role,
        by_owner=invitation.mailbox in owner_mailboxes(locked.organisation_id)  # whether or not they are signed in
        or opened_before(locked, who.user, invitation.mailbox, at=at),
        started_at=locked.moment(at),
        **tie(locked, user=who.user, previous=earlier or _earlier(locked, invitation, who.before)),
    )


def _earlier(round_: Round, invitation: Invitation, before: Collection[Response]) -> Response | None:
    """What was submitted in this browser for the last earlier round of the organisation, invited at the same mailbox.

    Nothing for whoever comes by the link for all: neither it nor the browser says who they are.
    """
    if not invitation.is_personal:
        return None
    earlier = [response for response in before if response.round.organisation_id == round_.organisation_id]
    earlier = [response for response in earlier if response.round.number < round_.number and not response.is_draft]
    for response in sorted(earlier, key=lambda response: response.round.number, reverse=True):
        same_mailbox = response.round.invitations.of_mailboxes([invitation.mailbox])
        if response.key_hash in response_hashes(same_mailbox):
            return response
    return None
