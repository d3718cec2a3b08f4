"""The first page of the administration: what is going on, for those who may see results."""

import re
from base64 import b64decode
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment.accounts.groups import make_groups
from assessment.charts.counts import days, shares
from assessment.charts.style import PALETTE
from assessment.models import Answer
from assessment.results.activity import activity
from assessment.rounds.closing import close
from assessment.rounds.inviting import invite
from assessment.rounds.submitting import correct, submit
from tests import factories
from tests.factories import NOON
from tests.joint_rounds import answered_by, begun
from tests.test_groups import client_of

INDEX = "admin:index"


@pytest.fixture
def boss(boss, questionnaire):
    return boss


def only(*dimensions):
    """Choose the first choice of the questions of these dimensions."""

    def choose(question):
        found = dimension_of.get(question.key)
        return question.choices[0].key if found in dimensions else None

    return choose


dimension_of: dict[str, str] = {}


@pytest.fixture(autouse=True)
def dimensions(shipped):
    dimension_of.update({question.key: part.key for part in shipped[0].dimensions for question in part.questions})


def test_what_began_and_was_submitted_this_month_is_counted_without_demonstrations(questionnaire):
    factories.submitted(at=NOON)
    factories.submitted(at=NOON - timedelta(days=5))  # in October
    factories.submitted(factories.organisation(is_demo=True), at=NOON)
    factories.started(at=NOON)
    found = activity(at=NOON + timedelta(hours=1))
    assert (found.rounds, found.submissions) == (2, 1)


def test_how_far_they_get_is_the_share_of_those_asked_who_answered_something(questionnaire):
    for parts in (("strategy", "charter"), ("strategy",), ()):
        response, _key = factories.started(at=NOON)
        factories.answer(response, only(*parts), at=NOON)
    factories.submitted(left_out=("social-selling",), at=NOON)
    factories.submitted(at=NOON - timedelta(days=91))
    found = activity(at=NOON)
    assert found.begun == 4
    assert [(part.answered, part.asked) for part in found.reached] == [(3, 4), (2, 4), (1, 4), (1, 4), (0, 3)]
    assert [part.share for part in found.reached] == [75, 50, 25, 25, 0]


def test_a_note_alone_is_no_answer_and_a_correction_is_not_counted_twice(questionnaire):
    _response, key = factories.submitted(at=NOON)
    correct(key, at=NOON)
    assert activity(at=NOON).begun == 1
    submit(key, at=NOON)
    assert activity(at=NOON).begun == 1
    Answer.objects.update(state=Answer.State.EMPTY)
    assert {part.answered for part in activity(at=NOON).reached} == {0}


def test_answers_are_counted_by_the_day_they_were_saved_on(questionnaire):
    factories.submitted(at=NOON)
    factories.submitted(at=NOON - timedelta(days=29))
    factories.submitted(at=NOON - timedelta(days=30))
    found = activity(at=NOON)
    assert len(found.days) == 30
    assert found.days[-1] == (NOON.date(), 36)
    assert [number for _day, number in found.days] == [36, *[0] * 28, 36]


def test_numbers_take_as_many_queries_for_much_as_for_little(questionnaire):
    taken = []
    factories.submitted(at=NOON)
    for _time in range(2):
        with CaptureQueriesContext(connection) as captured:
            activity(at=NOON)
        taken.append(len(captured))
        for name in ("Un", "Deux"):
            factories.submitted(factories.organisation(name), at=NOON)
    assert taken[0] == taken[1] <= 7


# The page ------------------------------------------------------------------------------------------------------------
def test_the_first_page_shows_it_with_charts_their_words_and_tables(boss):
    factories.submitted(at=timezone.now())
    page = boss.get(reverse(INDEX)).content.decode()
    assert re.search(r'alt="36 answers from [^"]+ Most on [^"]+: 36\."', page)
    assert "Of those who began, answered in: Strategy 100%" in page
    assert page.count("<details>") == 2
    for picture in re.findall(r"data:image/svg\+xml;base64,([\w+/=]+)", page):
        assert b64decode(picture).decode().startswith("<svg")
    assert "Maison Dupont" not in page.partition('id="content-related"')[0]


def test_it_is_kept_for_some_minutes_for_each_language(boss):
    factories.submitted(at=timezone.now())
    boss.get(reverse(INDEX))
    with CaptureQueriesContext(connection) as captured:
        boss.get(reverse(INDEX))
    assert not [query for query in captured.captured_queries if "assessment_answer" in query["sql"]]
    factories.submitted(at=timezone.now())
    assert "36 answers" in boss.get(reverse(INDEX)).content.decode()
    caches["local"].clear()
    assert "72 answers" in boss.get(reverse(INDEX)).content.decode()


