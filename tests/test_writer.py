"""What the writer makes is read back as what it was, and written again as the same bytes; whatever a text holds."""

from dataclasses import fields, replace
from decimal import Decimal

import pytest
import yaml
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assessment.authoring.loading import load_questionnaire
from assessment.content.evidence import read_evidence
from assessment.content.files import FOLDER
from assessment.content.problems import ContentError
from assessment.content.questionnaire import read_draft, read_questionnaire
from assessment.content.rules import RESERVED_CHOICES, RESERVED_DIMENSIONS, RESERVED_QUESTIONS
from assessment.content.structure import (
    ChoiceContent,
    ConditionContent,
    DimensionContent,
    EvidenceContent,
    FigureContent,
    FindingContent,
    LevelContent,
    QuestionContent,
    QuestionnaireContent,
    ReferenceContent,
    RuleContent,
    StepContent,
    StudyContent,
    Text,
)
from assessment.content.writer import scalar, write_evidence, write_questionnaire
from assessment.models.outline import read_outline
from assessment.text.cleaning import DIRECTIONS, UNWRITABLE, garbled, is_readable, prose
from tests.factories import changed_choice
from tests.sampling import examples

NASTY = [
    "yes", "No", "null", "~", "12", "-1", "1.5", "1e3", "0x1f", "0o7", "1_000", "12:30", ".inf", "2016-01-01", "true",
    "a: b", "a:", "a #b", "#", "- a", "? a", ": a", "-", "?", "=", "<<", "---", "...", "y", "[a]", "{a: b}", "a, b",
    "&a", "*a", "!a", "|", ">", "% a", "@a", "`a`", "'", "''", '"', '"a" b', "it's", "\\", "a\\nb", "🦊", "a\u00a0b",
    "a\u202fb", "a\u200db", "a\ufeffb", "\ufeffa", "Ünïcödé", "x" * 60, "%TAG", "a]", "a}", "<b>", "{{ a }}",
]  # fmt: skip


# What the reader takes as it is: cleaned, of signs that a file of content may hold.
characters = st.characters(codec="utf-8", exclude_categories=UNWRITABLE, exclude_characters=DIRECTIONS)
words = (
    st.one_of(st.sampled_from(NASTY), st.text(characters, max_size=30))
    .map(prose)
    .filter(lambda word: is_readable(word) and not garbled(word))
)
texts = st.builds(Text, words, words)
sames = words.map(lambda word: Text(word, word))
numbers = st.decimals(0, 100, places=3).map(lambda number: number.normalize())
weights = st.sampled_from([Decimal(1), Decimal("1.000"), Decimal("0.001"), Decimal("1E+2"), Decimal("2.5")])
TAKEN = RESERVED_QUESTIONS | RESERVED_CHOICES | RESERVED_DIMENSIONS
keys = st.one_of(
    st.sampled_from(["yes", "no", "null", "12", "1e3", "0x1f", "2016-01-01", "true", "y", "0", "a--", "x" * 64]),
    st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True),
).map(lambda key: f"{key}-x" if key in TAKEN else key)


steps = st.builds(StepContent, texts, texts, st.sampled_from("SML"), st.sampled_from(["hr", "other"]))


def some_keys(least: int, most: int):
    return st.lists(keys, min_size=least, max_size=most, unique=True)


@st.composite
def choices(draw, scored: bool, kind: str):
    names = draw(some_keys(2, 3))
    points = [Decimal(0), *[draw(numbers) for _ in names[2:]], Decimal(100)] if scored else [None] * len(names)
    exclusive = st.booleans() if kind == "multiple" else st.just(False)
    figure = st.none() if scored else st.none() | keys
    return tuple(
        ChoiceContent(
            key, draw(texts), worth, draw(exclusive), draw(figure), draw(steps) if (worth or 0) >= 50 else None
        )
        for key, worth in zip(names, points, strict=True)
    )


@st.composite
def questions(draw, key: str, scored: bool, earlier: list[str]):
    kind = "single" if scored else draw(st.sampled_from(["single", "multiple"]))
    needs = st.lists(st.sampled_from(earlier), max_size=2, unique=True).map(tuple) if earlier else st.just(())
    return QuestionContent(
        key=key,
        kind=kind,
        text=draw(texts),
        help=draw(st.none() | texts),
        weight=draw(weights) if scored else None,
        allows_not_applicable=draw(st.booleans()),
        needs=draw(needs) if scored else (),
        findings=tuple(draw(some_keys(0, 3))),
        choices=draw(choices(scored, kind)),
        foundation=draw(st.booleans()) if scored else False,
    )


