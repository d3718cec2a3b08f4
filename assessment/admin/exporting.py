"""Carrying results away as they are listed: every one that the filters show, as CSV or XLSX, a piece at a time."""

from collections.abc import Iterator

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessment.admin import log
from assessment.admin.filters import asked_in_words
from assessment.documents.cells import Cell
from assessment.documents.csv import csv_lines
from assessment.documents.results import results_table
from assessment.documents.xlsx import long_xlsx
from assessment.results.export import result_rows, scored_dimensions

NAMES = "assessment.export_names"
DEMO = "round__organisation__is_demo"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Exporting:
    """A list of results with buttons that carry it away; by a form, as carrying away is on record."""

    change_list_template = "admin/results.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.export_view)
        own = [path(f"export.{form}", view, {"form": form}, f"assessment_result_export_{form}") for form in TYPES]
        return own + super().get_urls()

    def changelist_view(self, request, extra_context=None):
        told = {"may_name": request.user.has_perm(NAMES), "asked": request.GET.urlencode()}
        return super().changelist_view(request, {**(extra_context or {}), **told})

    def export_view(self, request, form: str) -> HttpResponse:
        named = "names" in request.POST
        if not self.has_view_permission(request) or (named and not request.user.has_perm(NAMES)):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            shown = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect("admin:assessment_result_changelist")
        if any(getattr(spec, "is_wrong", False) for spec in shown.filter_specs):
            return redirect(
                reverse("admin:assessment_result_changelist", query=request.GET)
            )  # which says what is wrong
        results = shown.queryset
        if "demonstrations" not in request.POST and not any(name.startswith(DEMO) for name in request.GET):
            results = results.filter(**{DEMO: False})
        limits = asked_in_words(shown) or {gettext_noop("filters"): ""}
        said = {gettext_noop("format"): form.upper(), gettext_noop("names"): named, **limits}
        log.note(request, self.model, gettext_noop("Results were exported."), said)
        table = results_table(result_rows(results), scored_dimensions(), named=named)
        return _file(table, form)


def _file(table: Iterator[list[Cell]], form: str) -> HttpResponse:
    """The table as a file in the reader's language, kept by nobody on the way."""
    name = f"results-{timezone.localdate():%Y-%m-%d}.{form}"  # plain letters: no header or disk turns them into others
    if form == "xlsx":
        answer = FileResponse(long_xlsx(_("Results"), table), as_attachment=True, filename=name)
    else:
        language = translation.get_language()
        answer = StreamingHttpResponse(_in(language, csv_lines(table, language=language)))
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Type"] = TYPES[form]
    answer["Cache-Control"] = "private, no-store"
    return answer


def _in(language: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, made in the reader's language also when the answer is being sent: by then the request is over."""
    piece: bytes | None = b""
    while piece is not None:
        yield piece
        with translation.override(language):
            piece = next(pieces, None)
