"""The life of a version: copied with everything, published with what its publisher declared, retired; the past stays."""

import json
from dataclasses import replace
from decimal import Decimal
from functools import partial
from threading import Thread

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from assessment.authoring.loading import load_questionnaire
from assessment.authoring.publication import ChangedMeanwhileError, NotCurrentError, Publication, Seen, publish, retire
from assessment.authoring.versions import (
    DraftExistsError,
    NothingToCopyError,
    drafts_beside,
    new_version,
)
from assessment.content.fingerprint import content_hash
from assessment.content.places import Place
from assessment.content.structure import Text
from assessment.models import ConsistencyRule, Dimension, PublishedError, Question, Questionnaire, Response, Result
from assessment.models.outline import outline, read_outline
from assessment.organisations.plan import actions_of, rows_of
from assessment.organisations.trend import comparison_of, results_of, trend_of
from assessment.results.reporting import report_of
from assessment.results.rescoring import changed_questionnaires, differing_results
from assessment.rounds.submitting import submit
from assessment.scoring.comparison import Comparable
from assessment.wording import leads
from tests import factories
from tests.factories import NOON, changed_choice, changed_question


def current_content():
    return outline(Questionnaire.objects.current()).content


def first_question(content):
    return content.dimensions[0].questions[0]


def with_points(content, points: int):
    """The content with another number of points for the second choice of its first question."""
    question = first_question(content)
    choices = (question.choices[0], replace(question.choices[1], points=Decimal(points)), *question.choices[2:])
    return changed_question(content, question.key, choices=choices)


def in_words(content, words: str):
    """The content with other words, and other keys, for the second choice of its first question."""
    question = first_question(content)
    said = replace(question.choices[1], key=f"key-of-{words}", text=Text(words, words))
    return changed_question(content, question.key, choices=(question.choices[0], said, *question.choices[2:]))


def publish_words(words: str, *, marked: bool) -> Questionnaire:
    """The next version, published: only those words differ, and the publisher says whether that means anything."""
    content = current_content()
    draft = factories.draft(dimensions=in_words(content, words).dimensions)
    publish(draft, at=NOON, reworded=[first_question(content).key] if marked else [])
    return draft


# A new version -------------------------------------------------------------------------------------------------------
def test_a_new_version_is_a_draft_that_holds_everything(questionnaire):
    draft = new_version(questionnaire)
    assert (draft.key, draft.version, draft.status) == ("barometer", 2, "draft")
    assert read_outline(draft).content == read_outline(questionnaire).content
    assert content_hash(read_outline(draft).content) == questionnaire.content_hash
    own = set(Question.objects.filter(dimension__questionnaire=draft).values_list("pk", flat=True))
    for rule in draft.rules.all():
        assert {rule.first_question_id, rule.second_question_id} <= own
    for question in Question.objects.filter(dimension__questionnaire=draft):
        assert {needed.pk for needed in question.needs.all()} <= own
    assert Publication(draft).checked.problems == []


def test_a_retired_version_is_copied_and_a_draft_is_not(questionnaire):
    publish(factories.draft(), at=NOON)
    questionnaire.refresh_from_db()
    draft = new_version(questionnaire)
    assert (questionnaire.status, draft.version) == ("retired", 3)
    assert read_outline(draft).content == read_outline(questionnaire).content
    with pytest.raises(NothingToCopyError):
        new_version(draft)


def test_a_draft_that_was_not_seen_prevents_a_second_one(questionnaire):
    draft = new_version(questionnaire)
    with pytest.raises(DraftExistsError):
        new_version(questionnaire)
    assert drafts_beside(questionnaire) == [draft]
    other = new_version(questionnaire, beside=[draft.pk])
    assert (other.version, drafts_beside(questionnaire)) == (3, [draft, other])


def test_of_two_who_ask_at_the_same_time_one_gets_a_draft_and_the_other_is_told(lasting):
    source = Questionnaire.objects.current()
    outcome = factories.at_the_same_time(partial(new_version, source), partial(new_version, source))
    assert sorted(type(result).__name__ for result in outcome) == ["DraftExistsError", "Questionnaire"]
    assert [draft.version for draft in drafts_beside(source)] == [2]


def test_two_who_both_want_another_one_get_two_numbers(lasting):
    source = Questionnaire.objects.current()
    first = new_version(source)
    outcome = factories.at_the_same_time(*[partial(new_version, source, beside=[first.pk])] * 2)
    kinds = sorted(type(result).__name__ for result in outcome)
    assert kinds == ["DraftExistsError", "Questionnaire"]
    assert [draft.version for draft in drafts_beside(source)] == [2, 3]


