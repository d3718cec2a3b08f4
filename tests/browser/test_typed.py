"""What people typed outlives a change of language, a session that ended and a form that was refused, on every page."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Page, expect

from tests.browser.places import ADDRESSES, DISTURBED, SIGNED_IN, STATES, World, go
from tests.browser.test_admin_pages import PAGES, Look, first, make_a_draft
from tests.sampling import THOROUGH, sample
from tests.test_access import TABLE
from tests.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.any_database]
# Pages with forms that no other test of a browser looks at, and who is there.
MORE = {
    "/accounts/signup/": None,
    "/accounts/password/reset/": None,
    "/accounts/email/": "owner",
    "/accounts/password/change/": "owner",
}
# The pages that begin only after another one; they ask for nothing but a code or a password, which are never kept.
ASKED_ON_THE_WAY = {
    "account_reauthenticate",
    "mfa_reauthenticate",
    "account_inactive",
    "account_password_reset_completed",
    "mfa_index",
    "account",
}
NO_PAGE = re.compile("chart|document|export$|download|csv|pdf$|json$|outcome$|calendar$|^live$|^ready$|^robots$")
# Fields are told by their names, as a page in another language or at another address has the same.
FIELDS = """
  const never = ["hidden", "password", "submit", "button", "file"];
  const shown = [...document.querySelectorAll("main form:not(.answers)")].flatMap(form => [...form.elements])
    .filter(field => field.name && field.name !== "code" && "value" in field && !never.includes(field.type)
      && !field.name.includes("__prefix__") && !field.readOnly && !field.disabled && !field.closest(".selector"));
  const isPick = field => ["radio", "checkbox"].includes(field.type);
  const seen = {};
  const named = shown.map(field => {
    const name = field.name + (isPick(field) ? "=" + field.value : "");
    seen[name] = (seen[name] || 0) + 1;
    return [name + " " + seen[name], field];
  });
  const read = () => Object.fromEntries(named.map(([name, field]) => [name, isPick(field) ? field.checked : field.value]));
"""
READ = f"() => {{ {FIELDS} return read(); }}"
# Type something else into every field, and say what they hold then; and how many forms there are that one can fill in.
FILL = f"""() => {{ {FIELDS}
  const words = {{date: "2031-05-06", number: "7", email: "anne@example.org", url: "https://example.org/typed"}};
  for (const [name, field] of named) {{
    if (field.type === "radio") field.checked = true;
    else if (field.type === "checkbox") field.checked = !field.checked;
    else if (field.options) {{
      const other = [...field.options].findIndex(option => !option.selected && option.value);
      if (other >= 0) field.selectedIndex = other;
    }} else field.value = words[field.type] || "Typed “" + name + "”";
  }}
  return read();
}}"""
FORMS = f"() => {{ {FIELDS} return [...new Set(shown.map(field => [...document.forms].indexOf(field.form)))]; }}"
NOTICE = 'main [role="status"].notice'


def lost(before: dict, page: Page) -> dict:
    """The fields that hold something else now, with both values."""
    after = page.evaluate(READ)
    return {name: (value, after.get(name)) for name, value in before.items() if after.get(name) != value}


def switch(page: Page) -> None:
    """Press the language that the page is not in."""
    with page.expect_navigation():
        page.locator(".languages button:not([aria-current])").click()


@pytest.fixture(scope="module")
def places_with_forms(world) -> list[str]:
    """Whatever is shown at an address of its own, and has a field to fill in, for who may see it."""
    found = []
    for place, address in ADDRESSES.items():
        with Visitor(world.site.address) as visitor:
            if place in SIGNED_IN:
                visitor.cookies["sessionid"] = world.sessions[SIGNED_IN[place]]
            main = visitor.ask("GET", address.format(**world.words))[1].partition("<main")[2]
        if re.search(r"<(textarea|select|input(?![^>]*type=.(hidden|password))[^>]* name=)", main):
            found.append(place)
    return found


@pytest.fixture
def page(open_page) -> Page:
    """A tab that leaves charts out: they take longer than all the rest."""
    page = open_page("/health/live")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setBlockedURLs", {"urls": ["*.svg*", "*.png*"]})
    return page


def enter(page: Page, place: str, world: World) -> None:
    """Lead to a place of the others' table or of this one."""
    page.context.clear_cookies()
    if place not in MORE:
        return go(page, place, world)
    if MORE[place]:
        be(page, MORE[place], world)
    page.goto(place)


