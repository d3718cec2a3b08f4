"""A questionnaire as bytes that are equal exactly when its content is, and their hash."""

import dataclasses
import hashlib
import json
from decimal import Decimal
from typing import Any


def canonical(content: Any) -> bytes:
    """Canonical JSON of everything in a questionnaire, or a part: sorted keys, no spaces, numbers in their shortest form."""
    values = dataclasses.asdict(content)
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_number).encode()


def content_hash(content: Any) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


def _number(value: object) -> str:
    """A decimal as text, so that 1, 1.0 and 1.00 are the same: "1"."""
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} has no canonical form")
    return format(value.normalize(), "f") if value else "0"
