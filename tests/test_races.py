"""Two administrators at the same moment: the one who is too late is told, and nothing is half done."""

from dataclasses import replace

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError

from assessment.authoring import loading
from assessment.authoring.publication import publish
from assessment.content.writer import write_questionnaire
from assessment.models import Choice, Figure, Finding, Question, Questionnaire, Study
from tests import factories
from tests.test_admin import address, boss, form_of
from tests.test_import import IMPORT, agreed, uploaded

pytestmark = pytest.mark.every_case

__all__ = ["boss"]


def told(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def looked_too_early(monkeypatch, model) -> None:
    """As if nothing had used a row when the admin looked whether something does."""
    looked = type(admin.site.get_model_admin(model))
    monkeypatch.setattr(looked, "get_deleted_objects", lambda self, objs, request: ([], {}, set(), []))


def by_its_page(boss, row):
    return boss.post(address(type(row), "delete", row.pk), {"post": "yes"}, follow=True)


def by_the_action(boss, row):
    data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    return boss.post(address(type(row), "changelist"), data, follow=True)


@pytest.mark.parametrize("delete", [by_its_page, by_the_action])
@pytest.mark.parametrize("model", [Study, Finding, Figure])
def test_what_somebody_begins_to_use_while_it_is_deleted_stays_with_a_word(
    boss, questionnaire, monkeypatch, delete, model
):
    used = {"study": "findings__isnull", "finding": "figures__isnull", "figure": "choices__isnull"}
    row = model.objects.filter(**{used[model._meta.model_name]: False}).first()
    looked_too_early(monkeypatch, model)
    answer = delete(boss, row)
    assert answer.status_code == 200
    assert told(answer)[0].startswith("Nothing was d")
    assert len(told(answer)) == 1
    assert model.objects.filter(pk=row.pk).exists()
    assert not LogEntry.objects.exists()


def test_a_draft_that_was_published_while_it_is_deleted_stays_with_a_word(boss, questionnaire, monkeypatch):
    draft = factories.draft()
    publish(draft)
    looked_too_early(monkeypatch, Questionnaire)
    monkeypatch.setattr("assessment.admin.frozen.FrozenMixin._is_open", lambda self, obj: True)
    for delete in (by_its_page, by_the_action):
        assert told(delete(boss, draft)) == [
            "A published questionnaire cannot be changed. Make a new version of it instead."
        ]
    assert Questionnaire.objects.current() == draft


def test_a_form_that_is_saved_a_moment_too_late_is_told_so(boss, questionnaire, monkeypatch):
    question = Question.objects.filter(dimension__questionnaire=factories.draft()).first()
    page = address(Question, "change", question.pk)
    data = form_of(boss, page) | {"text_en": "Too late"}

    def save_of_both(*_args, **_kwargs):
        raise IntegrityError

    with monkeypatch.context() as patched:
        patched.setattr(Choice, "save", save_of_both)
        answer = boss.post(page, data | {"choices-0-text_en": "Too late"}, follow=True)
    assert told(answer)[0].startswith("Nothing was saved")
    question.refresh_from_db()
    assert question.text_en != "Too late"
    assert not LogEntry.objects.exists()


def test_the_second_of_two_first_imports_of_a_key_is_told_and_sees_what_it_sent(
    boss, questionnaire, shipped, monkeypatch
):
    content = write_questionnaire(replace(shipped[0], key="new"))
    form = agreed(boss.post(IMPORT, uploaded(content)))

    def somebody_else_first(key: str) -> int:
        Questionnaire.objects.create(key=key, version=1, title_en="First", instruction_en="First")
        return 1

    with monkeypatch.context() as patched:
        patched.setattr(loading, "next_version", somebody_else_first)
        answer = boss.post(IMPORT, form)
    assert answer.status_code == 200
    assert told(answer)[0].startswith("Nothing was imported")
    assert content.decode()[:30] in answer.content.decode()
    assert not LogEntry.objects.exists()
    assert boss.post(IMPORT, form).status_code == 302


def test_a_figure_that_goes_while_its_questionnaire_comes_in_is_no_error_of_ours(
    boss, questionnaire, shipped, monkeypatch
):
    form = agreed(boss.post(IMPORT, uploaded(write_questionnaire(replace(shipped[0], key="new")))))
    monkeypatch.setattr(loading.Figure.objects, "all", loading.Figure.objects.none)
    answer = boss.post(IMPORT, form)
    assert told(answer)[0].startswith("Nothing was imported")
    assert not Questionnaire.objects.filter(key="new").exists()
