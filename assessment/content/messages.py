"""What the reader of content files says when something is wrong: templates, filled with the values of a problem."""

from dataclasses import dataclass, field

from assessment.content import messages


def _(text: str) -> str:
    """Mark a text for the translators; whoever shows a problem translates its template, then fills it."""
    return text


# The file as a whole
TOO_LARGE = _("the file has {size} bytes, more than the {limit} allowed")
NOT_UTF8 = _("the file must be text in UTF-8")
CONTROL_CHARACTER = _("the character {value} is not allowed")
LINE_TOO_LONG = _("the line has {size} characters, more than the {limit} allowed")
EMPTY_FILE = _("the file is empty")
NOT_YAML = _("this is not valid YAML: {reason}")
SEVERAL_DOCUMENTS = _("the file must hold one document only, a second one begins here")
ALIAS = _("anchors and aliases (& and *) are not allowed: write the value out")
TAG = _("tags such as {value} are not allowed")
TOO_DEEP = _("lists and mappings are nested more than {limit} deep")
TOO_MANY = _("the file has more than {limit} values: far more than a questionnaire or the evidence needs")
MORE_PROBLEMS = _("there are more problems; only the first {limit} are listed")

# The shape
NOT_MAPPING = _("must be a mapping (name: value), is {value}")
NOT_LIST = _("must be a list, is {value}")
NOT_PLAIN_NAME = _("the name of a field must be plain text")
UNKNOWN_FIELD = _("the field {value} is not known here; known: {known}")
MISSING_FIELD = _("is missing")
REPEATED_FIELD = _("the field {value} is there twice; first in line {first}")
TOO_FEW = _("needs at least {least}, has {count}")
EXACTLY = _("needs exactly {least}, has {count}")

# One value
NOT_TEXT = _("must be text, is {value}")
QUOTE_TEXT = _("must be text: put {value} in quotes")
EMPTY_TEXT = _("must not be empty")
TEXT_TOO_LONG = _("has {size} characters, more than the {limit} allowed")
NOT_NUMBER = _("must be a number from {low} to {high}, is {value}")
NOT_POSITIVE = _("must be a number above 0, at most {high}, is {value}")
TOO_MANY_DECIMALS = _("must have at most {limit} decimals, is {value}")
NOT_WHOLE = _("must be a whole number from {low} to {high}, is {value}")
NOT_FLAG = _("must be true or false, is {value}")
NOT_OPTION = _("must be one of {options}, is {value}")
NOT_KEY = _("must be a key of a-z, 0-9 and hyphens, 64 characters at most, is {value}")
RESERVED_KEY = _("the key {value} is reserved")
REPEATED_KEY = _("the key {value} is used twice; first in line {first}")
NOT_SOURCE = _("must be an http or https address, or a reference in words, is {value}")

# The questionnaire
LEVEL_NUMBER = _("the levels must be numbered 1 to 5 in this order: must be {number}, is {value}")
TOO_FEW_SCORED = _("needs at least {least} scored dimensions, has {count}")
NEEDED_IF_SCORED = _("is missing: a scored dimension needs it")
REFUSED_IF_NOT_SCORED = _("must not be given in a dimension that is not scored")
REFUSED_IF_SCORED = _("must not be given in a scored dimension")
SINGLE_IF_SCORED = _("a question of a scored dimension must be 'single', is {value}")
LOWEST_CHOICE = _("the lowest choice must have 0 points, has {value}")
BEST_CHOICE = _("the best choice must have 100 points, has {value}")
EXCLUSIVE_IN_SINGLE = _("only a choice of a 'multiple' question can be exclusive")
UNKNOWN_QUESTION = _("there is no question {value}")
QUESTION_NOT_SCORED = _("the question {value} is not scored")
CIRCLE = _("these questions need one another in a circle: {circle}")
ONE_THRESHOLD = _("needs exactly one of at_least and at_most")
SAME_QUESTION = _("names the question {value} twice; a rule compares two questions")

# The evidence
UNKNOWN_STUDY = _("there is no study {value}")
UNKNOWN_FINDING = _("there is no finding {value}")
UNKNOWN_FIGURE = _("there is no published figure {value}")
UNKNOWN_EDITION = _("no study is the edition {value}")
REPEATED_REFERENCE = _("the reference of this edition and dimension is there twice; first in line {first}")
CRITERION_NEEDS = _("is missing: a criterion has a kind and a title")
CRITERION_ONLY = _("must be empty: only a criterion has it")
LEVEL_WITHOUT_READING = _("must be empty when the reading is 'none'")
LEVEL_NEEDED = _("is missing: only the reading 'none' goes without a level")
FINDINGS_NEEDED = _("is empty: a reading needs the findings it is read from")
REPEATED_SOURCE = _("the source {value} is there twice")


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


def _(text: str) -> str:
    """Mark a text for the translators."""
    return text


words = frozenset(
    {
        _("block sequence entries are not allowed in this context"),
        _("could not find expected ':'"),
        _("did not find expected ',' or ']'"),
        _("did not find expected ',' or '}'"),
        _("did not find expected '-' indicator"),
        _("did not find expected <document start>"),
        _("did not find expected alphabetic or numeric character"),
        _("did not find expected hexdecimal number"),
        _("did not find expected key"),
        _("did not find expected node content"),
        _("found a tab character that violates indentation"),
        _("found character that cannot start any token"),
        _("found undefined tag handle"),
        _("found unexpected document indicator"),
        _("found unexpected end of stream"),
        _("found unknown escape character"),
        _("mapping keys are not allowed in this context"),
        _("mapping values are not allowed in this context"),
        _("a list"),
        _("a mapping"),
        _("empty"),
    }
)
