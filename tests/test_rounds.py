"""The page of a round before it has a report, and what its owner does with it: start the next, answer, close, reopen."""

import re
import time
from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse
from django.utils import timezone

from assessment.models import Questionnaire, Response, Round
from assessment.rounds import starting
from assessment.rounds.closing import close, discard, published_responses, reopen
from assessment.rounds.inviting import choose_mode, invite, open_link
from assessment.rounds.joining import Newcomer, drop_drafts, join
from assessment.rounds.starting import answer_signed_in, begin_again, own_key
from assessment.rounds.submitting import correct, submit
from tests import factories
from tests.factories import level

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation(questionnaire):
    made = factories.organisation()
    factories.submitted(made)
    return made


@pytest.fixture
def owner(client, organisation):
    user = factories.account(member_of=organisation)
    client.force_login(user)
    return user


def post(client, name, *arguments, **fields):
    return client.post(reverse(name, args=arguments), fields, follow=True)


def text_of(page):
    return " ".join(page.content.decode().split())


def test_the_next_round_begins_under_the_current_questionnaire_and_ends_the_solo_one_before(
    client, organisation, owner
):
    page = post(client, "start_next", organisation.slug)
    begun = organisation.rounds.get(number=2)
    assert page.redirect_chain[-1][0] == reverse("round", args=[organisation.slug, 2])
    assert (begun.questionnaire, begun.mode) == (Questionnaire.objects.current(), Round.Mode.SOLO)
    assert not organisation.rounds.get(number=1).is_open
    assert "Nobody has submitted answers yet" in text_of(page)


def test_before_it_begins_one_is_asked_and_looking_starts_nothing(client, organisation, owner):
    page = client.get(reverse("start_next", args=[organisation.slug]))
    assert "Start the round" in text_of(page)
    assert organisation.rounds.count() == 1


def test_a_round_that_nobody_answers_can_be_discarded(client, organisation, owner):
    post(client, "start_next", organisation.slug)
    assert "Discard this round" in text_of(client.get(reverse("round", args=[organisation.slug, 2])))
    page = post(client, "discard_round", organisation.slug, 2)
    assert "Round 2 is discarded" in text_of(page)
    assert organisation.rounds.count() == 1


def test_a_round_that_somebody_has_begun_to_answer_stays(client, organisation, owner):
    post(client, "start_next", organisation.slug)
    join(open_link(organisation.rounds.get(number=2), at=timezone.now()), Newcomer("hr"), at=timezone.now())
    page = post(client, "discard_round", organisation.slug, 2)
    assert "Somebody has begun to answer" in text_of(page)
    assert "Discard this round" not in text_of(page)
    assert organisation.rounds.count() == 2


def test_a_step_of_the_newest_report_can_be_taken_on_while_the_next_round_is_under_way(client, organisation, owner):
    post(client, "start_next", organisation.slug)
    assert "?step=" in text_of(client.get(reverse("round", args=[organisation.slug, 1])))


def test_a_round_that_is_not_finished_is_not_followed_by_another(client, organisation, owner):
    post(client, "start_next", organisation.slug)
    page = post(client, "start_next", organisation.slug)
    assert "Round 2 is not finished" in text_of(page)
    assert organisation.rounds.count() == 2


def test_no_round_begins_while_nothing_is_published(client, organisation, owner, nothing_published):
    assert "no round can begin" in text_of(post(client, "start_next", organisation.slug))
    assert organisation.rounds.count() == 1


def test_two_starts_at_once_begin_one_round(lasting):
    organisation = factories.organisation()
    factories.submitted(organisation)

    def begin():
        return begin_again(organisation, at=timezone.now())

    outcome = factories.at_the_same_time(begin, begin)
    assert sorted(type(one).__name__ for one in outcome) == ["NotNowError", "Round"]
    assert organisation.rounds.count() == 2


def slowly(monkeypatch, where, name):
    """Let what `name` does in a module take a while, so that somebody else comes in between."""
    done = getattr(where, name)

    def slow(*args, **kwargs):
        time.sleep(0.4)
        return done(*args, **kwargs)

    monkeypatch.setattr(where, name, slow)


def a_moment_later(act):
    """For `at_the_same_time`: the other one has begun."""

    def late():
        time.sleep(0.15)
        return act()

    return late


