"""What check and changes say, as the pages show it: in the words of the texts instead of keys, with a link to each place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from assessment.authoring.publication import Changes, Publication
from assessment.content import differences, rules
from assessment.content.differences import Section
from assessment.content.files import organisation_lists
from assessment.content.places import Place
from assessment.content.problems import Problem, Sentence
from assessment.content.structure import QuestionnaireContent, Text
from assessment.models import Figure, Finding
from assessment.models.outline import Outline, outline

LONGEST = 80  # characters of a text that names its part
ABOUT_KEYS = frozenset({rules.TAKEN, rules.REPEATED_KEY, differences.KEY})  # what these say is said of keys
Told = TypeVar("Told", bound=Sentence)


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

    def told(self, sentence: Told) -> Told:
        """The same sentence, its parts named by their texts."""
        if sentence.message in ABOUT_KEYS:
            return sentence
        return replace(sentence, values={name: self._value(sentence, name) for name in sentence.values})

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

    def _value(self, sentence: Sentence, name: str) -> object:
        value, place = sentence.values[name], sentence.place
        if isinstance(value, Sentence):
            return str(self.told(value))
        match name:
            case "key" if "question" in sentence.values:
                return self.choice(str(sentence.values["question"]), str(value))
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
                return self._listed(sentence.message, value)
        return value

    def _listed(self, message: str, value: object) -> object:
        """What goes from one value to another, where these are keys."""
        if not isinstance(value, str):
            return value
        if message == differences.NEEDS:
            return ", ".join(
                _("“%(text)s”") % {"text": self.question(key)} if key in self.questions else key
                for key in value.split(", ")
            )
        if message in (differences.FINDINGS, differences.CHOICE_FIGURE):
            return ", ".join(self.evidence.get(key, key) for key in value.split(", "))
        if message == differences.OWNER:
            return next((str(role.text) for role in organisation_lists().roles if role.key == value), value)
        return value


def _named(text: Text | None, key: str) -> str:
    """A text in the reader's language, else in the other one, else the key."""
    words = (str(text) or text.en or text.fr) if text else ""
    return Truncator(words.strip() or key).chars(LONGEST)


@dataclass(frozen=True)
class Linked:
    """A problem, the names of its place, its keys for who needs them, and the address where it can be mended."""

    text: str
    where: str
    keys: str
    address: str


def checked(publication: Publication) -> dict[str, list[Linked]]:
    """What is wrong with a questionnaire and what is doubtful in it."""
    found, asked = publication.checked, publication.outline
    names = Names(asked.content)
    return {
        "problems": [_linked(problem, names, asked) for problem in found.problems],
        "warnings": [_linked(problem, names, asked) for problem in found.warnings],
    }


def told_sections(publication: Publication, changes: Changes) -> list[Section]:
    """What changes, dimension by dimension, in words."""
    if changes.before is None:
        return []
    return in_words(changes.sections, publication.outline.content, outline(changes.before).content)


def in_words(sections: Iterable[Section], *contents: QuestionnaireContent) -> list[Section]:
    """Differences with the parts named by their texts; of several contents the first that has a part names it."""
    evidence = {row.key: str(row) for row in Figure.objects.all()} | dict(Finding.objects.values_list("key", "text"))
    names = Names(*contents, evidence=evidence)
    return [
        replace(section, differences=tuple(names.told(item) for item in section.differences)) for section in sections
    ]


def keys_of(place: Place) -> str:
    return " › ".join(key for key in (place.dimension, place.question, place.choice, place.rule) if key)


def _linked(problem: Problem, names: Names, asked: Outline) -> Linked:
    place = problem.place.part
    return Linked(str(names.told(problem)), " › ".join(names.path(place)), keys_of(place), _address(place, asked))


def _address(place: Place, asked: Outline) -> str:
    """The page where a place of a questionnaire is edited: a choice on its question's, what has no row on its own."""
    page = Place(place.dimension, place.question, rule=place.rule)
    if page not in asked.rows:
        return reverse("admin:assessment_questionnaire_change", args=[asked.pk])
    model = "consistencyrule" if page.rule else "question" if page.question else "dimension"
    return reverse(f"admin:assessment_{model}_change", args=[asked.rows[page]])
