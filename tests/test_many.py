"""Many at once in one round: everybody counts once, nobody waits for ever, and the joint result is right."""

import queue
import threading
from fractions import Fraction

from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from assessment.models import Membership, Response, Round
from assessment.organisations.people import change_role
from assessment.rounds.closing import close, computed_again, counted_responses, reopen
from assessment.rounds.inviting import choose_mode, invite, open_link
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.starting import NotNowError, answer_signed_in, begin_again
from assessment.rounds.submitting import ClosedError, submit
from tests import factories
from tests.factories import NOON, at_the_same_time, level

PEOPLE = 500 if connection.vendor == "postgresql" else 40
THREADS = 6  # a process has eight connections to the database, and the test itself holds one


def begun(mode: str) -> Round:
    """A round of an organisation that has an owner."""
    house = factories.organisation()
    factories.account(member_of=house)
    return choose_mode(begin_again(house, at=NOON), mode)


def drafts(round_: Round, number: int) -> list[tuple[Response, str]]:
    """Personal invitations followed and everything answered, nothing submitted."""
    found = []
    for invitation in invite(round_, round_.mode, [f"person{place}@example.org" for place in range(number)], at=NOON):
        response, key = join(invitation, Newcomer("sales"), at=NOON)
        factories.answer(response, level(len(found) % 5 + 1))
        found.append((response, key))
    return found


def by_hands(number: int, act, *, hands: int = THREADS) -> list:
    """What `act` returns or raises for 0, 1, ... below `number`, done by several threads as fast as they can."""
    waiting, outcome = queue.SimpleQueue(), [None] * number
    for place in range(number):
        waiting.put(place)

    def work() -> None:
        try:
            while True:
                place = waiting.get_nowait()
                try:
                    outcome[place] = act(place)
                except Exception as error:
                    outcome[place] = error
        except queue.Empty:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return outcome


@override_settings(JOINS_PER_HOUR=1000)
def test_everybody_who_joins_and_submits_at_the_same_time_counts_once(lasting):
    """Each through the site: join, answer a page of questions, submit."""
    of = begun(Round.Mode.OPEN)
    address = reverse("join", args=[open_link(of, at=NOON).token])
    questions = factories.outline(of.questionnaire).content.dimensions[0].questions

    def take_part(place: int) -> tuple[int, int, int]:
        visitor = Client()
        joined = visitor.post(address, {"role": "sales"})
        page = joined["Location"]
        answers = {question.key: question.choices[place % 5].key for question in questions}
        saved = visitor.post(page, answers)
        key = page.split("/")[2]
        return joined.status_code, saved.status_code, visitor.post(reverse("review", args=[key])).status_code

    assert set(by_hands(PEOPLE, take_part)) == {(302, 302, 302)}
    assert of.responses.count() == of.responses.submitted().count() == PEOPLE
    result = close(of, at=NOON)
    assert result.responses == PEOPLE
    told = {question.key: question for question in result.values.questions}
    for question in questions:
        points = [Fraction(question.choices[place % 5].points) for place in range(PEOPLE)]
        assert told[question.key].score == sum(points) / PEOPLE
        assert (told[question.key].lowest, told[question.key].highest) == (0, 100)


def test_a_submission_while_the_round_is_closed_is_published_or_refused(lasting):
    of = begun(Round.Mode.CONFIDENTIAL)
    people = drafts(of, 14)
    for _response, key in people[:5]:
        submit(key, at=NOON)
    submitting = [lambda key=key: submit(key, at=NOON) for _response, key in people[5:]]
    *outcome, result = at_the_same_time(*submitting, lambda: close(of, at=NOON))
    of.refresh_from_db()
    assert of.publications == 1
    taken = {found.pk for found in outcome if isinstance(found, Response)}
    assert all(isinstance(found, Response | ClosedError) for found in outcome)
    in_it = set(of.responses.submitted().filter(batch=1).values_list("pk", flat=True))
    assert in_it == taken | {response.pk for response, _key in people[:5]}
    assert result.responses == len(in_it) == of.responses.submitted().count()
    assert computed_again(result, counted_responses(of)) == result.exact


