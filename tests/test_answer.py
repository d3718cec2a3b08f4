"""Answers: what is stored by hand comes back as it was, in place of what was there, on both databases."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from assessment.models.answer import NO_ANSWER, Answer, SavedAnswer, answers_of
from assessment.scoring import Answer as Scored
from assessment.scoring import AnswerState
from tests import factories

AT, LATER = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
ODD = "100 % %s {rows} 'it''s' \"so\" \\ \N{SNOWMAN} \N{GRINNING FACE} \u202e\r\n\tשלום " + "é" * 1900


@pytest.fixture
def response(questionnaire):
    return factories.started()[0]


@pytest.fixture
def asked(response):
    return list(response.outline.question_ids.values())


def test_what_is_stored_comes_back_as_it_was(response, asked):
    said = {
        asked[0]: SavedAnswer("answered", ["level-2"], ODD, "https://example.org/?a=%20b&c='", 1),
        asked[1]: SavedAnswer("answered", ["a", "b ; DROP TABLE", 'ç"%s'], "", "", 7),
        asked[2]: SavedAnswer("empty", [], "only a note", "", 2),
        asked[3]: SavedAnswer("unknown", [], "", "", 1),
    }
    Answer.objects.store(response.pk, said, at=AT)
    assert answers_of(response.pk) == said
    rows = Answer.objects.filter(response=response)
    assert {row.question_id: row.saved for row in rows} == said
    assert {row.saved_at for row in rows} == {AT}
    assert len({row.pk for row in rows}) == 4


def test_what_a_response_says_anew_takes_the_place_of_what_it_said_and_of_nothing_else(response, asked):
    first, second = (
        SavedAnswer("answered", ["level-1"], "a", "", 1),
        SavedAnswer("unknown", [], "", "https://b.example/", 2),
    )
    other = factories.started()[0]
    for one in (response, other):
        Answer.objects.store(one.pk, dict.fromkeys(asked[:3], first), at=AT)
    kept = dict(Answer.objects.values_list("question_id", "pk").filter(response=response))
    Answer.objects.store(response.pk, {asked[1]: second, asked[3]: first}, at=LATER)
    assert answers_of(response.pk) == {asked[0]: first, asked[1]: second, asked[2]: first, asked[3]: first}
    assert answers_of(other.pk) == dict.fromkeys(asked[:3], first)
    rows = {row.question_id: row for row in Answer.objects.filter(response=response)}
    assert {number: rows[number].pk for number in kept} == kept
    assert [rows[number].saved_at for number in asked[:4]] == [AT, LATER, AT, LATER]


def test_an_answer_to_no_question_is_refused_and_nothing_is_stored(response, asked, lasting):
    said = SavedAnswer("unknown", [], "", "", 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.store(response.pk, {asked[0]: said, 0: said}, at=AT)
    assert answers_of(response.pk) == {}


def test_no_answer_is_worth_nothing_and_the_others_what_was_chosen():
    assert SavedAnswer("empty", (), "", "", 0) == NO_ANSWER
    assert NO_ANSWER.value is None
    assert SavedAnswer("answered", ["a"], "", "", 3).value == Scored(AnswerState.ANSWERED, ("a",))
    assert SavedAnswer("not-applicable").value == Scored(AnswerState.NOT_APPLICABLE)
    assert SavedAnswer("answered", ["a"]).content == SavedAnswer("answered", ("a",), revision=9).content
