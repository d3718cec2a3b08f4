"""The language of a page: the one its address asks for, or the one whose button sent the page's form along."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.i18n import set_language


def as_asked(request: HttpRequest, make: Callable[[], HttpResponse]) -> HttpResponse:
    """What `make` gives in the language that the address asks for, which its headers say; whoever fetches a preview's picture
    names none.

    Where the address asks for none it is the reader's, which a cookie may say: then caches keep it apart by that, too.
    """
    asked = request.GET.get("lang")
    is_asked = asked in dict(settings.LANGUAGES)
    with translation.override(asked if is_asked else translation.get_language()):
        response = make()
        response["Content-Language"] = translation.get_language()
    if not is_asked:
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
