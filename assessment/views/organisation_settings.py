"""What an owner settles for an organisation: its facts, its agreement to be counted, taking everything along, deleting it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessment import access
from assessment.documents.json import plain_json
from assessment.forms.deleting import DeleteOrganisationForm
from assessment.forms.organisation import SettingsForm
from assessment.models import Membership, Organisation
from assessment.organisations.sharing import describe
from assessment.privacy.erasing import delete_organisation
from assessment.privacy.exporting import export_of
from assessment.text.cleaning import isolated
from assessment.views.secret import or_404, secret_page


def _own(request: HttpRequest, slug: str) -> Organisation:
    return or_404(access.membership(request.user, slug, least=Membership.Role.OWNER)).organisation


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@secret_page
def organisation_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """The facts of the organisation and its agreement; POST changes them."""
    organisation = _own(request, slug)
    form = SettingsForm(request.POST if request.method == "POST" else None, initial=_stored(organisation))
    if not form.is_valid():
        return _page(request, organisation, form, status=422 if form.is_bound else 200)
    describe(organisation, form.cleaned_data, contributes=form.cleaned_data["contributes"], at=timezone.now())
    messages.success(request, _("The settings are saved."))
    return redirect("organisation_settings", slug)


def _stored(organisation: Organisation) -> dict:
    facts = {name: getattr(organisation, name) for name in ("name", "sector", "size", "market")}
    return facts | {"contributes": organisation.contributes}


def _page(
    request: HttpRequest,
    organisation: Organisation,
    form: SettingsForm,
    deleting: DeleteOrganisationForm | None = None,
    *,
    status: int,
) -> HttpResponse:
    context = {
        "organisation": organisation,
        "form": form,
        "deleting": deleting or DeleteOrganisationForm(name=organisation.name),
    }
    return render(request, "assessment/organisation_settings.html", context, status=status)


@require_safe
@login_required
@secret_page
def organisation_export(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything the organisation keeps, as a file."""
    organisation = _own(request, slug)
    file = HttpResponse(plain_json(export_of(organisation)), content_type="application/json; charset=utf-8")
    file["Content-Disposition"] = f'attachment; filename="{organisation.slug}.json"'
    return file


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@secret_page
def organisation_delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Delete the organisation when its name was typed; who only looks is led to where that is asked."""
    organisation = _own(request, slug)
    if request.method != "POST":
        return redirect("organisation_settings", slug)
    deleting = DeleteOrganisationForm(request.POST, name=organisation.name)
    if not deleting.is_valid():
        return _page(request, organisation, SettingsForm(initial=_stored(organisation)), deleting, status=422)
    delete_organisation(organisation)
    messages.success(request, _("%(name)s is deleted, with everything in it.") % {"name": isolated(organisation.name)})
    return redirect("organisations")
