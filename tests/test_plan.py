"""The plan: steps become actions, actions stay over the rounds and say what they brought, and the file of them."""

import contextlib
import csv
import html
import io
import re
import threading
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from assessment.authoring.publication import publish
from assessment.documents.csv import csv_table, safe
from assessment.models import Action, Questionnaire, Result
from assessment.models.outline import outline
from assessment.organisations import plan
from assessment.organisations.plan import (
    MOST_FREE,
    Agreed,
    TooManyError,
    actions_before,
    actions_of,
    add_free,
    change,
    open_steps,
    rows_of,
    take_on,
    take_on_all,
    with_actions,
)
from assessment.organisations.trend import results_of
from assessment.privacy.exporting import export_of
from assessment.report.overview import plan_part
from assessment.report.parts import Taken
from assessment.results.reporting import report_of
from assessment.rounds.closing import close
from assessment.wording import trend
from tests import factories

TODAY = date(2026, 11, 22)
LATER = factories.NOON + timedelta(days=30)


@pytest.fixture
def organisation(questionnaire):
    return factories.organisation()


@pytest.fixture
def member(client, organisation):
    client.force_login(factories.account(member_of=organisation, role="member"))
    return client


def hold(organisation, number, **options):
    return factories.submitted(organisation, factories.level(number), **options)[0].round


def steps(of):
    return Result.objects.of_rounds().get(round=of).values.plan


def parts(organisation):
    return actions_of(rows_of(organisation.pk), results_of(organisation), on=TODAY)


def address(organisation, *arguments):
    return reverse("action" if arguments else "plan", args=[organisation.slug, *arguments])


# The verbs -----------------------------------------------------------------------------------------------------------
def test_a_step_taken_on_twice_is_one_action_as_it_was_first_agreed(organisation):
    of = hold(organisation, 2)
    step = steps(of)[0]
    first = take_on(of, step, Agreed("Anne", TODAY, "soon"), at=factories.NOON)
    assert take_on(of, step, Agreed("Bob"), at=LATER) == first
    row = Action.objects.get()
    assert (row.organisation, row.made_in, row.question, row.to) == (organisation, of, step.question, step.to)
    assert (row.who, row.due, row.note, row.state, row.made_at) == ("Anne", TODAY, "soon", "planned", factories.NOON)


def test_two_who_take_the_same_step_on_at_once_make_one_action(lasting):
    of = hold(factories.organisation(), 2)
    step = steps(of)[0]
    found = factories.at_the_same_time(*[lambda: take_on(of, step, Agreed("Anne"), at=LATER)] * 4)
    assert {getattr(item, "pk", item) for item in found} == {Action.objects.get().pk}


def test_done_is_remembered_from_the_first_time_until_it_is_taken_back(organisation):
    made = factories.action(hold(organisation, 2))
    assert change(made, "done", Agreed(), at=factories.NOON).done_at == factories.NOON
    assert change(made, "done", Agreed("Anne"), at=LATER).done_at == factories.NOON
    assert change(made, "started", Agreed(), at=LATER).done_at is None
    assert change(made, "done", Agreed(), at=LATER).done_at == LATER
    assert change(made, "dropped", Agreed(), at=LATER).done_at is None


@pytest.mark.parametrize(
    ("due", "state", "overdue"),
    [
        (TODAY - timedelta(days=1), "planned", True),
        (TODAY - timedelta(days=1), "started", True),
        (TODAY - timedelta(days=1), "done", False),
        (TODAY - timedelta(days=1), "dropped", False),
        (TODAY, "planned", False),
        (None, "planned", False),
    ],
)
def test_overdue_is_what_is_open_after_its_day(organisation, due, state, overdue):
    made = factories.action(hold(organisation, 2))
    change(made, state, Agreed(due=due), at=factories.NOON)
    assert parts(organisation)[0].is_overdue is overdue
    part = plan_part(parts(organisation), ())
    assert (part.overdue, len(part.actions)) == (overdue, state in ("planned", "started"))


def test_the_most_urgent_comes_first_and_what_is_over_last(organisation):
    of = hold(organisation, 2)
    rows = [factories.action(of, place) for place in range(5)]
    change(rows[0], "done", Agreed(), at=factories.NOON)
    change(rows[1], "planned", Agreed(), at=factories.NOON)
    change(rows[2], "planned", Agreed(due=TODAY + timedelta(days=9)), at=factories.NOON)
    change(rows[3], "started", Agreed(due=TODAY), at=factories.NOON)
    change(rows[4], "done", Agreed(), at=LATER)
    assert [part.number for part in parts(organisation)] == [rows[i].pk for i in (3, 2, 1, 4, 0)]


# What they brought ---------------------------------------------------------------------------------------------------
def test_nothing_is_measured_before_the_next_round(organisation):
    factories.action(hold(organisation, 2))
    (part,) = parts(organisation)
    assert (part.then, part.now, part.reached, part.measured_in) == (25, None, None, None)
    assert trend.brought(part) == "The next round will show what it brought."


@pytest.mark.parametrize(("level", "now", "reached"), [(4, 75, True), (3, 50, True), (2, 25, False), (1, 0, False)])
def test_the_newest_round_says_what_an_action_brought(organisation, level, now, reached):
    factories.action(hold(organisation, 2))
    hold(organisation, 5)
    hold(organisation, level)
    (part,) = parts(organisation)
    assert (part.made_in, part.measured_in, part.then, part.now, part.reached) == (1, 3, 25, now, reached)
    assert ("Still 25 in round 3" if now == 25 else f"25 → {now} in round 3") in trend.brought(part)


@pytest.mark.parametrize(("level", "told"), [(4, "goal reached"), (2, "overdue")])
def test_an_open_action_whose_goal_a_later_round_reached_is_not_late(member, organisation, level, told):
    made = factories.action(hold(organisation, 2), due=TODAY - timedelta(days=30))
    hold(organisation, level)
    (part,) = parts(organisation)
    assert (part.is_overdue, part.is_to_finish) == (level == 2, level == 4)
    assert trend.standing_out(part) == told
    assert plan_part([part], ()).overdue == (level == 2)
    other = {"goal reached": "overdue", "overdue": "goal reached"}[told]
    for name, arguments in (("plan", []), ("organisation", []), ("round", [2])):
        text = member.get(reverse(name, args=[organisation.slug, *arguments])).content.decode()
        assert re.search(rf"planned, (<strong>)?{told}", text), name
        assert f"planned, {other}" not in text
    made.refresh_from_db()
    assert (made.state, made.done_at) == ("planned", None)


def test_what_is_reached_is_marked_as_done_by_one_button_and_what_was_agreed_stays(client, member, organisation):
    made = factories.action(hold(organisation, 2), who="Anne", due=TODAY, note="first", title="Our words")
    assert "Mark as done" not in member.get(address(organisation)).content.decode()
    hold(organisation, 4)
    assert "Mark as done" in member.get(address(organisation)).content.decode()
    page = member.post(address(organisation, made.pk), {"done": "yes"}, follow=True)
    assert page.redirect_chain == [(address(organisation), 302)]
    assert "The action is marked as done." in page.content.decode()
    assert "Mark as done" not in page.content.decode()
    made.refresh_from_db()
    assert (made.state, made.who, made.due, made.note, made.title) == ("done", "Anne", TODAY, "first", "Our words")
    first = made.done_at
    member.post(address(organisation, made.pk), {"done": "yes"})
    made.refresh_from_db()
    assert made.done_at == first is not None
    client.force_login(factories.account(member_of=organisation, role="viewer"))
    assert "Mark as done" not in client.get(address(organisation)).content.decode()


def test_who_marks_as_done_what_was_given_up_meanwhile_is_told_that_nothing_changed(member, organisation):
    made = change(factories.action(hold(organisation, 2)), Action.State.DROPPED, Agreed(), at=factories.NOON)
    hold(organisation, 4)
    text = member.post(address(organisation, made.pk), {"done": "yes"}, follow=True).content.decode()
    assert "The action is marked as done." not in text
    assert "The action was given up meanwhile; nothing was changed." in text
    made.refresh_from_db()
    assert (made.state, made.done_at) == ("dropped", None)


def test_an_action_of_a_question_that_changed_says_so_in_the_words_it_was_made_with(organisation):
    made = factories.action(hold(organisation, 2))
    content = outline(Questionnaire.objects.current()).content
    old = outline(Questionnaire.objects.current()).questions[made.question]
    choices = tuple(
        choice if choice.points in (0, 100) else type(choice)(**vars(choice) | {"points": choice.points + 5})
        for choice in old.choices
    )
    changed = factories.changed_question(
        content, made.question, choices=choices, text=type(old.text)("Another question?", "Autre question ?")
    )
    publish(factories.draft(dimensions=changed.dimensions), at=factories.NOON)
    hold(organisation, 4)
    (part,) = parts(organisation)
    assert part.question == old.text
    assert (part.comparable, part.now, part.reached) == (False, None, None)
    assert "cannot be said" in trend.brought(part)


def test_while_its_round_shows_nothing_an_action_says_nothing_either(organisation):
    made = factories.action(hold(organisation, 2))
    Result.objects.all().delete()
    (part,) = parts(organisation)
    assert (part.number, part.then, part.measured_in) == (made.pk, None, None)


def test_a_joint_result_measures_as_a_solo_one_does(organisation):
    factories.action(hold(organisation, 1))
    of = factories.held_together(organisation, "open", [1, 5, 5, 5, 5])
    assert parts(organisation)[0].measured_in is None
    close(of, at=factories.NOON)
    (part,) = parts(organisation)
    assert (part.measured_in, part.now) == (2, 80)


