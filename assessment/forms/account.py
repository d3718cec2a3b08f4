"""The forms of accounts: allauth's, with our words and without what is asked twice."""

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp import forms as app
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.forms import EmailField
from django.utils.translation import gettext_lazy as _

from assessment.accounts import sign_in
from assessment.accounts.adapter import too_often
from assessment.accounts.made import is_taken, owners, prove
from assessment.forms.text import AddressField
from assessment.models.sign_in import SignIn
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

    def clean_login(self) -> str:
        return super().clean_login().lower()


class SignupForm(Plain, account.SignupForm):
    """Sign up."""

    labels = {"password1": _("Password")}
    help = {"email": _("We send a code there, and later only what concerns your account or what you ask for.")}

    def validate_unique_email(self, value: str) -> str:
        email = super().validate_unique_email(value)
        self.account_already_exists = self.account_already_exists and is_taken(email)
        return email

    def try_save(self, request):
        """For an address that has an account hash the password, too: the time it takes must not tell."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


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

    def clean_email(self) -> str:
        email = super().clean_email()
        self.users = list(owners(email).filter(is_active=True))
        return email

    def save(self, request, **arguments) -> str:
        request.reset_address = self.cleaned_data["email"]
        return super().save(request, **arguments)


class ResetPasswordKeyForm(Plain, account.ResetPasswordKeyForm):
    """The new password, after the code."""

    def clean(self) -> dict:
        _asked_for()
        return super().clean()

    def save(self) -> None:
        super().save()
        sign_in.forget_failures(context.request, self.user)


class ReauthenticateForm(Plain, account.ReauthenticateForm):
    """The password again, before something that matters."""


class ConfirmEmailForm(Plain, account.ConfirmEmailVerificationCodeForm):
    """The code that was mailed to an address."""

    def clean_code(self) -> str:
        try:
            return super().clean_code()
        except ValidationError as error:
            if error.code != "email_taken" or is_taken(self.email, but=self.user):
                raise
            return self.cleaned_data["code"]  # right: other accounts only wait for theirs


def _asked_for() -> AbstractBaseUser:
    """Whose new password this session asks for; refused as a wrong code once the address is no longer theirs."""
    asked = context.request.session["account_password_reset_verification"]
    found = owners(asked["email"]).filter(pk=asked["user_id"], is_active=True).first()
    if found is None:
        raise get_adapter().validation_error("incorrect_code")
    return found


class ConfirmResetForm(Plain, account.ConfirmPasswordResetCodeForm):
    """The code that was mailed to reset a password."""

    def clean_code(self) -> str:
        code = super().clean_code()
        prove(_asked_for(), context.request.session["account_password_reset_verification"]["email"])
        return code


class SecondStep(Plain):
    """A code of an app or a recovery code, tried not too often."""

    labels = {"code": _("Code from your app, or a recovery code")}

    def clean_code(self) -> str:
        try:
            attempt = sign_in.code_attempt(context.request, self.user)
        except sign_in.RefusedError as refused:
            raise too_often(refused) from refused
        try:
            entered = super().clean_code()
        except ValidationError:
            attempt.wrong(SignIn.Event.WRONG_CODE)
            raise
        attempt.right()
        return entered


class AuthenticateForm(SecondStep, second_step.AuthenticateForm):
    """The second step of signing in."""


class ReauthenticateCodeForm(SecondStep, second_step.ReauthenticateForm):
    """The second step again."""


class ActivateForm(Plain, app.ActivateTOTPForm):
    """The first code of an app."""

    labels = {"code": _("The six digits that the app shows")}
