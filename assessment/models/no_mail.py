"""Mailboxes that get no more mail: as fingerprints, so that what is stored tells nobody who they are."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.models.secret import derived_key, seal, unseal

SEALED = "no mail to "  # nothing else that is sealed ends mails


class NoMailQuerySet(models.QuerySet):
    def stop(self, mailbox: str, round_id: int | None = None) -> None:
        """No more mail to this mailbox about that round, or about none at all; twice is once."""
        self.get_or_create(fingerprint=fingerprint(mailbox, round_id))

    def is_ended(self, mailbox: str, round_id: int) -> bool:
        """Whether whoever was invited to that round at this mailbox erased what they answered."""
        return bool(mailbox) and self.filter(fingerprint=fingerprint(mailbox, round_id)).exists()

    def stops(self, mailbox: str, round_id: int | None = None) -> bool:
        """Whether a mail to this mailbox, about that round if one is named, must not leave."""
        return self.filter(fingerprint__in=[fingerprint(mailbox), fingerprint(mailbox, round_id)]).exists()


class NoMail(models.Model):
    """A mailbox whose owner wants no more mail, or none about a round whose answers they erased."""

    fingerprint = models.CharField(max_length=40, primary_key=True)

    objects = NoMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailbox without mail")
        verbose_name_plural = _("mailboxes without mail")

    def __str__(self) -> str:
        return self.fingerprint[:8]


def fingerprint(mailbox: str, round_id: int | None = None) -> str:
    """What is stored of a mailbox (see `text.addresses.mailbox`) and of the round it is about, if it is about one."""
    return derived_key("no mail", round_id or "", mailbox)


def stop_token(mailbox: str) -> str:
    """The secret of the address that ends all mails to a mailbox: it holds the mailbox, sealed, so that nothing is stored."""
    return seal(SEALED + mailbox).rstrip("=")


def mailbox_to_stop(token: str) -> str | None:
    """The mailbox whose mails a token, which stands in every invitation and reminder, ends; None when it is none of ours."""
    opened = unseal(token + "=" * (-len(token) % 4))
    return opened.removeprefix(SEALED) if opened and opened.startswith(SEALED) else None
