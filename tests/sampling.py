"""How much of what is generated or repeated is tried: a sample, unless HYPOTHESIS_PROFILE=thorough asks for all of it."""

import os
from collections.abc import Sequence

from hypothesis import settings

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
if not THOROUGH:  # the same cases each time: what stands between a change and main fails for that change alone
    settings.register_profile("sample", derandomize=True)
    settings.load_profile("sample")


def sample(cases: Sequence, number: int) -> list:
    """So many of the cases, evenly spread from the first to the last; all of them when it is to be thorough."""
    if THOROUGH or len(cases) <= number:
        return list(cases)
    return [cases[place * len(cases) // number] for place in range(number)]


def examples(number: int) -> int:
    """How many cases Hypothesis makes up for a property: so many, or else a sixth of them, and no fewer than eight."""
    return number if THOROUGH else min(number, max(8, number // 6))