def test_closing_and_reopening_while_people_submit_loses_and_doubles_nobody(lasting):
    of = begun(Round.Mode.CONFIDENTIAL)
    people = drafts(of, 24)

    def turn() -> None:
        for _time in range(4):
            close(of, at=NOON)
            reopen(of)

    def submit_until_taken(key: str) -> Response:
        while True:
            try:
                return submit(key, at=NOON)
            except ClosedError:
                continue

    groups = [people[place::5] for place in range(5)]
    acts = [lambda group=group: [submit_until_taken(key) for _response, key in group] for group in groups]
    outcome = at_the_same_time(*acts, turn)
    assert [found for found in outcome if isinstance(found, Exception)] == []
    close(of, at=NOON)
    of.refresh_from_db()
    published = of.responses.submitted().filter(batch__lte=of.publications)
    result = of.results.get(response=None)
    assert result.responses == published.count()
    assert of.responses.submitted().count() == len(people)
    assert len(people) - published.count() < 5
    assert computed_again(result, counted_responses(of)) == result.exact


def test_closing_twice_at_the_same_time_publishes_once(lasting):
    of = begun(Round.Mode.CONFIDENTIAL)
    for _response, key in drafts(of, 5):
        submit(key, at=NOON)
    outcome = at_the_same_time(*[lambda: close(Round.objects.get(pk=of.pk), at=NOON)] * 4)
    assert len([found for found in outcome if found is not None]) == 1
    assert Round.objects.get(pk=of.pk).publications == of.results.filter(response=None).count() == 1


def test_one_personal_invitation_whose_form_is_sent_many_times_at_once_is_one_response(lasting):
    of = begun(Round.Mode.CONFIDENTIAL)
    (invitation,) = invite(of, of.mode, ["one@example.org"], at=NOON)
    outcome = at_the_same_time(*[lambda: join(invitation, Newcomer("hr"), at=NOON, form="k" * 27)] * 6)
    assert len(set(outcome)) == 1
    assert of.responses.count() == 1


def test_one_form_sent_twice_at_once_is_one_response(lasting):
    of = begun(Round.Mode.OPEN)
    link = open_link(of, at=NOON)
    outcome = at_the_same_time(*[lambda: join(link, Newcomer("hr"), at=NOON, form="k" * 27)] * 6)
    assert len(set(outcome)) == 1
    assert of.responses.count() == 1


@override_settings(JOINS_PER_ROUND=5)
def test_no_more_than_may_join_do_however_many_come_at_once(lasting):
    of = begun(Round.Mode.OPEN)
    link = open_link(of, at=NOON)
    outcome = at_the_same_time(*[lambda: join(link, Newcomer("hr"), at=NOON)] * 12)
    assert len([found for found in outcome if isinstance(found, tuple)]) == of.responses.count() == 5
    assert len([found for found in outcome if isinstance(found, NotNowError)]) == 7


@override_settings(JOINS_PER_ROUND=5)
def test_no_more_than_may_be_invited_are_however_many_invite_at_once(lasting):
    of = begun(Round.Mode.CONFIDENTIAL)
    lists = [[f"{group}{place}@example.org" for place in range(2)] for group in "abcd"]
    outcome = at_the_same_time(*[lambda emails=emails: invite(of, of.mode, emails, at=NOON) for emails in lists])
    assert of.invitations.count() == 4
    assert len([found for found in outcome if isinstance(found, NotNowError)]) == 2


def test_who_becomes_an_owner_while_they_submit_counts_as_one(lasting):
    """Whichever comes first; and neither waits for the other for ever."""
    of = begun(Round.Mode.OPEN)  # in confidence the role of who is invited stands still
    for _time in range(5):
        colleague = factories.account(member_of=of.organisation, role="member")
        response, key = answer_signed_in(of, colleague, role="hr", at=NOON)
        factories.answer(response, level(3))
        membership = Membership.objects.get(user=colleague)
        outcome = at_the_same_time(
            lambda key=key: submit(key, at=NOON), lambda membership=membership: change_role(membership, "owner")
        )
        assert [found for found in outcome if isinstance(found, Exception)] == []
        response.refresh_from_db()
        assert response.state == "submitted"  # known if it came after; whoever becomes an owner later changes nothing
