"""Middleware that tells an outage of the database as one, and repeats once what stood in another transaction's way."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from assessment.views import errors
from assessment.views.outages import outage_of


class Unavailable:
    """For what goes wrong in a view. Outages elsewhere, as in a session, meet `errors.server_error`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        outage = outage_of(error)
        if outage is None:
            return None
        if not outage.is_over:
            return errors.unavailable(request, outage)
        view = request.resolver_match
        return view.func(request, *view.args, **view.kwargs)  # what fails once more meets `errors.server_error`