@pytest.mark.parametrize("first", ["begin", "reopen"])
def test_a_round_is_not_reopened_beside_the_next_one_that_begins_at_the_same_time(lasting, monkeypatch, first):
    """A4: neither saw the other, and both rounds were open."""
    organisation = factories.organisation()
    of = factories.several(organisation, "open", [level(3)] * 2)
    slowly(monkeypatch, starting if first == "begin" else Round, "next_round" if first == "begin" else "save")
    acts = [lambda: begin_again(organisation, at=timezone.now()), lambda: reopen(of)]
    early, late = acts if first == "begin" else acts[::-1]
    outcome = factories.at_the_same_time(early, a_moment_later(late))
    assert [type(one).__name__ for one in outcome] == ["Round" if first == "begin" else "NoneType", "NotNowError"]
    assert organisation.rounds.filter(closed_at=None).count() == 1


@pytest.mark.parametrize("first", ["begin", "invite"])
def test_nobody_is_invited_to_a_solo_round_while_the_next_one_begins(lasting, monkeypatch, first):
    """A neighbour of A4: the invitation turned the answered solo round into one that stays open beside the next."""
    organisation = factories.organisation()
    response, _key = factories.submitted(organisation)
    slowly(monkeypatch, starting if first == "begin" else Round, "next_round" if first == "begin" else "save")
    acts = [
        lambda: begin_again(organisation, at=timezone.now()),
        lambda: choose_mode(response.round, Round.Mode.OPEN),
    ]
    early, late = acts if first == "begin" else acts[::-1]
    outcome = factories.at_the_same_time(early, a_moment_later(late))
    assert [type(one).__name__ for one in outcome] == ["Round", "NotNowError"]
    assert organisation.rounds.filter(closed_at=None).count() == 1


def test_whoever_joins_a_round_that_is_discarded_at_the_same_time_finds_nothing(lasting, monkeypatch):
    of = begin_again(factories.organisation(), at=timezone.now())
    link = open_link(of, at=timezone.now())
    discard(of)
    assert join(link, Newcomer("hr"), at=timezone.now()) is None
    assert discard(of) is None  # twice is once
    assert close(of, at=timezone.now()) is None


def test_a_signed_in_person_answers_and_finds_their_answers_again(client, organisation, owner):
    post(client, "start_next", organisation.slug)
    page = post(client, "answer_round", organisation.slug, 2, role="sales")
    response = Response.objects.get(round__number=2)
    assert (response.user, response.role, response.opens_round) == (owner, "sales", True)
    assert page.redirect_chain[-1][0] == reverse("respond", args=[own_key(owner, response.round)])
    again = post(client, "answer_round", organisation.slug, 2, role="sales")
    assert again.redirect_chain == page.redirect_chain
    assert Response.objects.filter(round__number=2).count() == 1
    assert "You have begun" in text_of(client.get(reverse("round", args=[organisation.slug, 2])))


def test_a_role_must_be_chosen(client, organisation, owner):
    post(client, "start_next", organisation.slug)
    page = client.post(reverse("answer_round", args=[organisation.slug, 2]))
    assert page.status_code == 422
    assert not Response.objects.filter(round__number=2).exists()


def test_a_solo_round_is_answered_by_one(client, organisation, owner):
    post(client, "start_next", organisation.slug)
    post(client, "answer_round", organisation.slug, 2, role="sales")
    colleague = factories.account(member_of=organisation, role="member")
    client.force_login(colleague)
    assert "Somebody answers this round alone" in text_of(post(client, "answer_round", organisation.slug, 2, role="hr"))


def test_what_they_said_last_time_stands_beside_the_question_and_is_not_chosen(client, organisation, owner):
    post(client, "start_next", organisation.slug)
    post(client, "answer_round", organisation.slug, 2, role="sales")
    key = own_key(owner, organisation.rounds.get(number=2))
    factories.answer(Response.objects.with_key(key).first(), level(2))
    client.post(reverse("review", args=[key]))
    post(client, "start_next", organisation.slug)
    post(client, "answer_round", organisation.slug, 3, role="sales")
    page = client.get(reverse("dimension", args=[own_key(owner, organisation.rounds.get(number=3)), "charter"]))
    question = page.context["dimension"].questions[0]
    assert f"What you said last time</summary><p>{question.choices[1].text}" in text_of(page).replace("&#x27;", "'")
    assert not re.search(r"<input[^>]*\schecked", text_of(page))


