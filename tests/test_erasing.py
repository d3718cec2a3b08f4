"""Erasing one's answers, an account, an organisation: what goes, and what stays for the others."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessment import access
from assessment.models import (
    Action,
    Answer,
    ClaimLink,
    Membership,
    Organisation,
    PeopleInvitation,
    Response,
    Result,
    Session,
    Share,
)
from assessment.organisations.keeping import claim, claim_link
from assessment.organisations.people import LastOwnerError, invite_person
from assessment.organisations.trend import rounds_of
from assessment.privacy.erasing import Remains, delete_organisation, erase, erase_account, leaving, remains
from assessment.results.rescoring import differing_results, missing_results
from assessment.rounds.closing import close, reopen
from assessment.rounds.inviting import invite, may_remind, to_remind
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.progress import round_progress
from assessment.rounds.starting import answer_signed_in
from assessment.rounds.submitting import correct, submit
from tests import factories
from tests.factories import NOON
from tests.joint_rounds import answered_by, begun, latest

LATER = NOON.replace(year=2027)


@pytest.fixture
def kept(questionnaire):
    """An organisation that an owner keeps."""
    organisation = factories.organisation()
    factories.account("owner@example.org", member_of=organisation)
    return organisation


def wholly_gone(response):
    return not Response.objects.filter(key_hash=response.key_hash).exists()


# Answers that nothing rests on ---------------------------------------------------------------------------------------
def test_a_draft_goes_and_its_unclaimed_organisation_with_it(questionnaire):
    response, _key = factories.started(email="me@example.org")
    factories.answer(response, factories.level(3))
    assert erase(response, at=LATER) == Remains.NOTHING
    assert not Organisation.objects.exists()
    assert not Response.objects.exists()
    assert not Answer.objects.exists()


def test_submitted_answers_of_an_unclaimed_organisation_go_with_links_and_result(questionnaire):
    response, _key = factories.submitted()
    factories.reading_link(response, days=90, at=NOON)
    claim_link(response, at=NOON)
    assert remains(response) == Remains.NOTHING
    erase(response, at=LATER)
    for model in (Organisation, Response, Answer, Share, ClaimLink, Result):
        assert not model.objects.exists(), model


def test_earlier_versions_and_an_open_correction_go_too(questionnaire):
    _first, key = factories.submitted()
    correct(key, at=NOON)
    second = submit(key, at=NOON)
    correct(key, at=NOON)
    assert Response.objects.count() == 3
    erase(second, at=LATER)
    assert not Response.objects.exists()


def test_erasing_twice_is_once(questionnaire):
    response, _key = factories.submitted()
    erase(response, at=LATER)
    assert erase(response, at=LATER) == Remains.NOTHING


def test_another_organisation_with_answers_is_not_touched(questionnaire):
    other, _key = factories.submitted()
    erase(factories.submitted()[0], at=LATER)
    assert latest(other).answers.exists()
    assert Result.objects.get().response_id == other.pk


def test_the_only_person_of_an_organisation_takes_the_result_along_but_not_the_organisation(questionnaire):
    response, _key = factories.submitted()
    user = factories.account()
    claim(response, user)
    assert erase(latest(response), at=LATER) == Remains.NOTHING
    assert wholly_gone(response)
    assert not Result.objects.exists()
    assert Organisation.objects.get().memberships.get().user == user


def test_unpublished_answers_of_a_joint_round_go_wholly(kept):
    of = begun(kept)
    (one, _key), *_others = answered_by(of, 6)
    factories.reading_link(one, days=90, at=NOON)
    assert erase(latest(one), at=LATER) == Remains.NOTHING
    assert wholly_gone(one)
    assert of.responses.count() == 5
    assert close(of, at=LATER).responses == 5


# Answers that something rests on -------------------------------------------------------------------------------------
def is_an_empty_shell(row):
    assert (row.role, row.email, row.user, row.previous) == ("other", "", None, None)
    assert (row.shares_notes, row.mails_sent, row.erased_at) == (False, 0, row.round.moment(LATER))
    assert (row.author, row.previous_sealed) == ("", "")
    for rows in (row.answers, row.shares, ClaimLink.objects.filter(response=row)):
        assert not rows.exists()
    assert not Response.objects.filter(previous=row).exists()


def test_the_published_result_stays_and_says_so_when_somebody_s_answers_are_erased(kept):
    of = begun(kept)
    (one, key), *_others = answered_by(of, 5)
    joint = close(of, at=NOON)
    factories.reading_link(one, days=90, at=NOON)
    assert erase(latest(one), at=LATER) == Remains.JOINT
    is_an_empty_shell(latest(one))
    assert not Response.objects.with_key(key).exists()
    assert not Result.objects.filter(response=one).exists()
    now = Result.objects.get(pk=joint.pk)
    assert (now.record, now.answers_erased) == (joint.record, True)
    assert Result.objects.filter(answers_erased=True).count() == 1


def test_the_result_of_one_person_stays_for_the_others_of_the_organisation(kept):
    response, key = factories.submitted(kept, email="me@example.org")
    factories.reading_link(response, days=90, at=NOON)
    claim_link(response, at=NOON)
    Response.objects.filter(pk=response.pk).update(mails_sent=3)
    record = response.result.record
    assert erase(latest(response), at=LATER) == Remains.RESULT
    is_an_empty_shell(latest(response))
    assert not Response.objects.with_key(key).exists()
    now = Result.objects.get(response=response)
    assert (now.record, now.answers_erased) == (record, True)


def test_who_answers_again_in_a_later_round_has_nothing_of_before_beside_it(kept):
    user = factories.account(member_of=kept, role="member")
    before, _key = answer_signed_in(begun(kept), user, role="sales", at=NOON)
    submit(_key, at=NOON)
    after, _key = answer_signed_in(begun(kept, at=LATER), user, role="sales", at=LATER)
    assert after.previous_id == before.pk
    erase(latest(before), at=LATER)
    assert latest(after).previous is None


def test_an_erased_draft_of_a_correction_leaves_the_published_result_marked(kept):
    """In an open round a published answer may be corrected: the result rests on the version it was made of."""
    of = begun(kept)
    (one, key), _other = answered_by(of, 2, "open")
    joint = close(of, at=NOON)
    reopen(of)
    correct(key, at=NOON)
    corrected = submit(key, at=NOON)
    assert erase(latest(corrected), at=LATER) == Remains.JOINT
    assert wholly_gone(one)
    assert Result.objects.get(pk=joint.pk).answers_erased


@pytest.mark.parametrize("published", [True, False])
def test_the_invitation_stays_listed_as_before_and_nobody_is_mailed_again(kept, published):
    """An address that vanished from the owner's list, or could be invited anew, would name the author of what went."""
    of = begun(kept)
    (one, _key), *_others = answered_by(of, 4)
    if published:
        close(of, at=NOON)
        reopen(of)
    listed = list(of.invitations.values())
    before = [may_remind(one) for one in of.invitations.all()]
    erase(latest(one), at=LATER)
    assert list(of.invitations.values()) == listed
    assert before == [may_remind(one) for one in of.invitations.all()] == [False] * len(listed)
    assert len(to_remind(of, at=LATER)) == len(listed)  # all alike; that nothing leaves is found out when it would
    assert invite(of, "confidential", ["colleague1@example.org"], at=LATER) == []


