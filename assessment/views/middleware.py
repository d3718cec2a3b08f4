"""The site's middleware: requests that no page takes, signs that no page may hold, and outages of the database."""

import codecs
import re
from collections.abc import Callable
from functools import lru_cache

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import parse_header_parameters

from assessment.views import errors
from assessment.views.outages import BUSY, outage_of

METHODS = ("GET", "HEAD", "POST", "OPTIONS")  # which some page or other takes
MALFORMED, NOT_READ = 400, 415
EMPTY = {405: "405.html", 416: "400.html"}
TEXTS = {"text/html", "text/css", "text/csv", "image/svg+xml", "application/json"}


class SharedPolicy(CSPMiddleware):
    """django-csp, which words the policy that all pages but a few share once a process, not twice a request."""

    @cached_property
    def shared(self) -> str:
        return build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if settings.DEBUG or any(name.startswith("_csp") for name in [*vars(request), *vars(response)]):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.shared)
        return response


class CompressedText(GZipMiddleware):
    """Compresses pages, charts and data; documents and pictures are packed as they are.

    A page that holds a secret and repeats what a stranger sent could give it away by its length (BREACH). Here the token of
    a form is another in each response, the length of each response is changed at random (Django does both), and a page that
    holds the key of a questionnaire is reached by that key alone.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_text = response.get("Content-Type", "").partition(";")[0] in TEXTS and not response.streaming
        return super().process_response(request, response) if is_text else response


def refuse_malformed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:  # before the check of forms, which would tell of a form
            page = errors.refused(request, 405, "405.html")
            page["Allow"] = ", ".join(METHODS)
            return page
        if status := problem(request):
            return errors.refused(request, status, "400.html")
        return get_response(request)

    return middleware


def refuse_with_a_page(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Puts a page into the refusals of Django (405) and of WhiteNoise (405, 416), which are empty."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        template = EMPTY.get(response.status_code)
        if template is None or (not response.streaming and response.content):
            return response
        page = errors.refused(request, response.status_code, template)
        for header in ("Allow", "Content-Range"):
            if header in response:
                page[header] = response[header]
        return page

    return middleware


def problem(request: HttpRequest) -> int | None:
    """The status of a request whose headers do not say how to read it or to answer it; forms come in UTF-8 alone."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        return MALFORMED
    return _problem(request.META.get("HTTP_ACCEPT", "*/*"), request.META.get("CONTENT_TYPE", ""))


@lru_cache(64)
def _problem(accept: str, content_type: str) -> int | None:
    """The same of two headers, which are alike in most requests."""
    asking = HttpRequest()
    asking.META["HTTP_ACCEPT"] = accept
    try:
        asking.accepted_types  # noqa: B018 (takes the header apart)
        _kind, parameters = parse_header_parameters(content_type)
        charset = parameters.get("charset", "utf-8")
        return None if codecs.lookup(charset).name == "utf-8" else NOT_READ
    except LookupError:
        return NOT_READ
    except (TypeError, ValueError):  # of a parameter that comes in pieces, too
        return MALFORMED


CONTROL = bytes({*range(0x20), 0x7F} - set(b"\t\n\r"))
OF_TWO_BYTES = re.compile(rb"\xc2[\x80-\x9f]")


def without_control_signs(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            response.content = OF_TWO_BYTES.sub(b"", response.content.translate(None, CONTROL))
        return response

    return middleware


class Unavailable:
    """Tells an outage of the database, or too many requests at once, as such, and repeats once what another transaction stopped.

    For what goes wrong in a view: outages elsewhere, as in a session, meet `errors.server_error`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Tell who waited too long for a thread to come again: what is behind them waits less for it."""
        waited = request.META.get("queue.seconds", 0)  # as `config.serving` counts it
        if waited > settings.QUEUE_SECONDS and request.path != reverse("live"):
            return errors.unavailable(request, BUSY)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        outage = outage_of(error)
        if outage is None:
            return None
        if not outage.is_over:
            return errors.unavailable(request, outage)
        view = request.resolver_match
        return view.func(request, *view.args, **view.kwargs)  # what fails once more meets `errors.server_error`
