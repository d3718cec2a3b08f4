"""Pages whose address is a secret: never stored by a browser or proxy, never indexed, and a wrong address is a plain 404."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from assessment.views import limits


def secret_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Headers for a page under a secret address; charts set their own caching.

    Whoever tries many wrong keys or tokens is told to wait. A right one opens all the same: colleagues share a network.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            refused = limits.refusal(request, limits.WRONG_KEYS) if {"key", "token"} & kwargs.keys() else None
            if refused is None:
                raise
            response = refused
        response["X-Robots-Tag"] = "noindex, nofollow"
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    return wrapper


def or_404(found):
    """What was found; nothing found and not allowed look the same."""
    if found is None:
        raise Http404(_("There is nothing at this address."))
    return found