def test_a_report_tells_what_became_of_the_actions_of_the_rounds_before_it(organisation):
    first = factories.action(hold(organisation, 2))
    second = factories.action(hold(organisation, 3))
    hold(organisation, 5)
    found = [actions_before(result, rows_of(organisation.pk), on=TODAY) for result in results_of(organisation)]
    assert [[part.number for part in listed] for listed in found] == [[], [first.pk], [first.pk, second.pk]]
    assert [found[1][0].now, found[2][0].now] == [50, 100]


def test_the_part_of_a_report_says_what_was_reached(member, organisation):
    made = factories.action(hold(organisation, 2))
    hold(organisation, 4)
    (_first, last) = results_of(organisation)
    texts = [member.get(reverse("round", args=[organisation.slug, number])).content.decode() for number in (1, 2)]
    assert ["What became of the plan" in text for text in texts] == [False, True]
    text = texts[1]
    assert outline(last.questionnaire).questions[made.question].text.en in html.unescape(text)
    assert "25 → 75 in round 2: reached" in text


def test_a_step_that_is_taken_on_and_open_is_not_proposed_again(organisation):
    made = factories.action(hold(organisation, 2))
    hold(organisation, 2)
    newest = results_of(organisation)[-1]
    same = [step.question for step in newest.values.plan if step.to == made.to]
    assert made.question in same
    assert made.question not in [step.question for step in open_steps(newest, rows_of(organisation.pk))]
    change(made, "dropped", Agreed(), at=factories.NOON)
    assert made.question in [step.question for step in open_steps(newest, rows_of(organisation.pk))]


def test_a_report_says_of_a_step_that_it_is_in_the_plan_and_offers_the_others(member, organisation):
    made = factories.action(hold(organisation, 2))
    of, plan_page = hold(organisation, 2), reverse("plan", args=[organisation.slug])
    report = reverse("round", args=[organisation.slug, of.number])

    def offered():
        return re.findall(rf"{plan_page}\?step=([\w-]+)", member.get(report).content.decode())

    keys = [step.question for step in steps(of)]
    assert made.question in keys
    assert offered() == [key for key in keys if key != made.question] + ["all"]
    assert f'<a href="{plan_page}">In your plan' in member.get(report).content.decode()
    take_on_all(results_of(organisation)[-1], dict.fromkeys(keys, Agreed()), at=LATER)
    assert offered() == []
    assert member.get(report).content.decode().count(f'<a href="{plan_page}">In your plan') == len(keys)


# The page ------------------------------------------------------------------------------------------------------------
def test_the_page_turns_a_step_into_an_action(member, organisation):
    of = hold(organisation, 2)
    step = steps(of)[2]
    fields = {"step": step.question, f"{step.question}.who": "  Anne   B ", f"{step.question}.due": "2027-01-31"}
    page = member.post(address(organisation), fields, follow=True)
    assert page.redirect_chain == [(address(organisation), 302)]
    row = Action.objects.get()
    assert (row.question, row.to, row.who, row.due) == (step.question, step.to, "Anne B", date(2027, 1, 31))
    assert "Anne B" in page.content.decode()
    assert step.question not in [item.question for item in page.context["steps"]]


def test_all_steps_are_taken_on_at_once_each_with_its_own_person_and_day(member, organisation):
    taken = [step.question for step in steps(hold(organisation, 2))]
    text = member.get(address(organisation), {"step": "all"}).content.decode()
    assert text.count(" checked") == len(taken) == 5
    fields = {"step": taken} | {f"{key}.who": f"Person {number}" for number, key in enumerate(taken)}
    page = member.post(address(organisation), fields | {f"{taken[1]}.due": "2027-01-31"}, follow=True)
    rows = Action.objects.order_by("pk")
    assert [(row.question, row.who) for row in rows] == [(key, f"Person {n}") for n, key in enumerate(taken)]
    assert [row.due for row in rows] == [None, date(2027, 1, 31), None, None, None]
    assert "The steps are now actions of your plan." in page.content.decode()


def test_what_is_typed_beside_a_step_that_is_not_ticked_is_asked_back(member, organisation):
    first, second, *_rest = (step.question for step in steps(hold(organisation, 2)))
    page = member.post(address(organisation), {"step": first, f"{second}.who": "Anne"})
    assert page.status_code == 422
    assert "Tick this step to take it on" in page.content.decode()
    assert 'value="Anne"' in page.content.decode()
    assert not Action.objects.exists()


def test_a_step_on_which_views_differ_asks_to_agree_first_and_missing_foundations_are_named(member, organisation):
    alike = factories.several(organisation, "open", [factories.level(1)] * 3)
    text = member.get(address(organisation)).content.decode()
    assert "agree first" not in text
    missing = [question.text for _title, question in report_of(Result.objects.of_rounds().get(round=alike)).foundations]
    assert missing
    assert all(str(question) in html.unescape(text) for question in missing)
    factories.several(organisation, "open", [factories.level(1), factories.level(1), factories.level(5)])
    assert "Views differ on this: agree first." in member.get(address(organisation)).content.decode()


