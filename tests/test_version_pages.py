"""The pages of a version's life: who may, what they say, and that publishing does what was shown, once."""

import html
import re
from dataclasses import replace

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment.authoring.loading import load_questionnaire
from assessment.authoring.versions import new_version
from assessment.content.structure import Text
from assessment.models import (
    Choice,
    Dimension,
    Question,
    Questionnaire,
)
from assessment.models.outline import outline
from tests import factories
from tests.factories import changed_question

pytestmark = pytest.mark.any_database


def address(page: str, row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def somebody(client, *permissions: str, **rights):
    user = factories.account(is_staff=True, **rights)
    user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    factories.sign_in(client, user, second_factor=True)
    return client


@pytest.fixture
def boss(client, db):
    return somebody(client, is_superuser=True)


def changed_draft() -> tuple[Questionnaire, str]:
    """A draft in which a choice of one question has other words, and that question's key."""
    content = outline(Questionnaire.objects.current()).content
    question = content.dimensions[0].questions[0]
    choices = (question.choices[0], replace(question.choices[1], text=Text("Else", "Autre")), *question.choices[2:])
    return factories.draft(dimensions=changed_question(content, question.key, choices=choices).dimensions), question.key


def form_of(client, draft) -> dict:
    """What the form to publish a draft would send, nothing marked."""
    form = client.get(address("publish", draft)).context["form"]
    return {name: form.initial[name] or "" for name in ("content_hash", "before")} | {"publish": "x"}


def told(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


# Who may -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("permissions", "open_pages"),
    [
        (["view_questionnaire"], set()),
        (["view_questionnaire", "change_questionnaire"], {"check", "changes"}),
        (["view_questionnaire", "add_questionnaire"], set()),
        (
            ["view_questionnaire", "add_questionnaire", "change_questionnaire"],
            {"check", "changes", "new_version"},
        ),
        (["view_questionnaire", "publish_questionnaire"], {"check", "changes", "publish", "retire"}),
    ],
)
def test_authors_write_and_publishers_publish(client, questionnaire, permissions, open_pages):
    somebody(client, *permissions)
    draft = factories.draft()
    for page in ("check", "changes", "publish", "new_version", "retire"):
        for row in (draft, questionnaire):
            assert client.get(address(page, row)).status_code == (200 if page in open_pages else 403), page
        if page not in open_pages:
            assert client.post(address(page, questionnaire)).status_code in (403, 405)
    draft.refresh_from_db()
    questionnaire.refresh_from_db()
    assert (draft.status, questionnaire.status) == ("draft", "published")


@pytest.mark.parametrize("page", ["check", "changes", "publish", "new_version", "retire"])
def test_a_questionnaire_that_is_not_there_leads_back_as_django_does(boss, questionnaire, page):
    for number in (10**6, "abc", "9" * 30, "%00"):
        path = address(page, questionnaire).replace(f"/{questionnaire.pk}/", f"/{number}/")
        answer = boss.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("admin:index"))


@pytest.mark.parametrize("page", ["check", "changes"])
def test_pages_that_only_show_take_no_form(boss, questionnaire, page):
    assert boss.post(address(page, questionnaire)).status_code == 405


def test_a_form_without_its_token_is_refused(questionnaire):
    strict = somebody(Client(enforce_csrf_checks=True), is_superuser=True)
    for page in ("publish", "new_version", "retire"):
        assert strict.post(address(page, questionnaire)).status_code == 403


# Check ---------------------------------------------------------------------------------------------------------------
def test_everything_wrong_is_listed_with_a_link_to_its_place(boss, questionnaire):
    draft = factories.draft()
    questions = Question.objects.filter(dimension__questionnaire=draft)
    first, other = questions[0], questions[5]
    first.choices.all().delete()
    Choice.objects.filter(pk=other.choices.first().pk).update(text_fr="")
    factories.without_steps(other)
    rule = draft.rules.first()
    type(rule).objects.filter(pk=rule.pk).update(text_en=" ")
    answer = boss.get(address("check", draft))
    wrong = [(problem.address, problem.text) for problem in answer.context["problems"]]
    assert [place for place, _text in wrong] == [
        address("change", first),
        address("change", first),
        *[address("change", other)] * 4,
        address("change", rule),
    ]
    assert sum("needs a step" in text and other.text_en[:40] in text for _place, text in wrong) == 3
    page = answer.content.decode()
    assert all(place in page for place, _text in wrong)


