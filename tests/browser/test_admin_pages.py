"""The pages of the administration that are ours, or that we changed: axe finds nothing, in both languages and schemes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page

from tests.browser.axe import ALL_BUT_COLORS, COLORS_ALONE, EVERYTHING, load_axe, violations
from tests.browser.conftest import DESK, LOCALES
from tests.sampling import THOROUGH
from tests.server import Site

pytestmark = [pytest.mark.browser, pytest.mark.any_database]
# Colours do not hang on the language.
RUNS = {"en": [("light", EVERYTHING), ("dark", COLORS_ALONE)], "fr": [("light", ALL_BUT_COLORS)]}
# Rows that look like the ones before them, and the menu at the side, which is looked at on the first page.
REPEATED = ["#nav-sidebar", "tbody tr:nth-child(n+4)", "#changelist-filter li:nth-child(n+4)"]
# Django's script makes it, and gives it a name that its role may not have: the picture of a magnifying glass.
OF_DJANGO = [".search-label-icon"]
LISTS = ["questionnaire", "study", "finding", "figure", "referencelevel", "organisation", "round", "response", "result"]
PUBLISHED, DRAFT = "assessment/questionnaire/{published}", "assessment/questionnaire/{draft}"
PAGES = [
    "",
    *(f"assessment/{name}/" for name in LISTS),
    "admin/logentry/",
    "auth/user/",
    "auth/group/",
    "assessment/questionnaire/import/",
    *(f"{PUBLISHED}/{name}/" for name in ("change", "new-version", "wording", "retire", "history")),
    *(f"{DRAFT}/{name}/" for name in ("changes", "publish", "preview", "preview/?preview.go=report")),
    "assessment/dimension/{dimension}/change/",
    "assessment/question/{question}/change/",
    "assessment/question/add/?dimension={dimension}",
    "assessment/consistencyrule/{consistencyrule}/change/",
    *(f"assessment/{name}/{{{name}}}/change/" for name in LISTS[1:]),
    "assessment/figure/add/",
    "assessment/finding/{finding}/delete/",
    "assessment/response/{response}/answers/",
    "admin/logentry/{logentry}/change/",
]
OF_DRAFT = {
    "dimension": "SELECT id FROM assessment_dimension WHERE questionnaire_id = {draft} ORDER BY position LIMIT 1",
    "question": "SELECT q.id FROM assessment_question q JOIN assessment_dimension d ON q.dimension_id = d.id "
    "WHERE d.questionnaire_id = {draft} ORDER BY d.position, q.position LIMIT 1",
    "consistencyrule": "SELECT id FROM assessment_consistencyrule WHERE questionnaire_id = {draft} LIMIT 1",
}


@dataclass
class Look:
    """Somebody who looks at pages of the administration, and what axe found on them."""

    page: Page
    language: str
    numbers: dict[str, int] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)

    def go(self, place: str) -> None:
        answer = self.page.goto(f"/admin/{place.format(**self.numbers)}")
        assert answer.status == 200, place

    def look(self, place: str) -> None:
        """At the page that is open."""
        assert self.page.evaluate("document.documentElement.lang") == self.language
        load_axe(self.page)
        outside = (*(REPEATED if place else ()), *OF_DJANGO)
        for scheme, options in RUNS[self.language]:
            self.page.emulate_media(color_scheme=scheme)
            broken = violations(self.page, options, outside=outside)
            self.found += [f"{one} ({place or 'home'}, {scheme})" for one in broken]
        self.page.emulate_media(color_scheme="light")

    def press(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(name).click()


@pytest.fixture(params=LOCALES)
def look(browser, site, world, request) -> Iterator[Look]:
    """The administrator of the demonstration."""
    context = browser.new_context(
        base_url=site.address, locale=LOCALES[request.param], viewport=DESK, reduced_motion="reduce"
    )
    context.set_default_timeout(20_000)
    context.add_cookies([{"name": "sessionid", "value": world.sessions["admin"], "url": site.address}])
    yield Look(context.new_page(), request.param)
    context.close()


def first(site: Site, query: str) -> int:
    return site.rows(query)[0][0]


def make_a_draft(look: Look, site: Site) -> None:
    """One that differs from the published version; and the numbers that stand in the addresses."""
    look.numbers["published"] = first(site, "SELECT id FROM assessment_questionnaire WHERE status = 'published'")
    look.go(f"{PUBLISHED}/new-version/")
    look.press(".submit-row input")
    look.numbers["draft"] = int(look.page.url.split("/")[-3])
    look.numbers |= {name: first(site, query.format(**look.numbers)) for name, query in OF_DRAFT.items()}
    look.numbers |= {name: first(site, f"SELECT min(id) FROM assessment_{name}") for name in LISTS[1:]}
    look.numbers["logentry"] = first(site, "SELECT max(id) FROM django_admin_log")
    site.change(f"UPDATE assessment_question SET text_en = 'Another?' WHERE id = {look.numbers['question']}")


def look_at_what_is_wrong(look: Look, site: Site) -> None:
    site.change(f"UPDATE assessment_choice SET text_fr = '' WHERE question_id = {look.numbers['question']}")
    for name in ("change", "check", "publish"):
        look.go(f"{DRAFT}/{name}/")
        look.look(f"{name}, with errors")
    look.go("assessment/figure/add/")
    look.press(".submit-row [name=_save]")
    look.look("figure, with errors")


def look_at_an_import(look: Look) -> None:
    """With errors, and with what it would change."""
    evidence = look.page.request.get(f"{look.page.url.partition('/admin/')[0]}/admin/assessment/study/export/").text()
    changed = re.sub("publisher: .*", "publisher: Somebody else", evidence, count=1)
    for name, text in (("errors", "key: [x"), ("what it does", changed)):
        look.go("assessment/questionnaire/import/")
        look.page.locator("#id_text").evaluate("(field, text) => { field.value = text; }", text)
        look.press(".submit-row .default")
        assert look.page.locator("#content table").count() == 1
        look.look(f"import, {name}")


def look_at_answers(look: Look) -> None:
    look.go("assessment/response/{response}/answers/")
    look.page.fill("[name=reason]", "They asked what we hold of them.")
    look.press(".submit-row .default")
    look.look("answers of a person")


def test_axe_finds_nothing_on_the_pages_of_the_administration(look, site):
    make_a_draft(look, site)
    in_turn = PAGES if THOROUGH else PAGES[list(LOCALES).index(look.language) :: 2]  # each in one language
    for place in in_turn:
        look.go(place)
        look.look(place)
    if THOROUGH or look.language == "fr":
        look_at_what_is_wrong(look, site)
        look_at_an_import(look)
    if THOROUGH or look.language == "en":
        look_at_answers(look)
    assert look.found == []
