"""What is doubtful in a questionnaire though nothing forbids it: an author should look, and may leave it as it is."""

from collections.abc import Iterator
from itertools import pairwise

from assessment.content import complaints
from assessment.content.checking import in_order, texts
from assessment.content.remarks import Place, Remark
from assessment.content.structure import ConditionContent, QuestionContent, QuestionnaireContent, Text
from assessment.text.comparing import folded

LONGEST_NAME = 40  # characters


def warnings(content: QuestionnaireContent) -> list[Remark]:
    """Everything that an author should look at, in the order of the questionnaire."""
    return in_order(content, _warnings(content))


def _warnings(content: QuestionnaireContent) -> Iterator[Remark]:
    asked: dict[tuple[str, str], str] = {}
    for dimension in content.dimensions:
        for question in dimension.questions:
            place, key = Place(dimension.key, question.key), {"key": question.key}
            found = [*_of_question(question), *(_of_scored(question) if dimension.scored else ())]
            yield from (Remark(place, message, key) for message in found)
            others = {asked.setdefault(words, question.key) for words in _words(question.text)} - {question.key}
            yield from (Remark(place, complaints.SAME_QUESTIONS, key | {"other": other}) for other in sorted(others))
    for rule in content.consistency:
        if any(_always(when) for when in rule.when):
            yield Remark(Place(rule=rule.key), complaints.ALWAYS, {"key": rule.key})
    yield from _same_in_both(content)


def _of_question(question: QuestionContent) -> Iterator[str]:
    said = [words for choice in question.choices for words in _words(choice.text)]
    if len(set(said)) < len(said):
        yield complaints.SAME_CHOICES
    if not question.findings and not any(choice.figure for choice in question.choices):
        yield complaints.NO_FINDING


def _of_scored(question: QuestionContent) -> Iterator[str]:
    points = [choice.points for choice in question.choices if choice.points is not None]
    if any(later <= before for before, later in pairwise(points)):
        yield complaints.NOT_RISING
    if question.recommendation is None:
        yield complaints.NO_RECOMMENDATION


def _words(text: Text | None) -> list[tuple[str, str]]:
    """The words of a text in each language in which it has some."""
    both = (("en", text.en), ("fr", text.fr)) if text else ()
    return [(language, words) for language, one in both if (words := folded(one))]


def _always(when: ConditionContent) -> bool:
    """Whether every score, which is 0 to 100, fulfils a condition."""
    return (when.at_least or 0) <= 0 and (100 if when.at_most is None else when.at_most) >= 100


def _same_in_both(content: QuestionnaireContent) -> Iterator[Remark]:
    """Texts that were perhaps never translated."""
    for written in texts(content):
        text = written.text
        if text and text.en.strip() and text.en.strip() == text.fr.strip() and not _is_name(text.en):
            yield Remark(written.place, complaints.SAME_IN_BOTH, {**written.names, "text": text.en.strip()})


def _is_name(text: str) -> bool:
    """Whether a text looks like a name or a number, the same in both languages: short, and no word in small letters."""
    return len(text.strip()) <= LONGEST_NAME and not any(word[0].islower() for word in text.split())
