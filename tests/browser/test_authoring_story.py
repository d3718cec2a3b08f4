"""A questionnaire gets its next version: an author writes it, a publisher publishes it, and what was before stays as it was."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.apps import apps
from playwright.sync_api import Locator, Page, expect

from assessment.text.binding import bound
from tests.browser.answering import FIRST, SECOND, choose, chosen
from tests.browser.test_story import begin
from tests.server import Site, running_site
from tests.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.any_database]
MAKE_ACCOUNTS = (
    "from django.contrib.auth.models import Group\n"
    "from tests.factories import account\n"
    "for name in ('author', 'publisher'):\n"
    "    account(f'{name}@example.org', is_staff=True).groups.add(Group.objects.get(name=name))\n"
)
# Each database sees one of the two: the author's pages without the script, and with it.
WAY = ("fr", False) if os.environ["DATABASE_URL"].startswith("sqlite") else ("en", True)
REWORDED = {"en": "How is your social media strategy written down?", "fr": "Comment votre stratégie est-elle écrite ?"}
ADDED = {"en": "Who reads what your company posts?", "fr": "Qui lit ce que publie votre entreprise ?"}
NEW_KEY = "who-reads-what-your-company-posts"
ADVICE = {"en": "Ask ten readers what they kept.", "fr": "Demandez à dix lecteurs ce qu’ils ont retenu."}
LEVELS = [
    ("Nobody knows", "Personne ne le sait"),
    ("We suppose it", "Nous le supposons"),
    ("The networks count it", "Les réseaux le comptent"),
    ("We ask some readers", "Nous interrogeons des lecteurs"),
    ("We ask readers every year", "Nous interrogeons des lecteurs chaque année"),
]
STEPS = (2, 3, 4)  # the statements that a plan can aim at
FORGOTTEN, WRONG = 2, 3  # the statement without its French, and the one whose points do not rise


@pytest.fixture
def site(tmp_path_factory, static) -> Iterator[Site]:
    """A site of its own: others go on with the first version."""
    with running_site(tmp_path_factory.mktemp("authoring"), static) as running:
        running.manage("shell", "--verbosity=0", "-c", MAKE_ACCOUNTS)
        yield running


@dataclass(frozen=True)
class Before:
    """What there is when the author begins: a result with its data, a draft under way, and version 1 as it is stored."""

    result: str
    data: bytes
    under_way: Page
    version: list[tuple]


def test_a_questionnaire_gets_its_next_version(open_page, site):
    language, has_script = WAY
    before = begins(open_page, site, language)
    author = open_page("/admin/", language=language, java_script_enabled=has_script)
    signs_in(author, "author")
    draft = makes_a_new_version(author)
    rewords_a_question(author, draft)
    adds_a_question(author, draft)
    moves_it(author, draft)
    mends_what_the_check_says(author, draft)
    previews(author, draft, site)
    sees_what_changes_and_publishes_nothing(author, draft, language)
    publisher = open_page("/admin/", language=language)
    signs_in(publisher, "publisher")
    publishes(publisher, draft)
    a_new_guest_gets_version_2(open_page, language)
    what_was_before_is_as_it_was(before, site, publisher)


def begins(open_page, site: Site, language: str) -> Before:
    """Somebody has a result on version 1, and somebody else is under way in a browser."""
    with Visitor(site.address) as visitor:
        result = visitor.start()
        visitor.answer("strategy", {FIRST: "level-2", SECOND: "level-4"})
        visitor.submit()
    guest = open_page("/", language=language)
    begin(guest)
    guest.wait_for_url("**/strategy/")
    choose(guest, FIRST, "level-3")
    with guest.expect_navigation():
        guest.locator(".page-actions button").click()
    return Before(result, data_of(guest, site, result), guest, version_1(site))


def data_of(page: Page, site: Site, key: str) -> bytes:
    answer = page.request.get(f"{site.address}/r/{key}/report.json")
    assert answer.ok
    return answer.body()


def version_1(site: Site) -> list[tuple]:
    """All of version 1 but its state."""
    found = site.rows(
        "SELECT content_hash, published_at, title_en, title_fr FROM assessment_questionnaire WHERE version = 1"
    )
    for table, order in (("dimension", "d.id"), ("question", "q.id"), ("choice", "c.id")):
        found += site.rows(
            f"SELECT DISTINCT {order[0]}.* FROM assessment_choice c JOIN assessment_question q ON c.question_id = q.id "
            "JOIN assessment_dimension d ON q.dimension_id = d.id JOIN assessment_questionnaire v "
            f"ON d.questionnaire_id = v.id WHERE v.version = 1 ORDER BY {order}"
        )
        assert len(found) > 1, table
    return found


# The author -----------------------------------------------------------------------------------------------------------
def signs_in(page: Page, name: str) -> None:
    """For the first time: with the password, and an app for one-time codes that is set up on the way."""
    send(page, login=f"{name}@example.org", password="pass")
    send(page, password="pass")
    key = page.input_value("#totp-key")
    send(page, code=code_of(key))
    page.goto("/admin/")
    send(page, code=code_of(key))
    expect(page.locator("#user-tools")).to_be_visible()


def code_of(key: str) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(key, int(time.time()) // 30))


def send(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.fill(f'main [name="{name}"]', value)
    press(page, page.locator("main form .btn-primary").first)


def press(page: Page, button: Locator) -> None:
    with page.expect_navigation():
        button.click()


def step(page: Page, name: str) -> None:
    """Follow the link to a page of a version's life."""
    press(page, page.locator(f'.object-tools a[href$="/{name}/"]'))