# Publishing what was seen --------------------------------------------------------------------------------------------
def test_what_changed_since_it_was_seen_is_not_published(questionnaire):
    draft = factories.draft()
    before = Publication(draft).seen
    row = Question.objects.filter(dimension__questionnaire=draft).first()
    row.text_en = "Meanwhile"
    row.save()
    with pytest.raises(ChangedMeanwhileError):
        publish(draft, as_seen=before)
    with pytest.raises(ChangedMeanwhileError):
        publish(draft, as_seen=Seen(Publication(draft).seen.content_hash, None))
    assert Questionnaire.objects.current() == questionnaire
    publish(draft, as_seen=Publication(draft).seen)
    assert Questionnaire.objects.current() == draft


def test_of_two_drafts_published_at_the_same_time_as_seen_one_wins(lasting):
    drafts = [factories.draft(), factories.draft()]
    outcome = factories.at_the_same_time(
        *(partial(publish, draft, as_seen=Publication(draft).seen) for draft in drafts)
    )
    assert sorted(type(result).__name__ for result in outcome) == ["ChangedMeanwhileError", "NoneType"]
    assert Questionnaire.objects.published().count() == 1


def test_a_version_can_be_retired_once(questionnaire):
    retire(questionnaire)
    assert Questionnaire.objects.current() is None
    assert questionnaire.status == "retired"
    for row in (questionnaire, new_version(questionnaire)):
        with pytest.raises(NotCurrentError):
            retire(row)


# What a publisher declares to be a change of wording only ------------------------------------------------------------
def all_scored() -> set[str]:
    return {question.key for question in outline(Questionnaire.objects.newest("barometer")).scoring.scored_questions}


def test_what_says_the_same_needs_no_mark_and_other_points_take_none(questionnaire):
    content = current_content()
    draft = factories.draft(dimensions=with_points(content, 30).dimensions)
    publish(draft, reworded=[first_question(content).key, content.dimensions[0].questions[1].key, "nowhere"])
    draft.refresh_from_db()
    assert set(draft.same_since(questionnaire)) == all_scored() - {first_question(content).key}
    assert questionnaire.same_since(draft) is None


@pytest.mark.parametrize("marked", [True, False])
def test_a_question_in_other_words_asks_the_same_only_when_the_publisher_says_so(questionnaire, marked):
    content = current_content()
    key = first_question(content).key
    other = changed_question(content, key, text=Text("Else", "Autre"))
    draft = factories.draft(dimensions=other.dimensions)
    assert [item.key for item in Publication(draft).changes().markable] == [key]
    publish(draft, reworded=[key] if marked else [])
    assert (key in draft.same_since(questionnaire)) is marked
    assert {key, *draft.same_since(questionnaire)} == all_scored()


def test_another_help_or_step_changes_nothing_of_what_is_asked(questionnaire):
    content = current_content()
    first, second, third = content.dimensions[0].questions[:3]
    other = changed_question(content, first.key, help=Text("Count all", "Comptez tout"))
    other = changed_question(other, second.key, foundation=not second.foundation)
    other = changed_choice(other, third, 2, step=replace(third.choices[2].step, title=Text("Do", "Faites"), effort="L"))
    draft = factories.draft(dimensions=other.dimensions)
    found = Publication(draft).changes()
    assert (found.markable, found.broken, found.whole_broken) == ([], [], False)
    publish(draft)
    assert set(draft.same_since(questionnaire)) == all_scored()


def test_marks_reach_back_over_several_versions_while_each_step_was_marked(questionnaire):
    key = first_question(current_content()).key

    def since(row) -> list[str]:
        return sorted(version for version, same in row.same_questions.items() if key in same)

    second = publish_words("two", marked=True)
    third = publish_words("three", marked=True)
    assert since(third) == ["1", "2"]
    assert since(publish_words("four", marked=False)) == []
    assert since(publish_words("five", marked=True)) == ["4"]
    again = factories.draft(dimensions=outline(second).content.dimensions, title=Text("Else", "Autre"))
    publish(again)
    assert since(again) == ["2"]  # the very words of the second version
    assert since(second) == ["1"]


def test_a_mark_holds_over_a_version_that_changed_nothing(questionnaire):
    publish_words("two", marked=True)
    draft = factories.draft()
    publish(draft)
    assert [set(same) for _version, same in sorted(draft.same_questions.items())] == [all_scored()] * 2


