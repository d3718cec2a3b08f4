"""Every page of the site in every state that looks different, and how to get there."""

from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.answering import FIRST, SECOND
from tests.server import Site, printed
from tests.visitor import Visitor

ADDRESSES = {
    "home": "/",
    "start": "/start/",
    "example": "/example/",
    "methodology": "/methodology/",
    "privacy": "/privacy/",
    "legal": "/legal/",
    "sign in": "/accounts/login/",
    "not there": "/r/wrong/",
    "respond, draft": "/r/{draft}/",
    "respond, submitted": "/r/{full}/",
    "dimension, fresh": "/r/{draft}/strategy/",
    "dimension, with a statement": "/r/{draft}/social-selling/",
    "dimension, optional": "/r/{draft}/context/",
    "review": "/r/{draft}/review/",
    "report, full": "/r/{full}/report/",
    "report, no score": "/r/{empty}/report/",
    "report, not applicable": "/r/{left_out}/report/",
    "report, with an earlier round": "{demo}",
    "shared": "{shared}",
    "sharing": "/r/{full}/share/",
    "organisations": "/organisations/",
    "organisation": "{organisation}",
    "round": "{organisation}rounds/2/",
}
STATES = [
    "start, with errors",
    "dimension, with errors",
    "dimension, with a conflict",
    "sign in, with errors",
    "no cookies",
]
PLACES = [*ADDRESSES, *STATES]
EXPECTED_STATUS = {"not there": 404, "no cookies": 403, "start, with errors": 422}
EXPECTED_STATUS |= {"dimension, with errors": 422, "dimension, with a conflict": 409}


@dataclass(frozen=True)
class World:
    """What there is to look at: the words that fill the addresses, and the session of somebody who is signed in."""

    words: dict[str, str]
    session: str


def make_world(site: Site, questionnaire) -> World:
    """Answer, submit, share and sign in, so that every address leads somewhere."""
    told = site.manage("demo", "--address", site.address)
    words = {"demo": printed(r"(/r/\w+/report/)", told)}
    with Visitor(site.address) as visitor:
        words["draft"] = visitor.start("Draft & Partners")
        visitor.answer("strategy", {SECOND: "level-2", f"{SECOND}.note": "A note", "strategy-time": "unknown"})
        words["empty"] = visitor.start()
        visitor.submit()
        words["left_out"] = answered(visitor, questionnaire, left_out=True)
        words["full"] = answered(visitor, questionnaire)
        words["shared"] = visitor.share()
        visitor.get("/accounts/login/")
        password = printed(r"owner@demo.example, password (\w+)", told)
        status, _text, _place = visitor.post("/accounts/login/", {"login": "owner@demo.example", "password": password})
        assert status == 302
        words["organisation"] = printed(r'href="(/organisations/[\w-]+/)"', visitor.get("/organisations/"))
        return World(words, visitor.cookies["sessionid"])


def answered(visitor: Visitor, questionnaire, *, left_out: bool = False) -> str:
    """The key of a submitted questionnaire; with `left_out`, one dimension does not apply."""
    key = visitor.start("Société Générale des Bateaux-Mouches et de la Navigation fluviale")
    for dimension in questionnaire.dimensions:
        fields = {
            question.key: question.choices[number % len(question.choices)].key
            for number, question in enumerate(dimension.questions)
        }
        fields |= {f"{dimension.questions[0].key}.evidence": "https://example.org/" + "long" * 20}
        fields |= {"dimension.not-applicable": "yes"} if left_out and dimension.not_applicable else {}
        visitor.answer(dimension.key, fields)
    visitor.submit()
    return key


def go(page: Page, place: str, world: World) -> None:
    """Lead a page to a place."""
    if place in ("organisations", "organisation", "round"):
        page.context.add_cookies([{"name": "sessionid", "value": world.session, "url": page.url}])
    if place in ADDRESSES:
        page.goto(ADDRESSES[place].format(**world.words))
        return
    dimension = f"/r/{world.words['draft']}/strategy/"
    page.goto({"start": "/start/", "no co": "/start/", "sign ": "/accounts/login/"}.get(place[:5], dimension))
    if place == "dimension, with errors":
        page.locator(f'[name="{FIRST}.evidence"]').evaluate("field => field.value = 'no link'")
    elif place == "dimension, with a conflict":
        page.locator(f'[name="{SECOND}"][value="level-4"]').evaluate("radio => radio.checked = true")
        page.locator(f'[name="{SECOND}.revision"]').evaluate("field => field.value = 0")
    elif place == "no cookies":
        page.context.clear_cookies()
    with page.expect_navigation():
        page.locator("main form").first.evaluate("form => form.submit()")
