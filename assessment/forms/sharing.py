"""The form that makes a reading link: what it shows, how long, and for whom."""

from collections.abc import Collection

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assessment.forms.text import LineField
from assessment.report.parts import Part

PARTS = {
    Part.PLAN: _("The next steps, with today’s answer to each"),
    Part.ANSWERS: _("Each question with its answer, points and weight"),
    Part.BAROMETER: _("The comparison with the barometer and with published figures"),
    Part.VIEWS: _("What to talk about: where views differ and which answers do not sit well together"),
    Part.EARLIER: _("The change since earlier rounds"),
    Part.NOTES: _("Notes and links to evidence"),
}
DAYS = (7, 30, 90, 365)


class ShareForm(forms.Form):
    """What a reading link shows; notes and earlier rounds only when they are ticked."""

    parts = forms.MultipleChoiceField(
        label=_("What it shows beside the level and the scores"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("With the answers and what to talk about, the link also offers the data to check every number."),
    )
    score_in_preview = forms.BooleanField(
        label=_("Level and score in the preview of the link"),
        required=False,
        help_text=_(
            "Messengers and networks show a preview where a link is pasted, and may keep it after the link has ended. Unticked, "
            "it says only that this is a report; ticked, it shows the organisation, its level, its scores and the date."
        ),
    )
    days = forms.TypedChoiceField(label=_("How long it works"), coerce=int)
    label = LineField(
        label=_("Name of the recipient (optional)"),
        required=False,
        max_length=80,
        help_text=_("So that you recognise the link in your list. Its readers do not see this."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, parts: Collection[Part], room: bool = True, **kwargs):
        """`parts` are those that may be shown at all; without `room` there are as many links as there may be."""
        self._room = room
        proposed = [part for part in PARTS if part in parts and part not in (Part.EARLIER, Part.NOTES)]
        super().__init__(*args, initial={"parts": proposed, "days": settings.SHARE_DAYS}, **kwargs)
        self.fields["parts"].choices = [(part.value, text) for part, text in PARTS.items() if part in parts]
        self.fields["days"].choices = [
            (days, ngettext("%(days)s day", "%(days)s days", days) % {"days": days})
            for days in sorted({*DAYS, settings.SHARE_DAYS})
        ]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_parts(self) -> list[str]:
        parts = self.cleaned_data["parts"]
        if Part.NOTES in parts and Part.ANSWERS not in parts:
            raise forms.ValidationError(
                _("Notes stand beside the questions: tick the answers, too, or leave the notes out.")
            )
        return parts

    def clean_days(self) -> int:
        if not self._room:
            raise forms.ValidationError(
                _("There are many links in force already. End one that is no longer needed first.")
            )
        return self.cleaned_data["days"]


class EndLinkForm(forms.Form):
    """Which link ends now, by its number in the list."""

    revoke = forms.CharField(max_length=20)
