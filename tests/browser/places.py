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
    "barometer": "/barometer/",
    "barometer, one cell": "/barometer/?sector=trade",
    "barometer, in a frame": "/barometer/embed/",
    "privacy": "/privacy/",
    "legal": "/legal/",
    "trust": "/trust/",
    "sign in": "/accounts/login/",
    "not there": "/r/wrong/",
    "not allowed": "/admin/assessment/response/add/",
    "respond, draft": "/r/{draft}/",
    "respond, submitted": "/r/{full}/",
    "respond, correcting": "/r/{correcting}/",
    "drop a correction": "/r/{correcting}/correct/drop/",
    "dimension, correcting": "/r/{correcting}/strategy/",
    "erase, correcting": "/r/{correcting}/erase/",
    "dimension, fresh": "/r/{draft}/strategy/",
    "dimension, with a statement": "/r/{draft}/social-selling/",
    "dimension, half way": "/r/{half}/roi/",
    "dimension, optional": "/r/{draft}/context/",
    "review": "/r/{draft}/review/",
    "report, provisional": "/r/{half}/provisional/",
    "report, provisional, too early": "/r/{draft}/provisional/",
    "report, full": "/r/{full}/report/",
    "report, correcting": "/r/{correcting}/report/",
    "report, no score": "/r/{empty}/report/",
    "report, not applicable": "/r/{left_out}/report/",
    "report, with an earlier round": "{demo}",
    "shared": "{shared}",
    "sharing": "/r/{full}/share/",
    "sharing, with links": "{organisation}rounds/2/share/",
    "what if": "/r/{full}/what-if/",
    "what if, of a round": "{organisation}rounds/2/what-if/?tried=1",
    "keep": "/r/{full}/keep/",
    "invitation": "{invitation}",
    "people": "{organisation}people/",
    "organisations": "/organisations/",
    "organisation": "{organisation}",
    "settings": "{organisation}settings/",
    "erase": "/r/{full}/erase/",
    "my data": "/accounts/data/",
    "delete my account": "/accounts/delete/",
    "round": "{organisation}rounds/2/",
    "round, confidential": "{organisation}rounds/3/",
    "start a round": "{organisation}rounds/start/",
    "round, open": "{open}",
    "invite, open": "{open}invite/",
    "drop drafts": "{open}drafts/",
    "join, open": "{link}",
    "join, signed in": "{link}",
    "join, taking part": "{link}",
    "join, used": "{used}",
    "round, waiting": "{confidential}",
    "invite, confidential": "{confidential}invite/",
    "join, confidential": "{personal}",
    "no more mail": "{stop}",
    "review, confidential": "/r/{joined}/review/",
    "invite, not settled": "{solo}invite/",
    "compare": "{organisation}compare/",
    "compare, with errors": "{organisation}compare/?before=9",
    "plan": "{organisation}plan/",
    "action": "{organisation}plan/{action}/",
}
STATES = [
    "start, with errors",
    "dimension, with errors",
    "dimension, with a conflict",
    "dimension, submitted meanwhile",
    "sign in, with errors",
    "plan, with errors",
    "action, with errors",
    "close, while somebody answers",
    "no cookies",
    "not understood",
    "not open",
    "out of order",
]
PLACES = [*ADDRESSES, *STATES]
BOTH_LANGUAGES_AT_ONCE = ["out of order"]
EXPECTED_STATUS = {"not there": 404, "no cookies": 403, "start, with errors": 422, "not allowed": 403}
EXPECTED_STATUS |= {"plan, with errors": 422, "action, with errors": 422}
EXPECTED_STATUS |= {"dimension, with errors": 422, "dimension, with a conflict": 409}
EXPECTED_STATUS |= {"dimension, submitted meanwhile": 409, "not understood": 400, "not open": 503, "out of order": 500}
# What is wrong with the database meanwhile, and how it is put right.
DISTURBED = {
    "not open": (
        "/start/",
        "UPDATE assessment_questionnaire SET status = 'retired' WHERE status = 'published'",
        "UPDATE assessment_questionnaire SET status = 'published' WHERE status = 'retired'",
    ),
    "out of order": (
        "/shared/wrong/",
        "ALTER TABLE assessment_share RENAME TO assessment_gone",
        "ALTER TABLE assessment_gone RENAME TO assessment_share",
    ),
}
SIGNED_IN = {
    "organisations": "owner",
    "organisation": "owner",
    "settings": "owner",
    "my data": "owner",
    "delete my account": "owner",
    "round": "owner",
    "round, confidential": "owner",
    "start a round": "owner",
    "round, open": "owner",
    "sharing, with links": "owner",
    "what if, of a round": "owner",
    "round, waiting": "owner",
    "invite, open": "owner",
    "drop drafts": "owner",
    "close, while somebody answers": "owner",
    "invite, confidential": "owner",
    "invite, not settled": "owner",
    "people": "owner",
    "compare": "owner",
    "compare, with errors": "owner",
    "plan": "owner",
    "plan, with errors": "owner",
    "action": "owner",
    "action, with errors": "owner",
    "not allowed": "admin",
    "join, signed in": "admin",
    "join, taking part": "owner",
}


