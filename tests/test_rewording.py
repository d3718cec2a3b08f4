"""What is said after publication of questions in other words: it moves trends and no result, and stands on record."""

from functools import partial

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from assessment.admin.entries import told, values_of
from assessment.authoring.publication import publish
from assessment.authoring.rewording import OtherMarksError, put_right, rewording_of
from assessment.models import Questionnaire, Result
from assessment.models.outline import _published_outline, outline
from assessment.organisations.trend import results_of, trend_of
from tests import factories
from tests.factories import at_the_same_time
from tests.test_import import in_group
from tests.test_versions import all_scored, current_content, first_question, in_words, with_points

REASON = {"reason": "The tick was forgotten at publication."}


@pytest.fixture
def key(questionnaire) -> str:
    return first_question(current_content()).key


def publish_words(words: str, *, marked: bool) -> Questionnaire:
    """The next version, published now: a choice of the first question in other words."""
    content = current_content()
    draft = factories.draft(dimensions=in_words(content, words).dimensions)
    publish(draft, at=timezone.now(), reworded=[first_question(content).key] if marked else [])
    return draft


def same(version) -> dict[str, set[str]]:
    stored = Questionnaire.objects.get(pk=version.pk).same_questions
    return {number: set(keys) for number, keys in stored.items()}


def since(version, key: str) -> list[str]:
    """The versions since which a question asks the same."""
    return sorted(number for number, keys in same(version).items() if key in keys)


def address(version) -> str:
    return reverse("admin:assessment_questionnaire_wording", args=[version.pk])


def test_a_forgotten_mark_makes_the_version_what_it_had_been_with_it(questionnaire, key):
    second = publish_words("two", marked=False)
    assert same(second) == {"1": all_scored() - {key}}
    assert put_right(second, [key], as_seen=[]) == [second]
    assert same(second) == {"1": all_scored()}
    assert put_right(second, [key], as_seen=[key]) == []
    put_right(second, [], as_seen=[key])
    assert same(second) == {"1": all_scored() - {key}}


@pytest.mark.parametrize("marked", [True, False])
def test_later_versions_follow_as_if_it_had_been_said_at_once(questionnaire, key, marked):
    second = publish_words("two", marked=not marked)
    third, fourth = publish_words("three", marked=True), publish_words("four", marked=True)
    fifth = publish_words("five", marked=False)
    changed = put_right(second, [key] if marked else [], as_seen=[] if marked else [key])
    assert changed == [second, third, fourth]
    assert since(second, key) == (["1"] if marked else [])
    assert since(third, key) == (["1", "2"] if marked else ["2"])
    assert since(fourth, key) == (["1", "2", "3"] if marked else ["2", "3"])
    assert since(fifth, key) == []
    others = all_scored() - {key}
    assert all(keys >= others for row in (second, third, fourth, fifth) for keys in same(row).values())


def test_what_is_recorded_of_other_questions_stays_as_it_is(questionnaire, key):
    """Also what an older release recorded by another rule."""
    second = publish_words("two", marked=False)
    QuerySet(Questionnaire).filter(pk=second.pk).update(same_questions={"1": ["strategy-time"]})
    put_right(second, [key], as_seen=[])
    assert same(second) == {"1": {"strategy-time", key}}


def test_other_points_the_first_version_and_made_up_keys_take_no_mark(questionnaire, key):
    draft = factories.draft(dimensions=with_points(current_content(), 30).dimensions)
    publish(draft, at=timezone.now())
    before = same(draft)
    assert rewording_of(draft).markable == []
    assert put_right(draft, [key, "nowhere"], as_seen=[]) == []
    assert put_right(questionnaire, [key], as_seen=[]) == []
    assert (same(draft), same(questionnaire)) == (before, {})


def test_trends_are_drawn_again_and_no_result_moves(client, questionnaire, key, capsys):
    owner = factories.organisation()
    keys = [factories.submitted(owner, factories.level(2), at=timezone.now())[1]]
    second = publish_words("two", marked=False)
    keys.append(factories.submitted(owner, factories.level(4), at=timezone.now())[1])

    def told_of_results():
        return (
            list(QuerySet(Result).order_by("pk").values()),
            [client.get(f"/r/{one}/report.json").content for one in keys],
        )

    def breaks() -> set[str]:
        return {course.key for course in trend_of(results_of(owner)).courses if any(course.breaks)}

    before = told_of_results()
    assert breaks() == {"", "strategy"}
    put_right(second, [key], as_seen=[])
    assert breaks() == set()
    assert told_of_results() == before
    _published_outline.cache_clear()
    call_command("rescore", "--check")
    assert "all equal" in capsys.readouterr().out
    put_right(second, [], as_seen=[key])
    assert breaks() == {"", "strategy"}