def test_after_a_version_was_retired_the_next_is_compared_with_it(questionnaire):
    factories.submitted()
    content = current_content()
    key = first_question(content).key
    draft = factories.draft(dimensions=in_words(content, "two").dimensions)
    retire(questionnaire)
    found = Publication(draft).changes()
    assert (found.before, found.organisations, [item.key for item in found.markable]) == (questionnaire, 1, [key])
    assert [str(item.title) for item in found.broken] == ["Strategy"]
    publish(draft, reworded=[key])
    assert set(draft.same_since(questionnaire)) == all_scored()


@pytest.mark.parametrize("marked", [True, False])
def test_what_is_marked_breaks_no_trend_report_comparison_or_plan_and_what_is_not_does(questionnaire, marked):
    owner = factories.organisation()
    before, _key = factories.submitted(owner, factories.level(2), at=NOON)
    key = first_question(current_content()).key
    place = [step.question for step in results_of(owner)[0].values.plan].index(key)
    factories.action(before.round, place)
    publish_words("two", marked=marked)
    factories.submitted(owner, factories.level(4), at=NOON)
    results = results_of(owner)
    breaks = {course.key for course in trend_of(results).courses if any(course.breaks)}
    assert breaks == (set() if marked else {"", "strategy"})
    earlier = report_of(results[1]).before
    assert earlier.whole_comparable is marked
    assert {change.key for change in earlier.changes if change.broken} == (set() if marked else {"strategy"})
    said = leads.whole_change(report_of(results[1]))
    assert said == ("+50" if marked else "no comparison")
    compared = comparison_of(*results)
    assert compared.whole.broken is not marked
    move = next(item.change for part in compared.dimensions for item in part.questions if item.change.key == key)
    expected = Comparable.YES if marked else Comparable.CHANGED
    assert move.comparable == expected
    (action,) = actions_of(rows_of(owner.pk), results, on=NOON.date())
    assert (action.comparable, action.reached) == (marked, True if marked else None)


def test_marks_are_as_frozen_as_what_they_speak_of(questionnaire):
    draft = publish_words("two", marked=True)
    for change in (
        lambda: Questionnaire.objects.filter(pk=draft.pk).update(same_questions={}),
        lambda: Questionnaire.objects.bulk_update([draft], ["same_questions"]),
        lambda: draft.save(update_fields=["same_questions"]),
    ):
        with pytest.raises(PublishedError):
            change()


def test_what_a_draft_claims_to_be_the_same_counts_for_nothing(questionnaire):
    content = current_content()
    key = first_question(content).key
    draft = factories.draft(dimensions=in_words(content, "two").dimensions)
    Questionnaire.objects.filter(pk=draft.pk).update(same_questions={"1": [key]})
    publish(draft)
    assert key not in Questionnaire.objects.get(pk=draft.pk).same_questions["1"]


# What changes, and for whom ------------------------------------------------------------------------------------------
def test_what_will_break_is_said_before_it_does_and_marks_take_it_back(questionnaire):
    owner = factories.organisation()
    factories.submitted(owner)
    factories.submitted(owner)
    factories.started()
    content = current_content()
    key = first_question(content).key
    factories.submitted(factories.organisation(is_demo=True))
    factories.several(factories.organisation(), "open", [factories.level(1)], close_it=False)
    draft = factories.draft(dimensions=in_words(content, "two").dimensions)
    found = Publication(draft).changes()
    assert (found.before, found.organisations, found.under_way, found.rounds) == (questionnaire, 1, 1, 1)
    number = len(content.dimensions[0].questions)
    assert [(str(item.title), item.shared, item.asked) for item in found.broken] == [("Strategy", number - 1, number)]
    assert found.whole_broken
    assert [item.key for item in found.markable] == [key]
    assert [section.key for section in found.sections] == ["strategy"]
    with_mark = Publication(draft).changes(reworded=[key])
    assert (with_mark.broken, with_mark.whole_broken) == ([], False)


def test_a_dimension_that_comes_or_goes_is_no_break_of_its_own(questionnaire):
    content = current_content()
    renamed = replace(content.dimensions[1], key="renamed")
    draft = factories.draft(dimensions=(content.dimensions[0], renamed, *content.dimensions[2:]))
    found = Publication(draft).changes()
    assert [str(title) for title in found.ended] == [str(renamed.title)]
    assert found.broken == []
    assert found.whole_broken


def test_the_first_version_changes_nothing_for_anybody(db, shipped):
    draft = Questionnaire.objects.create(key="other", version=1, title="A", instruction="B")
    assert Publication(draft).changes().before is None


