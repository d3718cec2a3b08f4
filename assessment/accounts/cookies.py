"""Cookies of ours: signed, for this site alone, and hidden from scripts; among them those that remember questionnaires."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

MOST = 8  # questionnaires that one cookie remembers: colleagues share a computer
BETWEEN = "."  # no key has it


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


def forget(page: HttpResponse, name: str, *, path: str = "/") -> None:
    """Have the browser delete what it keeps under that name and path."""
    page.delete_cookie(name, path=path, samesite="Lax")


@dataclass(frozen=True)
class Keys:
    """A cookie with the keys of questionnaires that were begun in this browser, the newest first.

    It says where they were begun, never by whom: several people may use one browser.
    """

    name: str
    seconds: int  # after the last one was begun
    path: str = "/"

    def read(self, request: HttpRequest) -> list[str]:
        """The keys, whether or not there is still something behind them."""
        value = remembered(request, self.name, seconds=self.seconds)
        return value.split(BETWEEN) if value else []

    def add(self, page: HttpResponse, key: str, others: Iterable[str]) -> None:
        """Remember a key before the others, and no more of them than fit."""
        self._write(page, [key, *(other for other in others if other != key)][:MOST])

    def remove(self, request: HttpRequest, page: HttpResponse, key: str) -> None:
        """Remember all keys but one."""
        found = self.read(request)
        if key in found:
            self._write(page, [other for other in found if other != key])

    def forget(self, page: HttpResponse) -> None:
        """Remember no key any more."""
        forget(page, self.name, path=self.path)

    def _write(self, page: HttpResponse, keys: list[str]) -> None:
        if keys:
            remember(page, self.name, BETWEEN.join(keys), seconds=self.seconds, path=self.path)
        else:
            self.forget(page)


STARTED = Keys("started", 90 * 24 * 3600)
JOINED = Keys("joined", 800 * 24 * 3600, path="/join/")  # long enough for next year's round
