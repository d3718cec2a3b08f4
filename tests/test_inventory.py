"""What a draft holds and lacks: counts, words for what is missing, and no query more for a large one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.authoring.inventory import neighbours, take_inventory
from assessment.models import Question
from assessment.models.texts import written
from tests import factories


@pytest.fixture
def draft(questionnaire):
    return factories.draft()


def line_of(draft, question):
    return next(line for part in take_inventory(draft).dimensions for line in part.questions if line.row == question)


def test_the_shipped_questionnaire_lacks_nothing(questionnaire):
    found = take_inventory(questionnaire)
    assert (len(found.dimensions), found.questions, len(found.rules)) == (6, 42, 14)
    assert (found.incomplete, found.missing) == (0, ())


def test_what_hangs_on_a_question_is_counted(draft):
    question = Question.objects.filter(dimension__questionnaire=draft, prerequisites__isnull=False).first()
    line = line_of(draft, question)
    assert line.choices == question.choices.count()
    assert line.steps == 3
    assert line.prerequisites == question.prerequisites.count() > 0
    assert line.findings == question.question_findings.count()


def test_what_is_missing_is_said_in_words(draft):
    question = draft.dimensions.first().questions.first()
    factories.without_steps(question)
    question.choices.filter(pk=question.choices.first().pk).update(points=None, text_fr="")
    Question.objects.filter(pk=question.pk).update(text_en="", help_fr=" ", weight=None)
    line = line_of(draft, question)
    assert line.missing == ("1 text in English", "2 texts in French", "3 steps", "weight", "points of a choice")
    assert line.name == question.text_fr
    question.choices.all().delete()
    assert "choices (at least two are needed)" in line_of(draft, question).missing


def test_a_help_that_is_in_neither_language_is_not_missing(draft):
    question = draft.dimensions.first().questions.first()
    Question.objects.filter(pk=question.pk).update(help_en="", help_fr=None)
    assert line_of(draft, question).missing == ()


def test_dimensions_levels_and_rules_are_looked_at_too(draft):
    dimension = draft.dimensions.first()
    dimension.anchors.first().delete()
    draft.levels.first().delete()
    rule = draft.rules.first()
    draft.rules.filter(pk=rule.pk).update(text_fr="")
    empty = draft.dimensions.create(position=9, key="new", scored=True)
    found = take_inventory(draft)
    assert found.missing == ("names of levels (five are needed)",)
    assert found.rules[0].missing == ("1 text in French",)
    assert found.dimensions[0].missing == ("descriptions of the levels (five are needed)",)
    assert found.dimensions[-1].missing[:3] == ("2 texts in English", "2 texts in French", "questions")
    assert found.dimensions[-1].name == written(empty, "title") == "new"
    assert found.incomplete == 4


def test_it_takes_as_many_queries_for_many_questions_as_for_few(draft):
    with CaptureQueriesContext(connection) as many:
        take_inventory(draft)
    Question.objects.filter(dimension__questionnaire=draft, position__gt=1).delete()
    with CaptureQueriesContext(connection) as few:
        assert take_inventory(draft).questions == 6
    assert len(many) == len(few) <= 8


def test_neighbours_cross_the_borders_of_dimensions(draft):
    first, second = draft.dimensions.all()[:2]
    last = first.questions.last()
    assert neighbours(last) == (list(first.questions.all())[-2], second.questions.first())
    assert neighbours(first.questions.first())[0] is None
    assert neighbours(draft.dimensions.last().questions.last())[1] is None
