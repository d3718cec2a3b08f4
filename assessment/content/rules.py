"""What a questionnaire must be so that it can be scored; the rules are those of the methodology."""

from collections.abc import Collection
from graphlib import CycleError, TopologicalSorter

from assessment.content import messages
from assessment.content.messages import shown
from assessment.content.spot import Declared, References, Spot
from assessment.content.structure import ChoiceContent, DimensionContent

LEAST_SCORED_DIMENSIONS = 3
MOST_CIRCLES = 20


def check_scored_dimensions(spot: Spot, dimensions: tuple[DimensionContent, ...]) -> None:
    """At least three dimensions are scored."""
    count = sum(dimension.scored is not False for dimension in dimensions)
    if not spot.is_absent and count < LEAST_SCORED_DIMENSIONS:
        spot.problem(messages.TOO_FEW_SCORED, least=LEAST_SCORED_DIMENSIONS, count=count)


def check_dimension(fields: dict[str, Spot], scored: bool | None) -> None:
    """A scored dimension has a weight and anchors, another has neither weight nor a statement that takes it out."""
    if scored is None:
        return
    if scored:
        _need(fields, ("weight", "anchors"))
    else:
        _refuse(fields, ("weight", "not_applicable"), messages.REFUSED_IF_NOT_SCORED)


def check_question(fields: dict[str, Spot], scored: bool | None, kind: str | None) -> None:
    """A scored question is single and has a weight; another gives no points and takes no part in the plan."""
    if scored is None:
        return
    if scored:
        _need(fields, ("weight",))
        if kind == "multiple":
            fields["kind"].problem(messages.SINGLE_IF_SCORED, value=shown(kind))
    else:
        _refuse(fields, ("weight", "needs", "recommendation"), messages.REFUSED_IF_NOT_SCORED)


def check_exclusive(spot: Spot, exclusive: bool, kind: str | None) -> None:
    """Only where several choices can be ticked can one exclude the others."""
    if exclusive and kind == "single":
        spot.problem(messages.EXCLUSIVE_IN_SINGLE)


def check_choice(fields: dict[str, Spot], scored: bool | None) -> None:
    """Points where it is scored, a published figure where it is not."""
    if scored is None:
        return
    if scored:
        _need(fields, ("points",))
        _refuse(fields, ("figure",), messages.REFUSED_IF_SCORED)
    else:
        _refuse(fields, ("points",), messages.REFUSED_IF_NOT_SCORED)


def check_points(spot: Spot, choices: tuple[ChoiceContent, ...]) -> None:
    """The lowest choice of a scored question is worth 0, the best 100."""
    points = [choice.points for choice in choices]
    if not points or None in points:
        return
    if min(points) != 0:
        spot.problem(messages.LOWEST_CHOICE, value=min(points))
    if max(points) != 100:
        spot.problem(messages.BEST_CHOICE, value=max(points))


def _need(fields: dict[str, Spot], names: Collection[str]) -> None:
    for name in names:
        if fields[name].is_absent:
            fields[name].problem(messages.NEEDED_IF_SCORED)


def _refuse(fields: dict[str, Spot], names: Collection[str], message: str) -> None:
    for name in names:
        if not fields[name].is_absent:
            fields[name].problem(message)


class Questions:
    """The questions of a whole questionnaire, what they need, and the rules that name them."""

    def __init__(self) -> None:
        self._declared = Declared()
        self._scored: dict[str, bool] = {}
        self._named = References(messages.UNKNOWN_QUESTION)
        self._places: list[tuple[Spot, str]] = []
        self._needs: dict[tuple[str, str], Spot] = {}

    def declare(self, spot: Spot, reserved: Collection[str], scored: bool | None) -> str | None:
        """The key of a question."""
        key = self._declared.declare(spot, reserved)
        if key is not None:
            self._scored.setdefault(key, scored is not False)
        return key

    def named(self, spot: Spot) -> str | None:
        """The question named here, which must be scored."""
        key = self._named.one(spot)
        if key is not None:
            self._places.append((spot, key))
        return key

    def needed_by(self, question: str | None, spot: Spot) -> tuple[str, ...]:
        """The questions that come before this one."""
        places = self._named.places(spot)
        self._places.extend(places)
        if question is not None:
            self._needs.update({(question, key): item for item, key in places})
        return tuple(key for _, key in places)

    def check(self) -> None:
        """Every named question exists and is scored; none needs itself in the end."""
        self._named.check(self._declared)
        for spot, key in self._places:
            if not self._scored.get(key, True):
                spot.problem(messages.QUESTION_NOT_SCORED, value=shown(key))
        needs = dict(self._needs)
        for _ in range(MOST_CIRCLES):
            found = circle(needs)
            if not found:
                break
            spot = needs.pop((found[1], found[0]))  # opens this circle, so that the next one can be found
            spot.problem(messages.CIRCLE, circle=shown(" > ".join(reversed(found))))


def circle(needs: Collection[tuple[str, str]]) -> list[str]:
    """One circle among the needs, each question needed by the next, or nothing."""
    graph: dict[str, set[str]] = {}
    for question, needed in needs:
        graph.setdefault(question, set()).add(needed)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []
