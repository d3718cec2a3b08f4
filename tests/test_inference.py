"""What an owner can infer: whatever she opens, at any moment of a confidential round, who of two said what is nowhere.

Each generated story is lived through twice, the second time with two colleagues exchanged who belong to one publication and
one role: their answers, notes and consent, their corrections, and whether they erase it all. Everything an owner can reach,
what she is told after each thing she does, and the lists of the administration must be the same to the byte.
"""

import itertools
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from unittest import mock

from django.apps import apps
from django.contrib import admin
from django.core.cache import caches
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, reverse
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from assessment import urls
from assessment.models import Answer, Invitation, Membership, Organisation, Response, Result, Round
from assessment.models.erasing import erase
from assessment.models.joining import Newcomer, join
from assessment.models.response import Change, save_answers
from assessment.models.result import correct, submit
from assessment.models.starting import answer_signed_in, begin_again, own_key
from assessment.views.documents import DocumentConverter
from tests import factories
from tests.factories import FACTS, NOON, level

SLUG = "maison-dupont-01234567"
# How many answer before the first publication, before the second, and in the next round.
FIRST, SECOND, NEXT = 10, 6, 5
EVERYBODY = FIRST + SECOND + NEXT
# What differs from one life to the next and tells nothing: secrets, numbers of rows, the time of day of what has no other.
CHANCE = [
    (r'(name="csrfmiddlewaretoken" value=")\w+', r"\1"),
    (r'(name="token" value=")[\w:=-]+', r"\1"),
    (r'(value=")\d+(" id="\w+-number-|" class="action-select")', r"\1\2"),
    (r'(name="number" value=")\d+', r"\1"),
    (r"/\d+/(change|delete|history)/", r"/0/\1/"),
    (r"\d\d?:\d\d(:\d\d(\.\d+)?)?( [ap]\.m\.)?", ""),
]


# What happens --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Colleague:
    """Somebody with her role and her answers: a level, or a state, for each scored question in turn."""

    role: str
    said: tuple
    note: str = ""
    shares_notes: bool = False
    corrects: str = ""  # "and submits", or "and leaves it"
    erases: str = ""  # at which moment


@dataclass(frozen=True)
class Story:
    """The colleagues in the order in which they answer, two of them who are exchanged, and what else an owner does.

    `third` is made an owner, when somebody is; `invited` is whom the owner revokes or invites again.
    """

    people: tuple[Colleague, ...]
    pair: tuple[int, int]
    third: int = 2
    invited: str = "late@example.org"
    owner_answers: str = "at first"
    moves: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def exchanged(self) -> "Story":
        one, other = self.pair
        people = list(self.people)
        people[one], people[other] = people[other], people[one]
        return replace(self, people=tuple(people))

    @property
    def tells_administrators(self) -> bool:
        """Whether one of the pair leaves other rows than the other, which those who run the installation see.

        What is erased at the last moment is erased after the administration was opened.
        """
        pair = [self.people[place] for place in self.pair]
        return len({(one.corrects, one.erases.replace(ERASING[-1], "")) for one in pair}) > 1


CORRECTIONS = ("and submits", "and leaves it")
GAPS = ("joined", "some submitted", "enough", "reopened", "published again", "begun")
MOVES = ("remind", "revoke", "invite_again", "set_last_day", "promote", "discard")
ERASING = ("enough", "published", "five more", "at last")  # when all of a publication stand alike
NOTES = ("", "", "No time", "Budget", "Ask <sales>")
PAIRS = ((0, 6), (1, 7), (FIRST, FIRST + 3), (FIRST + 1, FIRST + 2), (FIRST + SECOND, EVERYBODY - 1))
saids = st.lists(st.sampled_from([1, 2, 3, 4, 5, 5, "unknown", "not-applicable"]), min_size=4, max_size=4).map(tuple)
people = st.builds(
    Colleague, st.just("sales"), saids, st.sampled_from(NOTES), st.booleans(), st.sampled_from(["", "", *CORRECTIONS])
)
some_moves = st.lists(st.sampled_from(MOVES), max_size=3, unique=True).map(tuple)


