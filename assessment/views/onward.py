"""Login redirect by a signed cookie instead of `?next=`, as the address to come back to is a secret: no session, query string
or log holds it.
"""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_safe

from assessment.accounts import cookies
from assessment.views.secret import secret_page

COOKIE = "onward"
REMEMBERED = 3600  # seconds: long enough to sign up and to type in the code that is mailed
PLACES = {"keep", "keep_by_link", "invitation"}


def remember(request: HttpRequest, page: HttpResponse, address: str = "") -> HttpResponse:
    """Let the browser of somebody who is not signed in keep the address of this page (or this one), to come back to it."""
    if not request.user.is_authenticated:
        cookies.remember(page, COOKIE, address or request.path, seconds=REMEMBERED, path=reverse("account_continue"))
    return page


def sign_in_first(request: HttpRequest, address: str = "") -> HttpResponse:
    """To the page that asks who one is, and from there back to this one (or to this address)."""
    return remember(request, redirect_to_login(reverse("account_continue")), address)


@require_safe
@login_required
@secret_page
def account_continue(request: HttpRequest) -> HttpResponse:
    """Where signing in leads on to: the page that asked for it in this browser, else the organisations."""
    page = redirect(_place(request) or "organisations")
    forget(page)
    return page


def forget(page: HttpResponse) -> None:
    """Have the browser forget the address to which it would lead on."""
    cookies.forget(page, COOKIE, path=reverse("account_continue"))


def _place(request: HttpRequest) -> str | None:
    """The address that the browser keeps, when it is one of those that ask for an account."""
    place = cookies.remembered(request, COOKIE, seconds=REMEMBERED)
    try:
        return place if place and resolve(place.partition("?")[0]).url_name in PLACES else None
    except Resolver404:
        return None