def test_the_same_form_twice_makes_one_action(member, organisation):
    first = steps(hold(organisation, 2))[0].question
    fields = {"step": first, f"{first}.who": "Anne"}
    assert [member.post(address(organisation), fields).status_code for _time in range(2)] == [302, 302]
    assert Action.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({".who": "Anne"}, "Tick at least one step that you take on."),
        ({"step": "no-such-question"}, "This step is no longer in the plan."),
        ({"step": "first", ".due": "tomorrow"}, "This is not a date. Write it as 2026-12-31."),
        ({"step": "first", ".who": "x" * 201}, "at most 200"),
        ({"step": "first", ".who": "a\x00b"}, "a character that cannot be stored"),
    ],
)
def test_what_cannot_be_taken_on_is_told_and_nothing_typed_is_lost(member, organisation, fields, said):
    first, second, *_rest = (step.question for step in steps(hold(organisation, 2)))
    fields = {f"{first}{name}" if name.startswith(".") else name: value for name, value in fields.items()}
    fields |= {"step": [first, second]} if fields.get("step") == "first" else {}
    page = member.post(address(organisation), {f"{second}.who": "to keep"} | fields)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert "to keep" in page.content.decode()
    assert not Action.objects.exists()


def test_a_report_s_step_leads_to_the_plan_with_that_step_chosen(member, organisation):
    second = steps(hold(organisation, 2))[1].question
    text = member.get(address(organisation), {"step": second}).content.decode()
    assert f'value="{second}" checked' in text
    assert text.count(" checked") == 1
    assert " checked" not in member.get(address(organisation), {"step": "<junk>"}).content.decode()


def test_a_viewer_reads_the_plan_and_has_nothing_to_change(client, organisation):
    made = factories.action(hold(organisation, 2), who="Anne")
    client.force_login(factories.account(member_of=organisation, role="viewer"))
    text = client.get(address(organisation)).content.decode()
    assert "Anne" in text
    assert 'id="take-on"' not in text
    assert address(organisation, made.pk) not in text
    assert client.get(address(organisation, made.pk)).status_code == 404


def test_an_empty_plan_says_what_will_be_here(member, organisation):
    text = member.get(address(organisation)).content.decode()
    assert "No step has been taken on yet." in text
    assert "Once a round has a result" in text
    assert member.post(address(organisation), {"step": "strategy-form"}).status_code == 422


def test_an_action_is_changed_on_its_own_page(member, organisation):
    made = factories.action(hold(organisation, 2), who="Anne", due=TODAY, note="first")
    text = member.get(address(organisation, made.pk)).content.decode()
    assert all(said in text for said in ('value="Anne"', 'value="2026-11-22"', "first"))
    page = member.post(address(organisation, made.pk), {"state": "done", "who": "Bob", "due": "", "note": ""})
    assert page["Location"] == address(organisation)
    made.refresh_from_db()
    assert (made.state, made.who, made.due, made.note, made.done_at is None) == ("done", "Bob", None, "", False)


def test_a_state_that_is_none_changes_nothing(member, organisation):
    made = factories.action(hold(organisation, 2), who="Anne")
    page = member.post(address(organisation, made.pk), {"state": "sold", "who": "Bob"})
    assert page.status_code == 422
    made.refresh_from_db()
    assert (made.state, made.who) == ("planned", "Anne")


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 2**64, 10**40])
def test_an_action_that_does_not_exist_is_a_404(member, organisation, number):
    assert member.get(address(organisation, number)).status_code == 404


def test_what_people_typed_is_shown_as_text(member, organisation):
    made = factories.action(hold(organisation, 2), who="<script>alert(1)</script>", note="<b>x</b>\ny")
    for place in (address(organisation), address(organisation, made.pk)):
        text = member.get(place).content.decode()
        assert "<script>alert" not in text
        assert "<b>x" not in text


def test_queries_do_not_grow_with_rounds_or_actions(member, organisation):
    counts = []
    for more in (1, 3):
        for _ in range(more):
            of = hold(organisation, 2)
            for place in range(3):
                factories.action(of, place, due=TODAY)
            free(organisation, f"Title {of.number}", due=TODAY)
        pages = [address(organisation), address(organisation, Action.objects.last().pk)]
        pages += [reverse(name, args=[organisation.slug]) for name in ("plan_csv", "plan_calendar")]
        found = []
        for place in pages:
            member.get(place)
            with CaptureQueriesContext(connection) as queries:
                assert member.get(place).status_code == 200
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 5


