"""The language of a page: the one its address asks for, or the one whose button sent the page's form along."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.i18n import set_language


def of_address(request: HttpRequest) -> str:
    """The one that the address asks for, else the reader's: who fetches the picture of a preview says none."""
    asked = _asked(request)
    return asked or translation.get_language()


def _asked(request: HttpRequest) -> str | None:
    asked = request.GET.get("lang")
    return asked if asked in dict(settings.LANGUAGES) else None


def as_asked(request: HttpRequest, make: Callable[[], HttpResponse]) -> HttpResponse:
    """What `make` gives in the language that the address asks for, and says so.

    Where the address asks for none it is the reader's, which a cookie may say: then caches keep it apart by that, too.
    """
    with translation.override(of_address(request)):
        response = make()
        response["Content-Language"] = translation.get_language()
    if _asked(request) is None:
        patch_vary_headers(response, ["Cookie"])
    return response


def switched(request: HttpRequest, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The page that `make` gives, in the language asked for: the same form with what was typed, nothing begun or wrong."""
    chosen = set_language(request)  # who knows what a language is, and keeps it
    if found := chosen.cookies.get(settings.LANGUAGE_COOKIE_NAME):
        translation.activate(found.value)
    page = make()
    page.cookies.update(chosen.cookies)
    return page
