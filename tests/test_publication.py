"""What must be right before a questionnaire is published, and what publication does."""

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest
from django.urls import get_resolver
from django.utils import timezone, translation

from assessment.authoring.publication import NotPublishableError, publish
from assessment.content import rules
from assessment.content.fingerprint import content_hash
from assessment.content.rules import RESERVED_DIMENSIONS
from assessment.content.structure import ConditionContent, Text
from assessment.models import Choice, ConsistencyRule, Prerequisite, PublishedError, Question, Questionnaire
from assessment.models.outline import read_outline
from tests import factories
from tests.factories import changed_choice, changed_dimension, changed_question

ENGLISH, FRENCH = Text("Words", ""), Text("", "Mots")


@pytest.fixture
def content(shipped):
    return shipped[0]


@pytest.fixture
def question(content):
    """The first scored question, which the tests spoil."""
    return content.dimensions[0].questions[0]


def problems(content) -> list[str]:
    with translation.override("en"):
        return [str(problem) for problem in rules.problems(content)]


def test_the_shipped_questionnaire_has_no_problem(content):
    assert problems(content) == []


def test_fewer_than_three_scored_dimensions_are_too_few(content):
    scored = [part for part in content.dimensions if part.scored]
    three, two = (replace(content, dimensions=tuple(scored[:number]), consistency=()) for number in (3, 2))
    assert "At least three dimensions must be scored." not in problems(three)
    assert "At least three dimensions must be scored." in problems(two)


@pytest.mark.parametrize("weight", [None, Decimal(0), Decimal("-1")])
def test_a_scored_dimension_and_each_of_its_questions_need_a_weight_above_0(content, question, weight):
    dimension = content.dimensions[0]
    assert problems(changed_dimension(content, dimension.key, weight=weight)) == [
        f"The dimension “{dimension.key}” needs a weight above 0."
    ]
    assert problems(changed_question(content, question.key, weight=weight)) == [
        f"The question “{question.key}” needs a weight above 0."
    ]


def test_a_dimension_needs_a_question(content):
    last = content.dimensions[-1]
    assert not last.scored
    assert problems(changed_dimension(content, last.key, questions=())) == [
        f"The dimension “{last.key}” has no question."
    ]


@pytest.mark.parametrize("points", [(1, 100), (0, 99), (0, None), (None, None), (50, 50)])
def test_the_choices_of_a_scored_question_go_from_0_to_100(content, question, points):
    choices = tuple(
        replace(choice, points=value and Decimal(value), step=question.choices[2].step if (value or 0) >= 50 else None)
        for choice, value in zip(question.choices, points, strict=False)
    )
    assert problems(changed_question(content, question.key, choices=choices)) == [
        f"The choices of the question “{question.key}” must go from 0 to 100 points."
    ]


def test_a_question_needs_two_choices(content):
    question = content.dimensions[-1].questions[0]
    assert problems(changed_question(content, question.key, choices=question.choices[:1])) == [
        f"The question “{question.key}” needs at least two choices."
    ]


def test_a_scored_question_takes_one_choice(content, question):
    assert problems(changed_question(content, question.key, kind="multiple")) == [
        f"The question “{question.key}” gives points, so it takes one choice."
    ]


@pytest.mark.parametrize("number", [0, 4])
def test_a_scored_dimension_needs_a_description_of_each_level(content, number):
    first = content.dimensions[0]
    assert problems(changed_dimension(content, first.key, anchors=first.anchors[:number])) == [
        f"The dimension “{first.key}” needs a description of each of the five levels."
    ]


def test_each_level_is_needed_once(content):
    for levels in (content.levels[:4], content.levels[1:], (*content.levels[:4], content.levels[3]), ()):
        assert problems(replace(content, levels=levels)) == [
            "Each of the five levels, numbered 1 to 5 in this order, needs a name and a meaning."
        ]


def test_a_key_stands_for_one_question(content):
    other = content.dimensions[1].questions[0]
    spoilt = changed_question(content, other.key, key=content.dimensions[0].questions[0].key)
    assert f"Two questions have the key “{content.dimensions[0].questions[0].key}”." in problems(spoilt)


def test_words_of_the_site_are_no_keys(content, question):
    choices = (replace(question.choices[0], key="unknown"), *question.choices[1:])
    for spoilt, key in [
        (changed_dimension(content, content.dimensions[-1].key, key="review"), "review"),
        (changed_question(content, content.dimensions[-1].questions[0].key, key="save"), "save"),
        (changed_question(content, question.key, choices=choices), "unknown"),
    ]:
        assert problems(spoilt) == [f"The key “{key}” is taken by the site itself."]