def makes_a_new_version(page: Page) -> str:
    """From the first page of the administration; the address of the draft."""
    press(page, page.locator('#content a[href="/admin/assessment/questionnaire/"]').first)
    press(page, page.locator("#result_list tbody th a").first)
    step(page, "new-version")
    press(page, page.locator(".submit-row input"))
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert page.url.endswith("/change/")
    return page.url


def row_of(page: Page, text: str) -> Locator:
    return page.locator(".outline tr", has=page.get_by_role("link", name=text, exact=True))


def words(page: Page, texts: dict[str, str]) -> str:
    """A text in the language of a page."""
    return texts[page.evaluate("document.documentElement.lang")]


def rewords_a_question(page: Page, draft: str) -> None:
    """In both languages; its key stays."""
    press(page, page.locator(".outline tbody a").first)
    assert page.input_value("#id_key") == FIRST
    expect(page.locator("#id_key")).to_be_disabled()
    for language, text in REWORDED.items():
        page.fill(f"#id_text_{language}", text)
    press(page, page.locator(".submit-row [name=_save]"))
    assert page.url.startswith(draft)
    expect(row_of(page, words(page, REWORDED))).to_be_visible()


def adds_a_question(page: Page, draft: str) -> None:
    """With five statements and the steps to three; one text and one number are not as they should be."""
    press(page, page.locator(".outline a.addlink").first)
    for language, place in (("en", 0), ("fr", 1)):
        page.fill(f"#id_text_{language}", ADDED[language])
        for number, texts in enumerate(LEVELS):
            if (number, language) != (FORGOTTEN, "fr"):
                page.fill(f"#id_choices-{number}-text_{language}", texts[place])
    page.fill(f"#id_choices-{WRONG}-points", "50")
    for number in STEPS:
        writes_a_step(page, number)
    press(page, page.locator(".submit-row [name=_save]"))
    assert page.url.startswith(draft)
    expect(row_of(page, words(page, ADDED))).to_be_visible()


def writes_a_step(page: Page, number: int) -> None:
    """What leads to a statement; it stands folded below it."""
    page.locator(f"#choices-{number} summary").click()
    for language, text in ADVICE.items():
        page.fill(f"#id_choices-{number}-step_title_{language}", text)
        page.fill(f"#id_choices-{number}-first_move_{language}", text)
    page.select_option(f"#id_choices-{number}-effort", index=1)
    page.select_option(f"#id_choices-{number}-owner", index=1)


def order(page: Page) -> list[str]:
    """The questions of the first dimension as the outline shows them."""
    return page.locator(".outline table").first.locator("tbody th a").all_inner_texts()


def moves_it(page: Page, draft: str) -> None:
    added = words(page, ADDED)
    last = len(order(page)) - 1
    assert order(page)[last] == added
    for place in (last - 1, last - 2):
        press(page, row_of(page, added).locator('button[value="up"]'))
        assert order(page)[place] == added
    press(page, row_of(page, added).locator('button[value="down"]'))
    assert order(page)[last - 1] == added


def problems(page: Page, kind: str) -> list[str]:
    """What the check says of the new question."""
    found = page.locator(f'table[aria-labelledby="{kind}"] tbody tr').all_inner_texts()
    return [told for told in found if NEW_KEY in told]