def test_it_opens_before_anybody_answered_and_before_anything_is_published(boss, nothing_published):
    page = boss.get(reverse(INDEX)).content.decode()
    assert "Nobody has answered since " in page
    assert "<picture>" not in page
    assert "How far they get" not in page


@pytest.mark.parametrize(("group", "sees"), [("analyst", True), ("support", True), ("author", False)])
def test_only_who_may_see_results_or_rounds_is_shown_it(client, questionnaire, group, sees):
    make_groups()
    page = client_of(client, group).get(reverse(INDEX)).content.decode()
    assert ("What is going on" in page) is sees
    assert not LogEntry.objects.exists()


# Its charts ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_charts_are_drawn_on_their_own_paper_and_say_their_numbers(scheme):
    drawn = days(["1", "2", "3"], [0, 7, 3], shown="7", scheme=scheme)
    assert ">7</text>" in drawn
    assert PALETTE[scheme]["paper"] in drawn
    drawn = shares(["A & B", "C"], [100, 0], ["100%", "0%"], scheme=scheme)
    assert "A &amp; B" in drawn
    assert ">100%</text>" in drawn
    assert PALETTE[scheme]["you"] in drawn


def test_days_without_an_answer_are_an_empty_chart():
    assert "<svg" in days(["1", "2"], [0, 0], shown="0")


@pytest.mark.parametrize(
    ("draw", "given"),
    [
        (days, ([], [])),
        (days, (["1"], [1, 2])),
        (days, (["1"], [-1])),
        (shares, ([], [], [])),
        (shares, (["A"], [101], ["101%"])),
        (shares, (["A"], [10], [])),
    ],
)
def test_dimension_of_what_cannot_be_are_refused(draw, given):
    more = {"shown": "1"} if draw is days else {}
    with pytest.raises(ValueError, match="chart of"):
        draw(*given, **more)


@pytest.mark.parametrize(("group", "sees"), [("analyst", False), ("author", True), ("publisher", True)])
def test_drafts_that_wait_are_shown_at_once_to_those_who_write_and_publish(client, questionnaire, group, sees):
    make_groups()
    visitor = client_of(client, group)
    assert "Drafts waiting" not in visitor.get(reverse(INDEX)).content.decode()
    draft = factories.draft()
    page = visitor.get(reverse(INDEX)).content.decode()
    place = reverse("admin:assessment_questionnaire_change", args=[draft.pk])
    assert (f'<a href="{place}">{draft}</a>' in page) == sees


def test_drafts_that_are_not_named_are_counted_and_can_be_reached(boss, monkeypatch):
    monkeypatch.setattr("assessment.results.activity.MOST_DRAFTS", 2)
    drafts = [factories.draft() for _time in range(5)]
    page = boss.get(reverse(INDEX))
    assert page.context["waiting"].newest == drafts[:2:-1]
    link = reverse("admin:assessment_questionnaire_changelist") + "?status__exact=draft"
    assert re.search(rf'<a href="{re.escape(link)}">\s*and 3 others\s*</a>', page.content.decode())
    assert boss.get(link).context["cl"].result_count == 5


def test_what_is_answered_in_confidence_moves_nothing_here(questionnaire):
    """Whoever looks after the site may belong to the organisation."""
    organisation = factories.organisation()
    of = begun(organisation, at=NOON)
    invite(of, "confidential", ["anna@example.org"], at=NOON)
    before = activity(at=NOON + timedelta(hours=1))
    answered_by(of, 3, at=NOON)
    after = activity(at=NOON + timedelta(hours=1))
    assert (before.begun, before.reached, before.submissions) == (after.begun, after.reached, after.submissions)


@pytest.mark.parametrize(("closed", "told"), [(False, "fewer than 5"), (True, "6")])
def test_the_list_of_rounds_says_of_an_open_confidential_one_what_its_people_are_told(
    boss, questionnaire, closed, told
):
    organisation = factories.organisation()
    factories.account(member_of=organisation)
    of = begun(organisation, at=timezone.now())
    answered_by(of, 6, at=timezone.now())
    if closed:
        close(of, at=timezone.now())
    for place in ("changelist", "change"):
        address = reverse(f"admin:assessment_round_{place}", args=[of.pk] if place == "change" else [])
        page = " ".join(boss.get(address).content.decode().split())
        assert re.search(rf"field-people.{{0,160}}>{told}<", page)
