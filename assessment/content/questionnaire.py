"""Reads a questionnaire: levels, dimensions, questions, choices, consistency rules."""

from collections.abc import Collection

from assessment.content import messages, rules
from assessment.content.messages import Problems, shown
from assessment.content.nodes import parse
from assessment.content.spot import Declared, References, Spot
from assessment.content.structure import (
    ChoiceContent,
    ConditionContent,
    DimensionContent,
    LevelContent,
    QuestionContent,
    QuestionnaireContent,
    RecommendationContent,
    RuleContent,
)

# Words that the addresses and the forms of the product use themselves
RESERVED_DIMENSIONS = frozenset(
    {"review", "report", "report.json", "charts", "share", "mail", "correct", "keep", "erase", "what-if"}
)
RESERVED_QUESTIONS = frozenset({"save", "clear", "dimension", "csrfmiddlewaretoken", "tried", "lang", "scheme", "v"})
RESERVED_CHOICES = frozenset({"not-applicable", "unknown"})
KINDS = ("single", "multiple")
EFFORTS = ("S", "M", "L")
OWNERS = ("marketing", "sales", "communication", "hr", "management", "other")  # the role groups of a round


def read_questionnaire(
    content: str | bytes,
    file: str,
    figures: Collection[str] | None = None,
    findings: Collection[str] | None = None,
) -> QuestionnaireContent:
    """The questionnaire in a YAML file called `file`; raises `ContentError` with all that is wrong.

    Figures and findings that it names are checked against the keys given, if they are.
    """
    problems = Problems(file)
    reader = _Reader()
    questionnaire = reader.questionnaire(Spot(parse(content, problems), "", problems))
    if figures is not None:
        reader.named_figures.check(figures)
    if findings is not None:
        reader.named_findings.check(findings)
    problems.raise_if_any()
    return questionnaire


class _Reader:
    """The keys seen so far and the references to them."""

    def __init__(self) -> None:
        self.dimensions, self.rules = Declared(), Declared()
        self.questions = rules.Questions()
        self.named_figures = References(messages.UNKNOWN_FIGURE)
        self.named_findings = References(messages.UNKNOWN_FINDING)

    def questionnaire(self, spot: Spot) -> QuestionnaireContent:
        fields = spot.fields(("key", "title", "instruction", "levels", "dimensions"), optional=("consistency",))
        questionnaire = QuestionnaireContent(
            key=fields["key"].key(),
            title=fields["title"].text(200),
            instruction=fields["instruction"].text(2000),
            levels=_levels(fields["levels"]),
            dimensions=tuple(self.dimension(item) for item in fields["dimensions"].items()),
            consistency=tuple(self.rule(item) for item in fields["consistency"].items()),
        )
        rules.check_scored_dimensions(fields["dimensions"], questionnaire.dimensions)
        self.questions.check()
        return questionnaire

    def dimension(self, spot: Spot) -> DimensionContent:
        fields = spot.fields(
            required=("key", "title", "description", "scored", "questions"),
            optional=("weight", "anchors", "not_applicable"),
        )
        scored = fields["scored"].flag()
        rules.check_dimension(fields, scored)
        return DimensionContent(
            key=self.dimensions.declare(fields["key"], RESERVED_DIMENSIONS),
            title=fields["title"].text(200),
            description=fields["description"].text(500),
            scored=scored,
            weight=fields["weight"].weight(),
            anchors=tuple(item.text(500) for item in fields["anchors"].items(exactly=5)),
            not_applicable=fields["not_applicable"].text(300),
            questions=tuple(self.question(item, scored) for item in fields["questions"].items(least=1)),
        )

    def question(self, spot: Spot, scored: bool | None) -> QuestionContent:
        fields = spot.fields(
            required=("key", "kind", "text", "choices"),
            optional=("help", "weight", "allows_not_applicable", "needs", "findings", "recommendation"),
        )
        key = self.questions.declare(fields["key"], RESERVED_QUESTIONS, scored)
        kind = fields["kind"].option(KINDS)
        rules.check_question(fields, scored, kind)
        return QuestionContent(
            key=key,
            kind=kind,
            text=fields["text"].text(500),
            help=fields["help"].text(1000),
            weight=fields["weight"].weight(),
            allows_not_applicable=fields["allows_not_applicable"].flag() or False,
            needs=self.questions.needed_by(key, fields["needs"]),
            findings=self.named_findings.several(fields["findings"]),
            choices=self.choices(fields["choices"], scored, kind),
            recommendation=_recommendation(fields["recommendation"]),
        )

    def choices(self, spot: Spot, scored: bool | None, kind: str | None) -> tuple[ChoiceContent, ...]:
        declared = Declared()
        choices = tuple(self.choice(item, declared, scored, kind) for item in spot.items(least=2))
        if scored:
            rules.check_points(spot, choices)
        return choices

    def choice(self, spot: Spot, declared: Declared, scored: bool | None, kind: str | None) -> ChoiceContent:
        fields = spot.fields(("key", "text"), optional=("points", "exclusive", "figure"))
        exclusive = fields["exclusive"].flag() or False
        rules.check_exclusive(fields["exclusive"], exclusive, kind)
        rules.check_choice(fields, scored)
        return ChoiceContent(
            key=declared.declare(fields["key"], RESERVED_CHOICES),
            text=fields["text"].text(500),
            points=fields["points"].number(0, 100),
            exclusive=exclusive,
            figure=self.named_figures.one(fields["figure"]),
        )

    def rule(self, spot: Spot) -> RuleContent:
        fields = spot.fields(("key", "text", "when"))
        when = tuple(self.condition(item) for item in fields["when"].items(exactly=2))
        if len(when) == 2 and when[0].question and when[0].question == when[1].question:
            fields["when"].problem(messages.SAME_QUESTION, value=shown(when[0].question))
        return RuleContent(key=self.rules.declare(fields["key"]), text=fields["text"].text(500), when=when)

    def condition(self, spot: Spot) -> ConditionContent:
        fields = spot.fields(("question",), optional=("at_least", "at_most"))
        if fields["at_least"].is_absent == fields["at_most"].is_absent:
            spot.problem(messages.ONE_THRESHOLD)
        return ConditionContent(
            question=self.questions.named(fields["question"]),
            at_least=fields["at_least"].number(0, 100),
            at_most=fields["at_most"].number(0, 100),
        )


def _levels(spot: Spot) -> tuple[LevelContent, ...]:
    levels = []
    for expected, item in enumerate(spot.items(exactly=5), 1):
        fields = item.fields(("number", "name", "description"))
        number = fields["number"].whole(1, 5)
        if number is not None and expected <= 5 and number != expected:
            fields["number"].problem(messages.LEVEL_NUMBER, number=expected, value=number)
        levels.append(LevelContent(number, fields["name"].text(60), fields["description"].text(500)))
    return tuple(levels)


def _recommendation(spot: Spot) -> RecommendationContent | None:
    if spot.is_absent:
        return None
    fields = spot.fields(("text", "effort", "owner"))
    return RecommendationContent(
        text=fields["text"].text(1000),
        effort=fields["effort"].option(EFFORTS),
        owner=fields["owner"].option(OWNERS),
    )
