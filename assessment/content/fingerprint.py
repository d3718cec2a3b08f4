"""The fingerprint of content: by it a version is known to be what was published."""

import dataclasses
import hashlib
import json
from decimal import Decimal
from typing import Any

from assessment.content.recommendation import is_of_before, recommendation
from assessment.content.structure import QuestionContent, QuestionnaireContent


def canonical(content: Any) -> bytes:
    """Canonical JSON of everything in a questionnaire, or a part: sorted keys, no spaces, numbers in their shortest form.

    `content` is one of the classes of `structure`, or its values by field. That of a questionnaire of before steps has the
    form it had then, so that its fingerprint stays.
    """
    values = content if isinstance(content, dict) else dataclasses.asdict(content)
    if isinstance(content, QuestionnaireContent) and is_of_before(content):
        for dimension, part in zip(content.dimensions, values["dimensions"], strict=True):
            questions = zip(dimension.questions, part["questions"], strict=True)
            part["questions"] = [_of_before(question, fields) for question, fields in questions]
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_number).encode()


def content_hash(content: Any) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


def _of_before(question: QuestionContent, fields: dict) -> dict:
    """A question with its one recommendation instead of steps."""
    advice = recommendation(question)
    choices = [{name: value for name, value in choice.items() if name != "step"} for choice in fields["choices"]]
    kept = {name: value for name, value in fields.items() if name != "foundation"}
    return kept | {"choices": choices, "recommendation": dataclasses.asdict(advice) if advice else None}


def _number(value: object) -> str:
    """A decimal as text, so that 1, 1.0 and 1.00 are the same: "1"."""
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} has no canonical form")
    return format(value.normalize(), "f") if value else "0"
