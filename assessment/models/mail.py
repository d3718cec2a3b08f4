"""The queue of mails: a mailing says what was asked, a row a mail whether it is due, being sent, sent, failed or unknown.

The row decides whether a mail is sent, so that none is sent twice; neither bodies nor secrets are stored. Nothing here says
when a mail left: what must not leave, as its reader has answered, erased or wants no more mail, is settled like the others.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.models.organisation import Membership, Organisation
from assessment.models.people import PeopleInvitation
from assessment.models.round import Invitation, Round
from assessment.text.database import alphabetical

# How long a row may be in the hands of a worker: sending one mail takes four answers of the server, for each of which the
# worker waits 15 seconds at most (`mailing.sending.TIMEOUT`), so a minute. Whoever still has it after five is dead.
LEASE = timedelta(minutes=5)
# How long after the first, the second ... try that failed; after the last, a day later, it is told.
DISTANCES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 360, 420)]


class Mailing(models.Model):
    """What somebody asked to have mailed, at one time."""

    class Kind(models.TextChoices):
        INVITATION = "invitation"  # into a round, to people who were not invited to it before
        AGAIN = "again"  # likewise, to those whose invitation was ended: they may have answered, or erased that
        REMINDER = "reminder"
        PEOPLE = "people"  # to belong to an organisation
        ROLE = "role"  # tells somebody what they are in an organisation from now on

    kind = models.CharField(max_length=10, choices=Kind)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="mailings")
    round = models.ForeignKey(Round, models.CASCADE, null=True, related_name="mailings")
    # Whom its mails name; None: the administration of the site, or an account that is gone.
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(db_index=True)
    size = models.PositiveIntegerField(default=0)  # how many mails
    some_failed = models.BooleanField(default=False)  # where failures are told without a name

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")

    def __str__(self) -> str:
        return f"{self.kind}, {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_named(self) -> bool:
        """Whether it is told which of its mails failed: of a reminder it would say that its reader has not answered."""
        return self.kind not in (self.Kind.AGAIN, self.Kind.REMINDER)


class MailQuerySet(models.QuerySet):
    def due(self, *, at: datetime):
        return self.filter(state=Mail.State.DUE, next_try__lte=at).order_by("next_try", "pk")

    def claim(self, worker: str, *, at: datetime) -> "Mail | None":
        """Take one mail that is due into a worker's hands, committed before it is sent; None when there is none left."""
        with transaction.atomic(durable=True):
            mail = self.due(at=at).select_for_update(skip_locked=True, of=("self",)).first()
            if mail:
                mail.state, mail.worker, mail.claimed_at, mail.attempts = (
                    Mail.State.SENDING,
                    worker,
                    at,
                    mail.attempts + 1,
                )
                mail.save(update_fields=["state", "worker", "claimed_at", "attempts"])
        return mail

    def take_over(self, *, at: datetime) -> None:
        """What a worker had in hand when it died: nobody knows whether it arrived, so it is not sent again by itself."""
        for mail in self.filter(state=Mail.State.SENDING, claimed_at__lt=at - LEASE).select_related("mailing"):
            mail.settle(Mail.State.UNKNOWN)

    def put_off(self, *, at: datetime, is_away: bool) -> None:
        """The server takes nothing: all that is due is due again later, or has failed after a day of tries.

        Of reminders it is told only when the server cannot be reached: what it says to one mail depends on who is left out.
        """
        with transaction.atomic():
            mails = list(self.due(at=at).select_for_update(skip_locked=True, of=("self",)).select_related("mailing"))
            for mail in mails:
                mail.attempts += 1
                told = is_away or mail.mailing.is_named
                mail.try_again(Mail.Reason.SERVER if told else Mail.Reason.BUSY, at=at)

    def hurry(self, *, at: datetime) -> None:
        """Asked again: what waits for its next try is due now."""
        self.filter(state=Mail.State.DUE, next_try__gt=at).update(next_try=at)

    def failed(self):
        return self.filter(state=Mail.State.FAILED)

    def of_round(self, round_: Round):
        """The first invitations to a round of those that were not ended since."""
        kind = Mailing.Kind.INVITATION
        return self.filter(mailing__round=round_, mailing__kind=kind, invitation__revoked_at=None).order_by(
            *alphabetical("recipient")
        )

    def of_people(self, organisation: Organisation):
        kinds = [Mailing.Kind.PEOPLE, Mailing.Kind.ROLE]
        return self.filter(mailing__organisation=organisation, mailing__kind__in=kinds).order_by(
            *alphabetical("recipient"), "pk"
        )

    def by_state(self) -> dict[str, int]:
        """How many there are in each state."""
        return dict.fromkeys(Mail.State.values, 0) | self._counted("state")

    def by_reason(self) -> dict[str, int]:
        """How many there are for each reason that there is."""
        return self._counted("reason")

    def _counted(self, name: str) -> dict[str, int]:
        return dict(self.order_by(name).values_list(name).annotate(number=models.Count("pk")))

    def to(self, addresses: Iterable[str]):
        """Those to one of these addresses, which are in small letters."""
        return self.filter(recipient__in=list(addresses))


