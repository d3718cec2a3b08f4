"""`manage.py rescore --check`: what is stored is what was computed, and what was published."""

import re
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from assessment.authoring.publication import publish
from assessment.models import Answer, DimensionResult, Questionnaire, Response, Result, Round
from assessment.models.outline import _published_outline
from assessment.privacy.erasing import erase
from assessment.results import rescoring
from assessment.results.rescoring import differing_results
from assessment.rounds.closing import close, reopen
from assessment.rounds.starting import set_not_applicable
from assessment.rounds.submitting import correct, submit
from tests import factories
from tests.factories import NOON, level
from tests.joint_rounds import answered_by, begun, latest


@pytest.fixture(autouse=True)
def of_its_own():
    """The command runs in a process of its own, which has read nothing yet."""
    _published_outline.cache_clear()
    yield
    _published_outline.cache_clear()


@pytest.fixture
def result(questionnaire) -> Result:
    """One of three results: that of somebody who answered almost everything."""
    factories.submitted(choose=level(2))
    chosen = factories.submitted(choose=level(3))[0].result
    factories.submitted(choose=lambda question: None)
    return chosen


def check(capsys) -> str:
    _published_outline.cache_clear()
    call_command("rescore", "--check")
    return capsys.readouterr().out


def complaints() -> list[str]:
    _published_outline.cache_clear()
    with pytest.raises(CommandError) as error:
        call_command("rescore", "--check")
    return str(error.value).splitlines()


def test_nothing_stored_is_nothing_wrong(db, capsys):
    assert check(capsys) == "0 results recomputed, all equal.\n"


def test_every_kind_of_result_is_found_equal(questionnaire, capsys):
    for number in range(1, 6):
        factories.submitted(choose=level(number))
    every = ("strategy", "charter", "training", "roi", "social-selling")
    factories.submitted(left_out=every)
    factories.submitted(left_out=("roi",), choose=lambda question: "unknown")
    _response, key = factories.submitted(left_out=("roi",))
    set_not_applicable(correct(key, at=NOON), "roi", False)
    submit(key, at=NOON)
    publish(factories.draft())
    factories.submitted()
    assert check(capsys) == "10 results recomputed, all equal.\n"


def test_results_are_read_a_batch_at_a_time(questionnaire, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(rescoring, "BATCH", 2)
    for _number in range(5):
        factories.submitted()
    next(differing_results())  # reads the outline
    with django_assert_num_queries(
        1 + 3 * 2 + 1
    ):  # the results, with each batch its answers and dimensions; joint ones
        assert [differences for _result, differences in differing_results()] == [[]] * 5
    found = differing_results()
    with django_assert_num_queries(3):
        next(found)


@pytest.mark.parametrize(
    "change",
    [
        {"choices": ["nowhere"]},
        {"choices": []},
        {"state": "unknown", "choices": []},
        {"state": "not-applicable"},
        {"state": "odd"},
        {"state": "empty"},
    ],
)
def test_a_changed_answer_is_found(result, change):
    answer = result.response.answers.order_by("pk").first()
    Answer.objects.filter(pk=answer.pk).update(**change)
    found = complaints()
    assert found
    assert all(line.startswith(f"result {result.pk}: ") for line in found)


def test_another_choice_is_found_in_record_and_columns(result):
    answer = result.response.answers.order_by("question").first()
    question = result.response.outline.questions[result.response.outline.question_keys[answer.question_id]]
    Answer.objects.filter(pk=answer.pk).update(choices=[question.choices[-1].key])
    first, second = complaints()
    assert first == f"result {result.pk}: the record differs from what its answers give"
    assert re.match(rf"result {result.pk}: .*score.*strategy\.score.* differ from the record", second)


def test_a_deleted_answer_is_found(result):
    result.response.answers.order_by("pk").first().delete()
    assert complaints()[0] == f"result {result.pk}: the record differs from what its answers give"


def test_an_answer_to_a_question_of_another_questionnaire_is_found(result):
    other = factories.draft()
    foreign = other.dimensions.first().questions.first()
    Answer.objects.filter(pk=result.response.answers.order_by("question").first().pk).update(question=foreign)
    (line,) = complaints()
    assert line.startswith(f"result {result.pk}: its answers cannot be scored: ")


def test_a_statement_that_is_not_that_of_the_result_is_found(result):
    Result.objects.filter(pk=result.pk).update(excluded=["roi"])
    assert complaints()[0] == f"result {result.pk}: the record differs from what its answers give"


def test_the_round_may_say_something_else_since(result, capsys):
    Round.objects.filter(pk=result.round_id).update(excluded=["roi"])
    assert check(capsys) == "3 results recomputed, all equal.\n"


@pytest.mark.parametrize(
    "path", [["score"], ["dimensions", 0, "score"], ["plan", 0, "gain"], ["held_by"], ["narrowing"]]
)
def test_a_changed_record_is_found(result, path):
    data = result.record
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = "1/3"
    Result.objects.filter(pk=result.pk).update(record=data)
    assert complaints() == [f"result {result.pk}: the record differs from what its answers give"]


@pytest.mark.parametrize(
    ("column", "value"),
    [("score", Decimal("50.000001")), ("level", 5), ("low", None), ("high", Decimal(99)), ("score_after_plan", None)],
)
def test_a_changed_column_is_found(result, column, value):
    Result.objects.filter(pk=result.pk).update(**{column: value})
    assert complaints() == [f"result {result.pk}: {column} differ from the record"]


@pytest.mark.parametrize(
    ("column", "value"), [("score", 51), ("level", 1), ("coverage", Decimal("0.9")), ("state", "odd"), ("low", 1)]
)
def test_a_changed_row_of_a_dimension_is_found(result, column, value):
    DimensionResult.objects.filter(result=result, dimension="roi").update(**{column: value})
    assert complaints() == [f"result {result.pk}: roi.{column} differ from the record"]


@pytest.mark.parametrize("change", ["deleted", "renamed"])
def test_a_missing_row_of_a_dimension_is_found(result, change):
    rows = DimensionResult.objects.filter(result=result, dimension="roi")
    rows.delete() if change == "deleted" else rows.update(dimension="other")
    assert complaints() == [f"result {result.pk}: its dimensions differ"]


def test_other_rules_of_scoring_are_told_and_not_compared(result):
    Result.objects.filter(pk=result.pk).update(scoring_version=99, score=1)
    assert complaints() == [f"result {result.pk}: made by version 99 of the rules, which is not known here"]


def test_points_that_were_changed_by_sql_are_found_in_text_and_results(result, questionnaire):
    choice = result.response.outline.content.dimensions[0].questions[0].choices[2]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assessment_choice SET points = 51 WHERE key = %s AND question_id IN"
            " (SELECT q.id FROM assessment_question q JOIN assessment_dimension d ON d.id = q.dimension_id"
            " WHERE d.questionnaire_id = %s)",
            [choice.key, questionnaire.pk],
        )
        assert cursor.rowcount >= 1
    found = complaints()
    assert found[0] == "barometer 1: the content is not what was published"
    assert f"result {result.pk}: the record differs from what its answers give" in found