@dataclass(frozen=True)
class World:
    """What there is to look at: the words that fill the addresses, and the sessions of people who are signed in."""

    site: Site
    words: dict[str, str]
    sessions: dict[str, str]


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
        words["half"] = half_answered(visitor, questionnaire)
        words["full"] = answered(visitor, questionnaire)
        words["shared"] = visitor.share()
        words["correcting"] = answered(visitor, questionnaire)
        assert visitor.post(f"/r/{visitor.key}/correct/", {})[0] == 302
    sessions = {}
    for who in ("admin", "owner"):
        with Visitor(site.address) as visitor:
            sign_in(visitor, f"{who}@demo.example", told)
            sessions[who] = visitor.cookies["sessionid"]
            if who == "owner":
                words |= kept_organisation(visitor)
                words |= rounds_of_several(visitor, site)
    with Visitor(site.address) as visitor:
        words["joined"] = visitor.join(words["used"], "sales")
    with Visitor(site.address) as visitor:
        visitor.join(words["link"], "sales")
    return World(site, words, sessions)


def kept_organisation(visitor: Visitor) -> dict[str, str]:
    """An owner's organisation, and a link that makes somebody one of its people."""
    organisation = printed(r'href="(/organisations/[\w-]+/)"', visitor.get("/organisations/"))
    people = f"{organisation}people/"
    visitor.get(people)
    visitor.post(people, {"link": "yes", "role": "member"})
    invitation = printed(r'value="http://[^/"]+(/invitation/[\w-]+/)"', visitor.get(people))
    action = printed(r"/plan/(\d+)/", visitor.get(f"{organisation}plan/"))
    return {"organisation": organisation, "invitation": invitation, "action": action}


def rounds_of_several(visitor: Visitor, site: Site) -> dict[str, str]:
    """Rounds under way: one not settled, an open one and a confidential one with two invitations, one of them to use."""
    rounds = {mode: kept_round(visitor, mode) for mode in ("solo", "open", "confidential")}
    for mode in ("open", "confidential"):
        visitor.get(f"{rounds[mode]}invite/")
        visitor.post(f"{rounds[mode]}invite/", {"do": "mode", "mode": mode})
    link = printed(r'value="http://[^/"]+(/join/\w+/)"', visitor.get(f"{rounds['open']}invite/"))
    names = ["a.person.with.a.very.long.name@a-company-with-a-long-name.example", "b@example.org"]
    assert visitor.post(f"{rounds['confidential']}invite/", {"do": "invite", "emails": " ".join(names)})[0] == 302
    site.deliver()
    mails = [mail.get_content() for mail in site.mails()[-2:]]
    personal, used = (printed(r"(/join/\w+/)", mail) for mail in mails)
    stop = printed(r"(/mail/stop/[\w-]+/)", mails[0])
    for recipient, state, reason in ((names[0], "failed", "refused"), (names[1], "unknown", "")):  # as told on the page
        changed = f"UPDATE assessment_mail SET state = '{state}', reason = '{reason}'"
        site.change(f"{changed} WHERE recipient = '{recipient}'")
    return rounds | {"link": link, "personal": personal, "used": used, "stop": stop}