def test_every_address_beside_a_dimension_is_a_reserved_word():
    words = {
        pattern.removeprefix("r/%(key)s/").split("/")[0]
        for forms in get_resolver().reverse_dict.values()
        for pattern in [forms[0][0][0]]
        if pattern.startswith("r/%(key)s/")
    }
    assert "review" in words
    assert words - {"", "%(dimension)s", "%(name)s"} <= RESERVED_DIMENSIONS


def test_a_prerequisite_is_a_scored_question_that_does_not_need_it_in_turn(content, question):
    asked, other = content.dimensions[-1].questions[0], content.dimensions[0].questions[1]
    for needed in (asked.key, "nowhere"):
        assert problems(changed_question(content, question.key, needs=(needed,))) == [
            f"The prerequisites of the question “{question.key}” must be scored questions, as it must be itself."
        ]
    circle = changed_question(
        changed_question(content, question.key, needs=(other.key,)), other.key, needs=(question.key,)
    )
    (problem,) = problems(circle)
    assert problem.startswith("These questions need one another in a circle: ")
    assert question.key in problem
    (problem,) = problems(changed_question(content, question.key, needs=(question.key,)))
    assert problem == f"These questions need one another in a circle: {question.key} > {question.key}."


def test_a_consistency_rule_compares_two_scored_questions(content, question):
    rule = content.consistency[0]
    asked = content.dimensions[-1].questions[0].key
    for keys in [(asked, question.key), (question.key, question.key), (question.key, "nowhere")]:
        when = tuple(ConditionContent(key, Decimal(50), None) for key in keys)
        assert problems(replace(content, consistency=(replace(rule, when=when),))) == [
            f"The consistency rule “{rule.key}” must compare two different scored questions."
        ]


def test_every_text_is_needed_in_both_languages(content, question):
    dimension, choice = content.dimensions[0], question.choices[0]
    place = f"{dimension.key} > {question.key}"
    for text, missing in [(ENGLISH, ["French"]), (FRENCH, ["English"]), (Text(" ", ""), ["English", "French"])]:
        spoilt_choice = (replace(choice, text=text), *question.choices[1:])
        level = (replace(content.levels[0], name=text), *content.levels[1:])
        rule = (replace(content.consistency[0], text=text), *content.consistency[1:])
        for spoilt, where in [
            (replace(content, title=text), "“”: the title"),
            (replace(content, levels=level), "“1”: the name"),
            (replace(content, consistency=rule), f"“{content.consistency[0].key}”: the text"),
            (changed_dimension(content, dimension.key, description=text), f"“{dimension.key}”: the description"),
            (
                changed_dimension(content, dimension.key, anchors=(*dimension.anchors[:4], text)),
                f"“{dimension.key}”: the description of level 5",
            ),
            (changed_question(content, question.key, text=text), f"“{place}”: the text"),
            (changed_question(content, question.key, help=text), f"“{place}”: the help"),
            (changed_question(content, question.key, choices=spoilt_choice), f"“{place} > {choice.key}”: the text"),
            (
                changed_choice(content, question, 2, step=replace(question.choices[2].step, title=text)),
                f"“{place} > {question.choices[2].key}”: the title of the step",
            ),
        ]:
            assert problems(spoilt) == [f"{where} is missing in {language}." for language in missing]


def test_help_and_statement_may_be_left_out_and_a_question_may_not(content, question):
    without = changed_question(content, question.key, help=None)
    assert problems(changed_dimension(without, content.dimensions[-2].key, not_applicable=None)) == []
    assert len(problems(changed_question(content, question.key, text=None))) == 2


def test_all_problems_are_told_at_once(content, question):
    spoilt = changed_question(replace(content, levels=()), question.key, weight=None, kind="multiple")
    assert len(problems(spoilt)) == 3


def test_publishing_retires_the_version_before_and_becomes_current(questionnaire):
    draft = factories.draft()
    before = timezone.now()
    publish(draft)
    assert draft.status == "published"
    assert before <= draft.published_at <= timezone.now()
    stored = Questionnaire.objects.get(pk=draft.pk)
    assert Questionnaire.objects.current() == stored
    assert (stored.status, stored.content_hash) == ("published", content_hash(read_outline(stored).content))
    questionnaire.refresh_from_db()
    assert questionnaire.status == "retired"
    assert questionnaire.content_hash
    assert Questionnaire.objects.published().count() == 1