@pytest.mark.parametrize("column", ["text_en", "text_fr"])
def test_a_wording_that_was_changed_by_sql_is_found(result, column):
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE assessment_question SET {column} = 'Other' WHERE id = (SELECT min(id) FROM assessment_question)"
        )
    assert complaints() == ["barometer 1: the content is not what was published"]


def test_a_fingerprint_that_was_changed_by_sql_is_found(result, questionnaire):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE assessment_questionnaire SET content_hash = 'other' WHERE id = %s", [questionnaire.pk])
    assert complaints() == ["barometer 1: the content is not what was published"]


def test_a_retired_version_is_checked_and_a_draft_is_not(questionnaire, capsys):
    publish(factories.draft())
    draft = factories.draft()
    draft.title_en = "Changed"
    draft.save()
    assert check(capsys) == "0 results recomputed, all equal.\n"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE assessment_questionnaire SET title_en = 'Other' WHERE id = %s", [questionnaire.pk])
    assert complaints() == ["barometer 1: the content is not what was published"]
    assert Questionnaire.objects.get(pk=questionnaire.pk).status == "retired"


def test_everything_that_is_wrong_is_told_at_once(questionnaire):
    results = [factories.submitted()[0].result for _number in range(3)]
    Result.objects.update(level=1)
    assert len(complaints()) == len(results)


def test_nothing_is_changed_by_checking(result):
    Result.objects.filter(pk=result.pk).update(score=1)
    complaints()
    assert Result.objects.get(pk=result.pk).score == 1
    assert Response.objects.get(pk=result.response_id).state == "submitted"


def test_without_check_nothing_is_done(db):
    with pytest.raises(CommandError, match="--check"):
        call_command("rescore")


# Joint results -------------------------------------------------------------------------------------------------------
@pytest.fixture
def joint(questionnaire) -> Result:
    """The joint result of a confidential round that was reopened and published again."""
    of = begun(factories.organisation())
    answered_by(of, 5)
    close(of, at=NOON)
    reopen(of)
    answered_by(of, 5, first=6)
    return close(of, at=NOON)


def test_joint_results_are_computed_again_with_their_roles(joint, capsys):
    of = begun(factories.organisation())
    answered_by(of, 2, "open")
    close(of, at=NOON)
    assert check(capsys) == "14 results recomputed, all equal.\n"  # twelve people and two rounds


def test_a_correction_after_the_publication_changes_nothing_of_what_was_published(questionnaire, capsys):
    of = begun(factories.organisation())
    (_one, key), _other = answered_by(of, 2, "open")
    close(of, at=NOON)
    reopen(of)
    corrected = correct(key, at=NOON)
    corrected.answers.all().delete()
    submit(key, at=NOON)
    assert check(capsys) == "4 results recomputed, all equal.\n"  # three versions and the round


def test_an_answer_behind_a_joint_result_that_was_changed_is_found(joint):
    response = Response.objects.filter(round=joint.round).order_by("pk").first()
    response.answers.all().delete()
    found = complaints()
    assert f"result {joint.pk}: the record differs from what its answers give" in found


def test_changed_means_by_role_are_found(questionnaire):
    of = begun(factories.organisation())
    answered_by(of, 2, "open")
    joint = close(of, at=NOON)
    assert joint.roles
    Result.objects.filter(pk=joint.pk).update(roles=[])
    assert complaints() == [f"result {joint.pk}: the means by role differ from what the answers give"]


def test_a_result_whose_answers_were_erased_is_skipped_and_counted(joint, capsys):
    response = Response.objects.filter(round=joint.round).order_by("pk").first()
    erase(latest(response), at=NOON)
    assert check(capsys) == "9 results recomputed, all equal.\n1 skipped: answers they rest on were erased.\n"


def test_missing_results_are_found(joint, result):
    joint.delete()
    result.delete()
    assert complaints() == [
        f"response {result.response_id}: submitted, but there is no result",
        f"round {joint.round_id}: published, but there is no joint result",
    ]
