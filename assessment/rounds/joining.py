"""How colleagues come into a round: its owner chooses how it is held and invites them; they join and answer."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.models.account import mailboxes_of
from assessment.models.limit import wait_to_invite, wait_until
from assessment.models.mail import Mail
from assessment.models.no_mail import NoMail
from assessment.models.organisation import Membership
from assessment.models.response import Answer, Response, tie
from assessment.models.round import BETWEEN_MAILS, Invitation, Round, response_hashes
from assessment.models.secret import hash_of, new_key, numbered
from assessment.rounds.known import opened_before, owner_mailboxes, remember_opener
from assessment.rounds.starting import NotNowError, is_own, previous_of, takes_part
from assessment.text.addresses import mailbox

RECENT = timedelta(days=1)  # a draft of an open round that is older takes nobody's place
SENT_TWICE = timedelta(minutes=1)  # within it, the same form again is a double click and no second use


@transaction.atomic
def choose_mode(round_: Round, mode: str) -> Round:
    """Settle, once and for all, whether several people answer in the open or in confidence; the round as it then is.

    NotNowError when the round is closed, was settled otherwise, or `mode` is neither of the two.
    """
    if mode not in (Round.Mode.OPEN, Round.Mode.CONFIDENTIAL):
        raise NotNowError(_("First choose how this round is held. Nobody was invited."))
    locked = Round.objects.lock().select_related("organisation", "questionnaire").get(pk=round_.pk)
    if not locked.takes_answers():
        raise NotNowError(_("This round is closed. Reopen it before you invite anybody."))
    if locked.mode not in (Round.Mode.SOLO, mode):
        raise NotNowError(_("How this round is held was settled with the first invitation and cannot be changed."))
    if locked.is_solo:
        locked.mode = mode
        locked.save(update_fields=["mode"])
        if locked.is_confidential:
            _seal(locked)
        # They showed the report of one person: that of several is not what their maker let others read.
        locked.shares.filter(revoked_at=None).update(revoked_at=timezone.now())
    return locked


def _seal(round_: Round) -> None:
    """Store no more of whoever answered first, while the round was solo, than a confidential round stores of anybody."""
    for response in round_.responses.select_related("user", "previous"):
        remember_opener(response, at=timezone.now())
        ties = tie(round_, user=response.user, previous=response.previous)
        Response.objects.filter(pk=response.pk).update(email="", user=None, previous=None, **ties)


@transaction.atomic
def open_link(round_: Round, *, at: datetime) -> Invitation:
    """The one link that leads everybody into an open round, made if there is none in force."""
    locked = choose_mode(round_, Round.Mode.OPEN)
    found = locked.invitations.filter(email="", revoked_at=None).first()
    if found and found.token_hash == hash_of(found.token):
        return found
    if found:  # made under another SECRET_KEY: its address cannot be shown again
        locked.invitations.filter(pk=found.pk).update(revoked_at=at)
    link = Invitation(round=locked, created_at=at)
    link.renew()
    link.save()
    return link


@transaction.atomic
def invite(
    round_: Round,
    mode: str,
    emails: Iterable[str],
    *,
    by: AbstractBaseUser | None = None,
    languages: str = "fr,en",
    at: datetime,
) -> list[Invitation]:
    """Personal, single-use invitations for these addresses, one a mailbox; who has one in force gets no second.

    One that was ended is made anew when its last mail is a day old. NotNowError when the round is closed, held otherwise,
    or would have more invitations than a round may have, or when `by` has invited enough people today.
    """
    locked = choose_mode(round_, mode)
    there = {invitation.mailbox: invitation for invitation in locked.invitations.personal()}
    asked: dict[str, str] = {}
    for email in emails:
        asked.setdefault(mailbox(email), email)
    new = [box for box in asked if box not in there or _again(there[box], at=at)]
    if len(there) + sum(box not in there for box in new) > settings.JOINS_PER_ROUND:
        raise NotNowError(
            _("A round takes at most %(most)s people. Nobody was invited.") % {"most": settings.JOINS_PER_ROUND}
        )
    if new and by and wait_to_invite(locked.organisation, by, at=at, number=len(new)):
        raise NotNowError(_("Too many people were invited today. Nobody was invited; please go on tomorrow."))
    made = []
    for box in new:
        invitation = there.get(box) or Invitation(round=locked, email=asked[box], mailbox=box)
        if not is_used(invitation):  # one that was used and then revoked only counts again as invited
            invitation.renew()
        invitation.created_at, invitation.revoked_at, invitation.reminded_at = at, None, None
        invitation.languages = languages
        invitation.save()
        made.append(invitation)
    return made


def _again(invitation: Invitation, *, at: datetime) -> bool:
    """Whether an invitation that was ended is made anew: a day after its last mail, at once if none has left."""
    waits = invitation.mails.filter(state__in=[Mail.State.DUE, Mail.State.FAILED])
    return invitation.can_be_renewed(at=at) or (invitation.revoked_at is not None and waits.exists())


@transaction.atomic
def renew_link(round_: Round, *, at: datetime) -> Invitation:
    """End the link of an open round for everybody and make another. NotNowError unless it has one and takes answers."""
    locked = Round.objects.lock().get(pk=round_.pk)
    if locked.mode != Round.Mode.OPEN:
        raise NotNowError(_("This round has no link for all."))
    if locked.takes_answers():
        locked.invitations.filter(email="", revoked_at=None).update(revoked_at=at)
    return open_link(locked, at=at)


@transaction.atomic
def set_last_day(round_: Round, day: date | None) -> None:
    """Until when the round takes answers; None: until it is closed."""
    locked = Round.objects.lock().get(pk=round_.pk)
    locked.closes_on = day
    locked.save(update_fields=["closes_on"])


def revoke_invitation(round_: Round, number: str, *, at: datetime) -> None:
    """End an invitation of this round, by its number in the list; what was answered through it stays."""
    numbered(round_.invitations.filter(revoked_at=None), number).update(revoked_at=at)


def to_remind(round_: Round, *, at: datetime) -> list[Invitation]:
    """The personal invitations to which nothing was sent within a day; they count as reminded.

    Whether their people have answered is looked up when the mail would leave: what is stored and done here tells nobody.
    """
    with transaction.atomic():
        Round.objects.lock().get(pk=round_.pk)
        chosen = list(round_.invitations.waiting().due(before=at - BETWEEN_MAILS))
        Invitation.objects.filter(pk__in=[invitation.pk for invitation in chosen]).update(reminded_at=at)
    return chosen


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


def is_used(invitation: Invitation) -> bool:
    """Whether somebody began to answer by this personal invitation, and has not erased that."""
    return Response.objects.filter(key_hash=invitation.response_hash).exists()


def may_remind(invitation: Invitation) -> bool:
    """Whether whoever was invited has neither submitted nor erased their answers, nor asked for no more mail."""
    done = Response.objects.submitted().filter(key_hash=invitation.response_hash)
    return not NoMail.objects.stops(invitation.mailbox, invitation.round_id) and not done.exists()


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
    sent_twice = form is not None and wait_until("join", form, most=1, within=SENT_TWICE, at=at) is not None
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
        raise NotNowError(
            _("You take part in this round already. The address you began with leads back to your answers.")
        )
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
