"""A person's own account: one page that leads to the rest, the manners of allauth's pages, and what is refused for a while."""

from collections.abc import Callable, Iterator
from functools import wraps
from urllib.parse import urlsplit

from allauth.account import urls as account_urls
from allauth.account.adapter import get_adapter
from allauth.mfa import urls as second_step_urls
from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from assessment.views.secret import secret_page

WAIT_SECONDS = 60  # the longest window of the limits that lead to the page 429.html


@require_safe
@login_required
@secret_page
def account(request: HttpRequest) -> HttpResponse:
    """What belongs to whoever is signed in, and the way to change it."""
    own = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP)
    return render(request, "account/account.html", {"has_second_step": own.exists()})


def too_many(request: HttpRequest) -> HttpResponse:
    """Refused for now: when to try again."""
    page = render(request, "429.html", status=429)
    page["Retry-After"] = WAIT_SECONDS
    return page


def allauth_pages() -> list[URLPattern]:
    """Allauth's addresses: never stored by a browser or proxy, never indexed, and a PUT is no POST."""
    second_step = [(f"2fa/{route}", entry) for route, entry in _entries(second_step_urls.urlpatterns)]
    return [
        path(route, _page(entry), name=entry.name)
        for route, entry in [*_entries(account_urls.urlpatterns), *second_step]
    ]


def _entries(patterns: list, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address below these, with its whole route."""
    for entry in patterns:
        route = f"{before}{entry.pattern}"
        if isinstance(entry, URLPattern):
            yield route, entry
        else:
            yield from _entries(entry.url_patterns, route)


def _page(entry: URLPattern):
    signs_out = entry.name == "account_logout"  # only by the button
    allowed = ["POST"] if signs_out else ["GET", "HEAD", "POST"]
    view = mails_again(entry.callback) if entry.name == "account_email_verification_sent" else entry.callback
    return require_http_methods(allowed)(secret_page(_readable_next(view)))


def mails_again(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Where the code for a new account is asked for again: a known address gets a mail again, too, as the time that it
    takes to mail one would tell."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        before = _awaited(request).get("resend_count", 0)
        page = view(request, *args, **kwargs)
        awaited = _awaited(request)
        if awaited.get("resend_count", 0) > before and "user_id" not in awaited:
            get_adapter().send_account_already_exists_mail(awaited["email"])
        return page

    return wrapper


def _awaited(request: HttpRequest) -> dict:
    """What allauth keeps about the code that this session waits for; without `user_id` there is none."""
    return request.session.get("account_email_verification_code") or {}


def _readable_next(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuses a `next` that is no address, such as `http://[`, which allauth takes apart without looking."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            for sent in (request.GET, request.POST):
                urlsplit(sent.get("next", ""))
        except ValueError as error:
            raise BadRequest("next is no address") from error
        return view(request, *args, **kwargs)

    return wrapper
