import copy
import json
import re
import string
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.content import evidence, nodes, questionnaire, rules, spot
from assessment.content.evidence import read_evidence
from assessment.content.files import read_lists
from assessment.content.fingerprint import canonical, content_hash
from assessment.content.problems import MORE_PROBLEMS, MOST_PROBLEMS, ContentError, FileProblem
from assessment.content.questionnaire import read_questionnaire
from assessment.content.recommendation import is_of_before, recommendation
from assessment.content.structure import StepContent, Text
from assessment.content.writer import write_questionnaire
from tests.factories import changed_choice, changed_question
from tests.sampling import examples
from tests.scoring_cases import plain

CONTENT = Path(__file__).parent.parent / "assessment" / "content"
SHIPPED = ("questionnaire.yaml", "evidence.yaml", "organisation.yaml", "unspoken.yaml")
ANCHORS = "".join(f"      - {{en: Stage {n}, fr: Étape {n}}}\n" for n in range(1, 6))
LEVELS = "".join(
    f"  - {{number: {n}, name: {{en: N{n}, fr: Nom}}, description: {{en: D{n}, fr: Décrit}}}}\n" for n in range(1, 6)
)
STEP = "step: {title: {en: Do, fr: Fais}, first_move: {en: Go, fr: Va}, effort: S, owner: hr}"


def dimension(key, questions=""):
    questions = questions or question(f"{key}-one")
    return (
        f"  - key: {key}\n    title: {{en: T, fr: Titre}}\n    description: {{en: D, fr: Décrit}}\n    scored: true\n"
        f"    weight: 1\n    anchors:\n{ANCHORS}    questions:\n{questions}"
    )


def question(key, extra=""):
    return (
        f"      - key: {key}\n        kind: single\n        text: {{en: Q, fr: Quoi}}\n        weight: 1\n{extra}"
        "        choices:\n"
        "          - {key: low, points: 0, text: {en: Low, fr: Bas}}\n"
        f"          - {{key: high, points: 100, text: {{en: High, fr: Haut}}, {STEP}}}\n"
    )


CONTEXT = """\
  - key: context
    title: {en: C, fr: Contexte}
    description: {en: D, fr: Décrit}
    scored: false
    questions:
      - key: ticks
        kind: multiple
        text: {en: Q, fr: Quoi}
        choices:
          - {key: one, figure: some-figure, text: {en: One, fr: Un}}
          - {key: none, exclusive: true, text: {en: None, fr: Aucun}}
"""
RULES = """\
consistency:
  - key: odd
    text: {en: Odd, fr: Étrange}
    when:
      - {question: a-one, at_least: 75}
      - {question: b-one, at_most: 25}
"""
SMALL = (
    "key: small\ntitle: {en: Small, fr: Petit}\ninstruction: {en: Answer, fr: Répondez}\nlevels:\n"
    + LEVELS
    + "dimensions:\n"
    + dimension("a")
    + dimension("b", question("b-one", "        needs: [a-one]\n        findings: [f-01]\n"))
    + dimension("c")
    + CONTEXT
    + RULES
)
EVIDENCE = """\
studies:
  - key: study
    title: {en: Study, fr: Étude}
    publisher: Somebody
    year: 2016
    period: {en: In spring, fr: Au printemps}
    sample: 312
    population: {en: People, fr: Des gens}
    vendor: true
    edition: 2016
findings:
  - key: f-01
    study: study
    dimension: a
    criterion: true
    kind: gap
    title: {en: finding it, fr: la trouvaille}
    text: {en: Found, fr: Trouvé}
    published_figure: {en: 60%, fr: 60 %}
    sample: '312'
    sources: ['https://example.org/a', {en: 'a paper, 2016', fr: 'un article, 2016'}]
    confidence: read
figures:
  - {key: some-figure, finding: f-01, percent: 54.5, label: {en: do, fr: font}}
references:
  - edition: 2016
    dimension: a
    level: 2
    reading: editorial
    findings: [f-01]
    why: {en: Why, fr: Pourquoi}
  - {edition: 2016, dimension: b, level: null, reading: none, findings: [], why: {en: Silent, fr: Muet}}
"""
NAMES = ("sizes", "markets", "sectors", "roles")
LISTS = "".join(f"{name}:\n  - {{key: one, text: {{en: One, fr: Un}}}}\n" for name in NAMES)


def problems_of(read, text, **more):
    with pytest.raises(ContentError) as caught:
        read(text, "some.yaml", **more)
    return caught.value.problems


def line_of(text, part):
    """The line of the first place where `part` is written."""
    assert part in text
    return text[: text.index(part)].count("\n") + 1


def expect(read, text, part, key, message, **values):
    """Exactly one problem: in the line of `part`, at `key`, with this message."""
    problems = problems_of(read, text)
    assert [str(problem) for problem in problems] == [str(problems[0])], "more than one problem"
    assert (problems[0].file, problems[0].line) == ("some.yaml", line_of(text, part))
    assert (problems[0].key, problems[0].message) == (key, message)
    for name, value in values.items():
        assert problems[0].values[name] == value


def changed(text, old, new, nth=1):
    """The text with the nth `old` replaced."""
    parts = text.split(old)
    assert len(parts) > nth, old
    return old.join(parts[:nth]) + new + old.join(parts[nth:])


def shipped(name):
    return (CONTENT / name).read_bytes()


# The files that come with the product ---------------------------------------------------------------------------------


def test_it_reads_the_shipped_files():
    evidence = read_evidence(shipped("evidence.yaml"), "evidence.yaml")
    figures = {figure.key for figure in evidence.figures}
    findings = {finding.key for finding in evidence.findings}
    questionnaire = read_questionnaire(shipped("questionnaire.yaml"), "questionnaire.yaml", figures, findings)
    lists = read_lists(shipped("organisation.yaml"), "organisation.yaml")
    assert [d.key for d in questionnaire.dimensions if d.scored] == [
        "strategy", "charter", "training", "roi", "social-selling",
    ]  # fmt: skip
    assert [level.number for level in questionnaire.levels] == [1, 2, 3, 4, 5]
    assert {len(d.anchors) for d in questionnaire.dimensions if d.scored} == {5}
    assert len(questionnaire.consistency) == 14
    assert {"micro", "large"} < {entry.key for entry in lists.sizes}


def test_dimensions_of_the_evidence_are_those_of_the_questionnaire():
    evidence = read_evidence(shipped("evidence.yaml"), "evidence.yaml")
    questionnaire = read_questionnaire(shipped("questionnaire.yaml"), "questionnaire.yaml")
    named = {finding.dimension for finding in evidence.findings} | {r.dimension for r in evidence.references}
    assert named <= {dimension.key for dimension in questionnaire.dimensions}


def test_owners_of_steps_are_roles():
    questionnaire = read_questionnaire(shipped("questionnaire.yaml"), "questionnaire.yaml")
    roles = {entry.key for entry in read_lists(shipped("organisation.yaml"), "organisation.yaml").roles}
    questions = [q for d in questionnaire.dimensions if d.scored for q in d.questions]
    assert {choice.step.owner for q in questions for choice in q.choices if choice.step} <= roles


