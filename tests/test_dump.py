"""A dump of the database ties no invited address to a response: every pair of columns is tried (attacks A13).

The rows that lead from an address (itself, the account that has it, what belongs to either) and those that lead from a
response are laid side by side. Two columns tie them when equal values, or the same order, pair somebody with their answers.
"""

import itertools
from collections import defaultdict
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessment.models import Answer, Invitation, Organisation, Question, Questionnaire, Response, Result, Round
from assessment.rounds.closing import close
from assessment.rounds.inviting import choose_mode, invite, to_remind
from assessment.rounds.starting import begin_again
from assessment.text.addresses import mailbox
from tests import factories
from tests.factories import level

pytestmark = pytest.mark.django_db
PEOPLE = 10
SHARED = {Organisation, Round, Questionnaire, Question, ContentType, Permission, Group}  # what all have in common
HOPS = 3
DAY = timedelta(days=1)


# The dump ------------------------------------------------------------------------------------------------------------
def values_of(row: models.Model) -> dict[tuple[str, str], str]:
    """A row as a dump shows it: by table and column; moments also by their minute and their day."""
    found = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if value in (None, "", True, False):
            continue
        table = row._meta.db_table
        found[table, field.column] = str(value)
        if hasattr(value, "isoformat"):
            found[table, f"{field.column}, minute"] = value.isoformat()[:16]
            found[table, f"{field.column}, day"] = value.isoformat()[:10]
    return found


def related(row: models.Model) -> list[models.Model]:
    """The rows that a row names, and those that name it."""
    found = []
    for field in row._meta.get_fields():
        if not field.is_relation or field.related_model in SHARED or field.many_to_many:
            continue
        if field.concrete:
            found.append(getattr(row, field.name, None))
        else:
            found += field.related_model._base_manager.filter(**{field.field.name: row.pk})
    return [row for row in found if row is not None]


def around(rows: list[models.Model]) -> list[models.Model]:
    """All rows that lead from these, a few steps far."""
    found = {(type(row), row.pk): row for row in rows}
    for _ in range(HOPS):
        for row in list(found.values()):
            found |= {(type(other), other.pk): other for other in related(row)}
    return list(found.values())


def rows_by_address() -> dict[str, list[models.Model]]:
    """Every row of the database in which an address stands, in whichever form, by its mailbox."""
    found = defaultdict(list)
    for model in apps.get_models():
        texts = [field.attname for field in model._meta.concrete_fields if isinstance(field, models.CharField)]
        for row in model._base_manager.all() if texts and model not in SHARED else ():
            for address in {mailbox(said) for name in texts if "@" in (said := getattr(row, name) or "")}:
                found[address].append(row)
    return found


def columns(groups: list[list[models.Model]]) -> dict[tuple[str, str], list[set[str]]]:
    """By column, what each person's rows say in it."""
    found = defaultdict(lambda: [set() for _ in groups])
    for place, rows in enumerate(groups):
        for row in rows:
            for column, value in values_of(row).items():
                found[column][place].add(value)
    return found


def ties(pairs: list[tuple[str, Response]]) -> list[str]:
    """What pairs addresses with their responses in the database as it is."""
    named = rows_by_address()
    addresses = columns([around(named[address]) for address, _response in pairs])
    responses = columns([around([response]) for _address, response in pairs])
    found = []
    for (one, theirs), (other, said) in itertools.product(addresses.items(), responses.items()):
        if any(pairs_one(own, said, at) for at, own in enumerate(theirs)):
            found.append(f"{one} equals {other}")
        if same_order(theirs, said):
            found.append(f"{one} has the order of {other}")
    return found


def pairs_one(own: set[str], said: list[set[str]], at: int) -> bool:
    """Whether what one address leads to is what its own response says, and no other."""
    return not own.isdisjoint(said[at]) and all(
        own.isdisjoint(values) for place, values in enumerate(said) if place != at
    )


def same_order(one: list[set[str]], other: list[set[str]]) -> bool:
    """Whether sorting by two columns pairs everybody: both differ from each person to the next."""
    keys = [[order(values) for values in column] for column in (one, other)]
    if any(None in column or len(set(column)) < len(column) for column in keys):
        return False
    ranks = [sorted(range(len(column)), key=column.__getitem__) for column in keys]
    return ranks[0] in (ranks[1], ranks[1][::-1])


def order(values: set[str]):
    """The first of somebody's values: numbers as numbers, the rest as text."""
    if not values:
        return None
    return min((0, int(value), "") if value.lstrip("-").isdigit() else (1, 0, value) for value in values)


# The story -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def lived(questionnaire):
    """A round to which people are invited one by one and answer one by one, some signed in, with all that leaves traces."""
    now = timezone.now() - 40 * DAY
    house = factories.organisation()
    factories.account("owner@example.org", member_of=house)
    of = choose_mode(begin_again(house, at=now), "confidential")
    pairs = []
    for place in range(PEOPLE):
        email, at = f"colleague{place}@example.org", now + place * DAY
        (invitation,) = invite(of, "confidential", [email], at=at)
        client = Client()
        if place % 2:
            client.force_login(factories.account(email, member_of=house, role="member"))
        client.post(reverse("join", args=[invitation.token]), {"role": "sales"})
        key = invitation.response_key
        for question in ("strategy", "charter"):
            client.post(reverse("dimension", args=[key, question]), {"save": "", "revision": "0"})
        factories.answer(Response.objects.with_key(key).first(), level(1 + place % 5), at=at)
        client.post(reverse("review", args=[key]), {"shares_notes": "yes"})
        if place % 3 == 0:
            client.post(reverse("correct", args=[key]))
            client.post(reverse("review", args=[key]))
        to_remind(of, at=at)
        pairs.append((mailbox(email), invitation))
    return of, pairs


def answers_of(pairs):
    return [(address, Response.objects.with_key(one.response_key).first()) for address, one in pairs]


def test_nothing_in_the_database_ties_an_invited_address_to_a_response(lived):
    of, pairs = lived
    assert of.responses.submitted().count() == PEOPLE
    assert ties(answers_of(pairs)) == []
    close(of, at=timezone.now())
    assert ties(answers_of(pairs)) == []


def tie_by_account(address, response):
    user = factories.get_user_model().objects.filter(email=address).first()
    Response.objects.filter(pk=response.pk).update(user=user)


def tie_by_time(address, response):
    when = Invitation.objects.get(mailbox=address).created_at
    Answer.objects.filter(response=response).update(saved_at=when + timedelta(hours=1))


def tie_by_order(address, response):
    Result.objects.filter(response=response).update(
        created_at=timezone.now() + Invitation.objects.get(mailbox=address).pk * DAY
    )


@pytest.mark.parametrize(
    ("tie", "told"),
    [(tie_by_account, "equals"), (tie_by_time, "saved_at, day"), (tie_by_order, "has the order of")],
)
def test_what_would_tie_them_is_found(lived, tie, told):
    _of, pairs = lived
    for address, response in answers_of(pairs):
        tie(address, response)
    found = ties(answers_of(pairs))
    assert any(told in one for one in found), found[:5]