def be(page: Page, who: str, world: World) -> None:
    """Go on as somebody who is signed in."""
    page.context.add_cookies([{"name": "sessionid", "value": world.sessions[who], "url": world.site.address}])


def test_every_page_of_the_site_is_in_these_tables(world):
    addresses = [*(address.format(**world.words) for address in ADDRESSES.values() if address != "/r/wrong/"), *MORE]
    looked_at = {resolve(urlsplit(address).path).url_name for address in addresses}
    pages = {name for name, row in TABLE.items() if 200 in row.get.values() and not NO_PAGE.search(name)}
    assert pages - looked_at - ASKED_ON_THE_WAY == {"keep_by_link", "edition"}  # nothing to type


def test_a_language_switch_keeps_what_was_typed_on_every_page(page, world, places_with_forms):
    gone, filled = {}, []
    for place in sample([*places_with_forms, *STATES, *MORE], 16):
        if place in DISTURBED:
            continue
        enter(page, place, world)
        before = page.evaluate(FILL)
        if not before:
            continue
        filled.append(place)
        language = page.locator("html").get_attribute("lang")
        switch(page)
        assert page.locator("html").get_attribute("lang") != language
        if found := lost(before, page):
            gone[place] = found
        expect(page.locator(NOTICE)).to_have_count(0)  # nobody was interrupted
    assert gone == {}
    assert len(filled) > (20 if THOROUGH else 8)


def send(page: Page, form: int) -> None:
    """As Enter in one of its fields would."""
    with page.expect_navigation():
        page.evaluate("number => document.forms[number].requestSubmit()", form)


def sign_out_elsewhere(page: Page) -> None:
    """The session ends while the page is open."""
    page.context.clear_cookies(name="sessionid")


def come_back(page: Page, who: str, world: World) -> None:
    """Where signing in would lead, from the page that asks for it."""
    address = urlsplit(page.url)
    assert address.path == "/accounts/login/", page.url
    be(page, who, world)
    page.goto(parse_qs(address.query)["next"][0])


def test_what_was_typed_outlives_a_session_that_ended_in_every_form_of_the_signed_in(page, world, places_with_forms):
    gone, sent = {}, []
    for place in [
        *(place for place in places_with_forms if SIGNED_IN.get(place) == "owner" and "join" not in place),
        "/accounts/email/",
    ]:
        enter(page, place, world)
        for number, form in enumerate(page.evaluate(FORMS)):
            if number:
                enter(page, place, world)
            before = page.evaluate(FILL)
            is_get = page.evaluate("number => document.forms[number].method === 'get'", form)
            sign_out_elsewhere(page)
            send(page, form)
            come_back(page, "owner", world)
            if found := lost(before, page):
                gone[place] = found
            if not is_get:  # else the address has it all
                expect(page.locator(NOTICE)).to_have_count(1)
            sent.append((place, form))
    assert gone == {}
    assert len(sent) >= 12
    page.reload()
    expect(page.locator(NOTICE)).to_have_count(0)


def test_an_error_page_in_another_language_keeps_what_was_sent(open_page, world):
    """Also where an error stands at an address that has no page of its own."""
    page = open_page("/start/")
    page.fill("[name=name]", "Maison Dupont")
    page.fill("[name=email]", "no address")
    send(page, page.evaluate(FORMS)[0])
    before = page.evaluate(READ)
    assert page.url.endswith("/start/")
    switch(page)
    assert lost(before, page) == {}
    assert page.input_value("[name=name]") == "Maison Dupont"
    for place, field, form in (
        ("respond, draft", "email", "form[action$='/mail/']"),
        ("settings", "confirm", "form[action$='/delete/']"),
    ):
        enter(page, place, world)
        page.fill(f"[name={field}]", "not this")
        with page.expect_navigation():
            page.locator(f"{form} button").click()
        assert page.url.endswith(("/mail/", "/delete/"))
        expect(page.locator(f"[name={field}]")).to_have_value("not this")
        switch(page)
        assert not page.url.endswith(("/mail/", "/delete/"))
        expect(page.locator(f"[name={field}]")).to_have_value("not this")


