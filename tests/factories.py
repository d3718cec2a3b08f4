"""Short ways to what tests need: a round that somebody answers, an account, a reading link."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from django.contrib.auth import get_user_model

from assessment.content.structure import QuestionContent, QuestionnaireContent, Text
from assessment.models import Answer, Membership, Organisation, Questionnaire, Response
from assessment.models.loading import load_questionnaire
from assessment.models.organisation import new_slug
from assessment.models.outline import outline
from assessment.models.response import Change, save_answers
from assessment.models.result import submit
from assessment.models.starting import exclude, open_round

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
FACTS = {"sector": "retail", "size": "micro", "market": "b2b"}
# What the form that starts a questionnaire takes.
START = {"name": "Maison Dupont", "role": "marketing", "email": ""} | FACTS
numbers = count(1)


def draft(**changes) -> Questionnaire:
    """The next version of the current questionnaire, not published: the same but for these parts of its content."""
    changes = changes or {"title": Text(f"Draft {next(numbers)}", "Brouillon")}
    made, is_new = load_questionnaire(replace(outline(Questionnaire.objects.current()).content, **changes))
    assert is_new
    return made


def changed_dimension(content: QuestionnaireContent, name: str, /, **changes) -> QuestionnaireContent:
    """The questionnaire with these parts of one dimension changed."""
    return replace(
        content, dimensions=tuple(replace(part, **changes) if part.key == name else part for part in content.dimensions)
    )


def changed_question(content: QuestionnaireContent, name: str, /, **changes) -> QuestionnaireContent:
    """The questionnaire with these parts of one question changed."""
    for part in content.dimensions:
        questions = tuple(replace(item, **changes) if item.key == name else item for item in part.questions)
        content = changed_dimension(content, part.key, questions=questions)
    return content


def organisation(name: str = "Maison Dupont", **fields) -> Organisation:
    return Organisation.objects.create(name=name, slug=new_slug(name), **FACTS | fields)


def started(owner: Organisation | None = None, *, role: str = "marketing", at: datetime = NOON, **fields):
    """A draft with its key."""
    return open_round(owner or organisation(), Questionnaire.objects.current(), role=role, at=at, **fields)


def answer(response: Response, choose: Callable[[QuestionContent], str | None], *, at: datetime = NOON) -> None:
    """Answer every question of a draft with what `choose` says: a choice's key, a state, or None for nothing."""
    changes = []
    for question in response.outline.questions.values():
        picked = choose(question)
        if picked in (Answer.State.UNKNOWN, Answer.State.NOT_APPLICABLE):
            changes.append(Change(question.key, picked, (), "", "", None))
        elif picked is not None:
            changes.append(Change(question.key, Answer.State.ANSWERED, (picked,), "", "", None))
    save_answers(response, changes, response.saved_answers(), at=at)


def level(number: int) -> Callable[[QuestionContent], str | None]:
    """Choose the choice of one level in every scored question, and leave the optional ones open."""
    return lambda question: question.choices[number - 1].key if question.recommendation else None


def chosen(picks: Mapping[str, str]) -> Callable[[QuestionContent], str | None]:
    """Choose by question key; what is not named stays open."""
    return lambda question: picks.get(question.key)


def submitted(
    owner: Organisation | None = None,
    choose: Callable[[QuestionContent], str | None] | None = None,
    *,
    left_out: tuple[str, ...] = (),
    at: datetime = NOON,
    **fields,
) -> tuple[Response, str]:
    """A submitted response with its key; every question at level 3 unless said otherwise."""
    response, key = started(owner, at=at, **fields)
    for dimension in left_out:
        exclude(response, dimension, True)
    answer(response, choose or level(3), at=at)
    return submit(key, at=at), key


def account(name: str | None = None, *, member_of: Organisation | None = None, role: str = "owner", **rights):
    """A user, who may belong to an organisation."""
    user = get_user_model().objects.create_user(name or f"user{next(numbers)}@example.org", password="pass", **rights)
    if member_of:
        Membership.objects.create(organisation=member_of, user=user, role=role)
    return user
