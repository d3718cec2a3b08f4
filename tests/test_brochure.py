"""An edition as a brochure, read back from its bytes: its figures are the published ones, and it says what they are worth."""

import json
import re
from random import Random

import pypdfium2
import pytest
from django.template.defaultfilters import capfirst
from django.utils import timezone, translation

from assessment.barometer.shown import LEVELS, figures
from assessment.content.files import organisation_lists
from assessment.documents.brochure import brochure, brochure_pdf, key_figures, main_finding
from assessment.documents.edition_charts import band
from assessment.management import demo
from assessment.models import Edition
from assessment.results.reporting import barometer as editions_of_before
from assessment.wording import numbers
from assessment.wording.barometer import confidence, standings
from tests import factories
from tests.barometer_rows import CELL
from tests.test_pdf import opened

TITLES = ("strategy", "charter", "training", "roi", "social-selling")
MOST_BYTES = 200_000
ADDRESS = "/barometer/2026.pdf"
pytestmark = [pytest.mark.usefixtures("questionnaire"), pytest.mark.any_database]


def orders():
    lists = organisation_lists()
    return {
        "sector": [entry.key for entry in lists.groups],
        "size": [entry.key for entry in lists.sizes],
        "market": [entry.key for entry in lists.markets],
    }


def told(edition):
    return figures(edition.cells, {key: key for key in TITLES}, editions_of_before(), orders())


def flat(text):
    """The words of a text, one plain space apart."""
    return " ".join(text.split())


def pages_of(data):
    """The words of each page: what one copies."""
    document = pypdfium2.PdfDocument(data)
    pages = [flat(page.get_textpage().get_text_range()) for page in document]
    document.close()
    return [re.sub("[\u200b\ufffe\u00ad]", "", page) for page in pages]


def made(edition, language="en"):
    with translation.override(language):
        return brochure_pdf(told(edition), edition, editions_of_before())


def invented(number, monkeypatch):
    """An edition of so many invented organisations, summed by the barometer's own rules."""
    monkeypatch.setattr(demo, "TAKING_PART", number)
    edition = demo.make_edition(at=timezone.now())
    Edition.objects.filter(pk=edition.pk).update(year=2026)
    return Edition.objects.get(pk=edition.pk)


def fine(edition):
    """The same with shares of one percent, as of thousands."""
    random = Random(1)
    cells = [cell | {"n": 5 * cell["n"], "step": 1, "shares": dict(cell["shares"])} for cell in edition.cells]
    for cell in cells:
        for item, shares in cell["shares"].items():
            cell["shares"][item] = {value: max(0, share - random.randrange(3)) for value, share in shares.items()}
    edition.publish(cells)
    return edition


@pytest.fixture
def edition():
    return Edition.objects.create(year=2026, is_closed=True, cells=[CELL | {"n": 45}])


# The same figures -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("number", [10, 60, 400, 4000])
def test_its_figures_are_the_published_ones_on_four_to_eight_pages_whatever_there_is(number, language, monkeypatch):
    edition = invented(min(number, 400), monkeypatch)
    if number > 400:
        edition = fine(edition)
    data = made(edition, language)
    pages, found = pages_of(data), told(edition)
    text = " ".join(pages)
    assert 4 <= len(pages) <= 8
    assert len(data) < MOST_BYTES
    with translation.override(language):
        for points, are_gaps in ((found.gaps, True), (found.others, False)):
            for point in points:
                assert flat(str(point.criterion.text)) in text
                assert str(point.edition) in text
                if None not in point.shares:
                    shares = zip(standings(are_gaps), point.shares, strict=True)
                    shown = [
                        f"{name} {percent(share)}" for place, (name, share) in enumerate(shares) if share or place < 3
                    ]
                    assert flat(" · ".join(shown)) in text, point.criterion.key
        for row in found.levels[1:]:
            assert " ".join([str(row.name), *map(str, row.shares), band(row)]) in text
        for facet, rows in found.groups.items():
            for row in rows:
                name = numbers.fact(str(row.name), "group" if facet == "sector" else facet)
                assert flat(" ".join([name, *map(str, row.shares), number_of(row.n, language)])) in text, name