def test_publication_is_dated_as_told(questionnaire):
    draft = factories.draft()
    publish(draft, at=factories.NOON)
    assert Questionnaire.objects.get(pk=draft.pk).published_at == factories.NOON


def test_a_questionnaire_of_another_kind_is_not_retired(questionnaire):
    other = factories.draft(key="other")
    assert other.status == "published"  # the first of its kind is published at once
    publish(factories.draft())
    other.refresh_from_db()
    assert other.status == "published"
    assert Questionnaire.objects.current("other") == other


@pytest.mark.parametrize("again", ["published", "retired", "deleted"])
def test_only_a_draft_can_be_published(questionnaire, again):
    draft = factories.draft()
    if again == "deleted":
        Questionnaire.objects.get(pk=draft.pk).delete()
    else:
        publish(draft)
    target = questionnaire if again == "retired" else draft
    target.status = "draft"  # what a page that is open since then still shows
    with pytest.raises(PublishedError):
        publish(target)
    assert Questionnaire.objects.current() == (questionnaire if again == "deleted" else draft)


def test_a_draft_with_a_problem_stays_a_draft_and_the_current_version_stays(questionnaire):
    draft = factories.draft()
    Choice.objects.filter(question__dimension__questionnaire=draft, points=100).update(points=90)
    with pytest.raises(NotPublishableError) as error:
        publish(draft)
    assert len(error.value.problems) == 36
    assert all(problem in str(error.value) for problem in error.value.problems)
    assert Questionnaire.objects.get(pk=draft.pk).is_draft
    assert Questionnaire.objects.current() == questionnaire


def test_what_is_stored_is_published_whatever_the_caller_holds(questionnaire):
    draft = factories.draft()
    draft.title_en = "Never saved"
    publish(draft)
    stored = Questionnaire.objects.get(pk=draft.pk)
    assert stored.title_en != "Never saved"
    assert stored.content_hash == content_hash(read_outline(stored).content)


def test_a_draft_that_hangs_on_another_questionnaire_cannot_be_published(questionnaire):
    draft, other = factories.draft(), factories.draft()
    mine = Question.objects.filter(dimension__questionnaire=draft).first()
    same = Question.objects.get(dimension__questionnaire=other, key=mine.key)
    Prerequisite.objects.filter(question__dimension__questionnaire=draft).delete()
    Prerequisite.objects.create(
        question=Question.objects.filter(dimension__questionnaire=draft).exclude(pk=mine.pk).first(), needed=same
    )
    rule = ConsistencyRule.objects.filter(questionnaire=draft).first()
    second = Question.objects.get(dimension__questionnaire=questionnaire, key=rule.second_question.key)
    ConsistencyRule.objects.filter(pk=rule.pk).update(second_question=second)
    with translation.override("en"), pytest.raises(NotPublishableError) as error:
        publish(draft)
    needing = Question.objects.filter(dimension__questionnaire=draft, prerequisites__needed=same).get()
    assert error.value.problems == [
        f"The question “{needing.key}” needs a question of another questionnaire.",
        f"The consistency rule “{rule.key}” names a question of another questionnaire.",
    ]


def test_of_publications_of_one_draft_at_the_same_time_one_wins_and_the_others_are_told(lasting):
    draft = factories.draft()
    again = [Questionnaire.objects.get(pk=draft.pk) for _number in range(3)]
    outcome = factories.at_the_same_time(*(partial(publish, row) for row in again))
    assert sorted(type(result).__name__ for result in outcome) == ["NoneType", "PublishedError", "PublishedError"]
    assert Questionnaire.objects.current() == draft
    assert Questionnaire.objects.published().count() == 1


def test_two_drafts_published_at_the_same_time_leave_one_current(lasting):
    outcome = factories.at_the_same_time(*(partial(publish, draft) for draft in [factories.draft(), factories.draft()]))
    assert outcome == [None, None]
    states = Questionnaire.objects.filter(key="barometer").values_list("status", flat=True)
    assert sorted(states) == ["published", "retired", "retired"]


def test_a_change_during_publication_is_in_it_or_refused(lasting):
    draft = factories.draft()
    choice = Choice.objects.filter(question__dimension__questionnaire=draft).first()

    def change():
        for number in range(20):
            choice.text_en = f"Text {number}"
            with suppress(PublishedError):
                choice.save()

    assert factories.at_the_same_time(change, partial(publish, draft)) == [None, None]
    stored = Questionnaire.objects.get(pk=draft.pk)
    assert stored.status == "published"
    assert stored.content_hash == content_hash(read_outline(stored).content)
