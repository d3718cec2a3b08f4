"""What is wrong or doubtful in a questionnaire is said, each thing at its place (the rules of publication: test_publication)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from assessment.content.places import Place
from assessment.content.rules import problems, warnings
from assessment.content.structure import RecommendationContent, Text
from tests.factories import changed_dimension, changed_question


@pytest.fixture
def content(shipped):
    return shipped[0]


@pytest.fixture
def question(content):
    return content.dimensions[0].questions[0]


@pytest.fixture
def unscored(content):
    """A question of the dimension that is not scored."""
    return content.dimensions[-1].questions[0]


def said(found) -> list[tuple[Place, str]]:
    """What is said of each part; the reader of files holds the fields (test_content_reader)."""
    with translation.override("en"):
        return [(problem.place.part, str(problem)) for problem in found]


def warned(content) -> list[tuple[Place, str]]:
    """The warnings but for the one that the shipped questionnaire has: a term that is the same in both languages."""
    return [item for item in said(warnings(content)) if "“Social selling”" not in item[1]]


def test_of_the_shipped_questionnaire_nothing_is_doubtful_but_one_term(content):
    assert problems(content) == []
    assert warned(content) == []
    assert len(warnings(content)) == 1


def test_a_garbled_text_that_a_draft_holds_already_is_refused_with_what_it_probably_said(content, question):
    choices = (replace(question.choices[0], text=Text("Yes", "DÃ©jÃ\u00a0 fait")), *question.choices[1:])
    ((found, text),) = said(problems(changed_question(content, question.key, choices=choices)))
    assert found == Place("strategy", question.key, question.choices[0].key)
    assert text.endswith("the text is garbled: “DÃ©jÃ\u00a0 fait” was probably “Déjà fait”.")


def test_what_only_a_scored_part_has_is_refused_elsewhere(content, unscored):
    part = content.dimensions[-1]
    place = Place(part.key, unscored.key)
    choices = (replace(unscored.choices[0], points=Decimal(0)), *unscored.choices[1:])
    advice = RecommendationContent(Text("Do", "Faites"), "S", "marketing")
    for spoilt, where, word in [
        (changed_question(content, unscored.key, choices=choices), place, "so its choices take no points"),
        (changed_question(content, unscored.key, weight=Decimal(1)), place, "so it takes no weight"),
        (changed_question(content, unscored.key, recommendation=advice), place, "so it takes no recommendation"),
        (changed_dimension(content, part.key, weight=Decimal(1)), Place(part.key), "so it takes no weight"),
        (changed_dimension(content, part.key, not_applicable=Text("a", "b")), Place(part.key), "no statement"),
    ]:
        ((found, text),) = said(problems(spoilt))
        assert found == where
        assert word in text


def test_a_scored_choice_has_no_figure_beside_it(content, question):
    choices = (replace(question.choices[0], figure="any"), *question.choices[1:])
    ((place, text),) = said(problems(changed_question(content, question.key, choices=choices)))
    assert place == Place("strategy", question.key)
    assert "no published figure" in text


def test_only_one_of_several_choices_can_exclude_the_others(content, question):
    choices = (replace(question.choices[0], exclusive=True), *question.choices[1:])
    ((_place, text),) = said(problems(changed_question(content, question.key, choices=choices)))
    assert "none of its choices can exclude the others" in text


@pytest.mark.parametrize(("field", "word"), [("effort", "needs an effort"), ("owner", "who usually owns it")])
def test_a_recommendation_names_an_effort_and_an_owner(content, question, field, word):
    advice = replace(question.recommendation, **{field: ""})
    ((_place, text),) = said(problems(changed_question(content, question.key, recommendation=advice)))
    assert word in text


def test_every_circle_is_told_at_once(content):
    a, b, c, d = content.dimensions[0].questions[:4]
    spoilt = content
    for question, needed in [(a, b), (b, a), (c, d), (d, c)]:
        spoilt = changed_question(spoilt, question.key, needs=(needed.key,))
    assert len([text for _place, text in said(problems(spoilt)) if "in a circle" in text]) == 2


def test_errors_stand_in_the_order_of_the_questionnaire(content, question, unscored):
    spoilt = changed_question(content, unscored.key, weight=Decimal(1))
    spoilt = changed_question(spoilt, question.key, choices=question.choices[:1])
    rule = replace(content.consistency[0], text=Text("", ""))
    spoilt = replace(spoilt, levels=(), consistency=(rule,))
    places = [place for place, _text in said(problems(spoilt))]
    here = Place("strategy", question.key)
    assert places == [Place(), here, here, Place("context", unscored.key), Place(rule=rule.key), Place(rule=rule.key)]


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("Our training", True),
        ("A sentence that nobody ever translated", True),
        ("LinkedIn", False),
        ("LinkedIn, X, TikTok", False),
        ("2017", False),
        ("ROI", False),
        ("A Long Title In Capitals That Is No Name At All", True),
    ],
)
def test_a_text_that_is_the_same_in_both_languages_is_doubtful_unless_it_is_a_name(content, question, text, doubted):
    choices = (replace(question.choices[0], text=Text(text, f"{text} ")), *question.choices[1:])
    found = warned(changed_question(content, question.key, choices=choices))
    assert [place for place, _text in found] == (
        [Place("strategy", question.key, question.choices[0].key)] if doubted else []
    )


def test_what_an_author_should_look_at_is_said(content, question):
    other = content.dimensions[0].questions[1]
    middle = replace(question.choices[2], points=question.choices[1].points)
    falling = (*question.choices[:2], middle, *question.choices[3:])
    same = (question.choices[0], replace(question.choices[1], text=question.choices[0].text), *question.choices[2:])
    for spoilt, word in [
        (changed_question(content, question.key, choices=falling), "do not rise"),
        (changed_question(content, question.key, choices=question.choices[::-1]), "do not rise"),
        (changed_question(content, question.key, choices=same), "say the same"),
        (changed_question(content, question.key, recommendation=None), "No recommendation"),
        (changed_question(content, question.key, findings=()), "cites no finding"),
    ]:
        ((place, text),) = warned(spoilt)
        assert place == Place("strategy", question.key)
        assert word in text
    ((place, text),) = warned(changed_question(content, other.key, text=question.text))
    assert place == Place("strategy", other.key)
    assert question.key in text


def test_what_says_the_same_in_french_only_is_doubtful_too(content, question):
    same = tuple(replace(choice, text=Text(choice.text.en, "Pareil")) for choice in question.choices)
    assert [
        "say the same" in text for _place, text in warned(changed_question(content, question.key, choices=same))
    ] == [True]
    other = content.dimensions[0].questions[1]
    french = Text(other.text.en, question.text.fr)
    ((place, _text),) = warned(changed_question(content, other.key, text=french))
    assert place == Place("strategy", other.key)


@pytest.mark.parametrize(
    ("at_least", "at_most", "doubted"), [(0, None, True), (None, 100, True), (1, None, False), (None, 99, False)]
)
def test_a_rule_with_a_condition_that_always_holds_is_doubtful(content, at_least, at_most, doubted):
    rule = content.consistency[0]
    bounds = {
        name: None if value is None else Decimal(value)
        for name, value in (("at_least", at_least), ("at_most", at_most))
    }
    rule = replace(rule, when=(replace(rule.when[0], **bounds), rule.when[1]))
    assert bool(warned(replace(content, consistency=(rule,)))) is doubted


def test_a_half_written_questionnaire_is_checked_too(content, question):
    """Whatever is missing, the check says so and does not fail."""
    empty = changed_question(content, question.key, text=None, choices=(), weight=None, recommendation=None)
    empty = replace(empty, title=None, levels=(), consistency=())
    assert len(problems(empty)) >= 6
    warnings(empty)
    nothing = replace(empty, dimensions=())
    assert problems(nothing)
    assert warnings(nothing) == []


def test_it_is_said_in_the_reader_s_language_when_it_is_read(content):
    (problem,) = problems(changed_dimension(content, "strategy", weight=None))
    with translation.override("fr"):
        french = str(problem)
    with translation.override("en"):
        assert str(problem) != french


def test_two_choices_that_differ_in_signs_alone_say_the_same(content, question):
    first, second, *rest = question.choices
    choices = (
        replace(first, text=Text("We don’t", "L’élan")),
        replace(second, text=Text("Another", "L'e\u0301lan ")),
        *rest,
    )
    ((_place, text),) = warned(changed_question(content, question.key, choices=choices))
    assert "say the same" in text