def number_of(number, language):
    return f"{number:,}".replace(",", " " if language == "fr" else ",")


def percent(share):
    with_unit = {"en": f"{share}%", "fr": f"{share}\u00a0%"}
    return with_unit[translation.get_language()]


@pytest.mark.parametrize("number", [10, 60, 400])
def test_no_percentage_stands_in_it_that_is_not_a_share_of_a_published_cell_or_a_step(number, monkeypatch):
    edition = invented(number, monkeypatch)
    text = " ".join(pages_of(made(edition)))
    shares = {share for cell in edition.cells for values in cell["shares"].values() for share in values.values()}
    assert set(map(int, re.findall(r"(\d+)%", text))) <= shares | {0, 20, 10, 5, 1}


def test_the_data_of_the_site_and_the_brochure_say_the_same(client, monkeypatch):
    edition = invented(60, monkeypatch)
    text = " ".join(pages_of(client.get(ADDRESS, {"lang": "en"}).content))
    whole = json.loads(client.get("/barometer/2026.json").content)["cells"][0]["shares"]
    shown = " · ".join(f"Level {level} {whole['level'][level]}%" for level in LEVELS if whole["level"].get(level))
    assert shown in text
    assert str(whole["dimensions.training.level"]["2"]) in re.search(r"Training ((?:\d+ ){6})", text)[1].split()
    assert edition.cells[0]["shares"] == whole


# What it says above all -----------------------------------------------------------------------------------------------
def with_gaps(*reached, level=None):
    """Figures in which so many percent have reached each of the first gaps."""
    gaps = [made for study in editions_of_before() for made in study.criteria if made.kind == "gap"]
    shares = {f"criteria.{gap.key}": {"reached": share} for gap, share in zip(gaps, reached, strict=False)}
    cell = CELL | {"shares": {"level": level or {"3": 100}} | shares}
    return figures([cell], {}, editions_of_before(), orders())


def test_the_title_names_the_gaps_closed_most_and_least_often_all_of_them_or_how_many_more():
    with translation.override("en"):
        assert re.fullmatch(
            r"Gaps closed most often: [^,.]+\. Least often: [^,.]+, [^,.]+\.", main_finding(with_gaps(60, 40, 0, 0))
        )
        assert re.search(r"most often: [^,.]+ and 2 more\. Least", main_finding(with_gaps(60, 60, 60, 0)))
        assert main_finding(with_gaps(60, 60)) == "Most frequent is level 3."
        level = {"3": 40, "4": 40}
        assert "what was found in 2016 and 2017" in main_finding(with_gaps(60, 60, level=level))


def test_the_title_page_has_four_key_figures_or_as_many_as_there_are():
    with translation.override("en"):
        assert [flat(key["big"]) for key in key_figures(with_gaps(60, 40, 0))] == ["60%", "Up to 10%", "10", "Level 3"]
        assert [flat(key["big"]) for key in key_figures(with_gaps(60, 60))] == ["60%", "10", "Level 3"]
        assert [flat(key["big"]) for key in key_figures(with_gaps(level={"3": 40, "4": 40}))] == ["10"]


def test_a_source_that_is_not_the_usual_one_is_said_at_its_point(edition):
    with translation.override("en"):
        data = brochure(told(edition), edition, editions_of_before())
    assert confidence("author") in data["points"]["source"]
    doubts = {row["doubt"] for row in data["points"]["rows"]}
    assert doubts == {"", capfirst(confidence("primary"))}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("number", [10, 400])
