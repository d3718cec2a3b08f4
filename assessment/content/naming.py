"""Remarks in their author's words: where one names a part of a questionnaire by its key, the text of that part instead."""

from collections.abc import Mapping
from dataclasses import replace

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from assessment.content import changes, complaints
from assessment.content.remarks import Place, Remark
from assessment.content.shipped import organisation_lists
from assessment.content.structure import QuestionnaireContent, Text

LONGEST = 80  # characters of a text that names its part
ABOUT_KEYS = frozenset({complaints.TAKEN, complaints.REPEATED_KEY, changes.KEY})  # what these say is said of keys


class Names:
    """The texts of the parts of a questionnaire by their keys; of several versions the first that has a part names it."""

    def __init__(self, *contents: QuestionnaireContent, evidence: Mapping[str, str] | None = None) -> None:
        self.texts: dict[Place, Text | None] = {}
        self.questions: dict[str, Text | None] = {}
        self.evidence = evidence or {}
        for content in contents:
            for part in content.dimensions:
                self.texts.setdefault(Place(part.key), part.title)
                for question in part.questions:
                    self.questions.setdefault(question.key, question.text)
                    for choice in question.choices:
                        self.texts.setdefault(Place(question=question.key, choice=choice.key), choice.text)
            for rule in content.consistency:
                self.texts.setdefault(Place(rule=rule.key), rule.text)

    def told(self, remark: Remark) -> Remark:
        """The same remark, its parts named by their texts."""
        if remark.message in ABOUT_KEYS:
            return remark
        return replace(remark, values={name: self._value(remark, name) for name in remark.values})

    def path(self, place: Place) -> list[str]:
        """The names of a place and of what it is in, from the outside."""
        if place.rule:
            return [self.rule(place.rule)]
        steps = [self.dimension(place.dimension)] if place.dimension else []
        steps += [self.question(place.question)] if place.question else []
        return [*steps, self.choice(place.question, place.choice)] if place.choice else steps

    def dimension(self, key: str) -> str:
        return _named(self.texts.get(Place(key)), key)

    def question(self, key: str) -> str:
        return _named(self.questions.get(key), key)

    def choice(self, question: str, key: str) -> str:
        return _named(self.texts.get(Place(question=question, choice=key)), key)

    def rule(self, key: str) -> str:
        return _named(self.texts.get(Place(rule=key)), key)

    def _value(self, remark: Remark, name: str) -> object:
        value, place = remark.values[name], remark.place
        if isinstance(value, Remark):
            return str(self.told(value))
        match name:
            case "key" if "question" in remark.values:
                return self.choice(str(remark.values["question"]), str(value))
            case "key":
                return (self.path(replace(place, choice="")) or [value])[-1]
            case "question" | "other":
                return self.question(str(value))
            case "dimension":
                return self.dimension(str(value))
            case "keys":
                return " > ".join(self.question(key) for key in str(value).split(" > "))
            case "place":
                return (
                    self.path(place) or [_("level %(number)s") % {"number": value} if value else _("the questionnaire")]
                )[-1]
            case "old" | "new":
                return self._listed(remark.message, value)
        return value

    def _listed(self, message: str, value: object) -> object:
        """What goes from one value to another, where these are keys."""
        if not isinstance(value, str):
            return value
        if message == changes.NEEDS:
            return ", ".join(
                _("“%(text)s”") % {"text": self.question(key)} if key in self.questions else key
                for key in value.split(", ")
            )
        if message in (changes.FINDINGS, changes.CHOICE_FIGURE):
            return ", ".join(self.evidence.get(key, key) for key in value.split(", "))
        if message == changes.OWNER:
            return next((str(role.text) for role in organisation_lists().roles if role.key == value), value)
        return value


def _named(text: Text | None, key: str) -> str:
    """A text in the reader's language, else in the other one, else the key."""
    words = (str(text) or text.en or text.fr) if text else ""
    return Truncator(words.strip() or key).chars(LONGEST)