def test_a_publisher_who_saw_other_marks_changes_nothing(questionnaire, key):
    second = publish_words("two", marked=False)
    put_right(second, [key], as_seen=[])
    with pytest.raises(OtherMarksError):
        put_right(second, [], as_seen=[])
    assert since(second, key) == ["1"]


def test_of_two_publishers_at_once_one_is_told(lasting, questionnaire, key):
    second = publish_words("two", marked=False)
    outcome = at_the_same_time(*[partial(put_right, second, [key], as_seen=[])] * 2)
    assert sorted(type(one) for one in outcome if isinstance(one, Exception)) == [OtherMarksError]
    assert since(second, key) == ["1"]


# The page ------------------------------------------------------------------------------------------------------------
def test_a_publisher_puts_it_right_with_a_reason_and_both_stand_on_record(client, questionnaire, key):
    second, publisher = publish_words("two", marked=False), in_group(client, "publisher")
    third = publish_words("three", marked=True)
    page = publisher.get(address(second))
    assert [name for name, _label in page.context["form"].fields["reworded"].choices] == [key]
    assert "two" in page.content.decode()
    answer = publisher.post(address(second), {"reworded": [key]} | REASON, follow=True)
    assert "It is on record." in answer.content.decode()
    assert since(second, key) == ["1"]
    text = str(outline(second).questions[key].text)
    entry, later = LogEntry.objects.order_by("object_id")
    assert (entry.object_id, later.object_id) == (str(second.pk), str(third.pk))
    assert values_of(entry) == [
        ["questions of which only the wording changed", "", text],
        ["reason", "", REASON["reason"]],
    ]
    assert values_of(later) == [["trends put right in version", "", "2"], ["reason", "", REASON["reason"]]]
    publisher.post(address(second), {"seen": [key]} | REASON)
    assert since(second, key) == []
    back = LogEntry.objects.filter(object_id=second.pk).latest("pk")
    assert values_of(back)[0] == ["questions of which only the wording changed", text, ""]
    assert text in str(told(back))


@pytest.mark.parametrize("reason", ["", "short"])
def test_without_a_reason_nothing_changes_and_the_ticks_stay(client, questionnaire, key, reason):
    second, publisher = publish_words("two", marked=False), in_group(client, "publisher")
    answer = publisher.post(address(second), {"reworded": [key], "reason": reason})
    assert answer.context["form"].errors.keys() == {"reason"}
    assert answer.context["form"]["reworded"].value() == [key]
    assert since(second, key) == []
    assert not LogEntry.objects.exists()


def test_who_saw_other_marks_is_told_on_the_page(client, questionnaire, key):
    second, publisher = publish_words("two", marked=False), in_group(client, "publisher")
    publisher.post(address(second), {"reworded": [key]} | REASON)
    answer = publisher.post(address(second), REASON, follow=True)
    assert "somebody else has put this right meanwhile" in answer.content.decode()
    assert since(second, key) == ["1"]
    answer = publisher.post(address(second), {"reworded": [key], "seen": [key]} | REASON, follow=True)
    assert "it was said already" in answer.content.decode()
    assert LogEntry.objects.count() == 1


def test_an_author_sees_what_is_said_without_the_form(client, questionnaire, key):
    second, author = publish_words("two", marked=True), in_group(client, "author")
    page = author.get(address(second)).content.decode()
    assert "only the wording changed" in page
    assert 'name="reworded"' not in page
    assert author.post(address(second), {"seen": [key]} | REASON).status_code == 403
    assert since(second, key) == ["1"]


def test_a_draft_and_a_first_version_have_nothing_to_say(client, questionnaire):
    publisher, draft = in_group(client, "publisher"), factories.draft()
    assert "nothing to compare" in publisher.get(address(questionnaire)).content.decode()
    assert "This is a draft" in publisher.get(address(draft)).content.decode()
    for row in (questionnaire, draft):
        assert publisher.post(address(row), REASON).status_code in (200, 302)
    assert not LogEntry.objects.exists()
