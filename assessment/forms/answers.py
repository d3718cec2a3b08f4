"""What the page of a dimension sends: answers, notes, links, and the dimension's own statement that it does not apply.

A field is named by the key of its question and worth the key of a choice, `not-applicable` or `unknown`. Beside them:

- `save` names the one question that the form is about; without it the form is about every question it mentions.
- `clear` names a question whose choice is taken back.
- `replace` holds the fields of one question, as a query string, that count instead of its own: a conflict's button.
- `late`, one beside `replace` for each conflict of the page, holds the same, so that those not replaced are shown again.
- `sent` holds the fields of an earlier save of the same page, of which the sender does not know what became.
- `kept` says that the sender keeps what it sent until it is told that it was taken.

In the address of the page `change` names the question that somebody came to change from the review.
"""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment.content.structure import DimensionContent, QuestionContent
from assessment.models.answer import NO_ANSWER, Answer, SavedAnswer
from assessment.rounds.saving import Change
from assessment.text.cleaning import prose
from assessment.text.links import LONGEST, LinkError, link

STATEMENT = "dimension.not-applicable"
NOTE_LENGTH = Answer._meta.get_field("note").max_length
WRONG_LINKS = {
    LinkError.NOT_WEB: _("Please give a whole address that begins with https:// or http://."),
    LinkError.COMPUTER: _(
        "This is a place on a computer or a file server, which a browser does not open. Please give an address that "
        "begins with https:// or http://."
    ),
    LinkError.PASSWORD: _("Please leave the name or password before the @ out: whoever reads the report would see it."),
    LinkError.HOST: _("There is no valid server name between // and the next /. Please check the address."),
    LinkError.SEVERAL: _("There is room for one link here. Please put the others into the note."),
    LinkError.PORT: _("The number after the colon has to be from 1 to 65535. Please check it."),
}
UNKNOWN = _("I don’t know")
PARTS = ("", ".note", ".evidence", ".revision")  # what the names of a question's fields end with


@dataclass(frozen=True, slots=True)
class Errors:
    """What is wrong with the parts of a question, empty where nothing is; false when nothing is wrong at all."""

    choice: str = ""
    note: str = ""
    evidence: str = ""

    @property
    def values(self) -> list[str]:
        return [message for message in (self.choice, self.note, self.evidence) if message]

    def __bool__(self) -> bool:
        return bool(self.values)


