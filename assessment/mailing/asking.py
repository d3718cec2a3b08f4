"""What people ask to have mailed: stored with what it is about, in one transaction, and left to the worker.

What is stored and done here depends on the invitations alone: whether their readers have begun, answered or erased is looked
up when a mail would leave.
"""

from collections.abc import Container, Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from assessment.mailing.tasks import look
from assessment.models import (
    Invitation,
    Mail,
    Mailing,
    Membership,
    Organisation,
    PeopleInvitation,
    Round,
)
from assessment.models.limit import Count
from assessment.models.mail import MailQuerySet
from assessment.models.organisation import lock_organisation
from assessment.organisations import people
from assessment.rounds import inviting
from assessment.text.addresses import mailbox

# So many invitations and reminders may one mailbox be sent in a day, whoever asks, in whatever organisations.
MOST_A_DAY = 5


class TooManyError(Exception):
    """So many were invited that nobody else is today; `until` says when it is possible again."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


# Rounds --------------------------------------------------------------------------------------------------------------
@transaction.atomic
def invite_to_round(
    round_: Round, emails: Iterable[str], *, by: AbstractBaseUser, languages: str, at: datetime
) -> bool:
    """Invite people at these addresses; to those invited before goes only what was not sent. False when that is nothing.

    NotNowError as `inviting.invite` has it, or when too many were invited today; then nothing is stored nor counted.
    """
    emails = list(emails)
    Round.objects.lock().get(pk=round_.pk)
    known = set(round_.invitations.personal().values_list("mailbox", flat=True))
    made = inviting.invite(round_, round_.mode, emails, by=by, languages=languages, at=at)
    anew = [invitation for invitation in made if invitation.mailbox in known]
    Mail.objects.filter(invitation__in=anew).delete()  # what became of an earlier one is told no more
    first = [invitation for invitation in made if invitation.mailbox not in known]
    enough = _sent_enough([invitation.email for invitation in made], at=at)
    for kind, invitations in ((Mailing.Kind.INVITATION, first), (Mailing.Kind.AGAIN, anew)):
        _queue(kind, round_.organisation, _leading_to(invitations), enough, round_=round_, by=by, at=at)
    asked = Mail.objects.of_round(round_).filter(invitation__mailbox__in=[mailbox(email) for email in emails])
    waits = asked.filter(state__in=[Mail.State.DUE, Mail.State.SENDING, Mail.State.FAILED]).exists()
    _try_again(asked.failed(), at=at)
    asked.hurry(at=at)
    look.enqueue()
    return bool(made) or waits


@transaction.atomic
def remind(round_: Round, *, by: AbstractBaseUser, at: datetime) -> bool:
    """Remind those who have not answered, at most once a day; whoever has is left out when the mails leave.

    False when everybody invited had a mail within the day.
    """
    chosen = inviting.to_remind(round_, at=at)
    enough = _sent_enough([invitation.email for invitation in chosen], at=at)
    _queue(Mailing.Kind.REMINDER, round_.organisation, _leading_to(chosen), enough, round_=round_, by=by, at=at)
    Mail.objects.filter(mailing__round=round_).hurry(at=at)
    look.enqueue()
    return bool(chosen)


def _leading_to(invitations: Iterable[Invitation]) -> list[Mail]:
    return [Mail(recipient=invitation.email, invitation=invitation) for invitation in invitations]


# People --------------------------------------------------------------------------------------------------------------
@transaction.atomic
def invite_person(
    organisation: Organisation, role: str, *, email: str, by: AbstractBaseUser, languages: str, at: datetime
) -> PeopleInvitation:
    """Invite somebody to belong to an organisation, and mail it unless no address is given; TooManyError.

    Asked again before it was sent, it is sent once.
    """
    lock_organisation(organisation.pk)
    there = organisation.invitations.open(at=at).filter(email=email).exclude(email="")
    unsent = Mail.objects.filter(people_invitation__in=there).exclude(state__in=[Mail.State.SENT, Mail.State.UNKNOWN])
    is_asked_again = unsent.exists()
    if not is_asked_again and (until := inviting.wait_to_invite(organisation, by, at=at)):
        raise TooManyError(until)
    made = people.invite_person(organisation, role, email=email, by=by, languages=languages, at=at)
    if is_asked_again:
        _try_again(unsent.failed(), at=at)
        unsent.hurry(at=at)
    elif email:
        Mail.objects.filter(people_invitation=made).delete()
        mails = [Mail(recipient=email, people_invitation=made)]
        _queue(Mailing.Kind.PEOPLE, organisation, mails, _sent_enough([email], at=at), by=by, at=at)
    look.enqueue()
    return made


@transaction.atomic
def change_role(membership: Membership, role: str, *, by: AbstractBaseUser, at: datetime) -> None:
    """Let a person do more or less, and tell them unless they did it themselves. LastOwnerError."""
    is_there = _is_there(membership)
    people.change_role(membership, role, by=by)
    if is_there and by.pk != membership.user_id:
        tell_role(membership, role, by=by, at=at)


@transaction.atomic
def take_off(membership: Membership, *, by: AbstractBaseUser, at: datetime) -> None:
    """End somebody's membership, and tell them. LastOwnerError."""
    is_there = _is_there(membership)
    people.remove(membership, by=by)
    if is_there:
        tell_role(membership, None, by=by, at=at)


