"""Where something is in a questionnaire: its parts by their keys, in their order, with their texts."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from assessment.content.structure import LevelContent, QuestionnaireContent, StepContent, Text


@dataclass(frozen=True, order=True)
class Place:
    """A part of a questionnaire by its keys; all empty is the questionnaire itself.

    `field` leads on from there to one of its values: "weight", "needs[0]", "step.title.fr".
    """

    dimension: str = ""
    question: str = ""
    choice: str = ""
    rule: str = ""
    field: str = ""

    @property
    def part(self) -> "Place":
        """The part alone, whichever of its fields this is."""
        return replace(self, field="")

    def at(self, field: str) -> "Place":
        """A field of this part."""
        return replace(self, field=field)


WHOLE = Place()


def parts(content: QuestionnaireContent) -> Iterator[tuple[Place, object]]:
    """Everything that has a key, with its place, in the order of the questionnaire, which comes first."""
    yield WHOLE, content
    for dimension in content.dimensions:
        yield Place(dimension.key), dimension
        for question in dimension.questions:
            yield Place(dimension.key, question.key), question
            for choice in question.choices:
                yield Place(dimension.key, question.key, choice.key), choice
    for rule in content.consistency:
        yield Place(rule=rule.key), rule


@dataclass(frozen=True)
class Written:
    """A text, None where it has to be and is not: its place, the keys of what it is `of`, and the field it is `called` after.

    `number` is its own in a list, from 1.
    """

    place: Place
    of: str
    called: str
    number: int
    text: Text | None


def texts(content: QuestionnaireContent) -> Iterator[Written]:
    """Every text of a questionnaire, part by part."""
    for place, part in parts(content):
        keys = [place.dimension, place.question, place.choice, place.rule]
        yield from _texts_of(part, place, " > ".join(filter(None, keys)))


def _texts_of(part, place: Place, of: str, *, inside: str = "") -> Iterator[Written]:
    """The texts of one part, and of the levels or the step that it holds."""
    for field in fields(part):
        value = getattr(part, field.name)
        is_list = isinstance(value, tuple)
        is_needed = field.type in (Text, tuple[Text, ...]) or (isinstance(part, StepContent) and field.type is not str)
        for number, entry in enumerate(value if is_list else (value,), start=1):
            name = f"{field.name}[{number - 1}]" if is_list else field.name
            at = place.at(f"{place.field}.{name}" if place.field else name)
            if isinstance(entry, Text) or (entry is None and is_needed):
                yield Written(at, of, inside + field.name, number, entry)
            elif isinstance(entry, LevelContent):
                yield from _texts_of(entry, at, str(entry.number))
            elif isinstance(entry, StepContent):
                yield from _texts_of(entry, at, of, inside="step.")
