"""Why somebody has to be shown what is nobody's to read."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.forms.text import ProseField


class ReasonForm(forms.Form):
    """A reason in a few words, which goes on record."""

    reason = ProseField(
        label=_("Reason"),
        min_length=10,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField", "aria-describedby": "reason-help"}),
    )
