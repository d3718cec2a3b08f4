"""The language of a page: the one its address asks for, or the one whose button sent the page's form along."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.i18n import set_language


def of_address(request: HttpRequest) -> str:
    """The one that the address asks for, else the reader's: who fetches the picture of a preview says none."""
    asked = request.GET.get("lang")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language()


def switched(request: HttpRequest, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The page that `make` gives, in the language asked for: the same form with what was typed, nothing begun or wrong."""
    chosen = set_language(request)  # who knows what a language is, and keeps it
    if found := chosen.cookies.get(settings.LANGUAGE_COOKIE_NAME):
        translation.activate(found.value)
    page = make()
    page.cookies.update(chosen.cookies)
    return page
