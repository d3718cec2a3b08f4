"""The page of a dimension in a browser: choose, wait, disturb the line, and look at what is stored."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, Route, expect

from assessment.models.secret import hash_of
from tests.server import Site

FIRST, SECOND = "strategy-document", "strategy-objectives"


def strip(page: Page, question: str, value: str) -> Locator:
    """What a person clicks to choose."""
    return page.locator(f'label:has(input[name="{question}"][value="{value}"])')


def choose(page: Page, question: str, value: str) -> None:
    strip(page, question, value).click()


def chosen(page: Page, question: str) -> list[str]:
    """What the page shows as chosen."""
    return page.locator(f'input[name="{question}"]:checked').evaluate_all("found => found.map(input => input.value)")


def lost(page: Page, question: str) -> Locator:
    """Where the page says what was not saved because a newer answer stands."""
    return page.locator(f'[data-save="{question}"] .lost')


def expect_saved(page: Page) -> None:
    expect(page.locator(".save-state")).to_have_class(re.compile("is-saved"))


def expect_not_saved(page: Page) -> None:
    expect(page.locator(".save-state")).to_have_class(re.compile("is-failed"))


def kept(page: Page) -> str:
    """What this browser keeps because the server has not confirmed it."""
    return page.evaluate("JSON.stringify(localStorage)")


@dataclass(frozen=True)
class Stored:
    state: str
    choices: list[str]
    note: str
    evidence: str
    revision: int


def stored(site: Site, key: str, question: str) -> Stored | None:
    """The answer in the database."""
    found = site.rows(
        "SELECT a.state, a.choices, a.note, a.evidence, a.revision FROM assessment_answer a "
        "JOIN assessment_response r ON r.id = a.response_id JOIN assessment_question q ON q.id = a.question_id "
        f"WHERE r.key_hash = '{hash_of(key)}' AND q.key = '{question}'"
    )
    if not found:
        return None
    ((state, choices, *others),) = found
    return Stored(state, json.loads(choices) if isinstance(choices, str) else choices, *others)


class Line:
    """The line between a page and the server. Every save goes through `treat`; `sent` counts them."""

    def __init__(self, page: Page) -> None:
        self.treat: Callable[[Route], None] = Route.continue_
        self.sent = 0
        self.held: list[Route] = []
        page.route("**/r/**", self._handle)

    def _handle(self, route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        self.sent += 1
        return self.treat(route)

    def cut(self) -> None:
        """Nothing reaches the server."""
        self.treat = lambda route: route.abort("connectionfailed")

    def lose_answers(self) -> None:
        """The server takes what is sent, but its word does not come back."""

        def treat(route: Route) -> None:
            route.fetch()
            route.abort("connectionreset")

        self.treat = treat

    def fail(self, status: int) -> None:
        self.treat = lambda route: route.fulfill(status=status, body="out of order", content_type="text/html")

    def hold(self) -> None:
        """Keep back what is sent until `release`."""
        self.treat = self.held.append

    def mend(self) -> None:
        self.treat = Route.continue_

    def release(self) -> None:
        """Let go what was held back, and what follows."""
        self.mend()
        while self.held:
            self.held.pop(0).continue_()
