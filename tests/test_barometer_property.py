"""The promise of the live barometer over generated histories: no figures tell fewer than ten organisations apart.

`HYPOTHESIS_PROFILE=thorough` lives through a hundred histories. Each way in which the rules can be broken has to be found.
"""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.barometer_world import BREAKS, attack, lived, problems
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
