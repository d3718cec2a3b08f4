"""Middleware that lets no control character out in a page: what is shown again as it was typed may hold some."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

CONTROL = bytes({*range(0x20), 0x7F} - set(b"\t\n\r"))
OF_TWO_BYTES = re.compile(rb"\xc2[\x80-\x9f]")


def without_control_signs(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            response.content = OF_TWO_BYTES.sub(b"", response.content.translate(None, CONTROL))
        return response

    return middleware