@st.composite
def questionnaires(draw):
    names, asked = draw(some_keys(4, 5)), draw(some_keys(6, 7))
    dimensions: list[DimensionContent] = []
    for number, name in enumerate(names):
        scored = number < 3
        own = [key for place, key in enumerate(asked) if place % len(names) == number]
        earlier = [question.key for part in dimensions for question in part.questions if part.scored]
        dimensions.append(
            DimensionContent(
                key=name,
                title=draw(texts),
                description=draw(texts),
                scored=scored,
                weight=draw(weights) if scored else None,
                anchors=tuple(draw(texts) for _ in range(5)) if scored else (),
                not_applicable=draw(st.none() | texts) if scored else None,
                questions=tuple(draw(questions(key, scored, earlier)) for key in own),
            )
        )
    scored = [question.key for part in dimensions[:3] for question in part.questions]
    when = (ConditionContent(scored[0], draw(numbers), None), ConditionContent(scored[1], None, draw(numbers)))
    return QuestionnaireContent(
        key=draw(keys),
        title=draw(texts),
        instruction=draw(texts),
        levels=tuple(LevelContent(number, draw(texts), draw(texts)) for number in range(1, 6)),
        dimensions=tuple(dimensions),
        consistency=tuple(RuleContent(key, draw(texts), when) for key in draw(some_keys(0, 2))),
    )


@st.composite
def studies(draw, key: str):
    years = st.none() | st.integers(1990, 2100)
    return StudyContent(
        key=key,
        title=draw(texts),
        publisher=draw(words),
        year=draw(years),
        period=draw(texts),
        sample=draw(st.none() | st.integers(1, 10**8)),
        population=draw(texts),
        vendor=draw(st.booleans()),
        edition=draw(years),
        approximate=draw(st.booleans()),
    )


@st.composite
def findings(draw, key: str, study: str, linked: str | None = None):
    criterion = draw(st.booleans())
    references = st.sampled_from(["https://example.org/a?b=c#d", "a paper, 2016: part one", "12"])
    source = st.one_of(references.map(lambda word: Text(word, word)), st.just(Text("a paper", "un article")))
    return FindingContent(
        key=key,
        study=study,
        dimension=draw(keys),
        criterion=criterion,
        text=draw(texts),
        published_figure=draw(st.none() | texts | sames),
        sample=draw(texts | sames),
        sources=tuple(draw(st.lists(source, min_size=1, max_size=3, unique_by=lambda text: text.en))),
        confidence=draw(st.sampled_from(["primary", "read", "second-hand", "author"])),
        kind=draw(st.sampled_from(["gap", "context"])) if criterion else None,
        title=draw(texts) if criterion else None,
        linked_findings=(linked,) if criterion and linked else (),
    )


@st.composite
def evidences(draw):
    known = tuple(draw(studies(key)) for key in draw(some_keys(1, 2)))
    keys_ = draw(some_keys(1, 3))
    first = draw(findings(keys_[0], draw(st.sampled_from(known)).key))
    linked = first.key if first.published_figure and not first.criterion else None
    found = (first, *(draw(findings(key, first.study, linked)) for key in keys_[1:]))
    figures = tuple(
        FigureContent(key, draw(st.sampled_from(found)).key, draw(st.decimals(0, 100, places=1)), draw(texts))
        for key in draw(some_keys(0, 2))
    )
    edition = next((study.edition for study in known if study.edition), None)
    references = (
        ReferenceContent(edition, "yes", 3, "editorial", (found[0].key,), draw(texts)),
        ReferenceContent(edition, "no", None, "none", (), draw(texts)),
    )
    return EvidenceContent(known, found, figures, references if edition else ())


a_dozen = settings(max_examples=examples(12), deadline=None)


@a_dozen
@given(content=questionnaires())
def test_a_questionnaire_is_read_back_as_it_was_and_written_again_as_the_same_bytes(content):
    written = write_questionnaire(content)
    assert read_questionnaire(written, "any.yaml") == content
    assert write_questionnaire(read_questionnaire(written, "any.yaml")) == written


half_texts = st.one_of(st.none(), texts, words.map(lambda word: Text(word, "")), words.map(lambda word: Text("", word)))


@st.composite
def drafts(draw):
    """A questionnaire of which texts, and whatever else its author has not come to yet, are missing."""

    def without(part):
        needed = {field.name: draw(half_texts) for field in fields(part) if field.type in (Text, Text | None)}
        return replace(part, **needed)

    def some(parts):
        return tuple(without(part) for part in parts if draw(st.booleans()))

    def question(part):
        choices = tuple(replace(choice, step=choice.step and without(choice.step)) for choice in some(part.choices))
        return replace(without(part), choices=choices, weight=None, findings=())

    whole = draw(questionnaires())
    dimensions = []
    for part in whole.dimensions:
        anchors = [draw(half_texts) for _ in part.anchors]
        while anchors and anchors[-1] is None:
            anchors.pop()
        asked = tuple(map(question, part.questions))
        scored = draw(st.booleans())
        dimensions.append(replace(without(part), anchors=tuple(anchors), questions=asked, scored=scored))
    rules = tuple(map(without, whole.consistency))
    return replace(without(whole), dimensions=tuple(dimensions), levels=some(whole.levels), consistency=rules)


@a_dozen
@given(content=drafts())
def test_a_draft_is_read_back_as_it_was_and_written_again_as_the_same_bytes(content):
    written = write_questionnaire(content)
    read, _lacks = read_draft(written, "draft.yaml", figures_of(content), ())
    assert read == content
    assert write_questionnaire(read) == written


