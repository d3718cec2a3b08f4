"""What is doubtful in a questionnaire though nothing forbids it: an author should look, and may leave it as it is."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from itertools import pairwise

from assessment.content import complaints
from assessment.content.checking import in_order, inner
from assessment.content.remarks import Place, Remark
from assessment.content.structure import QuestionContent, QuestionnaireContent, Text

LONGEST_NAME = 40  # characters


def warnings(content: QuestionnaireContent) -> list[Remark]:
    """Everything that an author should look at, in the order of the questionnaire."""
    return in_order(content, _warnings(content))


def _warnings(content: QuestionnaireContent) -> Iterator[Remark]:
    asked: dict[str, str] = {}
    for dimension in content.dimensions:
        for question in dimension.questions:
            place, key = Place(dimension.key, question.key), {"key": question.key}
            found = [*_of_question(question), *(_of_scored(question) if dimension.scored else ())]
            yield from (Remark(place, message, key) for message in found)
            text = _words(question.text)
            if text and asked.setdefault(text, question.key) != question.key:
                yield Remark(place, complaints.SAME_QUESTIONS, key | {"other": asked[text]})
    yield from _same_in_both(content, Place(), "")


def _of_question(question: QuestionContent) -> Iterator[str]:
    texts = [text for choice in question.choices if (text := _words(choice.text))]
    if len(set(texts)) < len(texts):
        yield complaints.SAME_CHOICES
    if not question.findings and not any(choice.figure for choice in question.choices):
        yield complaints.NO_FINDING


def _of_scored(question: QuestionContent) -> Iterator[str]:
    points = [choice.points for choice in question.choices if choice.points is not None]
    if any(later <= before for before, later in pairwise(points)):
        yield complaints.NOT_RISING
    if question.recommendation is None:
        yield complaints.NO_RECOMMENDATION


def _words(text: Text | None) -> str:
    return " ".join(text.en.split()).casefold() if text else ""


def _same_in_both(part, place: Place, name: str) -> Iterator[Remark]:
    """Texts that were perhaps never translated."""
    for field in fields(part):
        value = getattr(part, field.name)
        for entry in value if isinstance(value, tuple) else (value,):
            if isinstance(entry, Text):
                if entry.en.strip() and entry.en.strip() == entry.fr.strip() and not _is_name(entry.en):
                    yield Remark(place, complaints.SAME_IN_BOTH, {"place": name, "text": entry.en.strip()})
            elif is_dataclass(entry):
                own = str(getattr(entry, "key", getattr(entry, "number", "")))
                yield from _same_in_both(entry, inner(place, entry), " > ".join(filter(None, [name, own])))


def _is_name(text: str) -> bool:
    """Whether a text looks like a name or a number, the same in both languages: short, and no word in small letters."""
    return len(text.strip()) <= LONGEST_NAME and not any(word[0].islower() for word in text.split())
