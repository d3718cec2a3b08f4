"""The administration speaks as people do, in both languages: no raw key, no name that a library left in English."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import label_for_field
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import translation

from assessment import models
from assessment.accounts.groups import make_groups
from tests import factories
from tests.test_admin import REGISTERED, address, boss, more_of_everything

__all__ = ["boss"]
# The same in both languages.
SAME = {"dimension", "dimensions", "organisation", "organisations", "question", "questionnaire", "questionnaires"}
SAME |= {"questions", "score", "type", "version"}


@pytest.fixture
def filled(boss, questionnaire):
    more_of_everything()
    return boss


def shown(client, page: str, language: str = "en", **query) -> str:
    client.cookies["language"] = language
    return client.get(page, query).content.decode()


@pytest.mark.parametrize(("language", "words"), [("en", ("Question (English)", "Question (French)")), ("fr", ())])
def test_languages_of_a_text_are_named_in_words(filled, language, words):
    row = models.Question.objects.filter(dimension__questionnaire__status="draft").first()
    page = shown(filled, address(models.Question, "change", row.pk), language)
    assert not re.findall(r"\[(?:en|fr)\]", page)
    assert all(f">{word}:</label>" in page for word in words)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_list_of_questions_is_filtered_by_titles(filled, language):
    page = filled.get(address(models.Question, "changelist")).context["cl"]
    filled.cookies["language"] = language
    page = filled.get(address(models.Question, "changelist"), {"dimension__key": "strategy"}).context["cl"]
    spec = next(spec for spec in page.filter_specs if spec.field_path == "dimension__key")
    offered = [(str(choice["display"]), choice["selected"]) for choice in spec.choices(page)]
    titles = models.Questionnaire.objects.current().dimensions.values_list(f"title_{language}", flat=True)
    assert [name for name, _selected in offered[1:]] == list(titles)
    assert [name for name, selected in offered if selected] == [titles[0]]
    assert {row.dimension.key for row in page.queryset} == {"strategy"}


@pytest.mark.parametrize("model", [models.Finding, models.ReferenceLevel])
def test_evidence_is_listed_with_the_title_of_its_dimension(filled, model):
    page = shown(filled, address(model, "changelist"), "fr")
    assert '<td class="field-dimension_name">Stratégie</td>' in page
    assert "?dimension=strategy" in page
    assert ">strategy<" not in page


def test_who_answered_is_listed_by_their_function(filled):
    page = shown(filled, address(models.Response, "changelist"))
    assert '<td class="field-function">Marketing</td>' in page
    assert ">marketing<" not in page


def test_a_rule_and_a_prerequisite_are_called_by_their_texts(filled):
    rule, need = models.ConsistencyRule.objects.first(), models.Prerequisite.objects.first()
    assert str(rule) == rule.text
    assert str(need) == need.needed.text


def test_the_record_is_called_what_it_is(filled):
    page = shown(filled, reverse("admin:index"))
    assert ">Changes on record</a>" in page
    assert "Log entries" not in page
    assert "Authenticator" not in page
    assert "<h1>Changes on record</h1>" in shown(filled, address(LogEntry, "changelist"))
    assert "<h1>Second factors</h1>" in shown(filled, address(Authenticator, "changelist"))


def test_the_record_names_kinds_as_their_own_pages_do(filled):
    entry = LogEntry.objects.log_actions(factories.account(is_staff=True).pk, [Authenticator.objects.first()], 2)
    assert entry
    page = shown(filled, address(LogEntry, "changelist"))
    assert "second factor" in page
    assert ">Second factor</a>" in page
    assert " | " not in page.partition('id="changelist-filter"')[2]


@pytest.mark.parametrize("model", REGISTERED)
def test_columns_and_names_have_words_in_french(model):
    looked = admin.site._registry[model]
    names = {}
    for language in ("en", "fr"):
        with translation.override(language):
            labels = [label_for_field(name, model, looked) for name in looked.list_display]
            names[language] = [str(label) for label in (looked.opts.verbose_name_plural, *labels)]
    same = {ours for ours, theirs in zip(names["fr"], names["en"], strict=True) if ours == theirs}
    assert same <= SAME


def test_what_is_written_in_one_language_has_a_name_in_both(filled):
    draft = models.Question.objects.filter(dimension__questionnaire__status="draft").first()
    draft.text_en, draft.text_fr = "Only in English?", ""
    draft.save()
    page = shown(filled, address(models.Question, "changelist"), "fr")
    assert ">Only in English?</a>" in page
    with translation.override("fr"):
        assert str(draft) == "Only in English?"
        assert str(models.Choice(text_en="", text_fr="", key="level-1")) == "level-1"
        assert str(models.Study(title_en="Barometer", publisher="Us")) == "Barometer (Us)"
        assert str(models.Dimension(title_en="Strategy", title_fr="Stratégie")) == "Stratégie"


@pytest.mark.parametrize(
    ("percent", "language", "words"),
    [("74.0", "en", "74%"), ("74.5", "en", "74.5%"), ("74.5", "fr", "74,5\xa0%"), ("100.0", "fr", "100\xa0%")],
)
def test_a_published_figure_is_called_as_readers_read_it(percent, language, words):
    with translation.override(language):
        assert str(models.Figure(percent=percent, label_en="do", label_fr="do")) == f"{words} do"


def test_sentences_of_django_read_well_in_french(filled):
    row = models.Study.objects.first()
    assert "<h1>Modifier\xa0: étude</h1>" in shown(filled, address(models.Study, "change", row.pk), "fr")
    assert "<h1>Ajouter\xa0: étude</h1>" in shown(filled, address(models.Study, "add"), "fr")
    listed = shown(filled, address(models.Study, "changelist"), "fr")
    assert "<h1>Études</h1>" in listed
    assert not re.search(r"l.objet étude|[Aa]jout de étude|[Ss]électionnez", listed)
    with translation.override("fr"):
        said = translation.gettext("The {name} “{obj}” was changed successfully.")
    assert said == "Modification enregistrée\xa0: {name} «\u202f{obj}\u202f»."


def test_the_ready_made_groups_have_names(filled):
    make_groups()
    page = shown(filled, reverse("admin:auth_group_changelist"), "fr")
    assert ">Éditeur (publisher)</a>" in page
    form = shown(filled, address(User, "change", User.objects.first().pk), "fr")
    assert ">Auteur (author)</option>" in form


def test_what_readers_see_is_said_only_where_they_do(filled):
    text = "Readers see what you change here within some minutes"
    used = models.Figure.objects.filter(choices__isnull=False).first()
    free = models.Figure.objects.create(key="free", finding=used.finding, percent=5, label_en="a", label_fr="a")
    assert text in shown(filled, address(models.Figure, "change", used.pk))
    page = shown(filled, address(models.Figure, "change", free.pk))
    assert text not in page
    assert re.search(r'name="percent" value="5"', page)


def test_whose_answers_are_read_stands_above_them(filled):
    response = models.Response.objects.first()
    page = shown(filled, reverse("admin:assessment_response_answers", args=[response.pk]))
    assert f"<h2>{response.round.organisation}, round {response.round.number} – " in page


def test_the_check_of_a_published_version_does_not_say_that_it_can_be_published(filled):
    page = shown(
        filled, reverse("admin:assessment_questionnaire_check", args=[models.Questionnaire.objects.current().pk])
    )
    assert "This version is no draft" in page
    assert "can be published" not in page