def mends_what_the_check_says(page: Page, draft: str) -> None:
    """A text is missing, and points do not rise; the check leads to the question, where both are put right."""
    step(page, "check")
    wrong, doubtful = problems(page, "problems"), problems(page, "warnings")
    assert len(wrong) == page.locator('table[aria-labelledby="problems"] tbody tr').count() == 1
    press(page, page.locator('table[aria-labelledby="problems"] a'))
    assert page.input_value("#id_text_en") == ADDED["en"]
    page.fill(f"#id_choices-{FORGOTTEN}-text_fr", LEVELS[FORGOTTEN][1])
    page.fill(f"#id_choices-{WRONG}-points", "75")
    press(page, page.locator(".submit-row [name=_save]"))
    step(page, "check")
    assert problems(page, "problems") == []
    assert len(set(doubtful) - set(problems(page, "warnings"))) == 1
    assert page.locator("#problems").count() == 0


def stored(site: Site) -> dict[str, list[tuple]]:
    """Every row of every table, sorted; sessions only as many as there are."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return {name: sorted(map(str, site.rows(f"SELECT * FROM {name}"))) for name in tables}


def previews(page: Page, draft: str, site: Site) -> None:
    """All of it as a respondent gets it, with a score and a report at the end; nothing is stored."""
    before = stored(site)
    page.goto(draft)
    step(page, "preview")
    expect(page.locator(f"#{FIRST} legend")).to_contain_text(words(page, REWORDED))
    expect(page.locator(f"#{NEW_KEY} legend")).to_contain_text(words(page, ADDED))
    while page.locator("form.answers").count():
        for best in page.locator('label:has(input[value="level-5"])').all():
            best.click()
        press(page, page.locator(".page-actions .btn-primary"))
    expect(page.locator("h1")).to_contain_text("100")
    assert words(page, ADDED) in page.locator("#dimension-strategy").text_content()
    assert stored(site) == before


def sees_what_changes_and_publishes_nothing(page: Page, draft: str, language: str) -> None:
    page.goto(draft)
    step(page, "changes")
    expect(page.locator("#content-main")).to_contain_text(REWORDED[language])
    expect(page.locator("#content-main")).to_contain_text(ADDED[language])
    assert any(words(page, {"en": "Strategy", "fr": "Stratégie"}) in told for told in broken(page))
    for name in ("check", "changes", "preview", "change"):
        page.goto(draft.replace("/change/", f"/{name}/"))
        assert page.locator('a[href*="/publish/"]').count() == 0
    answer = page.goto(draft.replace("/change/", "/publish/"))
    assert answer.status == 403


def broken(page: Page) -> list[str]:
    """The trends that break, in words."""
    return page.locator("#trends ~ ul").first.locator("li").all_inner_texts()


# The publisher, and everybody else ------------------------------------------------------------------------------------
def publishes(page: Page, draft: str) -> None:
    """With a mark that of the question that was there before only the wording changed."""
    press(page, page.locator("#drafts a"))
    assert page.url == draft
    step(page, "publish")
    unmarked = broken(page)
    page.locator(f'[name="reworded"][value="{FIRST}"]').check()
    press(page, page.locator('.submit-row [name="look"]'))
    assert broken(page) != unmarked
    assert page.locator(f'[name="reworded"][value="{FIRST}"]').is_checked()
    press(page, page.locator('.submit-row [name="publish"]'))
    expect(page.locator(".messagelist .success")).to_be_visible()


def a_new_guest_gets_version_2(open_page, language: str) -> None:
    guest = open_page("/", language=language)
    begin(guest)
    guest.wait_for_url("**/strategy/")
    expect(guest.locator(f"#{NEW_KEY} legend")).to_contain_text(bound(ADDED[language]))
    expect(guest.locator(f"#{FIRST} legend")).to_contain_text(bound(REWORDED[language]))


def what_was_before_is_as_it_was(before: Before, site: Site, publisher: Page) -> None:
    page = before.under_way
    key = page.url.split("/")[4]
    page.goto(f"/r/{key}/strategy/")
    assert page.locator(f"#{NEW_KEY}").count() == 0
    assert chosen(page, FIRST) == ["level-3"]
    choose(page, SECOND, "level-4")
    press(page, page.locator(".page-actions button"))
    page.goto(f"/r/{key}/review/")
    press(page, page.locator("main form button.btn-primary"))
    page.wait_for_url("**/report/")
    assert page.request.get(f"{site.address}/r/{key}/report.json").json()["questionnaire"]["version"] == 1
    assert data_of(page, site, before.result) == before.data
    assert version_1(site) == before.version
    publisher.goto("/admin/assessment/questionnaire/?status__exact=retired")
    press(publisher, publisher.locator("#result_list tbody th a"))
    assert words(publisher, REWORDED) not in publisher.locator(".outline").text_content()
    assert publisher.locator(".submit-row [name=_save], .move").count() == 0
