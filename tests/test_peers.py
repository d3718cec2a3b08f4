"""Peers in a report: the published cell that fits best, what is said of it, and that every form of a report says the same."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from itertools import count
from random import Random

import pytest
from django.core.cache import caches
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader

from assessment.barometer.nightly import as_data, night
from assessment.barometer.peers import peers_of
from assessment.barometer.sealing import Facets
from assessment.barometer.sums import Sum, items, published
from assessment.content.structure import Text
from assessment.documents import drawings, pdf
from assessment.models import Edition, Organisation, Result
from assessment.report.parts import Part
from assessment.report.peers import Peers, Third, middle_half
from assessment.results.reporting import report_of
from assessment.scoring.__main__ import main
from assessment.text.binding import bound
from assessment.wording import peers as wording
from tests import factories
from tests.barometer_rows import DAY, take_part, values
from tests.test_charts import texts

SPRING = datetime(2026, 3, 2, 12, tzinfo=UTC)
hurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no failure
BANDS = st.dictionaries(st.integers(0, 9).map(lambda band: 10 * band), st.integers(0, 100))


def peers(**told):
    return Peers(
        **{"year": 2026, "invented": False, "n": 140, "step": 5, "of": (), "levels": {}, "bands": {}, "middle": {}}
        | told
    )


# What is read off rounded shares -------------------------------------------------------------------------------------
def test_a_share_above_a_level_is_of_all_who_have_one_and_in_the_steps_of_the_cell():
    found = peers(step=20, levels={1: 40, 2: 40, 3: 40})
    assert [found.at_least(level) for level in (1, 2, 3, 4)] == [100, 60, 40, 0]


def test_where_every_share_was_rounded_to_nothing_no_share_and_no_third_is_told():
    assert peers().at_least(3) is None
    assert peers().third(Fraction(50)) is None


@pytest.mark.parametrize(
    ("score", "third"),
    [
        (0, Third.LOWER),
        (19, Third.LOWER),
        (40, Third.MIDDLE),
        (59, Third.MIDDLE),
        (80, Third.UPPER),
        (100, Third.UPPER),
    ],
)
def test_the_third_is_that_of_the_middle_of_those_in_the_same_ten_points(score, third):
    found = peers(bands={10: 25, 40: 25, 50: 25, 80: 25})
    assert found.third(Fraction(score)) == third
    assert found.third(None) is None


def test_the_middle_half_runs_from_the_band_of_one_quartile_to_that_of_the_other():
    assert middle_half({}) is None
    assert middle_half({0: 25, 20: 25, 50: 25, 90: 25}) == (0, 59)
    assert middle_half({30: 100}) == (30, 39)
    assert middle_half({90: 100}) == (90, 100)


@hurried
@given(BANDS)
def test_at_least_half_of_them_lie_in_the_middle_half(bands):
    ends = middle_half(bands)
    if ends:
        inside = sum(share for band, share in bands.items() if ends[0] <= band <= ends[1])
        assert 2 * inside >= sum(bands.values())
    else:
        assert not any(bands.values())


@pytest.mark.parametrize("language", ["en", "fr"])
@hurried
@given(levels=st.dictionaries(st.integers(1, 5), st.integers(1, 100)), bands=BANDS, invented=st.booleans())
def test_what_is_said_of_peers_is_at_most_sixty_words(language, levels, bands, invented):
    of = (
        Text("Associations and other", "Associations et autres"),
        Text("5,000 people or more", "5 000 personnes ou plus"),
    )
    found = peers(levels=levels, bands=bands, invented=invented, of=of)
    with translation.override(language):
        told = [
            wording.peers_invented(found),
            f"{wording._own(3)} {wording._shares(found, 3)}",
            *map(str, wording.THIRDS.values()),
        ]
        assert len(" ".join([*told[:2], max(told[2:], key=len)]).split()) <= 60


@pytest.mark.parametrize(
    ("levels", "own", "told"),
    [
        ({3: 80, 4: 20}, 4, "some 20% are at level 4 or above."),
        ({3: 100}, 4, "few or none are at level 4 or above."),
        ({3: 100}, 2, "most or all are at level 2 or above."),
        ({4: 80, 5: 20}, 5, "some 20% are at level 5."),
        ({4: 100}, 5, "few or none are at level 5."),
        ({3: 80, 4: 20}, 1, "most or all are at level 2 or above."),
        ({2: 60, 3: 40}, None, "some 40% are at level 3 or above."),
    ],
)
def test_nothing_silly_is_said_of_all_of_nobody_and_of_the_highest_level(levels, own, told):
    with translation.override("en"):
        assert wording._shares(peers(step=20, levels=levels), own).endswith(told)


def test_how_many_they_are_is_grouped():
    for language, written in (("en", "20,000"), ("fr", "20\N{NO-BREAK SPACE}000")):
        with translation.override(language):
            assert written in wording.peers_named(peers(n=20000))


@pytest.mark.parametrize("knows", ["all", "two of three"])
def test_where_no_level_is_stated_alone_none_is_named_beside_peers_and_no_third(shipped, knows):
    """Score and level are computed, but lie anywhere between two ends."""
    numbers = count()

    def choose(question):
        return "unknown" if next(numbers) % 3 == 2 and knows != "all" else question.choices[:3][-1].key

    told = factories.report_on(shipped[0], choose)
    said = wording.peers(replace(told, peers=peers(levels={1: 20, 3: 40, 5: 40}, bands={0: 40, 90: 60})))
    assert told.result.level == 3
    assert "are at level 3 or above" in said
    assert (told.place.level == 3) is (knows == "all")
    assert ("You are at level" in said) is ("Your score" in said) is (knows == "all")


@pytest.mark.parametrize(
    ("invented", "named"), [(True, "Middle half of your peers (invented)"), (False, "Middle half of your peers")]
)
def test_a_chart_that_is_passed_on_says_of_invented_peers_that_they_are(shipped, invented, named):
    report = factories.report_on(shipped[0], factories.level(3))
    middle = {part.key: (20, 59) for part in report.dimensions}
    draw = drawings.drawing(replace(report, peers=peers(invented=invented, middle=middle)), "bars")
    assert named in texts(draw(scheme="light"))


# Which cell ----------------------------------------------------------------------------------------------------------
def sealed(*groups, year=2026, invented=False):
    """An edition of these groups of organisations: labels, and how many stand at each level from 1 on."""
    sums = {}
    for labels, numbers in groups:
        total = sums.setdefault(Facets(*labels), Sum())
        for level, number in enumerate(numbers, start=1):
            for _ in range(number):
                total.add(items(values(level)))
    edition = Edition.objects.create(year=year, invented=invented)
    edition.publish(as_data(cell) for cell in published(sums))
    caches["local"].clear()
    return edition


@pytest.fixture
def shop(questionnaire):
    return Organisation.objects.create(name="Shop", slug="shop", sector="retail", size="micro", market="b2b")


MICRO_TRADE, TRADE, MICRO, SERVICES = ("trade", "micro", ""), ("trade", "", ""), ("", "micro", ""), ("services", "", "")


@pytest.mark.parametrize(
    ("labels", "n", "of"),
    [
        ([MICRO_TRADE, TRADE, MICRO, SERVICES], 10, ["Trade and transport", "1 to 9 people"]),
        ([TRADE, MICRO, SERVICES], 10, ["Trade and transport"]),
        ([MICRO, SERVICES], 10, ["1 to 9 people"]),
        ([SERVICES], 10, []),
    ],
)
def test_the_narrowest_cell_that_is_published_is_taken(shop, labels, n, of):
    sealed(*((label, (0, 10)) for label in labels))
    found = peers_of(shop)
    assert (found.n, list(map(str, found.of))) == (n, of)


def test_without_ten_there_are_no_peers(shop):
    assert peers_of(shop) is None
    take_part(9, made=SPRING)
    night(at=SPRING + 40 * DAY, random=Random(1))
    caches["local"].clear()
    assert peers_of(shop) is None


def test_the_middle_is_told_from_twenty_on(shop):
    sealed((("trade", "", ""), (5, 5, 5)))
    assert peers_of(shop).middle == {}
    assert peers_of(shop).bands == {}
    Edition.objects.all().delete()
    sealed((("trade", "", ""), (5, 5, 10)))
    assert set(peers_of(shop).middle) == {part.key for part in values(3).dimensions}


def test_invented_figures_stand_beside_demonstrations_alone_and_never_where_somebody_agreed(shop):
    sealed((("trade", "", ""), (10, 10)), invented=True)
    assert peers_of(shop) is None
    shop.is_demo = True
    assert peers_of(shop).invented
    take_part(1, made=SPRING)
    caches["local"].clear()
    assert peers_of(shop) is None


def test_a_size_of_another_list_is_compared_by_the_sector(shop):
    sealed((("trade", "micro", ""), (10,)), (("trade", "", ""), (10, 10)))
    shop.size = "a size of old"
    assert peers_of(shop).n == 30


def test_peers_cost_no_query_once_they_are_known(shop, django_assert_num_queries):
    sealed((("trade", "", ""), (10, 10)))
    peers_of(shop)
    with django_assert_num_queries(0):
        peers_of(shop)


# In a report ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def key(shop):
    """The key of a finished report that has peers."""
    sealed((MICRO_TRADE, (10, 20, 10)))
    return factories.submitted(shop)[1]


def test_every_form_of_a_report_says_the_same_of_peers(client, key):
    def get(name):
        return client.get(f"/r/{key}/{name}").content

    found, page = report_of(Result.objects.get()).peers, get("report/").decode()
    sentence = "Of about 40 organisations (trade and transport, 1 to 9 people), some 20% are at level 3 or above."
    sentence = f"You are at level 3. {sentence}"
    assert bound(sentence) in page
    told = json.loads(get("report.json"))["peers"]
    assert (told["organisations"], told["levels"]) == (
        found.n,
        {str(level): share for level, share in found.levels.items()},
    )
    assert found.middle == {part: tuple(ends) for part, ends in told["middle"].items()}
    assert all(f"{low}–{high}" in page for low, high in found.middle.values())
    assert sentence in get("report.csv").decode()
    book = load_workbook(io.BytesIO(get("report.xlsx")))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(sentence in text for text in cells)
    assert "Middle half of your peers, from" in cells
    for name in ("report.pdf", "summary.pdf"):
        assert sentence in printed(get(name))


def printed(data):
    """The words of a PDF, one plain space apart."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_middle_half_is_drawn_beneath_each_bar_of_the_printed_reports_and_said_in_both(client, key, language):
    found = report_of(Result.objects.get())
    with translation.override(language):
        named = drawings.peers_band(found)[0].label
        drawn = pdf.whole(found)["bars"]
        assert [row["bands"]["peers"] for row in drawn["rows"]] == [
            found.peers.middle[of.key] for of in found.dimensions
        ]
        assert drawn["legend"][-1] == {"role": "peers", "text": named}
        ends = [f"{of.title} {wording.peers_ends(found.peers.middle[of.key])}" for of in found.dimensions]
    for name in ("report.pdf", "summary.pdf"):
        told = printed(client.get(f"/r/{key}/{name}", headers={"accept-language": language}).content)
        assert all(said in told for said in (named, *ends)), name


def test_peers_are_no_part_of_a_stored_result_and_a_check_passes_them_over(client, key, capsys, tmp_path):
    file = tmp_path / "report.json"
    file.write_bytes(client.get(f"/r/{key}/report.json").content)
    assert "peers" in json.loads(file.read_text())
    assert main([str(file)]) == 0
    assert "peers" not in capsys.readouterr().out
    assert "peers" not in Result.objects.get().record


def test_who_is_not_shown_the_barometer_is_shown_no_peers(key):
    stored = Result.objects.get()
    assert report_of(stored, frozenset({Part.PLAN, Part.ANSWERS})).peers is None
    assert report_of(stored, frozenset({Part.BAROMETER})).peers is not None


def test_what_a_night_publishes_is_seen_beside_a_report_whose_parts_are_kept(client, key):
    assert "Of about 40 organisations" in client.get(f"/r/{key}/report/").content.decode()
    edition = Edition.objects.get()
    edition.publish(cell | {"n": 55} for cell in edition.cells)
    caches["local"].clear()  # five minutes later
    assert "Of about 55 organisations" in client.get(f"/r/{key}/report/").content.decode()
