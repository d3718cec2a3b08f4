"""Charts at their addresses: as SVG and as a picture, for whom there is one, and no more than the report shows."""

import re
from dataclasses import replace
from io import BytesIO
from unittest.mock import Mock

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from assessment.documents import drawings
from assessment.report.parts import WHOLE
from assessment.results.reporting import report_of
from tests import factories

pytestmark = pytest.mark.any_database

PAPER = (0xFB, 0xFA, 0xF7)


@pytest.fixture
def submitted(questionnaire):
    return factories.submitted(choose=factories.level(2))


def picture(page) -> Image.Image:
    assert page["Content-Type"] == "image/png"
    return Image.open(BytesIO(page.content)).convert("RGB")


@pytest.mark.parametrize("name", ["rule", "radar", "bars", "gains", "questions-charter"])
def test_a_chart_is_there_as_a_picture_four_pixels_for_each_unit_on_paper(client, submitted, name):
    key = submitted[1]
    svg = client.get(reverse("chart", args=[key, name])).content.decode()
    image = picture(client.get(reverse("chart_png", args=[key, name])))
    size = [float(found) for found in re.search(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"', svg).groups()]
    assert image.size == pytest.approx([4 * side for side in size], abs=4)
    assert image.getpixel((0, image.height - 1)) == PAPER
    assert len(image.getcolors(1 << 24)) > 50  # something is drawn, its letters smooth


def test_the_pictures_of_the_page_are_where_it_says_and_kept_for_ever(client, submitted):
    page = client.get(reverse("report", args=[submitted[1]]))
    found = re.findall(r'href="(/r/[^"]+/charts/[^"]+\.png[^"]*)"', page.content.decode())
    addresses = [address.replace("&amp;", "&") for address in found]
    assert len(set(addresses)) == len(addresses) == len(drawings.names(page.context["report"]))
    page = client.get(addresses[0])
    assert {"private", "immutable"} <= set(page["Cache-Control"].split(", "))
    again = client.get(addresses[0], headers={"if-none-match": page["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_svg_and_picture_are_told_apart_by_their_tags(client, submitted):
    tags = {client.get(reverse(name, args=[submitted[1], "rule"]))["ETag"] for name in ("chart", "chart_png")}
    assert len(tags) == 2


def test_a_picture_speaks_the_language_it_is_asked_in(client, submitted):
    address = reverse("chart_png", args=[submitted[1], "rule"])
    english, french = (client.get(f"{address}?lang={code}").content for code in ("en", "fr"))
    assert english != french


def test_the_picture_of_a_reading_link_is_not_kept(client, submitted):
    _row, token = factories.reading_link(submitted[0], at=timezone.now())
    page = client.get(reverse("shared_chart_png", args=[token, "rule"]))
    assert "no-store" in page["Cache-Control"]
    assert not page.has_header("ETag")


def test_a_picture_needs_no_style_of_its_own(client, submitted):
    page = client.get(reverse("chart_png", args=[submitted[1], "rule"]))
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert page["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("part", "names"), [("plan", ["gains"]), ("answers", ["questions-charter", "questions-strategy"])]
)
def test_what_a_link_does_not_show_has_no_chart_and_the_page_names_none(client, submitted, part, names):
    _row, token = factories.reading_link(submitted[0], WHOLE - {part}, at=timezone.now())
    text = client.get(reverse("shared", args=[token])).content.decode()
    for name in names:
        assert f"charts/{name}." not in text
        for address in ("shared_chart", "shared_chart_png"):
            assert client.get(reverse(address, args=[token, name])).status_code == 404
    assert "charts/bars.svg" in text


def test_a_colleague_who_is_no_member_has_no_chart_of_gains(client, submitted):
    response, key = submitted
    type(response).objects.filter(pk=response.pk).update(opens_round=False)
    assert "charts/gains" not in client.get(reverse("report", args=[key])).content.decode()
    assert client.get(reverse("chart", args=[key, "gains"])).status_code == 404


@pytest.mark.parametrize("name", ["questions", "questions-", "questions-nothing", "trend", "Rule", "rule.svg", ""])
def test_a_chart_of_another_name_does_not_exist(client, submitted, name):
    for form in ("svg", "png"):
        assert client.get(f"/r/{submitted[1]}/charts/{name}.{form}").status_code == 404


def test_the_trend_is_there_as_a_picture_where_the_page_says(client, submitted):
    organisation = submitted[0].round.organisation
    factories.submitted(organisation)
    client.force_login(factories.account(member_of=organisation))
    text = client.get(organisation.get_absolute_url()).content.decode()
    address = re.search(r'href="([^"]+trend\.png[^"]*)"', text)[1].replace("&amp;", "&")
    assert picture(client.get(address)).width == 1760
    assert client.get(reverse("organisation_chart_png", args=[organisation.slug]) + "?lang=de").status_code == 404


def test_charts_are_fetched_when_they_come_into_sight(client, submitted):
    text = client.get(reverse("report", args=[submitted[1]])).content.decode()
    images = [image for image in re.findall(r"<img[^>]*>", text) if "chart" in image]
    assert images
    assert [image for image in images if 'loading="lazy"' not in image] == []


def test_what_a_what_if_page_names_is_there(client, submitted):
    text = client.get(reverse("what_if", args=[submitted[1]])).content.decode()
    addresses = [found.replace("&amp;", "&") for found in re.findall(r'"([^"]+radar\.(?:svg|png)[^"]*)"', text)]
    assert addresses
    assert {client.get(address).status_code for address in addresses} == {200}


def test_a_document_gets_those_charts_that_it_shows_and_the_report_has(submitted, monkeypatch):
    told = report_of(submitted[0].result)
    drawn = drawings.svgs(told, ("rule", "gains", "questions-charter"))
    assert list(drawn) == ["rule", "questions-charter", "gains"]
    assert all(svg.startswith("<svg") for svg in drawn.values())
    assert list(drawings.svgs(replace(told, plan=()), ("rule", "gains"))) == ["rule"]
    monkeypatch.setattr(drawings, "_gains", Mock(side_effect=AssertionError("prepared for nothing")))
    assert list(drawings.svgs(told, ("rule",))) == ["rule"]