def _is_there(membership: Membership) -> bool:
    """Whether somebody else has not ended it meanwhile; its organisation is locked from here on."""
    return lock_organisation(membership.organisation_id) and Membership.objects.filter(pk=membership.pk).exists()


@transaction.atomic
def tell_role(membership: Membership, role: str | None, *, by: AbstractBaseUser | None, at: datetime) -> None:
    """Tell somebody what they are in an organisation from now on, None: nothing; by an owner, or by the administration."""
    if email := membership.user.email.lower():
        mail = Mail(recipient=email, role=role or "")
        enough = _sent_enough([email], at=at)
        _queue(Mailing.Kind.ROLE, membership.organisation, [mail], enough, by=by, at=at)
        look.enqueue()


# All of them ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def send_again(mails: MailQuerySet, *, at: datetime) -> bool:
    """Try these once more, which failed or of which nobody knows whether they arrived; False when there are none."""
    tried = _try_again(mails, at=at)
    look.enqueue()
    return tried


def _try_again(mails: MailQuerySet, *, at: datetime) -> bool:
    """What was not sent before does not count once more towards what a mailbox is sent in a day."""
    found = list(mails.filter(state__in=[Mail.State.FAILED, Mail.State.UNKNOWN]).select_for_update(of=("self",)))
    counts = [mail.recipient for mail in found if not mail.is_failed or mail.reason == Mail.Reason.MANY]
    enough = _sent_enough(counts, at=at)
    chosen = Mail.objects.filter(pk__in=[mail.pk for mail in found])
    chosen.exclude(recipient__in=enough).update(state=Mail.State.DUE, attempts=0, next_try=at)
    chosen.filter(recipient__in=enough).update(state=Mail.State.FAILED, reason=Mail.Reason.MANY)
    return bool(found)


def _queue(
    kind: str,
    organisation: Organisation,
    mails: list[Mail],
    enough: Container[str],
    *,
    round_: Round | None = None,
    by: AbstractBaseUser | None,
    at: datetime,
) -> None:
    """Store these mails of one mailing, due now but for those to addresses that were sent `enough`."""
    if not mails:
        return
    mailing = Mailing.objects.create(
        kind=kind, organisation=organisation, round=round_, asked_by=by, asked_at=at, size=len(mails)
    )
    for mail in mails:
        mail.mailing, mail.next_try = mailing, at
        if mail.recipient in enough:
            mail.state, mail.reason = Mail.State.FAILED, Mail.Reason.MANY
    if not mailing.is_named:
        mailing.some_failed = any(mail.is_failed for mail in mails)
        mailing.save(update_fields=["some_failed"])
        mails = [mail for mail in mails if not mail.is_failed]
    Mail.objects.bulk_create(mails)


def _sent_enough(recipients: Iterable[str], *, at: datetime) -> set[str]:
    """Count one more mail to each; those that were sent enough of them today. In one order, as counting locks rows."""
    day = timedelta(days=1)
    boxes = {recipient: mailbox(recipient) for recipient in sorted(recipients, key=mailbox)}
    return {
        to for to, box in boxes.items() if Count.objects.wait_until("mailbox", box, most=MOST_A_DAY, within=day, at=at)
    }
