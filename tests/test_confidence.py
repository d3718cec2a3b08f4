"""What a confidential round promises, promise by promise (scoring/README.md, "Solo, open and confidential rounds")."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessment.accounts.made import confirm
from assessment.models import Membership, Response, Round
from assessment.models.limit import Count
from assessment.organisations.people import InvitedError, accept, change_role, invite_person, remove
from assessment.organisations.trend import rounds_of
from assessment.privacy.erasing import delete_organisation, erase, erase_account
from assessment.rounds.closing import close, reopen
from assessment.rounds.inviting import choose_mode, invite, open_link
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.spacing import publishable_from
from assessment.rounds.starting import NotNowError, answer_signed_in, begin_again, own_key, takes_part
from assessment.rounds.submitting import submit
from tests import factories
from tests.factories import NOON, level

pytestmark = pytest.mark.django_db
CONFIDENTIAL, OPEN = "confidential", "open"
DAY = timedelta(days=1)


@pytest.fixture
def house(questionnaire):
    return factories.organisation()


@pytest.fixture
def owner(house):
    return factories.account("owner@example.org", member_of=house)


@pytest.fixture
def of(house, owner):
    """A confidential round that nobody is invited to yet."""
    return choose_mode(begin_again(house, at=timezone.now()), CONFIDENTIAL)


@pytest.fixture
def page(client, owner, of):
    """The page of the round as its owner sees it."""

    def read():
        client.force_login(owner)
        return main_of(client.get(of.get_absolute_url()))

    return read


def main_of(page):
    """The main part of a page on one line, without what differs from one request to the next."""
    text = page.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", text).split())


def invited(of, *emails):
    return {one.email: one for one in invite(of, of.mode, emails or people(5), at=timezone.now())}


def people(number, first=0):
    return [f"colleague{place}@example.org" for place in range(first, first + number)]


def begun(of, invitation, *, user=None, at=None):
    response, key = join(invitation, Newcomer("sales", user), at=at or timezone.now())
    factories.answer(response, level(2))
    return response, key


def answered(of, invitation, **options):
    at = options.get("at") or timezone.now()
    return submit(begun(of, invitation, **options)[1], at=at)


def several(of, number=5, *, first=0, at=None):
    return [answered(of, one, at=at) for one in invited(of, *people(number, first)).values()]


def tomorrow(of):
    """As if a midnight had passed since what was noted."""
    of.refresh_from_db()
    if of.enough_from:
        of.enough_from -= DAY
        of.save(update_fields=["enough_from"])


# Roles stand still (attacks A1) --------------------------------------------------------------------------------------
@pytest.mark.parametrize("answers", [True, False])
def test_the_role_of_who_is_invited_cannot_be_changed_whether_or_not_they_answered(client, house, owner, of, answers):
    colleague = factories.account("anna@example.org", member_of=house, role="member")
    invitation = invited(of, "anna@example.org")["anna@example.org"]
    if answers:
        answered(of, invitation)
    client.force_login(owner)
    there = Membership.objects.get(user=colleague)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        told = client.post(
            reverse("people", args=[house.slug]), {"change": there.pk, "role": "owner"}, follow=True
        ).content.decode()
    there.refresh_from_db()
    assert there.role == "member"
    assert "is invited to round 1, which is confidential" in " ".join(told.split())
    assert not [one for one in asked if '"assessment_response"' in one["sql"]]  # nobody looked who has answered


def test_nor_can_they_become_an_owner_by_an_invitation_or_be_invited_as_one(client, house, owner, of):
    colleague = factories.account("anna@example.org")
    invited(of, "Anna+work@example.org")
    with pytest.raises(InvitedError):
        accept(invite_person(house, "owner", at=timezone.now()).token, colleague, at=timezone.now())
    assert not Membership.objects.filter(user=colleague).exists()
    token = invite_person(house, "owner", at=timezone.now()).token
    client.force_login(colleague)
    seen = client.post(reverse("invitation", args=[token]))
    assert (seen.status_code, "is invited to round 1" in " ".join(seen.content.decode().split())) == (200, True)
    client.force_login(owner)
    refused = client.post(
        reverse("people", args=[house.slug]), {"invite": "yes", "email": "anna@example.org", "role": "owner"}
    )
    assert (refused.status_code, "is invited to round 1" in refused.content.decode()) == (422, True)


def test_an_owner_who_is_invited_stays_one_and_who_is_not_invited_changes_as_ever(house, owner, of):
    other = factories.account("other@example.org", member_of=house)
    invited(of, "other@example.org")
    with pytest.raises(InvitedError):
        change_role(Membership.objects.get(user=other), "member")
    free = factories.account(member_of=house, role="viewer")
    change_role(Membership.objects.get(user=free), "member")
    assert Membership.objects.get(user=free).role == "member"


def test_after_publication_roles_change_again(house, owner, of):
    colleague = factories.account("colleague0@example.org", member_of=house, role="member")
    several(of)
    close(of, at=timezone.now())
    change_role(Membership.objects.get(user=colleague), "owner")
    assert Membership.objects.get(user=colleague).is_owner


def test_a_round_closed_with_too_few_may_be_reopened_so_roles_stand_still_until_the_next_begins(house, owner, of):
    colleague = factories.account("colleague0@example.org", member_of=house, role="member")
    several(of, 2)
    close(of, at=timezone.now())
    with pytest.raises(InvitedError):
        change_role(Membership.objects.get(user=colleague), "owner")
    begin_again(house, at=timezone.now())
    change_role(Membership.objects.get(user=colleague), "owner")


def test_while_a_closed_round_waits_for_its_day_roles_stand_still(house, owner, questionnaire):
    first = choose_mode(begin_again(house, at=NOON), CONFIDENTIAL)
    several(first, at=NOON)
    assert close(first, at=timezone.now())
    second = choose_mode(begin_again(house, at=timezone.now()), CONFIDENTIAL)
    several(second)
    assert close(second, at=timezone.now()) is None
    colleague = factories.account("colleague0@example.org", member_of=house, role="member")
    with pytest.raises(InvitedError):
        change_role(Membership.objects.get(user=colleague), "owner")


def test_the_administration_moves_nobody_who_is_invited(boss, house, of):
    colleague = factories.account("anna@example.org", member_of=house, role="member")
    invited(of, "anna@example.org")
    address = reverse("admin:assessment_organisation_change", args=[house.pk])
    form = boss.get(address).context["inline_admin_formsets"][0].formset
    sent = {"name": house.name, "sector": house.sector, "size": house.size, "market": house.market}
    for prefix in ("memberships", "invitations"):
        sent |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    sent |= {"memberships-TOTAL_FORMS": len(form.forms), "memberships-INITIAL_FORMS": len(form.forms)}
    for place, row in enumerate(form.forms):
        role = "owner" if row.instance.user_id == colleague.pk else row.instance.role
        sent |= {f"memberships-{place}-id": row.instance.pk, f"memberships-{place}-role": role}
        sent |= {f"memberships-{place}-user": row.instance.user_id}
    told = boss.post(address, sent).content.decode()
    assert "is invited to round 1" in " ".join(told.split())
    assert Membership.objects.get(user=colleague).role == "member"


@pytest.mark.parametrize("answers", [True, False])
def test_whoever_answered_under_another_address_is_told_by_no_change_of_role(client, house, owner, of, answers):
    """Their account is not invited, so nothing holds its role still: then nothing may follow from it."""
    anna = factories.account("anna@home.example", member_of=house, role="member")
    others = list(invited(of, "anna@example.org", *people(5)).values())
    (invitation,) = [one for one in others if one.email == "anna@example.org"]
    for one in [one for one in others if one != invitation][: 4 if answers else 5]:
        answered(of, one)
    if answers:
        answered(of, invitation, user=anna)
    client.force_login(owner)
    there, address = Membership.objects.get(user=anna), reverse("people", args=[house.slug])
    for role in ("owner", "member"):
        with CaptureQueriesContext(connection) as asked:
            client.post(address, {"change": there.pk, "role": role}, follow=True)
        assert not [one for one in asked if '"assessment_response"' in one["sql"]]
    assert close(of, at=timezone.now()).responses == 5


# What the page says until it is closed (attacks A6) -------------------------------------------------------------------
def test_beginning_answering_and_erasing_change_nothing_on_the_page(page, of):
    invitations = list(invited(of, "anna@example.org", "bob@example.org").values())
    alone = page()
    assert "fewer than 5" in alone
    response, key = begun(of, invitations[0])
    assert page() == alone
    submit(key, at=timezone.now())
    assert page() == alone
    erase(Response.objects.get(pk=response.pk), at=timezone.now())
    assert page() == alone


def test_five_are_told_from_the_next_midnight_on_and_never_back(page, of):
    invitations = list(invited(of).values())
    before = page()
    found = [answered(of, one) for one in invitations]
    assert page() == before
    tomorrow(of)
    told = page()
    assert "5 or more" in told
    assert "Close and publish the joint report" in told
    erase(found[0], at=timezone.now())
    assert page() == told


def test_who_an_owner_knows_makes_up_no_number_on_the_page(page, house, owner, of):
    several(of, 4)
    response, key = answer_signed_in(of, owner, role="hr", at=timezone.now())
    factories.answer(response, level(5))
    submit(key, at=timezone.now())
    tomorrow(of)
    assert "fewer than 5" in page()


@pytest.mark.parametrize("place", ["organisation", "organisations"])
def test_the_lists_of_rounds_say_no_more(client, house, owner, of, place):
    client.force_login(owner)
    address = reverse(place, args=[house.slug] if place == "organisation" else [])
    invitations = list(invited(of).values())
    before = main_of(client.get(address))
    assert "5 invited, fewer than 5 answered" in before
    for one in invitations:
        answered(of, one)
    assert main_of(client.get(address)) == before
    tomorrow(of)
    assert "5 invited, 5 or more answered" in main_of(client.get(address))


def test_closing_with_too_few_tells_not_how_many_are_missing(client, owner, of):
    client.force_login(owner)
    said = []
    for number in (1, 2):
        several(of, number, first=number)
        told = client.post(reverse("close_round", args=[of.organisation.slug, of.number]), follow=True)
        said.append(re.sub(r"<dt>Invited</dt><dd>\d</dd>", "", main_of(told)))
        reopen(of)
    assert "not enough answers" in said[0]
    assert said[0].replace("<div></div>", "") == said[1].replace("<div></div>", "")


def test_closed_and_reopened_again_and_again_it_does_not_tell_the_minute_in_which_enough_had_answered(
    client, owner, of
):
    client.force_login(owner)
    place = [of.organisation.slug, of.number]
    told = []
    for number in range(3):
        several(of, 1, first=number) if of.takes_answers() else None
        client.post(reverse("close_round", args=place))
        told.append(main_of(client.post(reverse("reopen_round", args=place), follow=True)))
        of.refresh_from_db()
    assert ["can be reopened once a day" in page for page in told] == [False, True, True]
    assert not of.is_open
    Count.objects.update(until=timezone.now())  # a day later
    client.post(reverse("reopen_round", args=place))
    of.refresh_from_db()
    assert of.is_open


def test_a_reopening_that_is_refused_is_not_counted(client, owner, of):
    client.force_login(owner)
    place = [of.organisation.slug, of.number]
    client.post(reverse("close_round", args=place))
    begin_again(of.organisation, at=timezone.now())
    assert "once a day" not in main_of(client.post(reverse("reopen_round", args=place), follow=True))
    Round.objects.filter(organisation=of.organisation, number__gt=of.number).delete()
    client.post(reverse("reopen_round", args=place))
    of.refresh_from_db()
    assert of.is_open


def test_nor_by_what_closing_asks_of_the_database(client, owner, of):
    client.force_login(owner)
    asked = []
    for number in (0, 1, 3):
        several(of, number, first=number) if number else invited(of)
        with CaptureQueriesContext(connection) as found:
            client.post(reverse("close_round", args=[of.organisation.slug, of.number]))
        asked.append(len(found))
        reopen(of)
    assert len(set(asked)) == 1


def test_a_round_is_discarded_only_while_nobody_is_invited_whether_or_not_somebody_began(client, owner, of):
    client.force_login(owner)
    address = reverse("discard_round", args=[of.organisation.slug, of.number])
    assert "Discard this round" in client.get(of.get_absolute_url()).content.decode()
    (invitation,) = invited(of, "anna@example.org").values()
    told = []
    for begins in (False, True):
        if begins:
            begun(of, invitation)
        assert "Discard this round" not in client.get(of.get_absolute_url()).content.decode()
        told.append(client.post(address, follow=True).content.decode().count("Colleagues are invited"))
    assert told == [1, 1]


# Who may answer ------------------------------------------------------------------------------------------------------
def test_a_member_answers_in_confidence_by_invitation_only_and_then_with_its_key(house, of):
    member = factories.account("anna@example.org", member_of=house, role="member")
    with pytest.raises(NotNowError, match="by invitation"):
        answer_signed_in(of, member, role="hr", at=timezone.now())
    (invitation,) = invited(of, "anna@example.org").values()
    _response, key = answer_signed_in(of, member, role="hr", at=timezone.now())
    assert key == invitation.response_key == own_key(member, of)
    assert join(invitation, Newcomer("sales"), at=timezone.now()) is None  # it is used


@pytest.mark.parametrize("name", ["anna+zz@example.org", '"anna"@example.org', "ANNA+@example.org"])
def test_nobody_is_let_in_because_their_address_looks_like_the_same_mailbox(house, of, name):
    """That two addresses are one mailbox is our guess: it counts people, and proves nothing."""
    (invitation,) = invited(of, "anna@example.org").values()
    answered(of, invitation)
    other = factories.account(name, member_of=house, role="member")
    assert own_key(other, of) is None
    with pytest.raises(NotNowError, match="by invitation"):
        answer_signed_in(of, other, role="hr", at=timezone.now())
    assert not takes_part(of, other)


# One mailbox is one person (complaints C04) --------------------------------------------------------------------------
ALIASES = [
    "me@d.example\u200b",
    "me@d.example\u2060",
    "me@d\u00ad.example",
    "ME@D.EXAMPLE",
    "me+two@d.example",
    "ｍｅ@d.example",
    '"me"@d.example',
    '"m\\e+two"@d.example',
]


def test_whatever_leads_to_one_mailbox_is_one_invitation_and_an_owner_s_is_the_owner_s(house, of):
    factories.account("me@d.example", member_of=house)
    for alias in ALIASES:
        invite(of, CONFIDENTIAL, [alias], at=timezone.now())
    (only,) = of.invitations.all()
    assert answered(of, only).by_owner
    several(of, 4)
    assert close(of, at=timezone.now()) is None


@pytest.mark.parametrize("address", ["zoe@xn--bcher-kva.example", "zoe@bücher.example", "ZOE@BÜCHER.example."])
def test_a_domain_is_compared_as_idna(of, address):
    invite(of, CONFIDENTIAL, ["zoe@bücher.example"], at=timezone.now())
    assert invite(of, CONFIDENTIAL, [address], at=timezone.now()) == []


# Known by a solo round of the last 300 days --------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "is_known"), [(0, True), (299, True), (301, False)])
@pytest.mark.parametrize("way", ["account", "address"])
def test_who_opened_a_solo_round_in_the_300_days_before_is_known(house, owner, questionnaire, days, is_known, way):
    now = timezone.now()
    at = now - days * DAY
    user = factories.account("anna@example.org", member_of=house, role="member")
    if way == "account":
        solo = begin_again(house, at=at)
        response, key = answer_signed_in(solo, user, role="hr", at=at)
    else:
        response, key = factories.started(house, at=at, email="Anna@example.org")
    factories.answer(response, level(2))
    submit(key, at=at)
    of = choose_mode(begin_again(house, at=now), CONFIDENTIAL)
    (invitation,) = invited(of, "anna+survey@example.org").values()
    assert answered(of, invitation).by_owner is is_known


@pytest.mark.parametrize("way", ["account", "address"])
@pytest.mark.parametrize("again", ["in the same round", "in the next"])
def test_and_stays_known_though_that_round_became_confidential(house, owner, questionnaire, way, again):
    """Their report could be read while they were alone; what is stored of them since is a fingerprint."""
    now = timezone.now()
    if way == "account":
        user = factories.account("anna@example.org", member_of=house, role="member")
        alone = begin_again(house, at=now)
        _response, key = answer_signed_in(alone, user, role="hr", at=now)
    else:
        response, key = factories.started(house, at=now, email="Anna@example.org")
        alone = response.round
    submit(key, at=now)
    of = choose_mode(alone, CONFIDENTIAL)
    assert not Response.objects.exclude(email="", user=None).exists()
    if again == "in the next":
        close(of, at=now)
        of = choose_mode(begin_again(house, at=now), CONFIDENTIAL)
    (invitation,) = invited(of, "anna+survey@example.org").values()
    assert answered(of, invitation).by_owner
    (invitation,) = invited(of, "bob@example.org").values()
    assert not answered(of, invitation).by_owner


@pytest.mark.parametrize("begins", ["before", "while promoted"])
def test_of_who_is_invited_at_another_address_a_role_for_a_second_tells_nothing(house, owner, of, begins):
    member = factories.account("anna@example.org", member_of=house, role="member")
    private = invited(of, "private@example.org")["private@example.org"]
    if begins == "before":
        _response, key = begun(of, private, user=member)
    change_role(Membership.objects.get(user=member), "owner")
    if begins != "before":
        with pytest.raises(NotNowError, match="another address"):
            begun(of, private, user=member)  # they are told; nothing is stored
        _response, key = begun(of, private)
    change_role(Membership.objects.get(user=member), "member")
    assert not submit(key, at=timezone.now()).by_owner


@pytest.mark.parametrize("way", ["account", "address"])
def test_who_opened_a_solo_round_and_erased_it_is_known_all_the_same(house, owner, questionnaire, way):
    now = timezone.now()
    user = factories.account("anna@example.org", member_of=house, role="member")
    if way == "account":
        response, key = answer_signed_in(begin_again(house, at=now), user, role="hr", at=now)
    else:
        response, key = factories.started(house, at=now, email="anna@example.org")
    factories.answer(response, level(2))
    erase(submit(key, at=now), at=now)
    Round.objects.filter(organisation=house).update(closed_at=now)
    of = choose_mode(begin_again(house, at=now), CONFIDENTIAL)
    assert answered(of, invited(of, "anna@example.org")["anna@example.org"]).by_owner


def test_an_opener_who_belongs_to_it_no_more_is_known_by_every_mailbox(house, owner, questionnaire):
    now = timezone.now()
    user = factories.account("anna@example.org", member_of=house, role="member")
    first = begin_again(house, at=now)
    response, key = answer_signed_in(first, user, role="hr", at=now)
    factories.answer(response, level(2))
    submit(key, at=now)
    close(choose_mode(first, CONFIDENTIAL), at=now)
    remove(Membership.objects.get(user=user))
    of = choose_mode(begin_again(house, at=now), CONFIDENTIAL)
    found = invited(of, "anna@example.org", "private@example.org")
    assert answered(of, found["anna@example.org"]).by_owner
    assert answered(of, found["private@example.org"], user=factories.account("else@example.org")).by_owner is False


@pytest.mark.parametrize(("first", "then"), [(7, 5), (5, 7)])
def test_the_floor_of_the_first_publication_is_that_of_the_page_and_the_lists(house, owner, of, settings, first, then):
    settings.SMALLEST_GROUP = first
    several(of, 7)
    close(of, at=timezone.now())
    settings.SMALLEST_GROUP = then
    reopen(of)
    several(of, first - 1, first=20)
    of.refresh_from_db()
    assert of.enough_from is None
    several(of, 1, first=40)
    of.refresh_from_db()
    assert (of.enough_from is not None, of.smallest_group) == (True, first)
    (listed,) = rounds_of(house, [], at=timezone.now())
    assert (listed.floor, close(of, at=timezone.now()) is not None) == (first, True)


def test_who_is_an_owner_when_they_submit_is_known_also_by_their_mailbox_alone(house, of):
    (invitation,) = invited(of, "late@example.org").values()
    _response, key = begun(of, invitation)
    factories.account("late@example.org", member_of=house)
    assert submit(key, at=timezone.now()).by_owner


# Five that nobody knows ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("number", "is_published"), [(4, False), (5, True)])
def test_a_joint_report_rests_on_five_that_are_not_known(of, number, is_published):
    several(of, number)
    assert (close(of, at=timezone.now()) is not None) is is_published


# Two rounds lie 300 days apart (attacks A2) --------------------------------------------------------------------------
def held(house, mode, at, *, first=0, number=5):
    """A round of several people that is tried to be published at that time, and whether it was."""
    of = choose_mode(begin_again(house, at=at), mode)
    if mode == OPEN:
        link = open_link(of, at=at)
        for _ in range(number):
            _response, key = join(link, Newcomer("sales"), at=at)
            submit(key, at=at)
    else:
        several(of, number, first=first, at=at)
    return of, close(of, at=at) is not None


@pytest.mark.parametrize(
    ("first", "second", "days", "is_published"),
    [
        (CONFIDENTIAL, CONFIDENTIAL, 299, False),
        (CONFIDENTIAL, CONFIDENTIAL, 300, True),
        (CONFIDENTIAL, OPEN, 299, False),
        (OPEN, CONFIDENTIAL, 299, False),
        (OPEN, CONFIDENTIAL, 300, True),
        (OPEN, OPEN, 1, True),
    ],
)
def test_between_a_confidential_publication_and_another_lie_300_days(
    house, owner, questionnaire, first, second, days, is_published
):
    assert held(house, first, NOON)[1]
    assert held(house, second, NOON + days * DAY, first=100)[1] is is_published  # whoever answers


def test_a_solo_round_is_in_nobody_s_way(house, owner, questionnaire):
    held(house, CONFIDENTIAL, NOON)
    assert factories.submitted(house, at=NOON + DAY)
    assert held(house, CONFIDENTIAL, NOON + 300 * DAY)[1]


def test_a_round_closed_too_soon_is_published_from_its_day_on_by_closing_it_again(house, owner, questionnaire):
    held(house, CONFIDENTIAL, NOON)
    of, is_published = held(house, CONFIDENTIAL, NOON + 200 * DAY)
    assert not is_published
    assert close(of, at=NOON + 299 * DAY) is None
    assert close(of, at=NOON + 300 * DAY).responses == 5
    assert close(of, at=NOON + 301 * DAY) is None


def test_the_day_is_told_when_a_round_is_started_and_when_it_is_closed(client, house, owner, questionnaire):
    client.force_login(owner)
    start = reverse("start_next", args=[house.slug])
    assert "300 days" not in client.get(start).content.decode()
    now = timezone.now()
    held(house, CONFIDENTIAL, now - DAY)
    day = timezone.localdate(now - DAY + 300 * DAY)
    assert f"can be published from {date_format(day)}" in client.get(start).content.decode()
    of = choose_mode(begin_again(house, at=now), CONFIDENTIAL)
    several(of)
    told = client.post(reverse("close_round", args=[house.slug, of.number]), follow=True).content.decode()
    assert told.count(f"can be published from {date_format(day)}") == 2  # the message and the page
    assert "Publish the joint report" not in told


@pytest.mark.parametrize("shared", [True, False])
def test_it_holds_for_all_organisations_of_an_owner_to_which_a_mailbox_was_invited(house, owner, questionnaire, shared):
    held(house, CONFIDENTIAL, NOON)
    other = factories.organisation("Other")
    Membership.objects.create(organisation=other, user=owner, role="owner")
    assert held(other, CONFIDENTIAL, NOON + DAY, first=4 if shared else 5)[1] is not shared


def test_an_owner_s_own_mailbox_in_both_is_no_reason(house, owner, questionnaire):
    first = choose_mode(begin_again(house, at=NOON), CONFIDENTIAL)
    invited(first, "owner@example.org")
    several(first, at=NOON)
    close(first, at=NOON)
    other = factories.organisation("Other")
    Membership.objects.create(organisation=other, user=owner, role="owner")
    second = choose_mode(begin_again(other, at=NOON), CONFIDENTIAL)
    invited(second, "owner@example.org")
    assert publishable_from(second, on=NOON.date()) is None


def leaves(house, owner):
    factories.account(member_of=house)
    remove(Membership.objects.get(organisation=house, user=owner))


def steps_down(house, owner):
    factories.account(member_of=house)
    change_role(Membership.objects.get(organisation=house, user=owner), "viewer")


def deletes_the_account(house, owner):
    factories.account(member_of=house)
    erase_account(owner, at=NOON)


@pytest.mark.parametrize("goes", [leaves, steps_down, deletes_the_account])
@pytest.mark.parametrize("before", [True, False])
def test_it_holds_for_former_owners(house, owner, questionnaire, goes, before):
    if before:
        goes(house, owner)
    assert held(house, CONFIDENTIAL, NOON)[1]
    if not before:
        goes(house, owner)
    other = factories.organisation("Other")
    again = get_user_model().objects.filter(email="owner@example.org").first() or factories.account("owner@example.org")
    Membership.objects.create(organisation=other, user=again, role="owner")
    assert not held(other, CONFIDENTIAL, NOON + DAY)[1]


def test_it_holds_for_who_became_an_owner_after_the_publication(house, owner, questionnaire):
    assert held(house, CONFIDENTIAL, timezone.now())[1]
    late = factories.account("late@example.org", member_of=house, role="member")
    change_role(Membership.objects.get(user=late), "owner")
    other = factories.organisation("Other")
    Membership.objects.create(organisation=other, user=late, role="owner")
    assert not held(other, CONFIDENTIAL, timezone.now())[1]


@pytest.mark.parametrize("goes", [None, leaves, steps_down])
def test_it_holds_for_an_owner_who_changes_their_address(house, owner, questionnaire, goes):
    assert held(house, CONFIDENTIAL, NOON)[1]
    if goes:
        goes(house, owner)
    owner.email = "other@example.org"
    owner.save()
    EmailAddress.objects.filter(user=owner).delete()
    confirm(owner)
    other = factories.organisation("Other")
    Membership.objects.create(organisation=other, user=owner, role="owner")
    assert not held(other, CONFIDENTIAL, NOON + DAY)[1]


def test_it_outlives_the_organisation_by_300_days(house, owner, questionnaire):
    held(house, CONFIDENTIAL, NOON)
    delete_organisation(house)
    for days, is_published in ((299, False), (300, True)):
        again = factories.organisation("Again")
        Membership.objects.create(organisation=again, user=owner, role="owner")
        assert held(again, CONFIDENTIAL, NOON + days * DAY)[1] is is_published


# What is told ---------------------------------------------------------------------------------------------------------
def test_the_join_page_says_what_cannot_be_hidden(client, of):
    (invitation,) = invited(of, "anna@example.org").values()
    text = " ".join(Client().get(reverse("join", args=[invitation.token])).content.decode().split())
    for said in ("at least 5 people", "If everybody says the same", "controls the mailboxes of others"):
        assert said in text