def kept_round(visitor: Visitor, name: str) -> str:
    """The only round of another organisation that whoever is signed in keeps."""
    key = visitor.start(f"Organisation {name}")
    visitor.submit()
    visitor.get(f"/r/{key}/keep/")
    status, _text, place = visitor.post(f"/r/{key}/keep/", {})
    assert (status, place[:15]) == (302, "/organisations/")
    return f"{place}rounds/1/"


def sign_in(visitor: Visitor, email: str, told: str) -> None:
    """With the password that the making of the demonstration accounts has told."""
    visitor.get("/accounts/login/")
    password = printed(rf"{email}, password (\w+)", told)
    status, _text, place = visitor.post("/accounts/login/", {"login": email, "password": password})
    assert status == 302
    if place.startswith("/accounts/2fa/"):
        visitor.get(place)
        code = printed(r"a one-time code, each works once: (\w+)", told)
        assert visitor.post(place, {"code": code})[0] == 302


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


def half_answered(visitor: Visitor, questionnaire) -> str:
    """The key of a draft with three of its dimensions answered."""
    key = visitor.start("Société Générale des Bateaux-Mouches et de la Navigation fluviale")
    for dimension in questionnaire.dimensions[:3]:
        asked = enumerate(dimension.questions)
        visitor.answer(dimension.key, {question.key: question.choices[number % 5].key for number, question in asked})
    return key


def go(page: Page, place: str, world: World) -> None:
    """Lead a page to a place."""
    if place in SIGNED_IN:
        cookie = {"name": "sessionid", "value": world.sessions[SIGNED_IN[place]], "url": world.site.address}
        page.context.add_cookies([cookie])
    if place in ADDRESSES:
        page.goto(ADDRESSES[place].format(**world.words))
    elif place in DISTURBED:
        address, wrong, right = DISTURBED[place]
        world.site.change(wrong)
        try:
            page.goto(address)
        finally:
            world.site.change(right)
    else:
        send(page, place, world)


def send(page: Page, place: str, world: World) -> None:
    """Lead a page to what a form answers when something is wrong with it."""
    dimension = f"/r/{world.words['draft']}/strategy/"
    starts = dict.fromkeys(("start, with errors", "no cookies", "not understood"), "/start/")
    starts |= {"sign in, with errors": "/accounts/login/"}
    starts |= {f"{name}, with errors": ADDRESSES[name].format(**world.words) for name in ("plan", "action")}
    starts |= {"close, while somebody answers": ADDRESSES["round, open"].format(**world.words)}
    page.goto(starts.get(place, dimension))
    if place == "dimension, with errors":
        page.locator(f'[name="{FIRST}.evidence"]').evaluate("field => field.value = 'no link'")
    elif place == "dimension, with a conflict":
        page.locator(f'[name="{SECOND}"][value="level-4"]').evaluate("radio => radio.checked = true")
        page.locator(f'[name="{SECOND}.revision"]').evaluate("field => field.value = 0")
    elif place == "action, with errors":
        page.locator("[name=state]").evaluate("field => field.value = ''")
    elif place == "dimension, submitted meanwhile":
        page.locator("main form").first.evaluate(
            "(form, to) => form.action = to", f"/r/{world.words['full']}/strategy/"
        )
    elif place == "not understood":  # more fields than any form of ours has
        page.locator("main form").first.evaluate(
            "form => { for (let i = 0; i < 2000; i++) form.append(Object.assign(document.createElement('input'), "
            "{type: 'hidden', name: 'x' + i})) }"
        )
    elif place == "no cookies":
        page.context.clear_cookies()
    with page.expect_navigation():
        page.locator("main form").first.evaluate("form => form.submit()")
