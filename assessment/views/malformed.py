"""Middleware that refuses what no page could read, before any page or the check of forms tries to."""

import codecs
import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_header_parameters

from assessment.views import errors

MALFORMED, NOT_READ = 400, 415


def refuse_malformed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        status = problem(request)
        if status:
            return errors.refused(request, status, "400.html")
        response = get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:  # Django's is empty
            page = errors.refused(request, 405, "405.html")
            page["Allow"] = response["Allow"]
            return page
        return response

    return middleware


def problem(request: HttpRequest) -> int | None:
    """The status of a request whose headers do not say how to read it or to answer it; forms come in UTF-8 alone."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        return MALFORMED
    try:
        request.accepted_types  # noqa: B018 (takes the header apart, once)
        _kind, parameters = parse_header_parameters(request.META.get("CONTENT_TYPE", ""))
        charset = parameters.get("charset", "utf-8")
        return None if codecs.lookup(charset).name == "utf-8" else NOT_READ
    except LookupError:
        return NOT_READ
    except ValueError:
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
