"""The forms of an account: known by its e-mail address, as everybody signs in with it."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import User
from django.utils.translation import gettext

from assessment.accounts.made import is_taken


class AddressedForm:
    """An address that is nobody else's, and which staff must have."""

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        is_new = email != self.instance.email.lower()
        if email and is_new and is_taken(email, but=self.instance if self.instance.pk else None):
            self.add_error("email", gettext("This address belongs to another account."))
        return email

    def clean(self):
        values = super().clean()
        is_staff = self.cleaned_data.get("is_staff", self.instance.is_staff)
        if is_staff and "email" in self.fields and not self.cleaned_data.get("email") and "email" not in self.errors:
            self.add_error("email", gettext("Who signs in here needs an e-mail address."))
        return values


class NewAccountForm(AddressedForm, UserCreationForm):
    """An address and a password; the name that Django wants is made as at signing up, and nobody is shown it."""

    class Meta:
        model = User
        fields = ("email",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True

    def clean(self):
        self.instance.username = get_adapter().generate_unique_username([self.cleaned_data.get("email")])
        return super().clean()


class AccountForm(AddressedForm, UserChangeForm):
    """Django's own, with the address looked at."""
