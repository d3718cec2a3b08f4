"""Moving rows of a draft: neighbours change places, all are numbered again, and what is published stays."""

import pytest

from assessment.authoring.keys import move, place_last, siblings
from assessment.models import Choice, ConsistencyRule, Dimension, Level, PublishedError, Question
from tests import factories

MOVABLE = [Dimension, Question, Choice, ConsistencyRule]


def of(model, questionnaire):
    return model.objects.filter(**{model.path_to("pk"): questionnaire.pk})


@pytest.mark.parametrize("model", MOVABLE)
def test_a_row_changes_places_with_its_neighbour_and_all_are_numbered(questionnaire, model):
    row = of(model, factories.draft()).order_by("pk").first()
    before = list(siblings(row))
    siblings(row).exclude(pk=row.pk).update(position=7)  # as gaps and doubles come about
    before = list(siblings(row))
    assert move(row, by=1) is True
    after = list(siblings(row))
    assert after == [before[1], before[0], *before[2:]]
    assert [sibling.position for sibling in after] == list(range(1, len(after) + 1))
    assert move(row, by=-1) is True
    assert list(siblings(row)) == before


def test_at_the_end_nothing_moves(questionnaire):
    rows = list(siblings(of(Dimension, factories.draft()).first()))
    assert move(rows[0], by=-1) is False
    assert move(rows[-1], by=1) is False
    assert list(siblings(rows[0])) == rows


@pytest.mark.parametrize("model", MOVABLE)
def test_what_is_published_does_not_move(questionnaire, model):
    row = of(model, questionnaire).order_by("pk").first()
    before = list(siblings(row).values())
    with pytest.raises(PublishedError):
        move(row, by=1)
    assert list(siblings(row).values()) == before


def test_others_stay_where_they_are(questionnaire):
    draft = factories.draft()
    first, second = of(Dimension, draft)[:2]
    elsewhere = list(second.questions.values_list("pk", "position"))
    move(first.questions.first(), by=1)
    assert list(second.questions.values_list("pk", "position")) == elsewhere


def test_a_new_row_goes_last(questionnaire):
    dimension = of(Dimension, factories.draft()).first()
    dimension.questions.filter(pk=dimension.questions.first().pk).update(position=40)
    question = Question(dimension=dimension)
    place_last(question)
    assert question.position == 41
    dimension.questions.all().delete()
    place_last(question)
    assert question.position == 1


def test_a_level_has_its_number_and_no_place(questionnaire):
    assert not {field.name for field in Level._meta.fields} & {"position"}
