"""A period by its first and last day, as somebody asks a list for it."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)
OUTSIDE = _("A day from 1990 to 2100, please.")


def day_field(label) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(FIRST, OUTSIDE), MaxValueValidator(LAST, OUTSIDE)],
        error_messages={"invalid": _("This is not a day. Write it as 2026-11-02.")},
    )


class PeriodForm(forms.Form):
    """The first and the last day; either may be left open."""

    since = day_field(pgettext_lazy("the first day of a period", "From"))
    until = day_field(_("To and including"))

    def clean(self):
        values = super().clean()
        if values.get("since") and values.get("until") and values["since"] > values["until"]:
            self.add_error("until", _("The last day comes before the first."))
        return values

    @property
    def start(self) -> datetime | None:
        """The moment at which the period begins."""
        return _midnight(self.cleaned_data["since"])

    @property
    def end(self) -> datetime | None:
        """The moment at which it is over."""
        last = self.cleaned_data["until"]
        return _midnight(last + timedelta(days=1)) if last else None


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
