"""How often one network address may do what costs, or what somebody could try out; refused, it is told when to try again."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from assessment.accounts.sign_in import client_address
from assessment.models.limit import Limit

# Mails that anybody can have sent to an address by typing it, whoever asks: they go where nobody may have asked for them.
MAILS_TO_ONE = Limit("mail to", 3, timedelta(days=1))
JOINS = Limit("join", "JOINS_PER_HOUR", timedelta(hours=1))
STARTS = Limit("start", "STARTS_PER_HOUR", timedelta(hours=1))
MAILS = Limit("mail", "MAILS_PER_HOUR", timedelta(hours=1))
DOCUMENTS = Limit("document", "DOCUMENTS_PER_HOUR", timedelta(hours=1))
WRONG_KEYS = Limit("wrong key", "WRONG_KEYS", timedelta(minutes=10))
PASSWORDS = Limit("password", 10, timedelta(minutes=10))  # of one account, by whoever sits before a session left open

SOON = timedelta(hours=12)  # within it, a time of day is told without its day


def refusal(request: HttpRequest, limit: Limit, *, who: str | None = None) -> HttpResponse | None:
    """Count what this network address (or `who`) asks for; the page that refuses it when it was too often, else None."""
    now = timezone.now()
    until = limit.reached_by(who or client_address(request), at=now)
    return too_many(request, until=until, at=now) if until else None


def too_many(request: HttpRequest, *, until: datetime, at: datetime) -> HttpResponse:
    """Refused until then."""
    kind = "time" if until - at < SOON else "datetime"
    page = render(request, "429.html", {"until": until, "kind": kind}, status=429)
    page["Retry-After"] = max(1, round((until - at).total_seconds()))
    return page
