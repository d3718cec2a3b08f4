"""What an owner can infer: whatever she opens, at any moment of a confidential round, who of two said what is nowhere.

Each generated story is lived through twice, the second time with the answers of two colleagues exchanged who belong to one
publication and one role. Everything an owner can reach, and the lists of the administration, must be the same to the byte.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from django.apps import apps
from django.contrib import admin
from django.core.cache import caches
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assessment import urls
from assessment.models import Organisation, Response, Result, Round
from assessment.models.joining import Newcomer, choose_mode, invite, join
from assessment.models.joint import close, reopen
from assessment.models.result import submit
from assessment.models.starting import answer_signed_in, begin_again
from assessment.views.charts import NAMES
from tests import factories
from tests.factories import FACTS, NOON, level

SLUG = "maison-dupont-01234567"
FIRST, SECOND = 8, 4  # how many answer before the first publication, and before the second
# What differs from one life to the next and tells nothing: secrets, numbers of rows, the time of day.
CHANCE = [
    (r'(name="csrfmiddlewaretoken" value=")\w+', r"\1"),
    (r'(name="token" value=")[\w:=-]+', r"\1"),
    (r'(value=")\d+(" id="\w+-number-|" class="action-select")', r"\1\2"),
    (r'(name="number" value=")\d+', r"\1"),
    (r"/\d+/(change|delete|history)/", r"/0/\1/"),
    (r"\d\d?:\d\d(:\d\d(\.\d+)?)?( [ap]\.m\.)?", ""),
]


@dataclass(frozen=True)
class Colleague:
    """Somebody with her role and her answers: a level, or a state, for each scored question in turn."""

    role: str
    said: tuple


saids = st.lists(st.sampled_from([1, 2, 3, 4, 5, 5, "unknown", "not-applicable"]), min_size=4, max_size=4).map(tuple)


@st.composite
def stories(draw):
    """The colleagues in the order in which they answer, and two of them whose answers are exchanged.

    The first eight are of two roles by turns, so that both are shown, or of several, too small to be.
    """
    roles = draw(st.sampled_from([["sales", "hr"], ["sales", "hr", "other"], ["sales"]]))
    people = [Colleague(roles[place % len(roles)], draw(saids)) for place in range(FIRST + SECOND)]
    one, other = draw(st.sampled_from([(0, 6), (1, 7), (FIRST, FIRST + 3), (FIRST + 1, FIRST + 2)]))
    people[other] = Colleague(people[one].role, draw(saids.filter(lambda said: said != people[one].said)))
    return people, (one, other)


def exchanged(people, pair):
    one, other = pair
    turned = list(people)
    turned[one] = replace(people[one], said=people[other].said)
    turned[other] = replace(people[other], said=people[one].said)
    return turned


# The addresses -------------------------------------------------------------------------------------------------------
def reachable(part: str, key: str) -> Iterator[str]:
    """Every address with this part, by the URL conf: `slug` for those of an organisation, `key` of the owner's own answers."""
    for pattern in urls.urlpatterns:
        if isinstance(pattern, URLPattern) and (part in kinds(pattern) or (pattern.name in ROOTS and part == "slug")):
            for parts in filled(list(kinds(pattern)), key):
                yield reverse(pattern.name, kwargs=parts)


ROOTS = {"organisations"}


def kinds(pattern) -> dict:
    return pattern.pattern.converters


def filled(names: list[str], key: str) -> Iterator[dict]:
    """Each way to fill the parts of an address: numbers with those of both rounds, names with those there are."""
    known = {"slug": [SLUG], "key": [key], "name": list(NAMES), "dimension": ["strategy"], "token": ["x" * 27]}
    if not names:
        yield {}
        return
    for value in known.get(names[0], [1, 2]):
        for rest in filled(names[1:], key):
            yield {names[0]: value} | rest


def administration() -> Iterator[str]:
    """The lists of the administration, and its pages of each organisation, round, response and result."""
    for model in admin.site._registry:
        if model._meta.app_label == "assessment":
            yield reverse(f"admin:assessment_{model._meta.model_name}_changelist")
    for model in (Organisation, Round, Response, Result):
        for row in model.objects.order_by("pk"):
            yield reverse(f"admin:assessment_{model._meta.model_name}_change", args=[row.pk])
    for row in Organisation.objects.all():
        for page in ("delete", "history"):
            yield reverse(f"admin:assessment_organisation_{page}", args=[row.pk])


def read(client: Client, address: str, chance: list[tuple[str, str]]) -> tuple[int, str, str]:
    """What an address answers, without what differs by chance."""
    answer = client.get(address)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = content.decode("latin-1")
    for pattern, instead in chance:
        text = re.sub(pattern, instead, text)
    place = answer.get("Location", "")
    for pattern, instead in chance:
        place = re.sub(pattern, instead, place)
    return answer.status_code, place, text


