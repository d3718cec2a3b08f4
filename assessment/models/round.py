"""Rounds: one organisation's exercise at one time, and the invitations to take part in it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment.models.content import Questionnaire
from assessment.models.organisation import Organisation
from assessment.models.secret import SecretLink, derived_key, hash_of
from assessment.scoring.answers import PRIVACY_FLOOR

BETWEEN_MAILS = timedelta(days=1)  # to one address that was invited


def least_of(published: int | None) -> int:
    """The smallest group of a confidential round: that of its first publication, once there is one, and never below five."""
    return max(published or settings.SMALLEST_GROUP, PRIVACY_FLOOR)


class RoundQuerySet(models.QuerySet):
    def hold(self):
        """Locked until the transaction ends, without being in the way of those who only refer to the round."""
        return self.select_for_update(of=("self",), no_key=True)

    def latest_first(self):
        return self.order_by("-number")


class Round(models.Model):
    """One organisation's exercise at one time: one questionnaire, one or more responses.

    Whoever changes a round or counts on its state locks its row; a response is locked before its round, never after.
    """

    class Mode(models.TextChoices):
        SOLO = "solo", _("solo")
        OPEN = "open", _("open")
        CONFIDENTIAL = "confidential", _("confidential")

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="rounds", verbose_name=_("organisation")
    )
    number = models.PositiveIntegerField(_("number"))
    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="rounds", verbose_name=_("questionnaire")
    )
    mode = models.CharField(_("kind"), max_length=12, choices=Mode, default=Mode.SOLO)
    opened_at = models.DateTimeField(_("opened"))
    closes_on = models.DateField(_("last day"), null=True, blank=True)  # after it nobody joins or answers
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    # Keys of dimensions of a frozen questionnaire: those that the organisation's own statement leaves out.
    excluded = models.JSONField(_("dimensions left out"), default=list, blank=True)
    statement_revision = models.PositiveIntegerField(default=0, editable=False)  # how often `excluded` was changed
    # How often a joint report was published; what is submitted from then on belongs to the next publication.
    publications = models.PositiveSmallIntegerField(_("publications"), default=0, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)  # the last time
    # From which day on its people are told that enough have answered for its next joint report: the one after the last came.
    enough_from = models.DateField(null=True, blank=True, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["organisation", "number"]
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="round_once")]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("round", args=[self.organisation.slug, self.number])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_solo(self) -> bool:
        return self.mode == self.Mode.SOLO

    @property
    def is_confidential(self) -> bool:
        return self.mode == self.Mode.CONFIDENTIAL

    @property
    def smallest_group(self) -> int:
        """How many responses that no owner knows a figure of this round rests on at least."""
        if not self.is_confidential:
            return 1
        return least_of(self.results.filter(response=None).values_list("smallest_group", flat=True).first())

    def tells_enough(self, *, on: date) -> bool:
        """Whether its people are told on that day that enough have answered: the same all day, and never back."""
        return self.enough_from is not None and self.enough_from <= on

    @property
    def has_later(self) -> bool:
        """Whether a later round of the organisation began; then this one stays as it is."""
        return Round.objects.filter(organisation=self.organisation_id, number__gt=self.number).exists()

    @property
    def may_be_published(self) -> bool:
        """Whether it takes answers that a joint report will rest on, or may be reopened to take them."""
        return self.is_open or not (self.published_at == self.closed_at or self.has_later)

    def moment(self, at: datetime) -> datetime:
        """The time stored with what somebody does in this round.

        In a confidential round that is when it was opened, for everybody: any other could be matched with a mail.
        """
        return self.opened_at if self.is_confidential else at

    def takes_answers(self, *, on: date | None = None) -> bool:
        """Whether somebody may join, answer and submit on that day (today unless said)."""
        return self.is_open and (self.closes_on is None or (on or timezone.localdate()) <= self.closes_on)


class InvitationQuerySet(models.QuerySet):
    def with_token(self, token: str):
        """The invitation behind a token unless it was revoked."""
        found = self.filter(token_hash=hash_of(token), revoked_at=None)
        return found.select_related("round__organisation", "round__questionnaire")

    def personal(self):
        return self.exclude(email="")

    def links(self):
        """Those that are no personal ones: the links for all of open rounds."""
        return self.filter(email="")

    def waiting(self):
        """Personal invitations that somebody could still be reminded of."""
        return self.personal().filter(revoked_at=None)

    def sent_to(self, addresses: Iterable[str]):
        """Those that went to exactly one of these addresses, in small letters: what proves who somebody is.

        That two addresses are one mailbox is our guess, good enough to count people and no more.
        """
        return self.filter(email__in=[address for address in addresses if address])

    def of_mailboxes(self, mailboxes: Iterable[str]):
        """Those that went to one of these mailboxes (as `text.addresses.mailbox` gives them)."""
        return self.filter(mailbox__in=[mailbox for mailbox in mailboxes if mailbox])

    def due(self, *, before: datetime):
        """Those to whom nothing was sent since that time."""
        return self.filter(Q(reminded_at=None, created_at__lt=before) | Q(reminded_at__lt=before))


class Invitation(SecretLink):
    """A link that leads into a round: personal and single use when it has an address, else for all in an open round.

    Nothing stored ties it to a response: the key of the response that came of it is worked out from the link's seed with
    the installation's secret, whether there is one is not noted here, and neither holds a time or an order of the other.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="invitations", verbose_name=_("round"))
    email = models.EmailField(_("e-mail"), blank=True, default="")  # in small letters
    mailbox = models.CharField(max_length=320, blank=True, default="", editable=False)  # one mailbox is one person
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    languages = models.CharField(
        max_length=20, default="fr,en", editable=False
    )  # of its mails, one text after the other

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "mailbox"], condition=~Q(mailbox=""), name="invitation_once"),
            models.UniqueConstraint(
                fields=["round"], condition=Q(email="", revoked_at=None), name="invitation_one_link"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.pk}"

    @property
    def is_personal(self) -> bool:
        return bool(self.email)

    @property
    def response_key(self) -> str:
        """The key of the response that a personal invitation leads to, the same each time."""
        return derived_key("invited", self.seed)

    @property
    def response_hash(self) -> str:
        """What that response stores of its key."""
        return hash_of(self.response_key)

    def can_be_renewed(self, *, at: datetime) -> bool:
        """Whether it was ended, and its last mail is a day old: nobody is mailed again and again."""
        return self.revoked_at is not None and at - (self.reminded_at or self.created_at) >= BETWEEN_MAILS


def response_hashes(invitations: Iterable[Invitation]) -> set[str]:
    """The fingerprints of the keys that these personal invitations lead to, as the responses store them."""
    return {invitation.response_hash for invitation in invitations if invitation.is_personal}
