"""A person's own account: one page that leads to the rest, the manners of allauth's pages, and what is refused for a while."""

from collections.abc import Iterator

from allauth.account import urls as account_urls
from allauth.mfa import urls as second_step_urls
from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_required
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
    return require_http_methods(allowed)(secret_page(entry.callback))
