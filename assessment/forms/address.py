"""The field for one e-mail address, cleaned as those of a pasted list are."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from assessment.text.addresses import cleaned, is_address


class AddressField(forms.EmailField):
    """One address: invisible signs, `mailto:`, marks and a name around it are dropped; one no mail can go to is refused."""

    def __init__(self, **kwargs):
        super().__init__(max_length=254, **kwargs)

    def to_python(self, value) -> str:
        return cleaned(super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not is_address(value):
            raise ValidationError(validate_email.message, code="invalid")
