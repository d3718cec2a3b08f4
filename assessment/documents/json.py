"""`report.json`: everything needed to check a score by hand or with `python -m assessment.scoring report.json`."""

import json
from collections.abc import Sequence

from assessment import scoring
from assessment.scoring import record


def report_json(
    questionnaire: scoring.Questionnaire,
    responses: Sequence[scoring.Response] | None,
    result: scoring.Result,
    *,
    mode: scoring.Mode,
) -> bytes:
    """The report as UTF-8 JSON; `responses` is None for a joint report, which holds nobody's answers."""
    data = record.report_data(questionnaire, responses, result, mode=mode)
    return json.dumps(data, ensure_ascii=False, indent=1).encode()
