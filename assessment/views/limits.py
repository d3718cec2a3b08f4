"""How often one network address may do what costs, or what somebody could try out; refused, it is told when to try again."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.accounts.sign_in import client_address
from assessment.models.limit import Limit
from assessment.wording.moments import moment_and_zone

# Mails that anybody can have sent to an address by typing it, whoever asks: they go where nobody may have asked for them.
MAILS_TO_ONE = Limit("mail to", 3, timedelta(days=1))
JOINS = Limit("join", "JOINS_PER_HOUR", timedelta(hours=1))
STARTS = Limit("start", "STARTS_PER_HOUR", timedelta(hours=1))
MAILS = Limit("mail", "MAILS_PER_HOUR", timedelta(hours=1))
DOCUMENTS = Limit("document", "DOCUMENTS_PER_HOUR", timedelta(hours=1))
WHAT_IFS = Limit("what if", "WHAT_IFS_PER_HOUR", timedelta(hours=1))
WRONG_KEYS = Limit("wrong key", "WRONG_KEYS", timedelta(minutes=10))
REOPENINGS = Limit("reopen", 1, timedelta(days=1))  # of one confidential round
PASSWORDS = Limit("password", 10, timedelta(minutes=10))  # of one account, by whoever sits before a session left open

SOON = timedelta(hours=12)  # within it, a time of day is told without its day


def refusal(request: HttpRequest, limit: Limit, *, who: str | None = None) -> HttpResponse | None:
    """Count what this network address (or `who`) asks for; the page that refuses it when it was too often, else None."""
    now = timezone.now()
    until = limit.reached_by(who or client_address(request), at=now)
    return too_many(request, until=until, at=now) if until else None


def refused_data(request: HttpRequest, limit: Limit) -> JsonResponse | None:
    """The same for what a script asks as JSON: `message` says when to try again."""
    now = timezone.now()
    until = limit.reached_by(client_address(request), at=now)
    if until is None:
        return None
    told = {"time": moment_and_zone(until, _kind(until, now))}
    page = JsonResponse(
        {"message": _("Asked for too often from your network. Try again at %(time)s.") % told}, status=429
    )
    page["Retry-After"] = max(1, round((until - now).total_seconds()))
    return page


def too_many(request: HttpRequest, *, until: datetime, at: datetime) -> HttpResponse:
    """Refused until then."""
    page = render(request, "429.html", {"until": until, "kind": _kind(until, at)}, status=429)
    page["Retry-After"] = max(1, round((until - at).total_seconds()))
    return page


def _kind(until: datetime, at: datetime) -> str:
    """How a moment is told: without its day where it is soon."""
    return "time" if until - at < SOON else "datetime"
