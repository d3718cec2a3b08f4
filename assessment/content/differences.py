"""What differs between two versions of a questionnaire, in words, dimension by dimension."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext_noop as _

from assessment.content.places import WHOLE, Place
from assessment.content.problems import Sentence
from assessment.content.structure import (
    NO_STEP,
    ChoiceContent,
    ConditionContent,
    DimensionContent,
    QuestionContent,
    QuestionnaireContent,
    RuleContent,
    StepContent,
    Text,
)

# What is said of the whole
KEY = _("The key of the questionnaire goes from “%(old)s” to “%(new)s”.")
TITLE = _("The title is reworded.")
INSTRUCTION = _("The instruction is reworded.")
LEVEL_NAME = _("The name of level %(number)s is reworded.")
LEVEL_MEANING = _("The meaning of level %(number)s is reworded.")
DIMENSION_MOVED = _("The dimension “%(key)s” stands at another place.")
RULE_NEW = _("The consistency rule “%(key)s” is new.")
RULE_GONE = _("The consistency rule “%(key)s” is removed.")
RULE_TEXT = _("The question to the team of the consistency rule “%(key)s” is reworded.")
RULE_CONDITION = _("The consistency rule “%(key)s” asks for something else: before, %(old)s; now, %(new)s.")
RULE_MOVED = _("The consistency rule “%(key)s” stands at another place.")
AT_LEAST = _("“%(question)s” scores at least %(points)s")
AT_MOST = _("“%(question)s” scores at most %(points)s")

# Of a dimension
DIMENSION_NEW = _("The dimension “%(key)s” is new.")
DIMENSION_NEW_SCORED = _("The dimension “%(key)s” is new and scored, with the weight %(weight)s.")
DIMENSION_GONE = _("The dimension “%(key)s” is removed.")
DIMENSION_TITLE = _("The title of the dimension is reworded.")
DIMENSION_DESCRIPTION = _("The description of the dimension is reworded.")
STATEMENT = _("The statement that makes the dimension not applicable is changed.")
NOW_SCORED = _("The dimension is now scored.")
NOT_SCORED_NOW = _("The dimension is no longer scored.")
DIMENSION_WEIGHT = _("The weight of the dimension goes from %(old)s to %(new)s.")
ANCHOR = _("The description of level %(number)s of the dimension is reworded.")

# Of a question
QUESTION_NEW = _("The question “%(key)s” is new.")
QUESTION_NEW_SCORED = _(
    "The question “%(key)s” is new: %(choices)s choices from %(least)s to %(most)s points, weight %(weight)s."
)
QUESTION_GONE = _("The question “%(key)s” is removed.")
QUESTION_FROM = _("The question “%(key)s” comes from the dimension “%(dimension)s”.")
QUESTION_MOVED = _("The question “%(key)s” stands at another place.")
QUESTION_TEXT = _("The question “%(key)s” is reworded.")
QUESTION_HELP = _("The help of the question “%(key)s” is changed.")
QUESTION_WEIGHT = _("The weight of the question “%(key)s” goes from %(old)s to %(new)s.")
NEEDS = _("The prerequisites of the question “%(key)s” go from %(old)s to %(new)s.")
FINDINGS = _("The findings behind the question “%(key)s” go from %(old)s to %(new)s.")
NOW_SINGLE = _("The question “%(key)s” now takes one choice.")
NOW_MULTIPLE = _("The question “%(key)s” now takes several choices.")
ALLOWS_NA = _("The question “%(key)s” may now be not applicable.")
ALLOWS_NO_NA = _("The question “%(key)s” may no longer be not applicable.")
NOW_FOUNDATION = _("The question “%(key)s” is now a foundation.")
NO_FOUNDATION = _("The question “%(key)s” is no longer a foundation.")

# Of a choice
CHOICE_NEW = _("The question “%(question)s” has the new choice “%(key)s”, worth %(points)s points.")
CHOICE_NEW_UNSCORED = _("The question “%(question)s” has the new choice “%(key)s”.")
CHOICE_GONE = _("The choice “%(key)s” of the question “%(question)s” is removed.")
CHOICE_MOVED = _("The choice “%(key)s” of the question “%(question)s” stands at another place.")
CHOICE_TEXT = _("The choice “%(key)s” of the question “%(question)s” is reworded.")
CHOICE_POINTS = _("The choice “%(key)s” of the question “%(question)s” goes from %(old)s to %(new)s points.")
CHOICE_FIGURE = _(
    "The published figure beside the choice “%(key)s” of the question “%(question)s” goes from %(old)s to %(new)s."
)
STEP_TITLE = _("The title of the step to “%(key)s” of the question “%(question)s” is changed.")
FIRST_MOVE = _("The first move of the step to “%(key)s” of the question “%(question)s” is changed.")
EFFORT = _("The effort of the step to “%(key)s” of the question “%(question)s” goes from %(old)s to %(new)s.")
OWNER = _("Who usually owns the step to “%(key)s” of the question “%(question)s” goes from %(old)s to %(new)s.")
SMALL, MEDIUM, LARGE = _("small"), _("medium"), _("large")
EXCLUDES = _("The choice “%(key)s” of the question “%(question)s” now excludes the others.")
EXCLUDES_NONE = _("The choice “%(key)s” of the question “%(question)s” no longer excludes the others.")

NO_TEXT = Text("", "")
EFFORTS = {"S": SMALL, "M": MEDIUM, "L": LARGE}


@dataclass(frozen=True)
class Difference(Sentence):
    """One thing that changed, as a sentence; of a text the old and the new wording (None where there is none)."""

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
            gone = [_said(Place(key), DIMENSION_GONE, key=key), *_gone_questions(part, stay)]
            parts.append(Section(key, name_of(part), tuple(gone)))
    return [part for part in parts if part.differences]


def name_of(part: DimensionContent) -> Text:
    """The title of a dimension; of one that has none yet its key."""
    return part.title or Text(part.key, part.key)


def _said(place: Place, message: str, /, **values: object) -> Difference:
    return Difference(place, message, values)


def _reworded(place: Place, message: str, /, texts: tuple[Text | None, Text | None], **values) -> Iterator[Difference]:
    """A text in other words, new or gone."""
    before, after = texts
    if (before or NO_TEXT) != (after or NO_TEXT):
        yield Difference(place, message, values, before, after)


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
    yield from _set(WHOLE, KEY, (before.key, after.key))
    yield from _reworded(WHOLE, TITLE, (before.title, after.title))
    yield from _reworded(WHOLE, INSTRUCTION, (before.instruction, after.instruction))
    yield from _levels(before, after)
    for key in _moved([part.key for part in before.dimensions], [part.key for part in after.dimensions]):
        yield _said(Place(key), DIMENSION_MOVED, key=key)
    yield from _rules(before.consistency, after.consistency)


def _levels(before: QuestionnaireContent, after: QuestionnaireContent) -> Iterator[Difference]:
    old, new = ({level.number: level for level in content.levels} for content in (before, after))
    for number in sorted(old.keys() | new.keys()):
        then, now = old.get(number), new.get(number)
        names, meanings = (
            (then and getattr(then, name), now and getattr(now, name)) for name in ("name", "description")
        )
        yield from _reworded(WHOLE, LEVEL_NAME, names, number=number)
        yield from _reworded(WHOLE, LEVEL_MEANING, meanings, number=number)


def _rules(before: Sequence[RuleContent], after: Sequence[RuleContent]) -> Iterator[Difference]:
    old, new = ({rule.key: rule for rule in rules} for rules in (before, after))
    for key, rule in new.items():
        place = Place(rule=key)
        if key not in old:
            yield Difference(place, RULE_NEW, {"key": key}, None, rule.text)
            continue
        yield from _reworded(place, RULE_TEXT, (old[key].text, rule.text), key=key)
        for then, now in zip(old[key].when, rule.when, strict=True):
            if then != now:
                yield _said(place, RULE_CONDITION, key=key, old=_condition(then), new=_condition(now))
    for key, rule in old.items():
        if key not in new:
            yield Difference(Place(rule=key), RULE_GONE, {"key": key}, rule.text, None)
    for key in _moved(list(old), list(new)):
        yield _said(Place(rule=key), RULE_MOVED, key=key)


def _condition(when: ConditionContent) -> Sentence:
    message = AT_MOST if when.at_least is None else AT_LEAST
    points = when.at_most if when.at_least is None else when.at_least
    return Sentence(WHOLE, message, {"question": when.question, "points": points})


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
            yield Difference(inside, *_new_question(question), None, question.text)
            continue
        home, then = asked[question.key]
        if home != after.key:
            yield _said(inside, QUESTION_FROM, key=question.key, dimension=home)
        yield from _question(inside, then, question)
    if before is not None:
        for key in _moved([item.key for item in before.questions], [item.key for item in after.questions]):
            yield _said(Place(after.key, key), QUESTION_MOVED, key=key)
        yield from _gone_questions(before, stay)


def _new_dimension(place: Place, part: DimensionContent) -> Difference:
    if part.scored and part.weight is not None:
        return _said(place, DIMENSION_NEW_SCORED, key=part.key, weight=part.weight)
    return _said(place, DIMENSION_NEW, key=part.key)


def _new_question(question: QuestionContent) -> tuple[str, dict[str, object]]:
    """What a publisher has to know of it besides its text: what it counts for."""
    points = [choice.points for choice in question.choices if choice.points is not None]
    if not points or question.weight is None:
        return QUESTION_NEW, {"key": question.key}
    scale = {"choices": len(question.choices), "least": min(points), "most": max(points)}
    return QUESTION_NEW_SCORED, {"key": question.key, "weight": question.weight, **scale}


def _dimension_itself(place: Place, before: DimensionContent, after: DimensionContent) -> Iterator[Difference]:
    yield from _reworded(place, DIMENSION_TITLE, (before.title, after.title))
    yield from _reworded(place, DIMENSION_DESCRIPTION, (before.description, after.description))
    yield from _reworded(place, STATEMENT, (before.not_applicable, after.not_applicable))
    if before.scored != after.scored:
        yield _said(place, NOW_SCORED if after.scored else NOT_SCORED_NOW)
    yield from _set(place, DIMENSION_WEIGHT, (before.weight, after.weight))
    for number in range(max(len(before.anchors), len(after.anchors))):
        texts = tuple(part.anchors[number] if number < len(part.anchors) else None for part in (before, after))
        yield from _reworded(place, ANCHOR, texts, number=number + 1)


def _gone_questions(part: DimensionContent, stay: set[str]) -> Iterator[Difference]:
    for question in part.questions:
        if question.key not in stay:
            place = Place(part.key, question.key)
            yield Difference(place, QUESTION_GONE, {"key": question.key}, question.text, None)


# A question ----------------------------------------------------------------------------------------------------------
def _question(place: Place, before: QuestionContent, after: QuestionContent) -> Iterator[Difference]:
    key = {"key": after.key}
    yield from _reworded(place, QUESTION_TEXT, (before.text, after.text), **key)
    yield from _reworded(place, QUESTION_HELP, (before.help, after.help), **key)
    yield from _set(place, QUESTION_WEIGHT, (before.weight, after.weight), **key)
    yield from _set(place, NEEDS, (before.needs, after.needs), **key)
    yield from _set(place, FINDINGS, (before.findings, after.findings), **key)
    if before.kind != after.kind:
        yield _said(place, NOW_SINGLE if after.kind == "single" else NOW_MULTIPLE, **key)
    if before.allows_not_applicable != after.allows_not_applicable:
        yield _said(place, ALLOWS_NA if after.allows_not_applicable else ALLOWS_NO_NA, **key)
    if before.foundation != after.foundation:
        yield _said(place, NOW_FOUNDATION if after.foundation else NO_FOUNDATION, **key)
    yield from _choices(place, before.choices, after.choices)


def _choices(place: Place, before: Sequence[ChoiceContent], after: Sequence[ChoiceContent]) -> Iterator[Difference]:
    old, new = ({choice.key: choice for choice in choices} for choices in (before, after))
    for key, choice in new.items():
        inside, names = Place(place.dimension, place.question, key), {"key": key, "question": place.question}
        if key not in old:
            message = CHOICE_NEW_UNSCORED if choice.points is None else CHOICE_NEW
            yield Difference(inside, message, names | {"points": choice.points}, None, choice.text)
            continue
        then = old[key]
        yield from _reworded(inside, CHOICE_TEXT, (then.text, choice.text), **names)
        yield from _set(inside, CHOICE_POINTS, (then.points, choice.points), **names)
        yield from _set(inside, CHOICE_FIGURE, (then.figure, choice.figure), **names)
        yield from _step(inside, then.step, choice.step)
        if then.exclusive != choice.exclusive:
            yield _said(inside, EXCLUDES if choice.exclusive else EXCLUDES_NONE, **names)
    for key, choice in old.items():
        if key not in new:
            names = {"key": key, "question": place.question}
            yield Difference(place, CHOICE_GONE, names, choice.text, None)
    for key in _moved(list(old), list(new)):
        yield _said(Place(place.dimension, place.question, key), CHOICE_MOVED, key=key, question=place.question)


def _step(place: Place, before: StepContent | None, after: StepContent | None) -> Iterator[Difference]:
    before, after, names = before or NO_STEP, after or NO_STEP, {"key": place.choice, "question": place.question}
    yield from _reworded(place, STEP_TITLE, (before.title, after.title), **names)
    yield from _reworded(place, FIRST_MOVE, (before.first_move, after.first_move), **names)
    yield from _set(place, EFFORT, (_effort(before), _effort(after)), **names)
    yield from _set(place, OWNER, (before.owner, after.owner), **names)


def _effort(step: StepContent) -> Sentence | str:
    return Sentence(WHOLE, EFFORTS[step.effort]) if step.effort in EFFORTS else step.effort
