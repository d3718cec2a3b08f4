"""Organisations that take part in the live barometer, as rows that cost little: copies of results made without a database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import count

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model

from assessment import scoring
from assessment.content.evidence import read_evidence
from assessment.content.files import FOLDER
from assessment.content.questionnaire import read_questionnaire
from assessment.models import Membership, Organisation, Questionnaire, Response, Result, Round
from assessment.models.organisation import WORDING
from assessment.models.outline import Outline
from assessment.models.result import columns
from assessment.models.secret import hash_of, new_key
from assessment.scoring import record
from assessment.scoring.score import score

DAY = timedelta(days=1)
# The least that an edition publishes.
CELL = {"sector": "", "size": "", "market": "", "n": 10, "step": 20, "shares": {"level": {"3": 100}}, "medians": {}}
numbers = count(1)


@cache
def values(level: int) -> scoring.Result:
    """The result of who answers every scored question at one level (1 to 5), with the criteria of the shipped evidence."""
    content = read_questionnaire((FOLDER / "questionnaire.yaml").read_bytes(), "questionnaire.yaml")
    evidence = read_evidence((FOLDER / "evidence.yaml").read_bytes(), "evidence.yaml")
    editions = {study.key: study.edition for study in evidence.studies}
    criteria = tuple(
        scoring.Criterion(finding.key, editions[finding.study], finding.kind)
        for finding in evidence.findings
        if finding.criterion and editions[finding.study]
    )
    asked = replace(Outline(0, 1, content, {}).scoring, criteria=criteria)
    answered = scoring.AnswerState.ANSWERED
    answers = {
        question.key: scoring.Answer(answered, (question.choices[level - 1].key,))
        for question in asked.scored_questions
    }
    return score(asked, [scoring.Response("marketing", answers)])


def take_part(
    number: int, *, made: datetime, levels: Sequence[int] = (1, 2, 3), domain: str = "", **facts
) -> list[Organisation]:
    """So many organisations, each with an owner at a domain of their own, that agreed a day before they made a result."""
    facts = {"sector": "retail", "size": "micro", "market": "b2b"} | facts
    names = [f"house-{next(numbers)}" for _ in range(number)]
    agreed = {"contributes_since": made - DAY, "agreed_at": made - DAY, "agreed_wording": WORDING}
    houses = Organisation.objects.bulk_create(Organisation(name=name, slug=name, **agreed | facts) for name in names)
    users = get_user_model().objects.bulk_create(
        get_user_model()(username=name, email=f"owner@{domain or name}.example") for name in names
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    Membership.objects.bulk_create(
        Membership(organisation=house, user=user, role=Membership.Role.OWNER)
        for house, user in zip(houses, users, strict=True)
    )
    for place, house in enumerate(houses):
        result(house, made=made, level=levels[place % len(levels)])
    return houses


def result(house: Organisation, *, made: datetime, level: int = 3) -> Result:
    """One round more of an organisation, answered by one person at one level."""
    questionnaire = Questionnaire.objects.current()
    last = house.rounds.count()
    of = Round.objects.create(organisation=house, number=last + 1, questionnaire=questionnaire, opened_at=made)
    response = Response.objects.create(
        round=of, key_hash=hash_of(new_key()), role="marketing", state=Response.State.SUBMITTED, opens_round=True,
        batch=1, started_at=made, submitted_at=made,
    )  # fmt: skip
    return Result.objects.create(
        round=of, response=response, questionnaire=questionnaire, scoring_version=scoring.SCORING_VERSION,
        record=record.dump(values(level)), created_at=made, **columns(values(level)),
    )  # fmt: skip
