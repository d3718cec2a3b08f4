"""An account from the first page to the last, by keyboard alone: whoever signs up, sets up a second step and comes back."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.browser.axe import EVERYTHING, load_axe, violations
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_keyboard import tab_to
from tests.browser.test_pages import width_beyond
from tests.sampling import sample

pytestmark = [pytest.mark.browser, pytest.mark.any_database]
PASSWORD = "a quiet sentence"


class Person:
    """Somebody at the keyboard, whose every page is looked at by axe."""

    def __init__(self, page: Page, site, scheme: str) -> None:
        self.page, self.site, self.scheme = page, site, scheme
        self.seen: set[tuple[str, bool]] = set()
        self.found: list[str] = []

    def look(self) -> None:
        """What axe has to say about this page, and what makes it too wide; once for each page."""
        state = (self.page.url, self.page.locator(".error-summary").count() > 0)
        if state in self.seen:
            return
        self.seen.add(state)
        self.found += [f"{self.page.url}: {node}" for node in width_beyond(self.page, PHONE)]
        self.page.emulate_media(color_scheme=self.scheme)
        self.page.set_viewport_size(DESK if self.scheme == "light" else PHONE)
        load_axe(self.page)
        self.found += [f"{self.page.url}: {broken}" for broken in violations(self.page, EVERYTHING)]

    def go(self, path: str) -> None:
        self.page.goto(path)
        self.look()

    def send(self, **fields: str) -> None:
        """Type into the fields and press Enter."""
        for name, value in fields.items():
            tab_to(self.page, f'main input[name="{name}"]:not([type=hidden])')
            self.page.keyboard.press("Control+a")
            self.page.keyboard.type(value)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def press(self, selector: str) -> None:
        tab_to(self.page, selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def mailed(self) -> str:
        """The code of the mail that came last."""
        return re.search(r"^[A-Z]{4}-[A-Z]{4}$", self.site.mails()[-1].get_content(), re.MULTILINE)[0]

    def is_at(self, path: str) -> bool:
        return self.page.url == f"{self.site.address}{path}"


@pytest.mark.parametrize(("language", "scheme"), sample([("fr", "dark"), ("en", "light")], 1))
def test_an_account_from_the_first_page_to_the_last(open_page, site, language, scheme):
    person = Person(open_page("/accounts/login/?next=/methodology/", language=language), site, scheme)
    person.look()
    email = f"anne.{language}@example.org"
    signs_up(person, email)
    key, codes = sets_up_a_second_step(person)
    signs_out(person)
    comes_back(person, email, format_hotp_value(hotp_value(key, int(time.time()) // 30)))
    signs_out(person)
    comes_back(person, email, codes[0])
    looks_at_the_rest(person, email)
    assert person.found == []


def signs_up(person: Person, email: str) -> None:
    """With a password that is too short at first, and a wrong code."""
    person.press('main a[href*="/accounts/signup/"]')
    person.send(email=email, password1="short")
    expect(person.page.locator(".error-summary")).to_be_focused()
    person.send(password1=PASSWORD)
    person.send(code="AAAA-AAAA")
    expect(person.page.locator(".error-summary")).to_be_focused()
    person.send(code=person.mailed())
    assert person.is_at("/methodology/")
    person.press('.site-nav a[href="/accounts/"]')
    person.look()


def sets_up_a_second_step(person: Person) -> tuple[str, list[str]]:
    """The key of the app and the recovery codes, as the pages show them."""
    person.press('main a[href="/accounts/2fa/"]')
    person.look()
    person.press("main .btn-primary")
    person.send(password=PASSWORD)
    key = person.page.input_value("#totp-key")
    assert person.page.locator("img.qr").evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    person.send(code=format_hotp_value(hotp_value(key, int(time.time()) // 30)))
    return key, person.page.locator(".codes li").all_text_contents()


def signs_out(person: Person) -> None:
    """On the page of the account, as a phone's header has no room for it."""
    person.page.goto("/accounts/")
    person.press('main form[action="/accounts/logout/"] button')


def comes_back(person: Person, email: str, code: str) -> None:
    person.page.goto("/accounts/login/?next=/accounts/")
    person.send(login=email, password=PASSWORD)
    assert person.is_at("/accounts/2fa/authenticate/")
    person.send(code=code)
    assert person.is_at("/accounts/")


def looks_at_the_rest(person: Person, email: str) -> None:
    """The pages that no step has led to: what belongs to the account, then a forgotten password."""
    for path in ("email/", "password/change/", "2fa/"):
        person.go(f"/accounts/{path}")
    person.page.goto("/accounts/2fa/recovery-codes/generate/")
    person.send(password=PASSWORD)
    person.go("/accounts/2fa/totp/deactivate/")
    signs_out(person)
    person.go("/accounts/password/reset/")
    person.send(email=email)
    person.send(code=person.mailed())
    person.send(password1="another quiet sentence")
    assert person.is_at("/accounts/password/reset/done/")