@st.composite
def stories(draw):
    """The first ten are of two roles by turns, so that both are shown, or of several, too small to be.

    At most a third colleague and the two erase their answers, so that enough stay; of the two both, one or none.
    """
    roles = draw(st.sampled_from([["sales", "hr"], ["sales", "hr", "other"], ["sales"]]))
    there = [replace(draw(people), role=roles[place % len(roles)]) for place in range(EVERYBODY)]
    one, other = draw(st.sampled_from(PAIRS))
    there[other] = replace(there[other], role=there[one].role)
    if there[one].said == there[other].said:
        there[other] = replace(
            there[other], said=tuple(6 - said if said in (1, 2, 4, 5) else 1 for said in there[one].said)
        )
    for place in draw(st.sampled_from([(), (3,), (one,), (one, other), (3, one, other)])):
        there[place] = replace(there[place], erases=draw(st.sampled_from(ERASING)))
    return Story(
        tuple(there),
        (one, other),
        third=draw(st.sampled_from([2, 4, FIRST + 4])),
        invited=draw(st.sampled_from(["late@example.org", address(one), address(other), address(2)])),
        owner_answers=draw(st.sampled_from(["at first", "later", "never"])),
        moves={gap: draw(some_moves) for gap in GAPS},
    )


def address(place: int) -> str:
    return f"colleague{place}@example.org"


def rich() -> Story:
    """A story in which everything happens.

    Until one of the two erases hers at last they leave the same rows, so that the administration is compared, too.
    """
    roles, levels = ("sales", "hr"), ((1, 4, 5, "unknown"), (5, 2, 3, 4), (2, 2, "not-applicable", 5), (3, 5, 1, 1))
    there = [
        Colleague(roles[place % 2], levels[place % 4], NOTES[place % 5], place % 3 != 0) for place in range(EVERYBODY)
    ]
    there[0] = Colleague("sales", (1, 1, 5, "unknown"), "Mine", True, "and submits", "at last")
    there[6] = Colleague("sales", (5, 3, 2, 1), "Also mine", True, "and submits")
    there[3] = replace(there[3], erases="published", corrects="and leaves it")
    moves = {
        "joined": ("remind", "revoke"),
        "some submitted": ("invite_again", "set_last_day", "discard"),
        "enough": ("remind",),
        "reopened": ("promote", "remind", "revoke"),
        "published again": ("invite_again",),
        "begun": ("discard",),
    }
    return Story(tuple(there), (0, 6), invited=address(6), owner_answers="later", moves=moves)


# The addresses -------------------------------------------------------------------------------------------------------
def reachable(part: str, key: str, rounds: int) -> Iterator[str]:
    """Every address with this part, by the URL conf: `slug` for those of an organisation, `key` of the owner's own answers."""
    for pattern in urls.urlpatterns:
        if isinstance(pattern, URLPattern) and pattern.default_args.get("form") == "png":
            continue  # a picture is made of its chart alone
        if isinstance(pattern, URLPattern) and (part in kinds(pattern) or (pattern.name in ROOTS and part == "slug")):
            for parts in filled(kinds(pattern), key, rounds):
                yield reverse(pattern.name, kwargs=parts)


ROOTS = {"organisations"}
CHARTS = ["rule", "radar", "bars", "gains", "questions-strategy"]


def kinds(pattern) -> dict:
    return pattern.pattern.converters


def filled(parts: dict, key: str, rounds: int) -> Iterator[dict]:
    """Each way to fill the parts of an address: numbers with those of the rounds there are, names with those there are.

    Of the documents those two that together hold all that is in any: each is made of the same `Report` alone.
    """
    documents = any(isinstance(part, DocumentConverter) for part in parts.values())
    names = ["report.json"] if documents else CHARTS
    known = {"slug": [SLUG], "key": [key], "name": names, "dimension": ["strategy"], "token": ["x" * 27]}
    values = [known.get(part, range(1, rounds + 1)) for part in parts]
    yield from (dict(zip(parts, chosen, strict=True)) for chosen in itertools.product(*values))


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


def told(answer, chance: list[tuple[str, str]]) -> tuple[int, str, str]:
    """What an address answers and where it leads, without what differs by chance."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text, place = content.decode("latin-1"), str(getattr(answer, "redirect_chain", answer.get("Location", "")))
    for pattern, instead in chance:
        text, place = re.sub(pattern, instead, text), re.sub(pattern, instead, place)
    return answer.status_code, place, text


# The story -----------------------------------------------------------------------------------------------------------
def same_numbers() -> None:
    """Let PostgreSQL number rows as if those of a life that was forgotten had not been; SQLite does of itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