@pytest.mark.parametrize("mode", ["open", "confidential"])
@pytest.mark.parametrize(("published", "left"), [(True, 5), (False, 4)])
def test_the_list_of_rounds_and_the_page_of_the_round_count_the_same_people(kept, mode, published, left):
    """Who erased what is published has answered all the same; what was not published is gone."""
    of, owner = begun(kept), kept.memberships.get().user
    (one, _key), *_others = answered_by(of, 5, mode)
    if published:
        close(of, at=NOON)
    erase(latest(one), at=LATER)
    (listed,) = rounds_of(kept, [], at=LATER)
    assert listed.answered == round_progress(of, owner).answered == (left if mode == "open" else None)
    assert mode == "open" or listed.enough == round_progress(of, owner).enough


def test_the_link_of_who_erased_opens_nothing(kept):
    of = begun(kept)
    (one, _key), *_others = answered_by(of, 2)
    link = of.invitations.get(email="colleague1@example.org")
    assert access.invitation(link.token)
    erase(latest(one), at=LATER)
    assert access.invitation(link.token) is None
    assert join(link, Newcomer("hr"), at=LATER) is None


def test_after_erasing_a_next_publication_still_tells_nobody_what_the_erased_said(kept):
    """What a confidential round has published stands: computed anew without them, the difference would be theirs."""
    of = begun(kept)
    (one, _key), *_others = answered_by(of, 5)
    first = close(of, at=NOON).exact
    erase(latest(one), at=LATER)
    reopen(of)
    # Five come who answer the last dimensions only: for the first one there is nothing new.
    held = {question.key for question in latest(one).outline.content.dimensions[0].questions}
    for place, invitation in enumerate(invite(of, "confidential", [f"new{n}@example.org" for n in range(5)], at=NOON)):
        response, key = join(invitation, Newcomer("sales"), at=NOON)
        choose = factories.level(1 + place)
        factories.answer(response, lambda question, choose=choose: None if question.key in held else choose(question))
        submit(key, at=NOON)
    result = close(of, at=LATER)
    assert result.answers_erased
    before, after = ({part.key: part.score for part in values.questions} for values in (first, result.exact))
    assert {key: after[key] for key in held} == {key: before[key] for key in held}
    assert after != before


def test_an_open_round_is_computed_anew_from_those_who_are_left(kept):
    of = begun(kept)
    (one, _key), *_others = answered_by(of, 3, "open")
    close(of, at=NOON)
    erase(latest(one), at=LATER)
    reopen(of)
    result = close(of, at=LATER)
    assert (result.responses, result.answers_erased) == (2, False)
    assert list(missing_results()) == []
    assert [told for _result, told in differing_results()] == [[]] * 3


