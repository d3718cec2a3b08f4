"""What is said of a questionnaire or a content file, and of which place; each text in the language in which it is read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from assessment.content.places import Place

MOST_PROBLEMS = 500  # a hostile file must not fill the memory with problems
MORE_PROBLEMS = _("there are more problems; only the first %(limit)s are listed")


@dataclass(frozen=True)
class Sentence:
    """One sentence about a place: `message` is a template marked for translation, filled with `values`."""

    place: Place
    message: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return _filled(self.message, self.values)


class Problem(Sentence):
    """Something that is wrong with a questionnaire, or (a warning) that an author should look at."""


@dataclass(frozen=True)
class FileProblem:
    """One thing that is wrong with a file: `message` as in a sentence; `key` the path; lines and columns count from 1."""

    file: str
    line: int
    column: int
    key: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def text(self) -> str:
        """What is wrong, without where."""
        return _filled(self.message, self.values)

    def __str__(self) -> str:
        parts = [f"{self.file}:{self.line}:{self.column}", self.key, self.text]
        return ": ".join(part for part in parts if part)


class ContentError(Exception):
    """A content file cannot be used; `problems` lists everything that is wrong with it, in the order of the file."""

    def __init__(self, problems: list[FileProblem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class Problems:
    """Collects the problems of one file while it is read."""

    def __init__(self, file: str, *, of_draft: bool = False) -> None:
        self.file, self.of_draft = file, of_draft  # a draft may lack texts
        self._found: list[FileProblem] = []
        self._keys: set[str] = set()

    def add(self, line: int, column: int, key: str, message: str, /, **values: object) -> None:
        """Note a problem; past the limit only that there are more."""
        if len(self._found) > MOST_PROBLEMS:
            return
        if len(self._found) == MOST_PROBLEMS:
            key, message, values = "", MORE_PROBLEMS, {"limit": MOST_PROBLEMS}
        self._found.append(FileProblem(self.file, line, column, key, message, values))
        self._keys.add(key)

    def is_told(self, key: str) -> bool:
        """Whether there is a problem with the value at this path, or with what it is in."""
        above = {key[: step.start()] for step in re.finditer(r"[.\[]", key)}
        return not self._keys.isdisjoint({"", key} | above)

    @property
    def found(self) -> list[FileProblem]:
        """What was found, in the order of the file."""
        last = self._found[MOST_PROBLEMS:]  # "there are more" stays at the end
        return sorted(self._found[:MOST_PROBLEMS], key=lambda problem: (problem.line, problem.column)) + last

    def raise_if_any(self) -> None:
        """Raise a `ContentError` with what was found, if anything was."""
        if self._found:
            raise ContentError(self.found)


def shown(value: object) -> str:
    """A value as a message quotes it: short, on one line."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _filled(message: str, values: Mapping[str, object]) -> str:
    return gettext(message) % {name: _in_words(value) for name, value in values.items()}


def _in_words(value: object) -> str:
    """A value as the reader writes it: a number without zeros at its end."""
    if isinstance(value, Decimal):
        return number_format(format(value.normalize(), "f") if value else "0")
    return str(value)