class Life:
    """One organisation from before its first invitation to its next round, and what was seen of it meanwhile."""

    def __init__(self, story: Story) -> None:
        for cache in caches.all():
            cache.clear()
        same_numbers()
        self.story, self.seen, self.keys, self.now = story, {}, {}, NOON
        self.house = Organisation.objects.create(name="Maison Dupont", slug=SLUG, created_at=NOON, **FACTS)
        self.user = factories.account("owner@example.org", member_of=self.house)
        third = factories.account(address(story.third), member_of=self.house, role="member")
        boss = factories.account("boss@example.org", is_staff=True, is_superuser=True)
        self.owner, self.third, self.boss = Client(), Client(), Client()
        factories.sign_in(self.third, third)
        factories.sign_in(self.boss, boss, second_factor=True)
        self.round = begin_again(self.house, at=NOON)
        self.key = own_key(self.user, self.round)
        self.chance = [(re.escape(self.key), "KEY"), *CHANCE]

    # What is seen ------------------------------------------------------------------------------------------------------
    def look(self, moment: str, *, everywhere: bool = False) -> None:
        """Open all pages of the organisation.

        With `everywhere` also those of the owner's answers, what the third sees, and the administration.
        """
        rounds = self.house.rounds.count()
        addresses = list(reachable("slug", self.key, rounds))
        if everywhere and self.story.owner_answers != "never":
            addresses += reachable("key", self.key, rounds)
        for place in addresses:
            self.seen[moment, place.replace(self.key, "KEY")] = told(self.owner.get(place), self.chance)
        for place in reachable("slug", self.key, rounds) if everywhere else ():
            self.seen[moment, f"third {place}"] = told(self.third.get(place), self.chance)
        if everywhere and not self.story.tells_administrators:
            for number, place in enumerate(administration()):
                self.seen[moment, f"admin {number}"] = told(self.boss.get(place), self.chance)

    def post(self, name: str, *parts, **fields) -> None:
        """Do something as the owner, and see the page that she is led to."""
        place = reverse(name, args=parts)
        answer = self.owner.post(place, fields, follow=True)
        assert answer.status_code == 200, (place, fields)
        assert "login" not in str(answer.redirect_chain), (place, fields)
        self.seen[f"{len(self.seen)}", f"POST {name} {fields.get('do', '')}"] = told(answer, self.chance)

    def of_round(self, name: str, **fields) -> None:
        self.post(name, SLUG, self.round.number, **fields)
        self.round = self.house.rounds.order_by("number").last()

    # What an owner does between the great moments ----------------------------------------------------------------------
    def gap(self, moment: str) -> None:
        """A day later, what the story says."""
        self.now += timedelta(days=1)
        for move in self.story.moves.get(moment, ()):
            getattr(self, move)()

    def remind(self) -> None:
        self.of_round("invite", do="remind")

    def revoke(self) -> None:
        found = Invitation.objects.filter(round=self.round, email=self.story.invited).first()
        self.of_round("invite", do="revoke", number=found.pk if found else "")

    def invite_again(self) -> None:
        self.of_round("invite", do="invite", emails=self.story.invited)

    def set_last_day(self) -> None:
        self.of_round("invite", do="last-day", closes_on=str((self.now + timedelta(days=60)).date()))

    def promote(self) -> None:
        membership = Membership.objects.get(organisation=self.house, user__email=address(self.story.third))
        self.post("people", SLUG, change=membership.pk, role="owner")

    def discard(self) -> None:
        """Which is refused once somebody answers."""
        self.of_round("discard_round")

    # What colleagues do ------------------------------------------------------------------------------------------------
    def join(self, places) -> None:
        self.of_round("invite", do="invite", emails=" ".join([*map(address, places), "late@example.org"]))
        for place in places:
            person = self.story.people[place]
            invitation = Invitation.objects.get(round=self.round, email=address(place))
            response, key = join(invitation, Newcomer(person.role), at=self.now + timedelta(seconds=place))
            answers(response, person)
            self.keys[place] = key

    def submit(self, *places) -> None:
        """Submit; who corrects had said something else at first, or begins to say something else and leaves it."""
        for place in places:
            person, key, at = self.story.people[place], self.keys[place], self.now + timedelta(minutes=place)
            if person.corrects == "and submits":
                factories.answer(Response.objects.with_key(key).get(), level(1))
                submit(key, at=at)
                answers(correct(key, at=at), person)
            submit(key, at=at, shares_notes=person.shares_notes)
            if person.corrects == "and leaves it":
                factories.answer(correct(key, at=at), level(1))

    def erase(self, moment: str) -> None:
        for place, key in self.keys.items():
            if self.story.people[place].erases == moment:
                erase(Response.objects.with_key(key).first(), at=self.now)

    # All of it ---------------------------------------------------------------------------------------------------------
    def live(self) -> "Life":
        """The whole story."""
        with mock.patch("django.utils.timezone.now", side_effect=lambda: self.now):
            factories.sign_in(self.owner, self.user)
            self.until_published()
            self.until_published_again()
            self.until_the_next_is()
        return self

    def until_published(self) -> None:
        if self.story.owner_answers == "at first":
            response, _key = answer_signed_in(self.round, self.user, role="management", at=self.now)
            factories.answer(response, level(5))
        self.look("before inviting")
        self.of_round("invite", do="mode", mode="confidential")
        self.join(range(FIRST))
        if self.story.owner_answers == "later":
            self.of_round("answer_round", role="management")
            factories.answer(Response.objects.with_key(self.key).get(), level(5))
        if self.story.owner_answers != "never":
            self.post("review", self.key)
        self.gap("joined")
        self.submit(0, 1, 2)
        self.gap("some submitted")
        self.look("some submitted")
        self.of_round("close_round")
        self.look("closed without enough")
        self.of_round("reopen_round")
        self.submit(*range(3, FIRST))
        self.gap("enough")
        self.erase("enough")
        self.look("enough, but open")
        self.of_round("close_round")
        self.look("published")

    def until_published_again(self) -> None:
        self.erase("published")
        self.of_round("reopen_round")
        self.join(range(FIRST, FIRST + SECOND))
        self.submit(FIRST)
        self.gap("reopened")
        self.look("reopened, and one more")
        self.of_round("close_round")
        self.look("closed after one more")
        self.of_round("reopen_round")
        self.submit(*range(FIRST + 1, FIRST + SECOND))
        self.erase("five more")
        self.look("more, but open")
        self.of_round("close_round")
        self.look("published again", everywhere=True)
        self.erase("at last")
        self.gap("published again")

    def until_the_next_is(self) -> None:
        self.now += timedelta(days=365)
        factories.sign_in(self.owner, self.user)  # as her session is over
        self.post("start_next", SLUG)
        self.round = self.house.rounds.get(number=2)
        self.gap("begun")
        if self.round.number == 1:
            self.post("start_next", SLUG)
            self.round = self.house.rounds.get(number=2)
        self.look("the next round began")
        self.of_round("invite", do="mode", mode="confidential")
        self.join(range(FIRST + SECOND, EVERYBODY))
        self.submit(*range(FIRST + SECOND, EVERYBODY))
        self.of_round("close_round")
        self.look("the next round published")


