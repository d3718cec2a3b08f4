"""Reading one person's answers: for a superuser with a reason, which is on record before anything is shown."""

from dataclasses import dataclass

from django import forms
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from assessment.admin import log
from assessment.forms.text import ProseField
from assessment.models import Response
from assessment.models.answer import Answer, SavedAnswer
from assessment.wording import numbers


@dataclass(frozen=True)
class Said:
    """What a response says to one question."""

    dimension: object
    question: object
    answers: list[str]
    note: str
    evidence: str


class ReasonForm(forms.Form):
    """A reason in a few words, which goes on record."""

    reason = ProseField(
        label=gettext_lazy("Reason"),
        min_length=10,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField", "aria-describedby": "reason-help"}),
    )


class ShowingAnswers:
    """For the list of responses: a page that asks for a reason, and shows the answers once when there is one."""

    change_form_template = "admin/response.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.answers_view)
        return [path("<path:object_id>/answers/", view, name="assessment_response_answers"), *super().get_urls()]

    def answers_view(self, request, object_id: str):
        if not request.user.is_superuser:
            raise PermissionDenied
        response = self.get_object(request, unquote(object_id))
        if response is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Answers of a person"),
            "subtitle": _whose(response),
            "opts": self.opts,
            "original": response,
            "form": form,
        }
        if form.is_valid():
            reason = {gettext_noop("reason"): form.cleaned_data["reason"]}
            log.note(request, response, gettext_noop("The answers of a person were read."), reason)
            context |= {"said": said(response), "is_shown": True}
        return TemplateResponse(request, "admin/answers.html", context)


def _whose(response: Response) -> str:
    """The organisation, the round and the function of who answered."""
    where = _("%(organisation)s, round %(number)s") % {
        "organisation": response.round.organisation,
        "number": response.round.number,
    }
    return " – ".join(filter(None, [where, numbers.fact(response.role, "role")]))


def said(response: Response) -> list[Said]:
    """What a response says, in the order of its questionnaire; questions without a word left out."""
    outline, saved = response.outline, response.saved_answers()
    return [
        Said(dimension.title, question.text, _words(question, saved[question.key]), *_notes(saved[question.key]))
        for dimension in outline.content.dimensions
        for question in dimension.questions
        if question.key in saved
    ]


def _words(question, answer: SavedAnswer) -> list[str]:
    chosen = [str(choice.text) for choice in question.choices if choice.key in answer.choices]
    return chosen or [str(Answer.State(answer.state).label)]


def _notes(answer: SavedAnswer) -> tuple[str, str]:
    return answer.note, answer.evidence
