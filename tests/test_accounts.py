"""Accounts: signing up and in, codes by mail, a second step, and what a stranger may not learn or try."""

import io
import re
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from smtplib import SMTPServerDisconnected
from urllib.parse import unquote

import pytest
from allauth.account import app_settings
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from assessment.models import Count, Session
from assessment.privacy.purging import forget_attempts
from tests import factories

ANNE, PASSWORD = "anne@example.org", "a quiet sentence"
UNUSED = {"change_phone", "verify_phone", "request_login_code"}  # limits of what there is not here
CODE = re.compile(r"^[A-Z]{4}-[A-Z]{4}$", re.MULTILINE)


@pytest.fixture
def anne(db):
    """Somebody with an account."""
    user = factories.account(ANNE)
    user.set_password(PASSWORD)
    user.save()
    return user


def url(name: str, **query: str) -> str:
    return reverse(name, query=query)


def mailed() -> str:
    """The code of the mail that was sent last."""
    return CODE.search(mail.outbox[-1].body)[0]


def app_code(key: str) -> str:
    """What an app for one-time codes shows now."""
    return format_hotp_value(hotp_value(key, int(time.time()) // 30))


def sign_up(client, email: str = "new@example.org", **query: str):
    return client.post(url("account_signup", **query), {"email": email, "password1": PASSWORD} | query)


def sign_in(client, email: str = ANNE, password: str = PASSWORD, **query: str):
    return client.post(url("account_login", **query), {"login": email, "password": password} | query)


def confirm_it_is_me(client, address: str) -> str:
    """Give the password again where a page asks for it; the place it then leads to."""
    asked = client.get(address)["Location"]
    assert asked.startswith(reverse("account_reauthenticate"))
    return client.post(asked, {"password": PASSWORD})["Location"]


def activated(client) -> tuple[str, str]:
    """Set up the second step of whoever is signed in; the key of the app and the place it leads to."""
    place = confirm_it_is_me(client, reverse("mfa_activate_totp"))
    key = client.get(place).context["form"].secret
    return key, client.post(place, {"code": app_code(key)})["Location"]


def is_signed_in(client) -> bool:
    return client.get(reverse("account")).status_code == 200


def text(page) -> str:
    return re.sub(r"\s+", " ", page.content.decode())


# Signing up ----------------------------------------------------------------------------------------------------------
def test_whoever_signs_up_confirms_the_address_with_a_code_and_comes_to_the_page_they_wanted(db, client):
    signed_up = sign_up(client, next="/organisations/x/?a=1&b=2")
    assert signed_up["Location"] == reverse("account_email_verification_sent")
    assert not is_signed_in(client)
    assert "new@example.org" in text(client.get(signed_up["Location"]))
    done = client.post(signed_up["Location"], {"code": mailed().lower().replace("-", "")})
    assert done["Location"] == "/organisations/x/?a=1&b=2"
    assert is_signed_in(client)
    address = EmailAddress.objects.get()
    assert (address.email, address.verified, address.primary) == ("new@example.org", True, True)
    assert mail.outbox[-1].to == ["new@example.org"]


def test_the_wish_survives_from_the_sign_in_page_to_the_sign_up_page(db, client):
    page = client.get(reverse("organisations"))["Location"]
    link = client.get(page).context["signup_url"]
    assert link == url("account_signup", next="/organisations/")
    assert 'name="next" value="/organisations/"' in text(client.get(link))


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_up_never_leads_to_another_site(db, client, place):
    sign_up(client, next=place)
    done = client.post(reverse("account_email_verification_sent"), {"code": mailed()})
    assert done["Location"] == reverse("organisations")


def test_the_code_can_be_asked_for_again_and_is_the_same_for_some_minutes(db, client):
    sign_up(client, next="/methodology/")
    page = reverse("account_email_verification_sent")
    first = mailed()
    client.post(page, {"action": "resend"})
    assert len(mail.outbox) == 2
    assert mailed() == first
    Count.objects.all().delete()  # as after these minutes
    client.post(page, {"action": "resend"})
    assert mailed() != first
    assert client.post(page, {"code": first}).status_code == 200
    assert client.post(page, {"code": mailed()})["Location"] == "/methodology/"


def test_three_wrong_codes_end_the_attempt(db, client):
    sign_up(client)
    page = reverse("account_email_verification_sent")
    for _time in range(2):
        wrong = client.post(page, {"code": "AAAA-AAAA"})
        assert "This code is not right" in text(wrong)
    assert client.post(page, {"code": "AAAA-AAAA"})["Location"] == reverse("account_login")
    assert client.post(page, {"code": mailed()})["Location"] == reverse("account_login")
    assert not is_signed_in(client)


def test_a_code_works_for_fifteen_minutes(db, client):
    sign_up(client)
    session = client.session
    session["account_email_verification_code"] |= {"at": time.time() - 15 * 60 - 1}
    session.save()
    page = reverse("account_email_verification_sent")
    assert client.post(page, {"code": mailed()})["Location"] == reverse("account_login")


def test_who_left_before_the_code_signs_up_again(db, client):
    sign_up(client)
    Count.objects.all().delete()
    other = Client()
    assert "The address or the password is not right." in text(sign_in(other, "new@example.org"))
    asked = sign_up(other, "new@example.org", next="/methodology/")
    assert asked["Location"] == reverse("account_email_verification_sent")
    done = other.post(reverse("account_email_verification_sent"), {"code": mailed()})
    assert done["Location"] == "/methodology/"
    assert is_signed_in(other)


def test_nobody_is_asked_for_a_user_name_or_shown_one(anne, client):
    sign_in(client)
    sign_up(Client())
    hidden = get_user_model().objects.get(email="new@example.org").username
    for page in ("account_signup", "account_login"):
        assert "username" not in text(Client().get(reverse(page)))
    assert hidden not in "".join(message.body + message.subject for message in mail.outbox)


def test_two_people_whose_addresses_begin_alike_get_different_hidden_names(db):
    for host in ("example.org", "example.com"):
        sign_up(Client(), f"anne@{host}")
    assert get_user_model().objects.count() == 2


@pytest.mark.parametrize(
    ("password", "wrong"), [("short", "too short"), ("1234567890", "numeric"), ("", "This field is required.")]
)
def test_a_weak_password_is_refused_beside_its_field_and_in_the_summary(db, client, password, wrong):
    page = client.post(reverse("account_signup"), {"email": "new@example.org", "password1": password})
    assert text(page).count(wrong) == 2
    assert 'href="#id_password1"' in text(page)
    assert not get_user_model().objects.exists()


# Signing in and out --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed", ["ANNE@Example.org", "an\u200bne@example.org ", "Anne <anne@example.org>", "anne@ｅxample.org"]
)
def test_an_address_is_taken_as_it_is_typed_or_pasted(anne, client, typed):
    assert sign_in(client, typed)["Location"] == reverse("organisations")
    assert is_signed_in(client)


def test_signing_out_takes_the_button(anne, client):
    sign_in(client)
    assert client.get(reverse("account_logout")).status_code == 405
    assert client.post(reverse("account_logout"))["Location"] == reverse("home")
    assert not is_signed_in(client)


def test_a_closed_account_is_told_so_only_with_the_right_password(anne, client):
    anne.is_active = False
    anne.save()
    assert sign_in(client, password="wrong").status_code == 200
    assert sign_in(client)["Location"] == reverse("account_inactive")
    assert not is_signed_in(client)


def test_a_superuser_made_by_the_command_is_led_through(db, client):
    call_command("createsuperuser", username="boss", email="boss@example.org", interactive=False)
    boss = get_user_model().objects.get()
    boss.set_password(PASSWORD)
    boss.save()
    assert sign_in(client, "boss@example.org", next="/admin/")["Location"] == reverse("account_email_verification_sent")
    done = client.post(reverse("account_email_verification_sent"), {"code": mailed()})
    assert done["Location"] == "/admin/"


def test_a_superuser_without_an_address_is_mended_as_the_readme_says(db, client, capsys):
    boss = get_user_model().objects.create_superuser("admin", "", PASSWORD)
    sign_in(client, "admin")
    assert not is_signed_in(client)
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    (mend,) = re.findall(r'manage\.py shell -c "(.*User.*)"', readme)
    call_command("shell", command=mend)
    assert capsys.readouterr().out.endswith("1\n")
    boss.refresh_from_db()
    sign_in(client, boss.email, next="/admin/")
    assert client.post(reverse("account_email_verification_sent"), {"code": mailed()})["Location"] == "/admin/"


# What a stranger may not learn ---------------------------------------------------------------------------------------
def shape(page) -> tuple:
    """A page without what differs from one request to the next."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
    return page.status_code, page.get("Location"), body.replace(ANNE, "X").replace("nobody@example.org", "X")


def test_signing_up_with_a_known_address_looks_the_same(anne):
    seen, mails = [], []
    for email in (ANNE, "nobody@example.org"):
        client = Client()
        steps = [sign_up(client, email), client.get(reverse("account_email_verification_sent"))]
        steps += [client.post(reverse("account_email_verification_sent"), {"code": "AAAA-AAAA"}) for _time in range(2)]
        seen.append([shape(step) for step in steps])
        mails.append([message.to for message in mail.outbox])
        mail.outbox.clear()
    assert seen[0] == seen[1]
    assert mails == [[[ANNE]], [["nobody@example.org"]]]
    assert get_user_model().objects.filter(email=ANNE).count() == 1


def test_resetting_the_password_of_an_unknown_address_looks_the_same(anne):
    seen, mails = [], []
    for email in (ANNE, "nobody@example.org"):
        client = Client()
        steps = [client.post(reverse("account_reset_password"), {"email": email})]
        steps += [client.get(reverse("account_confirm_password_reset_code"))]
        steps += [client.post(reverse("account_confirm_password_reset_code"), {"code": "AAAA-AAAA"}) for _ in range(3)]
        seen.append([shape(step) for step in steps])
        mails.append([message.to for message in mail.outbox])
        mail.outbox.clear()
    assert seen[0] == seen[1]
    assert mails == [[[ANNE]], [["nobody@example.org"]]]


def test_a_wrong_password_looks_like_an_unknown_address(anne):
    wrong, unknown = (sign_in(Client(), email, "not this one") for email in (ANNE, "nobody@example.org"))
    assert shape(wrong) == shape(unknown)
    assert "The address or the password is not right." in text(wrong)
    assert mail.outbox == []


def test_somebody_else_s_address_can_be_added_only_with_the_code_sent_there(anne, client):
    factories.account("bob@example.org")
    sign_in(client)
    place = add_address(client, "bob@example.org")
    assert place == reverse("account_email_verification_sent")
    assert mail.outbox[-1].to == ["bob@example.org"]
    assert "belongs to another account" in text(client.post(place, {"code": mailed()}))
    assert list(anne.emailaddress_set.values_list("email", flat=True)) == [ANNE]


# The password --------------------------------------------------------------------------------------------------------
def test_a_forgotten_password_is_replaced_with_a_code_and_other_sessions_end(anne, client):
    elsewhere = Client()
    sign_in(elsewhere)
    asked = client.post(url("account_reset_password", next="/methodology/"), {"email": ANNE, "next": "/methodology/"})
    new = client.post(asked["Location"], {"code": mailed()})["Location"]
    client.post(new, {"password1": "another quiet sentence"})
    assert not is_signed_in(elsewhere)
    assert sign_in(Client()).status_code == 200
    assert sign_in(client, password="another quiet sentence").status_code == 302
    assert mail.outbox[-1].subject == "Your password was changed"


def test_a_forgotten_password_does_not_replace_the_second_step(anne, client):
    sign_in(client)
    activated(client)
    stranger = Client()
    stranger.post(reverse("account_reset_password"), {"email": ANNE})
    stranger.post(reverse("account_confirm_password_reset_code"), {"code": mailed()})
    stranger.post(reverse("account_complete_password_reset"), {"password1": "another quiet sentence"})
    assert not is_signed_in(stranger)
    assert sign_in(stranger, password="another quiet sentence")["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(stranger)


def test_a_password_is_changed_by_whoever_knows_it(anne, client):
    sign_in(client)
    page = reverse("account_change_password")
    wrong = client.post(page, {"oldpassword": "not this one", "password1": "another quiet sentence"})
    assert "This is not your current password." in text(wrong)
    assert client.post(page, {"oldpassword": PASSWORD, "password1": "another quiet sentence"}).status_code == 302
    assert is_signed_in(client)
    assert sign_in(Client(), password="another quiet sentence").status_code == 302


# Addresses -----------------------------------------------------------------------------------------------------------
def add_address(client, email: str) -> str:
    """Ask for one more address, with the password again; the place it leads to."""
    page = reverse("account_email")
    asked = client.post(page, {"action_add": "yes", "email": email})["Location"]
    if asked.startswith(reverse("account_reauthenticate")):
        asked = client.post(asked, {"password": PASSWORD, "next": page})["Location"]
    return asked


def test_an_address_is_changed_by_adding_confirming_and_preferring_another(anne, client):
    sign_in(client)
    place, page = add_address(client, "anne@new.example"), reverse("account_email")
    assert not EmailAddress.objects.filter(email="anne@new.example").exists()  # it counts once it is confirmed
    assert client.post(place, {"code": mailed()}).status_code == 302
    client.post(page, {"action_primary": "yes", "email": "anne@new.example"})
    assert mail.outbox[-1].to == [ANNE]  # the old address is told
    client.post(page, {"action_remove": "yes", "email": ANNE})
    anne.refresh_from_db()
    assert anne.email == "anne@new.example"
    assert sign_in(Client()).status_code == 200
    assert sign_in(Client(), "anne@new.example").status_code == 302


def test_the_main_address_cannot_be_removed(anne, client):
    sign_in(client)
    place = add_address(client, "anne@new.example")
    client.post(place, {"code": mailed()})
    answer = client.post(reverse("account_email"), {"action_remove": "yes", "email": ANNE}, follow=True)
    assert "Your main address cannot be removed." in text(answer)
    assert anne.emailaddress_set.count() == 2


# The second step -----------------------------------------------------------------------------------------------------
def test_after_setting_up_an_app_its_codes_are_asked_for(anne, client):
    sign_in(client)
    key, place = activated(client)
    assert place == reverse("mfa_view_recovery_codes")
    shown = client.get(place)
    assert shown["Cache-Control"] == "private, no-store"
    codes = re.findall(r"<li>(\d{8})</li>", shown.content.decode())
    assert len(codes) == 10
    again = Client()
    assert sign_in(again, next="/methodology/")["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(again)
    assert "This code is not right" in text(again.post(reverse("mfa_authenticate"), {"code": "000000x"}))
    assert again.post(reverse("mfa_authenticate"), {"code": app_code(key)})["Location"] == "/methodology/"
    assert is_signed_in(again)


def wide(text: str) -> str:
    """The same letters, digits and hyphens as keyboards of the East type them."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def eastern(text: str) -> str:
    """The same digits as Arabic has them."""
    return "".join(chr(0x0660 + int(sign)) if sign.isdigit() else sign for sign in text)


def changed_on_the_way(code: str) -> list[str]:
    """A code as mail programs, phones and keyboards make others of it."""
    spaced = f"\u00a0{code[:3]}\u202f{code[3:]} \u200b"
    return [
        code.lower().replace("-", "–"),
        code.replace("-", " − "),
        spaced,
        f"\u2066{code}\u2069",
        wide(code),
        eastern(code),
    ]


def test_a_mailed_code_is_taken_as_it_arrives(db, client):
    for number in range(6):
        person = Client()
        sign_up(person, f"new{number}@example.org")
        page = reverse("account_email_verification_sent")
        assert person.post(page, {"code": changed_on_the_way(mailed())[number]}).status_code == 302, number
        assert is_signed_in(person)


def test_a_code_of_an_app_and_a_recovery_code_are_taken_as_they_are_typed(anne, client):
    sign_in(client)
    place = confirm_it_is_me(client, reverse("mfa_activate_totp"))
    key = client.get(place).context["form"].secret
    codes = client.post(place, {"code": wide(f" {app_code(key)[:3]} {app_code(key)[3:]}")})["Location"]
    assert codes == reverse("mfa_view_recovery_codes")
    recovery = re.findall(r"<li>(\d{8})</li>", client.get(codes).content.decode())
    for number in range(6):
        again = Client()
        sign_in(again)
        typed = changed_on_the_way(recovery[number])[number]
        assert again.post(reverse("mfa_authenticate"), {"code": typed}).status_code == 302, number
    for odd in ("\0", "\u200b", "x" * 10_000, "é–", recovery[0]):
        again = Client()
        sign_in(again)
        assert again.post(reverse("mfa_authenticate"), {"code": odd}).status_code == 200, odd[:9]


def test_a_used_code_of_an_app_is_used_in_whatever_signs(anne, client):
    sign_in(client)
    key, _place = activated(client)
    code = app_code(key)
    for typed, expected in ((code, 302), (wide(code), 200), (eastern(code), 200), (f"{code[:3]}–{code[3:]}", 200)):
        again = Client()
        sign_in(again)
        assert again.post(reverse("mfa_authenticate"), {"code": typed}).status_code == expected


def test_a_recovery_code_works_once(anne, client):
    sign_in(client)
    _key, place = activated(client)
    code = re.search(r"<li>(\d{8})</li>", client.get(place).content.decode())[1]
    for expected in (302, 200):
        again = Client()
        sign_in(again)
        assert again.post(reverse("mfa_authenticate"), {"code": code}).status_code == expected


def test_a_code_of_the_app_works_once(anne, client):
    sign_in(client)
    key, _place = activated(client)
    code = app_code(key)
    for expected in (302, 200):
        again = Client()
        sign_in(again)
        assert again.post(reverse("mfa_authenticate"), {"code": code}).status_code == expected


def test_switching_the_second_step_off_takes_the_password_and_the_recovery_codes_with_it(anne, client):
    sign_in(client)
    activated(client)
    again = Client()
    again.force_login(anne)
    assert again.post(reverse("mfa_deactivate_totp"))["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_logout"))
    client.force_login(anne)
    place = confirm_it_is_me(client, reverse("mfa_deactivate_totp"))
    assert client.post(place)["Location"] == reverse("mfa_index")
    assert not Authenticator.objects.exists()
    assert mail.outbox[-1].subject == "Two-step sign-in is off"


