"""The form that opens a questionnaire, and the one that sends its address by mail."""

from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.content.shipped import organisation_lists
from assessment.forms.once import OnceForm
from assessment.forms.organisation import FactsForm, pick
from assessment.forms.text import AddressField


class StartForm(OnceForm, FactsForm):
    """Which organisation is assessed, and the role of the person who answers."""

    salt = "start"
    role = forms.ChoiceField(label=_("Your role"))
    email = AddressField(
        label=_("Your e-mail address (optional)"),
        required=False,
        help_text=_("We send you the address of your questionnaire, so that you can come back to it. Nothing else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = pick(organisation_lists().roles)
        self.helper.layout = Layout(
            "token",
            "name",
            Div(Div("sector", css_class="col-md-6"), Div("size", css_class="col-md-6"), css_class="row"),
            Div(Div("market", css_class="col-md-6"), Div("role", css_class="col-md-6"), css_class="row"),
            "email",
            Submit("start", _("Start the questionnaire"), css_class="btn-lg"),
        )


class MailForm(forms.Form):
    """Where to send the address of a questionnaire."""

    email = AddressField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
