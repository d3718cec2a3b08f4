"""What differs between two versions of a questionnaire, in words, dimension by dimension."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from assessment.content import changes
from assessment.content.remarks import Place, Remark
from assessment.content.structure import (
    ChoiceContent,
    DimensionContent,
    QuestionContent,
    QuestionnaireContent,
    RecommendationContent,
    RuleContent,
    Text,
)

NO_TEXT = Text("", "")
EFFORTS = {"S": changes.SMALL, "M": changes.MEDIUM, "L": changes.LARGE}


@dataclass(frozen=True)
class Difference:
    """One thing that changed: a sentence, and of a text the old and the new wording (None where there is none)."""

    remark: Remark
    before: Text | None = None
    after: Text | None = None


@dataclass(frozen=True)
class Section:
    """What changed in one dimension; `key` is empty and `title` None for the questionnaire as a whole."""

    key: str
    title: Text | None
    differences: tuple[Difference, ...]


def differences(before: QuestionnaireContent, after: QuestionnaireContent) -> list[Section]:
    """Sections in which something changed: the whole, the dimensions of the later version in their order, what is gone."""
    parts = [Section("", None, tuple(_whole(before, after)))]
    old, new = ({part.key: part for part in content.dimensions} for content in (before, after))
    asked = {question.key: (part.key, question) for part in before.dimensions for question in part.questions}
    stay = {question.key for part in after.dimensions for question in part.questions}
    for key, part in new.items():
        found = _dimension(old.get(key), part, asked, stay)
        parts.append(Section(key, name_of(part), tuple(found)))
    for key, part in old.items():
        if key not in new:
            gone = [_said(Place(key), changes.DIMENSION_GONE, key=key), *_gone_questions(part, stay)]
            parts.append(Section(key, name_of(part), tuple(gone)))
    return [part for part in parts if part.differences]


def name_of(part: DimensionContent) -> Text:
    """The title of a dimension; of one that has none yet its key."""
    return part.title or Text(part.key, part.key)


def _said(place: Place, message: str, /, **values: object) -> Difference:
    return Difference(Remark(place, message, values))


def _reworded(place: Place, message: str, /, texts: tuple[Text | None, Text | None], **values) -> Iterator[Difference]:
    """A text in other words, new or gone."""
    before, after = texts
    if (before or NO_TEXT) != (after or NO_TEXT):
        yield Difference(Remark(place, message, values), before, after)


def _set(place: Place, message: str, /, pair: tuple[object, object], **values: object) -> Iterator[Difference]:
    """A value that goes from one to another; a list in its order."""
    before, after = pair
    if before != after:
        told = {name: _value(value) for name, value in (("old", before), ("new", after))}
        yield _said(place, message, **values, **told)


def _value(value: object) -> object:
    if isinstance(value, tuple):
        value = ", ".join(value)
    return "–" if value in (None, "") else value


def _moved(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """What stands in another order, of what both have: as little as explains it."""
    old, new = [key for key in before if key in after], [key for key in after if key in before]
    stay = {
        new[place] for block in SequenceMatcher(None, old, new, False).get_matching_blocks() for place in _run(block)
    }
    return [key for key in new if key not in stay]


def _run(block) -> range:
    return range(block.b, block.b + block.size)


# The whole -----------------------------------------------------------------------------------------------------------
def _whole(before: QuestionnaireContent, after: QuestionnaireContent) -> Iterator[Difference]:
    here = Place()
    yield from _set(here, changes.KEY, (before.key, after.key))
    yield from _reworded(here, changes.TITLE, (before.title, after.title))
    yield from _reworded(here, changes.INSTRUCTION, (before.instruction, after.instruction))
    yield from _levels(before, after)
    for key in _moved([part.key for part in before.dimensions], [part.key for part in after.dimensions]):
        yield _said(Place(key), changes.DIMENSION_MOVED, key=key)
    yield from _rules(before.consistency, after.consistency)


def _levels(before: QuestionnaireContent, after: QuestionnaireContent) -> Iterator[Difference]:
    old, new = ({level.number: level for level in content.levels} for content in (before, after))
    for number in sorted(old.keys() | new.keys()):
        then, now = old.get(number), new.get(number)
        names, meanings = (
            (then and getattr(then, name), now and getattr(now, name)) for name in ("name", "description")
        )
        yield from _reworded(Place(), changes.LEVEL_NAME, names, number=number)
        yield from _reworded(Place(), changes.LEVEL_MEANING, meanings, number=number)


def _rules(before: Sequence[RuleContent], after: Sequence[RuleContent]) -> Iterator[Difference]:
    old, new = ({rule.key: rule for rule in rules} for rules in (before, after))
    for key, rule in new.items():
        place = Place(rule=key)
        if key not in old:
            yield Difference(Remark(place, changes.RULE_NEW, {"key": key}), None, rule.text)
            continue
        yield from _reworded(place, changes.RULE_TEXT, (old[key].text, rule.text), key=key)
        for then, now in zip(old[key].when, rule.when, strict=True):
            if then != now:
                yield _said(place, changes.RULE_CONDITION, key=key, old=_condition(then), new=_condition(now))
    for key, rule in old.items():
        if key not in new:
            yield Difference(Remark(Place(rule=key), changes.RULE_GONE, {"key": key}), rule.text, None)
    for key in _moved(list(old), list(new)):
        yield _said(Place(rule=key), changes.RULE_MOVED, key=key)


def _condition(when) -> Remark:
    message = changes.AT_MOST if when.at_least is None else changes.AT_LEAST
    points = when.at_most if when.at_least is None else when.at_least
    return Remark(Place(), message, {"question": when.question, "points": points})


# A dimension ---------------------------------------------------------------------------------------------------------
def _dimension(
    before: DimensionContent | None, after: DimensionContent, asked: dict[str, tuple[str, QuestionContent]], stay: set
) -> Iterator[Difference]:
    """A dimension, its questions, those that came from another one, and those that are asked nowhere any more."""
    place = Place(after.key)
    if before is None:
        yield _new_dimension(place, after)
    else:
        yield from _dimension_itself(place, before, after)
    for question in after.questions:
        inside = Place(after.key, question.key)
        if question.key not in asked:
            yield Difference(Remark(inside, *_new_question(question)), None, question.text)
            continue
        home, then = asked[question.key]
        if home != after.key:
            yield _said(inside, changes.QUESTION_FROM, key=question.key, dimension=home)
        yield from _question(inside, then, question)
    if before is not None:
        for key in _moved([item.key for item in before.questions], [item.key for item in after.questions]):
            yield _said(Place(after.key, key), changes.QUESTION_MOVED, key=key)
        yield from _gone_questions(before, stay)


def _new_dimension(place: Place, part: DimensionContent) -> Difference:
    if part.scored and part.weight is not None:
        return _said(place, changes.DIMENSION_NEW_SCORED, key=part.key, weight=part.weight)
    return _said(place, changes.DIMENSION_NEW, key=part.key)


def _new_question(question: QuestionContent) -> tuple[str, dict[str, object]]:
    """What a publisher has to know of it besides its text: what it counts for."""
    points = [choice.points for choice in question.choices if choice.points is not None]
    if not points or question.weight is None:
        return changes.QUESTION_NEW, {"key": question.key}
    scale = {"choices": len(question.choices), "least": min(points), "most": max(points)}
    return changes.QUESTION_NEW_SCORED, {"key": question.key, "weight": question.weight, **scale}


def _dimension_itself(place: Place, before: DimensionContent, after: DimensionContent) -> Iterator[Difference]:
    yield from _reworded(place, changes.DIMENSION_TITLE, (before.title, after.title))
    yield from _reworded(place, changes.DIMENSION_DESCRIPTION, (before.description, after.description))
    yield from _reworded(place, changes.STATEMENT, (before.not_applicable, after.not_applicable))
    if before.scored != after.scored:
        yield _said(place, changes.NOW_SCORED if after.scored else changes.NOT_SCORED_NOW)
    yield from _set(place, changes.DIMENSION_WEIGHT, (before.weight, after.weight))
    for number in range(max(len(before.anchors), len(after.anchors))):
        texts = tuple(part.anchors[number] if number < len(part.anchors) else None for part in (before, after))
        yield from _reworded(place, changes.ANCHOR, texts, number=number + 1)


def _gone_questions(part: DimensionContent, stay: set[str]) -> Iterator[Difference]:
    for question in part.questions:
        if question.key not in stay:
            remark = Remark(Place(part.key, question.key), changes.QUESTION_GONE, {"key": question.key})
            yield Difference(remark, question.text, None)


# A question ----------------------------------------------------------------------------------------------------------
def _question(place: Place, before: QuestionContent, after: QuestionContent) -> Iterator[Difference]:
    key = {"key": after.key}
    yield from _reworded(place, changes.QUESTION_TEXT, (before.text, after.text), **key)
    yield from _reworded(place, changes.QUESTION_HELP, (before.help, after.help), **key)
    yield from _set(place, changes.QUESTION_WEIGHT, (before.weight, after.weight), **key)
    yield from _set(place, changes.NEEDS, (before.needs, after.needs), **key)
    yield from _set(place, changes.FINDINGS, (before.findings, after.findings), **key)
    if before.kind != after.kind:
        yield _said(place, changes.NOW_SINGLE if after.kind == "single" else changes.NOW_MULTIPLE, **key)
    if before.allows_not_applicable != after.allows_not_applicable:
        yield _said(place, changes.ALLOWS_NA if after.allows_not_applicable else changes.ALLOWS_NO_NA, **key)
    yield from _recommendation(place, before.recommendation, after.recommendation)
    yield from _choices(place, before.choices, after.choices)


def _recommendation(
    place: Place, before: RecommendationContent | None, after: RecommendationContent | None
) -> Iterator[Difference]:
    key = {"key": place.question}
    yield from _reworded(place, changes.RECOMMENDATION, (before and before.text, after and after.text), **key)
    if before and after:
        yield from _set(place, changes.EFFORT, (_effort(before), _effort(after)), **key)
        yield from _set(place, changes.OWNER, (before.owner, after.owner), **key)
    elif before != after and not (before and before.text) and not (after and after.text):
        yield _said(place, changes.RECOMMENDATION, **key)


def _effort(advice: RecommendationContent) -> Remark | str:
    return Remark(Place(), EFFORTS[advice.effort]) if advice.effort in EFFORTS else advice.effort


def _choices(place: Place, before: Sequence[ChoiceContent], after: Sequence[ChoiceContent]) -> Iterator[Difference]:
    old, new = ({choice.key: choice for choice in choices} for choices in (before, after))
    for key, choice in new.items():
        inside, names = Place(place.dimension, place.question, key), {"key": key, "question": place.question}
        if key not in old:
            message = changes.CHOICE_NEW_UNSCORED if choice.points is None else changes.CHOICE_NEW
            yield Difference(Remark(inside, message, names | {"points": choice.points}), None, choice.text)
            continue
        then = old[key]
        yield from _reworded(inside, changes.CHOICE_TEXT, (then.text, choice.text), **names)
        yield from _set(inside, changes.CHOICE_POINTS, (then.points, choice.points), **names)
        yield from _set(inside, changes.CHOICE_FIGURE, (then.figure, choice.figure), **names)
        if then.exclusive != choice.exclusive:
            yield _said(inside, changes.EXCLUDES if choice.exclusive else changes.EXCLUDES_NONE, **names)
    for key, choice in old.items():
        if key not in new:
            names = {"key": key, "question": place.question}
            yield Difference(Remark(place, changes.CHOICE_GONE, names), choice.text, None)
    for key in _moved(list(old), list(new)):
        yield _said(Place(place.dimension, place.question, key), changes.CHOICE_MOVED, key=key, question=place.question)
