"""Rounds of several people: when a joint result is published, what it rests on, and what an owner cannot get out of it."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assessment import access
from assessment.models import Invitation, Membership, Response, Result, Round
from assessment.organisations.people import change_role, note_new_owner, remove
from assessment.privacy.erasing import erase
from assessment.results.reporting import report_of
from assessment.rounds.closing import close, computed_again, counted_responses, reopen, responses_missing
from assessment.rounds.inviting import choose_mode, invite, open_link, revoke_invitation
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.starting import NotNowError, answer_signed_in, begin_again, set_not_applicable
from assessment.rounds.submitting import ClosedError, correct, submit
from tests import factories
from tests.factories import NOON, level, numbers

OPEN, CONFIDENTIAL = Round.Mode.OPEN, Round.Mode.CONFIDENTIAL
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def house(questionnaire):
    return factories.organisation()


@pytest.fixture
def owner(house):
    return factories.account("owner@example.org", member_of=house)


@pytest.fixture
def confidential(house, owner):
    """A confidential round that nobody answered yet."""
    return choose_mode(begin_again(house, at=NOON), CONFIDENTIAL)


@pytest.fixture
def in_the_open(house, owner):
    return choose_mode(begin_again(house, at=NOON), OPEN)


def drafted(round_: Round, choose=None, *, role="marketing", email=None, user=None) -> tuple[Response, str]:
    """A response that somebody began by an invitation of their own and answered, and its key."""
    email = email or f"person{next(numbers)}@example.org"
    (invitation,) = invite(round_, round_.mode, [email], at=NOON)
    response, key = join(invitation, Newcomer(role, user), at=NOON)
    factories.answer(response, choose or level(3))
    return response, key


def answered(round_: Round, choose=None, **options) -> Response:
    return submit(drafted(round_, choose, **options)[1], at=NOON)


def several(round_: Round, number: int, choose=None, **options) -> list[Response]:
    return [answered(round_, choose, **options) for _ in range(number)]


def own(round_: Round, owner, choose=None) -> Response:
    """The owner's own answers."""
    response, key = answer_signed_in(round_, owner, role="management", at=NOON)
    factories.answer(response, choose or level(5))
    return submit(key, at=NOON)


def published(round_: Round) -> Result | None:
    return round_.results.filter(response=None).first()


def figure(result: Result) -> Fraction | None:
    """The figure of the first question."""
    return result.exact.questions[0].score


def first_question(round_: Round, picked):
    """Level 1 everywhere but in the first question of all, where a number stands for a level and a text for a state."""
    first = factories.outline(round_.questionnaire).scoring.scored_questions[0].key

    def choose(question):
        if question.key != first:
            return level(1)(question)
        return level(picked)(question) if isinstance(picked, int) else picked

    return choose


# The floors ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("number", "is_published"), [(0, False), (1, False), (4, False), (5, True), (6, True)])
def test_a_confidential_round_is_published_from_five_responses_on(confidential, number, is_published):
    several(confidential, number)
    assert (close(confidential, at=LATER) is not None) is is_published
    assert (published(confidential) is not None) is is_published


def test_the_answers_of_owners_do_not_count_but_are_part_of_the_mean(confidential, owner):
    mine = own(confidential, owner, level(5))
    several(confidential, 4, level(1))
    assert mine.by_owner
    assert close(confidential, at=LATER) is None
    reopen(confidential)
    several(confidential, 1, level(1))
    result = close(confidential, at=LATER)
    assert (figure(result), result.responses) == (Fraction(100, 6), 6)


def test_an_open_round_is_published_with_one_response_and_not_without(in_the_open):
    assert close(in_the_open, at=LATER) is None
    reopen(in_the_open)
    several(in_the_open, 1)
    assert close(in_the_open, at=LATER).responses == 1


@override_settings(SMALLEST_GROUP=7)
def test_a_larger_floor_holds_for_the_round_and_each_figure(confidential):
    several(confidential, 6)
    assert close(confidential, at=LATER) is None
    reopen(confidential)
    answered(confidential, first_question(confidential, "unknown"))
    result = close(confidential, at=LATER)
    assert result.smallest_group == 7
    assert figure(result) is None
    assert result.exact.questions[1].score is not None


def test_a_published_round_keeps_the_floor_it_was_published_with(confidential):
    with override_settings(SMALLEST_GROUP=6):
        several(confidential, 6)
        assert close(confidential, at=LATER)
    assert confidential.smallest_group == 6
    reopen(confidential)
    several(confidential, 5)
    assert close(confidential, at=LATER) is None


