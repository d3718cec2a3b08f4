"""Short ways to a round that several people answer."""

from assessment.models import Organisation, Questionnaire, Response, Round
from assessment.rounds.inviting import invite
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.starting import next_round
from assessment.rounds.submitting import submit
from tests import factories
from tests.factories import NOON


def begun(owner: Organisation, *, at=NOON) -> Round:
    """The next round of an organisation, without a response."""
    return next_round(owner, Questionnaire.objects.current(), at=at)


def answered_by(round_: Round, number: int, mode: str = "confidential", *, first: int = 1, at=NOON, **fields):
    """Answers of so many invited people, each at another level in turn; the responses with their keys."""
    emails = [f"colleague{place}@example.org" for place in range(first, first + number)]
    found = []
    for place, invitation in enumerate(invite(round_, mode, emails, at=at)):
        response, key = join(invitation, Newcomer("sales"), at=at, **fields)
        factories.answer(response, factories.level(2 + (first + place) % 4), at=at)
        found.append((submit(key, at=at), key))
    round_.refresh_from_db()
    return found


def latest(response: Response) -> Response:
    """A response as it is stored now, with its round."""
    return Response.objects.select_related("round__organisation", "round__questionnaire").get(pk=response.pk)