def test_the_key_in_the_picture_is_named_after_the_site_and_the_address(anne, client):
    sign_in(client)
    page = client.get(confirm_it_is_me(client, reverse("mfa_activate_totp")))
    assert "issuer=Social%20media%20maturity" in page.context["totp_url"]
    assert "totp/anne%40example.org" in page.context["totp_url"]
    assert re.search(r'<img class="qr" src="data:image/svg\+xml;base64,[^"]+"[^>]* alt="[^"]+"', text(page))


# The administration --------------------------------------------------------------------------------------------------
@pytest.fixture
def staff(anne):
    anne.is_staff = anne.is_superuser = True
    anne.save()
    return anne


def door(client, place: str = "/admin/assessment/study/") -> str:
    """Where somebody who wants to see the administration is led."""
    first = client.get(place)["Location"]
    assert unquote(first) == unquote(url("admin:login", next=place))
    return client.get(first)["Location"]


def test_staff_are_led_to_set_up_a_second_step_and_then_in(staff, client):
    assert door(client) == url("account_login", next="/admin/assessment/study/")
    assert sign_in(client, next="/admin/assessment/study/")["Location"] == "/admin/assessment/study/"
    assert door(client) == reverse("mfa_activate_totp")
    place = confirm_it_is_me(client, door(client))
    assert "The administration opens only after a second step." in text(client.get(place))
    key = client.get(place).context["form"].secret
    codes = client.post(place, {"code": app_code(key)})["Location"]
    assert f'href="{reverse("admin:index")}"' in text(client.get(codes))
    asked = door(client)
    assert asked == url("mfa_reauthenticate", next="/admin/assessment/study/")
    assert client.post(asked, {"code": app_code(key)})["Location"] == "/admin/assessment/study/"
    assert client.get("/admin/assessment/study/").status_code == 200


