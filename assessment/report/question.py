"""One question in a report: what was answered, what it is worth, and what was written beside it."""

from dataclasses import dataclass
from fractions import Fraction

from assessment.content.structure import Text

WEAK, STRONG = 50, 75  # points: below the one a question holds its dimension back, from the other on it is a strength


@dataclass(frozen=True, slots=True)
class Given:
    """What one person answered, in words, with the note and link that only they and their readers see."""

    state: str
    texts: tuple[Text, ...]
    note: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What one of several people wrote beside an answer; the role is empty in a confidential round."""

    text: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """Why this score: one question with its answer, points (0 to 100) and weight.

    Of several people there is no `given`: `nearest` is the statement whose points are nearest to their mean, `lowest` and
    `highest` are the statements chosen at the two ends (open rounds only), `spread` their points where they differ,
    `notes` what may be shown of their notes. Where only its level is shown, `place` is that of the nearest statement among
    how many, counted from 1 at the least, and `score` the points of that statement, which are not told. `between` are the
    statements between which the mean of several people lies. `is_statement`: an answer says by itself what is so.
    """

    key: str
    text: Text
    state: str
    score: Fraction | None
    weight: Fraction
    given: Given | None
    nearest: Text | None = None
    views_differ: bool = False
    lowest: Text | None = None
    highest: Text | None = None
    notes: tuple[Note, ...] = ()
    spread: tuple[Fraction, Fraction] | None = None
    place: tuple[int, int] | None = None
    between: tuple[Text, Text] | None = None
    is_statement: bool = False

    @property
    def is_weak(self) -> bool:
        """Whether it holds its dimension back: it has a score below half of the points."""
        return self.score is not None and self.score < WEAK

    @property
    def is_strong(self) -> bool:
        """Whether it is a strength: it has a score of three quarters of the points or more."""
        return self.score is not None and self.score >= STRONG
