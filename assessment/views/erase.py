"""Erasing one's own answers: what would happen, and doing it. The address of the questionnaire is the permission."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessment import access
from assessment.accounts.cookies import STARTED
from assessment.privacy.erasing import erase, remains
from assessment.views.secret import or_404, secret_page


@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def erase_answers(request: HttpRequest, key: str) -> HttpResponse:
    """Say what goes and what stays; POST erases."""
    response = or_404(access.response(key))
    if request.method == "POST":
        erase(response, at=timezone.now())
        messages.success(request, _("Your answers are erased. Their address opens nothing any more."))
        page = redirect("home")
        STARTED.remove(request, page, key)
        return page
    context = {"key": key, "response": response, "remains": remains(response)}
    return render(request, "assessment/erase.html", context)