def answers(response: Response, person: Colleague) -> None:
    """Answer every question of a draft: scored ones by what somebody says, by turns; her note is beside each third."""
    changes = []
    for place, question in enumerate(response.outline.questions.values()):
        said = person.said[place % len(person.said)]
        if said == "not-applicable" and not question.allows_not_applicable:
            said = "unknown"
        is_answer = isinstance(said, int)
        chosen = (question.choices[(said - 1) % len(question.choices)].key,) if is_answer else ()
        note = person.note if place % 3 == 0 else ""
        changes.append(Change(question.key, Answer.State.ANSWERED if is_answer else said, chosen, note, "", None))
    save_answers(response, changes, response.saved_answers(), at=NOON)


class ItNeverHappenedError(Exception):
    """Ends a life whose rows are to be forgotten."""


def lived(story: Story) -> dict:
    """All that was seen in a life, of which no row is left."""
    with suppress(ItNeverHappenedError), transaction.atomic():
        seen = Life(story).live().seen
        raise ItNeverHappenedError
    return seen


few = settings(
    deadline=None,
    max_examples=1,
    # Each life takes seconds: what fails is told as it was found; and on PostgreSQL there is only the story in which
    # everything happens, as another one would be stored in the same ways.
    phases=[Phase.explicit, *([Phase.generate] if connection.vendor == "sqlite" else [])],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@few
@given(story=stories())
@example(story=rich())
def test_who_of_two_said_what_is_nowhere(questionnaire, story):
    first, second = lived(story), lived(story.exchanged)
    assert first.keys() == second.keys()
    assert [place for place in first if first[place] != second[place]] == []
    assert all(status in (200, 302, 403, 404, 405) for status, _place, _text in first.values())
    assert published(first, 1)[0] == "published"
    assert len(published(first, 1)) == 7
    assert published(first, 2) == ["the next round published"]


def published(seen: dict, number: int) -> list[str]:
    """The moments at which a report of a round was there."""
    report = reverse("round_document", args=[SLUG, number, "report.json"])
    return [moment for (moment, address), (status, *_rest) in seen.items() if (address, status) == (report, 200)]