def test_texts_come_first_and_keys_are_small_print(boss, questionnaire):
    draft = factories.draft()
    questions = Question.objects.filter(dimension__questionnaire=draft, dimension__scored=True)
    questions[0].choices.all().delete()
    factories.without_steps(questions[5])
    Question.objects.filter(pk=questions[9].pk).update(weight=7)
    keys = [key for key in questions.values_list("key", flat=True) if "-" in key]
    for language, name in (("en", "text_en"), ("fr", "text_fr")):
        boss.cookies["language"] = language
        for page in ("check", "changes", "publish"):
            shown = boss.get(address(page, draft)).content.decode()
            assert html.escape(getattr(questions[0], name)[:40]) in shown
            assert [key for key in keys if key in re.sub("<small.*?</small>", "", shown)] == [], page
    assert (
        f'<small class="quiet">strategy › {questions[0].key}</small>'
        in boss.get(address("check", draft)).content.decode()
    )


def test_a_question_of_another_questionnaire_is_found_at_its_place(boss, questionnaire):
    draft = factories.draft()
    rule = draft.rules.first()
    foreign = Question.objects.get(dimension__questionnaire=questionnaire, key=rule.first_question.key)
    type(rule).objects.filter(pk=rule.pk).update(first_question=foreign)
    (problem,) = boss.get(address("check", draft)).context["problems"]
    assert problem.address == address("change", rule)


def test_checking_and_comparing_write_nothing_and_open_in_french(boss, questionnaire):
    draft, _key = changed_draft()
    boss.cookies["language"] = "fr"
    before = QuerySet(Questionnaire).order_by("pk").values()
    kept = list(before)
    for page in ("check", "changes", "publish", "new_version", "retire"):
        for row in (draft, questionnaire):
            assert boss.get(address(page, row)).status_code == 200
    assert list(before.all()) == kept
    assert not LogEntry.objects.exists()


def test_a_half_written_draft_can_be_looked_at(boss, questionnaire):
    factories.submitted()
    empty = Questionnaire.objects.create(key="barometer", version=7, title_en="Half", instruction_en="")
    odd = factories.draft()
    Dimension.objects.filter(questionnaire=odd).update(title_en="", title_fr=None, weight=None)
    questions = Question.objects.filter(dimension__questionnaire=odd)
    questions.update(text_en=None, text_fr=None, weight=None)
    Choice.objects.filter(question__in=questions).update(points=None, text_en="")
    clash = questions.last()
    Question.objects.filter(pk=clash.pk).update(key=questions.first().key)
    unfinished = Dimension.objects.create(questionnaire=odd, key="new", position=9)
    Question.objects.create(dimension=unfinished, key="new", position=1)
    for draft in (empty, odd):
        for page in ("check", "changes", "publish"):
            answer = boss.get(address(page, draft))
            assert answer.status_code == 200
        assert answer.context["problems"]


# What changes --------------------------------------------------------------------------------------------------------
def test_what_changes_shows_old_and_new_words_and_for_whom(boss, questionnaire):
    factories.submitted()
    factories.started()
    draft = factories.draft()
    question = Question.objects.filter(dimension__questionnaire=draft).first()
    old = question.text_en
    Question.objects.filter(pk=question.pk).update(text_en="Entirely <b>new</b>", text_fr="Tout autre")
    page = boss.get(address("changes", draft)).content.decode()
    for expected in (old[:20], "Entirely &lt;b&gt;new&lt;/b&gt;", "Tout autre", "1 organisation", "1 response"):
        assert expected in page
    assert "In the reports of organisations that come back, a break is drawn" in page
    assert "count as changed until their publisher says" in page


# Publish -------------------------------------------------------------------------------------------------------------
def test_a_draft_is_published_as_shown_and_that_is_on_record(boss, questionnaire):
    draft, key = changed_draft()
    answer = boss.post(address("publish", draft), form_of(boss, draft), follow=True)
    assert "is published" in told(answer)[0]
    draft.refresh_from_db()
    assert Questionnaire.objects.current() == draft
    assert key not in draft.same_questions["1"]
    published, retired = LogEntry.objects.order_by("pk")
    assert (published.object_id, published.is_change()) == (str(draft.pk), True)
    assert (retired.object_id, retired.is_change()) == (str(questionnaire.pk), True)


