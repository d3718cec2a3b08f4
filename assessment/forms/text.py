"""Fields for what people type: cleaned on the way in, so that every form stores the same of the same text."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessment.text.addresses import cleaned, is_address
from assessment.text.cleaning import is_readable, line, prose

NOTHING_TO_READ = _("Nothing of this can be read. Please type it out.")
NO_ADDRESS = _("No mail can go to this: an e-mail address looks like name@example.org.")
NOT_STORED = _("This text contains a character that cannot be stored.")


class ProseField(forms.CharField):
    """A text of several lines, without what nobody sees; of a required one something must be left to read."""

    cleaned = staticmethod(prose)

    def widget_attrs(self, widget) -> dict:
        """Without `maxlength`: a browser would cut what is pasted and not say so."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    def to_python(self, value) -> str:
        typed = super().to_python(value)
        if "\0" in typed:
            raise ValidationError(NOT_STORED, code="null_characters_not_allowed")
        text = self.cleaned(typed)
        if is_readable(text):
            return text
        if self.required and typed:
            raise ValidationError(NOTHING_TO_READ, code="unreadable")
        return self.empty_value


class LineField(ProseField):
    """A text of one line: a name, a label."""

    cleaned = staticmethod(line)


class AddressField(forms.EmailField):
    """One address: invisible signs, `mailto:`, marks and a name around it are dropped; one no mail can go to is refused."""

    def __init__(self, **kwargs):
        super().__init__(**{"max_length": 254} | kwargs)
        self.error_messages["invalid"] = NO_ADDRESS

    def to_python(self, value) -> str:
        return cleaned(super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not is_address(value):
            raise ValidationError(NO_ADDRESS, code="invalid")
