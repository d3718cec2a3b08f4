"""Keys: proposed from the English text, unique, never a word of the site; those once published are known."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.authoring.keys import LONGEST, fill_key, key_problem, proposed, published_keys
from assessment.authoring.loading import next_version
from assessment.models import Choice, Dimension, Question, Questionnaire
from tests import factories


@given(st.text(max_size=300), st.sets(st.sampled_from(["a", "a-2", "question", "question-2"])))
def test_a_proposed_key_is_always_valid_short_and_free(text, taken):
    key = proposed(text, taken, otherwise="question")
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", key)
    assert len(key) <= LONGEST
    assert key not in taken


def test_it_says_what_the_text_says_in_whole_words():
    assert proposed("Who signs off “posts” & replies?", set(), otherwise="x") == "who-signs-off-posts-replies"
    assert proposed("Élan_vital – été", set(), otherwise="x") == "elan-vital-ete"
    assert (
        proposed("L’équipe a-t-elle à cœur d’écouter ?", set(), otherwise="x") == "l-equipe-a-t-elle-a-coeur-d-ecouter"
    )
    assert proposed("The team’s plan isn’t shared", set(), otherwise="x") == "the-teams-plan-isnt-shared"
    assert proposed("???", set(), otherwise="choice") == "choice"
    long = proposed("measure " * 20, set(), otherwise="x")
    assert long == "-".join(["measure"] * 8)
    assert proposed("measure " * 20, {long}, otherwise="x") == "-".join(["measure"] * 7) + "-2"


@pytest.fixture
def question(questionnaire):
    return Question.objects.filter(dimension__questionnaire=factories.draft()).order_by("pk").first()


def test_the_key_of_a_question_is_unique_in_the_whole_questionnaire(question):
    other = question.dimension.questionnaire.dimensions.last()
    added = Question(dimension=other, text_en=question.key.replace("-", " "))
    fill_key(added)
    assert added.key == f"{question.key}-2"
    added.key = question.key
    assert "Another part" in key_problem(added)


def test_a_key_that_is_there_stays_and_words_of_the_site_are_refused(question):
    choice = Choice(question=question, key="mine", text_en="Other")
    fill_key(choice)
    assert choice.key == "mine"
    assert key_problem(choice) is None
    choice.key = "unknown"
    assert "taken by the site" in key_problem(choice)
    dimension = Dimension(questionnaire=question.dimension.questionnaire, title_en="Report")
    fill_key(dimension)
    assert dimension.key == "report-2"


def test_a_key_is_published_only_in_its_own_kind_and_questionnaire(question):
    assert question.key in published_keys(question)
    assert published_keys(question.choices.first()) == set(question.choices.values_list("key", flat=True))
    alone = Questionnaire.objects.create(key="another", version=1, title_en="Another", instruction_en="Answer")
    assert published_keys(alone.dimensions.create(key="strategy", position=1, title_en="Strategy")) == set()
    assert published_keys(alone) == set()
    assert published_keys(question.dimension.questionnaire) == {"barometer"}


def test_versions_are_counted_by_key(questionnaire):
    assert next_version("barometer") == 2
    factories.draft()
    assert (next_version("barometer"), next_version("new")) == (3, 1)
