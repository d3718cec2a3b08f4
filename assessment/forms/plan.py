"""The forms of the plan: take steps on, add actions of one's own, and say how far an action is."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment.forms.text import LineField, ProseField
from assessment.models.action import Action
from assessment.organisations.plan import MOST_FREE, Agreed
from assessment.report.trend import ActionPart, OpenStep
from assessment.text.cleaning import line


class Steps(forms.CheckboxSelectMultiple):
    """Drawn by our own template; the group, not its first box, is what an error leads to."""

    def id_for_label(self, id_, index=None):
        return id_


def _who(help_text: str = "") -> LineField:
    return LineField(label=_("Person in charge"), required=False, max_length=200, help_text=help_text)


def _due() -> forms.DateField:
    return forms.DateField(
        label=_("Due on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": _("This is not a date. Write it as 2026-12-31.")},
    )


def _styled(fields: Iterable[forms.Field]) -> None:
    for field in fields:
        if not isinstance(field.widget, Steps):
            field.widget.attrs["class"] = "form-select" if isinstance(field.widget, forms.Select) else "form-control"


class StepsForm(forms.Form):
    """Which of the next steps become actions, each with who sees to it and until when; both may stay empty.

    `step` holds the keys of the questions that are ticked; `<key>.who` and `<key>.due` go with each.
    """

    step = forms.MultipleChoiceField(
        label=_("Steps"),
        widget=Steps,
        error_messages={
            "required": _("Tick at least one step that you take on."),
            "invalid_choice": _("This step is no longer in the plan. Choose among those below."),
        },
    )

    def __init__(self, *args, steps: Sequence[str], chosen: Collection[str] = (), **kwargs):
        super().__init__(*args, initial={"step": list(chosen)}, **kwargs)
        self.fields["step"].choices = [(key, key) for key in steps]
        for key in steps:
            self.fields[f"{key}.who"], self.fields[f"{key}.due"] = _who(), _due()
        _styled(self.fields.values())

    def rows(self, steps: Iterable[OpenStep]) -> list[tuple]:
        """Each step with whether it is ticked and its two fields."""
        ticked = self["step"].value() or []
        return [
            (step, step.question in ticked, self[f"{step.question}.who"], self[f"{step.question}.due"])
            for step in steps
        ]

    def clean(self) -> dict:
        """What is typed beside a step that is not ticked is nobody's: it is asked back."""
        said = super().clean()
        ticked = said.get("step", [])
        for key, _label in self.fields["step"].choices:
            if key not in ticked and (said.get(f"{key}.who") or said.get(f"{key}.due")) and "step" in said:
                self.add_error(f"{key}.who", _("Tick this step to take it on, or leave its fields empty."))
        return said

    @property
    def agreed(self) -> dict[str, Agreed]:
        """What was agreed on about each step that is ticked."""
        said = self.cleaned_data
        return {key: Agreed(said[f"{key}.who"], said[f"{key}.due"]) for key in said["step"]}


TOO_MANY = _(
    "%(number)s actions of your own are open, and no more can be. Finish some of them, or give them up, first."
)


def _title() -> LineField:
    return LineField(
        label=_("Action"), max_length=200, error_messages={"required": _("Say in a few words what is to be done.")}
    )


class FreeForm(forms.Form):
    """An action of one's own: what is to be done, who sees to it, and until when."""

    title, who, due = _title(), _who(), _due()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="own", **kwargs)
        _styled(self.fields.values())

    @property
    def agreed(self) -> Agreed:
        return Agreed(**self.cleaned_data)

    @staticmethod
    def is_sent(data: Mapping) -> bool:
        """Whether what a page sends is this form."""
        return "own-title" in data

    def refuse(self) -> None:
        """Say that there are too many."""
        self.add_error("title", TOO_MANY % {"number": MOST_FREE})


class ActionForm(forms.Form):
    """How far an action is, how it is worded, and what was agreed; the title of a step, sent as it is, stays the step's."""

    title = _title()
    state = forms.ChoiceField(label=_("State"), choices=Action.State.choices, widget=forms.Select)
    who = _who(_("A name or a team, as you call them."))
    due = _due()
    note = ProseField(
        label=pgettext_lazy("of an action", "Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Mapping | None, part: ActionPart):
        agreed = {name: getattr(part, name) for name in ("state", "who", "due", "note")}
        super().__init__(data, initial=agreed | {"title": part.typed or str(part.title or "")})
        self.own_titles = {line(part.title.en), line(part.title.fr)} if part.title else set()
        self.fields["title"].required = part.is_free
        if not part.is_free:
            self.fields["title"].help_text = _("In your own words. Left empty, the step goes by its own title again.")
        _styled(self.fields.values())

    def clean_title(self) -> str:
        said = self.cleaned_data["title"]
        return "" if said in self.own_titles else said

    @staticmethod
    def only_finishes(data: Mapping) -> bool:
        """Whether what a page sends is its button for an action that is done, without the fields of this form."""
        return "done" in data

    def refuse(self) -> None:
        """Say that it cannot be open beside so many others."""
        self.add_error("state", TOO_MANY % {"number": MOST_FREE})

    @property
    def agreed(self) -> Agreed:
        said = self.cleaned_data
        return Agreed(said["who"], said["due"], said["note"], said["title"])
