"""Two versions side by side: nothing where nothing changed, and every change that there is."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.content.differences import differences
from assessment.content.fingerprint import content_hash
from assessment.content.structure import (
    ChoiceContent,
    ConditionContent,
    DimensionContent,
    LevelContent,
    QuestionContent,
    QuestionnaireContent,
    RuleContent,
    StepContent,
    Text,
)
from tests.factories import changed_dimension, changed_question
from tests.sampling import examples


@pytest.fixture
def content(shipped):
    return shipped[0]


@pytest.fixture
def question(content):
    return content.dimensions[0].questions[0]


def told(before, after) -> list[tuple[str, str]]:
    """Each change as the section it stands in and its sentence."""
    with translation.override("en"):
        return [(section.key, str(change)) for section in differences(before, after) for change in section.differences]


# What is said --------------------------------------------------------------------------------------------------------
def test_a_question_s_changes_stand_in_its_dimension(content, question):
    before, (low, second, middle, fourth, _last) = question.choices[2].step, question.choices
    step = replace(before, effort="L", owner="hr", title=Text("Do", "Faites"))
    choices = (replace(low, points=Decimal("0.5")), second, replace(middle, step=step), fourth)
    changed = changed_question(
        content,
        question.key,
        weight=Decimal("2.50"),
        choices=choices,
        needs=("roi-goals",),
        allows_not_applicable=not question.allows_not_applicable,
        foundation=not question.foundation,
    )
    key, first, last = question.key, question.choices[0].key, question.choices[4].key
    effort = {"S": "small", "M": "medium", "L": "large"}[before.effort]
    found = told(content, changed)
    assert {section for section, _text in found} == {"strategy"}
    texts = [text for _section, text in found]
    assert f"The weight of the question “{key}” goes from {question.weight} to 2.5." in texts
    assert (
        f"The prerequisites of the question “{key}” go from {', '.join(question.needs) or '–'} to roi-goals." in texts
    )
    assert f"The choice “{first}” of the question “{key}” goes from 0 to 0.5 points." in texts
    assert f"The choice “{last}” of the question “{key}” is removed." in texts
    assert f"The question “{key}” is no longer a foundation." in texts
    assert f"The title of the step to “{middle.key}” of the question “{key}” is changed." in texts
    assert f"The effort of the step to “{middle.key}” of the question “{key}” goes from {effort} to large." in texts
    assert (
        f"Who usually owns the step to “{middle.key}” of the question “{key}” goes from {before.owner} to hr." in texts
    )


def test_a_reworded_text_is_shown_before_and_now_in_both_languages(content, question):
    after = Text("Another question?", question.text.fr)
    ((section,),) = [differences(content, changed_question(content, question.key, text=after))]
    (change,) = section.differences
    assert (change.before, change.after) == (question.text, after)
    assert (section.key, section.title) == ("strategy", content.dimensions[0].title)


def test_a_question_that_moves_to_another_dimension_is_not_new(content, question):
    first, second, *others = content.dimensions
    moved = replace(
        content,
        dimensions=(
            replace(first, questions=first.questions[1:]),
            replace(second, questions=(*second.questions, question)),
            *others,
        ),
    )
    assert told(content, moved) == [
        (second.key, f"The question “{question.key}” comes from the dimension “{first.key}”.")
    ]


def test_of_an_order_only_what_moved_is_named(content, question):
    part = content.dimensions[0]
    last = part.questions[-1]
    moved = changed_dimension(content, part.key, questions=(last, *part.questions[:-1]))
    assert told(content, moved) == [(part.key, f"The question “{last.key}” stands at another place.")]


def test_a_dimension_that_goes_takes_its_questions_along_and_one_that_comes_brings_them(content):
    part = content.dimensions[-1]
    without = replace(content, dimensions=content.dimensions[:-1])
    gone, new = told(content, without), told(without, content)
    assert gone[0] == (part.key, f"The dimension “{part.key}” is removed.")
    assert new[0] == (part.key, f"The dimension “{part.key}” is new.")
    assert len(gone) == len(new) == 1 + len(part.questions)


def test_what_a_new_part_counts_for_is_said(content, question):
    part = content.dimensions[0]
    without = changed_dimension(content, part.key, questions=part.questions[1:])
    ((_place, text),) = told(without, content)
    assert text == f"The question “{question.key}” is new: 5 choices from 0 to 100 points, weight 2."
    new = told(replace(content, dimensions=content.dimensions[1:]), content)
    assert (part.key, f"The dimension “{part.key}” is new and scored, with the weight 1.") in new


def test_rules_levels_and_the_whole_stand_first(content):
    rule = content.consistency[0]
    when = (replace(rule.when[0], at_least=Decimal(60), at_most=None), rule.when[1])
    changed = replace(
        content,
        title=Text("Other", "Autre"),
        levels=(replace(content.levels[0], name=Text("One", "Un")), *content.levels[1:]),
        consistency=(replace(rule, when=when), *content.consistency[2:]),
    )
    found = told(content, changed)
    assert {section for section, _text in found} == {""}
    assert [text for _section, text in found][:2] == ["The title is reworded.", "The name of level 1 is reworded."]
    assert any("now, “" in text and "scores at least 60" in text for _section, text in found)
    assert any(f"“{content.consistency[1].key}” is removed" in text for _section, text in found)


# Whatever is written -------------------------------------------------------------------------------------------------
words = st.sampled_from(["One", "Two", "Three"])
texts = st.builds(Text, words, words)
weights = st.none() | st.sampled_from([Decimal(1), Decimal("2.5")])


def some(parts: st.SearchStrategy, least: int = 0) -> st.SearchStrategy:
    return st.lists(parts, min_size=least, max_size=2, unique_by=lambda part: part.key).map(tuple)


keys = st.uuids().map(str)
steps = st.builds(StepContent, texts, st.none() | texts, st.sampled_from("SML"), st.sampled_from(["hr", "sales"]))
choices = st.builds(
    ChoiceContent,
    keys,
    texts,
    st.none() | st.just(Decimal(50)),
    st.booleans(),
    st.none() | st.just("figure"),
    st.none() | steps,
)
questions = st.builds(
    QuestionContent,
    key=keys,
    kind=st.sampled_from(["single", "multiple"]),
    text=texts,
    help=st.none() | texts,
    weight=weights,
    allows_not_applicable=st.booleans(),
    needs=st.sampled_from([(), ("a", "b")]),
    findings=st.sampled_from([(), ("c", "d")]),
    choices=some(choices),
    foundation=st.booleans(),
)
dimensions = st.builds(
    DimensionContent,
    key=keys,
    title=texts,
    description=texts,
    scored=st.booleans(),
    weight=weights,
    anchors=st.lists(texts, max_size=2).map(tuple),
    not_applicable=st.none() | texts,
    questions=some(questions),
)
conditions = st.builds(ConditionContent, st.sampled_from("ab"), st.just(Decimal(50)), st.none())
rules = st.builds(RuleContent, keys, texts, st.tuples(conditions, conditions))
questionnaires = st.builds(
    QuestionnaireContent,
    key=st.just("barometer"),
    title=texts,
    instruction=texts,
    levels=st.tuples(
        st.builds(LevelContent, st.just(1), texts, texts), st.builds(LevelContent, st.just(2), texts, texts)
    ),
    dimensions=some(dimensions, least=1),
    consistency=some(rules),
)


def changed_values(value, rebuild: Callable) -> Iterator:
    """The questionnaire with each value in it changed in turn; `rebuild` puts a changed part back in its place."""
    if is_dataclass(value):
        for field in fields(value):
            yield from changed_values(
                getattr(value, field.name),
                lambda part, value=value, name=field.name: rebuild(replace(value, **{name: part})),
            )
    elif isinstance(value, tuple):
        for place, part in enumerate(value):
            before, after = value[:place], value[place + 1 :]
            yield from changed_values(part, lambda new, b=before, a=after: rebuild((*b, new, *a)))
            if not isinstance(part, ConditionContent):
                yield rebuild(before + after)
        if len(value) > 1 and not isinstance(value[0], LevelContent) and value[::-1] != value:
            yield rebuild(value[::-1])
    elif isinstance(value, bool):
        yield rebuild(not value)
    elif isinstance(value, int):
        yield rebuild(value + 7)
    elif isinstance(value, Decimal):
        yield rebuild(value + 1)
        yield rebuild(None)
    elif isinstance(value, str):
        yield rebuild(value + "-changed")


@settings(max_examples=examples(20), deadline=None)
@given(questionnaires)
def test_nothing_differs_from_itself(content):
    assert differences(content, content) == []


@settings(max_examples=examples(20), deadline=None)
@given(questionnaires)
def test_whatever_changes_shows(content):
    for changed in changed_values(content, lambda whole: whole):
        assert content_hash(changed) != content_hash(content)
        for before, after in ((content, changed), (changed, content)):
            assert told(before, after), (before, after)


def test_whatever_changes_of_the_shipped_questionnaire_shows(content):
    """With every kind of part there is; what is none becomes something."""
    number = 0
    for changed in changed_values(content, lambda whole: whole):
        number += 1
        if number % 7 == 0:  # each is compared with some hundred others of its kind
            assert differences(content, changed)
    assert number > 1000