def test_a_session_from_before_the_second_step_has_to_pass_it(staff, client):
    earlier = Client()
    sign_in(earlier)
    sign_in(client)
    key, _place = activated(client)
    assert door(earlier) == url("mfa_reauthenticate", next="/admin/assessment/study/")
    assert earlier.post(door(earlier), {"code": "wrong"}).status_code == 200
    assert earlier.get("/admin/").status_code == 302
    earlier.post(door(earlier), {"code": app_code(key)})
    assert earlier.get("/admin/").status_code == 200


def test_signing_in_with_the_second_step_opens_the_administration_until_it_is_switched_off(staff, client):
    sign_in(client)
    key, _place = activated(client)
    again = Client()
    sign_in(again, next="/admin/")
    assert again.post(reverse("mfa_authenticate"), {"code": app_code(key)})["Location"] == "/admin/"
    assert again.get("/admin/").status_code == 200
    assert again.get(reverse("admin:login"))["Location"] == "/admin/"
    Authenticator.objects.all().delete()
    assert again.get("/admin/").status_code == 302


def test_the_password_alone_is_no_way_in_past_the_form_of_the_admin(staff, client):
    answer = client.post(reverse("admin:login"), {"username": staff.username, "password": PASSWORD, "next": "/admin/"})
    assert answer["Location"].startswith(reverse("account_login"))
    assert not is_signed_in(client)


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_the_door_leads_to_no_other_site(staff, client, place):
    factories.sign_in(client, staff, second_factor=True)
    assert client.get(url("admin:login", next=place))["Location"] == "/admin/"


