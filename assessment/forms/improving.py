"""The form that tries out improvements: for each question the statement it would reach, or none."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.report.improving import Improvement

MOST = 2000  # characters of an address that a cookie can remember
NOT_THERE = _("Choose one of the statements in the list.")


def tried_address(address: str, asked: Mapping[str, str]) -> str:
    """An address with the improvements that are tried out, without what stays as today; alone where there are none, or too
    many for a browser to remember.
    """
    tried = urlencode({name: value for name, value in asked.items() if value}) if "tried" in asked else ""
    return f"{address}?{tried}" if tried and len(tried) < MOST else address


class ImprovementsForm(forms.Form):
    """The name of a field is the question's key, its value that of the choice to reach; empty is as today."""

    def __init__(self, asked, *, improvements: Sequence[Improvement], is_sent: bool = False):
        """`asked` is what the address says, or what `is_sent`; an address that says nothing asks for all steps of the plan."""
        steps = {item.question.key: item.step for item in improvements if item.step}
        super().__init__(asked if is_sent or "tried" in asked else steps)
        for item in improvements:
            self.fields[item.question.key] = forms.ChoiceField(
                label=str(item.question.text),
                choices=[("", _("As today")), *((choice.key, str(choice.text)) for choice in item.choices)],
                required=False,
                error_messages={"invalid_choice": NOT_THERE},
                widget=forms.Select(attrs={"class": "form-select"}),
            )
        self._improvements = improvements

    @property
    def reached(self) -> dict[str, str]:
        """The choice that each chosen question would reach; what was not understood is as today."""
        self.is_valid()
        return {key: choice for key, choice in self.cleaned_data.items() if choice}

    def rows(self, *, steps: bool) -> list[tuple[Improvement, forms.BoundField, bool]]:
        """The steps of the plan, or the others, each with its field and whether it is chosen.

        A step of which more is asked than the plan says is among the others.
        """
        reached = self.reached
        return [
            (item, self[item.question.key], item.question.key in reached)
            for item in self._improvements
            if (bool(item.step) and reached.get(item.question.key, item.step) == item.step) is steps
        ]

    def steps(self) -> list[tuple[Improvement, forms.BoundField, bool]]:
        return self.rows(steps=True)

    def others_chosen(self) -> bool:
        return any(chosen or field.errors for _item, field, chosen in self.others())

    def others(self) -> list[tuple[Improvement, forms.BoundField, bool]]:
        return self.rows(steps=False)