def test_a_question_that_four_of_five_answered_has_no_figure(confidential):
    several(confidential, 4, level(4))
    answered(confidential, first_question(confidential, "unknown"))
    result = close(confidential, at=LATER)
    assert (result.exact.questions[0].state, figure(result)) == ("no-score", None)
    assert result.exact.questions[1].score is not None
    assert not result.exact.questions[0].views_differ


def test_a_confidential_result_says_neither_lowest_nor_highest(confidential):
    several(confidential, 5, level(1))
    several(confidential, 5, level(5))
    told = close(confidential, at=LATER).exact.questions
    assert all(question.lowest is None and question.highest is None for question in told)
    assert all(question.views_differ for question in told)


# Closing, reopening, publishing again --------------------------------------------------------------------------------
def test_closing_twice_is_once(confidential):
    several(confidential, 5)
    first = close(confidential, at=LATER)
    assert close(confidential, at=LATER + timedelta(days=1)) is None
    confidential.refresh_from_db()
    assert (confidential.closed_at, confidential.publications) == (LATER, 1)
    assert published(confidential) == first


def test_closing_after_four_more_answers_changes_nothing_that_is_shown(confidential):
    several(confidential, 5, level(1))
    first = close(confidential, at=LATER)
    for number in range(1, 5):
        reopen(confidential)
        answered(confidential, level(5))
        assert close(confidential, at=LATER) is None, number
        assert published(confidential) == first
    reopen(confidential)
    answered(confidential, level(5))
    again = close(confidential, at=LATER)
    assert (figure(again), again.responses) == (50, 10)
    assert list(confidential.results.filter(response=None)) == [again]


def test_an_owner_is_no_fifth_newcomer(confidential, owner):
    several(confidential, 5)
    first = close(confidential, at=LATER)
    reopen(confidential)
    several(confidential, 4)
    own(confidential, owner)
    assert close(confidential, at=LATER) is None
    assert published(confidential) == first


def test_a_question_that_four_newcomers_answered_stays_as_it_was(confidential):
    several(confidential, 5, level(1))
    close(confidential, at=LATER)
    reopen(confidential)
    several(confidential, 4, level(5))
    answered(confidential, lambda question: None if first_question(confidential, 1)(question) is None else "unknown")
    again = close(confidential, at=LATER)
    assert {question.score for question in again.exact.questions} == {0}


def test_an_open_round_is_published_again_with_each_answer(in_the_open):
    several(in_the_open, 1, level(1))
    close(in_the_open, at=LATER)
    reopen(in_the_open)
    several(in_the_open, 1, level(5))
    assert figure(close(in_the_open, at=LATER)) == 50


def test_reopening_forgets_a_last_day_that_has_passed(confidential):
    Round.objects.filter(pk=confidential.pk).update(closes_on=date(2026, 11, 1))
    confidential.refresh_from_db()
    close(confidential, at=LATER)
    reopen(confidential)
    confidential.refresh_from_db()
    assert (confidential.closes_on, confidential.closed_at) == (None, None)
    answered(confidential)


def test_nobody_joins_or_submits_after_the_last_day_or_the_closing(confidential):
    _response, key = drafted(confidential)
    (invitation,) = invite(confidential, CONFIDENTIAL, ["late@example.org"], at=NOON)
    Round.objects.filter(pk=confidential.pk).update(closes_on=date(2026, 11, 1))
    assert join(invitation, Newcomer("hr"), at=NOON) is None
    with pytest.raises(ClosedError):
        submit(key, at=NOON)
    Round.objects.filter(pk=confidential.pk).update(closes_on=None)
    close(confidential, at=LATER)
    assert join(invitation, Newcomer("hr"), at=NOON) is None
    with pytest.raises(ClosedError):
        submit(key, at=NOON)
    assert Response.objects.with_key(key).get().is_draft


def test_a_round_stays_closed_when_a_later_one_has_begun(confidential):
    several(confidential, 5)
    close(confidential, at=LATER)
    begin_again(confidential.organisation, at=LATER)
    with pytest.raises(NotNowError):
        reopen(confidential)


@pytest.mark.parametrize(("mode", "other"), [(OPEN, CONFIDENTIAL), (CONFIDENTIAL, OPEN)])
def test_how_a_round_is_held_is_settled_with_its_first_invitation(house, mode, other):
    begun = begin_again(house, at=NOON)
    invite(begun, mode, ["first@example.org"], at=NOON)
    with pytest.raises(NotNowError):
        invite(begun, other, ["second@example.org"], at=NOON)
    assert begun.invitations.count() == 1


def test_a_confidential_round_has_no_link_for_all(confidential):
    with pytest.raises(NotNowError):
        open_link(confidential, at=NOON)


# Correcting ----------------------------------------------------------------------------------------------------------
def test_before_publication_a_correction_takes_the_place_of_the_first_answers(confidential):
    several(confidential, 4, level(1))
    _response, key = drafted(confidential, level(1))
    submit(key, at=NOON)
    factories.answer(correct(key, at=NOON), level(5))
    submit(key, at=NOON)
    result = close(confidential, at=LATER)
    assert (figure(result), result.responses) == (20, 5)


def test_what_a_confidential_round_published_cannot_be_corrected(confidential):
    several(confidential, 4)
    _response, key = drafted(confidential)
    submit(key, at=NOON)
    close(confidential, at=LATER)
    assert correct(key, at=LATER) is None
    reopen(confidential)
    assert correct(key, at=LATER) is None


def test_a_correction_begun_before_publication_is_no_way_round_it(confidential):
    several(confidential, 5)
    _response, key = drafted(confidential, level(1))
    submit(key, at=NOON)
    factories.answer(correct(key, at=NOON), level(5))
    close(confidential, at=LATER)
    reopen(confidential)
    with pytest.raises(ClosedError):
        submit(key, at=LATER)
    several(confidential, 4)
    assert close(confidential, at=LATER) is None


def test_an_open_round_can_be_corrected_when_reopened(in_the_open):
    _response, key = drafted(in_the_open, level(1))
    submit(key, at=NOON)
    close(in_the_open, at=LATER)
    reopen(in_the_open)
    factories.answer(correct(key, at=NOON), level(5))
    submit(key, at=NOON)
    assert figure(close(in_the_open, at=LATER)) == 100


# Who is an owner -----------------------------------------------------------------------------------------------------
def test_an_owner_who_invites_their_own_address_counts_as_an_owner(confidential):
    assert answered(confidential, email="owner@example.org").by_owner


def test_who_is_made_an_owner_after_they_answered_counts_as_they_did(confidential, house):
    """Whatever counted otherwise would tell that they answered; they still see four others."""
    several(confidential, 4)
    answered(confidential, email="new@example.org")
    there = Membership.objects.create(organisation=house, user=factories.account("New@example.org"), role="owner")
    note_new_owner(there)  # as an administrator may do past every form
    assert close(confidential, at=LATER).responses == 5


def test_who_is_made_one_while_they_answer_counts_as_one(confidential, house):
    several(confidential, 4)
    _response, key = drafted(confidential, email="new@example.org")
    factories.account("new@example.org", member_of=house)
    assert submit(key, at=NOON).by_owner
    assert close(confidential, at=LATER) is None


def test_an_owner_who_is_one_no_more_still_counts_as_one(confidential, house):
    former = factories.account(member_of=house, role="owner")
    several(confidential, 4)
    own(confidential, former)
    remove(Membership.objects.get(user=former))
    assert close(confidential, at=LATER) is None


def test_an_owner_who_steps_down_before_they_submit_still_counts_as_one(confidential, house):
    former = factories.account(member_of=house, role="owner")
    _response, key = answer_signed_in(confidential, former, role="hr", at=NOON)
    change_role(Membership.objects.get(user=former), "member")
    assert submit(key, at=NOON).by_owner


def test_who_opened_the_solo_round_counts_as_known_whoever_owns_it_now(house, owner):
    """Their report could be read while the round had only theirs."""
    colleague = factories.account(member_of=house, role="member")
    begun = begin_again(house, at=NOON)
    own(begun, colleague)
    several(choose_mode(begun, CONFIDENTIAL), 4)
    assert close(begun, at=LATER) is None
    reopen(begun)
    several(choose_mode(begun, CONFIDENTIAL), 1)
    assert close(begun, at=LATER).responses == 6


# Roles and notes -----------------------------------------------------------------------------------------------------
def test_means_by_role_come_with_the_first_publication_only(confidential):
    several(confidential, 5, level(1), role="sales")
    several(confidential, 5, level(5), role="hr")
    first = close(confidential, at=LATER)
    assert [(group["role"], group["responses"]) for group in first.roles] == [("hr", 5), ("sales", 5)]
    reopen(confidential)
    several(confidential, 5, level(5), role="sales")
    assert close(confidential, at=LATER).roles == []


def test_no_means_by_role_when_a_group_has_fewer_than_five_who_are_not_owners(confidential, owner):
    several(confidential, 6, role="sales")
    several(confidential, 4, role="management")
    own(confidential, owner)
    assert close(confidential, at=LATER).roles == []


def noted(round_: Round, text: str, *, shares: bool) -> Response:
    response, key = drafted(round_)
    response.answers.filter(pk=response.answers.first().pk).update(note=text)
    return submit(key, at=NOON, shares_notes=shares)


def notes_shown(result) -> list[str]:
    return sorted(note.text for notes in report_of(result).joint.notes.values() for note in notes)


def test_notes_are_shown_by_consent_of_five_and_after_publication_only(confidential, owner):
    several(confidential, 1)
    for number in range(4):
        noted(confidential, f"agreed {number}", shares=True)
    noted(confidential, "kept", shares=False)
    result = close(confidential, at=LATER)
    assert notes_shown(result) == []  # four agreed
    reopen(confidential)
    gone = noted(confidential, "agreed 4", shares=True)
    several(confidential, 4)
    assert notes_shown(result) == []  # too early
    result = close(confidential, at=LATER)
    assert notes_shown(result) == [f"agreed {number}" for number in range(5)]
    erase(gone, at=LATER)
    result.refresh_from_db()
    assert notes_shown(result) == []  # none: the one that went would be theirs


def test_notes_stand_in_the_order_of_the_alphabet_not_in_that_of_answering(confidential, owner):
    for word in ("Zoé", "Élan", "Fabrique", "élan", "Eau vive"):
        response, key = drafted(confidential)
        response.answers.filter(question__key="roi-costs").update(note=word)
        submit(key, at=NOON, shares_notes=True)
    (notes,) = report_of(close(confidential, at=LATER)).joint.notes.values()
    assert [note.text for note in notes] == ["Eau vive", "Élan", "élan", "Fabrique", "Zoé"]


# What was erased -----------------------------------------------------------------------------------------------------
def test_erasing_somebody_moves_no_figure_that_is_carried_over(confidential):
    several(confidential, 5, level(1))
    gone = answered(confidential, level(5))
    first = close(confidential, at=LATER)
    erase(gone, at=LATER)
    reopen(confidential)
    several(confidential, 5, lambda question: "unknown")
    again = close(confidential, at=LATER)
    assert again.exact.questions == first.exact.questions
    assert again.answers_erased
    reopen(confidential)
    several(confidential, 5, level(1))
    assert close(confidential, at=LATER).answers_erased


def test_who_was_erased_before_publication_is_no_part_of_it(confidential):
    responses = several(confidential, 5)
    erase(responses[0], at=LATER)
    assert close(confidential, at=LATER) is None
    reopen(confidential)
    answered(confidential)
    result = close(confidential, at=LATER)
    assert (result.responses, result.answers_erased) == (5, False)


def test_without_anybody_erased_each_publication_can_be_computed_again(confidential):
    for publication, number in enumerate((1, 2, 4), start=1):
        several(confidential, 4, level(number))
        answered(confidential, first_question(confidential, "unknown"))
        result = close(confidential, at=LATER)
        assert confidential.publications == publication
        assert computed_again(result, counted_responses(confidential)) == result.exact
        reopen(confidential)
        answered(confidential, level(5))  # part of no publication yet
        assert computed_again(result, counted_responses(confidential)) == result.exact
        assert responses_missing(confidential, counted_responses(confidential), fewest=5) == 4


# The statement -------------------------------------------------------------------------------------------------------
def test_the_statement_of_what_does_not_apply_stands_once_published(confidential):
    responses = several(confidential, 5)
    assert set_not_applicable(responses[0], "roi", True)
    first = close(confidential, at=LATER)
    reopen(confidential)
    assert not set_not_applicable(responses[0], "roi", False)
    assert not set_not_applicable(responses[0], "charter", True)
    several(confidential, 5)
    again = close(confidential, at=LATER)
    assert first.excluded == again.excluded == ["roi"]


# Joining -------------------------------------------------------------------------------------------------------------
def test_a_personal_invitation_leads_to_one_response(confidential):
    (invitation,) = invite(confidential, CONFIDENTIAL, ["one@example.org"], at=NOON)
    first, key = join(invitation, Newcomer("sales"), at=NOON, form="f" * 27)
    second, same = join(invitation, Newcomer("hr"), at=NOON, form="f" * 27)  # a double click
    assert join(invitation, Newcomer("hr"), at=NOON, form="g" * 27) is None
    assert (second, same, second.role) == (first, key, "sales")
    assert confidential.responses.count() == 1


