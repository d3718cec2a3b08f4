"""A browser, and a site that runs in a process of its own; both live as long as the tests of this folder."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import executable
from tests.browser.places import World, make_world
from tests.server import Site, running_site
from tests.visitor import Visitor

LOCALES = {"en": "en-GB", "fr": "fr-FR"}
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 320, "height": 640}
# What Playwright turns off, as a list of one's own takes the place of its own, and renderers that start in case of need.
OFF = ("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "OptimizationHints")
OFF += ("PaintHolding", "ThirdPartyStoragePartitioning", "SpareRendererForSitePerProcess")
QUIET = [
    f"--disable-features={','.join(OFF)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
expect.set_options(timeout=20_000)  # a busy machine is no failure


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Ends with this folder: while Playwright runs, Django refuses to ask the database in the same thread."""
    found = executable()
    assert found, "Install Chromium (`make browser`), or name its program in CHROMIUM."
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield started
        started.close()


@pytest.fixture(scope="package")
def site(tmp_path_factory, static) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site"), static) as running:
        yield running


@pytest.fixture(scope="package")
def world(site, shipped) -> World:
    return make_world(site, shipped[0])


@pytest.fixture
def guest(site) -> Iterator[Visitor]:
    """Somebody who has begun a questionnaire."""
    with Visitor(site.address) as visitor:
        visitor.start()
        yield visitor


@pytest.fixture
def open_page(browser, site) -> Iterator[Callable[..., Page]]:
    """Opens a page as somebody sees it: `open_page(path, language="fr", viewport=PHONE, java_script_enabled=False)`."""
    contexts = []

    def opened(path: str = "/", *, language: str = "en", viewport: dict = DESK, **options) -> Page:
        context = browser.new_context(
            base_url=site.address, locale=LOCALES[language], viewport=viewport, reduced_motion="reduce", **options
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
