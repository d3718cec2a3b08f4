"""The charts of an edition of the live barometer at their addresses: the figures of the page, for everybody, kept."""

import json

import pytest
from django.template.defaultfilters import capfirst
from django.utils import translation

from assessment.barometer.shown import figures
from assessment.documents import drawings
from assessment.documents.edition_charts import drawing
from assessment.models import Edition
from assessment.results.reporting import barometer as editions_of_before
from tests import factories
from tests.barometer_rows import CELL
from tests.test_charts import texts

NO_ORDER = {"sector": (), "size": (), "market": ()}
NAMES = ("gaps", "levels", "points")
ADDRESSES = [f"/barometer/2026/{name}.{form}" for name in NAMES for form in ("svg", "png")]
pytestmark = [pytest.mark.usefixtures("questionnaire"), pytest.mark.any_database]


def shares():
    """Shares of a cell of 45 organisations in steps of twenty; those of a dimension add up to 120."""
    points = [made for study in editions_of_before() for made in study.criteria if made.key != "cr-18"]
    found = {f"criteria.{made.key}": {"reached": 20 * (place % 4), "partly": 40} for place, made in enumerate(points)}
    whole = {"level": {"2": 40, "3": 60}, "dimensions.strategy.level": {"1": 40, "4": 40, "not-enough-answers": 40}}
    return whole | found


@pytest.fixture
def edition():
    cell = CELL | {"n": 45, "shares": shares(), "medians": {"band": 40}}
    return Edition.objects.create(year=2026, invented=True, is_closed=True, cells=[cell])


def told(edition):
    return figures(edition.cells, {}, editions_of_before(), NO_ORDER)


def written(edition, name, language="en"):
    with translation.override(language):
        return texts(drawings.svg(drawing(told(edition), edition, name), "light"))


def test_each_row_has_the_published_shares_as_they_are_on_the_page(edition):
    found = written(edition, "levels")
    assert found[found.index("The whole") :][:6] == ["The whole", "median band: 40–49 points", "40", "2", "60", "3"]
    assert found[found.index("strategy") :][:7] == ["strategy", "40", "1", "40", "4", "40", "–"]
    for name, points in (("gaps", told(edition).gaps), ("points", told(edition).others)):
        found = written(edition, name)
        for point in points:
            title = capfirst(str(point.criterion.title))
            numbers = [str(share) for share in point.shares[:4] if share]
            rest = "\n".join(found[found.index(title) + 1 :]) if found.count(title) == 1 else ""
            if rest and None not in point.shares:
                assert rest.startswith("\n".join([str(point.edition), *numbers])), title
    assert "No question asks about it." in found


@pytest.mark.parametrize("name", NAMES)
def test_it_says_its_edition_its_step_and_that_it_is_invented_in_both_languages(edition, name):
    english, french = (" ".join(written(edition, name, language)) for language in ("en", "fr"))
    assert "edition 2026: about 45 organisations" in english
    assert "rounded to steps of 20%" in english
    assert "Invented figures." in english
    assert "édition 2026" in french
    assert "Chiffres inventés." in french
    edition.invented = False
    assert "Invented" not in " ".join(written(edition, name))


@pytest.mark.parametrize("address", ADDRESSES)
def test_everybody_may_keep_it_for_an_hour_and_asks_by_its_tag(client, edition, address):
    page = client.get(address)
    assert (page.status_code, page["Content-Type"].split(";")[0]) == (
        200,
        {"svg": "image/svg+xml", "png": "image/png"}[address[-3:]],
    )
    assert set(page["Cache-Control"].split(", ")) == {"public", "max-age=3600"}
    assert not page.cookies
    again = client.get(address, headers={"if-none-match": page["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    dark = client.get(address, {"scheme": "dark", "lang": "fr"})
    assert (dark.status_code, dark["ETag"] == page["ETag"]) == (200, False)
    client.force_login(factories.account())
    assert set(client.get(address)["Cache-Control"].split(", ")) == {"private", "no-cache"}


def test_an_svg_may_do_nothing(client, edition):
    policy = client.get("/barometer/2026/gaps.svg")["Content-Security-Policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@pytest.mark.parametrize("query", ["lang=de", "lang=%00", "scheme=blue"])
def test_another_language_scheme_name_or_year_does_not_exist(client, edition, query):
    assert client.get(f"/barometer/2026/gaps.svg?{query}").status_code == 404
    for address in ("2026/else.svg", "2025/gaps.svg", "2026/gaps.gif"):
        assert client.get(f"/barometer/{address}").status_code == 404


def test_a_cell_has_charts_of_its_own_that_name_it_and_what_is_not_published_has_none(client, edition):
    edition.publish([*edition.cells, CELL | {"n": 20, "sector": "trade", "shares": {"level": {"5": 80}}}])
    found = figures(edition.cells, {}, editions_of_before(), NO_ORDER, {"sector": "trade"})
    with translation.override("en"):
        shown = texts(drawings.svg(drawing(found, edition, "levels"), "light"))
    about = " ".join(shown)
    assert "Trade and transport. The live barometer, edition 2026: about 20 organisations." in about
    assert [text for text in shown if text.isdigit()] == ["80", "5"]
    of_all, of_trade = (client.get("/barometer/2026/levels.svg", query) for query in ({}, {"sector": "trade"}))
    assert (of_trade.status_code, of_trade.content == of_all.content) == (200, False)
    for query in ("sector=services", "sector=trade&market=b2b", "size="):
        assert client.get(f"/barometer/2026/levels.svg?{query}").status_code == 404


def test_three_queries_whatever_there_is(client, edition, django_assert_max_num_queries):
    client.get("/barometer/2026/gaps.svg")
    with django_assert_max_num_queries(3):
        client.get("/barometer/2026/gaps.svg")


def test_the_figures_are_those_of_the_data(client, edition):
    data = json.loads(client.get("/barometer/2026.json").content)
    whole = data["cells"][0]["shares"]
    for point in told(edition).gaps:
        assert dict(zip(("reached", "partly"), point.shares, strict=False)) == whole[f"criteria.{point.criterion.key}"]


def test_what_is_invented_stays_out_of_search_engines(client, edition):
    addresses = [*ADDRESSES, *(f"/barometer/2026.{form}" for form in ("csv", "json", "pdf"))]
    assert {client.get(address)["X-Robots-Tag"] for address in addresses} == {"noindex"}
    Edition.objects.update(invented=False)
    assert not any("X-Robots-Tag" in client.get(address) for address in addresses)