def test_the_administration_shows_no_key_and_no_code(staff, client):
    factories.sign_in(client, staff, second_factor=True)
    factor = Authenticator.objects.get()
    for page in ("changelist", "change", "delete", "history"):
        arguments = [] if page == "changelist" else [factor.pk]
        answer = client.get(reverse(f"admin:mfa_authenticator_{page}", args=arguments))
        assert answer.status_code == 200
        assert factories.KEY not in text(answer)


# Limits --------------------------------------------------------------------------------------------------------------
def refused(page) -> bool:
    if page.status_code != 429:
        return False
    assert page["Retry-After"] == "60"
    assert "Wait one minute" in text(page)
    assert "site-header" in text(page)
    return True


def times_until(ask, most: int) -> int:
    """How often something can be asked for before it is refused."""
    return next(number for number in range(most) if refused(ask(number)))


def test_signing_up_is_limited_by_network_address(db):
    def ask(number, **address):
        return sign_up(Client(), f"person{number}@example.org", **address)

    assert times_until(ask, 30) == 20
    other = Client(REMOTE_ADDR="10.1.1.1")
    assert sign_up(other, "another@example.org").status_code == 302


def test_wrong_codes_of_the_second_step_are_limited(anne, client):
    factories.sign_in(Client(), anne, second_factor=True)
    sign_in(client)
    said = [text(client.post(reverse("mfa_authenticate"), {"code": "000000x"})) for _time in range(6)]
    assert [("Too many wrong attempts" in page) for page in said] == [False] * 5 + [True]