def test_sample_is_the_number_in_the_words_of_the_findings():
    """A study's sample is a number that one of its findings, or its population, states."""
    evidence = read_evidence(shipped("evidence.yaml"), "evidence.yaml")
    for study in evidence.studies:
        words = [f"{f.sample} {f.published_figure} {f.text.en}" for f in evidence.findings if f.study == study.key]
        numbers = re.findall(r"\d+", " ".join([*words, study.population.en]).replace(",", ""))
        assert study.sample is None or str(study.sample) in numbers, study.key


def both_languages(value, path=""):
    if isinstance(value, dict) and set(value) == {"en", "fr"}:
        yield path, value["en"], value["fr"]
    elif isinstance(value, dict):
        for name, child in value.items():
            yield from both_languages(child, f"{path}.{name}")
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from both_languages(child, f"{path}[{index}]")


BROKEN_FRENCH = re.compile(
    r"[^\u202f][;?!»]|[^\u00a0][:%]|«(?!\u202f)"  # the space before, and after an opening quotation mark
    r"|['\"]|\.\.\.|\d \d{3}\b| {2}"  # straight quotes, three dots, a plain space in a number, two spaces
)


@pytest.mark.parametrize("name", SHIPPED)
def test_french_is_typeset_as_french(name):
    texts = list(both_languages(plain(shipped(name))))
    assert texts
    assert [(path, fr) for path, _, fr in texts if BROKEN_FRENCH.search(fr)] == []


@pytest.mark.parametrize(
    "text", ["a: b", "a ; b", "quoi ?", "non!", "5 %", "5%", "« a »", "l'an", "5 000", "a » b", "«a"]
)
def test_broken_french_is_seen(text):
    assert BROKEN_FRENCH.search(text)


SAME_IN_BOTH = {
    "Facebook", "X (Twitter)", "LinkedIn", "YouTube", "Instagram", "TikTok", "Initial", "Social selling",
    "Marketing in Today’s Economy", "Social Selling Index", "Marketing", "Production", "Services",
}  # fmt: skip


@pytest.mark.parametrize("name", SHIPPED)
def test_french_is_not_english(name):
    same = {en for _, en, fr in both_languages(plain(shipped(name))) if en == fr}
    assert {text for text in same if not re.fullmatch(r"\d{4}\.?", text)} <= SAME_IN_BOTH


@pytest.mark.parametrize("name", SHIPPED)
def test_the_function_is_called_communications(name):
    texts = both_languages(plain(shipped(name)))
    assert [(path, en) for path, en, _ in texts if re.search(r"\bcommunication\b", en, re.IGNORECASE)] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_english_has_no_french_spaces(name):
    texts = both_languages(plain(shipped(name)))
    assert [(path, en) for path, en, _ in texts if re.search(r"[\u00a0\u202f]|\s[;:?!%]|['\"]", en)] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_content_refers_to_nothing_outside(name):
    text = shipped(name).decode()
    assert not re.search(r"(^|[\s('\"])\.{0,2}/\w|to be checked|\bseed\b", text)


# What is read ---------------------------------------------------------------------------------------------------------


def test_values_of_a_questionnaire():
    read = read_questionnaire(SMALL, "small.yaml", ["some-figure"], ["f-01"])
    first, second, _, context = read.dimensions
    assert read.title == Text(en="Small", fr="Petit")
    assert first.weight == Decimal(1)
    assert first.not_applicable is None
    assert [choice.points for choice in first.questions[0].choices] == [0, 100]
    assert (second.questions[0].needs, second.questions[0].findings) == (("a-one",), ("f-01",))
    assert [choice.step and choice.step.title.fr for choice in first.questions[0].choices] == [None, "Fais"]
    assert (context.weight, context.anchors, context.questions[0].weight) == (None, (), None)
    assert [(c.points, c.figure, c.exclusive) for c in context.questions[0].choices] == [
        (None, "some-figure", False),
        (None, None, True),
    ]
    assert [(c.question, c.at_least, c.at_most) for c in read.consistency[0].when] == [
        ("a-one", 75, None),
        ("b-one", None, 25),
    ]


def test_values_of_evidence_and_lists():
    evidence = read_evidence(EVIDENCE, "evidence.yaml")
    assert (evidence.studies[0].sample, evidence.studies[0].edition) == (312, 2016)
    finding = evidence.findings[0]
    assert (finding.kind, finding.title) == ("gap", Text("finding it", "la trouvaille"))
    assert (finding.published_figure, finding.sample) == (Text("60%", "60\u00a0%"), Text("312", "312"))
    assert finding.sources == (Text(*2 * ["https://example.org/a"]), Text("a paper, 2016", "un article, 2016"))
    assert evidence.figures[0].percent == Decimal("54.5")
    assert [reference.level for reference in evidence.references] == [2, None]
    assert read_lists(LISTS, "lists.yaml").roles[0].text.fr == "Un"


def test_text_or_bytes_with_or_without_mark_and_any_line_end():
    expected = read_questionnaire(SMALL, "small.yaml")
    assert read_questionnaire(SMALL.encode(), "small.yaml") == expected
    assert read_questionnaire(SMALL.encode("utf-8-sig"), "small.yaml") == expected
    assert read_questionnaire("\ufeff" + SMALL.replace("\n", "\r\n"), "small.yaml") == expected


def test_problem_says_where():
    text = SMALL.replace("weight: 1", "weight: x", 2)
    problem = problems_of(read_questionnaire, text)[1]
    assert str(problem) == (
        "some.yaml:26:17: dimensions[0].questions[0].weight: must be a number above 0, at most 1000, is 'x'"
    )
    assert problem == FileProblem(
        "some.yaml", 26, 17, "dimensions[0].questions[0].weight", spot.NOT_POSITIVE,
        {"value": "'x'", "low": 0, "high": 1000},
    )  # fmt: skip


def test_all_problems_are_found_at_once_in_the_order_of_the_file():
    text = SMALL.replace("key: small", "key: Small!").replace("at_least: 75", "at_least: 175")
    text = text.replace("kind: multiple", "kind: several").replace("fr: Petit", "de: Klein")
    found = [(problem.line, problem.key, problem.message) for problem in problems_of(read_questionnaire, text)]
    assert found == [
        (1, "key", spot.NOT_KEY),
        (2, "title.fr", spot.MISSING_FIELD),
        (2, "title.de", spot.UNKNOWN_FIELD),
        (line_of(text, "several"), "dimensions[3].questions[0].kind", spot.NOT_OPTION),
        (line_of(text, "175"), "consistency[0].when[0].at_least", spot.NOT_NUMBER),
    ]
    assert all(str(problem).startswith("some.yaml:") for problem in problems_of(read_questionnaire, text))


def test_a_flood_of_problems_is_cut():
    problems = problems_of(read_questionnaire, "".join(f"field{n}: 1\n" for n in range(5000)))
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1].message == MORE_PROBLEMS


