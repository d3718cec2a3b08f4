"""How heavy a first visit is; reduced motion, the dark scheme, print."""

import re

import pytest

from tests.browser.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.any_database]
MOST_BYTES = 120_000
MOST_SHIFT = 0.05  # of a screen, by what comes late
SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const entry of list.getEntries()) sum += entry.value; })
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 100);
})"""


@pytest.mark.parametrize("path", ["/", "/r/{key}/strategy/", "/example/"])
def test_a_first_visit_weighs_little_and_stands_still(open_page, guest, path):
    page = open_page("/health/live")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    arrived: list[int] = []
    session.on("Network.loadingFinished", lambda event: arrived.append(event["encodedDataLength"]))
    page.goto(path.format(key=guest.key), wait_until="networkidle")
    assert len(arrived) >= 4  # the page, two stylesheets, the mark
    assert sum(arrived) < MOST_BYTES
    loaded = page.evaluate("[...document.fonts].filter(face => face.status === 'loaded').map(face => face.family)")
    assert {"Maturity Sans", "Maturity Serif"} <= {family.strip('"') for family in loaded}
    assert page.evaluate(SHIFT) < MOST_SHIFT


def test_styles_and_scripts_come_compressed_and_may_be_kept(open_page, guest):
    page = open_page("/health/live")
    answers = []
    page.on("response", lambda answer: answers.append(answer) if "/static/" in answer.url else None)
    page.goto(f"/r/{guest.key}/strategy/", wait_until="networkidle")
    texts = [answer for answer in answers if re.search(r"\.(css|js)$", answer.url)]
    assert len(texts) >= 3
    for answer in texts:
        assert answer.headers["content-encoding"] in ("br", "gzip"), answer.url
        assert "immutable" in answer.headers["cache-control"], answer.url


@pytest.mark.parametrize("path", ["/", "/r/{key}/strategy/", "/example/"])
def test_nothing_moves_for_who_asked_for_reduced_motion(open_page, guest, path):
    page = open_page(path.format(key=guest.key))
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter(node => { const style = getComputedStyle(node);
        const long = (times) => times.split(",").some(time => parseFloat(time) > 0.01);
        return style.scrollBehavior === "smooth" || long(style.transitionDuration) ||
          style.animationName !== "none" && long(style.animationDuration) })
        .map(node => node.tagName + "." + node.className)"""
    )
    assert moving == []


def brightness(page, what: str = "backgroundColor", of: str = "body") -> float:
    """Of the page's background or text, from 0 to 255; without a background it is the paper's."""
    color = page.locator(of).first.evaluate("(node, what) => getComputedStyle(node)[what]", what)
    red, green, blue, *opaque = (float(part) for part in re.findall(r"[\d.]+", color))
    return 255 if opaque == [0] else (red + green + blue) / 3


def test_the_page_is_dark_for_who_prefers_it(open_page):
    assert brightness(open_page(color_scheme="light")) > 200
    assert brightness(open_page(color_scheme="dark")) < 60


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_report_can_be_printed(open_page, guest, viewport):
    guest.submit()
    page = open_page(f"/r/{guest.key}/report/", viewport=viewport, color_scheme="dark")
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) >= 1
    page.emulate_media(media="print")
    assert "Maison Dupont" in page.locator("body").inner_text()
    assert brightness(page) > 200  # no ink for a dark background
    assert brightness(page, "color", of="h1") < 80
    assert brightness(page, "color", of=".part > p") < 130
