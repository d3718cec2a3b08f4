"""What is wrong with a content file, and where."""

from dataclasses import dataclass, field

from assessment.content import messages

MOST_PROBLEMS = 500  # a hostile file must not fill the memory with complaints


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: `message` is a template, filled with `values`; lines and columns count from 1."""

    file: str
    line: int
    column: int
    key: str
    message: str
    values: dict[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        parts = [f"{self.file}:{self.line}:{self.column}", self.key, self.message.format(**self.values)]
        return ": ".join(part for part in parts if part)


class ContentError(Exception):
    """A content file cannot be used; `problems` lists everything that is wrong with it, in the order of the file."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class Problems:
    """Collects the problems of one file while it is read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: list[Problem] = []

    def add(self, line: int, column: int, key: str, message: str, **values: object) -> None:
        """Note a problem; past the limit only that there are more."""
        if len(self._found) > MOST_PROBLEMS:
            return
        if len(self._found) == MOST_PROBLEMS:
            line, column, key, message, values = line, column, "", messages.MORE_PROBLEMS, {"limit": MOST_PROBLEMS}
        self._found.append(Problem(self.file, line, column, key, message, values))

    def raise_if_any(self) -> None:
        """Raise a `ContentError` with what was found, if anything was."""
        if self._found:
            last = self._found[MOST_PROBLEMS:]  # "there are more" stays at the end
            found = sorted(self._found[:MOST_PROBLEMS], key=lambda problem: (problem.line, problem.column))
            raise ContentError(found + last)


def shown(value: object) -> str:
    """A value as a message quotes it: short, on one line."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
