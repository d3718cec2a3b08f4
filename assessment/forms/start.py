"""The form that opens a questionnaire, once however often it is sent, and the one that sends its address by mail."""

from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assessment.content.files import organisation_lists
from assessment.forms.organisation import FactsForm, pick
from assessment.forms.text import AddressField
from assessment.models.secret import new_key


class OnceForm(forms.Form):
    """The token holds the key of what is to begin: signed under the form's `salt`, so that nobody chooses it.

    What begins in different places has different salts: a token is worth nothing elsewhere.
    """

    salt = ""
    token = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["token"] = signing.Signer(salt=self.salt).sign(new_key())

    @classmethod
    def in_another_language(cls, data: QueryDict) -> dict[str, str] | None:
        """What is typed into the form, when only the page's language is to change; else None."""
        return {name: data.get(name, "") for name in cls.base_fields} if "language" in data else None

    def clean_token(self) -> str | None:
        """The key in the token; None when it is missing or not ours, and then a new one is made."""
        try:
            return signing.Signer(salt=self.salt).unsign(self.cleaned_data["token"])
        except signing.BadSignature:
            return None


class StartForm(OnceForm, FactsForm):
    """Which organisation is assessed, and the role of the person who answers."""

    salt = "start"
    role = forms.ChoiceField(label=_("Your role"))
    email = AddressField(
        label=_("Your e-mail address (optional)"),
        required=False,
        help_text=_("We send you the link to your questionnaire, so that you can come back to it. Nothing else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.form_tag = False  # the page has it, as what is the same for all of them is kept
        self.helper.disable_csrf = True
        self.fields["role"].choices = pick(organisation_lists().roles)
        self.helper.layout = Layout(
            "name",
            Div(Div("sector", css_class="col-md-6"), Div("size", css_class="col-md-6"), css_class="row"),
            Div(Div("market", css_class="col-md-6"), Div("role", css_class="col-md-6"), css_class="row"),
            "email",
            Submit("start", _("Start the questionnaire"), css_class="btn-lg"),
        )

    @property
    def is_blank(self) -> bool:
        """Whether it holds nothing that somebody typed: but for its token, all see the same."""
        return not self.is_bound and self.initial.keys() == {"token"}


class MailForm(forms.Form):
    """Where to send the address of a questionnaire."""

    email = AddressField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