def test_every_message_can_be_shown():
    """Each message of the catalogue is expected somewhere in this file, and so formatted at least once."""
    source = Path(__file__).read_text()
    for module in (evidence, nodes, questionnaire, spot):
        texts = re.findall(r"^(\w+) = _\(", Path(module.__file__).read_text(), re.MULTILINE)
        assert texts
        assert [name for name in texts if f"{module.__name__.rpartition('.')[2]}.{name}" not in source] == []


# One kind of problem after the other ----------------------------------------------------------------------------------
THREE_SCORED = "At least three dimensions must be scored."
FIVE_LEVELS = "Each of the five levels, numbered 1 to 5 in this order, needs a name and a meaning."
DIMENSION_WEIGHT = "The dimension “%(key)s” needs a weight above 0."
FIVE_ANCHORS = "The dimension “%(key)s” needs a description of each of the five levels."
NO_QUESTION = "The dimension “%(key)s” has no question."
NO_DIMENSION_WEIGHT = "The dimension “%(key)s” is not scored, so it takes no weight."
NO_STATEMENT = "The dimension “%(key)s” is not scored, so it takes no statement that makes it not applicable."
TWO_CHOICES = "The question “%(key)s” needs at least two choices."
SINGLE_IF_SCORED = "The question “%(key)s” gives points, so it takes one choice."
QUESTION_WEIGHT = "The question “%(key)s” needs a weight above 0."
POINTS = "The choices of the question “%(key)s” must go from 0 to 100 points."
NO_FIGURE = "The question “%(key)s” is scored, so no published figure can stand beside its choices."
NOT_EXCLUSIVE = "The question “%(key)s” takes one choice, so none of its choices can exclude the others."
NO_POINTS = "The question “%(key)s” is not scored, so its choices take no points."
NO_QUESTION_WEIGHT = "The question “%(key)s” is not scored, so it takes no weight."
NO_STEPS = "The question “%(key)s” is not scored, so its choices take no step."
NO_FOUNDATION = "The question “%(key)s” is not scored, so it is no foundation."
NEEDS_STEP = "The choice “%(key)s” of the question “%(question)s” is worth 50 points or more: it needs a step."
TAKES_NO_STEP = "The choice “%(key)s” of the question “%(question)s” is worth less than 50 points: it takes no step."
NEEDS_SCORED = "The prerequisites of the question “%(key)s” must be scored questions, as it must be itself."
CIRCLE = "These questions need one another in a circle: %(keys)s."
TWO_QUESTIONS = "The consistency rule “%(key)s” must compare two different scored questions."
A = "dimensions[0]"
QUESTIONNAIRE_CASES = [
    # old, new, nth, where it stands, key, message
    ("key: small", "key: small\nsmell: 1", 1, "smell", "smell", spot.UNKNOWN_FIELD),
    ("key: small\n", "", 1, "title", "key", spot.MISSING_FIELD),
    ("key: small\n", "key:\n", 1, "key:", "key", spot.MISSING_FIELD),
    ("key: small", "key: small\nkey: other", 1, "key: other", "key", spot.REPEATED_FIELD),
    ("key: small", "key: small\n? [a]\n: 1", 1, "? [a]", "", spot.NOT_PLAIN_NAME),
    ("key: small", "key: -small", 1, "-small", "key", spot.NOT_KEY),
    ("key: small", "key: " + "s" * 65, 1, "sss", "key", spot.NOT_KEY),
    ("key: small", "key: 12", 1, "12", "key", spot.QUOTE_TEXT),
    ("{en: Small, fr: Petit}", "Small", 1, "Small", "title", spot.NOT_MAPPING),
    ("en: Small", "en: [Small]", 1, "Small", "title.en", spot.NOT_TEXT),
    ("en: Small", "en: 1.5", 1, "1.5", "title.en", spot.QUOTE_TEXT),
    ("en: Small", "en: yes", 1, "yes", "title.en", spot.QUOTE_TEXT),
    ("en: Small", "en: 2017-03-07", 1, "2017-03-07", "title.en", spot.QUOTE_TEXT),
    ("en: Small", "en: ' '", 1, "' '", "title.en", spot.EMPTY_TEXT),
    ("en: Small", "en: " + "S" * 201, 1, "SSS", "title.en", spot.TEXT_TOO_LONG),
    ("en: Small", r'en: "Sm\0all"', 1, r"Sm\0all", "title.en", nodes.CONTROL_CHARACTER),
    ("en: Small", "en: StratÃ©gie", 1, "StratÃ©gie", "title.en", nodes.GARBLED),
    ("en: Small", r'en: "Itâ\u0080\u0099s"', 1, "u0080", "title.en", nodes.GARBLED),
    ("en: Small", r'en: "Sm\u202eall"', 1, "u202e", "title.en", nodes.CONTROL_CHARACTER),
    ("en: Q,", "en: " + "q" * 501 + ",", 1, "qqq", f"{A}.questions[0].text.en", spot.TEXT_TOO_LONG),
    (LEVELS, "  a: b\n", 1, "a: b", "levels", spot.NOT_LIST),
    (LEVELS.splitlines()[4], "", 1, "{number: 1", "levels", FIVE_LEVELS),
    ("number: 2", "number: 3", 1, "number: 3", "levels[1].number", FIVE_LEVELS),
    ("number: 2", "number: 2.5", 1, "number: 2.5", "levels[1].number", spot.NOT_WHOLE),
    ("key: b\n", "key: a # again\n", 1, "# again", "dimensions[1].key", spot.REPEATED_KEY),
    ("key: b\n", "key: report.json\n", 1, "report.json", "dimensions[1].key", spot.NOT_KEY),
    ("key: b\n", "key: review\n", 1, "key: review", "dimensions[1].key", rules.TAKEN),
    ("key: ticks", "key: save", 1, "key: save", "dimensions[3].questions[0].key", rules.TAKEN),
    ("key: one,", "key: unknown,", 1, "unknown", "dimensions[3].questions[0].choices[0].key", rules.TAKEN),
    ("key: ticks", "key: c-one", 1, "key: c-one\n        kind: multiple", "dimensions[3].questions[0].key",
     rules.REPEATED_KEY),
    ("key: high", "key: low", 1, "key: low, points: 100", f"{A}.questions[0].choices[1].key", spot.REPEATED_KEY),
    ("scored: true", "scored: yes", 1, "yes", f"{A}.scored", spot.NOT_FLAG),
    ("weight: 1\n    anchors", "anchors", 1, "key: a\n", f"{A}.weight", DIMENSION_WEIGHT),
    ("weight: 1\n    anchors", "weight: 0\n    anchors", 1, "weight: 0", f"{A}.weight", spot.NOT_POSITIVE),
    ("weight: 1\n    anchors", "weight: -1\n    anchors", 1, "weight: -1", f"{A}.weight", spot.NOT_POSITIVE),
    ("weight: 1\n    anchors", "weight: .nan\n    anchors", 1, "weight: .nan", f"{A}.weight", spot.NOT_POSITIVE),
    ("weight: 1\n    anchors", "weight: .inf\n    anchors", 1, "weight: .inf", f"{A}.weight", spot.NOT_POSITIVE),
    ("weight: 1\n    anchors", "weight: 0x1f\n    anchors", 1, "weight: 0x1f", f"{A}.weight", spot.NOT_POSITIVE),
    ("weight: 1\n    anchors", "weight: '1'\n    anchors", 1, "weight: '1'", f"{A}.weight", spot.NOT_POSITIVE),
    ("weight: 1\n    anchors", "weight: 1.0e+99\n    anchors", 1, "1.0e+99", f"{A}.weight", spot.NOT_POSITIVE),
    ("weight: 1\n    anchors", "weight: 1:30\n    anchors", 1, "1:30", f"{A}.weight", spot.NOT_POSITIVE),
    ("weight: 1\n    anchors", "weight: 0.1234\n    anchors", 1, "0.1234", f"{A}.weight", spot.TOO_MANY_DECIMALS),
    ("      - {en: Stage 5, fr: Étape 5}\n", "", 1, "- {en: Stage 1", f"{A}.anchors", FIVE_ANCHORS),
    ("    anchors:\n" + ANCHORS, "", 1, "key: a\n", f"{A}.anchors", FIVE_ANCHORS),
    ("questions:\n" + question("c-one"), "questions: []\n", 1, "questions: []", "dimensions[2].questions",
     NO_QUESTION),
    ("kind: single", "kind: multiple", 1, "kind: multiple", f"{A}.questions[0].kind", SINGLE_IF_SCORED),
    ("kind: single", "kind: free", 1, "kind: free", f"{A}.questions[0].kind", spot.NOT_OPTION),
    ("        weight: 1\n", "", 1, "key: a-one", f"{A}.questions[0].weight", QUESTION_WEIGHT),
    ("points: 0,", "points: 5,", 1, "points: 5", f"{A}.questions[0].choices", POINTS),
    ("points: 100", "points: 90", 1, "points: 0", f"{A}.questions[0].choices", POINTS),
    ("points: 100", "points: 101", 1, "points: 101", f"{A}.questions[0].choices[1].points", spot.NOT_NUMBER),
    (" points: 100,", "", 1, "key: high", f"{A}.questions[0].choices[1].points", POINTS),
    ("{key: low, points", "{key: low, figure: x, points", 1, "figure: x", f"{A}.questions[0].choices[0].figure",
     NO_FIGURE),
    ("{key: low, points", "{key: low, exclusive: true, points", 1, "exclusive",
     f"{A}.questions[0].choices[0].exclusive",
     NOT_EXCLUSIVE),
    ("{key: one,", "{key: one, points: 5,", 1, "points: 5", "dimensions[3].questions[0].choices[0].points",
     NO_POINTS),
    ("scored: false", "scored: false\n    weight: 1", 1, "weight: 1\n    questions", "dimensions[3].weight",
     NO_DIMENSION_WEIGHT),
    ("kind: multiple", "kind: multiple\n        weight: 1", 1, "weight: 1\n        text",
     "dimensions[3].questions[0].weight",
     NO_QUESTION_WEIGHT),
    ("scored: false", "scored: false\n    not_applicable: {en: N, fr: Non}", 1, "{en: N, fr: Non}",
     "dimensions[3].not_applicable", NO_STATEMENT),
    ("kind: multiple", "kind: multiple\n        recommendation: {text: {en: T, fr: Fais}, effort: S, owner: hr}", 1,
     "{text: {en: T", "dimensions[3].questions[0].recommendation", questionnaire.NOTHING_TO_REACH),
    ("weight: 1\n        choices",
     "weight: 1\n        recommendation: {text: {en: T, fr: F}, effort: S, owner: hr}\n        choices", 1, "{text: {en: T",
     f"{A}.questions[0].recommendation", questionnaire.STEPS_INSTEAD),
    ("kind: multiple", "kind: multiple\n        foundation: true", 1, "foundation", "dimensions[3].questions[0].foundation",
     NO_FOUNDATION),
    ("{key: one,", "{key: one, " + STEP + ",", 1, "{key: one, step", "dimensions[3].questions[0].choices[0].step", NO_STEPS),
    ("{key: low, ", "{key: low, " + STEP + ",", 1, STEP[6:], f"{A}.questions[0].choices[0].step", TAKES_NO_STEP),
    (", " + STEP, "", 1, "{key: high", f"{A}.questions[0].choices[1].step", NEEDS_STEP),
    ("en: Do", "en: " + "d" * 91, 1, "ddd", f"{A}.questions[0].choices[1].step.title.en", spot.TEXT_TOO_LONG),
    ("en: Go", "en: " + "g" * 401, 1, "ggg", f"{A}.questions[0].choices[1].step.first_move.en", spot.TEXT_TOO_LONG),
    (", fr: Va", "", 1, "{en: Go}", f"{A}.questions[0].choices[1].step.first_move.fr", spot.MISSING_FIELD),
    ("title: {en: Do, fr: Fais}, ", "", 1, "step: {first_move", f"{A}.questions[0].choices[1].step.title", spot.MISSING_FIELD),
    ("          - {key: none, exclusive: true, text: {en: None, fr: Aucun}}\n", "", 1, "- {key: one, fig",
     "dimensions[3].questions[0].choices", TWO_CHOICES),
    ("kind: multiple", "kind: multiple\n        needs: [a-one]", 1, "needs: [a-one]\n        text",
     "dimensions[3].questions[0].needs", NEEDS_SCORED),
    ("needs: [a-one]", "needs: [z-one]", 1, "z-one", "dimensions[1].questions[0].needs[0]", questionnaire.UNKNOWN_QUESTION),
    ("needs: [a-one]", "needs: [ticks]", 1, "[ticks]", "dimensions[1].questions[0].needs[0]",
     NEEDS_SCORED),
    ("needs: [a-one]", "needs: [b-one]", 1, "[b-one]", "dimensions[1].questions[0].needs[0]", CIRCLE),
    ("needs: [a-one]", "needs: [a-one, a-one]", 1, "a-one, a", "dimensions[1].questions[0].needs[1]",
     spot.REPEATED_KEY),
    ("needs: [a-one]", "needs: [a-one, ]\n        help: {en: [], fr: Aide}", 1, "help",
     "dimensions[1].questions[0].help.en",
     spot.NOT_TEXT),
    ("needs: [a-one]", "needs: [a-one, ~]", 1, "needs", "dimensions[1].questions[0].needs[1]", spot.EMPTY_TEXT),
    ("effort: S", "effort: XL", 1, "XL", f"{A}.questions[0].choices[1].step.effort", spot.NOT_OPTION),
    ("owner: hr", "owner: me", 1, "owner: me", f"{A}.questions[0].choices[1].step.owner", spot.NOT_OPTION),
    ("question: a-one", "question: z-one", 1, "z-one", "consistency[0].when[0].question", questionnaire.UNKNOWN_QUESTION),
    ("question: a-one", "question: ticks", 1, "question: ticks", "consistency[0].when[0].question",
     TWO_QUESTIONS),
    ("question: a-one", "question: b-one", 1, "- {question: b", "consistency[0].when", TWO_QUESTIONS),
    ("at_least: 75", "at_least: 75, at_most: 80", 1, "at_most: 80", "consistency[0].when[0]", questionnaire.ONE_THRESHOLD),
    (", at_least: 75", "", 1, "{question: a-one}", "consistency[0].when[0]", questionnaire.ONE_THRESHOLD),
    ("at_least: 75", "at_least: 101", 1, "101", "consistency[0].when[0].at_least", spot.NOT_NUMBER),
    ("      - {question: b-one, at_most: 25}\n", "", 1, "- {question", "consistency[0].when", TWO_QUESTIONS),
    ("  - key: odd", "  - key: odd\n    extra: 1", 1, "extra", "consistency[0].extra", spot.UNKNOWN_FIELD),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "nth", "part", "key", "message"), QUESTIONNAIRE_CASES)
