"""From rows to values: what was read from the file, and once per process."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db.models import F

from assessment.authoring.publication import publish
from assessment.content.fingerprint import canonical, content_hash
from assessment.content.structure import Text
from assessment.models import Choice, Dimension, Question, Questionnaire
from assessment.models.outline import outline, read_outline, text_of
from tests import factories


def test_rows_become_the_content_that_was_read(questionnaire, shipped):
    content = read_outline(questionnaire).content
    assert canonical(content) == canonical(shipped[0])
    assert content == shipped[0]  # tuples, texts, order of everything, and numbers by their value


def test_the_stored_hash_is_that_of_the_file(questionnaire, shipped):
    assert questionnaire.content_hash == content_hash(shipped[0])


def test_questions_are_found_by_key_and_by_row(questionnaire):
    found = outline(questionnaire)
    rows = {row.key: row for row in Question.objects.filter(dimension__questionnaire=questionnaire)}
    assert found.question_ids == {key: row.pk for key, row in rows.items()}
    assert found.question_keys == {row.pk: key for key, row in rows.items()}
    assert found.dimension_of == {key: row.dimension.key for key, row in rows.items()}
    assert list(found.questions) == [q.key for part in found.content.dimensions for q in part.questions]
    assert list(found.dimensions) == [part.key for part in found.content.dimensions]
    assert (found.pk, found.version) == (questionnaire.pk, 1)


def test_the_scoring_values_say_the_same_as_the_content(questionnaire):
    found = outline(questionnaire)
    values = found.scoring
    assert (values.key, values.version) == ("barometer", 1)
    for dimension, content in zip(values.dimensions, found.content.dimensions, strict=True):
        assert (dimension.key, dimension.scored) == (content.key, content.scored)
        assert dimension.weight == (content.weight or 0)
        for question, asked in zip(dimension.questions, content.questions, strict=True):
            assert (question.key, question.kind, question.needs) == (asked.key, asked.kind, asked.needs)
            assert question.weight == (asked.weight or 0)
            assert type(question.weight) is Fraction
            assert question.allows_not_applicable == asked.allows_not_applicable
            assert question.findings == asked.findings
            assert question.foundation == asked.foundation
            assert [c.effort for c in question.choices] == [c.step.effort if c.step else None for c in asked.choices]
            assert [(c.key, c.points, c.exclusive) for c in question.choices] == [
                (c.key, c.points, c.exclusive) for c in asked.choices
            ]
    thresholds = [
        [(w.question, w.at_least, w.at_most) for w in rule.when] for rule in (*values.rules, *found.content.consistency)
    ]
    half = len(values.rules)
    assert thresholds[:half] == thresholds[half:] != []


def test_a_published_outline_is_read_once(questionnaire, django_assert_num_queries):
    first = outline(questionnaire)
    again = Questionnaire.objects.get(pk=questionnaire.pk)
    with django_assert_num_queries(0):
        assert outline(again) is first
        assert outline(again).scoring is first.scoring


def test_an_outline_outlives_retirement(questionnaire, django_assert_num_queries):
    first = outline(questionnaire)
    publish(factories.draft())
    questionnaire.refresh_from_db()
    assert questionnaire.status == "retired"
    with django_assert_num_queries(0):
        assert outline(questionnaire) is first


def test_a_draft_is_read_each_time(questionnaire):
    draft = factories.draft()
    row = Choice.objects.filter(question__dimension__questionnaire=draft).first()
    before = outline(draft).questions[row.question.key].choices[0].text
    Choice.objects.filter(pk=row.pk).update(text_en="Changed")
    after = outline(draft).questions[row.question.key].choices[0].text
    assert (before.en != "Changed", after) == (True, Text("Changed", before.fr))


def test_reading_takes_a_constant_number_of_queries(questionnaire, django_assert_num_queries):
    content = outline(questionnaire).content
    asked = content.dimensions[-1].questions
    questions = tuple(replace(question, key=f"{question.key}-{number}") for number, question in enumerate(asked * 3))
    larger = factories.changed_dimension(content, content.dimensions[-1].key, questions=questions)
    for version in (questionnaire, factories.draft(dimensions=larger.dimensions)):
        with django_assert_num_queries(11):
            read_outline(version)


def test_equal_positions_are_read_in_the_same_order_each_time(questionnaire):
    draft = factories.draft()
    rows = Choice.objects.filter(question__dimension__questionnaire=draft)
    order = read_outline(draft).content
    rows.update(position=1)
    Question.objects.filter(dimension__questionnaire=draft).update(position=1)
    Dimension.objects.filter(questionnaire=draft).update(position=1)
    draft.rules.update(position=1)
    for pk in reversed(rows.values_list("pk", flat=True)):
        rows.filter(pk=pk).update(exclusive=F("exclusive"))  # moves the row to the end of a PostgreSQL table
    assert read_outline(draft).content == order


@pytest.mark.parametrize(
    ("english", "french", "text"),
    [("a", "b", Text("a", "b")), ("a", None, Text("a", "")), ("", "b", Text("", "b")), (None, "", None)],
)
def test_a_text_that_is_missing_in_one_language_is_not_taken_from_the_other(english, french, text):
    assert text_of(Question(help_en=english, help_fr=french), "help") == text


def test_numbers_are_the_same_however_they_are_written(shipped):
    content = shipped[0]
    longer = factories.changed_dimension(content, content.dimensions[0].key, weight=Decimal("1.000"))
    shorter = factories.changed_dimension(content, content.dimensions[0].key, weight=Decimal(1))
    assert content_hash(longer) == content_hash(shorter)
    other = factories.changed_dimension(content, content.dimensions[0].key, weight=Decimal("1.001"))
    assert content_hash(other) != content_hash(shorter)