@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=drafts())
def test_a_draft_is_stored_and_written_again_as_the_same_bytes(db, content):
    for figure in figures_of(content):
        content = without_figure(content, figure)
    with transaction.atomic():
        draft, _is_new = load_questionnaire(content, publishes=False)
        assert write_questionnaire(read_outline(draft).content) == write_questionnaire(content)
        transaction.set_rollback(True)


def without_figure(content, figure: str):
    """A site has only the figures of its evidence."""
    parts = []
    for part in content.dimensions:
        asked = []
        for question in part.questions:
            choices = [replace(one, figure=None) if one.figure == figure else one for one in question.choices]
            asked.append(replace(question, choices=tuple(choices)))
        parts.append(replace(part, questions=tuple(asked)))
    return replace(content, dimensions=tuple(parts))


def figures_of(content) -> set[str]:
    asked = [question for part in content.dimensions for question in part.questions]
    return {choice.figure for question in asked for choice in question.choices if choice.figure}


@a_dozen
@given(content=evidences())
def test_evidence_is_read_back_as_it_was_and_written_again_as_the_same_bytes(content):
    written = write_evidence(content)
    assert read_evidence(written, "any.yaml") == content
    assert write_evidence(read_evidence(written, "any.yaml")) == written


@pytest.mark.parametrize(
    "text", [*NASTY, "a\nb", "a\r\nb", " a", "a ", "\t", "a\x85b", "a\u2028b", "", "\x07", "🦊" * 999]
)
def test_a_text_is_written_as_a_text_that_any_reader_of_yaml_takes_back(text):
    line = scalar(text)
    assert "\n" not in line
    assert yaml.safe_load(f"a: {line}") == {"a": text}
    assert yaml.safe_load(f"- {line}") == [text]


@settings(max_examples=examples(100), deadline=None)
@given(text=st.text(st.characters(codec="utf-8"), max_size=20))
@example(text="\ufdd0\uffff\U0010ffff")
def test_any_text_at_all_is_written_as_itself(text):
    assert yaml.safe_load(f"a: {scalar(text)}") == {"a": text}


def test_the_shipped_questionnaire_is_written_as_it_stands(shipped):
    """Its first line is a comment, which no content has."""
    stands = (FOLDER / "questionnaire.yaml").read_bytes()
    assert stands.split(b"\n", 1)[1] == write_questionnaire(shipped[0])


def test_the_shipped_evidence_is_written_as_it_stands_but_for_comments_and_needless_quotes(shipped):
    stands = (FOLDER / "evidence.yaml").read_bytes().split(b"\n", 4)[4]
    assert stands.replace("'−16 points'".encode(), "−16 points".encode()) == write_evidence(shipped[1])


@pytest.mark.parametrize(
    ("number", "written"),
    [("0", "0"), ("0.000", "0"), ("1.50", "1.5"), ("1E+2", "100"), ("66.667", "66.667"), ("100.000", "100")],
)
def test_a_number_is_written_in_its_shortest_form(number, written):
    assert scalar(Decimal(number)) == written


def test_a_step_in_one_language_leaves_as_it_stands_and_the_reader_names_what_it_lacks(shipped):
    asked = shipped[0].dimensions[0].questions[0]
    step = replace(asked.choices[2].step, title=Text("Do", ""), first_move=None, effort="")
    draft = write_questionnaire(changed_choice(shipped[0], asked, 2, step=step))
    assert b"title:\n                en: Do\n                fr: null\n              first_move: null" in draft
    with pytest.raises(ContentError) as caught:
        read_questionnaire(draft, "draft.yaml")
    where = "dimensions[0].questions[0].choices[2].step."
    assert {problem.key.removeprefix(where) for problem in caught.value.problems} == {
        "title.fr",
        "first_move",
        "effort",
    }


def test_a_number_of_points_of_nought_is_written(shipped):
    assert b"points: 0\n" in write_questionnaire(shipped[0])


def test_long_lists_stand_on_lines_that_the_reader_takes(shipped):
    first = shipped[0].dimensions[0].questions[0]
    many = replace(first, findings=tuple(f"finding-{number:056d}" for number in range(300)))
    part = replace(shipped[0].dimensions[0], questions=(many, *shipped[0].dimensions[0].questions[1:]))
    content = replace(shipped[0], dimensions=(part, *shipped[0].dimensions[1:]))
    assert read_questionnaire(write_questionnaire(content), "long.yaml") == content


def test_what_a_draft_lacks_is_written_as_missing_and_named_when_it_is_read(shipped):
    part = replace(shipped[0].dimensions[0], title=Text("Only English", ""), weight=None)
    content = replace(shipped[0], instruction=None, dimensions=(part, *shipped[0].dimensions[1:]))
    with pytest.raises(ContentError) as caught:
        read_questionnaire(write_questionnaire(content), "draft.yaml")
    assert [problem.key for problem in caught.value.problems] == [
        "instruction",
        "dimensions[0].weight",
        "dimensions[0].title.fr",
    ]