def test_problem_in_a_questionnaire(old, new, nth, part, key, message):
    expect(read_questionnaire, changed(SMALL, old, new, nth), part, key, message)


def test_rules_are_told_beside_what_cannot_be_read_and_nothing_is_told_twice():
    """A part whose key or whose value is wrong keeps its rules; what follows from what is told already is not told."""
    text = changed(SMALL, "key: a\n", "key: A\n").replace("weight: 1\n    anchors", "weight: 0\n    anchors", 1)
    text = changed(text, "points: 0,", "points: 5,").replace("points: 100", "points: many", 2)
    text = changed(text, "key: c-one\n        kind: single", "key: c-one\n        kind: multiple")
    assert [(problem.key, problem.message) for problem in problems_of(read_questionnaire, text)] == [
        ("dimensions[0].key", spot.NOT_KEY),
        ("dimensions[0].weight", spot.NOT_POSITIVE),
        ("dimensions[0].questions[0].choices[1].points", spot.NOT_NUMBER),
        ("dimensions[1].questions[0].choices[1].points", spot.NOT_NUMBER),
        ("dimensions[2].questions[0].kind", SINGLE_IF_SCORED),
    ]
    text = changed(SMALL, "key: a\n", "key: A\n").replace("    weight: 1\n    anchors", "    anchors", 1)
    assert [str(problem) for problem in problems_of(read_questionnaire, text)] == [
        f"some.yaml:{line_of(text, 'key: A')}:5: dimensions[0].weight: The dimension “dimensions[0]” needs a weight above 0.",
        f"some.yaml:{line_of(text, 'key: A')}:10: dimensions[0].key: must be a key of a-z, 0-9 and hyphens, "
        "64 characters at most, is 'A'",
    ]


