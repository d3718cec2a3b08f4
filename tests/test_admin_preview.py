"""The preview: a draft's pages and report on what is clicked, in both languages, and nothing is stored."""

import re
from html import unescape

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment.models import Choice, Question, Questionnaire
from tests import factories
from tests.test_admin import boss

pytestmark = pytest.mark.any_database

__all__ = ["boss"]


@pytest.fixture
def draft(questionnaire):
    return factories.draft()


def address(questionnaire) -> str:
    return reverse("admin:assessment_questionnaire_preview", args=[questionnaire.pk])


def fields(page: str) -> dict[str, str]:
    """What the form of a page carries, hidden."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in found}


def walk(client, draft, pick, **more) -> str:
    """Answer dimension after dimension with what `pick` says, as the forms send it; the report's page."""
    data = {"language": "en"}
    for part in draft.dimensions.all():
        page = client.get(address(draft), data | {"preview.go": part.key}).content.decode()
        data = fields(page)
        for question in part.questions.all():
            assert f'id="{question.key}"' in page
            data |= {question.key: pick(question)} if pick(question) else {}
    return client.get(address(draft), data | {"preview.go": "report"} | more).content.decode()


def best(question):
    return question.choices.last().key


@pytest.mark.parametrize(("language", "word"), [("en", "I don’t know"), ("fr", "Je ne sais pas")])
def test_a_dimension_is_shown_as_a_respondent_sees_it(boss, draft, language, word):
    part = draft.dimensions.first()
    page = boss.get(address(draft), {"language": language})
    content = unescape(page.content.decode())
    assert page["Content-Language"] == language
    assert f'<html lang="{language}">' in content
    assert word in content
    for row in [part, *part.questions.all(), *Choice.objects.filter(question__dimension=part)]:
        assert getattr(row, f"text_{language}" if hasattr(row, "text_en") else f"title_{language}") in content
    assert "25" not in re.sub(r"value=\"[^\"]*\"", "", content.partition('id="answers"')[2])  # no points are shown


def test_numbers_run_through_as_a_respondent_sees_them(boss, draft):
    def numbers(given: str = "") -> list[str]:
        asked = {"language": "en", "preview.go": "training", "preview.given": given}
        page = boss.get(address(draft), asked).content.decode()
        assert page.count('<p class="rule">Choose the last statement that is entirely true.</p>') == 7
        return re.findall(r'<span class="number">(\d+)<span class="of"> (of \d+)</span>', page)

    assert numbers() == [(str(number), "of 36") for number in range(16, 23)]
    assert numbers("social-selling.x")[0] == ("16", "of 29")


def test_the_report_is_made_of_what_was_clicked_through_all_pages(boss, draft):
    page = walk(boss, draft, best)
    assert "100 points out of 100" in page
    assert "This report is made from what you clicked." in page
    assert page.count("data:image/svg+xml;base64,") >= 6
    assert "what you said last time" not in page.lower()


def test_what_was_clicked_stays_clicked(boss, draft):
    part = draft.dimensions.first()
    question = part.questions.first()
    data = {"preview.page": part.key, question.key: best(question), "preview.go": "report"}
    page = boss.get(address(draft), data).content.decode()
    back = boss.get(address(draft), fields(page) | {"preview.go": part.key}).content.decode()
    assert re.search(rf'value="{best(question)}" checked', back.partition(f'id="{question.key}"')[2])
    assert back.count(" checked") == 1
    cleared = fields(back) | {question.key: best(question), "clear": question.key}
    page = boss.get(address(draft), cleared).content.decode()
    assert " checked" not in page
    assert f'id="{question.key}"' in page


def test_the_other_language_keeps_what_was_clicked(boss, draft):
    page = walk(boss, draft, best)
    assert re.search(r'<button form="answers" name="preview.switch" value="fr"', page)
    french = unescape(boss.get(address(draft), {"preview.switch": "fr"} | fields(page)).content.decode())
    assert "score de 100 sur 100" in french


def test_the_other_language_keeps_what_was_clicked_on_the_page_itself(boss, draft):
    part = draft.dimensions.all()[1]
    question = part.questions.first()
    page = boss.get(address(draft), {"language": "en", "preview.go": part.key}).content.decode()
    sent = {"preview.switch": "fr"} | fields(page) | {question.key: best(question)}
    french = boss.get(address(draft), sent)
    assert french["Content-Language"] == "fr"
    content = unescape(french.content.decode())
    assert part.title_fr in content
    assert re.search(rf'value="{best(question)}" checked', content.partition(f'id="{question.key}"')[2])
    assert fields(content)["language"] == "fr"


def test_enter_in_a_field_goes_on(boss, draft):
    page = boss.get(address(draft), {"language": "en"}).content.decode()
    first = re.search(r'<button[^>]* form="answers"[^>]*>|<button form="answers"[^>]*>', page)[0]
    assert f'name="preview.go" value="{draft.dimensions.all()[1].key}"' in first


