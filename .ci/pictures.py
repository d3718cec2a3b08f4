"""Make the pictures of the README from the running product, in English, as somebody sees it at a desk."""

import os
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.browser.chromium import executable
from tests.environment import sqlite
from tests.server import Site, collect_static, running_site
from tests.visitor import Visitor

FOLDER = Path(__file__).resolve().parent.parent / "assessment/static/assessment/pictures"
WIDTH = 1200
MOST = 150_000  # bytes, all together
CHOSEN = {"strategy-document": 3, "strategy-objectives": 1}  # the place of the statement that is chosen


def home(page: Page, _site: Site) -> None:
    page.goto("/")


def questionnaire(page: Page, site: Site) -> None:
    with Visitor(site.address) as visitor:
        visitor.start()
    page.goto(f"/r/{visitor.key}/strategy/")
    for question, place in CHOSEN.items():
        page.locator(f'label:has(input[name="{question}"])').nth(place).click()
    page.locator(".save-state.is-saved").wait_for()
    page.mouse.move(0, 0)
    page.locator("fieldset").first.evaluate("part => scrollTo(0, part.offsetTop - 66)")  # below the steps


def report(page: Page, _site: Site) -> None:
    page.goto("/example/")


# What is shown, and how high: cut where a part of the page ends.
LOOKS = {home: 690, questionnaire: 690, report: 656}


def picture(page: Page) -> bytes:
    """What the page shows, lossless and with few colours: text stays sharp."""
    page.wait_for_load_state("networkidle")
    shown = Image.open(BytesIO(page.screenshot())).convert("RGB")
    made = BytesIO()
    shown.quantize(64, dither=Image.Dither.NONE).convert("RGB").save(made, "WEBP", lossless=True, quality=100, method=6)
    return made.getvalue()


def main() -> int:
    made, program = {}, executable()
    with tempfile.TemporaryDirectory() as name, sqlite() as url:
        os.environ["DATABASE_URL"] = url  # of the kind that the site gets
        folder = Path(name)
        with running_site(folder, collect_static(folder)) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            for look, height in LOOKS.items():
                size = {"width": WIDTH, "height": height}
                page = browser.new_page(base_url=site.address, locale="en-GB", viewport=size, reduced_motion="reduce")
                look(page, site)
                made[look.__name__] = picture(page)
                page.close()
            browser.close()
    total = sum(map(len, made.values()))
    if total > MOST:
        print(f"The pictures have {total} bytes, {MOST} at most: nothing is written.")
        return 1
    FOLDER.mkdir(exist_ok=True)
    for name, content in made.items():
        (FOLDER / f"{name}.webp").write_bytes(content)
        print(f"{name}.webp: {len(content)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
