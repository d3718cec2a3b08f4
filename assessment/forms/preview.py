"""The answers that somebody clicks in a preview: they travel in the address, and nothing keeps them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from assessment.content.structure import DimensionContent, QuestionContent
from assessment.models.outline import Outline

# No key has a dot, so none of these is the name of a question.
GIVEN, PAGE, GO, SWITCH = "preview.given", "preview.page", "preview.go", "preview.switch"
STATEMENT = "dimension.not-applicable"
REPORT = "report"  # no dimension may be called so
UNKNOWN, NOT_APPLICABLE = "unknown", "not-applicable"
LETTERS = {UNKNOWN: "u", NOT_APPLICABLE: "n"}
LEFT_OUT = "x"
LONGEST = 8000


@dataclass(frozen=True)
class Tried:
    """What was clicked: by question the keys of choices or of a state; and the dimensions said not to apply."""

    picked: dict[str, tuple[str, ...]]
    left_out: frozenset[str]

    def packed(self, outline: Outline) -> str:
        """All of it in a few characters for an address: 12.3_14.u_charter.x"""
        words = []
        for key, values in self.picked.items():
            places = {choice.key: str(place) for place, choice in enumerate(outline.questions[key].choices)}
            told = [LETTERS.get(value) or places[value] for value in values]
            words.append(".".join([str(outline.question_ids[key]), *told]))
        return "_".join([*words, *(f"{key}.{LEFT_OUT}" for key in sorted(self.left_out))])


def read_tried(asked: QueryDict, outline: Outline) -> Tried:
    """What the address carries, with what was clicked on the page just sent; what is not understood is left out."""
    picked, left_out = {}, set()
    for name, *told in (word.split(".") for word in asked.get(GIVEN, "")[:LONGEST].split("_")):
        if told == [LEFT_OUT] and name in outline.dimensions:
            left_out.add(name)
        elif question := _question(name, outline):
            picked[question.key] = tuple(_unpacked(told, question))
    if page := outline.dimensions.get(asked.get(PAGE, "")):
        picked |= {question.key: tuple(asked.getlist(question.key)) for question in page.questions}
        picked.pop(asked.get("clear", ""), None)
        left_out -= {page.key}
        left_out |= {page.key} if asked.get(STATEMENT) == "yes" else set()
    known = {key: _allowed(values, outline.questions[key]) for key, values in picked.items()}
    asks = {key for key, dimension in outline.dimensions.items() if dimension.not_applicable}
    return Tried({key: values for key, values in known.items() if values}, frozenset(left_out & asks))


def shown_part(asked: QueryDict, outline: Outline) -> DimensionContent | None:
    """The dimension to be shown, else None: the report."""
    dimensions = list(outline.content.dimensions)
    stays = "clear" in asked or SWITCH in asked
    wanted = asked.get(PAGE, "") if stays else asked.get(GO, "")
    if wanted == REPORT or not dimensions:
        return None
    return next((part for part in dimensions if part.key == wanted), dimensions[0])


def _question(name: str, outline: Outline) -> QuestionContent | None:
    is_number = name.isascii() and name.isdigit() and len(name) < 19
    key = outline.question_keys.get(int(name)) if is_number else None
    return outline.questions.get(key) if key else None


def _unpacked(told: Sequence[str], question: QuestionContent) -> Iterator[str]:
    letters = {letter: state for state, letter in LETTERS.items()}
    for word in told:
        if word in letters:
            yield letters[word]
        elif word.isascii() and word.isdigit() and len(word) < 4 and int(word) < len(question.choices):
            yield question.choices[int(word)].key


def _allowed(values: Sequence[str], question: QuestionContent) -> tuple[str, ...]:
    """Of what was sent, what the question takes: one answer, or several that do not exclude each other."""
    choices = {choice.key: choice for choice in question.choices}
    alone = [key for key, choice in choices.items() if choice.exclusive]
    alone += [UNKNOWN, *([NOT_APPLICABLE] if question.allows_not_applicable else [])]
    found = [value for value in dict.fromkeys(values) if value in choices or value in alone]
    if question.kind == "multiple" and not any(value in alone for value in found):
        return tuple(found)
    return tuple([value for value in found if value in alone][:1] or found[:1])
