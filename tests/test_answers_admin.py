"""A person's answers in the administration: for a superuser with a reason that is on record, once; for nobody else."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from assessment.models import Answer, Response, Round
from tests import factories

REASON = "They asked us to check question 3."


@pytest.fixture
def boss(boss, questionnaire):
    return boss


@pytest.fixture
def page(questionnaire):
    response, _key = factories.submitted(email="secret@example.org")
    Answer.objects.filter(response=response).update(note="A private <b>note</b>", evidence="https://private.example/")
    return reverse("admin:assessment_response_answers", args=[response.pk])


def test_without_a_reason_nothing_is_shown_and_nothing_is_written(boss, page):
    shown = boss.get(page).content.decode()
    assert "Reason" in shown
    assert "private" not in shown
    for reason in ("", "         ", "too short"):
        shown = boss.post(page, {"reason": reason}).content.decode()
        assert "errorlist" in shown
        assert "private" not in shown
    assert not LogEntry.objects.exists()


def test_with_a_reason_the_answers_are_shown_once_and_the_reason_is_on_record(boss, page):
    shown = boss.post(page, {"reason": REASON}).content.decode()
    response = Response.objects.get()
    for answer in response.answers.all():
        question = response.outline.questions[response.outline.question_keys[answer.question_id]]
        assert f'<th scope="row">{question.text}' in shown.replace("&#x27;", "'") or "&" in str(question.text)
    assert shown.count("A private &lt;b&gt;note&lt;/b&gt;") == response.answers.count() > 0
    entry = LogEntry.objects.get()
    assert (entry.user.email, entry.object_id, entry.content_type.model) == (
        "boss@example.org",
        str(response.pk),
        "response",
    )
    listed = boss.get(reverse("admin:admin_logentry_change", args=[entry.pk])).content.decode()
    assert "The answers of a person were read." in listed
    assert REASON in listed
    assert "private" not in boss.get(page).content.decode()


def test_the_answers_are_kept_by_no_browser_and_hold_no_address_or_key(boss, page):
    answer = boss.post(page, {"reason": REASON})
    assert "no-store" in answer["Cache-Control"]
    for secret in ("secret@example.org", Response.objects.get().key_hash):
        assert secret not in answer.content.decode()


def test_nobody_but_a_superuser_is_asked_for_a_reason(client, page):
    user = factories.account(is_staff=True)
    user.user_permissions.set(Permission.objects.all())
    factories.sign_in(client, user, second_factor=True)
    for answer in (client.get(page), client.post(page, {"reason": REASON})):
        assert answer.status_code == 403
    assert not LogEntry.objects.exists()
    shown = client.get(reverse("admin:assessment_response_change", args=[Response.objects.get().pk])).content.decode()
    assert page not in shown


def test_the_promise_of_a_confidential_round_is_recalled(boss, page):
    assert "confidential" not in boss.get(page).content.decode()
    Round.objects.update(mode=Round.Mode.CONFIDENTIAL)
    assert "This round is confidential" in boss.get(page).content.decode()


def test_erased_answers_are_gone_here_too(boss, page):
    Answer.objects.all().delete()
    assert "There is no answer" in boss.post(page, {"reason": REASON}).content.decode()


def test_the_page_of_a_response_leads_there_and_a_response_that_is_not_there_leads_back(boss, page):
    number = Response.objects.get().pk
    assert page in boss.get(reverse("admin:assessment_response_change", args=[number])).content.decode()
    for wrong in ("0", "9" * 30, "nowhere"):
        assert boss.get(reverse("admin:assessment_response_answers", args=[wrong])).status_code == 302
