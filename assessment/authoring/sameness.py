"""Decides which questions stay comparable between two versions, for trends; found at publication, stored as `same_questions`."""

from collections.abc import Collection, Iterable

from assessment.content.structure import asks_the_same, may_mean_the_same
from assessment.models.outline import Outline, outline
from assessment.models.questionnaire import Questionnaire
from assessment.scoring import comparison


def sameness(asked: Outline, versions: Iterable[Questionnaire], reworded: Collection[str]) -> dict[str, list[str]]:
    """By the number of each version published before: the scored questions that ask the same there and here.

    They do in the very same words with the same points; likewise in other words, when the publisher says that these mean
    the same (`reworded`) and no points differ. Of a version before the last one, also those that asked the same up to it.
    """
    published = [version for version in versions if not version.is_draft]
    if not published:
        return {}
    last = max(published, key=Questionnaire.by_publication)
    before = outline(last)
    since_last = {key for key in shared(before, asked) if means_the_same(before, asked, key, reworded)}
    found = {str(last.version): since_last}
    for older in published:
        if older.pk != last.pk:
            then = outline(older)
            literally = {key for key in shared(then, asked) if means_the_same(then, asked, key, ())}
            found[str(older.version)] = literally | since_last & same_between(older, last)
    return {version: sorted(keys) for version, keys in found.items()}


def shared(before: Outline, after: Outline) -> list[str]:
    """The scored questions of both, in the order of the later one."""
    earlier = {question.key for question in before.scoring.scored_questions}
    return [question.key for question in after.scoring.scored_questions if question.key in earlier]


def means_the_same(before: Outline, after: Outline, key: str, reworded: Collection[str]) -> bool:
    """Whether a question of both asks the same, seen that its publisher says of `reworded` that only the wording changed."""
    then, now = before.questions[key], after.questions[key]
    return asks_the_same(then, now) or (key in reworded and may_mean_the_same(then, now))


def markable(before: Outline, after: Outline) -> list[str]:
    """The questions of both that ask otherwise, but may mean the same: of these a publisher says whether they do."""
    return [
        key
        for key in shared(before, after)
        if not means_the_same(before, after, key, ()) and means_the_same(before, after, key, [key])
    ]


def same_between(older: Questionnaire, last: Questionnaire) -> set[str]:
    """What asks the same in two versions published already; by points where nothing is recorded."""
    before, after = outline(older).scoring, outline(last).scoring
    values = {question.key: question for question in before.scored_questions}
    return {
        question.key
        for question in after.scored_questions
        if question.key in values and comparison.asks_the_same(values[question.key], question, last.same_since(older))
    }
