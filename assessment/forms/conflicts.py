"""Conflicts: an answer that was changed in another window before this change arrived, in words, and how to replace it.

The words and the button say the same: a part of an answer (choice, note, link) that the late change does not fill stays as
it stands, unless the late change fills none. The button's value is read by `forms.answers` as the field `replace`.
"""

from dataclasses import dataclass

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from assessment.content.structure import QuestionContent
from assessment.forms.answers import STATEMENT, shown
from assessment.models import Round
from assessment.models.answer import Answer, SavedAnswer
from assessment.rounds.saving import Change
from assessment.text.cleaning import isolated
from assessment.text.links import readable

CHOICE, NOTE, EVIDENCE = "", ".note", ".evidence"


@dataclass(frozen=True, slots=True)
class Conflict:
    """`message` says what stands and what came too late; `replace` is the button's value, empty where it cannot be had."""

    message: str
    replace: str


def answer_conflict(question: QuestionContent, change: Change, answer: SavedAnswer) -> Conflict:
    """The conflict between a change that was not made and the answer that stands."""
    stands = dict(zip((CHOICE, NOTE, EVIDENCE), shown(answer), strict=True))
    late = dict(zip((CHOICE, NOTE, EVIDENCE), shown(change), strict=True))
    different = [part for part in stands if late[part] != stands[part]]
    replaced = [part for part in different if late[part]] or different
    told = [part for part in stands if part == CHOICE or (part in different and stands[part])]
    after = {question.key + part: (late if part in replaced else stands)[part] for part in stands}
    fields = urlencode({f"{question.key}.revision": answer.revision} | after, doseq=True)
    return Conflict(_message(_words(question, stands, told), _words(question, late, replaced)), fields)


def statement_conflict(applies_not: bool, round_: Round) -> Conflict:
    """The conflict between a statement that was not made and the one that stands."""
    if round_.publications:
        return Conflict(_("A joint report rests on this by now, so it cannot be changed any more."), "")
    words = _("it applies"), _("it does not apply")
    values = [(STATEMENT, "no"), (STATEMENT, "yes"), (f"{STATEMENT}.revision", round_.statement_revision)]
    fields = urlencode([pair for pair in values if applies_not or pair[1] != "yes"])
    return Conflict(_message(words[not applies_not], words[applies_not]), fields)


def _message(stands: str, late: str) -> str:
    return _("Changed meanwhile in another window (%(stands)s). Replace by “%(late)s”?") % {
        "stands": stands,
        "late": late,
    }


def _words(question: QuestionContent, values: dict, parts: list[str]) -> str:
    """Parts of an answer as one reads them."""
    texts = {choice.key: str(choice.text) for choice in question.choices}
    texts |= {Answer.State.NOT_APPLICABLE: _("Not applicable"), Answer.State.UNKNOWN: _("I don’t know")}
    words = {
        CHOICE: ", ".join(texts[value] for value in values[CHOICE]) or _("no answer"),
        NOTE: _("note: %(text)s") % {"text": isolated(values[NOTE])} if values[NOTE] else _("no note"),
        EVIDENCE: _("link: %(text)s") % {"text": isolated(readable(values[EVIDENCE]))}
        if values[EVIDENCE]
        else _("no link"),
    }
    return " · ".join(words[part] for part in parts)
