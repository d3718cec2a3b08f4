"""The form that opens a questionnaire, and the one that sends its address by mail."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from assessment.content.shipped import organisation_lists
from assessment.models.secret import new_key

signer = signing.Signer(salt="start")


def pick(entries):
    """The choices of a list, with an invitation to choose first."""
    return [("", _("Please choose")), *((entry.key, entry.text) for entry in entries)]


class StartForm(forms.Form):
    """Which organisation is assessed, and the role of the person who answers."""

    # The key of the questionnaire to be, so that a form sent twice starts it once; signed, so that nobody chooses it.
    token = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name of the organisation"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    sector = forms.ChoiceField(label=_("Sector"))
    size = forms.ChoiceField(label=_("Number of people who work there"))
    market = forms.ChoiceField(label=_("Whom you sell to or serve"))
    role = forms.ChoiceField(label=_("Your role"))
    email = forms.EmailField(
        label=_("Your e-mail address (optional)"),
        required=False,
        max_length=254,
        help_text=_("We send you the address of your questionnaire, so that you can come back to it. Nothing else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["token"] = signer.sign(new_key())
        options = organisation_lists()
        self.fields["sector"].choices = pick(options.sectors)
        self.fields["size"].choices = pick(options.sizes)
        self.fields["market"].choices = pick(options.markets)
        self.fields["role"].choices = pick(options.roles)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.form_show_errors = True
        self.helper.layout = Layout(
            "token",
            "name",
            Div(Div("sector", css_class="col-md-6"), Div("size", css_class="col-md-6"), css_class="row"),
            Div(Div("market", css_class="col-md-6"), Div("role", css_class="col-md-6"), css_class="row"),
            "email",
            Submit("start", _("Start the questionnaire"), css_class="btn-lg"),
        )

    def clean_token(self) -> str | None:
        """The key in the token; None when it is missing or not ours, and then a new one is made."""
        try:
            return signer.unsign(self.cleaned_data["token"])
        except signing.BadSignature:
            return None

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class MailForm(forms.Form):
    """Where to send the address of a questionnaire."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
