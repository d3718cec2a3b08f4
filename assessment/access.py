"""Who may do what: one function per verb, used by every view. Each returns what was asked for, or None for "not yours".

An address with a secret key or token is itself the permission; "does not exist" and "not yours" look the same.
"""

from datetime import datetime

from assessment.models import Organisation, Response, Result, Round, Share


def draft(key: str, *, lock: bool = False) -> Response | None:
    """The draft that the holder of a key may change; with `lock`, its row is held until the transaction ends."""
    found = Response.objects.with_key(key).drafts()
    return (found.select_for_update(of=("self",)) if lock else found).first()


def response(key: str) -> Response | None:
    """What the holder of a key comes back to: the draft if there is one, else what was submitted."""
    return Response.objects.with_key(key).first()


def submitted(key: str, user) -> Response | None:
    """The response whose report the holder of a key may read, with its result."""
    return Response.objects.with_key(key).submitted().with_result().seen_by(user).first()


def sees_plan(response: Response) -> bool:
    """The plan is for who opened the round and for the organisation's people; other colleagues see their own score."""
    return response.opens_round or response.is_member


def link_shows_plan(response: Response) -> bool:
    """A reading link shows no more than a colleague who made it sees herself: the plan is for who opened the round."""
    return response.opens_round


def sees_earlier_rounds(response: Response) -> bool:
    """Earlier rounds are for the organisation's people, and for who opened the round while nobody owns it."""
    return response.is_member or (response.opens_round and not response.is_owned)


def shared(token: str, *, at: datetime) -> Response | None:
    """The response whose report the holder of a reading link may read, with its result."""
    found = Share.objects.with_token(token, at=at).first()
    return found.response if found else None


def organisation(user, slug: str) -> Organisation | None:
    """An organisation that one of its people may read about."""
    return Organisation.objects.of(user).filter(slug=slug).first()


def round_result(user, slug: str, number: int) -> Result | None:
    """The result of a round that the organisation's people may read."""
    rounds = Round.objects.filter(number=number, organisation__in=Organisation.objects.of(user).filter(slug=slug))
    results = Result.objects.of_rounds().filter(round__in=rounds)
    return results.select_related("round__organisation", "questionnaire", "response__round__questionnaire").first()
