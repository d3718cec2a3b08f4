"""Limits on signing in, by which nobody who only knows an address keeps its owner out; and the record of what happened.

Wrong passwords are counted by mailbox and network together, so that failing elsewhere refuses nobody here, and for each
network alone. A browser that has signed in at this mailbox before is counted apart: strangers in the same network do not
count for it. Everything is counted before it is looked at, so that many at once are no more than the limit, and given
back when it was right. What is counted, and how long an answer takes, does not depend on whether there is an account.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from assessment.accounts.cookies import Keys
from assessment.accounts.made import owners
from assessment.models.limit import Limit
from assessment.models.people import mailboxes_of
from assessment.models.secret import derived_key
from assessment.models.sign_in import SignIn, fingerprint
from assessment.text.addresses import mailbox

logger = logging.getLogger(__name__)

FEW_MINUTES, HOUR = timedelta(minutes=5), timedelta(hours=1)
NETWORK = Limit(
    "sign-in from a network", 100, FEW_MINUTES
)  # right or wrong, so that it also bounds the work of hashing
PASSWORDS = Limit("password for a mailbox from a network", 5, FEW_MINUTES)
# When one mailbox is tried from many networks, each of them gets fewer tries; never none, so its owner comes in.
ATTACKED = Limit("password for a mailbox", 50, HOUR)
PASSWORDS_ATTACKED = Limit("password for an attacked mailbox from a network", 2, HOUR)
# Who is asked for a code knew the password. Six digits are few, so all networks together get a number of tries, too; it
# begins anew with a new password, and browsers that signed in before do not use it up.
CODES = Limit("code for an account from a network", 5, FEW_MINUTES)
CODES_OF_ACCOUNT = Limit("code for an account", 60, HOUR)
ON_RECORD = Limit("refusal on record", 1, FEW_MINUTES)

# Which mailboxes this browser has signed in at, as fingerprints; browsers keep no cookie longer than 400 days.
KNOWN = Keys("known", 400 * 24 * 3600, path="/accounts/")


class OwnersBackend(AuthenticationBackend):
    """Checks the password of the account that an address belongs to, never of those that only wait for their code."""

    def _authenticate_by_email(self, email: str, password: str) -> AbstractBaseUser | None:
        return next((account for account in owners(email) if self._check_password(account, password)), None)


class RefusedError(Exception):
    """Too many attempts: `until` says when the next one is allowed, `limit` which of the limits it was."""

    def __init__(self, limit: Limit, until: datetime) -> None:
        super().__init__(limit.what)
        self.limit, self.until = limit, until


def client_address(request: HttpRequest) -> str:
    """The network address that a request came from; of IPv6 the network, as one visitor has a whole one to choose from."""
    address = get_adapter().get_client_ip(request)
    parsed = ip_address(address)
    return str(ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address


@dataclass(frozen=True)
class Attempt:
    """One try to get into an account, whose limits are counted; it ends as right or as wrong."""

    request: HttpRequest
    mailbox: str
    account: AbstractBaseUser | None = None
    counted: list[tuple[Limit, str]] = field(default_factory=list)

    def count(self, limit: Limit, who: str) -> None:
        """Count it; RefusedError when that was too often, the first of which is on record."""
        now = timezone.now()
        if until := limit.reached_by(who, at=now):
            if not ON_RECORD.reached_by(f"{limit.what} {who}", at=now):
                self._record(SignIn.Event.REFUSED)
            raise RefusedError(limit, until)
        self.counted.append((limit, who))

    def right(self) -> None:
        """Nothing of it counts but for the network: who signs in often is not refused."""
        for limit, who in self.counted:
            if limit != NETWORK:
                limit.give_back(who)

    def wrong(self, event: SignIn.Event) -> None:
        self._record(event)

    def _record(self, event: SignIn.Event) -> None:
        record(event, self.request, self.mailbox, self.account)


def password_attempt(request: HttpRequest, address: str) -> Attempt:
    """Somebody tries a password for an address; RefusedError when they, or their network, did so too often."""
    attempt = Attempt(request, mailbox(address))
    network = client_address(request)
    if is_known(request, {attempt.mailbox}):
        attempt.count(PASSWORDS, f"{attempt.mailbox} {network} known")
        return attempt
    here = f"{attempt.mailbox} {network}"
    attempt.count(NETWORK, network)
    attempt.count(PASSWORDS, here)
    if ATTACKED.reached_by(attempt.mailbox, at=timezone.now()):
        attempt.count(PASSWORDS_ATTACKED, here)
    else:
        attempt.counted.append((ATTACKED, attempt.mailbox))
    return attempt


def code_attempt(request: HttpRequest, account: AbstractBaseUser) -> Attempt:
    """Somebody who knows the password tries a code of the second step; RefusedError when that was too often."""
    attempt = Attempt(request, mailbox(account.email), account)
    whose = f"{account.pk} {account.get_session_auth_hash()}"
    here = f"{whose} {client_address(request)}"
    if is_known(request, {attempt.mailbox, *mailboxes_of(account)}):
        attempt.count(CODES, f"{here} known")
    else:
        attempt.count(CODES, here)
        attempt.count(CODES_OF_ACCOUNT, whose)
    return attempt


def forget_failures(request: HttpRequest, account: AbstractBaseUser) -> None:
    """Whoever has just shown that the mailbox is theirs may sign in from here, however often they failed before."""
    for box in {mailbox(account.email), *mailboxes_of(account)}:
        here = f"{box} {client_address(request)}"
        for limit in (PASSWORDS, PASSWORDS_ATTACKED):
            limit.forget(here)
            limit.forget(f"{here} known")


def is_known(request: HttpRequest, mailboxes: set[str]) -> bool:
    """Whether this browser has signed in at one of these mailboxes before."""
    return not {_known_as(box) for box in mailboxes}.isdisjoint(KNOWN.read(request))


def signed_in(request: HttpRequest, page: HttpResponse, account: AbstractBaseUser, address: str) -> None:
    """Somebody is in: the browser is known from now on, and it is on record."""
    KNOWN.add(page, _known_as(mailbox(address)), KNOWN.read(request))
    record(SignIn.Event.SIGNED_IN, request, mailbox(address), account)


def _known_as(box: str) -> str:
    return derived_key("known browser", box)[:20]


def record(event: SignIn.Event, request: HttpRequest, box: str, account: AbstractBaseUser | None) -> None:
    """Write down what happened: a row, and a line of the log, which alone names the network."""
    who, network = fingerprint(box), client_address(request)
    SignIn.objects.create(
        at=timezone.now(),
        event=event,
        account=account,
        who=who,
        network=derived_key("network", network)[:12],
    )
    level = logging.WARNING if event == SignIn.Event.REFUSED else logging.INFO
    logger.log(level, "Sign-in: %s, address %s, network %s", event.value, who[:12], network)