def test_the_title_page_alone_says_what_was_found_who_took_part_and_how_to_cite(number, language, monkeypatch):
    edition = invented(number, monkeypatch)
    page = pages_of(made(edition, language))[0]
    with translation.override(language):
        found = told(edition)
        assert flat(main_finding(found)) in page
        for key in key_figures(found)[:4]:
            assert flat(f"{key['big']} {key['says']}") in page
        cited = {"en": "Cite as: Social media maturity", "fr": "À citer ainsi\u00a0: Maturité des réseaux sociaux"}[
            language
        ]
        assert flat(cited) in page
    assert "/barometer/2026/" in page.replace(" ", "")


# What it is worth -----------------------------------------------------------------------------------------------------
def test_it_says_how_it_was_counted_what_may_be_compared_and_how_to_cite(edition):
    text = " ".join(pages_of(made(edition)))
    for said in (
        "About 45 organisations agreed to be counted; each counts once, with a result of 2026. The edition is closed.",
        "sums over groups of ten or more",
        "They are no sample of all companies",
        "do not measure a change",
        "no figures tell fewer than ten organisations apart",
        "312 answers",
        "Cite as: Social media maturity, The live barometer, edition 2026.",
        "/barometer/2026/",
    ):
        assert said in text, said
    links = {
        note.get_object()["/A"]["/URI"] for page in opened(made(edition)).pages for note in page.get("/Annots", ())
        if "/URI" in note.get_object().get("/A", {})
    }  # fmt: skip
    assert {link.partition("://")[2].partition("/")[2] for link in links} == {
        "barometer/2026/", "barometer/2026.csv", "barometer/2026.json", "methodology/#live", "methodology/#studies",
    }  # fmt: skip


@pytest.mark.parametrize(("language", "note"), [("en", "Invented figures"), ("fr", "Chiffres inventés")])
def test_an_invented_edition_says_so_on_each_page_and_a_real_one_on_none(edition, language, note):
    assert not any(note in page for page in pages_of(made(edition, language)))
    edition.invented = True
    assert all(note in page for page in pages_of(made(edition, language)))


def test_it_is_a_tagged_document_in_its_language_with_a_title(edition):
    for language, title in (("en", "The live barometer, 2026"), ("fr", "Le baromètre en continu, 2026")):
        reader = opened(made(edition, language))
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 (a PDF boolean)
        assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()
        assert (root["/Lang"], reader.metadata.title) == (language, title)


# At its address ---------------------------------------------------------------------------------------------------------
def test_everybody_may_keep_it_for_an_hour_in_their_language(client, edition):
    page = client.get(ADDRESS, headers={"accept-language": "fr"})
    assert (page.status_code, page["Content-Type"]) == (200, "application/pdf")
    assert page["Content-Disposition"] == 'attachment; filename="barometer-2026-fr.pdf"'
    assert set(page["Cache-Control"].split(", ")) == {"public", "max-age=3600"}
    assert not page.cookies
    again = client.get(ADDRESS, {"lang": "fr"}, headers={"if-none-match": page["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(ADDRESS, {"lang": "en"})["ETag"] != page["ETag"]
    client.force_login(factories.account())
    assert set(client.get(ADDRESS)["Cache-Control"].split(", ")) == {"private", "no-cache"}


def test_before_ten_there_is_none(client):
    Edition.objects.create(year=2026)
    assert client.get(ADDRESS).status_code == 404


def test_it_is_made_again_when_a_figure_changes_and_only_then(client, edition):
    first = client.get(ADDRESS).content
    assert made(edition) == made(edition)
    assert client.get(ADDRESS).content == first
    edition.publish([CELL | {"n": 50}])
    assert client.get(ADDRESS).content != first


def test_three_queries_whatever_there_is(client, edition, django_assert_max_num_queries):
    client.get(ADDRESS)
    with django_assert_max_num_queries(3):
        client.get(ADDRESS)


def test_the_page_leads_to_it_in_the_reader_s_language(client, edition):
    for language in ("en", "fr"):
        assert f'href="{ADDRESS}?lang={language}"' in client.get("/barometer/", {"lang": language}).content.decode()
