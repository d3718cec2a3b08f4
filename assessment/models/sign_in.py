"""The record of signing in: who came in, what failed and what was refused; addresses and networks only as fingerprints."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.models.people import mailboxes_of
from assessment.models.secret import derived_key

KEPT = timedelta(days=30)


def fingerprint(mailbox: str) -> str:
    """A mailbox as the record names it: nobody reads the address from it who has not the SECRET_KEY."""
    return derived_key("sign-in", mailbox)


class SignInQuerySet(models.QuerySet):
    def about(self, account: AbstractBaseUser) -> "SignInQuerySet":
        """What the record holds about an account: by itself, and by the addresses that it has confirmed."""
        own = [fingerprint(mailbox) for mailbox in mailboxes_of(account)]
        return self.filter(Q(account_id=account.pk) | Q(who__in=own))


class SignIn(models.Model):
    """One time that somebody signed in, failed to, or was refused because of too many attempts."""

    class Event(models.TextChoices):
        SIGNED_IN = "signed-in", _("signed in")
        WRONG_PASSWORD = "wrong-password", _("wrong password")
        WRONG_CODE = "wrong-code", _("wrong code")
        REFUSED = "refused", _("refused after too many attempts")  # the first time; not each that follows

    at = models.DateTimeField(_("when"), db_index=True)
    event = models.CharField(_("what happened"), max_length=20, choices=Event)
    # Only once it is certain whose it is: of a wrong password it is not looked up, as that would take time.
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sign_ins", verbose_name=_("account")
    )
    who = models.CharField(_("fingerprint of the address"), max_length=40, db_index=True)
    network = models.CharField(_("fingerprint of the network"), max_length=12)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")

    def __str__(self) -> str:
        return f"{self.event}, {self.at:%Y-%m-%d %H:%M}"