def test_somebody_else_s_answers_of_last_time_are_not_shown(client, organisation, owner):
    post(client, "start_next", organisation.slug)
    post(client, "answer_round", organisation.slug, 2, role="sales")
    page = client.get(reverse("dimension", args=[own_key(owner, organisation.rounds.get(number=2)), "charter"]))
    assert "What you said last time" not in text_of(page)  # round 1 was answered by a guest


@pytest.mark.parametrize("mode", ["open", "confidential"])
def test_before_it_is_closed_only_numbers_of_people_are_shown(client, organisation, owner, mode):
    of = factories.several(organisation, mode, [level(1)] * 5, close_it=False)
    page = client.get(of.get_absolute_url())
    assert page.templates[0].name == "assessment/round.html"
    told = page.context["progress"]
    assert (told.answered, told.missing) == ((5, 0) if mode == "open" else (None, None))
    assert not {"score", "level", "radar"} & set(text_of(page).lower().split())
    for name, part in {"round_document": "report.json", "round_chart": "bars"}.items():
        assert client.get(reverse(name, args=[organisation.slug, 2, part])).status_code == 404


def test_closing_publishes_the_joint_report(client, organisation, owner):
    of = factories.several(organisation, "confidential", [level(3)] * 5, close_it=False)
    page = post(client, "close_round", organisation.slug, of.number)
    assert "joint report is published" in text_of(page)
    assert page.context["report"].joint.responses == 5
    assert page.context["report"].result.score == 50


def test_a_confidential_round_closed_with_four_answers_has_no_report(client, organisation, owner):
    of = factories.several(organisation, "confidential", [level(3)] * 4, close_it=False)
    page = post(client, "close_round", organisation.slug, of.number)
    assert "not enough answers" in text_of(page)
    with pytest.raises(ObjectDoesNotExist):
        of.results.get(response=None)


def test_an_owner_s_own_answers_do_not_make_up_the_number(client, organisation, owner):
    of = factories.several(organisation, "confidential", [level(3)] * 4, close_it=False)
    post(client, "answer_round", organisation.slug, of.number, role="management")
    key = own_key(owner, of)
    factories.answer(Response.objects.with_key(key).first(), level(3))
    client.post(reverse("review", args=[key]))
    assert "not enough answers" in text_of(post(client, "close_round", organisation.slug, of.number))


def test_members_answer_by_their_invitation_and_owners_count_as_nobody_invited(client, organisation, owner):
    of = factories.several(organisation, "confidential", [level(3)] * 4, close_it=False)
    member = factories.account(member_of=organisation, role="member")
    client.force_login(member)
    assert "answer it by invitation" in text_of(client.get(of.get_absolute_url()))
    assert "answer it by invitation" in text_of(post(client, "answer_round", organisation.slug, of.number, role="hr"))
    invite(of, "confidential", [member.email], at=timezone.now())
    for person in (owner, member):
        client.force_login(person)
        post(client, "answer_round", organisation.slug, of.number, role="management")
        key = own_key(person, of)
        factories.answer(Response.objects.with_key(key).first(), level(3))
        client.post(reverse("review", args=[key]))
    client.force_login(owner)
    page = post(client, "close_round", organisation.slug, of.number)
    assert (page.context["report"].joint.responses, page.context["report"].joint.invited) == (6, 5)


def test_a_closed_round_takes_no_answers_until_it_is_reopened(client, organisation, owner):
    of = factories.several(organisation, "open", [level(3)] * 2, close_it=False)
    response, key = join(of.invitations.get(), Newcomer("hr"), at=timezone.now())
    post(client, "close_round", organisation.slug, of.number, confirmed="yes")
    for address in (reverse("dimension", args=[key, "strategy"]), reverse("review", args=[key])):
        assert client.get(address).status_code == 302
    late = client.post(reverse("dimension", args=[key, "strategy"]), {"strategy-form": "none"})
    assert (late.status_code, "This round is closed" in text_of(late)) == (409, True)
    client.post(reverse("review", args=[key]))
    response.refresh_from_db()
    assert response.is_draft
    post(client, "reopen_round", organisation.slug, of.number)
    factories.answer(response, level(5))
    client.post(reverse("review", args=[key]))
    post(client, "close_round", organisation.slug, of.number)
    page = client.get(of.get_absolute_url())
    assert page.context["report"].joint.responses == 3