def test_nothing_is_stored(boss, draft):
    def rows():
        return {model: model.objects.count() for model in apps.get_models()}

    before = rows()
    with CaptureQueriesContext(connection) as captured:
        walk(boss, draft, best)
    assert rows() == before
    assert not [q["sql"] for q in captured if re.match(r"(INSERT|UPDATE|DELETE)", q["sql"])]
    for method in (boss.post, boss.put, boss.delete):
        assert method(address(draft), {"preview.go": "report"}).status_code == 405


def test_a_dimension_that_is_said_not_to_apply_is_left_out(boss, draft):
    part = draft.dimensions.exclude(not_applicable_en=None).exclude(not_applicable_en="").first()
    data = {"preview.page": part.key, "dimension.not-applicable": "yes", "preview.go": part.key}
    page = boss.get(address(draft), data).content.decode()
    assert re.search(r'id="statement"[^>]*checked', page)
    report = boss.get(address(draft), fields(page) | {"dimension.not-applicable": "yes", "preview.go": "report"})
    shown = report.context["report"]
    state = {row.key: row.state for row in shown.result.dimensions}
    assert state[part.key] == "not-applicable"


def test_it_takes_as_many_queries_whatever_is_clicked(boss, draft):
    boss.get(address(draft), {"preview.go": "report"})
    with CaptureQueriesContext(connection) as few:
        boss.get(address(draft), {"preview.go": "report"})
    packed = "_".join(f"{q.pk}.1" for q in Question.objects.filter(dimension__questionnaire=draft))
    with CaptureQueriesContext(connection) as many:
        boss.get(address(draft), {"preview.go": "report", "preview.given": packed})
    assert len(many) == len(few)


# What is not finished ------------------------------------------------------------------------------------------------


def test_a_missing_text_is_marked_and_the_report_still_comes(boss, draft):
    question = draft.dimensions.first().questions.first()
    Question.objects.filter(pk=question.pk).update(text_fr="")
    question.choices.update(text_fr=None)
    factories.without_steps(question)
    draft.dimensions.filter(pk=question.dimension_id).update(description_fr="")
    draft.levels.update(description_fr="")
    page = boss.get(address(draft), {"language": "fr"}).content.decode()
    assert page.count("[") >= 6
    assert boss.get(address(draft), {"language": "fr", "preview.go": "report"}).context["report"]


@pytest.mark.parametrize("page", ["report", "strategy"])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda draft: Choice.objects.filter(question__dimension__questionnaire=draft).update(points=None),
        lambda draft: Choice.objects.filter(question__dimension__questionnaire=draft).delete(),
        lambda draft: Question.objects.filter(dimension__questionnaire=draft).update(weight=None),
        lambda draft: Question.objects.filter(dimension__questionnaire=draft).delete(),
        lambda draft: draft.dimensions.update(weight=None, title_en="", title_fr=""),
        lambda draft: draft.dimensions.all().delete(),
        lambda draft: draft.levels.all().delete(),
        lambda draft: draft.dimensions.first().anchors.all().delete(),
        lambda draft: [
            Question.objects.filter(pk=part.questions.first().pk).update(key="same") for part in draft.dimensions.all()
        ],
        lambda draft: Question.objects.filter(dimension__questionnaire=draft).update(kind="multiple"),
    ],
)
def test_an_unfinished_draft_says_what_is_missing_instead_of_a_report(boss, draft, spoil, page):
    spoil(draft)
    packed = "_".join(f"{q.pk}.1" for q in Question.objects.filter(dimension__questionnaire=draft))
    answer = boss.get(address(draft), {"preview.go": page, "preview.given": packed})
    assert answer.status_code == 200
    if page == "report":
        assert answer.context["problems"]
        assert "No report yet" in answer.content.decode()


def test_a_questionnaire_with_nothing_in_it_can_be_previewed(boss, questionnaire):
    empty = Questionnaire.objects.create(key="empty", version=1)
    assert boss.get(address(empty)).context["problems"]


@pytest.mark.parametrize(
    "asked",
    [
        {"preview.given": "9" * 30 + ".1_x_.._-1.2_1.²_charter.x"},
        {"preview.given": "1.99_2.u.n.0_3"},
        {"preview.page": "strategy", "strategy-document": ["forged", "level-1", "level-2"]},
        {"preview.page": "nowhere", "preview.go": "nowhere", "clear": "nowhere"},
        {"language": "xx", "preview.go": "\0"},
        {"preview.page": "strategy", "strategy-document": "not-applicable", "preview.go": "report"},
    ],
)
def test_a_forged_address_is_never_an_error(boss, draft, asked):
    assert boss.get(address(draft), asked).status_code == 200


def test_what_is_published_can_be_previewed_too(boss, questionnaire):
    assert boss.get(address(questionnaire), {"preview.go": "report"}).context["report"]


def test_who_may_look_may_preview_and_nobody_else(client, draft):
    from django.contrib.auth.models import Permission

    looker = factories.account(is_staff=True)
    factories.sign_in(client, looker, second_factor=True)
    assert client.get(address(draft)).status_code == 403
    looker.user_permissions.add(Permission.objects.get(codename="view_questionnaire"))
    assert client.get(address(draft)).status_code == 200
    draft.pk = 0
    assert client.get(address(draft)).status_code == 302