# An account ----------------------------------------------------------------------------------------------------------
def test_an_account_goes_with_its_memberships_answers_and_sessions(kept):
    user = factories.account("me@example.org", member_of=kept, role="member")
    answer_signed_in(begun(kept), user, role="sales", at=NOON)
    get_user_model().objects.filter(pk=user.pk).update(email="me@example.org")
    user.refresh_from_db()
    invite_person(kept, "member", email="Me@example.org", at=NOON)
    mine, other = Client(), Client()
    mine.force_login(user)
    other.force_login(kept.memberships.owners().get().user)
    erase_account(user, at=LATER)
    assert not get_user_model().objects.filter(email="me@example.org").exists()
    assert [row.role for row in kept.memberships.all()] == ["owner"]
    assert not Response.objects.exists()
    assert not PeopleInvitation.objects.exists()
    assert Session.objects.get().pk == other.session.session_key
    assert mine.get(reverse("organisations")).status_code == 302


def test_the_last_owner_names_another_one_before_they_go(kept):
    owner = kept.memberships.get().user
    factories.account(member_of=kept, role="member")
    assert [organisation.pk for organisation in leaving(owner).ownerless] == [kept.pk]
    with pytest.raises(LastOwnerError):
        erase_account(owner, at=LATER, with_organisations=True)
    assert kept.memberships.count() == 2
    kept.memberships.filter(role="member").update(role="owner")
    assert leaving(owner).ownerless == []
    erase_account(owner, at=LATER)
    assert kept.memberships.count() == 1


def test_an_organisation_of_theirs_alone_goes_only_if_they_say_so(kept):
    owner = kept.memberships.get().user
    factories.submitted(kept)
    assert [organisation.pk for organisation in leaving(owner).alone] == [kept.pk]
    with pytest.raises(LastOwnerError):
        erase_account(owner, at=LATER)
    assert get_user_model().objects.filter(pk=owner.pk).exists()
    erase_account(owner, at=LATER, with_organisations=True)
    for model in (Organisation, Membership, Response, Result):
        assert not model.objects.exists(), model


def test_the_result_of_somebody_who_leaves_stays_with_the_organisation(kept):
    user = factories.account(member_of=kept, role="member")
    response, key = answer_signed_in(begun(kept), user, role="sales", at=NOON)
    factories.answer(response, factories.level(3))
    submit(key, at=NOON)
    erase_account(user, at=LATER)
    is_an_empty_shell(latest(response))
    assert Result.objects.get().answers_erased


def test_leaving_takes_the_same_queries_whatever_the_number_of_people(kept, django_assert_num_queries):
    owner = kept.memberships.get().user
    with django_assert_num_queries(2):
        leaving(owner)
    for _number in range(5):
        factories.account(member_of=kept, role="viewer")
        Membership.objects.create(organisation=factories.organisation(), user=owner, role="owner")
    with django_assert_num_queries(2):
        behind = leaving(owner)
    assert (len(behind.alone), len(behind.ownerless)) == (5, 1)


# An organisation -----------------------------------------------------------------------------------------------------
def test_a_deleted_organisation_leaves_nothing_behind(kept):
    of = begun(kept)
    answered_by(of, 4)
    close(of, at=NOON)
    invite_person(kept, "member", at=NOON)
    Action.objects.create(organisation=kept, made_in=of, question="a", to="b", made_at=timezone.now())
    Action.objects.create(organisation=kept, title="Our own", made_at=timezone.now())
    delete_organisation(kept)
    for model in apps.get_app_config("assessment").get_models():
        if {field.name for field in model._meta.fields} & {"organisation", "round", "response", "made_in", "result"}:
            assert not model.objects.exists(), model
    assert not Organisation.objects.exists()
    assert get_user_model().objects.exists()


def test_deleting_twice_is_once_and_spares_the_others(kept):
    other, _key = factories.submitted()
    delete_organisation(kept)
    delete_organisation(kept)
    assert Organisation.objects.get().pk == other.round.organisation_id
    assert Answer.objects.exists()


def test_erasing_and_publishing_at_the_same_time_end_in_one_of_two_states(lasting):
    organisation = factories.organisation()
    factories.account(member_of=organisation)
    of = begun(organisation)
    (one, _key), *_others = answered_by(of, 6)
    one = latest(one)
    outcome = factories.at_the_same_time(lambda: erase(one, at=LATER), lambda: close(of, at=LATER))
    assert not [found for found in outcome if isinstance(found, Exception)]
    joint = Result.objects.get(response=None)
    if outcome[0] == Remains.JOINT:
        assert (joint.responses, joint.answers_erased) == (6, True)
    else:
        assert (joint.responses, joint.answers_erased) == (5, False)