def test_attempts_are_counted_where_all_workers_see_them(db):
    sign_up(Client())
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM assessment_counters")
        keys = [key for (key,) in cursor.fetchall()]
    assert keys
    assert not any("127.0.0.1" in key or "signup" in key for key in keys)  # fingerprints, without the network address


def test_counts_that_ended_are_forgotten(db):
    sign_up(Client())
    number = rows_counted()
    assert number > 0
    assert forget_attempts(before=timezone.now()) == 0
    assert forget_attempts(before=timezone.now() + timedelta(minutes=2)) == number
    assert rows_counted() == 0


def rows_counted() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM assessment_counters")
        return cursor.fetchone()[0]


def test_no_window_of_a_refusal_is_longer_than_the_page_says():
    for action, rates in settings.ACCOUNT_RATE_LIMITS.items():
        windows = {rate.split("/")[1] for rate in rates.split(",") if rate}
        assert windows <= {"m"}, action


def test_no_limit_of_allauth_s_counts_an_address(db):
    """Whoever knows it could keep its owner out. Those that are missing here would be allauth's own."""
    assert app_settings.RATE_LIMITS.keys() - settings.ACCOUNT_RATE_LIMITS.keys() <= UNUSED
    assert not [rates for rates in settings.ACCOUNT_RATE_LIMITS.values() if "key" in rates]