# The story -----------------------------------------------------------------------------------------------------------
def same_numbers() -> None:
    """Let PostgreSQL number rows as if those of a life that was forgotten had not been; SQLite does of itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


class Life:
    """One organisation from before its first invitation to its next round, and what was seen of it meanwhile."""

    def __init__(self, people) -> None:
        for cache in caches.all():
            cache.clear()
        same_numbers()
        self.people, self.seen = people, {}
        self.house = Organisation.objects.create(name="Maison Dupont", slug=SLUG, created_at=NOON, **FACTS)
        self.owner, self.boss = Client(), Client()
        user = factories.account("owner@example.org", member_of=self.house)
        factories.sign_in(self.owner, user)
        boss = factories.account("boss@example.org", is_staff=True, is_superuser=True)
        factories.sign_in(self.boss, boss, second_factor=True)
        self.round = begin_again(self.house, at=NOON)
        self.keys = {}
        response, self.key = answer_signed_in(self.round, user, role="management", at=NOON)
        factories.answer(response, level(5))

    def look(self, moment: str, *, everywhere: bool = False) -> None:
        """Open all pages of the organisation; with `everywhere` also those of the owner's answers, and the administration."""
        chance = [(re.escape(self.key), "KEY"), *CHANCE]
        addresses = list(reachable("slug", self.key)) + (list(reachable("key", self.key)) if everywhere else [])
        for address in addresses:
            self.seen[moment, address.replace(self.key, "KEY")] = read(self.owner, address, chance)
        for place, address in enumerate(administration() if everywhere else ()):
            self.seen[moment, f"admin {place}"] = read(self.boss, address, chance)

    def join(self, places) -> None:
        emails = [f"colleague{place}@example.org" for place in places]
        for place, invitation in zip(places, invite(self.round, "confidential", emails, at=NOON), strict=True):
            person = self.people[place]
            response, key = join(invitation, Newcomer(person.role), at=NOON + timedelta(seconds=place))
            factories.answer(response, said(person))
            self.keys[place] = key

    def submit(self, *places) -> None:
        for place in places:
            submit(self.keys[place], at=NOON + timedelta(minutes=place))

    def live(self) -> "Life":
        """The whole story."""
        self.look("before inviting")
        self.round = choose_mode(self.round, "confidential")
        submit(self.key, at=NOON)
        self.join(range(FIRST))
        self.look("joined")
        self.submit(0, 1, 2)
        self.look("some submitted")
        close(self.round, at=NOON)
        self.look("closed without enough")
        reopen(self.round)
        self.submit(*range(3, FIRST))
        self.look("enough, but open")
        close(self.round, at=NOON)
        self.look("published")
        reopen(self.round)
        self.join(range(FIRST, FIRST + SECOND))
        self.submit(FIRST)
        self.look("reopened, and one more")
        close(self.round, at=NOON)
        self.look("closed after one more")
        reopen(self.round)
        self.submit(*range(FIRST + 1, FIRST + SECOND))
        self.look("four more, but open")
        close(self.round, at=NOON)
        self.look("published again", everywhere=True)
        self.round = choose_mode(begin_again(self.house, at=NOON + timedelta(days=365)), "confidential")
        self.look("the next round began")
        self.people = [Colleague("sales", (2, 3, 4, 5))] * SECOND
        self.join(range(SECOND))
        self.submit(*range(SECOND))
        close(self.round, at=NOON)
        self.look("the next round published")
        return self


def said(person: Colleague):
    """What somebody says to each question of the questionnaire, by turns."""
    turn = iter(range(10_000))

    def choose(question):
        if not question.recommendation:
            return None
        picked = person.said[next(turn) % len(person.said)]
        if picked == "not-applicable" and not question.allows_not_applicable:
            picked = "unknown"
        return level(picked)(question) if isinstance(picked, int) else picked

    return choose


class ItNeverHappenedError(Exception):
    """Ends a life whose rows are to be forgotten."""


def lived(people) -> dict:
    """All that was seen in a life, of which no row is left."""
    with suppress(ItNeverHappenedError), transaction.atomic():
        seen = Life(people).live().seen
        raise ItNeverHappenedError
    return seen


few = settings(
    deadline=None,
    max_examples=2,
    phases=[Phase.explicit, Phase.generate],  # each life takes seconds: what fails is told as it was found
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@few
@given(story=stories())
def test_who_of_two_said_what_is_nowhere(questionnaire, story):
    people, pair = story
    first, second = lived(people), lived(exchanged(people, pair))
    assert first.keys() == second.keys()
    assert [place for place in first if first[place] != second[place]] == []
    assert all(status in (200, 302, 403, 404, 405) for status, _place, _text in first.values())
    report = reverse("round_data", args=[SLUG, 1])
    published = [moment for (moment, address), (status, *_rest) in first.items() if (address, status) == (report, 200)]
    assert published[0] == "published"
    assert len(published) == 7
