"""The pages that say what went wrong, and the same as JSON: they read nothing of what was sent, in the reader's language."""

import sys

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.log import log_response
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_permissions_policy import PermissionsPolicyMiddleware

from assessment.views.outages import BUSY, Outage, outage_of, patience

CALLED = {
    400: _("This request could not be understood"),
    403: _("You may not open this page"),
    404: _("There is nothing at this address"),
    405: _("This address does not take such a request"),
}
LATER = _("Not saved: the site cannot save anything for now. Your answer is kept in this browser and sent again.")
LATER_BUSY = _(
    "Not saved: too many people use the site at this moment. Your answer is kept in this browser and sent again."
)


def asks_for_json(request: HttpRequest) -> bool:
    """Whether a script asks, as that of the questionnaire does."""
    accepted = request.headers.get("Accept", "").lower()
    return "application/json" in accepted and "text/html" not in accepted


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refused(request, 400, "400.html")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refused(request, 403, "403.html")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refused(request, 404, "404.html")


def refused(request: HttpRequest, status: int, template: str) -> HttpResponse:
    """What the visitor did not do right."""
    with translation.override(translation.get_language_from_request(request)):
        if asks_for_json(request):
            page = JsonResponse({"saved": False, "message": str(CALLED.get(status, CALLED[400]))}, status=status)
        else:
            page = render(request, template, status=status)
        return _in_language(page)


def server_error(request: HttpRequest) -> HttpResponse:
    """A mistake of the program, unless it was an outage that met Django outside of a view."""
    error = sys.exc_info()[1]
    if outage := outage_of(error):
        return unavailable(request, outage)
    if asks_for_json(request):
        with translation.override(translation.get_language_from_request(request)):
            return JsonResponse({"saved": False, "message": gettext("The site made a mistake")}, status=500)
    return HttpResponseServerError(render_to_string("500.html"))


def unavailable(request: HttpRequest, outage: Outage) -> HttpResponse:
    """The database or its disk is not there for now: what to do, and when; asks neither of them."""
    if outage.is_wait:
        patience.shorten()
    with translation.override(translation.get_language_from_request(request)):
        if asks_for_json(request):
            told = str(LATER_BUSY if outage == BUSY else LATER)
            page = JsonResponse({"saved": False, "message": told, "retry_after": outage.retry_after}, status=503)
        else:
            context = {"asked": request.method in ("GET", "HEAD"), "is_busy": outage == BUSY}
            page = HttpResponse(render_to_string("503.html", context), status=503)
        _in_language(page)
    page["Retry-After"] = outage.retry_after
    add_never_cache_headers(page)
    log_response("Unavailable, %s: %s", outage.reason, request.path, response=page, request=request)
    return page


def _in_language(page: HttpResponse) -> HttpResponse:
    page["Content-Language"] = translation.get_language()
    patch_vary_headers(page, ("Accept-Language", "Cookie"))
    return page


def unread(status: int) -> HttpResponse:
    """What the server answers by itself, before there is a request or after the site failed: both languages, all headers."""
    answer = HttpResponse(render_to_string("500.html" if status >= 500 else "unread.html"), status=status)
    answer["Content-Security-Policy"] = build_policy()
    answer["Permissions-Policy"] = PermissionsPolicyMiddleware(lambda _request: answer).permissions_policy
    answer["X-Content-Type-Options"] = "nosniff"
    answer["X-Frame-Options"] = settings.X_FRAME_OPTIONS
    answer["Referrer-Policy"] = settings.SECURE_REFERRER_POLICY
    answer["Cross-Origin-Opener-Policy"] = settings.SECURE_CROSS_ORIGIN_OPENER_POLICY
    add_never_cache_headers(answer)
    return answer
