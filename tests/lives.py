"""Lives: one organisation lived through from the outside, and all that its people are told meanwhile, to be compared.

What a reader sees of a request is a `Sight`: its status, where it leads, its headers and cookies, its text, and what it
asked of the database and mailed before it answered. What differs from one life to the next and tells nothing is taken out.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import NamedTuple

from django.apps import apps
from django.contrib import admin
from django.core import mail
from django.core.cache import caches
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse
from hypothesis import HealthCheck, Phase, settings

from assessment import urls
from assessment.models import Membership, Organisation, Response, Result, Round
from assessment.rounds.starting import begin_again, own_key
from assessment.views.documents import DocumentConverter
from tests import factories
from tests.factories import FACTS, NOON
from tests.sampling import THOROUGH

SLUG = "maison-dupont-01234567"
DAY = timedelta(days=1)
# What differs from one life to the next and tells nothing: secrets, numbers of rows, the time of day.
CHANCE = [
    (r'(name="csrfmiddlewaretoken" value=")\w+', r"\1"),
    (r'(name="token" value=")[\w:=-]+', r"\1"),
    (r"/(r|join|invitation|shared)/[\w-]{20,}", r"/\1/SECRET"),
    (r'(value=")\d+(" id="\w+-number-|" class="action-select")', r"\1\2"),
    (r'(name="(number|change|remove|revoke|send)" value=")\d+', r"\1"),
    (r"/\d+/(change|delete|history)/", r"/0/\1/"),
    (r"T?\d\d?:\d\d(:\d\d(\.\d+)?)?(Z|\+\d\d:\d\d)?( [ap]\.m\.)?", ""),
]
# Of a statement: what it is about, not how it is built.
PARAMETERS = [(r"'(?:[^']|'')*'", "?"), (r"(?<!IS )(?<!NOT )\bNULL\b|\b(true|false)\b", "?"), (r"\d+", "?")]


class Sight(NamedTuple):
    """What a reader gets of a request."""

    status: int
    place: str
    headers: tuple
    text: str
    asked: tuple[str, ...]
    mailed: tuple


def few(number: int, *, thorough: int, explicit_only: bool = False) -> settings:
    """How many stories are lived through: few, unless HYPOTHESIS_PROFILE=thorough asks for hundreds.

    What fails is told as it was found, as each story takes seconds. With `explicit_only` just those that are written down are
    lived through, unless it is to be thorough.
    """
    generates = THOROUGH or not explicit_only
    return settings(
        deadline=None,
        max_examples=thorough if THOROUGH else number if connection.vendor == "sqlite" else max(1, number // 3),
        phases=[Phase.explicit, *([Phase.generate] if generates else [])],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    )


# The addresses -------------------------------------------------------------------------------------------------------
OF_A_PERSON = {"organisations", "account", "account_data", "account_download"}
CHARTS = ["rule", "radar", "bars", "gains", "questions-strategy"]


def reachable(part: str, known: dict, *, charts: bool = True) -> Iterator[str]:
    """Every address with this part, by the URL conf: `slug` for those of an organisation, `key` of somebody's own answers."""
    left_out = {"png"} if charts else {"png", "svg"}  # a picture is made of its chart alone
    for pattern, kinds in own(urls.urlpatterns, {}):
        if pattern.default_args.get("form") in left_out:
            continue
        if part in kinds or (pattern.name in OF_A_PERSON and part == "slug"):
            for parts in filled(kinds, known):
                yield reverse(pattern.name, kwargs=parts)


def own(patterns: list, above: dict) -> Iterator[tuple[URLPattern, dict]]:
    """The patterns of our own lists, those that stand in one another, too, each with the kinds of all its parts."""
    for pattern in patterns:
        kinds = above | pattern.pattern.converters
        if isinstance(pattern, URLPattern):
            yield pattern, kinds
        elif isinstance(pattern.urlconf_name, list):
            yield from own(pattern.urlconf_name, kinds)


def filled(parts: dict, known: dict) -> Iterator[dict]:
    """Each way to fill the parts of an address: numbers with those of the rounds there are, names with those there are.

    Of the documents the one that holds all that is in any: each is made of the same `Report` alone.
    """
    documents = any(isinstance(part, DocumentConverter) for part in parts.values())
    names = ["report.json"] if documents else CHARTS
    known = {"name": names, "dimension": ["strategy"]} | known
    values = [known.get(part, known["number"]) for part in parts]
    yield from (dict(zip(parts, chosen, strict=True)) for chosen in itertools.product(*values))


def administration() -> Iterator[tuple[str, list[str]]]:
    """The pages of the administration by what they are about: the lists, and those of each organisation, round and so on."""
    for model in admin.site._registry:
        if model._meta.app_label == "assessment":
            yield f"{model._meta.model_name}s", [reverse(f"admin:assessment_{model._meta.model_name}_changelist")]
    for rows, pages in (
        (Organisation.objects.all(), ("change", "delete", "history")),
        *((rows, ("change",)) for rows in (Round.objects.all(), Response.objects.all(), Result.objects.of_rounds())),
    ):
        for page in pages:
            name = f"admin:assessment_{rows.model._meta.model_name}_{page}"
            yield (
                f"{page} {rows.model._meta.model_name}",
                [reverse(name, args=[row.pk]) for row in rows.order_by("pk")],
            )


# What is seen --------------------------------------------------------------------------------------------------------
def without(text: str, chance: list[tuple[str, str]]) -> str:
    for pattern, instead in chance:
        text = re.sub(pattern, instead, text)
    return text


