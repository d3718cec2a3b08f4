"""How an owner brings colleagues into a round: how it is held, its link for all, personal invitations, reminders."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.models.limit import Count
from assessment.models.mail import Mail, Mailing
from assessment.models.no_mail import NoMail
from assessment.models.organisation import Organisation
from assessment.models.response import Response, tie
from assessment.models.round import BETWEEN_MAILS, Invitation, Round
from assessment.models.secret import hash_of, numbered
from assessment.rounds.known import owner_mailboxes, remember_opener
from assessment.rounds.starting import NotNowError
from assessment.text.addresses import mailbox


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
    or would have more invitations than a round may have, when `by` has invited enough people today, or as `_refuse_few` says.
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
        if box in there:
            invitation.revoked_at, invitation.reminded_at = None, at  # since when it is there stays
        else:
            invitation.created_at = at
        invitation.languages = languages
        invitation.save()
        made.append(invitation)
    if locked.is_confidential:
        _refuse_few(locked, made)
    return made


def _others(round_: Round) -> QuerySet[Invitation]:
    """The personal invitations of people who are not owners."""
    return round_.invitations.personal().exclude(mailbox__in=owner_mailboxes(round_.organisation_id))


def _for_next(others: QuerySet[Invitation], round_: Round) -> QuerySet[Invitation]:
    """Those of them that were first made since the last publication: whose answers the next one rests on."""
    return others.filter(created_at__gt=round_.published_at) if round_.published_at else others


def _refuse_few(round_: Round, made: Sequence[Invitation]) -> None:
    """NotNowError where so many were invited by now that a report could come, and so few of them can still answer.

    Whoever ends four invitations once they were used, and then makes a fifth, would learn that the fifth was used, too.
    """
    others, fewest = _for_next(_others(round_), round_), round_.smallest_group
    missing = fewest - others.filter(revoked_at=None).count()
    if missing > 0 and others.count() >= fewest and others.filter(pk__in=[one.pk for one in made]).exists():
        told = ngettext(
            "Nobody was invited: with so few invitations that stand, an answer could be traced to one person. Together with "
            "these, please invite at least %(missing)s more person who is not an owner.",
            "Nobody was invited: with so few invitations that stand, an answer could be traced to one person. Together with "
            "these, please invite at least %(missing)s more people who are not owners.",
            missing,
        )
        raise NotNowError(told % {"missing": missing})


def wait_to_invite(
    organisation: Organisation, by: AbstractBaseUser, *, at: datetime, number: int = 1
) -> datetime | None:
    """Count so many more invitations, all or none; None when that is still allowed, else when to try again."""
    most, day = settings.INVITATIONS_PER_DAY, timedelta(days=1)
    with transaction.atomic():
        for who in (f"organisation {organisation.pk}", f"person {by.pk}"):
            until = Count.objects.wait_until("invitations", who, most=most, within=day, at=at, number=number)
            if until:
                transaction.set_rollback(True)  # what is refused uses nothing up
                return until
    return None


def _again(invitation: Invitation, *, at: datetime) -> bool:
    """Whether an invitation that was ended is made anew: a day after its last mail, at once if none has left."""
    # Of a reminder, or of one that was made anew, what waits tells whether somebody has answered.
    first = invitation.mails.filter(mailing__kind=Mailing.Kind.INVITATION)
    waits = first.filter(state__in=[Mail.State.DUE, Mail.State.FAILED])
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


@transaction.atomic
def revoke_invitation(round_: Round, number: str, *, at: datetime) -> None:
    """End an invitation of this round, by its number in the list; what was answered through it stays.

    NotNowError where too few could answer a confidential round then: of people who are not owners, invited since the last
    publication, as many invitations stand as its smallest group has, or that enough have answered would tell who did. Before
    so many were invited one can be taken back within a day of being made; one of an owner can always be ended.
    """
    locked = Round.objects.lock().get(pk=round_.pk)
    ended = numbered(locked.invitations.filter(revoked_at=None), number)
    if locked.is_confidential and (ended & (others := _others(locked))).exists():
        others, fewest = _for_next(others, locked), locked.smallest_group
        missing = fewest - others.filter(revoked_at=None).exclude(pk__in=ended.values("pk")).count()
        new = others.filter(pk__in=ended.values("pk"), created_at__gte=at - timedelta(days=1))
        is_slip = others.count() < fewest and new.exists()
        if missing > 0 and not is_slip:
            told = _(
                "At least %(number)s people who are not owners, invited since the last joint report if there was one, have to be "
                "able to answer: otherwise an answer could be traced to one person. Invite others first, still missing are "
                "%(missing)s."
            )
            raise NotNowError(told % {"number": fewest, "missing": missing})
    ended.update(revoked_at=at)


def to_remind(round_: Round, *, at: datetime) -> list[Invitation]:
    """The personal invitations to which nothing was sent within a day; they count as reminded.

    Whether their people have answered is looked up when the mail would leave: what is stored and done here tells nobody.
    """
    with transaction.atomic():
        Round.objects.lock().get(pk=round_.pk)
        chosen = list(round_.invitations.waiting().due(before=at - BETWEEN_MAILS))
        Invitation.objects.filter(pk__in=[invitation.pk for invitation in chosen]).update(reminded_at=at)
    return chosen


def is_used(invitation: Invitation) -> bool:
    """Whether somebody began to answer by this personal invitation, and has not erased that."""
    return Response.objects.filter(key_hash=invitation.response_hash).exists()


def may_remind(invitation: Invitation) -> bool:
    """Whether whoever was invited has neither submitted nor erased their answers, nor asked for no more mail."""
    done = Response.objects.submitted().filter(key_hash=invitation.response_hash)
    return not NoMail.objects.stops(invitation.mailbox, invitation.round_id) and not done.exists()