def test_a_language_switch_keeps_a_note_that_was_just_typed(open_page, guest):
    page = open_page(f"/r/{guest.key}/strategy/")
    held = []

    def hold_the_first(route) -> None:
        """The save that leaving the field sends does not arrive; else it might be answered before the page is left."""
        is_first = not held and "save=" in (route.request.post_data or "")
        held.append(route) if is_first else route.continue_()

    page.route("**/strategy/", hold_the_first)
    note = page.locator('textarea[name$=".note"]').first
    note.evaluate("field => { field.closest('details').open = true; }")
    note.press_sequentially("Just typed")
    switch(page)
    expect(page.locator('textarea[name$=".note"]').first).to_have_value("Just typed")
    expect(page.locator(".save-state")).to_have_class(re.compile("is-saved"))
    assert held
    page.reload()
    expect(page.locator('textarea[name$=".note"]').first).to_have_value("Just typed")


def test_a_language_switch_keeps_the_address_with_what_was_asked(page, world):
    enter(page, "plan", world)
    for asked in ("plan/?step=strategy-goals&x=é", "compare/?before=1&after=2", "rounds/2/what-if/?tried=1"):
        page.goto(world.words["organisation"] + asked)
        address = page.url
        switch(page)
        assert page.url == address


def test_a_form_that_was_refused_is_found_filled_in(open_page, world):
    page = open_page("/start/")
    before = page.evaluate(FILL)
    page.context.clear_cookies(name="csrftoken")  # as if signed in elsewhere meanwhile
    send(page, page.evaluate(FORMS)[0])
    expect(page.locator("main form")).to_have_count(0)
    page.locator("main a.btn-primary").click()
    page.wait_for_url("**/start/")
    expect(page.locator(NOTICE)).to_be_visible()
    assert lost(before, page) == {}
    page.context.clear_cookies(name="csrftoken")
    send(page, page.evaluate(FORMS)[0])
    switch(page)  # on the page that refuses it
    assert lost(before, page) == {}
    expect(page.locator(NOTICE)).to_be_visible()


def test_what_went_through_does_not_come_back(open_page):
    page = open_page("/start/")
    page.evaluate(FILL)
    send(page, page.evaluate(FORMS)[0])
    assert "/r/" in page.url
    page.goto("/accounts/login/")
    page.goto("/start/")
    expect(page.locator("[name=name]")).to_have_value("")
    expect(page.locator(NOTICE)).to_have_count(0)


def test_what_one_person_typed_is_not_shown_to_another_nor_after_signing_out(page, world):
    for leaves in ("somebody else signs in", "signs out"):
        enter(page, "/accounts/email/", world)
        page.fill("main input[type=email]", "anne@example.org")
        sign_out_elsewhere(page)
        send(page, page.evaluate(FORMS)[0])
        if leaves == "signs out":  # at the second step of signing in, for one
            page.evaluate("document.forms[0].action = '/accounts/logout/'")
            send(page, 0)
        be(page, "admin" if leaves == "somebody else signs in" else "owner", world)
        page.goto("/accounts/email/")
        expect(page.locator("main input[type=email]")).to_have_value("")


def test_passwords_and_codes_are_never_kept(open_page):
    page = open_page("/accounts/signup/")
    page.fill("[name=email]", "anne@example.org")
    page.fill("[name=password1]", "a quiet sentence")
    page.evaluate("document.querySelector('main form').insertAdjacentHTML('beforeend', '<input name=code value=\"\">')")
    page.fill("[name=code]", "123456")
    page.evaluate("addEventListener('submit', event => event.preventDefault())")  # to look before the page goes
    page.locator(".languages button:not([aria-current])").click()
    kept = page.evaluate("sessionStorage.getItem('typed')")
    assert "anne@example.org" in kept
    assert "quiet" not in kept
    assert "123456" not in kept
    page.reload()
    expect(page.locator("[name=email]")).to_have_value("anne@example.org")
    expect(page.locator("[name=password1]")).to_have_value("")


