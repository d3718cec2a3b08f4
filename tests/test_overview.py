"""The one thing to do next in an organisation: by its rounds, and by how long ago the last one was opened."""

from datetime import timedelta

import pytest

from assessment.report.overview import NextThing, RoundPart, RoundState, next_thing
from tests.factories import NOON, level, report_on


@pytest.fixture
def published(shipped) -> RoundPart:
    values = report_on(shipped[0], level(3)).result
    return RoundPart(1, "solo", NOON, RoundState.PUBLISHED, 0, 1, values)


@pytest.mark.parametrize(
    ("after", "what"),
    [
        (timedelta(), "read"),
        (timedelta(days=300, seconds=1), "read"),
        (timedelta(days=330), "read"),
        (timedelta(days=330, seconds=1), "start"),
    ],
)
def test_a_report_is_read_for_330_days_and_then_it_is_time_for_the_next_round(published, after, what):
    assert next_thing([published], at=NOON + after) == NextThing(what, published)


def test_without_a_round_the_first_one_is_started():
    assert next_thing([], at=NOON) == NextThing("start")
