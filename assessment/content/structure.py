"""What the content files hold, as plain values: no row, no request, no YAML."""

from collections.abc import Collection
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.translation import get_language

HALF_WAY = 50  # points: a step of a plan leads to a choice worth as much or more
escaped = lru_cache(maxsize=4096)(escape)


@dataclass(frozen=True)
class Text:
    """A text in both languages of the product; as a string it is the reader's."""

    en: str
    fr: str

    def __str__(self) -> str:
        return self.fr if get_language() == "fr" else self.en

    def __html__(self) -> str:
        """What a template puts on the page: pages repeat the same texts, so that they are escaped once."""
        return escaped(str(self))


@dataclass(frozen=True)
class LevelContent:
    """One of the five levels of maturity; `number` is 1 to 5."""

    number: int
    name: Text
    description: Text


@dataclass(frozen=True)
class StepContent:
    """What leads to a choice: `effort` S, M or L, `owner` the role that would carry it out; "" while a draft lacks them.

    A questionnaire of before steps has no title, and a first move only at the lowest choice (see `recommendation`).
    """

    title: Text | None
    first_move: Text | None
    effort: str
    owner: str


NO_STEP = StepContent(None, None, "", "")


@dataclass(frozen=True)
class ChoiceContent:
    """A statement that can be chosen; `points` 0 to 100 if scored, `figure` a published figure to set beside it.

    One that a plan can aim at, worth 50 or more, has the `step` that leads to it.
    """

    key: str
    text: Text
    points: Decimal | None
    exclusive: bool
    figure: str | None
    step: StepContent | None = None

    @property
    def is_aimed_at(self) -> bool:
        """Whether a step of a plan can lead here."""
        return self.points is not None and self.points >= HALF_WAY


@dataclass(frozen=True)
class QuestionContent:
    """A question with its choices; `kind` single or multiple, `needs` the questions that come first.

    `foundation`: without it the rest of its dimension does not stand.
    """

    key: str
    kind: str
    text: Text
    help: Text | None
    weight: Decimal | None
    allows_not_applicable: bool
    needs: tuple[str, ...]
    findings: tuple[str, ...]
    choices: tuple[ChoiceContent, ...]
    foundation: bool = False

    def choice(self, key: str) -> ChoiceContent:
        """The choice with this key; KeyError if there is none."""
        return {choice.key: choice for choice in self.choices}[key]

    def nearest(self, points: Fraction | None) -> Text | None:
        """The statement whose points are nearest to these (0 to 100); of two as near, the one worth less. None for None."""
        if points is None:
            return None
        return min(self.choices, key=lambda choice: (abs(Fraction(choice.points) - points), choice.points)).text


@dataclass(frozen=True)
class DimensionContent:
    """A dimension with its questions; `not_applicable` is the statement that makes all of it not applicable."""

    key: str
    title: Text
    description: Text
    scored: bool
    weight: Decimal | None
    anchors: tuple[Text, ...]
    not_applicable: Text | None
    questions: tuple[QuestionContent, ...]


@dataclass(frozen=True)
class ConditionContent:
    """A threshold on a question's score, 0 to 100: one of `at_least` and `at_most` is given."""

    question: str
    at_least: Decimal | None
    at_most: Decimal | None


@dataclass(frozen=True)
class RuleContent:
    """Two conditions that contradict each other, and the question to put to the team when both hold."""

    key: str
    text: Text
    when: tuple[ConditionContent, ConditionContent]


@dataclass(frozen=True)
class QuestionnaireContent:
    """A whole questionnaire, as authored."""

    key: str
    title: Text
    instruction: Text
    levels: tuple[LevelContent, ...]
    dimensions: tuple[DimensionContent, ...]
    consistency: tuple[RuleContent, ...]

    def first_numbers(self, left_out: Collection[str] = ()) -> dict[str, int]:
        """The number of the first question by dimension, counted from 1 through all of them: scored dimensions first.

        One that is left out takes no number; while it is open it is numbered as if it were not.
        """
        numbers, number = {}, 1
        for dimension in sorted(self.dimensions, key=lambda dimension: not dimension.scored):
            numbers[dimension.key] = number
            number += 0 if dimension.key in left_out else len(dimension.questions)
        return numbers


