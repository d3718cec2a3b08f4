"""The forms around a round of several people: joining, inviting, its last day."""

from datetime import date

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.content.files import organisation_lists
from assessment.forms.organisation import pick
from assessment.forms.people import LanguageForm
from assessment.forms.start import OnceForm
from assessment.models import Round
from assessment.text.addresses import pasted
from assessment.wording.moments import zone

MOST_ADDRESSES = 50
MOST_PIECES, LONGEST_PIECE = 5, 60  # of what was not understood, as it is told


class RoleForm(forms.Form):
    """As what somebody answers."""

    role = forms.ChoiceField(label=gettext_lazy("Your role"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = pick(organisation_lists().roles)
        self.helper = FormHelper()
        self.helper.form_tag = False


class JoinForm(OnceForm, RoleForm):
    """A colleague enters a round; where an account is signed in, its button says whether they are somebody else."""

    ACCOUNT, OTHER = "account", "other"

    def __init__(self, *args, round_: Round, **kwargs):
        self.salt = f"join {round_.pk}"
        super().__init__(*args, **kwargs)

    who = forms.ChoiceField(required=False, choices=[(ACCOUNT, ""), (OTHER, "")])

    @property
    def is_somebody_else(self) -> bool:
        """Whether whoever answers is not the person who is signed in."""
        return self.cleaned_data["who"] == self.OTHER


class ModeForm(forms.Form):
    """How a round of several people is held: asked with the first invitation, then fixed."""

    mode = forms.ChoiceField(
        label=gettext_lazy("How is this round held?"),
        widget=forms.RadioSelect,
        choices=[(mode, "") for mode in (Round.Mode.CONFIDENTIAL, Round.Mode.OPEN)],
        error_messages={"required": gettext_lazy("Please choose one of the two.")},
    )

    def __init__(self, *args, floor: int, **kwargs):
        """`floor` is the smallest group that a confidential round shows."""
        super().__init__(*args, **kwargs)
        confidential = _(
            "Confidential: you see the scores of the dimensions and, of each question, the statement nearest to the "
            "answers, never a number of one question or one person’s answers. Each gets a personal invitation "
            "by e-mail, and the joint report needs answers of at least %(floor)s people whose answers no owner knows."
        ) % {"floor": floor}
        opened = _(
            "Open: you see answers and notes by role, also of one person alone. One link for all, useful from two people "
            "on; people may answer with more care for how it looks."
        )
        self.fields["mode"].choices = [(Round.Mode.CONFIDENTIAL, confidential), (Round.Mode.OPEN, opened)]
        self.helper = FormHelper()
        self.helper.form_tag = False


class InviteForm(LanguageForm):
    """The addresses of colleagues, as one pastes them: a list, lines of a mail program, a table."""

    emails = forms.CharField(
        label=gettext_lazy("E-mail addresses of your colleagues"),
        max_length=20_000,
        help_text=gettext_lazy(
            "Paste them as they are: one a line, a list from your mail program, a table. Names are left aside. Each "
            "address gets a personal link that works once."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_emails(self) -> list[str]:
        """The addresses in small letters, one a mailbox."""
        read = pasted(self.cleaned_data["emails"])
        if odd := [Truncator(piece).chars(LONGEST_PIECE) for piece in read.not_understood]:
            raise ValidationError(
                _("This was not understood as e-mail addresses: %(odd)s. Nobody was invited yet.")
                % {"odd": " / ".join([*odd[:MOST_PIECES], *(["…"] if len(odd) > MOST_PIECES else [])])}
            )
        if not read.addresses:
            raise ValidationError(_("There is no e-mail address in this text. Nobody was invited yet."))
        if len(read.addresses) > MOST_ADDRESSES:
            raise ValidationError(
                _("At most %(most)s addresses at once, please. Nobody was invited yet.") % {"most": MOST_ADDRESSES}
            )
        return [address.lower() for address in read.addresses]


class LastDayForm(forms.Form):
    """The last day on which a round takes answers; empty for none."""

    closes_on = forms.DateField(
        label=gettext_lazy("Last day to answer (optional)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Please give a date such as 2027-03-31.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["closes_on"].help_text = _("The day ends at midnight, %(zone)s.") % {"zone": zone()}
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_closes_on(self) -> date | None:
        day = self.cleaned_data["closes_on"]
        if day and day < timezone.localdate():
            raise ValidationError(_("This day is past. Choose a later one, or close the round now."))
        return day