def test_every_place_has_its_row(questionnaire):
    rows = outline(questionnaire).rows
    content = current_content()
    question = first_question(content)
    assert Question.objects.get(pk=rows[Place("strategy", question.key)]).key == question.key
    assert Dimension.objects.get(pk=rows[Place("strategy")]).key == "strategy"
    rule = content.consistency[0].key
    assert ConsistencyRule.objects.get(pk=rows[Place(rule=rule)]).key == rule
    asked = sum(len(part.questions) for part in content.dimensions)
    assert len(rows) == len(content.dimensions) + asked + len(content.consistency)


# The past stays ------------------------------------------------------------------------------------------------------
def test_a_response_under_way_finishes_on_its_version(questionnaire):
    response, key = factories.started()
    later = factories.draft(dimensions=with_points(current_content(), 30).dimensions)
    publish(later)
    assert Questionnaire.objects.current() == later
    again = Response.objects.get(pk=response.pk)
    assert again.round.questionnaire == questionnaire
    factories.answer(again, factories.level(2))
    result = submit(key, at=NOON).result
    assert result.questionnaire == questionnaire
    score = {item.key: item.score for item in result.values.questions}[first_question(current_content()).key]
    assert score == 25  # not the 30 of the later version
    newcomer, _key = factories.started()
    assert newcomer.round.questionnaire == later


def test_old_reports_are_the_same_bytes_after_a_new_version_is_published_and_retired(client, questionnaire):
    owner = factories.organisation()
    factories.submitted(owner, factories.level(2))
    response, key = factories.submitted(owner, factories.level(4))
    of = factories.several(factories.organisation(), "open", [factories.level(1), factories.level(4)])
    _row, token = factories.reading_link(of, at=timezone.now())
    addresses = [
        reverse("document", args=[key, "report.json"]),
        reverse("shared_document", args=[token, "report.json"]),
    ]
    before = [client.get(address).content for address in addresses]
    assert [json.loads(text)["questionnaire"]["version"] for text in before] == [1, 1]
    later = publish_words("two", marked=True)
    assert [client.get(address).content for address in addresses] == before
    retire(later)
    assert [client.get(address).content for address in addresses] == before
    assert response.result.questionnaire == questionnaire


def test_the_same_content_is_found_again_though_a_publisher_marked_something(questionnaire):
    """Marks are no part of the fingerprint: a content file is the same with them and without."""
    draft = publish_words("two", marked=True)
    assert load_questionnaire(read_outline(draft).content) == (draft, False)


# Meanwhile -----------------------------------------------------------------------------------------------------------
def publish_another() -> None:
    publish(factories.draft())


def copy_the_current() -> None:
    new_version(Questionnaire.objects.current())


@pytest.mark.parametrize("turn", [publish_another, copy_the_current])
def test_who_starts_while_a_version_is_published_or_copied_does_not_wait(lasting, turn):
    """Where rows are locked, that is: SQLite lets one write at a time, whatever it writes."""
    begun = []

    def start():
        try:
            begun.append(factories.started())
        finally:
            connection.close()

    guest = Thread(target=start)
    with transaction.atomic():
        turn()
        guest.start()
        guest.join(20 if connection.features.has_select_for_no_key_update else 0.1)
        assert len(begun) == int(connection.features.has_select_for_no_key_update)
    guest.join(20)
    assert len(begun) == 1


def test_a_guest_who_began_on_the_version_of_before_finishes_on_it(client, questionnaire, shipped):
    """Version 2 is loaded and published meanwhile: pages, result and report stay those of version 1, by today's rules."""
    first = factories.version_of_before()
    response, key = factories.started()
    draft, _is_new = load_questionnaire(shipped[0], publishes=False)
    publish(draft, at=NOON)
    assert Questionnaire.objects.current() == draft != first
    page = client.get(reverse("dimension", args=[key, "charter"])).content.decode()
    was, now = (outline(version).questions["charter-document"].choices[2].text.en for version in (first, draft))
    assert was != now
    assert escape(was) in page
    assert escape(now) not in page
    factories.answer(response, factories.level(1))
    assert client.post(reverse("review", args=[key])).status_code == 302
    result = Result.objects.get(response=response)
    assert (result.questionnaire, result.scoring_version) == (first, 2)
    told = client.get(reverse("report", args=[key])).content.decode()
    assert escape(outline(first).questions["charter-document"].text.en) in told
    assert list(changed_questionnaires()) == []
    assert [found for _result, found in differing_results() if found] == []