@dataclass(frozen=True)
class StudyContent:
    """A published study; `edition` marks an edition of the barometer, `vendor` a publisher who sells such tools."""

    key: str
    title: Text
    publisher: str
    year: int | None
    period: Text
    sample: int | None
    population: Text
    vendor: bool
    edition: int | None
    approximate: bool = False


@dataclass(frozen=True)
class FindingContent:
    """What a study found, in our words; a source is an http(s) address or, for a paper, a reference in words.

    A criterion, a point that an edition of the barometer made, has a `kind` and a `title` of a few words; its
    `linked_findings` are the keys of those of its study that publish a figure on the same thing.
    """

    key: str
    study: str
    dimension: str
    criterion: bool
    text: Text
    published_figure: Text | None
    sample: Text
    sources: tuple[Text, ...]
    confidence: str
    kind: str | None = None
    title: Text | None = None
    linked_findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class FigureContent:
    """A published share of companies, 0 to 100 percent, that an answer can be set beside."""

    key: str
    finding: str
    percent: Decimal
    label: Text


@dataclass(frozen=True)
class ReferenceContent:
    """The level we read off one edition for one dimension, or `level` None with the reading 'none', and why."""

    edition: int
    dimension: str
    level: int | None
    reading: str
    findings: tuple[str, ...]
    why: Text


@dataclass(frozen=True)
class EvidenceContent:
    """The studies and what is taken from them."""

    studies: tuple[StudyContent, ...]
    findings: tuple[FindingContent, ...]
    figures: tuple[FigureContent, ...]
    references: tuple[ReferenceContent, ...]


@dataclass(frozen=True)
class Entry:
    """One entry of a list to choose from."""

    key: str
    text: Text


@dataclass(frozen=True)
class SectorGroup(Entry):
    """Sectors that the live barometer sums up as one."""

    sectors: tuple[str, ...]


@dataclass(frozen=True)
class ListsContent:
    """The lists asked at the start, and the groups of sectors."""

    sizes: tuple[Entry, ...]
    markets: tuple[Entry, ...]
    sectors: tuple[Entry, ...]
    roles: tuple[Entry, ...]
    groups: tuple[SectorGroup, ...]

    def group_of(self, sector: str) -> str:
        """The group that a sector belongs to; one that is in none, of another list, counts with the last group."""
        return next((group.key for group in self.groups if sector in group.sectors), self.groups[-1].key)


def asks_the_same(before: QuestionContent, after: QuestionContent) -> bool:
    """Whether the words of a question and of its choices are the same, and what these are worth."""
    return _asked(before) == _asked(after)


def may_mean_the_same(before: QuestionContent, after: QuestionContent) -> bool:
    """Whether a question in other words, or with other keys of its choices, is worth the same points as before.

    Whether it means the same only a person can say.
    """
    return before.kind == after.kind and _scale(before) == _scale(after)


def _asked(question: QuestionContent) -> tuple:
    """What is compared of a question: neither its help nor the steps to its choices."""
    return question.kind, question.text, {choice.key: (choice.text, choice.points) for choice in question.choices}


def _scale(question: QuestionContent) -> list[str]:
    return sorted(str(choice.points and choice.points.normalize()) for choice in question.choices)


def filled(part: Any, mark: Text) -> Any:
    """The same content; where a needed text is missing in a language, the mark in that language."""
    changes = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if field.type == tuple[Text, ...]:
            changes[field.name] = tuple(_text(entry, mark) for entry in value)
        elif isinstance(value, Text) or field.type is Text:
            changes[field.name] = _text(value, mark)
        elif isinstance(value, tuple):
            changes[field.name] = tuple(filled(entry, mark) if is_dataclass(entry) else entry for entry in value)
        elif is_dataclass(value):
            changes[field.name] = filled(value, mark)
    return replace(part, **changes)


def _text(text: Text | None, mark: Text) -> Text:
    english, french = (text.en, text.fr) if text else ("", "")
    return Text(english if english.strip() else mark.en, french if french.strip() else mark.fr)
