"""The preview of a questionnaire: its pages and its report as a respondent gets them, on answers that nothing keeps."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessment.admin.frozen import FrozenAdmin
from assessment.charts.canvas import both_schemes
from assessment.content import rules
from assessment.content.structure import DimensionContent, QuestionContent, Text, filled
from assessment.documents.drawings import drawings
from assessment.forms.preview import GIVEN, GO, PAGE, REPORT, SWITCH, Tried, read_tried, shown_part
from assessment.models import Questionnaire
from assessment.models.outline import Outline, read_outline
from assessment.report.parts import Subject
from assessment.results.reporting import barometer, figures, references
from assessment.results.unstored import Evidence, unstored_report


@dataclass(frozen=True)
class Row:
    """One question as the page shows it."""

    content: QuestionContent
    number: int
    chosen: tuple[str, ...]


class PreviewMixin(FrozenAdmin):
    """The address of the preview; by GET alone, so that it can store nothing."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.preview_view)
        return [
            path("<path:object_id>/preview/", view, name="assessment_questionnaire_preview"),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One dimension, or the report on what was clicked so far, in the language asked for."""
        questionnaire = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, questionnaire):
            raise PermissionDenied
        if questionnaire is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        language = _asked_language(request) or translation.get_language()
        with translation.override(language):
            page = _page(request, questionnaire, language)
        page["Content-Language"] = language
        return page


def _asked_language(request: HttpRequest) -> str | None:
    """The language whose button was pressed, else the one that the page had."""
    asked = [request.GET.get(SWITCH), *request.GET.getlist("language")]
    return next((code for code in asked if code in dict(settings.LANGUAGES)), None)


def _page(request: HttpRequest, questionnaire: Questionnaire, language: str) -> HttpResponse:
    outline = _readable(read_outline(questionnaire))
    tried, part = read_tried(request.GET, outline), shown_part(request.GET, outline)
    context = {
        "questionnaire": questionnaire,
        "content": outline.content,
        "current": part.key if part else REPORT,
        "given": tried.packed(outline),
        "language": language,
        "languages": [
            (code, translation.get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES
        ],
        "check_address": reverse("admin:assessment_questionnaire_check", args=[questionnaire.pk]),
        "names": {"given": GIVEN, "page": PAGE, "go": GO, "switch": SWITCH},
    }
    if part:
        return render(request, "admin/assessment/preview/dimension.html", context | _dimension(outline, part, tried))
    return render(request, "admin/assessment/preview/report.html", context | _report(outline, tried))


def _readable(outline: Outline) -> Outline:
    """The outline with a mark where a text is missing."""
    marks = {}
    for code in ("en", "fr"):
        with translation.override(code):
            marks[code] = _("[Not written yet]")
    return replace(outline, content=filled(outline.content, Text(**marks)))


def _dimension(outline: Outline, part: DimensionContent, tried: Tried) -> dict:
    keys = [dimension.key for dimension in outline.content.dimensions]
    first = outline.content.first_numbers(tried.left_out)
    place = keys.index(part.key)
    return {
        "dimension": part,
        "rows": [
            Row(question, number, tried.picked.get(question.key, ()))
            for number, question in enumerate(part.questions, start=first[part.key])
        ],
        "questions": sum(
            len(other.questions)
            for other in outline.content.dimensions
            if other.scored and (other.key == part.key or other.key not in tried.left_out)
        ),
        "excluded": part.key in tried.left_out,
        "before": keys[place - 1] if place else None,
        "after": keys[place + 1] if place + 1 < len(keys) else REPORT,
    }


def _report(outline: Outline, tried: Tried) -> dict:
    """The report, or what it cannot be made without; without steps it can."""
    if problems := [problem for problem in rules.problems(outline.content) if not rules.is_of_a_step(problem)]:
        return {"problems": problems}
    evidence = Evidence(references(), barometer(), figures())
    subject = Subject(_("Example Ltd"), timezone.now(), 1, is_demo=True)
    report = unstored_report(outline, tried.picked, subject, evidence=evidence, left_out=tried.left_out)
    return {"report": report, "charts": both_schemes(drawings(report))}
