"""The rules of the live barometer one by one: who waits, who is sealed with whom, and what is published of sums."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from assessment.barometer import sealing, sums
from assessment.barometer.sealing import Applicant, Facets, Waiting, dealt, seal, waiting
from assessment.barometer.sums import Sum, items, published, share, to_five
from assessment.content.files import organisation_lists
from assessment.text.addresses import domain_of
from tests import factories
from tests.factories import level

DAY = timedelta(days=1)
SPRING = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE = Facets("trade", "micro", "b2b")


# Rule 1 --------------------------------------------------------------------------------------------------------------
def applicant(*results, agreed=SPRING - 400 * DAY, since=None):
    numbered = [(when, number) for number, when in enumerate(results, start=1)]
    return Applicant(7, HERE, frozenset({7}), agreed, since or agreed, numbered)


def result_of(found):
    return found and found.result


@pytest.mark.parametrize(("days", "waits"), [(0, False), (13.99, False), (14, True), (200, True)])
def test_a_result_counts_once_it_is_fourteen_days_old(days, waits):
    assert bool(waiting(applicant(SPRING), year=2026, at=SPRING + days * DAY)) is waits


def test_a_result_belongs_to_the_year_in_which_it_was_made():
    last = datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert waiting(applicant(last), year=2026, at=last + 20 * DAY)
    assert not waiting(applicant(last), year=2027, at=last + 20 * DAY)


def test_the_first_of_a_year_after_agreeing_counts():
    made = [SPRING, SPRING + 30 * DAY, SPRING + 60 * DAY]
    later = SPRING + 100 * DAY
    assert result_of(waiting(applicant(*reversed(made)), year=2026, at=later)) == 3
    assert result_of(waiting(applicant(*made, agreed=SPRING + DAY), year=2026, at=later)) == 2
    assert result_of(waiting(applicant(*made, agreed=SPRING + 99 * DAY), year=2026, at=later)) is None


def test_between_two_that_count_lie_three_hundred_days():
    first = datetime(2025, 11, 1, 12, tzinfo=UTC)
    for days, waits in ((299, False), (300, True)):
        found = waiting(applicant(first, first + days * DAY), year=2026, at=first + 400 * DAY)
        assert bool(found) is waits
    assert result_of(waiting(applicant(first, SPRING, first + 300 * DAY), year=2026, at=first + 400 * DAY)) == 3
    agreed_between = applicant(first, SPRING, agreed=first + DAY)
    assert waiting(agreed_between, year=2026, at=SPRING + 20 * DAY)  # the first did not count
    agreed_anew = applicant(first, SPRING, agreed=first + DAY, since=first - DAY)
    assert not waiting(agreed_anew, year=2026, at=SPRING + 20 * DAY)


# Rule 2 --------------------------------------------------------------------------------------------------------------
def those_waiting(number, facets=HERE, *, first=0, days=0, ties=None):
    since = SPRING - days * DAY
    return [
        Waiting(place, place, facets, frozenset(ties(place) if ties else {place}), since)
        for place in range(first, first + number)
    ]


def sealed(those, **options):
    return seal(those, at=SPRING, random=Random(1), **options)


@pytest.mark.parametrize(
    ("number", "sizes"),
    [(9, []), (10, [10]), (19, [19]), (20, [10, 10]), (39, [13, 13, 13]), (105, [10] * 5 + [11] * 5)],
)
def test_a_group_of_ten_or_more_is_sealed_whole(number, sizes):
    batches = sealed(those_waiting(number))
    assert sorted(len(batch.members) for batch in batches) == sizes
    assert {batch.labels for batch in batches} <= {HERE}


def test_in_random_order():
    those = those_waiting(40)
    first = [{one.organisation for one in batch.members} for batch in seal(those, at=SPRING, random=Random(1))]
    other = [{one.organisation for one in batch.members} for batch in seal(those, at=SPRING, random=Random(2))]
    assert first != other


@pytest.mark.parametrize("step", range(1, len(sealing.POOLS)))
def test_who_has_waited_stands_in_a_wider_pool(step):
    names = sealing.POOLS[step]
    apart = [
        Facets(*(value if name in names else f"{value}-{n}" for name, value in zip(Facets._fields, HERE, strict=True)))
        for n in range(10)
    ]
    those = [one for n, facets in enumerate(apart) for one in those_waiting(1, facets, first=n, days=12 * step)]
    (batch,) = sealed(those)
    assert batch.labels == HERE.only(names)
    young = [one for n, facets in enumerate(apart) for one in those_waiting(1, facets, first=n, days=12 * step - 1)]
    assert sealed(young) == []


def test_labels_are_what_all_members_share_also_in_a_wider_pool():
    those = those_waiting(5, Facets("trade", "micro", "b2b"), days=84)
    others = those_waiting(5, Facets("services", "micro", "b2b"), first=5, days=84)
    assert [batch.labels for batch in sealed(those + others)] == [Facets("", "micro", "b2b")]


def test_at_the_end_all_that_is_left_is_one_pool():
    those = [one for n in range(11) for one in those_waiting(1, Facets(f"s{n}", f"z{n}", f"m{n}"), first=n)]
    assert sealed(those) == []
    (batch,) = sealed(those, final=True)
    assert (len(batch.members), batch.labels) == (11, Facets())
    assert sealed(those[:9], final=True) == []


def test_nobody_is_sealed_with_somebody_who_is_tied_to_them():
    def ties(place):
        return {place, "post" if place % 3 == 0 else f"{place}.example"}

    batches = dealt(those_waiting(40, ties=ties), Random(1))
    assert len(batches) == 2
    for members in batches:
        of_all = [tie for one in members for tie in one.ties]
        assert len(of_all) == len(set(of_all))
    assert dealt(those_waiting(30, ties=lambda place: {place // 4}), Random(1)) == []
    assert len(dealt(those_waiting(40, ties=lambda place: {place // 4}), Random(1))) == 4


@pytest.mark.parametrize("seed", range(20))
def test_as_many_batches_are_dealt_as_ties_allow(seed):
    """Of ten that share one tie each batch gets one: with twenty others two batches can be made, and are."""
    tied = those_waiting(10, ties=lambda place: {place, "post"})
    assert sorted(map(len, dealt(tied + those_waiting(20, first=10), Random(seed)))) == [11, 11]


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("ada@sales.acme.example", "acme.example"),
        ("ada@ACME.example", "acme.example"),
        ("ada@shop.acme.co.uk", "acme.co.uk"),
        ("ada@mairie.gouv.fr", "mairie.gouv.fr"),
        ("ada@gmail.com", "google"),
        ("ada+x@googlemail.com", "google"),
        ("ada@hotmail.fr", "microsoft"),
        ("ada@live.co.uk", "microsoft"),
        ("ada@wanadoo.fr", "orange"),
        ("ada@localhost", "localhost"),
    ],
)
def test_a_domain_is_what_somebody_owns_and_a_provider_is_one(address, domain):
    assert domain_of(address) == domain


# Rules 3 and 4 -------------------------------------------------------------------------------------------------------
def test_what_of_a_result_is_counted(shipped):
    content, _evidence = shipped
    asked = factories.report_on(content, level(3), left_out=("charter",)).result
    counted = items(asked)
    assert (counted["level"], counted["band"]) == ("3", "50")
    assert counted["dimensions.charter.level"] == counted["dimensions.charter.band"] == "not-applicable"
    assert (counted["dimensions.strategy.level"], counted["dimensions.strategy.band"]) == ("3", "50")
    assert len(counted) == 2 + 2 * 5
    best, none = (items(factories.report_on(content, choose).result) for choose in (level(5), lambda question: None))
    assert best["band"] == best["dimensions.roi.band"] == "90"
    assert none["level"] == none["band"] == sums.NO_SCORE
    assert none["dimensions.roi.level"] == "not-enough-answers"


@pytest.mark.parametrize(
    ("number", "of", "percent"),
    [
        (1, 10, 0), (2, 10, 20), (3, 10, 40), (5, 10, 40), (7, 10, 80), (9, 10, 80), (10, 10, 100), (24, 49, 40),
        (5, 50, 10), (3, 60, 0), (9, 60, 20), (50, 99, 50), (50, 100, 50), (1, 100, 0), (3, 100, 5), (15, 200, 10),
        (25, 200, 10), (499, 499, 100), (5, 500, 1), (249, 500, 50), (1, 1000, 0), (5, 1000, 0), (15, 1000, 2),
    ],
)  # fmt: skip
def test_shares_are_rounded_to_coarse_steps_and_halves_to_the_even_one(number, of, percent):
    assert share(number, of) == percent


@pytest.mark.parametrize("of", [10, 49, 50, 99, 100, 499, 500, 777])
def test_shares_are_those_of_exact_fractions(of):
    step = 20 if of < 50 else 10 if of < 100 else 5 if of < 500 else 1
    assert [share(number, of) for number in range(of + 1)] == [
        step * round(Fraction(100 * number, step * of)) for number in range(of + 1)
    ]


def test_how_many_is_told_to_five():
    assert [to_five(n) for n in (0, 2, 3, 10, 12, 13, 47, 48, 1_234_567)] == [0, 0, 5, 10, 10, 15, 45, 50, 1_234_565]


def summed(labels, n, **counts):
    return {Facets(*labels): Sum(n, {name: dict(of) for name, of in counts.items()})}


def test_a_cell_is_the_sum_of_the_labels_that_carry_it_from_ten_on():
    of = (
        summed(("trade", "micro", "b2b"), 10, level={"1": 10})
        | summed(("trade", "", ""), 12, level={"1": 6, "2": 6})
        | summed(("", "micro", ""), 10, level={"3": 10})
        | summed(("services", "large", "b2c"), 9, level={"5": 9})
    )
    found = {cell.labels: (cell.n, cell.shares) for cell in published(of)}
    assert found == {
        Facets(): (40, {"level": {"1": 40, "2": 20, "3": 20, "5": 20}}),
        Facets("trade"): (20, {"level": {"1": 80, "2": 20}}),
        Facets(size="micro"): (20, {"level": {"1": 40, "3": 40}}),
        Facets(market="b2b"): (10, {"level": {"1": 100}}),
        Facets("trade", "micro"): (10, {"level": {"1": 100}}),
    }


def test_a_value_that_few_have_looks_like_one_that_nobody_has():
    few, nobody = (published(summed(("", "", ""), 40, level=counts))[0] for counts in ({"1": 39, "2": 1}, {"1": 40}))
    assert few.shares == nobody.shares == {"level": {"1": 100}}
    (unheard,) = published(summed(("", "", ""), 40, level={"1": 40}, rare={"x": 1}))
    assert "rare" not in unheard.shares


@pytest.mark.parametrize(("n", "medians"), [(19, {}), (20, {"band": 40})])
def test_a_median_is_told_from_twenty_on_and_of_rounded_shares(n, medians):
    counts = {"30": n - 12, "40": 6, "60": 5, "none": 1}
    assert published(summed(("", "", ""), n, band=counts))[0].medians == medians


# Rule 7 --------------------------------------------------------------------------------------------------------------
def test_each_sector_belongs_to_one_of_six_groups():
    lists = organisation_lists()
    grouped = [sector for group in lists.groups for sector in group.sectors]
    assert len(lists.groups) == 6
    assert sorted(grouped) == sorted(entry.key for entry in lists.sectors)
    assert (lists.group_of("finance"), lists.group_of("of another list")) == ("services", "other")


def test_the_rules_know_no_django(tmp_path):
    (tmp_path / "django.py").write_text("raise ImportError('not here')\n", encoding="utf-8")
    path = f"sys.path[:0] = [{str(tmp_path)!r}, {str(Path(__file__).parent.parent)!r}]"
    program = f"import sys; {path}; import assessment.barometer.sums"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
