"""Cookies of ours that remember one thing: signed, for this site alone, and hidden from scripts."""

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse


def remember(page: HttpResponse, name: str, value: str, *, seconds: int, path: str = "/") -> None:
    """Let the browser keep a value for so many seconds, and send it back with what lies under the path."""
    page.set_signed_cookie(
        name,
        value,
        max_age=seconds,
        path=path,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def remembered(request: HttpRequest, name: str, *, seconds: int) -> str | None:
    """What this browser was given to keep; None when that is not there, not ours or too old."""
    try:
        return request.get_signed_cookie(name, max_age=seconds)
    except (KeyError, BadSignature):
        return None
