"""What was begun in this browser, offered to whoever sits before it; and "Forget on this computer".

A browser is not a person: what it remembers is offered, opened only by its own personal invitation, and never taken for
somebody's answers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessment import access
from assessment.accounts.cookies import JOINED, STARTED
from assessment.models import Response
from assessment.rounds.progress import Progress, progress
from assessment.views import onward


@dataclass(frozen=True)
class Begun:
    """A questionnaire that was begun here, as a page offers it."""

    key: str
    response: Response

    @cached_property
    def progress(self) -> Progress:
        """How far it is."""
        return progress(self.response, self.response.saved_answers())


def begun_here(keys: Iterable[str]) -> Sequence[Begun]:
    """What is still there behind these keys, in their order."""
    return [Begun(key, response) for key, response in access.responses(keys).items()]


@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest) -> HttpResponse:
    """Delete what this browser remembers of questionnaires, answers not saved yet included; what was answered stays."""
    page = redirect("home")
    if request.method != "POST":
        return page
    STARTED.forget(page)
    JOINED.forget(page)
    onward.forget(page)
    page["Clear-Site-Data"] = '"storage"'
    messages.success(
        request,
        _(
            "This computer has forgotten what was begun on it. Nothing that was saved is erased: the link to each "
            "questionnaire still opens it, for whoever has it."
        ),
    )
    if request.user.is_authenticated:
        name = {"name": request.user.email or request.user.get_username()}
        messages.info(request, _("You are still signed in as %(name)s. To sign out, open “Account”.") % name)
    return page