def test_a_mark_can_be_tried_and_is_kept_when_published(boss, questionnaire):
    factories.submitted()
    draft, key = changed_draft()
    data = form_of(boss, draft) | {"reworded": [key]}
    first = boss.get(address("publish", draft))
    assert [str(item.title) for item in first.context["changes"].broken] == ["Strategy"]
    looked = boss.post(address("publish", draft), data | {"look": "x"})
    assert looked.context["changes"].broken == []
    assert "checked" in looked.content.decode()
    assert Questionnaire.objects.current() == questionnaire
    boss.post(address("publish", draft), data)
    draft.refresh_from_db()
    assert draft.status == "published"
    assert key in draft.same_questions["1"]


def test_only_what_could_matter_can_be_marked(boss, questionnaire):
    draft, key = changed_draft()
    other = Question.objects.filter(dimension__questionnaire=draft).exclude(key=key).first()
    for forged in ({"reworded": [other.key]}, {"before": "x"}, {"content_hash": ""}):
        answer = boss.post(address("publish", draft), form_of(boss, draft) | forged)
        assert answer.status_code == 200
        assert "does not fit" in answer.content.decode()
    assert Questionnaire.objects.current() == questionnaire


def test_a_draft_with_errors_has_no_button_and_a_forged_form_is_refused(boss, questionnaire):
    draft, key = changed_draft()
    data = form_of(boss, draft)
    Choice.objects.filter(question__dimension__questionnaire=draft, question__key=key).delete()
    assert 'name="publish"' not in boss.get(address("publish", draft)).content.decode()
    for fresh in ({}, {"content_hash": boss.get(address("publish", draft)).context["form"].initial["content_hash"]}):
        answer = boss.post(address("publish", draft), data | fresh, follow=True)
        assert told(answer)
        assert Questionnaire.objects.current() == questionnaire


def test_the_second_publisher_is_told(boss, questionnaire):
    draft, other = factories.draft(), factories.draft()
    mine, theirs = form_of(boss, draft), form_of(boss, other)
    boss.post(address("publish", draft), mine)
    again = boss.post(address("publish", draft), mine, follow=True)
    assert "was published already" in told(again)[-1]
    beside = boss.post(address("publish", other), theirs, follow=True)
    assert told(beside) == ["Nothing was published: the draft or the current version has changed. Please look again."]
    assert Questionnaire.objects.current() == draft
    assert LogEntry.objects.count() == 2  # the draft published, the previous version retired


def test_marks_stay_when_a_publication_is_refused(boss, questionnaire):
    draft, key = changed_draft()
    data = form_of(boss, draft) | {"reworded": [key]}
    Question.objects.filter(dimension__questionnaire=draft, key=key).update(text_en="Changed meanwhile")
    refused = boss.post(address("publish", draft), data)
    assert told(refused) == ["Nothing was published: the draft or the current version has changed. Please look again."]
    assert f'value="{key}" id="id_reworded_0" checked' in " ".join(refused.content.decode().split())
    assert refused.context["changes"].broken == []
    again = {name: refused.context["form"].initial[name] for name in ("content_hash", "before", "reworded")}
    assert boss.post(address("publish", draft), again | {"publish": "x"}).status_code == 302
    draft.refresh_from_db()
    assert key in draft.same_questions["1"]


def test_a_mark_that_fits_no_more_goes_and_the_others_stay(boss, questionnaire):
    draft, key = changed_draft()
    answer = boss.post(address("publish", draft), form_of(boss, draft) | {"reworded": [key, "gone"]})
    assert "does not fit" in answer.content.decode()
    assert answer.context["form"].initial["reworded"] == [key]
    assert answer.content.decode().count(" checked") == 1


