"""The form that chooses two rounds to compare."""

from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

NOT_THERE = _("Choose a round that has a published result.")


class CompareForm(forms.Form):
    """Two rounds of those that have a published result; whichever is named first, the earlier one comes first."""

    before = forms.TypedChoiceField(label=_("Then"), coerce=int, error_messages={"invalid_choice": NOT_THERE})
    after = forms.TypedChoiceField(label=_("Now"), coerce=int, error_messages={"invalid_choice": NOT_THERE})

    def __init__(self, asked, *, rounds: Sequence[tuple[int, str]]):
        """`asked` is what the address says; what it leaves out are the last two rounds."""
        last_two = {"before": rounds[-2][0], "after": rounds[-1][0]}
        super().__init__({name: asked.get(name) or default for name, default in last_two.items()})
        for name in ("before", "after"):
            self.fields[name].choices = rounds
            self.fields[name].widget.attrs["class"] = "form-select"

    def clean(self) -> dict:
        said = super().clean()
        if {"before", "after"} <= said.keys():
            if said["before"] == said["after"]:
                raise ValidationError(_("Choose two different rounds."))
            said["before"], said["after"] = sorted([said["before"], said["after"]])
        return said