def test_a_file_is_told_in_the_reader_s_language():
    with translation.override("fr"):
        (rule,) = problems_of(read_questionnaire, changed(SMALL, "kind: single", "kind: multiple"))
        assert rule.text == "La question «\u202fa-one\u202f» donne des points\u00a0: elle doit être à choix unique."
        (shape,) = problems_of(read_questionnaire, changed(SMALL, "{en: Small, fr: Petit}", "[a]"))
        assert "une liste" in shape.text


def test_at_least_three_dimensions_are_scored():
    text = SMALL.replace(dimension("c"), "")
    expect(read_questionnaire, text, "  - key: a\n", "dimensions", THREE_SCORED)


def test_every_circle_of_needs_is_found():
    needs = {"a": "b-one", "b": "a-one", "c": "c-one"}
    text = SMALL.replace("        needs: [a-one]\n", "")
    for key, needed in needs.items():
        old = f"      - key: {key}-one\n        kind: single\n"
        text = text.replace(old, f"{old}        needs: [{needed}]\n")
    problems = problems_of(read_questionnaire, text)
    assert [problem.message for problem in problems] == [CIRCLE] * 2
    assert sorted(len(set(problem.values["keys"].split(" > "))) for problem in problems) == [1, 2]


def test_a_long_chain_of_needs_is_no_circle():
    """Neither a stack nor patience runs out."""
    chain = "".join(question(f"q-{n}", f"        needs: [q-{n + 1}]\n") for n in range(1020)) + question("q-1020")
    text = OLD.replace(
        *(part.replace(f", {STEP}", "") for part in (question("c-one"), chain))
    )  # as small as a file can be
    assert len(read_questionnaire(text, "chain.yaml").dimensions[2].questions) == 1021


def test_figures_and_findings_are_checked_when_known():
    problems = problems_of(read_questionnaire, SMALL, figures=[], findings={"f-02"})
    assert [(p.line, p.key, p.message) for p in problems] == [
        (line_of(SMALL, "f-01"), "dimensions[1].questions[0].findings[0]", spot.UNKNOWN_FINDING),
        (line_of(SMALL, "some-figure"), "dimensions[3].questions[0].choices[0].figure", questionnaire.UNKNOWN_FIGURE),
    ]


SECOND_STUDY = """\
  - key: study
    title: {en: S, fr: Étude}
    publisher: P
    period: {en: I, fr: Au}
    population: {en: P, fr: Gens}
    vendor: false
"""
EVIDENCE_CASES = [
    ("findings:\n  - key", f"{SECOND_STUDY}findings:\n  - key", "key: study\n    title: {en: S,", "studies[1].key",
     spot.REPEATED_KEY),
    ("vendor: true", "vendor: 1", "vendor: 1", "studies[0].vendor", spot.NOT_FLAG),
    ("sample: 312", "sample: about 312", "sample: about", "studies[0].sample", spot.NOT_WHOLE),
    ("sample: 312", "sample: 0", "sample: 0", "studies[0].sample", spot.NOT_WHOLE),
    ("year: 2016", "year: '2016'\n    note: later", "note", "studies[0].note", spot.UNKNOWN_FIELD),
    ("year: 2016", "year: [2016]", "[2016]", "studies[0].year", spot.NOT_WHOLE),
    ("study: study", "study: other", "study: other", "findings[0].study", evidence.UNKNOWN_STUDY),
    ("criterion: true", "criterion: maybe", "maybe", "findings[0].criterion", spot.NOT_FLAG),
    ("    kind: gap\n", "", "- key: f-01", "findings[0].kind", evidence.CRITERION_NEEDS),
    ("    kind: gap\n", "    kind: fault\n", "kind: fault", "findings[0].kind", spot.NOT_OPTION),
    ("    title: {en: finding it, fr: la trouvaille}\n", "", "- key: f-01", "findings[0].title",
     evidence.CRITERION_NEEDS),
    ("fr: 60\u00a0%", "fr: 60", "fr: 60", "findings[0].published_figure.fr", spot.QUOTE_TEXT),
    ("confidence: read", "confidence: high", "confidence: high", "findings[0].confidence", spot.NOT_OPTION),
    ("sample: '312'", "sample: 312.5", "312.5", "findings[0].sample", spot.QUOTE_TEXT),
    ("    sources: ['https://example.org/a', {en: 'a paper, 2016', fr: 'un article, 2016'}]\n", "    sources: []\n",
     "sources", "findings[0].sources", spot.TOO_FEW),
    ("finding: f-01", "finding: f-02", "finding: f-02", "figures[0].finding", spot.UNKNOWN_FINDING),
    ("percent: 54.5", "percent: 154.5", "154.5", "figures[0].percent", spot.NOT_NUMBER),
    ("percent: 54.5", "percent: 54%", "54%", "figures[0].percent", spot.NOT_NUMBER),
    ("percent: 54.5", "percent: 54.55", "54.55", "figures[0].percent", spot.TOO_MANY_DECIMALS),
    ("- edition: 2016", "- edition: 2017", "edition: 2017", "references[0].edition", evidence.UNKNOWN_EDITION),
    ("dimension: b", "dimension: a", "{edition: 2016", "references[1].edition", evidence.REPEATED_REFERENCE),
    ("level: 2", "level: 6", "level: 6", "references[0].level", spot.NOT_WHOLE),
    ("level: 2", "level: null", "level: null", "references[0].level", evidence.LEVEL_NEEDED),
    ("level: null", "level: 3", "level: 3", "references[1].level", evidence.LEVEL_WITHOUT_READING),
    ("reading: editorial", "reading: guess", "guess", "references[0].reading", spot.NOT_OPTION),
    ("    findings: [f-01]\n", "    findings: []\n", "    findings: []", "references[0].findings",
     evidence.FINDINGS_NEEDED),
    ("    findings: [f-01]\n", "", "- edition: 2016", "references[0].findings", evidence.FINDINGS_NEEDED),
    ("[f-01]", "[f-03]", "[f-03]", "references[0].findings[0]", spot.UNKNOWN_FINDING),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "part", "key", "message"), EVIDENCE_CASES)
