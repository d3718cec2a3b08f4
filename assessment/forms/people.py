"""What an organisation's people ask for on their page: to invite somebody, to change or end what somebody may do."""

from django import forms
from django.conf import settings
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assessment.forms.text import AddressField
from assessment.models import Membership

LARGEST = 2**63 - 1  # what a database takes for a number


class LanguageForm(forms.Form):
    """The language of the mails: one, or, unless it is chosen, each after the other, that of the page first."""

    languages = forms.ChoiceField(label=_("Language of the mail"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        codes = sorted(dict(settings.LANGUAGES), key=lambda code: code != get_language())
        self.every = ",".join(codes)
        both = _("French and English")
        self.fields["languages"].choices = [
            (self.every, both),
            *((code, settings.TEXT_LANGUAGES[code]) for code in codes),
        ]
        self.order_fields([name for name in self.fields if name != "languages"])

    def clean_languages(self) -> str:
        return self.cleaned_data["languages"] or self.every


class InviteForm(LanguageForm):
    """Whom to invite, as what; without an address a link is made to hand over (the field `link`)."""

    email = AddressField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Not needed for a link that you hand over yourself."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=pgettext_lazy("membership", "Role"), choices=Membership.Role.choices, initial=Membership.Role.MEMBER
    )
    link = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, taken=frozenset(), **kwargs):
        super().__init__(*args, **kwargs)
        self.taken = taken  # the addresses, in small letters, of those who belong to the organisation already

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        cleaned["email"] = "" if cleaned.get("link") else cleaned.get("email", "").lower()
        if cleaned.get("link"):
            self.errors.pop("email", None)  # what was typed there is not used
        elif "email" not in self.errors and not cleaned["email"]:
            self.add_error("email", _("Please give the address to which the invitation is to be sent."))
        elif cleaned["email"] in self.taken:
            self.add_error("email", _("This person belongs to the organisation already: change the role in the list."))
        return cleaned


class PeopleForm(forms.Form):
    """One button of the page: the field that is there says what is asked for, its value is a number in the list."""

    change = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    role = forms.ChoiceField(required=False, choices=Membership.Role.choices)
    remove = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    revoke = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    send = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    tell = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    VERBS = ("invite", "link", "change", "remove", "revoke", "send", "tell", "leave")

    @property
    def verb(self) -> str | None:
        """What is asked for; None when no button was pressed."""
        return next((verb for verb in self.VERBS if verb in self.data), None)

    @property
    def number(self) -> int | None:
        """Whom or what it is about; None when that is no number of a list."""
        return self._valid(self.verb)

    @property
    def new_role(self) -> str | None:
        """What somebody is to be; None when there is no such role."""
        return self._valid("role") or None

    def _valid(self, name):
        self.is_valid()
        return self.cleaned_data.get(name)
