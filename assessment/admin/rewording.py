"""The page that puts right, after publication, of which questions only the wording changed."""

from dataclasses import replace

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.admin import log
from assessment.admin.answers import ReasonForm
from assessment.admin.problems import in_words
from assessment.admin.versions import asks, page
from assessment.authoring.rewording import OtherMarksError, Rewording, put_right, rewording_of
from assessment.content.differences import Section, differences
from assessment.models import Questionnaire
from assessment.models.outline import outline


class RewordingForm(ReasonForm):
    """The questions of which only the wording changed, those marked when the page was opened, and why that is put right."""

    field_order = ["reworded", "reason"]
    reworded = forms.MultipleChoiceField(
        label=gettext_lazy("Only the wording changed"), required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, data, rewording: Rewording, names: dict[str, str]) -> None:
        marked = rewording.marked
        super().__init__(data, initial={"reworded": marked, "seen": marked})
        for name in ("reworded", "seen"):
            self.fields[name].choices = [(key, names[key]) for key in rewording.markable]


class RewordingPage:
    """For the admin class of questionnaires."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.wording_page)
        return [
            path("<path:object_id>/wording/", view, name="assessment_questionnaire_wording"),
            *super().get_urls(),
        ]

    @page(asks, "has_view_permission")
    def wording_page(self, request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
        """Whoever sees the version sees what is said of it; publishers put it right."""
        may_change = self.has_publish_permission(request)
        if request.method == "POST" and not may_change:
            raise PermissionDenied
        if questionnaire.is_draft:
            return self._render(request, questionnaire, "wording", title=_("Only the wording"))
        rewording = rewording_of(questionnaire)
        names = _names(questionnaire)
        form = RewordingForm(request.POST if request.method == "POST" else None, rewording, names)
        if form.is_valid():
            return self._put_right(request, rewording, form.cleaned_data)
        return self._render(
            request,
            questionnaire,
            "wording",
            title=_("Only the wording"),
            rewording=rewording,
            form=form if may_change else None,
            said=[(names[key], key in rewording.marked) for key in rewording.markable],
            sections=_sections(rewording),
        )

    def _put_right(self, request: HttpRequest, rewording: Rewording, said: dict) -> HttpResponse:
        version, address = (
            rewording.version,
            reverse("admin:assessment_questionnaire_wording", args=[rewording.version.pk]),
        )
        try:
            changed = put_right(version, said["reworded"], as_seen=said["seen"])
        except OtherMarksError as error:
            return self._told(request, str(error), address, messages.ERROR)
        if not changed:
            return self._told(request, _("Nothing was changed: it was said already."), address, messages.WARNING)
        names = _names(version)
        pair = tuple(
            [names[key] for key in rewording.markable if key in keys] for keys in (said["seen"], said["reworded"])
        )
        why = {gettext_lazy("reason"): (None, said["reason"])}
        log.record(request, version, {gettext_lazy("questions of which only the wording changed"): pair} | why)
        for row in changed:
            if row.pk != version.pk:
                log.record(request, row, {gettext_lazy("trends put right in version"): (None, version.version)} | why)
        text = _("It is on record. Trends and comparisons are drawn anew; no score and no stored result changes.")
        return self._told(request, text, address, messages.SUCCESS)


def _names(questionnaire: Questionnaire) -> dict[str, str]:
    """The texts of its questions by their keys."""
    return {key: str(question.text) for key, question in outline(questionnaire).questions.items()}


def _sections(rewording: Rewording) -> list[Section]:
    """What differs in the questions in other words."""
    if rewording.before is None:
        return []
    before, after = outline(rewording.before).content, outline(rewording.version).content
    shown = [
        replace(
            section,
            differences=tuple(item for item in section.differences if item.place.question in rewording.markable),
        )
        for section in differences(before, after)
    ]
    return in_words([section for section in shown if section.differences], after, before)