def test_inviting_an_address_again_makes_no_second_response(confidential):
    response, key = drafted(confidential, email="one@example.org")
    assert invite(confidential, CONFIDENTIAL, ["one@example.org"], at=NOON) == []
    invitation = Invitation.objects.get(email="one@example.org")
    revoke_invitation(confidential, str(invitation.pk), at=NOON)
    assert join(invitation, Newcomer("hr"), at=NOON) is None
    assert invite(confidential, CONFIDENTIAL, ["one@example.org"], at=NOON) == []  # they had a mail within the last day
    (again,) = invite(confidential, CONFIDENTIAL, ["one@example.org"], at=NOON + timedelta(days=1))
    assert join(again, Newcomer("hr"), at=LATER) is None  # the mail leads to the questionnaire that was begun with it
    assert again.response_key == key
    assert list(confidential.responses.all()) == [response]


def test_the_invitation_of_who_was_erased_leads_nowhere_any_more(confidential):
    response, key = drafted(confidential, email="one@example.org")
    submit(key, at=NOON)
    erase(response, at=LATER)
    link = Invitation.objects.get(email="one@example.org")
    assert access.invitation(link.token) is None
    assert join(link, Newcomer("hr"), at=LATER) is None


def test_a_round_takes_no_more_people_than_it_may(confidential):
    several(confidential, 3)
    with override_settings(JOINS_PER_ROUND=3):
        with pytest.raises(NotNowError):
            invite(confidential, CONFIDENTIAL, ["four@example.org"], at=NOON)
        with override_settings(JOINS_PER_ROUND=4):
            (invitation,) = invite(confidential, CONFIDENTIAL, ["four@example.org"], at=NOON)
        with pytest.raises(NotNowError):
            join(invitation, Newcomer("hr"), at=NOON)
    assert confidential.responses.count() == 3


def test_nobody_finds_out_from_the_database_which_response_an_invitation_led_to(confidential):
    """Neither a column of the invitation nor its links lead to the response; only the address itself is written to both."""
    drafted(confidential, email="one@example.org")
    fields = {field.name for field in Invitation._meta.get_fields() if field.is_relation}
    assert fields == {"round", "mails"}


# Generated sequences -------------------------------------------------------------------------------------------------
PICKS = st.sampled_from([1, 2, 3, 4, 5, "unknown", "not-applicable"])
EVENTS = st.one_of(
    st.tuples(st.just("answer"), st.lists(PICKS, min_size=1, max_size=5)),
    st.tuples(st.just("owner answers"), PICKS),
    st.tuples(st.just("close and reopen"), st.none()),
    st.tuples(st.just("erase"), st.integers(0, 20)),
)


class Sequence:
    """A confidential round to which things happen, and what its first question was shown to score meanwhile."""

    def __init__(self, round_: Round) -> None:
        self.of, self.shown = round_, []

    def happen(self, event: str, told) -> None:
        if event == "answer":
            for picked in told:
                answered(self.of, first_question(self.of, picked))
        elif event == "owner answers":
            user = factories.account(member_of=self.of.organisation)
            own(self.of, user, first_question(self.of, told))
        elif event == "erase":
            there = list(self.of.responses.counted().filter(batch__lte=self.of.publications))
            if there:
                erase(there[told % len(there)], at=LATER)
        else:
            close(self.of, at=LATER)
            self.look()
            reopen(self.of)

    def look(self) -> None:
        result = published(self.of)
        if result:
            new = [one for one in counted_responses(self.of) if one.batch == self.of.publications and not one.is_known]
            answers = sum(figure_of(one) is not None for one in new)
            self.shown.append((self.of.publications, figure(result), len(new), answers))


def figure_of(response: Response) -> str | None:
    """What a response chose in the first question."""
    key = factories.outline(response.round.questionnaire).scoring.scored_questions[0].key
    answer = response.saved_answers().get(key)
    return answer.choices[0] if answer and answer.state == "answered" else None


@settings(deadline=None, max_examples=8, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(events=st.lists(EVENTS, min_size=4, max_size=9))
def test_whatever_happens_no_two_publications_differ_by_fewer_than_five_answers(questionnaire, events):
    with transaction.atomic():
        house = factories.organisation()
        factories.account(member_of=house)
        life = Sequence(choose_mode(begin_again(house, at=NOON), CONFIDENTIAL))
        for event in [("answer", [1, 2, 5, 4, 3]), ("close and reopen", None), *events, ("close and reopen", None)]:
            life.happen(*event)
        transaction.set_rollback(True)
    for (earlier, then, *_counts), (later, now, new, answers) in pairwise(life.shown):
        if earlier == later:
            assert now == then
        else:
            assert new >= 5
            assert now == then or answers >= 5
