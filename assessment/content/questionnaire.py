"""Reads a questionnaire: levels, dimensions, questions, choices, consistency rules."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext_noop as _

from assessment.content import rules
from assessment.content.nodes import parse
from assessment.content.places import WHOLE, Place
from assessment.content.problems import FileProblem, Problem, Problems
from assessment.content.recommendation import Recommendation, as_steps
from assessment.content.spot import UNKNOWN_FINDING, Declared, References, Spot
from assessment.content.structure import (
    ChoiceContent,
    ConditionContent,
    DimensionContent,
    LevelContent,
    QuestionContent,
    QuestionnaireContent,
    RuleContent,
    StepContent,
)

UNKNOWN_QUESTION = _("there is no question %(value)s")
UNKNOWN_FIGURE = _("there is no published figure %(value)s")
STEPS_INSTEAD = _("the choices of this questionnaire have steps, so that no question takes a recommendation")
NOTHING_TO_REACH = _("no choice of this question is worth 50 points or more, so that it takes no recommendation")
ONE_THRESHOLD = _("needs exactly one of at_least and at_most")

KINDS = ("single", "multiple")


def read_questionnaire(
    content: str | bytes,
    file: str,
    figures: Collection[str] | None = None,
    findings: Collection[str] | None = None,
) -> QuestionnaireContent:
    """The questionnaire in a YAML file called `file`; raises `ContentError` with all that is wrong.

    In a file of before steps each recommendation becomes steps, of which no more is asked than it says.
    Figures and findings that it names are checked against the keys given, if they are.
    """
    problems = Problems(file)
    questionnaire, reader = _read(content, problems, figures, findings)
    reader.tell(rules.problems(questionnaire), problems)
    problems.raise_if_any()
    return questionnaire


def read_draft(
    content: str | bytes, file: str, figures: Collection[str], findings: Collection[str]
) -> tuple[QuestionnaireContent, list[FileProblem]]:
    """The same of a draft, which may lack texts and break rules, and what forbids its publication.

    Raises `ContentError` with all that no draft can have.
    """
    problems = Problems(file, of_draft=True)
    questionnaire, reader = _read(content, problems, figures, findings)
    reader.tell(rules.unstorable(questionnaire), problems)
    problems.raise_if_any()
    reader.tell(rules.problems(questionnaire), problems)
    return questionnaire, problems.found


def _read(
    content: str | bytes, problems: Problems, figures: Collection[str] | None, findings: Collection[str] | None
) -> tuple[QuestionnaireContent, "_Reader"]:
    reader = _Reader()
    questionnaire = reader.questionnaire(Spot(parse(content, problems), "", problems))
    reader.named_questions.check(reader.questions)
    if figures is not None:
        reader.named_figures.check(figures)
    if findings is not None:
        reader.named_findings.check(findings)
    if reader.recommendations and reader.has_steps:
        for spot in [spot for spot in reader.recommendations if not problems.is_told(spot.path)]:
            spot.problem(STEPS_INSTEAD)
    return questionnaire, reader


class _Reader:
    """The references seen so far, and where each part of the questionnaire stands in the file."""

    def __init__(self) -> None:
        self.places: dict[Place, Spot] = {}
        self.questions: set[str] = set()
        self.recommendations: list[Spot] = []  # of a file of before steps
        self.has_steps = False
        self.named_questions = References(UNKNOWN_QUESTION)
        self.named_figures = References(UNKNOWN_FIGURE)
        self.named_findings = References(UNKNOWN_FINDING)

    def spot(self, problem: Problem) -> Spot:
        """Where a rule is broken."""
        return self.places[problem.place.part].at(problem.place.field)

    def tell(self, broken: Iterable[Problem], problems: Problems) -> None:
        """Note the rules that are broken, but for what follows from what was told of the file before."""
        judged = (item for item in broken if not (self.recommendations and rules.is_of_a_step(item)))
        found = [(self.spot(problem), problem) for problem in judged]
        for spot, problem in [(spot, problem) for spot, problem in found if not problems.is_told(spot.path)]:
            spot.problem(problem.message, **problem.values)

    def questionnaire(self, spot: Spot) -> QuestionnaireContent:
        self.places[WHOLE] = spot
        dimensions, consistency = Declared(), Declared()
        fields = spot.fields(("key", "levels", "dimensions"), ("consistency",), texts=("title", "instruction"))
        return QuestionnaireContent(
            key=fields["key"].key(),
            title=fields["title"].text(200),
            instruction=fields["instruction"].text(2000),
            levels=tuple(_level(item) for item in fields["levels"].items()),
            dimensions=tuple(self.dimension(item, dimensions) for item in fields["dimensions"].items()),
            consistency=tuple(self.rule(item, consistency) for item in fields["consistency"].items()),
        )

    def dimension(self, spot: Spot, declared: Declared) -> DimensionContent:
        fields = spot.fields(
            required=("key", "scored", "questions"),
            optional=("weight", "anchors", "not_applicable"),
            texts=("title", "description"),
        )
        place = Place(_key(fields["key"], declared))
        self.places[place] = spot
        questions = Declared()
        return DimensionContent(
            key=place.dimension,
            title=fields["title"].text(200),
            description=fields["description"].text(500),
            scored=fields["scored"].flag(),
            weight=fields["weight"].weight(),
            anchors=tuple(item.text(500) for item in fields["anchors"].items(are_texts=True)),
            not_applicable=fields["not_applicable"].text(300),
            questions=tuple(self.question(item, place, questions) for item in fields["questions"].items()),
        )

    def question(self, spot: Spot, inside: Place, declared: Declared) -> QuestionContent:
        fields = spot.fields(
            required=("key", "kind", "choices"),
            optional=("help", "weight", "allows_not_applicable", "needs", "foundation", "findings", "recommendation"),
            texts=("text",),
        )
        place = Place(inside.dimension, _key(fields["key"], declared))
        self.places[place] = spot
        self.questions.add(place.question)
        declared_choices = Declared()
        choices = tuple(self.choice(item, place, declared_choices) for item in fields["choices"].items())
        if not fields["recommendation"].is_absent:
            self.recommendations.append(fields["recommendation"])
            choices = as_steps(choices, _recommendation(fields["recommendation"]))
            if not any(choice.step for choice in choices):
                fields["recommendation"].problem(NOTHING_TO_REACH)
        return QuestionContent(
            key=place.question,
            kind=fields["kind"].option(KINDS),
            text=fields["text"].text(500),
            help=fields["help"].text(1000),
            weight=fields["weight"].weight(),
            allows_not_applicable=fields["allows_not_applicable"].flag() or False,
            needs=self.named_questions.several(fields["needs"]),
            findings=self.named_findings.several(fields["findings"]),
            choices=choices,
            foundation=fields["foundation"].flag() or False,
        )

    def choice(self, spot: Spot, inside: Place, declared: Declared) -> ChoiceContent:
        fields = spot.fields(("key",), optional=("points", "exclusive", "figure", "step"), texts=("text",))
        place = Place(inside.dimension, inside.question, _key(fields["key"], declared))
        self.places[place] = spot
        self.has_steps = self.has_steps or not fields["step"].is_absent
        return ChoiceContent(
            key=place.choice,
            text=fields["text"].text(500),
            points=fields["points"].number(0, 100),
            exclusive=fields["exclusive"].flag() or False,
            figure=self.named_figures.one(fields["figure"]),
            step=_step(fields["step"]),
        )

    def rule(self, spot: Spot, declared: Declared) -> RuleContent:
        fields = spot.fields(("key", "when"), texts=("text",))
        place = Place(rule=_key(fields["key"], declared))
        self.places[place] = spot
        when = tuple(self.condition(item) for item in fields["when"].items())
        return RuleContent(key=place.rule, text=fields["text"].text(500), when=when)

    def condition(self, spot: Spot) -> ConditionContent:
        fields = spot.fields(("question",), optional=("at_least", "at_most"))
        if not spot.is_absent and fields["at_least"].is_absent == fields["at_most"].is_absent:
            spot.problem(ONE_THRESHOLD)
        return ConditionContent(
            question=self.named_questions.one(fields["question"]),
            at_least=fields["at_least"].number(0, 100),
            at_most=fields["at_most"].number(0, 100),
        )


def _key(spot: Spot, declared: Declared) -> str:
    """The key of a part, or a name that is no key, so that a part without one of its own has a place too."""
    return declared.declare(spot) or spot.path.removesuffix(".key")


def _level(spot: Spot) -> LevelContent:
    fields = spot.fields(("number",), texts=("name", "description"))
    return LevelContent(fields["number"].whole(1, 5), fields["name"].text(60), fields["description"].text(500))


def _step(spot: Spot) -> StepContent | None:
    if spot.is_absent:
        return None
    fields = spot.fields((), texts=("title", "first_move", "effort", "owner"))
    return StepContent(
        title=fields["title"].text(rules.LONGEST_TITLE),
        first_move=fields["first_move"].text(rules.LONGEST_FIRST_MOVE),
        effort=fields["effort"].option(rules.EFFORTS) or "",
        owner=_owner(fields["owner"]),
    )


def _recommendation(spot: Spot) -> Recommendation:
    fields = spot.fields(("effort", "owner"), texts=("text",))
    return Recommendation(
        text=fields["text"].text(1000),
        effort=fields["effort"].option(rules.EFFORTS) or "",
        owner=_owner(fields["owner"]),
    )


def _owner(spot: Spot) -> str:
    """Who usually does it: of a draft any word, as old ones have others than today's."""
    return (spot.string(64) if spot.problems.of_draft else spot.option(rules.OWNERS)) or ""