class AnswersForm:
    """`changes` are the valid ones, `errors` says by field name what is wrong with the others, `statement` may be None."""

    def __init__(self, data: QueryDict, dimension: DimensionContent, *, asks_statement: bool, stored) -> None:
        asked = [question.key for question in dimension.questions] + [STATEMENT] * asks_statement
        self.data, self.stored = with_replaced(data, asked), stored
        self.stays = "clear" in data or "replace" in data  # the page is shown again afterwards
        self.is_kept = "kept" in data  # the sender keeps what it says until it is told that it was taken
        self.errors: dict[str, str] = {}
        self.changes: list[Change] = []
        self.statement: bool | None = None
        saved, self.cleared = data.get("save"), data.get("clear")
        if asks_statement and STATEMENT in self.data and saved in (None, STATEMENT):
            self.statement = self.data.getlist(STATEMENT)[-1] == "yes"
        self.statement_revision = self._revision(STATEMENT)
        self.stated_before: bool | None = None  # by a save of the same page, not knowing what became of it
        self.earlier = [] if saved else self._earlier(dimension)
        self.late = self._late(dimension) if "replace" in data else []
        if saved is not None and saved not in asked:
            self.errors["save"] = gettext("This page does not ask this question.")
        for question in dimension.questions:
            if saved in (None, question.key) and self._mentions(question.key):
                self._read(question)

    def errors_of(self, key: str) -> Errors:
        names = (key, f"{key}.note", f"{key}.evidence")
        return Errors(*(self.errors.get(name, "") for name in names))

    def _mentions(self, key: str) -> bool:
        return self.cleared == key or any(key + part in self.data for part in PARTS)

    def _earlier(self, dimension: DimensionContent) -> list[tuple[str, tuple]]:
        """What the same page asked for before, not knowing what became of it: question and content; one save a question."""
        saves: dict[str, QueryDict] = {}
        for fields in map(QueryDict, self.data.getlist("sent")[: len(dimension.questions) + 1]):
            if STATEMENT in fields or f"{STATEMENT}.revision" in fields:
                self.stated_before = fields.get(STATEMENT) == "yes"
            key = next((question.key for question in dimension.questions if only(fields, question.key)), None)
            if key:
                saves[key] = only(fields, key)
        forms = [AnswersForm(save, dimension, asks_statement=False, stored=self.stored) for save in saves.values()]
        taken = [change for form in forms for change in form.changes if change.question not in form.errors]
        return [(change.question, change.content) for change in taken]

    def _late(self, dimension: DimensionContent) -> list[Change]:
        """What came too late for other questions of the page, and is not replaced yet."""
        found = []
        for fields in map(QueryDict, self.data.getlist("late")[: len(dimension.questions)]):
            key = next((question.key for question in dimension.questions if only(fields, question.key)), None)
            if key and not only(QueryDict(self.data.get("replace", "")), key):
                found += AnswersForm(only(fields, key), dimension, asks_statement=False, stored=self.stored).changes
        return found

    def _read(self, question: QuestionContent) -> None:
        """The change a question's fields ask for; a part that is wrong stays as it was stored."""
        before = self.stored.get(question.key, NO_ANSWER)
        state, choices = self._choice(question, before)
        note = self._note(f"{question.key}.note", before.note)
        evidence = self._link(f"{question.key}.evidence", before.evidence)
        # What stands because this page asked for it is nobody else's, so that the change is one of it.
        is_own = (question.key, before.content) in self.earlier
        revision = before.revision if is_own else self._revision(question.key)
        self.changes.append(Change(question.key, state, choices, note, evidence, revision))

    def _revision(self, name: str) -> int | None:
        """The revision that a field was based on; None when the sender keeps no count."""
        revision = self.data.get(f"{name}.revision", "")
        return int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else None

    def _choice(self, question: QuestionContent, before: SavedAnswer) -> tuple[str, tuple[str, ...]]:
        """The state and the choices that the form names for a question."""
        key = question.key
        values = list(dict.fromkeys(value for value in self.data.getlist(key) if value))
        # A form with a revision is the page itself, where nothing chosen means no answer.
        unmentioned = key not in self.data and f"{key}.revision" not in self.data
        if self.cleared == key or not (values or unmentioned):
            return Answer.State.EMPTY, ()
        if values == [Answer.State.UNKNOWN]:
            return Answer.State.UNKNOWN, ()
        if values == [Answer.State.NOT_APPLICABLE] and question.allows_not_applicable:
            return Answer.State.NOT_APPLICABLE, ()
        if unmentioned or not self._are_choices(question, values):
            return before.state, tuple(before.choices)
        return Answer.State.ANSWERED, tuple(choice.key for choice in question.choices if choice.key in values)

    def _are_choices(self, question: QuestionContent, values: list[str]) -> bool:
        texts = {choice.key: choice.text for choice in question.choices} | {Answer.State.UNKNOWN: UNKNOWN}
        exclusive = {choice.key for choice in question.choices if choice.exclusive} | {Answer.State.UNKNOWN}
        alone = next((texts[value] for value in values if value in exclusive), None)
        if not texts.keys() >= set(values):
            self.errors[question.key] = gettext("This answer is not one of the choices. Please choose again.")
        elif question.kind == "single" and len(values) > 1:
            self.errors[question.key] = gettext("Please choose one answer only.")
        elif len(values) > 1 and alone is not None:
            self.errors[question.key] = gettext("“%(choice)s” cannot be combined with another answer.") % {
                "choice": alone
            }
        return question.key not in self.errors

    def _typed(self, name: str, before: str) -> str:
        """What a field says, the text as it was where the form has none; a zero byte is no text of a person's."""
        typed = self.data.get(name, before)
        if "\0" not in typed:
            return typed
        self.errors[name] = gettext("This text contains a character that cannot be stored.")
        return before

    def _note(self, name: str, before: str) -> str:
        """The text of a note; what cannot be stored is an error, and the note stays as it was."""
        typed = self._typed(name, before)
        text = before if typed == before else prose(typed)
        if len(text) > NOTE_LENGTH:
            self.errors[name] = _too_long(len(text), NOTE_LENGTH)
        return before if name in self.errors else text

    def _link(self, name: str, before: str) -> str:
        """The link to evidence, as it is stored; what is none is an error, and the link stays as it was."""
        typed = self._typed(name, before)
        if typed == before or not prose(typed):
            return typed if typed == before else ""
        try:
            return link(typed)
        except LinkError as error:
            is_long = error.reason == LinkError.LONG
            self.errors[name] = _too_long(error.size, LONGEST) if is_long else str(WRONG_LINKS[error.reason])
            return before


def changed_from_review(asked: QueryDict, dimension: DimensionContent) -> str | None:
    """The key of the question that somebody came to change from the review, where the page leads back to; else None."""
    key = asked.get("change")
    return key if any(question.key == key for question in dimension.questions) else None


def _too_long(length: int, most: int) -> str:
    return gettext("Please shorten this text: %(length)s characters, %(most)s at most.") % {
        "length": number_format(length, force_grouping=True),
        "most": number_format(most, force_grouping=True),
    }


def only(data: QueryDict, key: str) -> QueryDict:
    """The fields of one question."""
    fields = QueryDict(mutable=True)
    for name in (key + part for part in PARTS):
        if name in data:
            fields.setlist(name, data.getlist(name))
    return fields


def with_replaced(data: QueryDict, asked: list[str]) -> QueryDict:
    """The fields of a form, those of one question as its field `replace` states them."""
    late = QueryDict(data.get("replace", ""))
    key = next((key for key in asked if only(late, key)), None)
    if key is None:
        return data
    merged = data.copy()
    for part in PARTS:
        merged.pop(key + part, None)
    merged.update(only(late, key))
    return merged


def shown(answer: SavedAnswer | Change | None) -> tuple[tuple[str, ...], str, str]:
    """The values of a question's fields for an answer: choices, note and link."""
    if answer is None:
        return (), "", ""
    if answer.state == Answer.State.ANSWERED:
        return tuple(answer.choices), answer.note, answer.evidence
    return (() if answer.state == Answer.State.EMPTY else (answer.state,)), answer.note, answer.evidence
