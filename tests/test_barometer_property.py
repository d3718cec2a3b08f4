"""The promise of the live barometer over generated histories: no figures tell fewer than ten organisations apart.

`HYPOTHESIS_PROFILE=thorough` lives through a hundred histories. Each way in which the rules can be broken has to be found.
"""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assessment.barometer import peers, shown
from assessment.documents import brochure, edition, edition_charts
from tests import barometer_shown
from tests.barometer_world import BREAKS, attack, lived, naive, problems
from tests.sampling import THOROUGH

few = settings(
    max_examples=100 if THOROUGH else 3,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@few
@given(st.integers(0, 2**32))
def test_every_figure_rests_on_whole_batches_of_ten_or_more(seed):
    world = lived(seed)
    assert len(world.organisations) >= 200
    assert len(world.nights) >= 60
    assert len(world.log) >= 8
    assert problems(world) == []


@pytest.mark.parametrize("broken", BREAKS)
def test_a_broken_rule_is_found(broken):
    """In the first history in which it makes a difference, of a few."""
    assert any(problems(lived(seed, broken=broken)) for seed in range(3))


@few
@given(st.integers(0, 2**32))
def test_every_figure_of_pages_files_charts_and_peers_is_one_of_whole_batches(seed):
    """On the first night with figures, one in the middle and the last."""
    world = lived(seed)
    nights = [night for night in world.nights if night.cells]
    for night in (nights[0], nights[len(nights) // 2], nights[-1]):
        assert barometer_shown.problems(night.cells.values(), naive(world.log[: night.sealed])) == []


def spoilt(what):
    """Where a document is made, and one that tells something else in its place."""
    made = {name: getattr(*place) for name, place in PLACES.items()}[what]

    def other(*given, **options):
        found = made(*given, **options)
        if what == "JSON":
            return found.replace(b'"step": ', b'"step": 1')
        if what == "CSV":
            return ([*row[:5], edition._whole(7), *row[6:]] for row in found)
        if what == "page":
            return replace(found, n=found.n - 1) if found else None
        if what == "row":
            return replace(found, shares=(found.shares[0] + 1, *found.shares[1:]))
        if what == "point":
            return tuple(share and share + 1 for share in found)
        if what == "brochure":
            return found | {"rows": found["rows"][1:]}
        if what == "chart":
            return replace(found, shares=found.shares[::-1])
        return found and replace(found, n=found.n - 1)  # all but you

    return *PLACES[what], other


PLACES = {
    "JSON": (edition, "plain_json"),
    "CSV": (edition, "_rows"),
    "page": (shown, "figures"),
    "row": (shown, "_row"),
    "point": (shown, "_standings"),
    "brochure": (brochure, "_levels"),
    "chart": (edition_charts, "_of_levels"),
    "peers": (peers, "_peers"),
}


@pytest.mark.parametrize("what", PLACES)
def test_a_document_that_tells_something_else_is_found(monkeypatch, what):
    world = lived(1)
    told = world.nights[-1].cells.values(), naive(world.log)
    assert barometer_shown.problems(*told) == []
    monkeypatch.setattr(*spoilt(what))
    assert barometer_shown.problems(*told)


@pytest.mark.parametrize("known", [0, 1])
def test_next_to_nothing_is_certain_of_a_member_of_a_known_batch(known):
    """Of 20 criteria at most 0.1, on average over batches and histories, also for a member who takes itself off.

    Who knows nine of ten learns a third of what the tenth stands at: no sum can help that, and the methodology says so.
    """
    histories = range(150 if THOROUGH else 6)
    assert sum(attack(lived(seed), known=known) for seed in histories) / len(histories) <= 0.1


def test_with_batches_of_five_and_whole_percents_more_would_be_certain(monkeypatch):
    """The attacker knows their trade."""
    for place, value in (("sealing.SMALLEST", 5), ("sealing.LARGEST", 9), ("sums.SMALLEST", 5), ("sums.STEPS", ())):
        monkeypatch.setattr(f"assessment.barometer.{place}", value)
    monkeypatch.setattr("tests.barometer_world._allowed", {})
    assert sum(attack(lived(seed), known=1) for seed in range(3)) > 0.9