def test_without_a_place_to_keep_it_nothing_fails(open_page):
    context = open_page("/health/live").context
    context.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/start/")
    page.fill("[name=name]", "Maison Dupont")
    switch(page)
    assert page.locator("html").get_attribute("lang") == "fr"
    assert complaints == []


# The administration ---------------------------------------------------------------------------------------------------
PASSWORD = "a quiet sentence"
AUTHOR = f"""
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user_model
user = get_user_model().objects.create_superuser("author", "author@example.org", "{PASSWORD}")
EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
TOTP.activate(user, generate_totp_secret())
print(*RecoveryCodes.activate(user).get_unused_codes())
"""
WRITTEN = [place for place in PAGES if re.search("/change/|/add/|import|publish|answers", place)]
WRITTEN = [
    place for place in WRITTEN if not re.search("^(admin|assessment/(study|finding|round|response/.*change))", place)
]


@pytest.fixture
def author(page, site, world) -> Look:
    """The administrator of the demonstration, with a draft."""
    look = Look(page, "en")
    be(look.page, "admin", world)
    make_a_draft(look, site)
    return look


def test_what_was_typed_in_the_administration_outlives_a_session_that_ended(author, world):
    page, gone, sent = author.page, {}, []
    for place in sample(WRITTEN, 9):
        author.go(place)
        before = page.evaluate(FILL)
        if not before:
            continue
        sign_out_elsewhere(page)
        send(page, page.evaluate(FORMS)[0])
        come_back(page, "admin", world)
        if found := lost(before, page):
            gone[place] = found
        expect(page.locator(NOTICE)).to_be_visible()
        sent.append(place)
    assert gone == {}
    assert len(sent) >= 6


def test_a_question_with_a_row_more_is_there_after_signing_in_with_a_second_step(author, site):
    """Nothing on the way counts as arriving: a wrong password, another language, the second step."""
    page, codes = author.page, site.manage("shell", "--verbosity=0", "-c", AUTHOR).split()
    question = author.numbers["question"]
    place = f"/admin/assessment/question/{question}/change/"
    of_question = f"SELECT finding_id FROM assessment_questionfinding WHERE question_id = {question}"
    finding = first(site, f"SELECT max(id) FROM assessment_finding WHERE id NOT IN ({of_question})")
    sign_out_elsewhere(page)
    page.goto(place)
    sign_in(page, PASSWORD)
    give(page, codes[0])
    page.locator("#choices-group .add-row a").click()
    row = f"choices-{page.locator('#choices-group .dynamic-choices').count() - 1}"
    written = {
        f"{row}-text_en": "A statement that nobody had thought of",
        f"{row}-text_fr": "Un énoncé auquel personne n’avait pensé",
        f"{row}-points": "60",
        "text_en": "Written before the session ended?",
    }
    for name, text in written.items():
        page.fill(f"[name={name}]", text)
    page.locator("#question_findings-group .add-row a").click()  # and one chosen of what its field asked for
    page.locator("#question_findings-group .dynamic-question_findings select").last.evaluate(
        "(select, key) => select.add(new Option('A finding', key, false, true))", str(finding)
    )
    before = page.evaluate(READ)
    assert str(finding) in before.values()
    sign_out_elsewhere(page)
    press(page, "[name=_continue]")
    sign_in(page, "a wrong password")
    switch(page)
    switch(page)
    sign_in(page, PASSWORD)
    give(page, codes[1])
    assert urlsplit(page.url).path == place
    expect(page.locator(NOTICE)).to_be_visible()
    expect(page.locator(f"[name={row}-text_en]")).to_have_value(written[f"{row}-text_en"])
    assert lost(before, page) == {}
    press(page, "[name=_continue]")
    assert page.locator(".messagelist .success").count() == 1, page.locator(".errorlist").all_inner_texts()
    expect(page.locator(NOTICE)).to_have_count(0)
    assert written["text_en"] == page.input_value("[name=text_en]")
    assert (finding,) in site.rows(of_question)
    what_goes_on_by_itself_does_not_come_back(page)


