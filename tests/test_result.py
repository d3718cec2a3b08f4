"""Submitting stores a result, whole and by dimension; correcting makes a draft that may take its place."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from assessment import scoring
from assessment.models import Answer, DimensionResult, Response, Result, Round
from assessment.models.result import rounded
from assessment.models.secret import hash_of
from assessment.rounds.saving import Change, save_answers
from assessment.rounds.starting import set_not_applicable
from assessment.rounds.submitting import compute, correct, drop_correction, store, submit
from assessment.scoring import record
from tests import factories
from tests.factories import NOON, level

LATER = NOON.replace(hour=18)


def change(response: Response, number: int) -> str:
    """Choose another choice in the first question of a draft; the question's key."""
    question = response.outline.content.dimensions[0].questions[0]
    picked = Change(question.key, "answered", (question.choices[number].key,), "", "", None)
    save_answers(response, [picked], response.saved_answers(), at=LATER)
    return question.key


def test_a_result_has_what_the_scoring_core_says(questionnaire):
    response, _key = factories.submitted(choose=level(4))
    result = response.result
    values = compute(response)
    assert result.values == values
    assert (result.score, result.level, result.low, result.high) == (75, 4, 75, 75)
    assert (result.questionnaire, result.round) == (questionnaire, response.round)
    assert (result.scoring_version, result.created_at) == (scoring.SCORING_VERSION, NOON)
    assert (response.state, response.submitted_at) == ("submitted", NOON)


def test_each_scored_dimension_has_a_row(questionnaire):
    response, _key = factories.submitted(choose=level(2), left_out=("social-selling",))
    rows = {row.dimension: row for row in response.result.dimensions.all()}
    assert list(rows) == ["strategy", "charter", "training", "roi", "social-selling"]
    row = rows["roi"]
    assert (row.state, row.score, row.level, row.coverage, row.low, row.high) == ("scored", 25, 2, 1, 25, 25)
    row = rows["social-selling"]
    assert (row.state, row.score, row.level, row.coverage, row.low, row.high) == ("not-applicable", *[None] * 5)


def test_columns_are_the_record_with_six_decimals(questionnaire):
    """A third of the questions without an answer, so that nothing is a whole number."""
    picks = {}
    for question in factories.outline(questionnaire).questions.values():
        if question.weight:
            place = sum(map(ord, question.key))
            picks[question.key] = "unknown" if place % 7 == 0 else question.choices[place % 5].key
    result = factories.submitted(choose=factories.chosen(picks))[0].result
    result.refresh_from_db()
    values = result.values
    pairs = [(result.score, values.score), (result.low, values.range.low), (result.high, values.range.high)]
    for row, part in zip(result.dimensions.all(), values.dimensions, strict=True):
        pairs += [(row.score, part.score), (row.coverage, part.coverage)]
        pairs += [(row.low, part.range.low), (row.high, part.range.high)]
        assert (row.level, row.state) == (part.level, part.state)
    assert any(exact != round(exact, 6) for _column, exact in pairs)
    for column, exact in pairs:
        assert abs(Fraction(column) - exact) <= Fraction(1, 2_000_000)
        assert column == round(column, 6)


def test_a_record_loses_nothing_on_its_way_through_the_database(questionnaire):
    for choose in (level(1), level(3), lambda question: None, lambda question: "unknown"):
        response, _key = factories.submitted(choose=choose)
        values = compute(response)
        stored = Result.objects.get(pk=response.result.pk)
        assert stored.record == record.dump(values)
        assert record.load(stored.record) == stored.values == values


def test_a_result_without_a_score_has_empty_columns(questionnaire):
    result = factories.submitted(choose=lambda question: None)[0].result
    assert (result.score, result.level, result.low, result.high) == (None, None, 0, 100)
    assert {row.state for row in result.dimensions.all()} == {"not-enough-answers"}


def test_a_result_of_nothing_that_applies_has_no_range(questionnaire):
    every = ("strategy", "charter", "training", "roi", "social-selling")
    result = factories.submitted(left_out=every)[0].result
    assert (result.score, result.level, result.low, result.high) == (None, None, None, None)


@pytest.mark.parametrize(
    ("number", "shown"),
    [(None, None), (Fraction(0), Decimal(0)), (Fraction(200, 3), Decimal("66.666667")), (Fraction(100), Decimal(100))],
)
def test_a_fraction_is_rounded_to_six_places(number, shown):
    assert rounded(number) == shown


def test_submitting_twice_is_submitting_once(questionnaire):
    response, key = factories.submitted()
    again = submit(key, at=LATER)
    assert again == response
    assert again.submitted_at == NOON
    assert Result.objects.filter(round=response.round).count() == 1
    assert DimensionResult.objects.filter(result__round=response.round).count() == 5


def test_a_key_that_nobody_has_submits_and_corrects_nothing(questionnaire):
    assert submit("nobody", at=NOON) is None
    assert correct("nobody", at=NOON) is None
    assert not Result.objects.exists()


def test_a_result_that_cannot_be_stored_leaves_a_draft(questionnaire):
    response, key = factories.started()
    factories.answer(response, level(3))
    Answer.objects.filter(response=response).update(choices=["no-choice"])
    with pytest.raises(ValueError, match="is not one of its scored choices"), transaction.atomic():
        submit(key, at=NOON)
    response.refresh_from_db()
    assert (response.state, response.submitted_at) == ("draft", None)
    assert not Result.objects.filter(round=response.round).exists()


def test_a_response_has_one_result(questionnaire):
    response, _key = factories.submitted()
    with pytest.raises(IntegrityError), transaction.atomic():
        store(response.round, compute(response), response=response, at=LATER)


