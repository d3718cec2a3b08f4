"""What is known of other companies, as it is handed to a report: levels read from the barometer, figures, criteria."""

from dataclasses import dataclass
from decimal import Decimal

from assessment.content.structure import Text


@dataclass(frozen=True, slots=True)
class Reference:
    """Where we read the companies of one edition of the barometer in one dimension; level None: nothing was found."""

    edition: int
    level: int | None
    why: Text | None


@dataclass(frozen=True, slots=True)
class Published:
    """A published figure: `percent` (0 to 100) of those a study asked do what `label` says; sample None: not published.

    `confidence` says how we know it: primary, read, second-hand (quoted by another page), or author (their own words).
    """

    percent: Decimal
    label: Text
    publisher: str
    year: int | None
    sample: int | None
    population: Text
    vendor: bool
    confidence: str = "read"
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A finding with a published figure, in words; `confidence` as of a `Published`."""

    key: str
    text: Text
    confidence: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A point that an edition made of companies, in words: a gap, progress, a practice, an outlook or its context.

    `figures` are what the same edition published in figures on the same thing.
    """

    key: str
    kind: str
    title: Text
    text: Text
    dimension: str
    confidence: str
    figures: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the barometer: who asked whom, and what it says of companies."""

    edition: int
    title: Text
    publisher: str
    period: Text
    sample: int | None
    population: Text
    vendor: bool
    criteria: tuple[Criterion, ...]
