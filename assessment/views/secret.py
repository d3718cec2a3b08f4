"""Pages whose address is a secret: never stored by a browser or proxy, never indexed, and a wrong address is a plain 404."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _


def secret_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Headers for a page under a secret address; charts set their own caching."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
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
