"""The editions of the live barometer: how many are sealed by label and how many wait, both to five, and closing one."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment import models
from assessment.admin import log
from assessment.admin.response import ReadOnlyAdmin
from assessment.barometer.candidates import about_waiting
from assessment.barometer.nightly import StillRunsError, close
from assessment.barometer.sums import to_five
from assessment.wording.numbers import fact, listed

asks = ("GET", "HEAD", "POST")


@admin.register(models.Edition)
class EditionAdmin(ReadOnlyAdmin):
    change_form_template = "admin/assessment/edition/change_form.html"
    list_display = ["year", "organisations", "invented", "is_closed"]
    list_filter = ["invented", "is_closed"]
    fields = ["year", "invented", "is_closed", "organisations", "by_label", "waiting"]
    readonly_fields = ["organisations", "by_label", "waiting"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.close_page)
        return [path("<path:object_id>/close/", view, name="assessment_edition_close"), *super().get_urls()]

    @admin.display(description=gettext_lazy("organisations, about"))
    def organisations(self, obj):
        return obj.cells[0]["n"] if obj.cells else 0

    @admin.display(description=gettext_lazy("sealed by what they share, about"))
    def by_label(self, obj):
        """How many are sealed with which labels, while the edition runs: to five, as it changes from night to night."""
        rows = obj.sums.order_by("sector", "size", "market")
        return format_html_join("", "<p>{}: {}</p>", ((_labels(row), to_five(row.n)) for row in rows)) or "–"

    @admin.display(description=gettext_lazy("waiting, about"))
    def waiting(self, obj):
        return "–" if obj.is_closed or obj.invented else about_waiting(obj.year, at=timezone.now())

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["may_close"] = obj and self.can_be_closed(request, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def can_be_closed(self, request: HttpRequest, edition: models.Edition) -> bool:
        return not edition.is_closed and not edition.invented and request.user.has_perm("assessment.close_edition")

    def close_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What closing does, and doing it; it is on record."""
        if request.method not in asks or not request.user.has_perm("assessment.close_edition"):
            raise PermissionDenied
        edition = self.get_object(request, unquote(object_id))
        if edition is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method == "POST" and self.can_be_closed(request, edition):
            return self._close(request, edition)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "original": edition,
            "title": _("Close the edition"),
            "subtitle": str(edition),
            "may_close": self.can_be_closed(request, edition),
        }
        return TemplateResponse(request, "admin/assessment/edition/close.html", context)

    def _close(self, request: HttpRequest, edition: models.Edition) -> HttpResponse:
        address = reverse("admin:assessment_edition_change", args=[edition.pk])
        try:
            close(edition.year, at=timezone.now())
        except StillRunsError:
            self.message_user(
                request, _("It cannot be closed before its year is over. Nothing was done."), messages.ERROR
            )
            return redirect(address)
        log.record(request, edition, {gettext_lazy("closed for good"): (gettext_lazy("no"), gettext_lazy("yes"))})
        self.message_user(request, _("The edition is closed. It is on record."), messages.SUCCESS)
        return redirect(address)


def _labels(row: models.LabelSum) -> str:
    """What the members of its batches share, in words."""
    shared = {"group": row.sector, "size": row.size, "market": row.market}
    return listed(fact(key, kind) for kind, key in shared.items() if key) or _("nothing in common")
