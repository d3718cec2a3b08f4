"""A form that begins something once, however often it is sent."""

from django import forms
from django.core import signing

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

    def clean_token(self) -> str | None:
        """The key in the token; None when it is missing or not ours, and then a new one is made."""
        try:
            return signing.Signer(salt=self.salt).unsign(self.cleaned_data["token"])
        except signing.BadSignature:
            return None