def test_problem_in_evidence(old, new, part, key, message):
    text = changed(EVIDENCE, old, new)
    if "note" in new:
        text = text.replace("'2016'", "2016")
    expect(read_evidence, text, part, key, message)


@pytest.mark.parametrize(
    "source",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "ftp://example.org/",
        "https://",
        "https://[",
        "//example.org",
        "https://example.org/a b",
        "see https://example.org",
        "http:/example.org",
    ],
)
def test_source_is_an_http_address_or_words(source):
    text = EVIDENCE.replace("https://example.org/a'", f"{source}'")
    expect(read_evidence, text, source, "findings[0].sources[0]", evidence.NOT_SOURCE)


@pytest.mark.parametrize(
    "source", ["http://example.org", "https://example.org:8000/a?b=c#d", "a paper: page 4", "page 4"]
)
def test_source_that_is_read(source):
    text = EVIDENCE.replace("https://example.org/a'", f"{source}'")
    assert read_evidence(text, "evidence.yaml").findings[0].sources[0] == Text(source, source)


def test_a_source_is_named_once():
    text = changed(EVIDENCE, "['https://example.org/a'", "['https://example.org/a', 'https://example.org/a'")
    problem = problems_of(read_evidence, text)[0]
    assert (problem.key, problem.message) == ("findings[0].sources[1]", evidence.REPEATED_SOURCE)


def test_only_a_criterion_has_a_kind_and_a_title():
    problems = problems_of(read_evidence, EVIDENCE.replace("criterion: true", "criterion: false"))
    assert [(p.key, p.message) for p in problems] == [
        ("findings[0].kind", evidence.CRITERION_ONLY),
        ("findings[0].title", evidence.CRITERION_ONLY),
    ]


SECOND_FINDING = """\
  - key: f-02
    study: study
    dimension: a
    criterion: false
    text: {en: B, fr: C}
    published_figure: 60%
    sample: '312'
    sources: [a paper]
    confidence: read
figures:
"""
LINKED = changed(
    changed(EVIDENCE, "figures:\n", SECOND_FINDING), "    kind: gap\n", "    kind: gap\n    linked_findings: [f-02]\n"
)


def test_a_criterion_links_what_its_study_published_in_figures():
    assert read_evidence(LINKED, "e.yaml").findings[0].linked_findings == ("f-02",)
    assert read_evidence(EVIDENCE, "e.yaml").findings[0].linked_findings == ()


OTHER_STUDY = changed(LINKED, "findings:\n", SECOND_STUDY.replace("key: study", "key: other") + "findings:\n")
NO_LINKS = [
    (LINKED.replace("    published_figure: 60%\n", ""), "findings[0].linked_findings", evidence.NOT_LINKABLE),
    (changed(OTHER_STUDY, "study: study", "study: other", 2), "findings[0].linked_findings", evidence.NOT_LINKABLE),
    (LINKED.replace("[f-02]", "[f-01]"), "findings[0].linked_findings", evidence.NOT_LINKABLE),
    (LINKED.replace("[f-02]", "[f-03]"), "findings[0].linked_findings[0]", spot.UNKNOWN_FINDING),
    (
        changed(LINKED, "criterion: false\n", "criterion: false\n    linked_findings: [f-02]\n"),
        "findings[1].linked_findings",
        evidence.CRITERION_ONLY,
    ),
]


@pytest.mark.parametrize(("text", "key", "message"), NO_LINKS)
def test_nothing_else_stands_beside_a_criterion(text, key, message):
    assert (key, message) in [(problem.key, problem.message) for problem in problems_of(read_evidence, text)]


def test_a_text_that_is_given_in_two_languages_needs_both():
    problems = problems_of(read_evidence, EVIDENCE.replace(", fr: 'un article, 2016'", ""))
    assert [(p.key, p.message) for p in problems] == [("findings[0].sources[1].fr", spot.MISSING_FIELD)]


def test_problem_in_lists():
    twice = LISTS + "  - {key: one, text: {en: Two, fr: Deux}}\n"
    expect(read_lists, twice, "{key: one, text: {en: Two", "roles[1].key", spot.REPEATED_KEY)
    none = changed(LISTS, "markets:\n  - {key: one, text: {en: One, fr: Un}}\n", "markets: []\n")
    expect(read_lists, none, "[]", "markets", spot.TOO_FEW)
    item = LISTS + "  - one\n"
    expect(read_lists, item, "- one", "roles[1]", spot.NOT_MAPPING)


