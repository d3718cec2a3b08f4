"""Reports as values for the tests of documents: of several people, with notes, with what is left out, and hostile texts."""

from dataclasses import replace
from decimal import Decimal

from assessment import scoring
from assessment.content.structure import QuestionnaireContent, Text
from assessment.models.outline import Outline
from assessment.report.building import build
from assessment.report.evidence import Criterion, Edition, Published, Reference, Statement
from assessment.report.parts import WHOLE, ComparisonPart, Joint, Part, Report, Source, Subject
from assessment.report.question import Given, Note
from assessment.scoring.levels_only import levels_only, roles_by_level
from assessment.scoring.roles import RoleGroup
from assessment.scoring.score import score
from tests.factories import NOON, level, report_on

# Each begins or hides what a spreadsheet program could run, or is hard to carry.
HOSTILE = [
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://example.org","click")',
    "+1",
    "-1",
    "- a list\n- of two",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r\n=1+1",
    "\n=1+1",
    "#N/A",
    "'=1+1",
    'a;=1+1;"b",=2+2\n=3+3\r=4+4\t=5+5',
    'x"y;""z""',
    "＝1+1",
    "_x003D_1+1",
    "شركة التواصل",
    "👩‍👩‍👧 équipe ½ œuvre",
    "<b>&amp;</b>",
    "42",
    "1e5",
    "TRUE",
    "  spaces  ",
]
REFERENCES = {
    "strategy": [Reference(2016, 2, Text("because", "parce que")), Reference(2017, 3, None)],
    "roi": [Reference(2017, 1, Text("so", "ainsi"))],
}
PUBLISHED = Published(
    Decimal("59.5"), Text("look at traffic", "regardent"), "SIIA", 2012, 100, Text("directors", "directeurs"), True
)


def edition(content: QuestionnaireContent) -> Edition:
    """An edition of the barometer with one point that a question carries, and one that none does."""
    of = content.dimensions[0]
    keys = (next(question for question in of.questions if question.findings).findings[0], "no-such-finding")
    figure = Statement("a-figure", Text("59 % do", "59 % le font"), "read")
    criteria = tuple(
        Criterion(key, "gap", Text(f"Gap {key}", f"Écart {key}"), Text("said", "dit"), of.key, "second-hand", figures)
        for key, figures in zip(keys, [(figure,), ()], strict=True)
    )
    who = Text("marketing directors", "directeurs marketing")
    return Edition(2017, Text("B", "B"), "SIIA", Text("2017", "2017"), 400, who, True, criteria)


def typed(told: Report, *texts: str) -> Report:
    """A report in which people typed these: the first as the organisation's name, all of them in turns beside answers."""
    place, dimensions = 0, []
    for part in told.dimensions:
        questions = []
        for question in part.questions:
            text = texts[place % len(texts)]
            given = Given("answered", (), note=text, evidence=text)
            questions.append(replace(question, given=given, notes=(Note(text, "sales"),)))
            place += 1
        dimensions.append(replace(part, questions=tuple(questions)))
    noted = tuple(question for part in dimensions for question in part.questions)
    subject = replace(told.subject, organisation=texts[0])
    return replace(told, subject=subject, dimensions=tuple(dimensions), noted=noted)


def compared(told: Report) -> Report:
    """A report with an answer beside a published figure."""
    given = Given("answered", (Text("web traffic", "trafic"),))
    part = ComparisonPart(Text("What?", "Quoi ?"), given, ((True, PUBLISHED), (False, PUBLISHED)))
    return replace(told, comparisons=(part,))


def of_several(
    content: QuestionnaireContent,
    levels: list[int],
    mode: scoring.Mode,
    *,
    shows: frozenset[Part] = WHOLE,
) -> Report:
    """The report on so many people, each at one level, in roles by turns; of a confidential round it shows levels."""
    asked, people = Outline(0, 1, content, {}), []
    for place, number in enumerate(levels):
        picks = {key: level(number)(question) for key, question in asked.questions.items()}
        answers = {
            key: scoring.Answer(scoring.AnswerState.ANSWERED, (pick,))
            for key, pick in picks.items()
            if pick is not None
        }
        people.append(scoring.Response(("sales", "marketing")[place % 2], answers))
    result = score(asked.scoring, people, mode=mode)
    is_open = mode == scoring.Mode.OPEN
    means = {question.key: question.score for question in result.questions}
    groups = (
        RoleGroup("sales", 2, means),
        RoleGroup("marketing", 1, {key: mean and mean / 2 for key, mean in means.items()}),
    )
    if not is_open:
        result, groups = levels_only(asked.scoring, result), roles_by_level(asked.scoring, groups)
    joint = Joint(
        mode,
        len(people),
        None if is_open else 9,
        5,
        roles=groups,
        notes={result.questions[0].key: (Note("We never agreed", "sales" if is_open else ""),)},
    )
    subject = Subject("Maison Dupont", NOON, 3)
    return build(Source(subject, content, 1, {}, REFERENCES, joint=joint, shows=shows), result)


def without_score(content: QuestionnaireContent, *, shows: frozenset[Part] = WHOLE) -> Report:
    """The report on nothing but "I don't know" in all but one dimension."""
    known = {question.key for question in content.dimensions[0].questions}
    return report_on(content, lambda question: level(4)(question) if question.key in known else "unknown", shows=shows)


def told_in(how: str, content: QuestionnaireContent, shows: frozenset[Part]) -> Report:
    """A report of one person, of several in the open or in confidence, or without a score, showing only so much."""
    if how == "solo":
        before = (content, report_on(content, level(2)).result)
        return report_on(content, level(3), references=REFERENCES, before=before, shows=shows)
    if how == "no score":
        return without_score(content, shows=shows)
    return of_several(content, [1, 3, 5, 2, 3], scoring.Mode(how), shows=shows)
