"""The facts of an organisation, stated at the start, changed in its settings; which two of its rounds are compared."""

from collections.abc import Sequence

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessment.content.files import organisation_lists
from assessment.forms.text import LineField

NOT_THERE = _("Choose a round that has a published result.")


def pick(entries):
    """The choices of a list, with an invitation to choose first."""
    return [("", _("Please choose")), *((entry.key, entry.text) for entry in entries)]


class FactsForm(forms.Form):
    """Which organisation it is, and what it is compared by."""

    name = LineField(
        label=_("Name of the organisation"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    sector = forms.ChoiceField(label=_("Sector"))
    size = forms.ChoiceField(label=_("Number of people who work there"))
    market = forms.ChoiceField(label=_("Whom you sell to or serve"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        options = organisation_lists()
        self.fields["sector"].choices = pick(options.sectors)
        self.fields["size"].choices = pick(options.sizes)
        self.fields["market"].choices = pick(options.markets)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.form_show_errors = True


class AgreementForm(forms.Form):
    """Whether the organisation counts in the live barometer: asked where results are kept, never ticked before."""

    contributes = forms.BooleanField(
        required=False,
        label=_("Count our organisation, without its name, in the live barometer"),
        widget=forms.CheckboxInput(attrs={"aria-describedby": "contributing"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    @property
    def agrees(self) -> bool:
        """Whether what was sent says so."""
        return self.is_valid() and self.cleaned_data["contributes"]


class SettingsForm(FactsForm, AgreementForm):
    """The facts, and the agreement to count in the live barometer."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "name",
            Div(Div("sector", css_class="col-md-6"), Div("size", css_class="col-md-6"), css_class="row"),
            "market",
            "contributes",
        )


class CompareForm(forms.Form):
    """Two rounds of those that have a published result; whichever is named first, the earlier one comes first."""

    before = forms.TypedChoiceField(label=_("Then"), coerce=int, error_messages={"invalid_choice": NOT_THERE})
    after = forms.TypedChoiceField(label=_("Now"), coerce=int, error_messages={"invalid_choice": NOT_THERE})

    def __init__(self, asked, *, rounds: Sequence[tuple[int, str]]):
        """`asked` is what the address says; what it leaves out are the last two rounds."""
        last_two = {"before": rounds[-2][0], "after": rounds[-1][0]}
        super().__init__({name: asked.get(name) or default for name, default in last_two.items()})
        for name in ("before", "after"):
            self.fields[name].choices = rounds
            self.fields[name].widget.attrs["class"] = "form-select"

    def clean(self) -> dict:
        said = super().clean()
        if {"before", "after"} <= said.keys():
            if said["before"] == said["after"]:
                raise ValidationError(_("Choose two different rounds."))
            said["before"], said["after"] = sorted([said["before"], said["after"]])
        return said