# Hostile files --------------------------------------------------------------------------------------------------------
LAUGHS = 'a: &a ["lol", "lol"]\n' + "".join(
    f"{this}: &{this} [{', '.join([f'*{last}'] * 9)}]\n" for last, this in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "too large": ("#\n" * 1_000_001, 1, nodes.TOO_LARGE),
    "latin-1": ("key: é".encode("latin-1"), 1, nodes.NOT_UTF8),
    "workbook": (b"PK\x03\x04", 1, nodes.PACKED),
    "utf-16": ("key: a\n".encode("utf-16"), 1, nodes.NOT_UTF8),
    "wrong byte in line 3": (b"a: b\nc: d\ne: \xff\n", 3, nodes.NOT_UTF8),
    "lone surrogate": ("key: \ud800", 1, nodes.NOT_UTF8),
    "nul": ("a: b\nkey: a\0b", 2, nodes.CONTROL_CHARACTER),
    "bell": ("key: a\ab", 1, nodes.CONTROL_CHARACTER),
    "escape": (b"key: \x1b[31mred", 1, nodes.CONTROL_CHARACTER),
    "right to left": ("key: a\u202eb", 1, nodes.CONTROL_CHARACTER),
    "mark in the middle": ("key: a\ufeffb", 1, nodes.CONTROL_CHARACTER),
    "cp1252 with a hole": ("a: b\nkey: â€œyesâ€\x9d\n", 2, nodes.GARBLED),
    "long line": ("a: b\nkey: " + "a" * 13_000, 2, nodes.LINE_TOO_LONG),
    "empty": ("", 1, nodes.EMPTY_FILE),
    "empty bytes": (b"", 1, nodes.EMPTY_FILE),
    "only a mark": (b"\xef\xbb\xbf", 1, nodes.EMPTY_FILE),
    "only a comment": ("# nothing\n\n", 1, nodes.EMPTY_FILE),
    "only null": ("~\n", 1, nodes.EMPTY_FILE),
    "only a start": ("---\n...\n", 1, nodes.EMPTY_FILE),
    "a list": ("- key: a\n", 1, spot.NOT_MAPPING),
    "a word": ("hello\n", 1, spot.NOT_MAPPING),
    "a number": ("12\n", 1, spot.NOT_MAPPING),
    "tab": ("key:\n\ta: b\n", 2, nodes.NOT_YAML),
    "open quote": ('a: b\nkey: "a\n', 3, nodes.NOT_YAML),
    "open list": ("key: [a\n", 2, nodes.NOT_YAML),
    "colon in a text": ("a: b\nkey: one: two\n", 2, nodes.NOT_YAML),
    "wrong indentation": ("a:\n    b: 1\n  c: 2\n", 3, nodes.NOT_YAML),
    "code point too high": ('key: "\\UFFFFFFFF"\n', 1, nodes.NOT_YAML),
    "yaml version": ("%YAML 99999999999999999999999.1\n---\nkey: a\n", 1, nodes.NOT_YAML),
    "anchor": ("a: b\nkey: &a b\n", 2, nodes.ALIAS),
    "alias": ("key: *a\n", 1, nodes.ALIAS),
    "merge": ("a: &a {b: c}\nkey: {<<: *a}\n", 1, nodes.ALIAS),
    "billion laughs": (LAUGHS, 1, nodes.ALIAS),
    "alias of itself": ("&a [*a]\n", 1, nodes.ALIAS),
    "python": ("a: b\nkey: !!python/object/apply:os.system ['true']\n", 2, nodes.TAG),
    "python name": ("!!python/name:os.system\n", 1, nodes.TAG),
    "binary": ("key: !!binary YWJj\n", 1, nodes.TAG),
    "own tag": ("%TAG ! tag:example.org,2000:\n---\nkey: !secret a\n", 3, nodes.TAG),
    "tag on a list": ("key: !!set {a, b}\n", 1, nodes.TAG),
    "two documents": ("key: a\n---\nkey: b\n", 2, nodes.SEVERAL_DOCUMENTS),
    "wide list": ("dimensions: [" + ("a," * 200 + "\n  ") * 500 + "]", 250, nodes.TOO_MANY),
    "deep list": ("key: " + "[" * 5000 + "]" * 4000, 1, nodes.TOO_DEEP),
    "deep list in lines": ("[\n" * 200_000, 13, nodes.TOO_DEEP),
    "deep mapping": ("".join(" " * n + f"k{n}:\n" for n in range(1000)), 13, nodes.TOO_DEEP),
    "deep entries": ("- " * 4000 + "a\n", 1, nodes.TOO_DEEP),
    "deep key": ("? " * 4000 + "a\n", 1, nodes.TOO_DEEP),
}


@pytest.mark.parametrize("read", [read_questionnaire, read_evidence, read_lists])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file(read, name):
    text, line, message = HOSTILE[name]
    started = time.monotonic()
    problems = problems_of(read, text)
    assert (problems[0].line, problems[0].message) == (line, message), str(problems[0])
    assert len(problems) == 1
    assert len(str(problems[0])) < 300
    assert time.monotonic() - started < 10  # a bound on hanging, not a measure


def test_hostile_file_without_the_c_parser(monkeypatch):
    """The parser in Python, used where PyYAML was built without libyaml, is as safe."""
    monkeypatch.setattr("assessment.content.nodes.LOADER", yaml.SafeLoader)
    for name, (text, _, message) in HOSTILE.items():
        found = problems_of(read_questionnaire, text)[0].message
        assert found in (message, nodes.CONTROL_CHARACTER), name
    assert read_questionnaire(SMALL, "small.yaml").key == "small"
    with pytest.raises(ContentError):
        read_questionnaire(SMALL.replace("en: Small", r'en: "\ud800"'), "small.yaml")


def test_a_large_file_of_problems_is_cut():
    """A file of nothing but problems: 500 of them are told."""
    problems = problems_of(read_lists, "sizes:\n" + "- {key: A}\n" * 10_000)
    assert len(problems) == MOST_PROBLEMS + 1


# Anything at all ------------------------------------------------------------------------------------------------------
def shortened(tree):
    """The first two questions of each part: every kind of place is still there, many times as often hit."""
    for part in tree["dimensions"]:
        part["questions"] = part["questions"][:2]
    kept = {question["key"] for part in tree["dimensions"] for question in part["questions"]}
    for question in (question for part in tree["dimensions"] for question in part["questions"]):
        question["needs"] = [key for key in question.get("needs", []) if key in kept]
    tree["consistency"] = [
        rule | {"when": [item | {"question": key} for item, key in zip(rule["when"], sorted(kept), strict=False)]}
        for rule in tree["consistency"][:2]
    ]
    return tree


TREE = shortened(yaml.safe_load(shipped("questionnaire.yaml")))
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.binary(max_size=5), st.dates(),
    st.lists(st.integers(), max_size=3), st.dictionaries(st.text(max_size=5), st.none(), max_size=3),
    st.sampled_from(["", "a-one", "level-1", "strategy-document", "save", "0", "100", "yes", "{", "é" * 2000, "a: b"]),
)  # fmt: skip


def places(node, path=()):
    yield path
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, child in children:
        yield from places(child, (*path, name))


PLACES = [path for path in places(TREE) if path]


def reads_or_refuses(text):
    try:
        read = read_questionnaire(text, "junk.yaml", {"b17-facebook"}, {"cr-01"})
    except ContentError as error:
        found = [str(problem) for problem in error.problems]
    else:
        found = []
        assert canonical(read)
    assert all(problem.startswith("junk.yaml:") for problem in found)


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), st.booleans(), JUNK), min_size=1, max_size=3))
def test_a_mutated_questionnaire_is_read_or_refused(mutations):
    tree = copy.deepcopy(TREE)
    for path, is_deleted, junk in mutations:
        parent = tree
        try:
            for name in path[:-1]:
                parent = parent[name]
            if is_deleted:
                del parent[path[-1]]
            else:
                parent[path[-1]] = junk
        except (KeyError, IndexError, TypeError):
            continue  # an earlier mutation took this place away
    reads_or_refuses(yaml.dump(tree, allow_unicode=True, Dumper=getattr(yaml, "CDumper", yaml.Dumper)))


