"""What an owner can infer: whatever they open, at any moment of a confidential round, who of two said what is nowhere.

Each generated story is lived through twice, the second time with two colleagues exchanged who belong to one publication and
one role: their answers, notes and consent, their corrections, and whether they erase it all. Everything that an owner, a
member who answered, a viewer and the holder of a reading link can reach, what an owner is told after each thing they do, what
each request asks of the database and mails before it answers, and the lists of the administration must be the same.
`HYPOTHESIS_PROFILE=thorough` lives through hundreds of stories.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from unittest import mock

import pytest
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from assessment.models import Answer, Invitation, PeopleInvitation, Response
from assessment.privacy.erasing import erase
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.saving import Change, save_answers
from assessment.rounds.starting import answer_signed_in
from assessment.rounds.submitting import correct, submit
from tests import factories
from tests.factories import level
from tests.lives import DAY, SLUG, House, differences, few, lived
from tests.sampling import THOROUGH

pytestmark = [] if THOROUGH else [pytest.mark.any_database]  # its explicit story is stored alike on both

# How many answer before the first publication, before the second, and in the next round.
FIRST, SECOND, NEXT = 10, 8, 7
EVERYBODY = FIRST + SECOND + NEXT


# What happens --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Colleague:
    """Somebody with their role and their answers: a level, or a state, for each scored question in turn."""

    role: str
    said: tuple
    note: str = ""
    shares_notes: bool = False
    corrects: str = ""  # "and submits", or "and leaves it"
    erases: str = ""  # at which moment


@dataclass(frozen=True)
class Story:
    """The colleagues in the order in which they answer, two of them who are exchanged, and what else an owner does.

    `third` is a member, who reads, too; `risen` is the place of the one of the pair who is a member; `invited` is whom the
    owner revokes or invites again.
    """

    people: tuple[Colleague, ...]
    pair: tuple[int, int]
    third: int = 2
    risen: int = 0
    invited: str = "late@example.org"
    owner_answers: str = "at first"
    one_by_one: bool = False
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
        return len({(one.corrects, one.erases.replace(GAPS[-1], "")) for one in pair}) > 1


CORRECTIONS = ("and submits", "and leaves it")
# The moments: a day passes, people erase, and the owner does what the story says. The administration is opened before the last.
OPEN_GAPS = ("joined", "some submitted", "enough", "reopened", "more")
GAPS = (*OPEN_GAPS, "published", "begun", "published again")
MOVES = (
    *("remind", "revoke", "invite_again", "set_last_day", "discard", "reopen", "invite_as_owner", "accept"),
    *("promote_third", "demote_third", "promote_pair", "demote_pair", "raise_pair_for_a_second"),
)
NOTES = ("", "", "No time", "Budget", "Ask <sales>")
PAIRS = ((0, 6), (1, 7), (FIRST, FIRST + 3), (FIRST + 1, FIRST + 2), (FIRST + SECOND, EVERYBODY - 1))
saids = st.lists(st.sampled_from([1, 2, 3, 4, 5, 5, "unknown", "not-applicable"]), min_size=4, max_size=4).map(tuple)
people = st.builds(
    Colleague, st.just("sales"), saids, st.sampled_from(NOTES), st.booleans(), st.sampled_from(["", "", *CORRECTIONS])
)
some_moves = st.lists(st.sampled_from(MOVES), max_size=4, unique=True).map(tuple)


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
        there[place] = replace(there[place], erases=draw(st.sampled_from(GAPS)))
    return Story(
        tuple(there),
        (one, other),
        third=draw(st.sampled_from([2, 4, FIRST + 4])),
        risen=draw(st.sampled_from([one, other])),
        invited=draw(st.sampled_from(["late@example.org", address(one), address(other), address(2)])),
        owner_answers=draw(st.sampled_from(["at first", "later", "never"])),
        one_by_one=draw(st.booleans()),
        moves={gap: draw(some_moves) for gap in GAPS},
    )


def address(place: int) -> str:
    return f"colleague{place}@example.org"


def rich() -> Story:
    """A story in which everything happens.

    Until one of the two erases theirs at last they leave the same rows, so that the administration is compared, too.
    """
    roles, levels = ("sales", "hr"), ((1, 4, 5, "unknown"), (5, 2, 3, 4), (2, 2, "not-applicable", 5), (3, 5, 1, 1))
    there = [
        Colleague(roles[place % 2], levels[place % 4], NOTES[place % 5], place % 3 != 0) for place in range(EVERYBODY)
    ]
    there[0] = Colleague("sales", (1, 1, 5, "unknown"), "Mine", True, "and submits", GAPS[-1])
    there[6] = Colleague("sales", (5, 3, 2, 1), "Also mine", True, "and submits")
    there[3] = replace(there[3], erases="published", corrects="and leaves it")
    moves = {
        "joined": ("remind", "revoke", "promote_third", "raise_pair_for_a_second"),
        "some submitted": ("invite_again", "set_last_day", "discard", "reopen"),
        "enough": ("remind", "promote_pair", "invite_as_owner", "accept"),
        "published": ("raise_pair_for_a_second",),
        "reopened": ("promote_third", "remind", "revoke", "promote_pair"),
        "more": ("demote_third", "demote_pair"),
        "begun": ("discard",),
        "published again": ("invite_again", "promote_third"),
    }
    return Story(tuple(there), (0, 6), invited=address(6), owner_answers="later", moves=moves)


# The story -----------------------------------------------------------------------------------------------------------
class Life(House):
    """An organisation from before its first invitation to its next round."""

    def __init__(self, story: Story) -> None:
        super().__init__()
        self.story, self.keys, self.gone = story, {}, set()
        self.add_reader("third", address(story.third), "member")
        self.add_reader("risen", address(story.risen), "member")
        self.add_reader("viewer", "viewer@example.org", "viewer")
        self.users["boss"] = factories.account("boss@example.org", is_staff=True, is_superuser=True)

    # What an owner does between the great moments ----------------------------------------------------------------------
    def gap(self, moment: str) -> None:
        """A day later, whoever erases erases, and the owner does what the story says."""
        self.now += DAY
        for place, key in self.keys.items():
            if self.story.people[place].erases == moment:
                self.gone.add(place)
                erase(Response.objects.with_key(key).first(), at=self.now)
        for move in self.story.moves.get(moment, ()):
            getattr(self, move)()
        self.let_mails_leave()

    def remind(self) -> None:
        self.of_round("invite", do="remind")

    def revoke(self) -> None:
        found = Invitation.objects.filter(round=self.round, email=self.story.invited).first()
        self.of_round("invite", do="revoke", number=found.pk if found else "")

    def invite_again(self) -> None:
        """Refused once the round is closed, on the page where they typed the address."""
        self.of_round("invite", do="invite", emails=self.story.invited, statuses=(200, 422))

    def set_last_day(self) -> None:
        self.of_round("invite", do="last-day", closes_on=str((self.now + timedelta(days=60)).date()))

    def promote_third(self) -> None:
        self.change_role(self.story.third, "owner")

    def demote_third(self) -> None:
        self.change_role(self.story.third, "viewer")

    def promote_pair(self) -> None:
        self.change_role(self.story.risen, "owner")

    def demote_pair(self) -> None:
        self.change_role(self.story.risen, "member")

    def raise_pair_for_a_second(self) -> None:
        self.promote_pair()
        self.demote_pair()

    def change_role(self, place: int, role: str) -> None:
        self.post("people", SLUG, change=self.membership(address(place)).pk, role=role)

    def invite_as_owner(self) -> None:
        self.post("people", SLUG, invite="yes", email=address(self.story.pair[1]), role="owner", statuses=(200, 422))
        self.post("people", SLUG, link="yes", role="owner")

    def accept(self) -> None:
        """One of the pair follows a link that makes an owner of whoever does."""
        link = PeopleInvitation.objects.open(at=self.now).filter(organisation=self.house, email="").first()
        if link:
            self.readers["risen"].post(reverse("invitation", args=[link.token]))
            self.post("people", SLUG)

    def reopen(self) -> None:
        """Of a round that is open already: it stays as it is."""
        self.of_round("reopen_round")

    def discard(self) -> None:
        """Which is refused once somebody is invited."""
        self.of_round("discard_round")

    # What colleagues do ------------------------------------------------------------------------------------------------
    def join(self, places) -> None:
        emails = [*map(address, places), "late@example.org"]
        for asked in emails if self.story.one_by_one else [" ".join(emails)]:
            self.of_round("invite", do="invite", emails=asked)
        for place in places:
            person = self.story.people[place]
            invitation = Invitation.objects.get(round=self.round, email=address(place))
            response, key = join(invitation, Newcomer(person.role), at=self.now + timedelta(seconds=place))
            answers(response, person)
            self.keys[place] = key

    def submit(self, *places) -> None:
        """Submit; who corrects had said something else at first, or begins to say something else and leaves it."""
        for place in set(places) - self.gone:
            person, key, at = self.story.people[place], self.keys[place], self.now + timedelta(minutes=place)
            if person.corrects == "and submits":
                factories.answer(Response.objects.with_key(key).get(), level(1))
                submit(key, at=at)
                answers(correct(key, at=at), person)
            submit(key, at=at, shares_notes=person.shares_notes)
            if person.corrects == "and leaves it":
                factories.answer(correct(key, at=at), level(1))

    # All of it ---------------------------------------------------------------------------------------------------------
    def live(self) -> dict:
        """The whole story, and what was seen in it."""
        with mock.patch("django.utils.timezone.now", side_effect=lambda: self.now):
            self.sign_in()
            self.until_published()
            self.until_published_again()
            self.until_the_next_is()
        return self.seen

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
        for reader in ("owner", "third", "viewer"):
            self.look("enough, but open", reader)
        self.of_round("close_round")
        self.look("published")

    def until_published_again(self) -> None:
        self.gap("published")
        self.of_round("reopen_round")
        self.join(range(FIRST, FIRST + SECOND))
        self.submit(FIRST)
        self.gap("reopened")
        self.look("reopened, and one more")
        self.of_round("close_round")
        self.look("closed after one more")
        self.of_round("reopen_round")
        self.submit(*range(FIRST + 1, FIRST + SECOND))
        self.gap("more")
        self.look("more, but open")
        self.of_round("close_round")
        self.token = factories.reading_link(self.round, at=self.now)[1]
        for reader in ("owner", "third", "viewer"):
            self.look("published again", reader)
        if self.story.owner_answers != "never":
            self.look("published again", part="key")
        self.look("published again", "stranger", part="token")
        if not self.story.tells_administrators:
            self.look_as_administrator("published again")
        self.gap("published again")

    def until_the_next_is(self) -> None:
        self.now += timedelta(days=365)
        self.sign_in()
        self.of_round("close_round")  # in case it was reopened
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
    """Answer every question of a draft: scored ones by what somebody says, by turns; their note is beside each third."""
    changes = []
    for place, question in enumerate(response.outline.questions.values()):
        said = person.said[place % len(person.said)]
        if said == "not-applicable" and not question.allows_not_applicable:
            said = "unknown"
        is_answer = isinstance(said, int)
        chosen = (question.choices[(said - 1) % len(question.choices)].key,) if is_answer else ()
        note = person.note if place % 3 == 0 else ""
        changes.append(Change(question.key, Answer.State.ANSWERED if is_answer else said, chosen, note, "", None))
    save_answers(response, changes, response.saved_answers(), at=response.started_at)


@few(1, thorough=120, explicit_only=True)
@given(story=stories())
@example(story=rich())
def test_who_of_two_said_what_is_nowhere(questionnaire, story):
    first, second = (lived(lambda told=told: Life(told).live()) for told in (story, story.exchanged))
    assert differences(first, second) == {}
    assert {sight.status for sight in first.values()} <= {200, 302, 403, 404, 405, 422}
    assert published(first, 1)[0] == "published"
    assert published(first, 2) == ["the next round published"]


def published(seen: dict, number: int) -> list[str]:
    """The moments at which the owner found a report of a round."""
    report = reverse("round_document", args=[SLUG, number, "report.json"])
    return [key[0] for key, sight in seen.items() if key[1:] == ("owner", report) and sight.status == 200]
