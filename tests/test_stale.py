"""Two people write the same draft, or one publishes what the other writes: nobody's words go without a word."""

import pytest
from django.urls import reverse

from assessment.authoring.publication import publish
from assessment.models import ConsistencyRule, Dimension, Question, Questionnaire
from tests import factories
from tests.test_admin import address, boss, form_of

__all__ = ["boss"]


@pytest.fixture
def draft(questionnaire):
    return factories.draft()


def first(model, draft):
    return model.objects.filter(**{model.path_to("pk"): draft.pk}).order_by("pk").first()


@pytest.mark.parametrize(
    ("model", "field"),
    [(Questionnaire, "title"), (Dimension, "title"), (Question, "text"), (ConsistencyRule, "text")],
)
def test_who_saves_later_is_told_and_keeps_what_they_wrote(boss, draft, model, field):
    page = address(model, "change", first(model, draft).pk)
    mine, theirs = form_of(boss, page), form_of(boss, page)
    assert boss.post(page, theirs | {f"{field}_en": "Theirs"}).status_code == 302
    answer = boss.post(page, mine | {f"{field}_en": "Mine"})
    assert answer.status_code == 200
    assert "somebody else changed this since you opened the page" in answer.content.decode()
    assert "Mine" in answer.content.decode()
    assert getattr(first(model, draft), f"{field}_en") == "Theirs"
    again = mine | {f"{field}_en": "Mine", "seen": answer.context["adminform"].form["seen"].value()}
    assert boss.post(page, again).status_code == 302
    assert getattr(first(model, draft), f"{field}_en") == "Mine"


def test_what_stands_in_the_rows_of_a_page_counts_too(boss, draft):
    question = first(Question, draft)
    page = address(Question, "change", question.pk)
    mine = form_of(boss, page)
    question.choices.filter(pk=question.choices.first().pk).update(text_en="Theirs")
    assert boss.post(page, mine).status_code == 200
    assert boss.post(page, form_of(boss, page)).status_code == 302


def test_moving_a_question_stands_in_nobody_s_way(boss, draft):
    question = first(Question, draft)
    page = address(Question, "change", question.pk)
    mine = form_of(boss, page)
    boss.post(reverse("admin:assessment_question_move", args=[question.pk]), {"by": "down"})
    assert boss.post(page, mine | {"text_en": "Mine"}).status_code == 302


def test_what_was_written_into_a_version_published_meanwhile_is_given_back(boss, draft):
    question = first(Question, draft)
    page = address(Question, "change", question.pk)
    mine = form_of(boss, page) | {"text_fr": "Ce que j’ai <b>écrit</b>"}
    publish(draft)
    answer = boss.post(page, mine)
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "This version was published meanwhile" in text
    assert "Ce que j’ai &lt;b&gt;écrit&lt;/b&gt;" in text
    assert reverse("admin:assessment_questionnaire_new_version", args=[draft.pk]) in text
    question.refresh_from_db()
    assert question.text_fr != mine["text_fr"]
