"""Where the people who answered see things differently: by question and by role."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessment.scoring import Mode, Questionnaire, QuestionState, Response
from assessment.scoring.answers import PRIVACY_FLOOR, fewest_answers, tally

OTHER_ROLES = "other"
FAR_APART = 50


@dataclass(frozen=True, slots=True)
class RoleGroup:
    """The people of one role, or of several too small to be shown ("other"): how many, and their mean by question."""

    role: str
    responses: int
    means: Mapping[str, Fraction | None]


def views_differ(scores: Sequence[Fraction]) -> bool:
    """Whether scores (0..100) given to one question lie far apart.

    The rule (scoring/README.md, "Views differ"): with two to four scores, highest - lowest >= 50; from
    five on, upper - lower quartile >= 50, so that one voice alone does not decide. Fewer than two never differ.
    """
    ordered = sorted(scores)
    if len(ordered) < 2:
        return False
    if len(ordered) < 5:
        return ordered[-1] - ordered[0] >= FAR_APART
    return _quartile(ordered, 3) - _quartile(ordered, 1) >= FAR_APART


def _quartile(ordered: Sequence[Fraction], number: int) -> Fraction:
    """Quartile 1 or 3 by linear interpolation between the two nearest values (the "inclusive" method), exact."""
    place, quarters = divmod((len(ordered) - 1) * number, 4)
    if not quarters:
        return ordered[place]
    return ordered[place] + (ordered[place + 1] - ordered[place]) * quarters / 4


def by_role(
    questionnaire: Questionnaire, responses: Sequence[Response], *, mode: Mode, floor: int = PRIVACY_FLOOR
) -> tuple[RoleGroup, ...]:
    """The mean (0..100) of each scored question by role group, groups in the order of their keys, "other" last.

    The rule (scoring/README.md, "Roles"): an open round shows every role. A confidential one
    shows groups only while each has `floor` or more responses not counting owners, else the smallest shown (ties:
    by key) joins "other"; a single group left is no breakdown: (). A mean follows the rule of a question's score within
    the group. In a confidential round it also needs `floor` answers not counting owners', and is None in all
    groups unless all have one: beside the joint mean, a missing group could be worked out from the others.
    """
    if mode == Mode.SOLO:
        return ()
    groups: dict[str, list[Response]] = {}
    for response in responses:
        groups.setdefault(response.role, []).append(response)
    if mode == Mode.CONFIDENTIAL:
        groups = _large_enough(groups, fewest_answers(mode, floor))
    means = _means(questionnaire, groups, mode=mode, floor=floor)
    roles = sorted(groups, key=lambda role: (role == OTHER_ROLES, role))
    return tuple(RoleGroup(role, len(groups[role]), means[role]) for role in roles)


def _not_owners(responses: Sequence[Response]) -> list[Response]:
    return [response for response in responses if not response.owner]


def _large_enough(groups: Mapping[str, list[Response]], floor: int) -> dict[str, list[Response]]:
    """Merge the smallest groups into "other" until all have `floor` responses not counting owners; {} for one group."""
    sizes = {role: len(_not_owners(members)) for role, members in groups.items()}
    merged = dict(groups)
    while len(merged) > 1 and min(sizes.values()) < floor:
        smallest = min((role for role in merged if role != OTHER_ROLES), key=lambda role: (sizes[role], role))
        merged[OTHER_ROLES] = merged.get(OTHER_ROLES, []) + merged.pop(smallest)
        sizes[OTHER_ROLES] = sizes.get(OTHER_ROLES, 0) + sizes.pop(smallest)
    return merged if len(merged) > 1 else {}


def _means(
    questionnaire: Questionnaire, groups: Mapping[str, list[Response]], *, mode: Mode, floor: int
) -> dict[str, dict[str, Fraction | None]]:
    """The mean of each scored question in each group, by role and question key."""
    fewest = fewest_answers(mode, floor)
    means: dict[str, dict[str, Fraction | None]] = {role: {} for role in groups}
    for question in questionnaire.scored_questions:
        tallies = {role: tally(question, members) for role, members in groups.items()}
        shown = mode == Mode.OPEN or all(
            tallies[role].state == QuestionState.SCORED and len(tally(question, _not_owners(members)).points) >= fewest
            for role, members in groups.items()
        )
        for role in groups:
            means[role][question.key] = tallies[role].score if shown else None
    return means
