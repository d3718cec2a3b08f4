"""The forms that ask twice before something is deleted for good."""

from collections.abc import Collection

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.text.cleaning import line
from assessment.text.comparing import folded


class DeleteAccountForm(forms.Form):
    """The password again, and consent when an organisation goes with the account."""

    organisations = forms.BooleanField(
        label=gettext_lazy("Delete these organisations too, with all their rounds, answers and results")
    )
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, alone: Collection, **kwargs):
        super().__init__(*args, **kwargs)
        if not alone:
            del self.fields["organisations"]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def check_password_of(self, user: AbstractBaseUser) -> bool:
        """Whether the password is this person's; the form says so when it is not."""
        is_theirs = user.check_password(self.cleaned_data["password"])
        if not is_theirs:
            self.add_error("password", _("This is not your password. Nothing was deleted."))
        return is_theirs


class DeleteOrganisationForm(forms.Form):
    """The name of the organisation, typed by whoever deletes it."""

    confirm = forms.CharField(
        label=gettext_lazy("To confirm, type the name of the organisation"),
        max_length=800,  # a name of 200 letters, with what nobody sees
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, name: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.name = name
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_confirm(self) -> str:
        typed = self.cleaned_data["confirm"]
        if folded(line(typed)) != folded(line(self.name)):
            raise forms.ValidationError(_("This is not the name of the organisation. Nothing was deleted."))
        return typed
