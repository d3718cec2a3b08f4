"""What others are shown of an organisation: what it says of itself, whether it counts in the barometer, its reading links."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from assessment.models.organisation import AGREEMENT, Organisation
from assessment.models.response import Response
from assessment.models.round import Round
from assessment.models.secret import hash_of, new_key, numbered
from assessment.models.share import Share, ShareQuerySet


def describe(organisation: Organisation, facts: Mapping[str, str], *, contributes: bool, at: datetime) -> None:
    """Change an organisation's facts and its agreement to count in the live barometer, which keeps the time it was given."""
    for name in ("name", "sector", "size", "market"):
        setattr(organisation, name, facts[name])
    organisation.agree(contributes, at=at)
    organisation.save(update_fields=["name", "sector", "size", "market", *AGREEMENT])


def share(
    round_: Response | Round,
    parts: Collection[str],
    *,
    days: int,
    at: datetime,
    label: str = "",
    score_in_preview: bool = False,
) -> tuple[Share, str]:
    """A new link to the report of a response or a round, and its token, which is not kept and cannot be shown again.

    That of a response in confidence is of the day alone: its time could be matched with somebody's sign-in.
    """
    token = new_key()
    if isinstance(round_, Response) and round_.round.is_confidential:
        at = at.replace(hour=0, minute=0, second=0, microsecond=0)
    row = round_.shares.create(
        token_hash=hash_of(token),
        label=label,
        parts=sorted(parts),
        score_in_preview=score_in_preview,
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    return row, token


def revoke(shares: ShareQuerySet, number: str, *, at: datetime) -> None:
    """End one of these links, by its number in the list; one that is not there is ended already."""
    numbered(shares.filter(revoked_at=None), number).update(revoked_at=at)