@pytest.mark.parametrize(("proxy", "counted"), [("", "127.0.0.1"), ("1", "203.0.113.7")])
def test_the_address_of_a_visitor_comes_from_the_proxy_only_behind_one(proxy, counted):
    program = (
        "import django; django.setup()\n"
        "from django.test import RequestFactory\n"
        "from allauth.account.adapter import get_adapter\n"
        "request = RequestFactory().get('/', headers={'X-Forwarded-For': '198.51.100.1, 203.0.113.7'})\n"
        "print(get_adapter().get_client_ip(request))"
    )
    environment = {"DEBUG": "1", "DJANGO_SETTINGS_MODULE": "config.settings", "BEHIND_PROXY": proxy or "0"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == counted


# Pages and mails -----------------------------------------------------------------------------------------------------
def test_a_mail_that_cannot_be_sent_is_told_and_no_server_error(db, client, monkeypatch):
    def refuse(*_arguments):
        raise SMTPServerDisconnected("no mail today for new@example.org")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    sign_up(client)
    assert "The mail could not be sent." in text(client.get(reverse("account_email_verification_sent")))


def test_mails_say_who_writes_and_what_to_do(anne, client):
    sign_up(client)
    sign_up(Client(), ANNE)
    Client().post(reverse("account_reset_password"), {"email": ANNE})
    Client().post(reverse("account_reset_password"), {"email": "o'neill@example.org"})
    subjects = [message.subject for message in mail.outbox]
    assert subjects == [
        "Your code to create an account",
        "You have an account already",
        "Your code to choose a new password",
        "No account with this address",
    ]
    for message in mail.outbox:
        assert "[" not in message.subject
        assert message.body.startswith("Hello,")
        assert message.body.rstrip().endswith("Social media maturity\nhttp://testserver/")
        assert "&#" not in message.body
    assert "http://testserver/accounts/password/reset/" in mail.outbox[1].body
    assert "o'neill@example.org" in mail.outbox[3].body
    assert "http://testserver/accounts/signup/" in mail.outbox[3].body


def test_a_change_is_told_by_mail_with_its_time_and_what_to_do(anne, client):
    sign_in(client)
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "another quiet sentence"})
    (message,) = mail.outbox
    assert message.to == [ANNE]
    assert "If it was not you, set a new password at once:" in message.body
    assert "http://testserver/accounts/password/reset/" in message.body


