"""The facts of an organisation: stated at the start, changed in its settings."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.content.files import organisation_lists
from assessment.forms.text import LineField


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