# Free actions, and wording -------------------------------------------------------------------------------------------
def free(organisation, title="Ring the agency", *, at=factories.NOON, **agreed):
    return add_free(organisation, Agreed(title=title, **agreed), at=at)


def many(organisation, number):
    rows = [
        Action(organisation=organisation, title=f"Title {place}", made_at=factories.NOON) for place in range(number)
    ]
    return Action.objects.bulk_create(rows)


def test_the_page_takes_an_action_of_one_s_own_without_any_report(member, organisation):
    fields = {"own-title": " Ring \n the  agency\u202e ", "own-who": "Anne", "own-due": "2027-01-31"}
    page = member.post(address(organisation), fields, follow=True)
    assert page.redirect_chain == [(address(organisation), 302)]
    row = Action.objects.get()
    assert (row.title, row.who, row.due, row.state) == ("Ring the agency", "Anne", date(2027, 1, 31), "planned")
    assert (row.made_in, row.question, row.to) == (None, None, None)
    text = page.content.decode()
    assert "The action is in your plan." in text
    assert "<h3><bdi>Ring the agency</bdi></h3>" in text
    assert "An action of your own: it brings no points." in text
    assert "Done when:" not in text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"own-title": ""}, "Say in a few words what is to be done."),
        ({"own-title": "\u200b"}, "Nothing of this can be read."),
        ({"own-title": "x" * 201}, "at most 200"),
        ({"own-title": "a\x00b"}, "a character that cannot be stored"),
        ({"own-title": "Ring", "own-due": "tomorrow"}, "This is not a date."),
    ],
)
def test_an_action_that_cannot_be_added_is_told_and_nothing_typed_is_lost(member, organisation, fields, said):
    hold(organisation, 2)
    page = member.post(address(organisation), {"own-who": "to keep"} | fields)
    assert page.status_code == 422
    text = page.content.decode()
    assert said in text
    assert 'value="to keep"' in text
    assert "Tick at least one step" not in text
    assert not Action.objects.exists()


def test_the_same_title_twice_is_one_action_while_it_is_open(organisation):
    first = free(organisation, who="Anne")
    assert free(organisation, who="Bob") == first
    first.refresh_from_db()
    assert first.who == "Anne"
    change(first, "done", Agreed(), at=LATER)
    assert free(organisation).pk != first.pk
    first.refresh_from_db()
    assert first.title == "Ring the agency"  # kept where none is told


def test_fifty_are_open_at_most_and_more_are_refused_with_a_reason(member, organisation):
    made = many(organisation, MOST_FREE)
    many(factories.organisation(), 1)
    page = member.post(address(organisation), {"own-title": "One more"})
    assert page.status_code == 422
    assert "50 actions of your own are open, and no more can be." in page.content.decode()
    assert 'value="One more"' in page.content.decode()
    change(made[0], "done", Agreed(), at=factories.NOON)
    assert member.post(address(organisation), {"own-title": "One more"}).status_code == 302
    again = member.post(address(organisation, made[0].pk), {"state": "planned", "title": "Back"})
    assert (again.status_code, "no more can be" in again.content.decode()) == (422, True)
    made[0].refresh_from_db()
    assert (made[0].state, made[0].title) == ("done", "Title 0")
    assert change(made[1], "started", Agreed(), at=factories.NOON).state == "started"  # it was open before
    factories.action(hold(organisation, 2))  # steps have no such limit


def test_who_add_at_once_do_not_get_past_the_limit(lasting, monkeypatch):
    organisation = factories.organisation()
    many(organisation, MOST_FREE - 1)
    counted, both = plan._refuse_more, threading.Barrier(2)

    def counted_together(pk):
        counted(pk)
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(0.3)  # as long as the other could have counted the same, were there no lock

    monkeypatch.setattr(plan, "_refuse_more", counted_together)
    found = factories.at_the_same_time(*[lambda n=n: free(organisation, f"New {n}") for n in range(2)])
    assert sum(isinstance(item, TooManyError) for item in found) == 1
    assert organisation.actions.free().open().count() == MOST_FREE


def test_an_action_is_a_step_s_or_free_and_never_half(organisation):
    of = hold(organisation, 2)
    whole = {"made_in": of, "question": "a", "to": "b"}
    for fields in [*({**whole, name: None} for name in whole), dict.fromkeys(whole), {**whole, "made_in": None}]:
        with pytest.raises(IntegrityError), transaction.atomic():
            Action.objects.create(organisation=organisation, made_at=factories.NOON, **fields)
    Action.objects.create(organisation=organisation, made_at=factories.NOON, **whole)
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.create(organisation=organisation, made_at=factories.NOON, title="x", **whole)


def test_a_viewer_reads_free_actions_and_adds_none(client, organisation):
    made = free(organisation)
    client.force_login(factories.account(member_of=organisation, role="viewer"))
    text = client.get(address(organisation)).content.decode()
    assert "Ring the agency" in text
    assert "own-title" not in text
    assert client.post(address(organisation), {"own-title": "Mine"}).status_code == 404
    assert client.post(address(organisation, made.pk), {"state": "done", "title": "Mine"}).status_code == 404
    assert [row.title for row in Action.objects.all()] == ["Ring the agency"]


