"""What is stored about a person who has an account: to read, to download, to erase."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from assessment.models import Membership, Organisation, Response
from assessment.organisations.people import invite_person
from assessment.rounds.saving import Change, save_answers
from assessment.rounds.starting import answer_signed_in
from assessment.rounds.submitting import submit
from tests import factories
from tests.factories import NOON
from tests.joint_rounds import begun


@pytest.fixture
def organisation(questionnaire):
    organisation = factories.organisation()
    factories.account(member_of=organisation)
    return organisation


@pytest.fixture
def person(client, organisation):
    user = factories.account("me@example.org", member_of=organisation, role="member")
    get_user_model().objects.filter(pk=user.pk).update(email="me@example.org")
    user.refresh_from_db()
    client.force_login(user)
    return user


@pytest.fixture
def response(organisation, person):
    response, key = answer_signed_in(begun(organisation), person, role="sales", at=NOON)
    factories.answer(response, factories.level(3))
    question = next(iter(response.outline.questions))
    stored = response.saved_answers()
    note = Change(question, stored[question].state, tuple(stored[question].choices), "Ours, since May", "", None)
    save_answers(response, [note], stored, at=NOON)
    submit(key, at=NOON)
    factories.reading_link(response, days=90, at=NOON)
    return response


def downloaded(client):
    page = client.get(reverse("account_download"))
    assert page.status_code == 200
    assert page["Content-Disposition"] == 'attachment; filename="my-data.json"'
    return page.json()


def test_the_file_holds_everything_of_theirs(client, organisation, response):
    invite_person(organisation, "member", email="me@example.org", at=NOON)
    data = downloaded(client)
    assert data["account"]["email"] == "me@example.org"
    assert [(row["organisation"], row["role"]) for row in data["memberships"]] == [("Maison Dupont", "member")]
    assert [row["organisation"] for row in data["invitations"]] == ["Maison Dupont"]
    (answered,) = data["responses"]
    assert {name: answered[name] for name in ("organisation", "round", "role", "state")} == {
        "organisation": "Maison Dupont",
        "round": 1,
        "role": "sales",
        "state": "submitted",
    }
    assert answered["submitted_at"].startswith("2026-11-02T12:00")
    assert len(answered["reading_links"]) == 1
    assert len(answered["answers"]) == response.answers.count()
    first = next(answer for answer in answered["answers"] if answer["note"])
    assert first["note"] == "Ours, since May"
    assert first["choices"][0]["text"]


def test_the_file_holds_nothing_of_others_and_no_secret(client, organisation, response):
    other = factories.account("other@example.org", member_of=organisation)
    theirs, _key = factories.started(organisation, role="management")
    Response.objects.filter(pk=theirs.pk).update(user=other)
    text = client.get(reverse("account_download")).content.decode()
    assert '"role": "management"' not in text
    assert "other@example.org" not in text
    assert response.key_hash not in text
    assert get_user_model().objects.get(email="me@example.org").password not in text


def test_the_page_says_the_same_in_short(client, response):
    text = client.get(reverse("account_data")).content.decode()
    for part in (
        "me@example.org",
        "<bdi>Maison Dupont</bdi>, round 1",
        reverse("account_download"),
        reverse("account_delete"),
    ):
        assert part in text


def test_the_page_of_somebody_without_anything_says_so(client, db):
    client.force_login(factories.account())
    text = client.get(reverse("account_data")).content.decode()
    assert "No answers are connected with your account." in text
    assert "You do not belong to an organisation yet." in text


def test_it_takes_the_same_queries_whatever_there_is(
    client, organisation, person, response, django_assert_max_num_queries
):
    downloaded(client)
    with django_assert_max_num_queries(16) as few:
        downloaded(client)
    for number in range(3):
        more = factories.organisation(f"Other {number}")
        Membership.objects.create(organisation=more, user=person, role="member")
        _answered, key = answer_signed_in(begun(more), person, role="sales", at=NOON)
        submit(key, at=NOON)
    with django_assert_max_num_queries(len(few)):
        assert len(downloaded(client)["responses"]) == 4


# Deleting the account ------------------------------------------------------------------------------------------------
def delete(client, **fields):
    return client.post(reverse("account_delete"), {"password": "pass"} | fields, follow=True)


def test_it_erases_the_account_and_signs_out(client, person, response):
    page = delete(client)
    assert "Your account is erased, and you are signed out." in page.content.decode()
    assert not get_user_model().objects.filter(pk=person.pk).exists()
    assert not page.context["user"].is_authenticated
    assert client.get(reverse("account_data")).status_code == 302


@pytest.mark.parametrize("password", ["", "wrong", "PASS", "pass "])
def test_without_the_password_nothing_happens(client, person, password):
    page = delete(client, password=password)
    assert page.status_code == 422
    assert get_user_model().objects.filter(pk=person.pk).exists()


def test_guessing_the_password_is_limited(client, person):
    found = [delete(client, password=f"guess {number}").status_code for number in range(11)]
    assert found == [422] * 10 + [429]
    assert delete(client).status_code == 429


def test_the_last_owner_is_told_to_name_another(client, organisation, person):
    Membership.objects.filter(organisation=organisation).exclude(user=person).update(role="member")
    Membership.objects.filter(user=person).update(role="owner")
    page = client.get(reverse("account_delete")).content.decode()
    assert "You are the last owner here" in page
    assert "password" not in page
    assert delete(client).status_code == 422
    assert get_user_model().objects.filter(pk=person.pk).exists()


def test_organisations_that_would_go_stand_in_the_order_of_the_alphabet(client, person):
    for name in ("Zoé", "Élan", "Eau vive", "Fabrique"):
        Membership.objects.create(organisation=factories.organisation(name), user=person, role="owner")
    page = client.get(reverse("account_delete")).content.decode()
    assert re.findall("Zoé|Élan|Eau vive|Fabrique", page) == ["Eau vive", "Élan", "Fabrique", "Zoé"]


def test_who_is_alone_in_an_organisation_decides(client, person):
    alone = factories.organisation("Theirs alone")
    Membership.objects.create(organisation=alone, user=person, role="owner")
    assert "Theirs alone" in client.get(reverse("account_delete")).content.decode()
    assert delete(client).status_code == 422
    assert Organisation.objects.filter(pk=alone.pk).exists()
    delete(client, organisations="on")
    assert not Organisation.objects.filter(pk=alone.pk).exists()
    assert not get_user_model().objects.filter(pk=person.pk).exists()


def test_an_account_with_rights_in_the_admin_stays_until_they_are_taken_away(client, db):
    user = factories.account(is_staff=True)
    client.force_login(user)
    assert "may administer the site" in client.get(reverse("account_delete")).content.decode()
    assert delete(client).status_code == 422
    assert get_user_model().objects.filter(pk=user.pk).exists()
