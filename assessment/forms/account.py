"""The forms of accounts: allauth's, with our words and without what is asked twice."""

from allauth.account import forms as account
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp import forms as app
from django.forms import EmailField
from django.utils.translation import gettext_lazy as _

from assessment.forms.text import AddressField
from assessment.text.comparing import code

LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "code": _("Code"),
}
HELP = {
    "password1": _(
        "At least 10 characters, and not only digits. A short sentence is easy to remember and hard to guess."
    ),
}


class Plain:
    """A label above each field and nothing inside it; a new password is asked for once, as it can be reset."""

    labels: dict = {}
    help: dict = {}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in list(self.fields.items()):
            if isinstance(field, EmailField):
                self.fields[name] = field = AddressField(required=field.required, widget=field.widget)
            field.label = (LABELS | self.labels).get(name, field.label)
            field.help_text = (HELP | self.help).get(name, "")
            field.widget.attrs.pop("placeholder", None)
            if name == "code":
                field.max_length = 40
                field.widget.attrs |= {"maxlength": 40, "autocapitalize": "characters", "spellcheck": "false"}

    def clean_code(self) -> str:
        """The code as it was made: mail programs, phones and keyboards change its dashes and digits on the way."""
        self.cleaned_data["code"] = code(self.cleaned_data["code"])
        return super().clean_code()


class LoginForm(Plain, account.LoginForm):
    """Sign in."""


class SignupForm(Plain, account.SignupForm):
    """Sign up."""

    labels = {"password1": _("Password")}
    help = {"email": _("We send a code there, and later only what concerns your account or what you ask for.")}


class AddEmailForm(Plain, account.AddEmailForm):
    """One more address."""

    labels = {"email": _("New e-mail address")}
    help = {"email": _("We send a code there. The address counts once you have typed the code in.")}


class ChangePasswordForm(Plain, account.ChangePasswordForm):
    """Another password, by whoever knows the present one."""


class SetPasswordForm(Plain, account.SetPasswordForm):
    """A first password."""


class ResetPasswordForm(Plain, account.ResetPasswordForm):
    """Whose password is to be reset."""


class ResetPasswordKeyForm(Plain, account.ResetPasswordKeyForm):
    """The new password, after the code."""


class ReauthenticateForm(Plain, account.ReauthenticateForm):
    """The password again, before something that matters."""


class ConfirmEmailForm(Plain, account.ConfirmEmailVerificationCodeForm):
    """The code that was mailed to an address."""


class ConfirmResetForm(Plain, account.ConfirmPasswordResetCodeForm):
    """The code that was mailed to reset a password."""


class AuthenticateForm(Plain, second_step.AuthenticateForm):
    """The second step of signing in."""

    labels = {"code": _("Code from your app, or a recovery code")}


class ReauthenticateCodeForm(Plain, second_step.ReauthenticateForm):
    """The second step again."""

    labels = {"code": _("Code from your app, or a recovery code")}


class ActivateForm(Plain, app.ActivateTOTPForm):
    """The first code of an app."""

    labels = {"code": _("The six digits that the app shows")}
