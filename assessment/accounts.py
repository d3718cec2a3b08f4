"""What allauth asks of a site: our words for what can go wrong, our name, and mail that may fail."""

import logging
from smtplib import SMTPException

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.utils.crypto import get_random_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)


class Accounts(DefaultAccountAdapter):
    """Accounts that are known by their e-mail address."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "cannot_remove_primary_email": _(
            "Your main address cannot be removed. Make another one the main address first."
        ),
        "duplicate_email": _("This address is already one of yours."),
        "email_password_mismatch": _("The address or the password is not right."),
        "email_taken": _("This address belongs to another account."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This code is not right, or it is too old. Please look again, or ask for a new one."),
        "incorrect_password": _("This is not your password."),
        "max_email_addresses": _("You can have %d addresses. Remove one before you add another."),
        "too_many_login_attempts": _("Too many attempts. Nothing is lost: please try again in five minutes."),
        "unverified_primary_email": _("Only a confirmed address can be the main one."),
        "same_as_current": _("This is the address you already have."),
        "rate_limited": _("You asked very often. Please wait a minute and try again."),
    }

    def generate_unique_username(self, txts: list[str | None], regex: str | None = None) -> str:
        """A name that Django wants and nobody is shown: two people who sign up at once never get the same."""
        start = next((text for text in txts if text), "user").partition("@")[0]
        return f"{start[:60]}-{get_random_string(12).lower()}"

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send it; when the mail server refuses, say so on the page and in the log."""
        try:
            super().send_mail(template_prefix, email, context | {"site_address": settings.SITE_ADDRESS})
        except (SMTPException, OSError) as error:  # its text may hold the address of the person, its kind does not
            logger.error("A mail about an account could not be sent: %s.", type(error).__name__)
            said = gettext("The mail could not be sent. Nothing is lost: please try again in a minute.")
            messages.error(self.request, said)


class SecondFactor(DefaultMFAAdapter):
    """The second step of signing in."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("The second step cannot be switched off."),
        "cannot_generate_recovery_codes": _("Recovery codes belong to a second step. Set up an app first."),
        "incorrect_code": _(
            "This code is not right. Type in the one that the app shows now, or a recovery code you have not used."
        ),
        "unverified_email": _("Confirm all your e-mail addresses first, or remove those that you do not use."),
    }

    def get_totp_issuer(self) -> str:
        return gettext("Social media maturity")
