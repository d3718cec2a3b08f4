"""What is wrong or doubtful in a questionnaire is said, each thing at its place (the rules of publication: test_publication)."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from assessment.content.places import Place
from assessment.content.questionnaire import read_questionnaire
from assessment.content.rules import problems, warnings
from assessment.content.structure import StepContent, Text
from tests.factories import changed_choice, changed_dimension, changed_question


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
    step = StepContent(Text("Do", "Faites"), Text("Go", "Allez"), "S", "marketing")
    choice = Place(part.key, unscored.key)
    for spoilt, where, word in [
        (changed_question(content, unscored.key, choices=choices), place, "so its choices take no points"),
        (changed_question(content, unscored.key, weight=Decimal(1)), place, "so it takes no weight"),
        (changed_choice(content, unscored, 1, step=step), choice, "so its choices take no step"),
        (changed_question(content, unscored.key, foundation=True), place, "so it is no foundation"),
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


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("effort", "", ["needs an effort"]),
        ("owner", "me", ["functions as its owner"]),
        ("title", None, ["the title of the step is missing in English", "the title of the step is missing in French"]),
        ("first_move", Text("Do", ""), ["the first move of the step is missing in French"]),
        ("title", Text("d" * 90, "f" * 91), ["the title of the step has more than 90 characters"]),
        ("first_move", Text("d" * 401, "f" * 400), ["the first move of the step has more than 400 characters"]),
    ],
)
def test_a_step_has_a_title_a_first_move_an_effort_and_an_owner(content, question, field, value, words):
    spoilt = changed_choice(content, question, 3, step=replace(question.choices[3].step, **{field: value}))
    found = said(problems(spoilt))
    assert [place for place, _text in found] == [Place("strategy", question.key, question.choices[3].key)] * len(words)
    assert all(word in text for word, (_place, text) in zip(words, found, strict=True))


def test_what_is_worth_50_or_more_has_a_step_and_nothing_else(content, question):
    ((place, text),) = said(problems(changed_choice(content, question, 2, step=None)))
    assert (place.choice, "it needs a step" in text) == (question.choices[2].key, True)
    ((place, text),) = said(problems(changed_choice(content, question, 1, step=question.choices[2].step)))
    assert (place.choice, "it takes no step" in text) == (question.choices[1].key, True)


def test_a_statement_that_names_its_own_shortcoming_is_doubtful_from_50_points_on():
    raw = (Path(__file__).parent / "questionnaire_version_1.yaml").read_bytes()
    before = read_questionnaire(raw, "version_1.yaml")
    found = {
        place.question + place.choice[-2:] for place, text in warned(before) if "names what it still lacks" in text
    }
    assert found == {
        "strategy-document-4", "strategy-objectives-4", "strategy-management-3", "strategy-coordination-3",
        "charter-document-4", "charter-replies-3", "charter-access-3", "charter-incident-4", "training-editorial-3",
        "training-needs-3", "roi-owner-3", "roi-listening-3", "roi-data-use-3", "selling-method-4", "selling-content-4",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("english", "french", "doubted"),
    [
        ("A charter exists, even if old", "Une charte existe", True),
        ("A charter exists", "Une charte existe, sans date", True),
        ("The same for all networks", "Un conseil", True),
        ("We still look", "Nous regardons", True),
        ("Stills are kept", "On pense à la sansevière", False),
    ],
)
def test_either_language_can_name_it(content, question, english, french, doubted):
    text = Text(english, french)
    assert bool(warned(changed_choice(content, question, 3, text=text))) is doubted
    assert not warned(changed_choice(content, question, 1, text=text))


@pytest.mark.parametrize(
    ("title", "doubted"), [("A list of accounts", True), ("Your list", True), ("Answer all", False)]
)
def test_a_title_that_begins_with_no_verb_is_doubtful(content, question, title, doubted):
    step = replace(question.choices[2].step, title=Text(title, "Autre"))
    found = warned(changed_choice(content, question, 2, step=step))
    assert ["does not begin with a verb" in text for _place, text in found] == [True] * doubted


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
    empty = changed_question(content, question.key, text=None, choices=(), weight=None)
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