def begun_by_one(of):
    """A draft by the link of an open round, with an answer."""
    response, key = join(of.invitations.links().get(), Newcomer("hr"), at=timezone.now())
    factories.answer(response, lambda question: "level-2" if question.key == "strategy-document" else None)
    return response, key


def test_closing_an_open_round_in_which_somebody_is_answering_asks_once_more(client, organisation, owner):
    of = factories.several(organisation, "open", [level(3)] * 2, close_it=False)
    begun_by_one(of)
    page = post(client, "close_round", organisation.slug, of.number)
    assert "1 person has begun and not submitted." in text_of(page)
    of.refresh_from_db()
    assert of.is_open
    page = post(client, "close_round", organisation.slug, of.number, confirmed="yes")
    assert "joint report is published" in text_of(page)


def test_where_nobody_is_answering_the_round_closes_at_once(client, organisation, owner):
    of = factories.several(organisation, "open", [level(3)] * 2, close_it=False)
    key = begun_by_one(of)[1]
    submit(key, at=timezone.now())
    correct(key, at=timezone.now())  # who corrects has submitted
    assert "joint report is published" in text_of(post(client, "close_round", organisation.slug, of.number))


def test_closing_a_confidential_round_never_tells_that_somebody_is_answering(client, organisation, owner):
    of = factories.several(organisation, "confidential", [level(3)] * 2, close_it=False)
    (invitation,) = invite(of, "confidential", ["late@example.org"], at=timezone.now())
    join(invitation, Newcomer("hr"), at=timezone.now())
    page = post(client, "close_round", organisation.slug, of.number)
    assert "has begun and not" not in text_of(page)
    assert page.templates[0].name == "assessment/round.html"
    of.refresh_from_db()
    assert not of.is_open


def test_the_owner_drops_the_drafts_of_a_link_and_no_others(client, organisation, owner):
    of = factories.several(organisation, "open", [level(3)] * 2, close_it=False)
    _by_link, key = begun_by_one(of)
    (invitation,) = invite(of, "open", ["anne@example.org"], at=timezone.now())
    invited, _key = join(invitation, Newcomer("hr"), at=timezone.now())
    own, _key = answer_signed_in(of, owner, role="hr", at=timezone.now())
    colleague = factories.account()
    join(of.invitations.links().get(), Newcomer("hr", colleague), at=timezone.now())  # signed in, by the link
    submitted = begun_by_one(of)[1]
    submit(submitted, at=timezone.now())
    correction = correct(submitted, at=timezone.now())
    page = client.get(reverse("invite", args=[organisation.slug, of.number]))
    assert "2 questionnaires were begun by the link and not submitted." in text_of(page)
    page = client.get(reverse("drop_drafts", args=[organisation.slug, of.number]))
    assert "1 of them holds answers." in text_of(page)
    assert "can begin again by the link" in text_of(page)
    assert of.responses.drafts().count() == 5
    page = post(client, "drop_drafts", organisation.slug, of.number)
    assert "2 drafts are deleted." in text_of(page)
    assert set(of.responses.drafts()) == {invited, own, correction}
    assert of.responses.submitted().count() == 3
    assert client.get(reverse("respond", args=[key])).status_code == 404


def test_whose_draft_was_dropped_begins_again_by_the_link_in_the_same_browser(client, organisation, owner):
    of = factories.several(organisation, "open", [level(3)] * 2, close_it=False)
    address = reverse("join", args=[of.invitations.links().get().token])
    client.logout()
    client.post(address, {"role": "hr"})
    drop_drafts(of)
    assert client.get(address).status_code == 200
    assert client.post(address, {"role": "hr"})["Location"].endswith("/strategy/")


@pytest.mark.parametrize("mode", ["confidential", "solo"])
def test_of_a_round_without_a_link_no_draft_is_told_of_or_dropped(client, organisation, owner, mode):
    of = begin_again(organisation, at=timezone.now())
    if mode == "confidential":
        (invitation,) = invite(of, mode, ["anne@example.org"], at=timezone.now())
        join(invitation, Newcomer("hr"), at=timezone.now())
    else:
        answer_signed_in(of, owner, role="hr", at=timezone.now())
    assert client.get(reverse("drop_drafts", args=[organisation.slug, of.number])).status_code == 302
    post(client, "drop_drafts", organisation.slug, of.number)
    assert of.responses.drafts().count() == 1


