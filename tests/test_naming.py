"""Sentences name parts by their texts: every one that there is, in both languages, also of half-written drafts."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from assessment.admin.problems import LONGEST, Names
from assessment.content import differences, rules
from assessment.content.places import Place
from assessment.content.problems import Sentence
from assessment.content.structure import Text
from tests.factories import changed_dimension, changed_question

NO_TEXT = "“%(place)s”: %(part)s is missing"


@pytest.fixture
def content(shipped):
    return shipped[0]


@pytest.fixture
def question(content):
    return content.dimensions[0].questions[0]


def said(content, place: Place, message: str, /, **values) -> str:
    return str(Names(content).told(Sentence(place, message, values)))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_question_a_choice_a_dimension_and_a_rule_are_named_by_their_texts(content, question, language):
    part, rule, choice = content.dimensions[0], content.consistency[0], question.choices[0]
    with translation.override(language):
        inside = Place(part.key, question.key)
        assert str(question.text)[:60] in said(content, inside, "“%(key)s” needs choices", key=question.key)
        assert str(part.title) in said(content, Place(part.key), "“%(key)s” has no question", key=part.key)
        assert str(rule.text)[:60] in said(content, Place(rule=rule.key), "“%(key)s” must compare", key=rule.key)
        told = said(content, inside, differences.CHOICE_GONE, key=choice.key, question=question.key)
        assert str(choice.text)[:60] in told
        assert str(question.text)[:60] in told
        assert str(part.title) in said(content, inside, differences.QUESTION_FROM, key=question.key, dimension=part.key)


def test_a_circle_and_prerequisites_are_told_question_by_question(content):
    first, second = content.dimensions[0].questions[:2]
    told = said(content, Place(), "In a circle: %(keys)s", keys=f"{first.key} > {second.key}")
    assert f"{first.text.en} > {second.text.en}" in told
    told = said(content, Place(), differences.NEEDS, key=first.key, old="–", new=f"{first.key}, {second.key}")
    assert f"from – to “{first.text.en}”, “{second.text.en}”" in told


def test_what_misses_a_text_is_named_by_the_nearest_words_there_are(content, question):
    half = changed_question(content, question.key, text=Text("", "Que faites-vous\u202f?"))
    inside = Place(content.dimensions[0].key, question.key)
    assert "“Que faites-vous" in said(half, inside, NO_TEXT, part="", place=f"strategy > {question.key}")
    none = changed_question(content, question.key, text=None)
    assert f"“{question.key}”" in said(none, inside, NO_TEXT, part="", place=f"strategy > {question.key}")
    assert "“level\xa02”" in said(content, Place(), NO_TEXT, part="", place="2")
    assert "“the questionnaire”" in said(content, Place(), NO_TEXT, part="", place="")
    choice = Place(*(inside.dimension, inside.question), question.choices[0].key)
    assert question.choices[0].text.en[:60] in said(content, choice, NO_TEXT, part="", place="a > b > c")


def test_what_is_said_of_a_key_keeps_the_key(content, question):
    inside = Place(content.dimensions[0].key, question.key)
    assert f"“{question.key}”" in said(content, inside, rules.REPEATED_KEY, key=question.key)
    assert "“save”" in said(content, inside, rules.TAKEN, key="save")


def test_a_condition_inside_a_sentence_is_told_too(content, question):
    inner = Sentence(Place(), differences.AT_LEAST, {"question": question.key, "points": Decimal("50.000")})
    told = said(content, Place(rule="x"), differences.RULE_CONDITION, key="x", old=inner, new=inner)
    assert f"“{question.text.en}” scores at least 50" in told


def test_roles_and_evidence_are_told_in_words(content, question):
    names = Names(content, evidence={"cr-01": "No strategy"})
    place = Place(content.dimensions[0].key, question.key)
    values = {"key": "level-3", "question": question.key, "old": "hr", "new": "sales"}
    told = str(names.told(Sentence(place, differences.OWNER, values)))
    assert "from Human resources to Sales" in told
    told = str(
        names.told(Sentence(place, differences.FINDINGS, {"key": question.key, "old": "–", "new": "cr-01, cr-02"}))
    )
    assert "from – to No strategy, cr-02" in told


def test_what_is_gone_is_named_by_what_it_was_and_a_long_text_is_cut(content, question):
    rest = replace(content.dimensions[0], questions=content.dimensions[0].questions[1:])
    after = changed_dimension(content, rest.key, questions=rest.questions, title=Text("Way " * 40, "Voie " * 40))
    names = Names(after, content)
    told = [str(names.told(item)) for part in differences.differences(content, after) for item in part.differences]
    assert any(question.text.en in text for text in told)
    assert len(names.dimension(rest.key)) == LONGEST