def test_a_draft_of_a_correction_has_the_answers_and_leaves_the_report(questionnaire):
    response, key = factories.submitted(choose=level(2))
    draft = correct(key, at=LATER)
    assert (draft.state, draft.started_at, draft.role) == ("draft", LATER, response.role)
    assert (draft.opens_round, draft.round, draft.key_hash) == (True, response.round, hash_of(key))
    contents = [{k: a.content for k, a in of.saved_answers().items()} for of in (response, draft)]
    assert contents[0] == contents[1]
    assert len(contents[0]) == 36
    response.refresh_from_db()
    assert (response.state, response.result.score) == ("submitted", 25)
    assert response.answers.count() == 36


def test_correcting_twice_gives_the_same_draft(questionnaire):
    response, key = factories.submitted()
    first = correct(key, at=LATER)
    changed = change(first, 0)
    second = correct(key, at=LATER)
    assert second == first
    assert second.saved_answers()[changed].content == first.saved_answers()[changed].content
    assert Response.objects.filter(round=response.round).count() == 2
    assert Answer.objects.filter(response=first).count() == 36


def test_a_draft_that_was_never_submitted_is_what_correcting_gives(questionnaire):
    response, key = factories.started()
    assert correct(key, at=LATER) == response
    assert Response.objects.count() == 1


def test_a_submitted_correction_takes_the_place_of_the_first(questionnaire):
    response, key = factories.submitted(choose=level(2))
    draft = correct(key, at=LATER)
    factories.answer(draft, level(5))
    submitted = submit(key, at=LATER)
    assert submitted == draft
    response.refresh_from_db()
    assert (response.state, response.submitted_at, response.result.score) == ("replaced", NOON, 25)
    assert (submitted.state, submitted.result.score) == ("submitted", 100)
    assert list(Response.objects.with_key(key)) == [submitted]
    assert list(Result.objects.of_rounds().filter(round=response.round)) == [submitted.result]


def test_a_correction_can_be_corrected(questionnaire):
    _response, key = factories.submitted(choose=level(1))
    for number in (2, 3):
        factories.answer(correct(key, at=LATER), level(number))
        submit(key, at=LATER + number * timedelta(hours=1))
    states = Response.objects.order_by("submitted_at").values_list("state", flat=True)
    assert list(states) == ["replaced", "replaced", "submitted"]
    assert [result.score for result in Result.objects.of_rounds()] == [50]


def test_a_correction_that_is_dropped_leaves_what_was_submitted(questionnaire):
    response, key = factories.submitted(choose=level(2))
    draft = correct(key, at=LATER)
    factories.answer(draft, level(5))
    set_not_applicable(draft, "roi", True)
    draft.count_mail(most=5)
    assert drop_correction(key) is True
    (left,) = Response.objects.with_key(key)
    assert (left, left.has_draft, left.mails_sent) == (response, False, 1)
    assert (left.result.score, left.round.excluded) == (25, [])  # nobody else answers by that statement
    assert not Answer.objects.exclude(response=response).exists()
    assert drop_correction(key) is False


def test_what_was_never_submitted_is_no_correction_to_drop(questionnaire):
    _response, key = factories.started()
    assert drop_correction(key) is False
    assert Response.objects.count() == 1


def test_a_correction_submitted_and_dropped_at_the_same_time_ends_as_one_of_the_two(lasting):
    for number in range(3):
        response, key = factories.submitted(choose=level(2))
        draft = correct(key, at=LATER)
        submitted, dropped = factories.at_the_same_time(partial(submit, key, at=LATER), partial(drop_correction, key))
        (left,) = Response.objects.with_key(key)
        assert not left.is_draft, number
        assert (left == draft, submitted == draft) == (not dropped, not dropped)
        assert dropped in (True, False)
        assert left in (response, draft)


def test_in_a_closed_round_nothing_can_be_corrected(questionnaire):
    response, key = factories.submitted()
    Round.objects.filter(pk=response.round.pk).update(closed_at=LATER)
    assert correct(key, at=LATER) is None
    assert Response.objects.filter(round=response.round).count() == 1


def test_a_statement_taken_back_by_a_correction_leaves_the_earlier_result_as_it_was(questionnaire):
    response, key = factories.submitted(left_out=("roi",))
    set_not_applicable(correct(key, at=LATER), "roi", False)
    response = Response.objects.get(pk=response.pk)
    assert response.result.excluded == ["roi"]
    states = {part.key: part.state for part in response.result.values.dimensions}
    assert states["roi"] == "not-applicable"


@pytest.mark.parametrize("times", [2, 5])
def test_submitting_at_the_same_time_stores_one_result(lasting, times):
    response, key = factories.started()
    factories.answer(response, level(3))
    outcome = factories.at_the_same_time(*[partial(submit, key, at=NOON)] * times)
    assert outcome == [response] * times
    assert {found.state for found in outcome} == {"submitted"}
    assert Result.objects.filter(response=response).count() == 1
    assert DimensionResult.objects.filter(result__response=response).count() == 5


def test_submitting_a_correction_at_the_same_time_replaces_once(lasting):
    response, key = factories.submitted()
    draft = correct(key, at=LATER)
    assert factories.at_the_same_time(*[partial(submit, key, at=LATER)] * 3) == [draft] * 3
    states = Response.objects.filter(round=response.round).order_by("state").values_list("state", flat=True)
    assert list(states) == ["replaced", "submitted"]
    assert Result.objects.filter(round=response.round).count() == 2


@pytest.mark.parametrize("times", [2, 5])
def test_correcting_at_the_same_time_makes_one_draft(lasting, times):
    response, key = factories.submitted()
    outcome = factories.at_the_same_time(*[partial(correct, key, at=LATER)] * times)
    draft = Response.objects.get(round=response.round, state="draft")
    assert outcome == [draft] * times
    assert draft.answers.count() == 36