def test_submitting_and_dropping_at_the_same_time_loses_nothing_that_was_submitted(lasting):
    organisation = factories.organisation()
    of = begin_again(organisation, at=timezone.now())
    link = open_link(of, at=timezone.now())
    of.refresh_from_db()
    keys = [join(link, Newcomer("hr"), at=timezone.now())[1] for _number in range(6)]
    acts = [lambda key=key: submit(key, at=timezone.now()) for key in keys]
    *submitted, dropped = factories.at_the_same_time(*acts[:5], lambda: drop_drafts(of))
    assert not [found for found in submitted if isinstance(found, Exception)]
    assert of.responses.submitted().count() == len([found for found in submitted if found])
    assert dropped + of.responses.submitted().count() == 6
    assert not of.responses.drafts().exists()


def test_what_was_published_is_the_latest_of_several_corrections(client, organisation, owner):
    """Keys of rows say nothing of their order, so the time of each submission does."""
    of = begin_again(organisation, at=timezone.now())
    now = timezone.now()
    _response, key = join(open_link(of, at=now), Newcomer("hr"), at=now)
    for number in range(4):
        factories.answer(Response.objects.with_key(key).first(), level(number + 1))
        latest = submit(key, at=now + timedelta(minutes=number))
        correct(key, at=now + timedelta(minutes=number))
    of.refresh_from_db()
    close(of, at=now)
    assert published_responses(of) == [latest]


def test_a_round_by_link_names_no_number_of_invited(client, organisation, owner):
    of = factories.several(organisation, "open", [level(3)] * 3, close_it=False)
    invite(of, "open", ["anne@example.org"], at=timezone.now())
    page = client.get(of.get_absolute_url())
    assert page.context["progress"].invited is None
    assert "<dt>Invited</dt>" not in text_of(page)
    assert "waiting for answers: 3 answered" in text_of(client.get(organisation.get_absolute_url()))
    exported = client.get(reverse("organisation_export", args=[organisation.slug])).json()
    assert exported["rounds"][-1]["invited"] is None
    close(of, at=timezone.now())
    table = client.get(reverse("round_document", args=[organisation.slug, of.number, "report.csv"]))
    assert "People invited" not in b"".join(table).decode()


def test_a_round_is_not_reopened_once_a_later_one_began(client, organisation, owner):
    of = factories.several(organisation, "open", [level(3)] * 2)
    post(client, "start_next", organisation.slug)
    page = post(client, "reopen_round", organisation.slug, of.number)
    assert "A later round has begun" in text_of(page)
    assert "Reopen the round" not in text_of(page)
    of.refresh_from_db()
    assert not of.is_open


def test_after_its_last_day_nobody_joins_or_answers(client, organisation, owner):
    of = begin_again(organisation, at=timezone.now())
    token = open_link(of, at=timezone.now()).token
    Round.objects.filter(pk=of.pk).update(closes_on=timezone.localdate() - timedelta(days=1))
    assert client.get(reverse("join", args=[token])).status_code == 404
    assert "last day has passed" in text_of(client.get(of.get_absolute_url()))


@pytest.mark.parametrize("people", [3, 30])
def test_queries_do_not_grow_with_those_who_answer(client, organisation, owner, django_assert_max_num_queries, people):
    of = factories.several(organisation, "confidential", [level(3)] * people, close_it=False)
    client.get(of.get_absolute_url())
    with django_assert_max_num_queries(18):  # a third of them for the days between two publications
        client.get(of.get_absolute_url())
    with django_assert_max_num_queries(7):
        client.get(reverse("invite", args=[organisation.slug, of.number]))


@pytest.mark.parametrize("people", [5, 25])
def test_a_joint_report_takes_as_few_queries_as_a_solo_one(
    client, organisation, owner, django_assert_max_num_queries, people
):
    of = factories.several(organisation, "confidential", [level(3)] * people)
    client.get(of.get_absolute_url())
    with django_assert_max_num_queries(6):  # two of them for the session and its user
        client.get(of.get_absolute_url())


def test_invitations_of_another_round_cannot_be_ended_here(client, organisation, owner):
    other = begin_again(factories.organisation("Usines Bernard"), at=timezone.now())
    foreign = invite(other, "open", ["a@example.org"], at=timezone.now())[0]
    of = begin_again(organisation, at=timezone.now())
    post(client, "invite", organisation.slug, of.number, do="revoke", number=foreign.pk)
    foreign.refresh_from_db()
    assert foreign.revoked_at is None