def test_the_title_of_a_step_is_changed_and_given_back(member, organisation):
    made = factories.action(hold(organisation, 2))
    step = outline(Questionnaire.objects.current()).questions[made.question].choice(made.to).step
    page = address(organisation, made.pk)

    def sent(title):
        assert member.post(page, {"state": "planned", "title": title})["Location"] == address(organisation)
        made.refresh_from_db()
        return made.title

    assert member.get(page).context["form"]["title"].value() == step.title.en
    assert [sent(step.title.en), sent(step.title.fr)] == ["", ""]  # as it is shown, in either language
    assert sent("  Ours <b>now</b> ") == "Ours <b>now</b>"
    for shown in (address(organisation), page):
        text = member.get(shown).content.decode()
        assert "<bdi>Ours &lt;b&gt;now&lt;/b&gt;</bdi>" in text
        assert "<b>now" not in text
    assert member.get(page).context["form"]["title"].value() == "Ours <b>now</b>"
    assert sent("") == ""
    assert str(step.title.en) in html.unescape(member.get(address(organisation)).content.decode())


def test_a_free_action_keeps_a_title(member, organisation):
    made = free(organisation, due=TODAY)
    page = member.post(address(organisation, made.pk), {"state": "done", "title": ""})
    assert page.status_code == 422
    assert "Say in a few words" in page.content.decode()
    fields = {"state": "done", "title": "Ring them twice", "who": "Bob"}
    assert member.post(address(organisation, made.pk), fields).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.who, made.due, made.state) == ("Ring them twice", "Bob", None, "done")


def test_all_forms_of_the_plan_hold_free_actions_and_the_wording(member, organisation):
    of = hold(organisation, 2)
    worded = factories.action(of, 0, due=TODAY)
    change(worded, "planned", Agreed(due=TODAY, title="=Ours"), at=factories.NOON)
    free(organisation, "=1+1;a,b\\", who="Zoé", due=TODAY)
    _head, first, second = table(member, organisation, "en")
    assert first[1] == "'=Ours"
    assert second[:5] == ["", "'=1+1;a,b\\", "", "", ""]
    assert second[9:14] == ["", "", "", "", "an action of your own"]
    assert table(member, organisation, "fr")[2][13] == "action qui vous est propre"
    found, _data = events(member, organisation)
    assert [str(event["summary"]) for event in found] == ["=Ours", "=1+1;a,b\\"]
    assert "Question" not in str(found[1]["description"])
    base = reverse("round", args=[organisation.slug, of.number])
    sheet = openpyxl.load_workbook(io.BytesIO(member.get(f"{base}report.xlsx").content))["Plan"]
    head, taken, *_rest, own = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert taken[1] == "=Ours"
    assert own[:6] == [None, "=1+1;a,b\\", None, "Zoé", datetime.combine(TODAY, datetime.min.time()), "planned"]
    assert own[head.index("Gain")] == "an action of your own"
    assert sheet.cell(sheet.max_row, 2).data_type == "s"
    text = member.get(f"{base}report.csv").content.decode("utf-8-sig")
    (row,) = [row for row in csv.DictReader(io.StringIO(text)) if row["Part"] == "Action of your own"]
    assert (row["Question or step"], row["Owner"], row["Gain"]) == ("'=1+1;a,b\\", "Zoé", "an action of your own")


def test_a_free_action_is_told_in_the_reports_of_its_time(organisation):
    first = hold(organisation, 2, at=factories.NOON)
    early, done = free(organisation, "Early", at=LATER), free(organisation, "Done", at=LATER)
    change(done, "done", Agreed(), at=LATER)
    second = hold(organisation, 3, at=LATER + timedelta(days=30))
    free(organisation, "Late", at=LATER + timedelta(days=60))
    reports = {of: Result.objects.of_rounds().get(round=of) for of in (first, second)}
    told = {of: [item.title for item in with_actions(report_of(result), of).free] for of, result in reports.items()}
    assert told == {first: ["Early"], second: ["Early", "Late"]}
    actions = rows_of(organisation.pk)
    before = {of: {part.typed for part in actions_before(result, actions, on=TODAY)} for of, result in reports.items()}
    assert before == {first: set(), second: {"Early", "Done"}}
    (part,) = [part for part in actions_before(reports[second], actions, on=TODAY) if part.number == early.pk]
    assert (part.is_free, part.now, part.reached) == (True, None, None)


