"""The form that opens a questionnaire, and the one that sends its address by mail."""

from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from assessment.content.shipped import organisation_lists
from assessment.forms.organisation import FactsForm, pick
from assessment.models.secret import new_key

signer = signing.Signer(salt="start")


class StartForm(FactsForm):
    """Which organisation is assessed, and the role of the person who answers."""

    # The key of the questionnaire to be, so that a form sent twice starts it once; signed, so that nobody chooses it.
    token = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
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
        self.fields["role"].choices = pick(organisation_lists().roles)
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


class MailForm(forms.Form):
    """Where to send the address of a questionnaire."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
