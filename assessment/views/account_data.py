"""What is stored about a person who has an account: to read, to download, and to erase."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessment.documents.json import plain_json
from assessment.forms.deleting import DeleteAccountForm
from assessment.organisations.people import LastOwnerError
from assessment.privacy.erasing import erase_account, leaving
from assessment.privacy.own_data import data_of
from assessment.views import limits
from assessment.views.secret import secret_page


@require_safe
@login_required
@secret_page
def account_data(request: HttpRequest) -> HttpResponse:
    """What is stored about whoever is signed in."""
    return render(request, "assessment/account_data.html", {"data": data_of(request.user)})


@require_safe
@login_required
@secret_page
def account_download(request: HttpRequest) -> HttpResponse:
    """The same, with every answer, as a file."""
    file = HttpResponse(plain_json(data_of(request.user)), content_type="application/json; charset=utf-8")
    file["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return file


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@secret_page
def account_delete(request: HttpRequest) -> HttpResponse:
    """Say what goes and what stays; POST, with the password, erases the account and signs out."""
    behind, user = leaving(request.user), request.user
    form = DeleteAccountForm(request.POST if request.method == "POST" else None, alone=behind.alone)
    if form.is_bound and (refused := limits.refusal(request, limits.PASSWORDS, who=str(user.pk))):
        return refused
    if form.is_valid() and form.check_password_of(user) and not (behind.ownerless or user.is_staff):
        try:
            erase_account(user, at=timezone.now(), with_organisations=form.cleaned_data.get("organisations", False))
        except LastOwnerError:  # somebody left just now, and they are the last one
            return redirect("account_delete")
        logout(request)
        messages.success(request, _("Your account is erased, and you are signed out."))
        return redirect("home")
    context = {"form": form, "leaving": behind}
    return render(request, "assessment/account_delete.html", context, status=422 if form.is_bound else 200)
