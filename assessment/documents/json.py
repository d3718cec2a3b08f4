"""JSON for people to keep: `report.json` can be checked by hand or with `python -m assessment.scoring report.json`."""

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from assessment import scoring
from assessment.report.peers import Peers
from assessment.scoring import publishing


def report_json(
    questionnaire: scoring.Questionnaire,
    responses: Sequence[scoring.Response] | None,
    result: scoring.Result,
    *,
    mode: scoring.Mode,
    without: Collection[str] = (),
    peers: Peers | None = None,
) -> bytes:
    """The report as UTF-8 JSON; `responses` is None for a joint report, which holds nobody's answers.

    `without` names what the result leaves out, because its reader does not see it: the plan, the criteria. `peers` are
    as they are now, under a key of their own that a check passes over.
    """
    data = publishing.report_data(questionnaire, responses, result, mode=mode)
    if peers:
        data["peers"] = _peers(peers)
    data["result"] = {key: value for key, value in data["result"].items() if key not in without}
    return plain_json(data)


def _peers(peers: Peers) -> dict[str, Any]:
    """Peers as data: shares in percent, what the middle half reaches in points."""
    return {
        "edition": peers.year,
        "invented": peers.invented,
        "organisations": peers.n,
        "step": peers.step,
        "levels": {str(level): share for level, share in sorted(peers.levels.items())},
        "bands": {str(band): share for band, share in sorted(peers.bands.items())},
        "middle": {key: list(ends) for key, ends in peers.middle.items()},
    }


def plain_json(data: Any) -> bytes:
    """Plain values as UTF-8 JSON; dates and times as in ISO 8601."""
    return json.dumps(data, ensure_ascii=False, indent=1, default=_iso).encode()


def _iso(value: date) -> str:
    return value.isoformat()
