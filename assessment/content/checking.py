"""What forbids the publication of a questionnaire: the rules of the methodology, texts, keys and links; each with its place."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from assessment.content import complaints
from assessment.content.questionnaire import (
    EFFORTS,
    OWNERS,
    RESERVED_CHOICES,
    RESERVED_DIMENSIONS,
    RESERVED_QUESTIONS,
)
from assessment.content.remarks import Place, Remark
from assessment.content.rules import LEAST_SCORED_DIMENSIONS, circle
from assessment.content.structure import DimensionContent, QuestionContent, QuestionnaireContent, Text

WHOLE = Place()


def errors(content: QuestionnaireContent) -> list[Remark]:
    """Everything that forbids publication, in the order of the questionnaire."""
    return in_order(content, _errors(content))


def in_order(content: QuestionnaireContent, remarks: Iterable[Remark]) -> list[Remark]:
    """Remarks by their place: the questionnaire itself, its dimensions with all that is in them, the rules."""
    places = [Place()]
    for dimension in content.dimensions:
        places.append(Place(dimension.key))
        for question in dimension.questions:
            places.append(Place(dimension.key, question.key))
            places += [Place(dimension.key, question.key, choice.key) for choice in question.choices]
    places += [Place(rule=rule.key) for rule in content.consistency]
    number = {place: order for order, place in enumerate(places)}
    return sorted(remarks, key=lambda remark: number.get(remark.place, len(number)))


def _errors(content: QuestionnaireContent) -> Iterator[Remark]:
    if sum(dimension.scored for dimension in content.dimensions) < LEAST_SCORED_DIMENSIONS:
        yield Remark(Place(), complaints.TOO_FEW_SCORED)
    if [level.number for level in content.levels] != [1, 2, 3, 4, 5]:
        yield Remark(Place(), complaints.LEVELS)
    for dimension in content.dimensions:
        yield from _of_dimension(dimension)
        for question in dimension.questions:
            place, key = Place(dimension.key, question.key), {"key": question.key}
            of_kind = _of_scored if dimension.scored else _of_unscored
            found = [*_of_question(question), *of_kind(question)]
            yield from (Remark(place, message, key) for message in found)
    yield from _keys(content)
    yield from _links(content)
    yield from _missing_texts(content)


def _of_dimension(dimension: DimensionContent) -> Iterator[Remark]:
    place, key = Place(dimension.key), {"key": dimension.key}
    if dimension.scored and (not dimension.weight or dimension.weight <= 0):
        yield Remark(place, complaints.DIMENSION_WEIGHT, key)
    if dimension.scored and len(dimension.anchors) != 5:
        yield Remark(place, complaints.ANCHORS, key)
    if not dimension.scored and dimension.weight is not None:
        yield Remark(place, complaints.UNSCORED_DIMENSION_WEIGHT, key)
    if not dimension.scored and dimension.not_applicable is not None:
        yield Remark(place, complaints.UNSCORED_STATEMENT, key)
    if not dimension.questions:
        yield Remark(place, complaints.NO_QUESTION, key)


def _of_question(question: QuestionContent) -> Iterator[str]:
    if len(question.choices) < 2:
        yield complaints.TOO_FEW_CHOICES
    if question.kind == "single" and any(choice.exclusive for choice in question.choices):
        yield complaints.EXCLUSIVE_IN_SINGLE
    if advice := question.recommendation:
        if advice.effort not in EFFORTS:
            yield complaints.EFFORT
        if advice.owner not in OWNERS:
            yield complaints.OWNER


def _of_scored(question: QuestionContent) -> Iterator[str]:
    points = [choice.points for choice in question.choices]
    if question.kind != "single":
        yield complaints.SINGLE_IF_SCORED
    if not question.weight or question.weight <= 0:
        yield complaints.QUESTION_WEIGHT
    if not points or None in points or min(points) != 0 or max(points) != 100:
        yield complaints.POINTS
    if any(choice.figure for choice in question.choices):
        yield complaints.FIGURE_IF_SCORED


def _of_unscored(question: QuestionContent) -> Iterator[str]:
    if any(choice.points is not None for choice in question.choices):
        yield complaints.UNSCORED_POINTS
    if question.weight is not None:
        yield complaints.UNSCORED_WEIGHT
    if question.recommendation is not None:
        yield complaints.UNSCORED_RECOMMENDATION


def _keys(content: QuestionnaireContent) -> Iterator[Remark]:
    """Keys of questions are unique in the whole; some words are taken by the addresses and forms of the site."""
    times = Counter(question.key for dimension in content.dimensions for question in dimension.questions)
    told = set()
    for dimension in content.dimensions:
        if dimension.key in RESERVED_DIMENSIONS:
            yield Remark(Place(dimension.key), complaints.TAKEN, {"key": dimension.key})
        for question in dimension.questions:
            place = Place(dimension.key, question.key)
            if times[question.key] > 1 and question.key in told:
                yield Remark(place, complaints.REPEATED_KEY, {"key": question.key})
            told.add(question.key)
            if question.key in RESERVED_QUESTIONS:
                yield Remark(place, complaints.TAKEN, {"key": question.key})
            for choice in question.choices:
                if choice.key in RESERVED_CHOICES:
                    yield Remark(Place(*_keys_of(place), choice.key), complaints.TAKEN, {"key": choice.key})


def _keys_of(place: Place) -> tuple[str, str]:
    return place.dimension, place.question


def _links(content: QuestionnaireContent) -> Iterator[Remark]:
    """Prerequisites and rules speak of scored questions; nothing needs itself in the end; a rule compares two."""
    places, scored, needs = {}, set(), []
    for dimension in content.dimensions:
        for question in dimension.questions:
            places[question.key] = Place(dimension.key, question.key)
            scored |= {question.key} if dimension.scored else set()
            needs += [(question.key, needed) for needed in question.needs]
    for key in dict.fromkeys(key for key, needed in needs if not {key, needed} <= scored):
        yield Remark(places[key], complaints.NEEDS_SCORED, {"key": key})
    while found := circle(needs):
        yield Remark(places[found[1]], complaints.CIRCLE, {"keys": " > ".join(reversed(found))})
        needs.remove((found[1], found[0]))  # opens this circle, so that the next one can be found
    for rule in content.consistency:
        named = {when.question for when in rule.when}
        if len(named) < 2 or not named <= scored:
            yield Remark(Place(rule=rule.key), complaints.RULE, {"key": rule.key})


def _missing_texts(content: QuestionnaireContent) -> Iterator[Remark]:
    """The texts that are not there in both languages."""
    for written in texts(content):
        if not (written.text and written.text.en.strip()):
            yield Remark(written.place, complaints.NO_ENGLISH, written.names)
        if not (written.text and written.text.fr.strip()):
            yield Remark(written.place, complaints.NO_FRENCH, written.names)


@dataclass(frozen=True)
class Written:
    """A text of a questionnaire, None where it has to be and is not: its place, and the names of that and of the text."""

    place: Place
    names: Mapping[str, object]
    text: Text | None


def texts(part, place: Place = WHOLE, name: str = "", *, called: str = "") -> Iterator[Written]:
    """The texts of a questionnaire, or of a part of it and of what is in it; `called` is what its own text is called."""
    for field in fields(part):
        value = getattr(part, field.name)
        for number, entry in enumerate(value if isinstance(value, tuple) else (value,), start=1):
            if isinstance(entry, Text) or (entry is None and field.type in (Text, tuple[Text, ...])):
                told = Remark(place, complaints.PARTS[called or field.name], {"number": number})
                yield Written(place, {"place": name, "part": told}, entry)
            elif is_dataclass(entry):
                own = str(getattr(entry, "key", getattr(entry, "number", "")))
                inside = " > ".join(filter(None, [name, own]))
                yield from texts(entry, inner(place, entry), inside, called="" if own else field.name)


def inner(place: Place, part) -> Place:
    """The place of a part within that of what it belongs to; a part without a page of its own is found on its owner's."""
    match type(part).__name__:
        case "DimensionContent":
            return Place(part.key)
        case "QuestionContent":
            return Place(place.dimension, part.key)
        case "ChoiceContent":
            return Place(place.dimension, place.question, part.key)
        case "RuleContent":
            return Place(rule=part.key)
    return place
