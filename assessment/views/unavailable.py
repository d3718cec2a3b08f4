"""Middleware that tells an outage of the database, or too many requests at once, as such, and repeats once what stood in another
transaction's way.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from assessment.views import errors
from assessment.views.outages import BUSY, outage_of


class Unavailable:
    """For what goes wrong in a view. Outages elsewhere, as in a session, meet `errors.server_error`."""

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