def test_every_page_of_an_account_is_ours_and_kept_by_nobody(anne, client):
    factories.sign_in(client, anne, second_factor=True)
    pages = [entry for entry in get_resolver().reverse_dict if str(entry).startswith(("account", "mfa_"))]
    assert len(pages) > 20
    for name in pages:
        for visitor in (client, Client()):
            page = visitor.get(reverse(name))
            if page.status_code == 200:
                assert "no-store" in page["Cache-Control"], name
                if name == "account_download":  # a file
                    continue
                assert text(page).count("<h1>") == 1, name
                assert "site-header" in text(page), name
                assert text(page).count("btn-primary") <= 1, name


def test_the_account_page_leads_to_address_password_and_second_step(anne, client):
    sign_in(client)
    page = text(client.get(reverse("account")))
    for name in ("account_email", "account_change_password", "mfa_index"):
        assert f'href="{reverse(name)}"' in page
    assert "You sign in as anne@example.org." in page


def test_a_password_typed_at_sign_up_is_stored_nowhere_in_clear(db, client):
    sign_up(client)
    stored = io.StringIO()
    call_command("dumpdata", stdout=stored)
    assert PASSWORD not in stored.getvalue()
    assert PASSWORD not in "".join(str(session.get_decoded()) for session in Session.objects.all())