def what_goes_on_by_itself_does_not_come_back(page: Page) -> None:
    """A form that is taken after the password was asked for once more."""
    page.goto("/accounts/email/")
    page.fill("main input[type=email]", "another@example.org")
    press(page, "[name=action_add]")
    assert "/accounts/reauthenticate/" in page.url
    page.fill("[name=password]", PASSWORD)
    press(page, "main .btn-primary")
    expect(page.locator("[name=code]")).to_be_visible()
    page.goto("/accounts/email/")
    expect(page.locator("main input[type=email]")).to_have_value("")
    expect(page.locator(NOTICE)).to_have_count(0)


def sign_in(page: Page, password: str) -> None:
    page.fill("[name=login]", "author@example.org")
    page.fill("[name=password]", password)
    press(page, "main .btn-primary")


def give(page: Page, code: str) -> None:
    page.fill("[name=code]", code)
    press(page, "main .btn-primary")


def press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.locator(button).click()


@pytest.fixture
def asked(author) -> list[str]:
    """What the browser has asked on the way; the answer is always yes."""
    found = []

    def leave(dialog) -> None:
        found.append(dialog.type)
        dialog.accept()

    author.page.on("dialog", leave)
    return found


QUESTION = "assessment/question/{question}/change/"


def test_leaving_a_page_of_the_administration_with_unsaved_words_warns(author, asked):
    page = author.page
    author.go(QUESTION)
    page.locator("[name=text_en]").press_sequentially("!")
    author.press(".neighbours a >> nth=-1")  # the next question
    assert asked == ["beforeunload"]
    author.go(QUESTION)
    page.locator("[name=text_en]").press_sequentially("!")
    author.press("input[name=_save]")
    author.go("assessment/question/")
    page.locator("[name=q]").press_sequentially("nothing to save")
    author.go("")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize(
    "field", ["[name=choices-2-effort]", "[name=allows_not_applicable]", "[name=choices-0-text_fr]"]
)
def test_also_a_choice_a_tick_and_a_row_count_as_unsaved(author, asked, field):
    author.go(QUESTION)
    author.page.locator(field).evaluate(
        "field => { if (field.options) field.selectedIndex += field.selectedIndex > 1 ? -1 : 1; "
        "else if (field.type === 'checkbox') field.click(); else field.value += '!'; }"
    )
    author.page.locator("[name=text_en]").click()
    author.go("")
    assert asked == ["beforeunload"]


def test_nothing_is_asked_where_nothing_changed(author, asked):
    page = author.page
    for place in PAGES:
        author.go(place)
        if page.locator("#content form[id$=_form] textarea").count():
            page.locator("#content form[id$=_form] textarea:visible").first.click()
    author.go(QUESTION)
    page.locator("[name=text_en]").press_sequentially("!")
    page.locator("[name=text_en]").press("Backspace")
    author.go("")
    assert asked == []


def test_what_a_form_with_errors_shows_is_unsaved_and_another_form_saves_nothing_of_it(author, asked):
    page = author.page
    author.go(QUESTION)
    page.locator("[name=text_en]").fill("La stratÃ©gie")
    author.press("input[name=_save]")
    assert page.locator("form .errornote").count() == 1
    author.go("")
    assert asked == ["beforeunload"]
    author.go("assessment/questionnaire/{draft}/change/")
    page.locator("[name=title_en]").press_sequentially("!")
    author.press(".move button:enabled >> nth=0")
    assert asked == ["beforeunload"] * 2


def test_a_text_pasted_to_be_imported_is_unsaved_until_it_is_sent(author, asked):
    page = author.page
    author.go("assessment/questionnaire/import/")
    page.locator("[name=text]").press_sequentially("key: a")
    author.press(".submit-row .default")
    assert asked == []
    page.locator("[name=text]").press_sequentially("b")
    author.go("")
    assert asked == ["beforeunload"]
