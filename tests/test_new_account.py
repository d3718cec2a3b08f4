"""A new account made in the administration: known by its address, as everybody signs in with it."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from tests import factories
from tests.test_admin import boss, form_of

__all__ = ["boss"]

PASSWORD = "a long sentence of mine"


def made(boss, email: str):
    page = reverse("admin:auth_user_add")
    return boss.post(page, {"email": email, "password1": PASSWORD, "password2": PASSWORD})


def test_it_has_an_address_and_can_sign_in_once_that_is_confirmed(boss, client, mailoutbox):
    assert made(boss, "Nora@example.org").status_code == 302
    account = User.objects.get(email="nora@example.org")
    assert account.username.startswith("nora-")
    assert account.check_password(PASSWORD)
    client.logout()
    answer = client.post(reverse("account_login"), {"login": "nora@example.org", "password": PASSWORD})
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert mailoutbox[-1].to == ["nora@example.org"]


@pytest.mark.parametrize("email", ["", "anne@example.org", "Anne@Example.org", "nobody"])
def test_it_is_refused_without_an_address_of_its_own(boss, email):
    factories.account("anne@example.org")
    before = User.objects.count()
    answer = made(boss, email)
    assert list(answer.context["adminform"].form.errors) == ["email"]
    assert User.objects.count() == before


def test_staff_without_an_address_and_an_address_of_somebody_else_are_refused(boss):
    factories.account("anne@example.org")
    page = reverse("admin:auth_user_change", args=[factories.account("nora@example.org", is_staff=True).pk])
    sent = form_of(boss, page) | {"date_joined_0": "2026-11-01", "date_joined_1": "12:00:00"}
    for email in ("", "anne@example.org"):
        answer = boss.post(page, sent | {"email": email})
        assert list(answer.context["adminform"].form.errors) == ["email"]
    assert boss.post(page, sent).status_code == 302
