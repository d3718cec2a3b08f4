"""What allauth asks of a site: our words for what can go wrong, our name, and mail that may fail."""

import logging
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from smtplib import SMTPException

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment.accounts import sign_in
from assessment.models.limit import Limit
from assessment.models.secret import derived_key
from assessment.models.sign_in import SignIn
from assessment.text.addresses import cleaned
from assessment.wording.moments import moment_and_zone

logger = logging.getLogger(__name__)

# Mails that anybody can have sent to an address by typing it. Only mails are limited, never the page that asks for them;
# and all mails of a limit's time hold the same code, so that whoever asks too late for another one needs none.
FEW_MINUTES = timedelta(minutes=5)
RESETS = Limit("mail to choose a new password", 1, FEW_MINUTES)
UNKNOWN = Limit(
    "mail that there is no account", 1, FEW_MINUTES
)  # apart: whoever then signs up can have a reset at once
CODES = Limit("mail to confirm an address", 2, FEW_MINUTES)  # the second, as the page offers to send it again
ADDED = Limit(
    "mail to confirm one more address", 2, FEW_MINUTES
)  # apart: it must not tell who signs up with a known one
NOTICES = Limit("mail to whoever has an account", 2, FEW_MINUTES)
LIMITED = {
    "account/email/password_reset_code": RESETS,
    "account/email/unknown_account": UNKNOWN,
    "account/email/email_confirmation": ADDED,
    "account/email/email_confirmation_signup": CODES,
    "account/email/account_already_exists": NOTICES,
}
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # of which no word can be made, and which nobody takes for digits (RFC 8628, 6.1)


class Accounts(DefaultAccountAdapter):
    """Accounts that are known by their e-mail address."""

    held_back = None  # until when the mail with the code that was asked for last is not sent again
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "cannot_remove_primary_email": _(
            "Your main address cannot be removed. Make another one the main address first."
        ),
        "duplicate_email": _("This address is already one of yours."),
        "email_password_mismatch": _("The address or the password is not right."),
        "email_taken": _("This address belongs to another account."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _(
            "This code is not right, or it is too old. If several came, try the others, or ask for a new one."
        ),
        "incorrect_password": _("This is not your password."),
        "max_email_addresses": _("You can have %d addresses. Remove one before you add another."),
        "too_many_login_attempts": _(
            "Too many attempts. Nothing is lost: ask for a new code, or try again in five minutes."
        ),
        "unverified_primary_email": _("Only a confirmed address can be the main one."),
        "same_as_current": _("This is the address you already have."),
        "rate_limited": _("You asked very often. Please wait a minute and try again."),
    }

    def generate_unique_username(self, txts: list[str | None], regex: str | None = None) -> str:
        """A name that Django wants and nobody is shown: two people who sign up at once never get the same."""
        start = next((text for text in txts if text), "user").partition("@")[0]
        return f"{start[:60]}-{get_random_string(12).lower()}"

    def get_client_ip(self, request: HttpRequest) -> str:
        """The network address of a visitor; an IPv4 address that comes as an IPv6 one (::ffff:192.0.2.1) is that address."""
        address = ip_address(super().get_client_ip(request))
        return str((isinstance(address, IPv6Address) and address.ipv4_mapped) or address)

    def authenticate(self, request: HttpRequest, **credentials) -> AbstractBaseUser | None:
        """Check a password, unless too many were tried."""
        try:
            attempt = sign_in.password_attempt(request, credentials.get("email") or credentials.get("username", ""))
        except sign_in.RefusedError as refused:
            raise too_often(refused) from refused
        account = super().authenticate(request, **credentials)
        if account:
            attempt.right()
        else:
            attempt.wrong(SignIn.Event.WRONG_PASSWORD)
        return account

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, *, email: str | None, **about) -> HttpResponse:
        page = super().post_login(request, user, email=email, **about)
        sign_in.signed_in(request, page, user, email or user.email)
        return page

    def generate_password_reset_code(self) -> str:
        """The code of the mail to the address that the form names (`ResetPasswordForm`)."""
        return self._code(RESETS, self.request.reset_address)

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation, signup: bool) -> None:
        limit = CODES if signup else ADDED
        emailconfirmation.state["code"] = self._code(limit, emailconfirmation.email_address.email)
        super().send_confirmation_mail(request, emailconfirmation, signup)

    def _code(self, limit: Limit, address: str) -> str:
        """The code that all mails to an address hold in the time of a limit; whether one more leaves is counted here."""
        now = timezone.now()
        self.held_back = limit.reached_by(_whose(address), at=now)
        until = self.held_back or limit.ends_at(_whose(address)) or now
        number = int(derived_key("mailed code", limit.what, _whose(address), until.timestamp()), 16)
        letters = [LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in range(8)]
        return f"{''.join(letters[:4])}-{''.join(letters[4:])}"

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send it, unless it was sent just now; when the mail server refuses, say so on the page and in the log."""
        limit, whose = LIMITED.get(template_prefix), _whose(email)
        if limit and (self.held_back if "code" in context else limit.reached_by(whose, at=timezone.now())):
            return
        if limit == CODES:  # as often as a code is mailed, so often is not mailed that there is an account already
            NOTICES.reached_by(whose, at=timezone.now())
        try:
            super().send_mail(template_prefix, email, context | {"site_address": settings.SITE_ADDRESS})
        except (SMTPException, OSError) as error:  # its text may hold the address of the person, its kind does not
            logger.error("A mail about an account could not be sent: %s.", type(error).__name__)
            said = gettext("The mail could not be sent. Nothing is lost: please try again in a minute.")
            messages.error(self.request, said)
            if limit:
                limit.give_back(whose)


def _whose(address: str) -> str:
    """The address that a mail goes to: not its mailbox, as a code that went to anne+1 must not be right for anne."""
    return cleaned(address).lower()


def too_often(refused: sign_in.RefusedError) -> ValidationError:
    """What the form says: until when to wait, and what else helps."""
    if refused.limit == sign_in.CODES_OF_ACCOUNT:
        text = gettext(
            "Somebody who knows your password tries many codes. Choose a new password with “I forgot my password”, or "
            "sign in from a browser that you used before."
        )
    else:
        text = gettext(
            "Too many wrong attempts from here. Nothing is lost: try again at %(time)s, or choose a new password with "
            "“I forgot my password”."
        )
    until = refused.until + timedelta(seconds=59)  # the first minute at which it is over
    return ValidationError(text % {"time": moment_and_zone(until, "time")}, code="too_many_login_attempts")


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
