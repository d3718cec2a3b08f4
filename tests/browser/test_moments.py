"""Whose clock: a browser in Montréal tells times in its own zone; what cannot tell them names that of the site."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page

from tests.browser.answering import FIRST, SECOND, choose, expect_saved

pytestmark = [pytest.mark.browser, pytest.mark.any_database]
MONTREAL, PARIS = ZoneInfo("America/Montreal"), ZoneInfo("Europe/Paris")


def saved(page: Page, question: str, choice: str = "level-3") -> tuple[str, datetime]:
    """What the page says of an answer once it is saved, and when the server says that was."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        choose(page, question, choice)
    expect_saved(page)
    return page.locator(".save-state").inner_text(), datetime.fromisoformat(answer.value.json()["saved_at"])


def listed(page: Page) -> tuple[str, datetime, str]:
    """When the page says that a reading link was made, when that was, and the sentence."""
    time = page.locator(".shares time").first
    moment = datetime.fromisoformat(time.get_attribute("datetime"))
    return time.inner_text(), moment, page.locator(".shares p").first.inner_text()


@pytest.mark.parametrize(("language", "word"), [("en", "Saved"), ("fr", "Enregistré à")])
def test_times_are_those_of_the_reader_also_at_both_ends_of_a_link(open_page, guest, language, word):
    page = open_page(f"/r/{guest.key}/strategy/", language=language, timezone_id="America/Montreal")
    text, moment = saved(page, FIRST)
    assert text == f"{word} {moment.astimezone(MONTREAL):%H:%M}"
    guest.submit()
    guest.share()
    page.goto(f"/r/{guest.key}/share/")
    text, moment, sentence = listed(page)
    here = moment.astimezone(MONTREAL)
    number = "1er" if (language, here.day) == ("fr", 1) else here.day
    assert re.fullmatch(rf"{number} \w+ {here.year}, {here:%H:%M}", text)
    assert "Paris" not in sentence
    end = datetime.fromisoformat(page.locator(".shares time").nth(1).get_attribute("datetime")).astimezone(MONTREAL)
    assert sentence.endswith(f"{end.year}, {end:%H:%M}")


def test_without_a_script_or_without_zones_in_it_the_zone_is_named(open_page, guest):
    page = open_page(f"/r/{guest.key}/strategy/", timezone_id="America/Montreal")
    page.add_init_script("delete window.Intl")
    page.reload()
    text, moment = saved(page, SECOND)
    assert text == f"Saved {moment.astimezone(PARIS):%H:%M} (Paris time)"
    guest.submit()
    guest.share()
    page.goto(f"/r/{guest.key}/share/")
    plain = open_page(f"/r/{guest.key}/share/", timezone_id="America/Montreal", java_script_enabled=False)
    for seen in (page, plain):
        text, moment, _sentence = listed(seen)
        assert text == f"{moment.astimezone(PARIS):%-d %B %Y, %H:%M} (Paris time)"


@pytest.mark.parametrize(("language", "told"), [("en", "1 December 2026, 07:00"), ("fr", "1er décembre 2026, 07:00")])
def test_the_first_of_a_month_is_written_as_the_server_does(open_page, guest, language, told):
    page = open_page(f"/r/{guest.key}/strategy/", language=language, timezone_id="America/Montreal")
    assert page.evaluate("localMoment('2026-12-01T12:00:00Z', 'datetime')") == told
    assert page.evaluate("localMoment('2026-12-11T12:00:00Z', 'datetime')") == told.replace("1er", "1").replace(
        "1 ", "11 ", 1
    )