def sight(ask: Callable, *, quiet: bool = False) -> Sight:
    """What a request tells; with `quiet` without what it asked of the database and mailed."""
    sent = len(mail.outbox)
    connection.queries_log.clear()  # it holds so many, and is copied whole
    with CaptureQueriesContext(connection) as asked:
        answer = ask()
    mailed = [] if quiet else [(one.subject, tuple(one.to)) for one in mail.outbox[sent:]]
    statements = [] if quiet else [without(one["sql"], PARAMETERS) for one in asked]
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    place = str(getattr(answer, "redirect_chain", answer.get("Location", "")))
    assert int(answer.get("Content-Length", len(content))) == len(content)
    headers = [(name, value) for name, value in answer.items() if name not in ("Content-Length", "Location", "Expires")]
    headers += [("Set-Cookie", name, one["path"], one["max-age"]) for name, one in answer.cookies.items()]
    return Sight(
        answer.status_code,
        without(place, CHANCE),
        tuple(sorted((header[0], re.sub(r"nonce-[\w/+=-]+", "nonce-", str(header[1:]))) for header in headers)),
        without(content.decode("latin-1"), CHANCE),
        tuple(statements),
        tuple(mailed),
    )


def in_no_order(found: Sight) -> Sight:
    """What a page of the administration tells whose rows stand in the order of their numbers, which chance gave them."""
    return found._replace(text="\n".join(sorted(re.sub(r"\b\d{10,}\b", "", found.text).split("\n"))))


# The lives -----------------------------------------------------------------------------------------------------------
class ItNeverHappenedError(Exception):
    """Ends a life whose rows are to be forgotten."""


def lived(live: Callable[[], dict]) -> dict:
    """All that was seen in a life, of which no row is left."""
    around = transaction.atomic()
    around._from_testcase = True  # the worker commits what it has in hand
    with suppress(ItNeverHappenedError), around:
        for cache in caches.all():
            cache.clear()
        same_numbers()
        seen = live()
        raise ItNeverHappenedError
    return seen


def same_numbers() -> None:
    """Let PostgreSQL number rows as if those of a life that was forgotten had not been; SQLite does of itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


def differences(first: dict, second: dict) -> dict:
    """Where two lives were told apart, by moment and address: what of a sight differs, in short."""
    found = dict.fromkeys(first.keys() ^ second.keys(), ("seen only once",))
    for key in first.keys() & second.keys():
        if first[key] != second[key]:
            found[key] = tuple(
                told_apart(*pair) for pair in zip(first[key], second[key], strict=True) if len({*pair}) > 1
            )
    return found


def told_apart(one, other) -> str:
    """Where two values part, with a little of what stands around it."""
    one, other = str(one), str(other)
    place = next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if len({*pair}) > 1), min(len(one), len(other))
    )
    return f"{one[max(0, place - 80) : place + 80]!r} / {other[max(0, place - 80) : place + 80]!r}"


class House:
    """An organisation with an owner, a first round, and people who read: the owner, a member, a viewer."""

    def __init__(self) -> None:
        self.seen: dict = {}
        self.now = NOON
        self.token = "x" * 27  # of a reading link
        self.house = Organisation.objects.create(name="Maison Dupont", slug=SLUG, created_at=NOON, **FACTS)
        self.user = factories.account("owner@example.org", member_of=self.house)
        self.users, self.readers = {"owner": self.user}, {}
        self.round = begin_again(self.house, at=NOON)
        self.key = own_key(self.user, self.round)

    def add_reader(self, name: str, email: str, role: str) -> None:
        self.users[name] = factories.account(email, member_of=self.house, role=role)

    def sign_in(self) -> None:
        """Each in a new browser, as sessions are over after a while."""
        for name, user in self.users.items():
            self.readers[name] = Client()
            factories.sign_in(self.readers[name], user, second_factor=user.is_staff)
        self.readers["stranger"] = Client()

    def look(self, moment: str, reader: str = "owner", *, part: str = "slug", charts: bool = True) -> None:
        """Open all pages of the organisation, of the owner's own answers (`key`) or of a reading link (`token`)."""
        numbers = range(1, self.house.rounds.count() + 1)
        known = {"slug": [SLUG], "key": [self.key], "number": numbers, "token": [self.token]}
        for place in reachable(part, known, charts=charts):
            if part != "token" or place.startswith("/shared/"):
                self.seen[moment, reader, without(place, CHANCE)] = sight(lambda at=place: self.readers[reader].get(at))

    def let_mails_leave(self) -> None:
        """The worker sends what is due; ten minutes later nobody says any more that it is being done."""
        factories.deliver()
        self.now += timedelta(minutes=10)

    def look_as_administrator(self, moment: str) -> None:
        """Open the lists of the administration and the pages of what there is; which row is which nobody can tell."""
        for about, places in administration():
            found = sorted(
                in_no_order(sight(lambda at=place: self.readers["boss"].get(at), quiet=True)) for place in places
            )
            for number, one in enumerate(found):
                self.seen[moment, "boss", f"{about} {number}"] = one

    def post(self, name: str, *parts, reader: str = "owner", statuses: tuple = (200,), **fields) -> None:
        """Do something as the owner, and see the page that they are led to."""
        place = reverse(name, args=parts)
        found = sight(lambda: self.readers[reader].post(place, fields, follow=True))
        assert found.status in statuses, (place, fields, found.status)
        assert "login" not in found.place, (place, fields)
        self.seen[f"{len(self.seen)}", f"POST {name} {fields.get('do', '')}"] = found

    def of_round(self, name: str, **fields) -> None:
        self.post(name, SLUG, self.round.number, **fields)
        self.round = self.house.rounds.order_by("number").last()

    def membership(self, email: str) -> Membership | None:
        return Membership.objects.filter(organisation=self.house, user__email=email).first()
