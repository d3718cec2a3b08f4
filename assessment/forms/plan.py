"""The forms of the plan: take a step on, and say how far an action is."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment.forms.text import LineField, ProseField
from assessment.models.action import Action
from assessment.organisations.plan import Agreed


class Steps(forms.RadioSelect):
    """Drawn by our own template; the group, not its first choice, is what an error leads to."""

    def id_for_label(self, id_, index=None):
        return id_


class AgreedForm(forms.Form):
    """Who sees to it, until when, and a note; all of it may stay empty."""

    who = LineField(
        label=_("Person in charge"),
        required=False,
        max_length=200,
        help_text=_("A name or a team, as you call them."),
    )
    due = forms.DateField(
        label=_("Due on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": _("This is not a date. Write it as 2026-12-31.")},
    )
    note = ProseField(
        label=pgettext_lazy("of an action", "Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, Steps):
                kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
                field.widget.attrs["class"] = kind

    @property
    def agreed(self) -> Agreed:
        said = self.cleaned_data
        return Agreed(said["who"], said["due"], said["note"])


class StepForm(AgreedForm):
    """Which of the next steps becomes an action."""

    step = forms.ChoiceField(
        label=_("Step"),
        widget=Steps,
        error_messages={
            "required": _("Choose the step that you take on."),
            "invalid_choice": _("This step is no longer in the plan. Choose one of those below."),
        },
    )
    field_order = ["step", "who", "due", "note"]

    def __init__(self, *args, steps: Sequence[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [(key, key) for key in steps]

    @property
    def chosen(self) -> str:
        """The step to show as chosen; what is not in the plan chooses none."""
        value = self["step"].value()
        return value if value in dict(self.fields["step"].choices) else ""


class ActionForm(AgreedForm):
    """How far an action is, and what was agreed."""

    state = forms.ChoiceField(label=_("State"), choices=Action.State.choices, widget=forms.Select)
    field_order = ["state", "who", "due", "note"]
