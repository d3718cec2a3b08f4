"""Two rounds of an organisation side by side: which, what moved, what cannot be compared."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment.authoring.publication import publish
from assessment.models import Questionnaire
from assessment.models.outline import outline
from assessment.scoring.comparison import Comparable
from tests import factories


@pytest.fixture
def organisation(questionnaire):
    return factories.organisation()


@pytest.fixture
def viewer(client, organisation):
    client.force_login(factories.account(member_of=organisation, role="viewer"))
    return client


def hold(organisation, *levels):
    for level in levels:
        factories.submitted(organisation, factories.level(level))


def get(client, organisation, **query):
    page = client.get(reverse("compare", args=[organisation.slug]), query)
    assert page.status_code == 200
    return page


def numbers(page):
    found = page.context["comparison"]
    return found and (found.before.number, found.after.number)


def test_the_last_two_rounds_are_compared_unless_others_are_named(viewer, organisation):
    hold(organisation, 1, 2, 4)
    assert numbers(get(viewer, organisation)) == (2, 3)
    assert numbers(get(viewer, organisation, before=1)) == (1, 3)
    assert numbers(get(viewer, organisation, before=1, after=2)) == (1, 2)


def test_the_earlier_round_comes_first_whichever_is_named_first(viewer, organisation):
    hold(organisation, 1, 2, 4)
    page = get(viewer, organisation, before=3, after=1)
    assert numbers(page) == (1, 3)
    assert page.context["comparison"].whole.change == 75


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"before": 2, "after": 2}, "Choose two different rounds."),
        ({"before": 9}, "Choose a round that has a published result."),
        ({"after": "x"}, "Choose a round that has a published result."),
        ({"before": "-1", "after": "1e9"}, "Choose a round that has a published result."),
        ({"before": "9" * 5000}, "Choose a round that has a published result."),
        ({"before": "\x00"}, "Choose a round that has a published result."),
    ],
)
def test_a_choice_that_is_none_is_told_so(viewer, organisation, query, said):
    hold(organisation, 1, 2)
    page = get(viewer, organisation, **query)
    assert numbers(page) is None
    assert said in page.content.decode()


def test_a_round_that_published_nothing_cannot_be_chosen(viewer, organisation):
    hold(organisation, 1, 2)
    factories.held_together(organisation, "confidential", [1, 5, 5, 5, 5])
    page = get(viewer, organisation, before=1, after=3)
    assert numbers(page) is None
    assert [number for number, _name in page.context["form"].fields["after"].choices] == [1, 2]


def test_another_organisation_s_rounds_cannot_be_chosen(viewer, organisation):
    hold(organisation, 1, 2)
    hold(factories.organisation("Other"), 1, 2, 3, 4)
    assert numbers(get(viewer, organisation, before=1, after=4)) is None


@pytest.mark.parametrize("levels", [[], [3]])
def test_with_fewer_than_two_results_it_says_what_will_be_here(viewer, organisation, levels):
    hold(organisation, *levels)
    assert "once two rounds have a published result" in get(viewer, organisation, before=1).content.decode()


def test_every_question_has_its_points_then_and_now(viewer, organisation):
    hold(organisation, 2, 4)
    page = get(viewer, organisation)
    rows = re.findall(r"<tr>(<th scope=\"row\">.*?)</tr>", page.content.decode(), re.DOTALL)
    cells = {tuple(re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)) for row in rows}
    assert cells == {("25", "75", "+50")}
    asked = outline(Questionnaire.objects.current()).scoring
    assert len(rows) == len(asked.scored_questions)


def test_it_says_what_rose_and_what_fell_most(viewer, organisation):
    asked = outline(Questionnaire.objects.current())
    first, second, third = (question.key for question in asked.content.dimensions[0].questions[:3])

    def levels(**changed):
        return lambda question: question.choices[changed.get(question.key, 3) - 1].key if question.weight else None

    factories.submitted(organisation, levels())
    factories.submitted(organisation, levels(**{first: 4, second: 5, third: 1}))
    text = get(viewer, organisation).content.decode()
    assert f"Largest gain: “{asked.questions[second].text.en}” (+50)." in text.replace("&#x27;", "’")
    assert f"Largest fall: “{asked.questions[third].text.en}” (−50)." in text


def test_without_a_change_it_says_so(viewer, organisation):
    hold(organisation, 3, 3)
    assert "has other points than before" in get(viewer, organisation).content.decode()


def test_what_cannot_be_compared_is_said(viewer, organisation):
    hold(organisation, 2)
    content = outline(Questionnaire.objects.current()).content
    charter = next(part for part in content.dimensions if part.key == "charter")
    gone, other = charter.questions[-1], charter.questions[0]
    choices = tuple(
        choice if choice.points in (0, 100) else type(choice)(**vars(choice) | {"points": choice.points + 5})
        for choice in other.choices
    )
    changed = factories.changed_question(content, other.key, choices=choices)
    kept = tuple(item for part in changed.dimensions if part.key == "charter" for item in part.questions[:-1])
    new = type(gone)(**vars(gone) | {"key": "charter-brand-new"})
    changed = factories.changed_dimension(changed, "charter", questions=(*kept, new))
    publish(factories.draft(dimensions=changed.dimensions, consistency=()), at=factories.NOON)
    hold(organisation, 4)
    page = get(viewer, organisation)
    moves = {item.change.key: item.change for part in page.context["comparison"].dimensions for item in part.questions}
    assert moves[gone.key].comparable == Comparable.GONE
    assert moves[other.key].comparable == Comparable.CHANGED
    assert moves["charter-brand-new"].comparable == Comparable.NEW
    text = page.content.decode()
    for said in (
        "no longer asked",
        "question changed: not comparable",
        "new question",
        "questions both versions share",
    ):
        assert said in text
    assert "not comparable: the questionnaire changed" in text  # the whole


def test_queries_do_not_grow_with_rounds(viewer, organisation):
    counts = []
    for more in (2, 5):
        hold(organisation, *[3] * more)
        get(viewer, organisation)
        with CaptureQueriesContext(connection) as queries:
            get(viewer, organisation)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4
