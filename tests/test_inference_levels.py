"""Of a question in a confidential report its level is shown: no page, export or chart tells which of two means near it.

Two lives: in the second one somebody's answers to two questions of one dimension and weight are exchanged, so that the means
of both move within their level, and the dimension's stays. Everything an owner and the holder of a reading link can open
must be the same, from the first round to the comparison with the next.
"""

from datetime import timedelta
from unittest import mock

import pytest

from assessment.models.outline import outline
from assessment.rounds.inviting import invite
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.submitting import submit
from tests import factories
from tests.lives import House, differences, lived
from tests.sampling import THOROUGH

pytestmark = pytest.mark.any_database
PEOPLE = 10  # of two roles by turns, so that both are shown


class Life(House):
    def __init__(self, picks: list[dict[str, int]]) -> None:
        super().__init__()
        self.picks = picks

    def live(self) -> dict:
        with mock.patch("django.utils.timezone.now", side_effect=lambda: self.now):
            self.sign_in()
            self.hold("the first")
            self.now += timedelta(days=365)
            self.sign_in()
            self.post("start_next", self.house.slug)
            self.round = self.house.rounds.get(number=2)
            self.hold("the next")
        return self.seen

    def hold(self, name: str) -> None:
        self.of_round("invite", do="mode", mode="confidential")
        emails = [f"colleague{place}@example.org" for place in range(PEOPLE)]
        found = {one.email: one for one in invite(self.round, "confidential", emails, at=self.now)}
        for place, email in enumerate(emails):
            response, key = join(found[email], Newcomer(("sales", "hr")[place % 2]), at=self.now)
            factories.answer(response, lambda question, picks=self.picks[place]: chosen(question, picks))
            submit(key, at=self.now)
        self.of_round("close_round")
        self.token = factories.reading_link(self.round, at=self.now)[1]
        self.look(name)
        self.look(name, "stranger", part="token")


def chosen(question, picks):
    return question.choices[picks.get(question.key, 3) - 1].key if question.weight else None


@pytest.mark.parametrize("base", [2, 3, 4] if THOROUGH else [3])
def test_which_of_two_means_is_which_is_nowhere(questionnaire, base):
    scored = next(part for part in outline(questionnaire).content.dimensions if part.scored)
    weight = scored.questions[0].weight
    one, other = [question.key for question in scored.questions if question.weight == weight][:2]
    plain = [{one: base, other: base} for _ in range(PEOPLE)]
    lives = []
    for higher in (one, other):
        picks = [*plain[:-1], plain[-1] | {higher: base + 1}]
        lives.append(lived(lambda picks=picks: Life(picks).live()))
    first, second = lives
    assert differences(first, second) == {}
    assert [key for key, sight in first.items() if key[-1].endswith("/rounds/2/report.json") and sight.status == 200]
