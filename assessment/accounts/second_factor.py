"""The administration's site: only a session that passed a second factor gets in; its menu groups models by job, and those not
listed in ROOMS stand under "Record".
"""

from allauth.account import views as account_pages
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib.admin import AdminSite
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessment.text.comparing import searchable


def has_passed(request: HttpRequest) -> bool:
    """Whether this session gave a code of an app or a recovery code that are still those of the account; one query a request."""
    if not hasattr(request, "passed_second_factor"):
        request.passed_second_factor = _has_passed(request)
    return request.passed_second_factor


def _has_passed(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    given = [record.get("id") for record in records if record.get("method") == "mfa"]
    return bool(given) and Authenticator.objects.filter(user_id=request.user.pk, pk__in=given).exists()


class AdministrationSite(AdminSite):
    """Django's admin without a sign-in of its own."""

    site_header = _("Social media maturity: administration")
    site_title = _("Social media maturity")
    index_title = _("Administration")

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and has_passed(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """The menu by job; the page of one app, to which the breadcrumbs lead, as Django makes it. Names are our own.

        What belongs to a draft is added there, and not from here.
        """
        apps = super().get_app_list(request, app_label)
        for app in apps:
            for entry in app["models"]:
                looked = self.get_model_admin(entry["model"])
                entry["name"] = capfirst(getattr(looked, "menu_name", looked.opts.verbose_name_plural))
                if getattr(looked, "is_added_in_outline", False):
                    entry["add_url"] = None
            app["models"].sort(key=lambda entry: searchable(str(entry["name"])))
        return apps if app_label else by_job(apps)

    def get_urls(self) -> list:
        """Django's, the first of them in the place of its own of that name."""
        view = self.admin_view(self.view_on_site)
        return [path("r/<path:content_type_id>/<path:object_id>/", view, name="view_on_site"), *super().get_urls()]

    def view_on_site(self, request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
        """Lead to a row's page outside, whose address tells what it is called: for who may see it here."""
        try:
            model = ContentType.objects.get(pk=content_type_id).model_class()
        except (ContentType.DoesNotExist, ValueError) as error:
            raise Http404 from error
        known = self._registry.get(model)
        if known is None or not known.has_view_permission(request):
            raise PermissionDenied
        return shortcut(request, content_type_id, object_id)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Lead to what is missing: signing in, setting up a second factor, or passing it."""
        wanted = {"next": _wanted(request)}
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?{urlencode(wanted)}")
        if not request.user.is_staff:
            raise Http404(gettext("There is nothing at this address."))
        if not Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.TOTP).exists():
            return redirect("mfa_activate_totp")
        if not has_passed(request):
            return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode(wanted)}")
        return HttpResponseRedirect(wanted["next"])  # as it is: `redirect` would take a word for a view's name

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Lead to the one page where a password is changed: it limits attempts, and tells its owner by mail."""
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return redirect("account_change_password")

    @method_decorator(require_POST)
    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Sign out as everywhere else."""
        return account_pages.logout(request)


def _wanted(request: HttpRequest) -> str:
    """The page of this site that somebody was on the way to."""
    place = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(place, {request.get_host()}, require_https=request.is_secure())
    return place if is_ours and "/" in place else resolve_url("admin:index")  # a word alone is no place


ROOMS = [
    ("questionnaires", _("Questionnaires"), ["Questionnaire", "Dimension", "Question", "ConsistencyRule"]),
    ("evidence", _("Studies and their figures"), ["Study", "Finding", "Figure", "ReferenceLevel"]),
    ("results", _("Organisations and results"), ["Organisation", "Round", "Response", "Result", "Edition"]),
    ("people", _("People and their rights"), ["User", "EmailAddress", "Authenticator", "Group", "SignIn"]),
]
REST = ("record", _("Record"))


def by_job(apps: list[dict]) -> list[dict]:
    """Django's list of apps and models, grouped by job; what no room names, and so is new, stands in the last."""
    models = {model["object_name"]: model for app in apps for model in app["models"]}
    rooms = [(label, name, [models.pop(model) for model in wanted if model in models]) for label, name, wanted in ROOMS]
    return [_room(*room) for room in [*rooms, (*REST, list(models.values()))] if room[2]]


def _room(label: str, name: str, models: list[dict]) -> dict:
    """As Django's templates want an app; its name leads to its first list."""
    address = next((model["admin_url"] for model in models if model["admin_url"]), reverse("admin:index"))
    return {"name": name, "app_label": label, "app_url": address, "has_module_perms": True, "models": models}