class Mail(models.Model):
    """One mail to one person: where it stands, and what it leads to."""

    class State(models.TextChoices):
        DUE = "due"
        SENDING = "sending"
        SENT = "sent"  # or, told nobody, not to be sent
        FAILED = "failed"
        UNKNOWN = "unknown"  # the worker or the connection died while it was sent

    class Reason(models.TextChoices):
        REFUSED = "refused"  # for good, by the server, for this address
        BUSY = "busy"  # put off by the server, for this address
        SERVER = "server"  # the server could not be reached, or took nothing from us
        MANY = "many"  # this address was sent enough today
        ENDED = "ended"  # the round was closed, or the link too old, before it was sent
        BROKEN = "broken"  # it could not be written

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="mails")
    recipient = models.EmailField(max_length=254)  # in small letters
    invitation = models.ForeignKey(Invitation, models.CASCADE, null=True, related_name="mails")
    people_invitation = models.ForeignKey(PeopleInvitation, models.CASCADE, null=True, related_name="mails")
    role = models.CharField(max_length=6, choices=Membership.Role, blank=True, default="")  # empty: belongs no more
    state = models.CharField(max_length=7, choices=State, default=State.DUE)
    reason = models.CharField(max_length=7, choices=Reason, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField()
    worker = models.CharField(max_length=64, blank=True, default="")  # in whose hands it is
    claimed_at = models.DateTimeField(null=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [models.Index(fields=["state", "next_try"], name="mail_due")]
        constraints = [
            models.UniqueConstraint(fields=["mailing", "recipient"], name="mail_once"),
            models.CheckConstraint(
                condition=Q(state="sending", claimed_at__isnull=False) | ~Q(state="sending") & Q(claimed_at=None),
                name="mail_in_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mailing_id}: {self.pk}"

    @property
    def is_failed(self) -> bool:
        return self.state == self.State.FAILED

    @property
    def is_over(self) -> bool:
        """Whether what it leads to was ended or used, so that nobody needs to hear what became of it."""
        link = self.invitation or self.people_invitation
        return link is not None and bool(link.revoked_at or getattr(link, "used_at", None))

    def try_again(self, reason: str, *, at: datetime) -> None:
        """It was not sent this time: due again after a while, or failed when it was tried for a day."""
        if self.attempts > len(DISTANCES):
            self.settle(self.State.FAILED, reason)
            return
        waits = {"state": self.State.DUE, "reason": reason, "next_try": at + DISTANCES[self.attempts - 1]}
        self._held().update(attempts=self.attempts, worker="", claimed_at=None, **waits)

    def settle(self, state: str, reason: str = "") -> None:
        """What became of it in the end, unless another worker has taken it over since.

        Where failures are told without a name no row stays, whatever became of it: it would say who had not answered.
        """
        if self.mailing.is_named:
            self._held().update(state=state, reason=reason, attempts=self.attempts, worker="", claimed_at=None)
            return
        self._held().delete()
        if state != self.State.SENT and reason == self.Reason.SERVER:  # of one address, it would tell of whom
            Mailing.objects.filter(pk=self.mailing_id).update(some_failed=True)

    def _held(self) -> models.QuerySet:
        """The row as this worker has it: as it was claimed, or still due."""
        return Mail.objects.filter(pk=self.pk, worker=self.worker, state=self.state)
