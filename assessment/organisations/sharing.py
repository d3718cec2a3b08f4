"""Reading links: making and ending them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from assessment.models.response import Response
from assessment.models.round import Round
from assessment.models.secret import hash_of, new_key, numbered
from assessment.models.share import Share, ShareQuerySet


def share(
    round_: Response | Round, parts: Collection[str], *, days: int, at: datetime, label: str = ""
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
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    return row, token


def revoke(shares: ShareQuerySet, number: str, *, at: datetime) -> None:
    """End one of these links, by its number in the list; one that is not there is ended already."""
    numbered(shares.filter(revoked_at=None), number).update(revoked_at=at)
