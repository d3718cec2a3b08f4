"""Content as files: questionnaires and the evidence go out as YAML, and come in from it after a look at what it does."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from assessment.admin import importing
from assessment.authoring.loading import GoneError
from assessment.content.files import read_any, too_large
from assessment.content.problems import ContentError
from assessment.content.writer import write_evidence, write_questionnaire
from assessment.evidence.loading import MODELS
from assessment.evidence.values import stored_evidence
from assessment.forms.uploads import ImportForm, InMemory
from assessment.models import Figure, Finding
from assessment.models.outline import outline

MOST_BYTES = 1_000_000  # of a file
MOST_BYTES_SENT = 2_500_000  # of a form with a file chosen and the text of another one in it
MOST_BYTES_READ_AWAY = 20_000_000  # so that a browser with a somewhat larger one sees the answer


def attachment(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/yaml; charset=utf-8", headers=headers)


class EvidenceFile:
    """For the ModelAdmin of studies: all of the evidence as one file."""

    def get_urls(self):
        view = self.admin_site.admin_view(require_safe(self.export_view))
        return [path("export/", view, name="assessment_evidence_export"), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponse:
        admins = [self.admin_site.get_model_admin(model) for model in MODELS.values()]
        if not all(one.has_view_permission(request) for one in admins):
            raise PermissionDenied
        return attachment(write_evidence(stored_evidence()), "evidence.yaml")


class QuestionnaireFiles:
    """For the ModelAdmin of questionnaires: each version as a file, and the page that takes files in."""

    change_list_template = "admin/assessment/questionnaire_list.html"

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("import/", wrap(csrf_exempt(self.import_view)), name="assessment_import"),
            path(
                "<path:object_id>/export/",
                wrap(require_safe(self.export_view)),
                name="assessment_questionnaire_export",
            ),
            *super().get_urls(),
        ]

    def export_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        state = "-draft" if row.is_draft else ""
        return attachment(write_questionnaire(outline(row).content), f"{row.key}-version-{row.version}{state}.yaml")

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Sees to the size and the memory before anything of a form is read; its token is checked right after."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            size_bytes = int(request.META.get("CONTENT_LENGTH") or 0)
            if size_bytes > MOST_BYTES_SENT:
                _read_away(request)
                return self._too_large(request, size_bytes)
            request.upload_handlers = [InMemory(request)]
        return self._checked_import(request)

    @method_decorator(csrf_protect)
    def _checked_import(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self._page(request)
        name, data = _given(request)
        text = data.decode(errors="ignore")
        if len(data) > MOST_BYTES:
            return self._too_large(request, len(data), name)
        if not data and not name:
            return self._page(request, nothing=True)
        if "mend" in request.POST:
            return self._page(request, text=text)
        try:
            content, lacks = read_any(
                data,
                name,
                figures=set(Figure.objects.values_list("key", flat=True)),
                findings=set(Finding.objects.values_list("key", flat=True)),
            )
        except ContentError as error:
            is_text = "\ufffd" not in data.decode(errors="replace")
            told = [importing.told(problem) for problem in error.problems]
            return self._page(request, text=text if is_text else "", name=name, problems=told)
        return self._look_or_do(request, importing.plan(self, request, content, lacks), text)

    def _look_or_do(self, request: HttpRequest, plan: "importing.Plan", text: str) -> HttpResponse:
        """Show what would happen; once that was seen and agreed to, let it."""
        if "confirm" in request.POST and not plan.is_empty:
            if request.POST.get("seen") == plan.seen:
                return self._do(request, plan, text)
            self.message_user(
                request, _("Something was changed in the meantime. Please look at it again."), messages.WARNING
            )
        context = self._context(request) | {"plan": plan, "text": text}
        return TemplateResponse(request, "admin/assessment/import_preview.html", context)

    def _do(self, request: HttpRequest, plan: "importing.Plan", text: str) -> HttpResponse:
        """All of it with its record, or nothing where somebody else was faster by a moment."""
        try:
            with transaction.atomic():
                done = plan.carry_out()
        except (IntegrityError, GoneError):
            told = _("Nothing was imported: something was changed at the same moment. Please look at it again.")
            self.message_user(request, told, messages.WARNING)
            return self._page(request, text=text)
        self.message_user(request, done, messages.SUCCESS)
        return redirect(plan.address)

    def _too_large(self, request: HttpRequest, size_bytes: int, name: str = "") -> HttpResponse:
        problem = too_large(name, size_bytes=size_bytes, limit_bytes=MOST_BYTES)
        return self._page(request, problems=[importing.told(problem)], status=413)

    def _page(self, request: HttpRequest, *, text: str = "", status: int = 200, **more) -> HttpResponse:
        context = self._context(request) | {"form": ImportForm(initial={"text": text}), **more}
        return TemplateResponse(request, "admin/assessment/import.html", context, status=status)

    def _context(self, request: HttpRequest) -> dict:
        return self.admin_site.each_context(request) | {"title": _("Import from a file"), "opts": self.opts}


def _given(request: HttpRequest) -> tuple[str, bytes]:
    """The name and the bytes of what was sent: the file if there is one, else the text, with plain line ends."""
    if file := request.FILES.get("file"):
        return file.name, file.read()
    return "", request.POST.get("text", "").replace("\r\n", "\n").encode(errors="replace")


def _read_away(request: HttpRequest) -> None:
    for _chunk in range(MOST_BYTES_READ_AWAY // 65_536):
        if not request.read(65_536):
            break