def test_a_later_report_says_what_became_of_free_actions(member, organisation):
    hold(organisation, 2, at=factories.NOON)
    free(organisation, "<i>Ring</i>", at=LATER)
    of = hold(organisation, 3, at=LATER + timedelta(days=30))
    text = member.get(reverse("round", args=[organisation.slug, of.number])).content.decode()
    assert '<th scope="row"><bdi>&lt;i&gt;Ring&lt;/i&gt;</bdi></th>' in text
    assert "An action of your own: it brings no points." in text


def test_free_actions_stay_when_a_round_goes_and_are_exported(organisation):
    of = hold(organisation, 2)
    factories.action(of)
    free(organisation, who="Anne")
    assert [(row["round"], row["title"]) for row in export_of(organisation)["actions"]] == [
        (of.number, None), (None, "Ring the agency"),
    ]  # fmt: skip
    of.delete()
    assert [row.title for row in Action.objects.all()] == ["Ring the agency"]
    assert parts(organisation)[0].is_free


# The file ------------------------------------------------------------------------------------------------------------
def table(client, organisation, language):
    page = client.get(reverse("plan_csv", args=[organisation.slug]), headers={"accept-language": language})
    assert page["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="plan.csv"' in page["Content-Disposition"]
    assert page.content.startswith(b"\xef\xbb\xbf")
    delimiter = ";" if language == "fr" else ","
    return list(csv.reader(io.StringIO(page.content.decode("utf-8-sig")), delimiter=delimiter))


def test_the_file_holds_the_plan_in_the_reader_s_language(member, organisation):
    made = factories.action(hold(organisation, 2), who="Zoé, Éric; Ana", due=date(2027, 1, 31), note='a "b"\nc')
    change(made, "done", Agreed(made.who, made.due, made.note), at=factories.NOON)
    hold(organisation, 4)
    head, row = table(member, organisation, "en")
    assert len(head) == len(row) == 15
    question = outline(Questionnaire.objects.current()).questions[made.question]
    step = question.choice(made.to).step
    assert row[1:4] == [step.title.en, step.first_move.en, question.text.en]
    assert row[5:] == [
        "Zoé, Éric; Ana", "2027-01-31", "done", "2026-11-02", "1", "25", "75", "2", "yes", 'a "b"\nc',
    ]  # fmt: skip
    assert table(member, organisation, "fr")[1][1:4] == [step.title.fr, step.first_move.fr, question.text.fr]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_of_the_file_runs_as_a_formula(member, organisation, begin):
    assert safe(f"{begin}1+1") == f"'{begin}1+1"
    factories.action(hold(organisation, 2), who=f"x{begin}", note=f"{begin}cmd|' /C calc'!A0")
    row = table(member, organisation, "en")[1]
    assert row[5] == f"x{begin}"
    assert row[14].startswith("'")


def test_ordinary_cells_stay_as_they_are():
    assert csv_table([["a", "é", "a,b", ""]], language="en") == b'\xef\xbb\xbfa,\xc3\xa9,"a,b",\r\n'
    assert csv_table([["a", "b,c"]], language="fr") == b"\xef\xbb\xbfa;b,c\r\n"
    assert safe("a=b") == "a=b"


# The calendar --------------------------------------------------------------------------------------------------------
def events(client, organisation, language="en"):
    """The calendar's events, and its bytes."""
    page = client.get(reverse("plan_calendar", args=[organisation.slug]), headers={"accept-language": language})
    assert page["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="plan.ics"' in page["Content-Disposition"]
    return Calendar.from_ical(page.content).walk("VEVENT"), page.content


def test_each_action_with_a_due_date_is_an_event_in_the_reader_s_language(member, organisation):
    of = hold(organisation, 2)
    made = factories.action(of, 0, who="Zoé, Éric; Ana\\", due=date(2027, 1, 31))
    factories.action(of, 1, who="Nobody in a hurry")
    question = outline(Questionnaire.objects.current()).questions[made.question]
    step = question.choice(made.to).step
    for language in ("en", "fr"):
        (event,), data = events(member, organisation, language)
        assert str(event["summary"]) == getattr(step.title, language)
        assert event["dtstart"].dt == date(2027, 1, 31)
        said = str(event["description"])
        for text in (step.first_move, question.text, question.choice(made.to).text):
            assert getattr(text, language) in said
        assert "Zoé, Éric; Ana\\" in said
        plan = f"http://testserver{address(organisation)}"
        assert str(event["url"]) == plan
        assert said.endswith(plan)
        assert b"Nobody in a hurry" not in data
        assert data.endswith(b"END:VCALENDAR\r\n")
        assert all(len(line) <= 75 for line in data.split(b"\r\n"))  # octets, RFC 5545, 3.1


@pytest.mark.parametrize(
    ("level", "said"),
    [(4, {"State: planned, goal reached", "État\u00a0: prévue, objectif atteint"}), (2, {"State: planned"})],
)
def test_an_event_says_that_its_goal_is_reached_and_not_that_its_day_has_passed(member, organisation, level, said):
    factories.action(hold(organisation, 2), due=TODAY - timedelta(days=30))
    hold(organisation, level)
    lines = {
        line
        for language in ("en", "fr")
        for line in str(events(member, organisation, language)[0][0]["description"]).splitlines()
    }
    assert lines > said


def test_an_action_stays_the_same_event_and_one_that_is_given_up_is_cancelled(member, organisation):
    of = hold(organisation, 2)
    made = factories.action(of, 0, due=TODAY)
    factories.action(of, 1, due=TODAY)
    (first, second), _data = events(member, organisation)
    assert first["uid"] != second["uid"]
    change(made, "dropped", Agreed("Anne", LATER.date()), at=LATER)
    hold(organisation, 3)
    found = {str(event["uid"]): event for event in events(member, organisation)[0]}
    assert found.keys() == {str(first["uid"]), str(second["uid"])}
    assert sorted(str(event["status"]) for event in found.values()) == ["CANCELLED", "CONFIRMED"]
    assert str(found[f"action-{made.pk}@testserver"]["status"]) == "CANCELLED"
    assert found[f"action-{made.pk}@testserver"]["dtstart"].dt == LATER.date()


@pytest.mark.parametrize("who", ["x\r\nEND:VEVENT", "a;b,c:d\\n", "\x00\x07", "שלום", "é" * 200])
def test_what_people_type_begins_no_line_of_the_calendar(member, organisation, who):
    made = factories.action(hold(organisation, 2), due=TODAY)
    Action.objects.filter(pk=made.pk).update(who=who.replace("\x00", ""))
    _events, data = events(member, organisation)
    assert data.count(b"END:VEVENT\r\n") == 1
    assert not set(data) & set(range(0x20)) - {0x0D, 0x0A, 0x09}


def test_without_a_due_date_there_is_no_calendar_and_the_page_says_so(member, organisation):
    calendar = reverse("plan_calendar", args=[organisation.slug])
    assert member.get(calendar).status_code == 404
    of = hold(organisation, 2)
    factories.action(of, 0)
    assert member.get(calendar).status_code == 404
    page = member.get(address(organisation)).content.decode()
    assert calendar not in page
    assert "Give an action a due date" in page
    factories.action(of, 1, due=TODAY)
    page = member.get(address(organisation)).content.decode()
    assert f'href="{calendar}"' in page
    assert "Actions without a due date are not in the calendar." in page


def test_the_workbook_and_the_table_of_the_organisation_say_who_until_when_and_how_far(member, organisation):
    of = hold(organisation, 2)
    made = factories.action(of, 1, who="=Zoé", due=date(2027, 1, 31))
    base = reverse("round", args=[organisation.slug, of.number])
    sheet = openpyxl.load_workbook(io.BytesIO(member.get(f"{base}report.xlsx").content))["Plan"]
    head, first, second, *_rest = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert head[1:6] == ["Action", "First move", "Owner", "Due", "State"]
    step = outline(Questionnaire.objects.current()).questions[made.question].choice(made.to).step
    assert second[1:6] == [step.title.en, step.first_move.en, "=Zoé", datetime(2027, 1, 31), "planned"]
    assert sheet["D3"].data_type == "s"
    assert first[3:6] == [None, None, "not taken on yet"]
    text = member.get(f"{base}report.csv").content.decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["Step"] == "2"]
    assert [(row["Owner"], row["Due"], row["State"]) for row in rows] == [("'=Zoé", "2027-01-31", "planned")]


def test_nobody_else_reads_who_sees_to_a_step(client, member, organisation):
    response, key = factories.submitted(organisation, factories.level(2))
    made = factories.action(response.round, who="Zoé", due=TODAY)
    change(made, "planned", Agreed("Zoé", TODAY, title="Our words"), at=factories.NOON)
    free(organisation)
    client.logout()
    for name in ("report.xlsx", "report.csv"):
        page = client.get(reverse("document", args=[key, name]))
        text = page.content.decode("utf-8-sig") if name.endswith("csv") else workbook_text(page.content)
        assert not [said for said in ("Zoé", "Our words", "Ring the agency") if said in text]
        assert "not taken on yet" in text


def workbook_text(data):
    return "\n".join(
        str(cell) for sheet in openpyxl.load_workbook(io.BytesIO(data)) for row in sheet.values for cell in row
    )


def test_a_step_is_an_action_in_a_later_report_only_while_it_is_open(organisation):
    of = hold(organisation, 2)
    kept, done = factories.action(of, 0, who="Anne"), factories.action(of, 1, who="Bob")
    change(done, "done", Agreed("Bob"), at=LATER)
    later = hold(organisation, 2)
    result = Result.objects.of_rounds().get(round=later)
    told = with_actions(report_of(result), later)
    found = {part.question.key: part.taken for part in told.plan if part.taken}
    assert found == {kept.question: Taken("Anne", None, "planned")}