@settings(max_examples=examples(200), deadline=None)
@given(st.integers(0, len(SMALL)), st.integers(0, 40), st.text(string.printable + "é\u2028\ud800\0", max_size=10))
def test_mutated_text_is_read_or_refused(start, length, junk):
    reads_or_refuses(SMALL[:start] + junk + SMALL[start + length :])


@settings(max_examples=examples(200), deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(junk):
    for read in (read_questionnaire, read_evidence, read_lists):
        with pytest.raises(ContentError):
            read(junk, "junk.yaml")


# Before steps ---------------------------------------------------------------------------------------------------------
BEFORE = Path(__file__).parent / "questionnaire_version_1.yaml"
OLD = SMALL.replace(f", {STEP}", "").replace(
    "        weight: 1\n",
    "        weight: 1\n        recommendation: {text: {en: Go, fr: Va}, effort: L, owner: hr}\n",
    1,
)


def test_a_recommendation_becomes_the_steps_to_the_choices_worth_50_or_more():
    read = read_questionnaire(BEFORE.read_bytes(), "version_1.yaml")
    asked = read.dimensions[0].questions[0]
    advice = recommendation(asked)
    assert advice.text.en.startswith("Write one page: audiences")
    assert [choice.step for choice in asked.choices] == [
        None,
        None,
        StepContent(None, advice.text, advice.effort, advice.owner),
        *[StepContent(None, None, advice.effort, advice.owner)] * 2,
    ]
    assert is_of_before(read)
    assert not asked.foundation


def test_the_fingerprint_of_the_version_shipped_before_stays():
    read = read_questionnaire(BEFORE.read_bytes(), "version_1.yaml")
    assert content_hash(read) == "8e7812928ebbe5ec0f1746cb50e8a54ae1bc714ed1ec4fb85e49786cfac47f31"


def test_what_recommendations_do_not_say_is_in_the_fingerprint():
    before = read_questionnaire(BEFORE.read_bytes(), "version_1.yaml")
    asked = before.dimensions[0].questions[0]
    middle, best = asked.choices[2].step, asked.choices[4].step
    changed = [
        changed_question(before, asked.key, foundation=True),
        changed_choice(before, asked, 2, step=replace(middle, title=Text("Do", "Fais"))),
        changed_choice(before, asked, 4, step=replace(best, effort="L")),
        changed_choice(before, asked, 4, step=None),
        changed_choice(before, asked, 0, step=best),
    ]
    assert not any(map(is_of_before, changed))
    assert len({content_hash(content) for content in (before, *changed)}) == 1 + len(changed)


def test_a_file_of_before_leaves_as_it_came():
    read = read_questionnaire(BEFORE.read_bytes(), "version_1.yaml")
    written = write_questionnaire(read)
    assert (b"step:" in written, written.count(b"recommendation:")) == (False, 36)
    assert read_questionnaire(written, "version_1.yaml") == read


@pytest.mark.parametrize(
    ("old", "new", "part", "field", "message"),
    [
        ("effort: L", "effort: XL", "XL", ".effort", spot.NOT_OPTION),
        ("owner: hr", "owner: me", "owner: me", ".owner", spot.NOT_OPTION),
        (", fr: Va", "", "{en: Go", ".text.fr", spot.MISSING_FIELD),
    ],
)
def test_a_recommendation_is_read_as_strictly_as_before(old, new, part, field, message):
    assert read_questionnaire(OLD, "some.yaml").dimensions[0].questions[0].choices[1].step.effort == "L"
    expect(read_questionnaire, OLD.replace(old, new, 1), part, f"{A}.questions[0].recommendation{field}", message)


def test_a_recommendation_that_leads_nowhere_is_refused():
    text = OLD.replace(
        "kind: multiple", "kind: multiple\n        recommendation: {text: {en: U, fr: V}, effort: S, owner: hr}"
    )
    where = "dimensions[3].questions[0].recommendation"
    expect(read_questionnaire, text, "{text: {en: U", where, questionnaire.NOTHING_TO_REACH)


# The canonical form ---------------------------------------------------------------------------------------------------


def test_canonical_form_is_the_whole_content():
    values = json.loads(canonical(read_questionnaire(SMALL, "small.yaml")))
    assert values["dimensions"][0]["questions"][0]["choices"][1]["points"] == "100"
    assert values["dimensions"][3]["weight"] is None
    assert values["title"] == {"en": "Small", "fr": "Petit"}
    assert "Décrit".encode() in canonical(read_questionnaire(SMALL, "small.yaml"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("weight: 1\n", "weight: 1.00\n"),
        ("points: 100", "points: 100.0"),
        ("points: 0,", "points: 0.0,"),
        ("key: small", "'key': \"small\" # same"),
    ],
)
def test_hash_of_the_same_content_is_the_same(old, new):
    other = read_questionnaire(SMALL.replace(old, new), "small.yaml")
    assert content_hash(other) == content_hash(read_questionnaire(SMALL, "small.yaml"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("fr: Petit", "fr: Petits"),
        ("weight: 1\n", "weight: 1.001\n"),
        ("at_most: 25", "at_least: 25"),
        (", figure: some-figure", ""),
        (dimension("a") + dimension("c"), dimension("c") + dimension("a")),
        (", exclusive: true", ""),
    ],
)
def test_hash_of_other_content_is_another(old, new):
    text = SMALL.replace(dimension("b", question("b-one", "        needs: [a-one]\n        findings: [f-01]\n")), "")
    text = text.replace(CONTEXT, dimension("b") + CONTEXT)
    assert old in text
    other = content_hash(read_questionnaire(text.replace(old, new), "small.yaml"))
    assert other != content_hash(read_questionnaire(text, "small.yaml"))
    assert re.fullmatch("[0-9a-f]{64}", other)


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac-roman"])
def test_a_file_read_in_another_encoding_is_refused_text_by_text_with_what_it_probably_said(encoding):
    text = SMALL.replace("fr: Décrit", "fr: Décrit l’équipe", 1)
    mangled = text.encode().decode(encoding, errors="replace" if encoding == "mac-roman" else "strict")
    problems = problems_of(read_questionnaire, mangled)
    assert {problem.message for problem in problems} == {nodes.GARBLED}
    assert any("Décrit l’équipe" in problem.values["right"] for problem in problems)
    if encoding == "cp1252":  # the others leave control characters, with which nobody can say whose text it is
        found = next(problem for problem in problems if "équipe" in problem.values["right"])
        assert (found.line, found.key) == (line_of(text, "équipe"), "levels[0].description.fr")


def test_evidence_read_in_another_encoding_is_refused_by_place():
    text = (CONTENT / "evidence.yaml").read_text().replace("fr: ", "fr: À la stratégie ", 1)
    mangled = re.sub("À la stratégie", lambda found: found[0].encode().decode("cp1252"), text)
    (problem,) = problems_of(read_evidence, mangled)
    assert (problem.message, problem.key[:8], problem.key[-3:]) == (nodes.GARBLED, "studies[", ".fr")
