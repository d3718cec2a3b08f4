"""`/barometer/` and its editions: what is shown of published cells and nothing else, as pages and as files."""

import csv
import gzip
import io
import json
import re
from datetime import UTC, datetime
from random import Random

import pytest
from django.core.cache import caches
from django.test import Client

from assessment.barometer.nightly import night
from assessment.barometer.peers import peers_of
from assessment.barometer.shown import LEVELS, STANDINGS, figures
from assessment.documents.edition import UNIT, cited
from assessment.models import Edition, Finding, Organisation
from assessment.results.reporting import barometer as editions_of_before
from assessment.wording.barometer import standings
from tests import factories
from tests.barometer_rows import CELL, DAY, take_part

NO_ORDER = {"sector": (), "size": (), "market": ()}
SPRING = datetime(2026, 3, 2, 12, tzinfo=UTC)
pytestmark = [pytest.mark.usefixtures("questionnaire"), pytest.mark.any_database]


def text_of(client, address="/barometer/", language="en", status=200):
    page = client.get(address, headers={"accept-language": language})
    assert page.status_code == status
    return page.content.decode()


def plain(text):
    """The words of a page, one space apart."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.fixture
def edition():
    """Thirty organisations in two groups of sectors: ten at level 1, ten at 3 and ten at 4."""
    take_part(20, made=SPRING, levels=(1, 3))
    take_part(10, made=SPRING, levels=(4,), sector="health", size="large", market="other")
    night(at=SPRING + 20 * DAY, random=Random(1))
    return Edition.objects.get()


# Before there are ten -------------------------------------------------------------------------------------------------
def test_before_ten_there_is_what_was_found_then_and_no_figure(client):
    take_part(9, made=SPRING)
    night(at=SPRING + 20 * DAY)
    text = plain(text_of(client))
    assert "figures here from ten organisations on" in text
    for finding in Finding.objects.filter(criterion=True, study__edition__isnull=False):
        assert finding.text_en.split("’")[0] in text.replace("&#x27;", "’")
    assert "Start the assessment" in text
    assert "%" not in text
    for address in ("/barometer/2026/", "/barometer/2026.csv", "/barometer/2026.json", "/barometer/9999999999999999/"):
        assert client.get(address).status_code == 404


def test_it_is_there_before_a_questionnaire_is_published(client, nothing_published):
    assert 'href="/start/"' not in text_of(client)


def test_what_is_said_of_percentages_of_then_holds_of_the_evidence(client, edition):
    points = Finding.objects.filter(criterion=True, study__edition__isnull=False)
    with_a_figure = points.exclude(linked_findings=None).distinct().count()
    assert 0 < with_a_figure <= points.count() / 10  # some, so "none" would be wrong
    told = {"en": "give hardly any percentages", "fr": "ne donnent presque aucun pourcentage"}
    for language, words in told.items():
        text = text_of(client, language=language)
        assert words in text
        assert re.search(r'#studies">[^<]+</a>\.', text)  # "Invented figures." may follow


# An edition ----------------------------------------------------------------------------------------------------------
def test_an_edition_shows_levels_dimensions_points_and_groups_of_rounded_shares(client, edition):
    text = plain(text_of(client))
    assert "about 30 organisations stand on them in 2026" in text
    assert "rounded to steps of 20%" in text
    assert "The whole 40 0 40 40 0 0" in text  # ten of thirty are 33.3 percent, and 40 in steps of twenty
    assert "Strategy 40 0 40 40 0 0" in text
    assert "Trade and transport 20 of 30 40 0 40 0 0 0" in text
    assert "Public service 10 of 30 0 0 0 100 0 0" in text
    assert "1 to 9 people 20 of 30" in text
    assert "Edition 2026" in text
    assert "The edition runs until 31 January 2027." in text


def test_each_point_of_2016_and_2017_stands_beside_today_s_shares(client, edition):
    text = plain(text_of(client))
    told = figures(edition.cells, {}, editions_of_before(), NO_ORDER)
    assert (len(told.gaps), {point.criterion.kind for point in told.gaps}) == (9, {"gap"})
    assert len(told.gaps) + len(told.others) == 18
    for point in (*told.gaps, *told.others):
        shares = " ".join("–" if share is None else str(share) for share in point.shares)
        assert f"{point.edition}: {point.criterion.text.en} {shares}" in text.replace("&#x27;", "'"), (
            point.criterion.key
        )
    assert [point.criterion.key for point in told.others if point.shares[0] is None] == ["cr-18"]
    assert any(point.shares == (60, 0, 40, 0, 0) for point in told.gaps)
    assert [len(standings(are_gaps)) for are_gaps in (True, False)] == [len(STANDINGS)] * 2


def test_what_is_shown_is_computed_from_the_stored_cells_alone(client, edition):
    """Page, filters, frame, files and charts, and what a report says of peers: the same when all else is deleted."""
    names = ["", "?sector=trade", "?sector=trade&size=micro", "?size=large", "?market=b2b"]
    names = [f"{year}{name}" for year in ("", "2026/") for name in names]
    files = ["2026.csv", "2026.json", "2026.pdf", *(f"2026/{name}.svg" for name in ("gaps", "points", "levels"))]
    labels = [("retail", "micro"), ("health", "micro"), ("energy", "large"), ("", "")]

    def everything():
        caches["parts"].clear()
        caches["local"].clear()
        caches["pictures"].clear()
        houses = [Organisation(sector=sector, size=size) for sector, size in labels]
        pages = {name: client.get(f"/barometer/{name}") for name in (*names, "embed/", *files)}
        assert {page.status_code for page in pages.values()} == {200}
        return {name: page.content for name, page in pages.items()}, [peers_of(house) for house in houses]

    before = everything()
    edition.sums.all().delete()
    edition.counted.all().delete()
    Organisation.objects.all().delete()
    assert everything() == before
    assert [found.n for found in before[1]] == [20, 10, 10, 30]


def test_it_is_told_in_french(client, edition):
    text = plain(text_of(client, language="fr"))
    assert "environ 30 organisations en 2026" in text
    assert "Commerce et transport 20 sur 30" in text
    assert "arrondie par pas de 20 %" in text


def test_a_median_is_shown_from_twenty_on(client, edition):
    text = plain(text_of(client))
    assert re.search(r"The whole 40 0 40 40 0 0 50–59", text)
    edition.publish([edition.cells[0] | {"medians": {}}])
    assert "The whole 40 0 40 40 0 0 –" in plain(text_of(client))


def test_the_page_of_a_year_is_the_same_and_is_the_one_to_be_found(client, edition):
    found = [text_of(client, address) for address in ("/barometer/", "/barometer/2026/")]
    assert re.sub(r'name="next" value="[^"]*"', "", found[0]) == re.sub(r'name="next" value="[^"]*"', "", found[1])
    assert all('<link rel="canonical" href="http://testserver/barometer/2026/">' in text for text in found)


def test_earlier_editions_stay_and_the_newest_with_ten_is_current(client, edition):
    Edition.objects.create(year=2025, is_closed=True, cells=[CELL])
    Edition.objects.create(year=2027)
    text = text_of(client)
    assert "Edition 2026" in text
    assert 'href="/barometer/2025/"' in text
    assert "2027/" not in text
    assert "The edition is closed." in text_of(client, "/barometer/2025/")
    assert 'href="/barometer/2026/"' in text_of(client, "/barometer/2025/")


# Files ---------------------------------------------------------------------------------------------------------------
def test_all_published_cells_are_there_as_data(client, edition):
    page = client.get("/barometer/2026.json")
    data = json.loads(page.content)
    assert page["Content-Disposition"] == 'attachment; filename="barometer-2026.json"'
    assert (data["edition"], data["invented"], data["closed"], "note" in data) == (2026, False, False, False)
    assert [
        cell | {name: cell[name] or "" for name in ("sector", "size", "market")} for cell in data["cells"]
    ] == edition.cells
    assert data["cells"][0]["sector"] is None
    assert data["unit"] == UNIT
    assert data["cite"].endswith("edition 2026, http://testserver/barometer/2026/")
    assert len(data["method"]) == 4


@pytest.mark.parametrize("language", ["en", "fr"])
def test_all_published_cells_are_there_as_a_table_the_same_in_every_language(client, edition, language):
    page = client.get("/barometer/2026.csv", headers={"accept-language": language})
    head, *rows = csv.reader(io.StringIO(page.content.decode("utf-8-sig")))
    assert head[:6] == ["edition", "invented", "sector", "size", "market", "organisations"]
    assert head[-2:] == ["unit", "source"]
    assert ["2026", "", "trade", "micro", "", "20", "20", "level", "1", "40"] in [row[:-2] for row in rows]
    assert {tuple(row[-2:]) for row in rows} == {("%", cited(edition))}
    of_cells = sum(len(values) for cell in edition.cells for values in cell["shares"].values())
    assert len(rows) == of_cells


# Kept by browsers and proxies -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_file_is_made_once_while_figures_are_the_same(client, edition, django_assert_num_queries, form):
    first = client.get(f"/barometer/2026.{form}").content
    with django_assert_num_queries(1):
        assert client.get(f"/barometer/2026.{form}").content == first
    edition.publish([CELL])
    assert len(client.get(f"/barometer/2026.{form}").content) < len(first)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_file_is_compressed_once_for_all_who_can_read_that(client, edition, form):
    plain = client.get(f"/barometer/2026.{form}")
    packed, again = (client.get(f"/barometer/2026.{form}", headers={"accept-encoding": "gzip, br"}) for _time in "12")
    assert packed.content == again.content
    assert gzip.decompress(packed.content) == plain.content
    assert (packed["Content-Encoding"], "Content-Encoding" in plain) == ("gzip", False)
    assert "Accept-Encoding" in packed["Vary"]
    assert "Accept-Encoding" in plain["Vary"]
    assert packed["ETag"] == plain["ETag"]
    assert packed["ETag"].startswith("W/")  # the same figures, other bytes
    assert client.get(f"/barometer/2026.{form}", headers={"if-none-match": packed["ETag"]}).status_code == 304


@pytest.mark.parametrize("address", ["/barometer/", "/barometer/2026/", "/barometer/2026.csv", "/barometer/2026.json"])
def test_everybody_may_keep_it_for_an_hour_and_asks_by_its_tag(client, edition, address):
    page = client.get(address)
    assert set(page["Cache-Control"].split(", ")) == {"public", "max-age=3600"}
    assert not page.cookies  # what is kept for everybody holds nobody's secret
    assert "csrfmiddlewaretoken" not in page.content.decode()
    again = client.get(address, headers={"if-none-match": page["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    if not address.endswith(("csv", "json")):
        assert client.get(address, headers={"if-none-match": page["ETag"], "accept-language": "fr"}).status_code == 200
    edition.publish([edition.cells[0] | {"n": 45}])
    assert client.get(address, headers={"if-none-match": page["ETag"]}).status_code == 200


def test_the_page_of_who_is_signed_in_is_their_own(client, edition):
    client.force_login(factories.account())
    page = client.get("/barometer/")
    assert set(page["Cache-Control"].split(", ")) == {"private", "no-cache"}


def test_the_language_is_changed_by_links_as_a_page_that_all_keep_holds_no_form(client, edition):
    page = client.get("/barometer/?lang=fr")
    assert page["Content-Language"] == "fr"
    assert "Le baromètre en continu" in page.content.decode()
    assert '<html lang="fr">' in page.content.decode()
    assert 'href="?lang=en"' in page.content.decode()
    assert text_of(client, "/barometer/?lang=xx") == text_of(client)
    client.force_login(factories.account())
    assert 'action="/language/"' in text_of(client)


@pytest.mark.parametrize("cold", [False, True])
def test_three_queries_whatever_there_is(client, edition, django_assert_max_num_queries, cold):
    for address in ("/barometer/", "/barometer/2026/", "/barometer/2026.csv", "/barometer/2026.json"):
        client.get(address)
        with django_assert_max_num_queries(3):
            client.get(address)
    if cold:  # the evidence of 2016 and 2017 is read anew every five minutes, in three queries more
        caches["local"].clear()
        with django_assert_max_num_queries(6):
            client.get("/barometer/")


# One cell -------------------------------------------------------------------------------------------------------------
def test_a_cell_has_an_address_and_its_page_shows_that_cell_alone(client, edition):
    assert 'href="/barometer/2026/?sector=trade"' in text_of(client)
    text = plain(text_of(client, "/barometer/2026/?sector=trade"))
    assert "how about 20 organisations stand" in text
    assert "The whole 40 0 40 0 0 0" in text
    assert 'href="/barometer/2026/?sector=trade&amp;size=micro"' in text_of(client, "/barometer/?sector=trade")
    chart = "/barometer/2026/levels.png?sector=trade&amp;lang=en"
    assert f'href="{chart}"' in text_of(client, "/barometer/2026/?sector=trade")  # its charts are of that cell, too
    assert client.get(chart.replace("&amp;", "&")).status_code == 200
    both = plain(text_of(client, "/barometer/2026/?sector=trade&size=micro"))
    assert (
        "edition 2026. Trade and transport, 1 to 9 people. http://testserver/barometer/2026/" in both
    )  # how to cite it


@pytest.mark.parametrize("address", ["/barometer/", "/barometer/2026/"])
@pytest.mark.parametrize(
    "asked",
    [
        "sector=nobody", "sector=services", "sector=", "size=", "sector=trade&market=b2b", "size=micro&market=b2b",
        "sector=trade&sector=trade", "sector=trade&size=large", "sector=trade&size=micro&market=b2b", "sector=%00",
    ],
)  # fmt: skip
def test_any_other_combination_is_not_there(client, edition, address, asked):
    assert client.get(f"{address}?{asked}").status_code == 404


def test_before_there_is_an_edition_no_cell_is_there(client):
    assert client.get("/barometer/?sector=trade").status_code == 404


def test_a_cell_is_found_under_the_edition_and_robots_stay_out(client, edition):
    text = text_of(client, "/barometer/2026/?size=micro&lang=fr")
    assert '<link rel="canonical" href="http://testserver/barometer/2026/">' in text
    assert '<meta name="robots" content="noindex">' in text
    assert 'href="?size=micro&amp;lang=en"' in text
    assert "noindex" not in text_of(client, "/barometer/2026/")
    rules = client.get("/robots.txt").content.decode()
    assert all(f"Disallow: /barometer/*?*{facet}=" in rules for facet in ("sector", "size", "market"))


def test_a_cell_costs_three_queries_too(client, edition, django_assert_max_num_queries):
    client.get("/barometer/?sector=trade")
    with django_assert_max_num_queries(3):
        client.get("/barometer/?sector=trade")


# Bars ----------------------------------------------------------------------------------------------------------------
def test_bars_are_drawn_as_rounded_and_what_is_left_stays_blank(edition):
    told = figures(edition.cells, {}, editions_of_before(), NO_ORDER)
    whole = told.levels[0]
    assert whole.shares == (40, 0, 40, 40, 0, 0)
    assert [(part.place, part.share) for part in whole.bar] == [(1, 40), (3, 40), (4, 40)]
    assert [part.left for part in whole.bar] == [
        "0.00%",
        "33.33%",
        "66.67%",
    ]  # more than a hundred: a wider scale for all
    assert all(float(part.left[:-1]) + float(part.width[:-1]) <= 100.01 for row in told.levels for part in row.bar)
    short = figures([CELL | {"shares": {"level": {"2": 20, "3": 60}}}], {}, (), NO_ORDER).levels[0]
    assert [(part.left, part.width) for part in short.bar] == [("0.00%", "20.00%"), ("20.00%", "60.00%")]


# Elsewhere -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_gaps_can_stand_in_a_frame_of_any_site_and_nothing_else_can(client, edition, language):
    page = client.get(f"/barometer/embed/?lang={language}")
    assert page.status_code == 200
    assert "X-Frame-Options" not in page
    assert "frame-ancestors *" in page["Content-Security-Policy"]
    assert not page.cookies
    text = page.content.decode()
    assert f'<html lang="{language}">' in text
    assert "<form" not in text
    assert "<script" not in text
    assert 'href="http://testserver/barometer/2026/"' in text
    told = figures(edition.cells, {}, editions_of_before(), NO_ORDER)
    assert all(point.criterion.text.en.split("’")[0] in text for point in told.gaps if language == "en")
    for address in ("/", "/barometer/", "/barometer/2026/", "/barometer/?sector=trade", "/methodology/"):
        other = client.get(address)
        assert other["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]


def test_what_is_kept_for_everybody_is_kept_apart_by_what_tells_its_language(client, edition, settings):
    for address in (
        "/barometer/",
        "/barometer/embed/",
        "/barometer/2026.pdf",
        "/barometer/2026/gaps.svg",
        "/example/picture.png",
    ):
        plain_page, asked = client.get(address), Client().get(f"{address}?lang=fr", headers={"accept-language": "en"})
        assert "public" in plain_page["Cache-Control"]
        assert {"Accept-Language", "Cookie"} <= set(plain_page["Vary"].split(", ")), address
        assert (plain_page["Content-Language"], asked["Content-Language"]) == ("en", "fr"), address
        reader = Client(headers={"accept-language": "en"})
        reader.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
        french = reader.get(address)
        assert french["Content-Language"] == "fr", address
        assert french.content != plain_page.content


def test_a_cell_that_is_not_there_takes_no_room_of_what_is_kept(client, edition):
    text_of(client)
    kept = set(caches["parts"]._cache)
    for name in ("health", "x", "y"):
        text_of(client, f"/barometer/?sector={name}&size=none", status=404)
    assert set(caches["parts"]._cache) == kept


def test_before_the_first_edition_the_frame_says_so(client):
    assert "figures here from ten organisations on" in plain(client.get("/barometer/embed/").content.decode())


def test_the_page_says_how_to_put_it_into_a_frame(client, edition):
    assert "&lt;iframe src=&quot;" in text_of(
        client
    ) or '&lt;iframe src="http://testserver/barometer/embed/"' in text_of(client)


# Invented ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def invented():
    return Edition.objects.create(year=2026, invented=True, is_closed=True, cells=[CELL])


def test_an_invented_edition_says_so_everywhere(client, invented):
    text = text_of(client)
    assert text.index("Invented figures.") < text.index("<main")
    assert text.count("Invented figures.") == 5
    assert '<meta name="robots" content="noindex, nofollow">' in text
    data = client.get("/barometer/2026.json")
    assert json.loads(data.content)["invented"] is True
    assert "no organisation stands behind" in json.loads(data.content)["note"]
    table = client.get("/barometer/2026.csv")
    assert "2026,invented," in table.content.decode()
    for page in (data, table):
        assert "barometer-2026-invented." in page["Content-Disposition"]


def test_it_is_not_shown_where_a_real_organisation_agreed_or_beside_a_real_edition(client, invented):
    Edition.objects.create(year=2026, cells=[])
    assert "Invented figures." in text_of(client)
    (house,) = take_part(1, made=SPRING)
    assert "Invented figures." not in text_of(client)
    assert client.get("/barometer/2026.json").status_code == 404
    Organisation.objects.filter(pk=house.pk).update(is_demo=True)
    assert "Invented figures." in text_of(client)
    Edition.objects.create(year=2025, cells=[CELL])
    assert "Invented figures." not in text_of(client)
    assert client.get("/barometer/2026/").status_code == 404


# The tables as values -------------------------------------------------------------------------------------------------
def test_what_a_cell_does_not_hold_is_nought(db):
    told = figures([CELL], {}, (), NO_ORDER)
    assert told.levels[0].shares == (0, 0, 100, 0, 0, 0)
    assert (told.gaps, told.others, set(told.groups.values())) == ((), (), {()})
    assert len(LEVELS) == 5
    assert figures([], {}, (), NO_ORDER) is None


def test_the_main_finding_is_read_off_the_shares_alone(client, edition):
    told = figures(edition.cells, {}, editions_of_before(), NO_ORDER)
    assert told.commonest is None  # three levels have forty percent each
    closed = {point.criterion.key: point.shares[0] for point in told.gaps if point.shares[0] is not None}
    assert told.closed_most is None or closed[told.closed_most.criterion.key] == max(closed.values())
    assert figures([CELL], {}, (), NO_ORDER).commonest == (3, 100)
    assert figures([CELL], {}, (), NO_ORDER).closed_most is None


def test_the_page_opens_with_it(client, db):
    gaps = [made for study in editions_of_before() for made in study.criteria if made.kind == "gap"]
    shares = {f"criteria.{made.key}": {"reached": 20 * place} for place, made in enumerate(gaps[:4])}
    cell = CELL | {"shares": CELL["shares"] | shares}
    Edition.objects.create(year=2026, invented=True, is_closed=True, cells=[cell])
    text = plain(text_of(client))
    assert "Level 3 of 5 is where the largest share stands: 100%" in text
    told = figures([cell], {}, editions_of_before(), NO_ORDER)
    assert (told.closed_most.shares[0], told.closed_least.shares[0]) == (60, 0)
    assert f"60% have closed the gap “{told.closed_most.criterion.title}”: no gap is closed more often" in text
    assert f"Up to 10% have closed the gap “{told.closed_least.criterion.title}”: no gap is closed less often" in text
    assert "A share of 0 stands for up to 10%." in text  # rounded to steps of twenty
    assert "(invented figures)" in text


def test_what_it_is_and_how_to_cite_it_is_told_at_the_top_and_that_figures_still_move(client, edition):
    text = text_of(client)
    assert text.index("no sample of all companies") < text.index('href="#how"') < text.index('id="gaps"')
    assert 'id="how"' in text
    assert "add the day on which you read it" in text
    Edition.objects.update(is_closed=True)
    assert "add the day on which you read it" not in text_of(client)
    Organisation.objects.all().delete()
    Edition.objects.update(invented=True)
    caches["parts"].clear()
    assert "chose to take part" not in plain(text_of(client))