def test_the_action_of_the_list_leads_to_the_page(boss, questionnaire):
    drafts = [factories.draft(), factories.draft()]
    place = reverse("admin:assessment_questionnaire_changelist")
    data = {"action": "publish_draft", "_selected_action": [drafts[0].pk]}
    assert boss.post(place, data).headers["Location"] == address("publish", drafts[0])
    data["_selected_action"] = [draft.pk for draft in drafts]
    assert told(boss.post(place, data, follow=True)) == ["Choose one draft: they are published one by one."]
    assert Questionnaire.objects.current() == questionnaire


# Which questionnaire guests answer ------------------------------------------------------------------------------------
def another(boss, shipped) -> Questionnaire:
    """A whole questionnaire with a key of its own, as an author may write one."""
    return load_questionnaire(replace(shipped[0], key="other", title=Text("Other", "Autre")), publishes=False)[0]


def test_the_page_says_which_questionnaire_new_guests_answer(boss, questionnaire, shipped):
    own, draft, other = (page_of(boss, row) for row in (questionnaire, factories.draft(), another(boss, shipped)))
    assert "New guests answer this version." in own
    assert "Once this draft is published, they answer it instead." in draft
    assert "Nobody is offered this questionnaire" in other
    for page in (draft, other):
        assert f'<a href="{address("change", questionnaire)}">{questionnaire}</a>' in page
    listed = boss.get(reverse("admin:assessment_questionnaire_changelist")).content.decode()
    assert listed.count('alt="True"') == 1
    assert "write this key for its next version" in boss.get("/admin/assessment/questionnaire/add/").content.decode()
    boss.post(address("retire", questionnaire))
    assert "nobody can start" in page_of(boss, questionnaire)


def page_of(client, row) -> str:
    return client.get(address("change", row)).content.decode()


def test_another_questionnaire_is_published_with_the_plain_word_that_nobody_is_offered_it(boss, questionnaire, shipped):
    other = another(boss, shipped)
    page = boss.get(address("publish", other)).content.decode()
    assert "Nobody will be offered this questionnaire" in page
    assert "New rounds begin with this draft" not in page
    answer = boss.post(address("publish", other), form_of(boss, other), follow=True)
    assert "but nobody is offered it" in told(answer)[0]
    assert Questionnaire.objects.current() == questionnaire
    assert "nothing changes for guests" in boss.get(address("retire", other)).content.decode()
    other.refresh_from_db()
    assert "nothing changes for them" in told(boss.post(address("retire", other), follow=True))[0]


# A new version, and none ---------------------------------------------------------------------------------------------
def test_one_button_makes_a_draft_and_a_second_one_is_asked_about(boss, questionnaire):
    page = address("new_version", questionnaire)
    made = boss.post(page, follow=True)
    draft = Questionnaire.objects.get(version=2)
    assert made.redirect_chain == [(address("change", draft), 302)]
    assert LogEntry.objects.get().is_addition()
    again = boss.post(page, follow=True)
    assert told(again) == ["Nothing was copied: there is a draft of this questionnaire already."]
    assert address("change", draft) in again.content.decode()
    assert Questionnaire.objects.count() == 2
    boss.post(page, {"beside": [draft.pk]})
    assert Questionnaire.objects.count() == 3
    assert boss.post(page, {"beside": ["x", draft.pk]}).status_code == 302
    assert boss.post(address("new_version", draft), {"beside": [draft.pk]}).status_code == 302
    assert Questionnaire.objects.count() == 3


def test_the_current_version_is_retired_after_a_warning(boss, questionnaire):
    page = boss.get(address("retire", questionnaire)).content.decode()
    assert "no round can begin" in page
    assert "is retired" in told(boss.post(address("retire", questionnaire), follow=True))[0]
    assert Questionnaire.objects.current() is None
    assert "cannot be retired" in told(boss.post(address("retire", questionnaire), follow=True))[0]
    assert LogEntry.objects.count() == 1


def test_the_page_of_a_publication_reads_the_draft_once(boss, questionnaire):
    """Once to show it, and once more when it is published: 72 queries and five readings before."""
    draft = new_version(questionnaire)
    Question.objects.filter(dimension__questionnaire=draft).first().choices.update(points=None)
    page = address("publish", draft)
    boss.get(page)
    with CaptureQueriesContext(connection) as shown:
        boss.get(page)
    readings = [query for query in shown if 'FROM "assessment_choice"' in query["sql"]]
    assert len(readings) == 1
    assert len(shown) <= 23
