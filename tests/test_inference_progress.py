"""What an owner can infer while a confidential round is open: nothing of who has begun, answered, corrected or erased.

Each generated story is lived through twice. Two people who were invited get on differently in the two lives: where enough
others answer for a report, what the one does in one life the other does in the other; where too few do, each life has its
own. Both say the same, so that everything must be the same to the end, its reports included: pages, exports, statuses,
redirects, messages and headers, and what each request of an owner, a member who was invited or a viewer asks of the
database and mails before it answers; also after the worker has sent the mails, or left them out. What the two see themselves
is not compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from assessment.models import Invitation, PeopleInvitation, Response
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.submitting import submit
from tests import factories
from tests.factories import level
from tests.lives import DAY, SLUG, House, differences, few, lived
from tests.sampling import THOROUGH

pytestmark = [] if THOROUGH else [pytest.mark.any_database]  # its explicit stories are stored alike on both

LATER = 4  # from this day on who is a member under another address may be made an owner: they do nothing any more
DAYS = 6
PAIR = ("anna@example.org", "bob@example.org")
PATHS = (
    (),
    ("begin",),
    ("begin", "erase"),
    ("begin", "submit"),
    ("begin", "submit", "erase"),
    ("begin", "submit", "correct"),
    ("begin", "submit", "correct", "submit"),
)


@dataclass(frozen=True)
class Progress:
    """What somebody does, and on which day."""

    acts: tuple[str, ...] = ()
    days: tuple[int, ...] = ()

    def on(self, day: int) -> list[str]:
        return [act for act, when in zip(self.acts, self.days, strict=True) if when == day]


@dataclass(frozen=True)
class Story:
    """`others` answer, one of whom is a member; `account` is the address of the first of the two as a member, if it is one."""

    progress: tuple[Progress, Progress]
    instead: tuple[Progress, Progress]
    others: int = 0
    account: str | None = None
    one_by_one: bool = False
    moves: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


ONE = ("revoke_first", "revoke_second")  # which would stop one of the two, and not the other
RISES = ("promote", "demote", "accept_as_owner")  # of the first of the two, while they are a member
MOVES = (
    *("remind", "revoke_both", "invite_again", "invite_aliases", "last_day", "forget_last_day"),
    *(
        "discard",
        "close_and_reopen",
        "answer",
        "start_next",
        "invite_as_owner",
        "promote_reader",
        "demote_reader",
        "export",
    ),
)


@st.composite
def progresses(draw) -> Progress:
    acts = draw(st.sampled_from(PATHS))
    return Progress(acts, tuple(sorted(draw(st.integers(0, LATER - 1)) for _ in acts)))


@st.composite
def stories(draw) -> Story:
    others = draw(st.integers(0, 6))
    pair = draw(progresses()), draw(progresses())
    instead = (draw(progresses()), draw(progresses())) if others + len(pair) < 5 else pair[::-1]
    account = draw(st.sampled_from([None, PAIR[0], "anna@home.example"]))
    rises = RISES if account == PAIR[0] else ()
    late = (*MOVES, *ONE, *(RISES if account else ()))
    moves = {day: draw(some(late if day >= LATER else (*MOVES, *rises))) for day in range(DAYS)}
    return Story(pair, instead, others, account, draw(st.booleans()), moves)


def some(moves):
    return st.lists(st.sampled_from(moves), max_size=4, unique=True).map(tuple)


def alone() -> Story:
    """Somebody is watched who was invited with one other; one of them is a member."""
    answers = Progress(("begin", "submit", "correct", "submit"), (0, 1, 2, 3))
    moves = {
        0: ("discard", "remind", "promote"),
        1: ("close_and_reopen", "revoke_both", "invite_as_owner"),
        2: ("invite_again", "promote", "demote", "accept_as_owner", "start_next"),
        3: ("remind", "export", "last_day", "answer"),
        4: ("promote_reader", "close_and_reopen", "invite_aliases", "remind", "revoke_first"),
    }
    return Story((answers, Progress()), (Progress(), Progress(("begin", "erase"), (1, 3))), 0, PAIR[0], True, moves)


def nearly_enough() -> Story:
    """Whether the fifth answers, or erases, decides on the report."""
    stays, erases = Progress(("begin", "submit"), (0, 1)), Progress(("begin", "submit", "erase"), (0, 2, 3))
    moves = {2: ("remind", "close_and_reopen"), 4: ("promote", "demote"), 5: ("close_and_reopen", "export")}
    return Story((stays, erases), (erases, stays), 4, "anna@home.example", False, moves)


class Life(House):
    """A round from its first invitation until it is closed for the second time."""

    def __init__(self, story: Story, progress: tuple[Progress, Progress]) -> None:
        super().__init__()
        self.story, self.progress = story, progress
        self.add_reader("member", "other0@example.org", "member")
        self.add_reader("viewer", "viewer@example.org", "viewer")
        self.browsers = {email: Client() for email in PAIR}
        if story.account:
            user = factories.account(story.account, member_of=self.house, role="member")
            self.browsers[PAIR[0]].force_login(user)

    def live(self) -> dict:
        with mock.patch("django.utils.timezone.now", side_effect=lambda: self.now):
            self.sign_in()
            self.begin()
            for day in range(DAYS):
                self.pass_day(day)
            self.of_round("close_round")
            self.look_around("closed")
            self.of_round("reopen_round")
        return self.seen

    def begin(self) -> None:
        self.of_round("invite", do="mode", mode="confidential")
        emails = [*PAIR, *(f"other{place}@example.org" for place in range(max(1, self.story.others)))]
        for asked in emails if self.story.one_by_one else [" ".join(emails)]:
            self.of_round("invite", do="invite", emails=asked)
        self.let_mails_leave()
        self.look_around("invited")
        for email in emails[len(PAIR) :][: self.story.others]:
            response, key = join(self.invitation(email), Newcomer("sales"), at=self.now)
            factories.answer(response, level(2))
            submit(key, at=self.now)

    def pass_day(self, day: int) -> None:
        self.now += DAY
        if day == LATER:
            self.sign_in()  # as the sessions may be over
        for email, progress in zip(PAIR, self.progress, strict=True):
            for act in progress.on(day):
                self.act(email, act)
        for move in self.story.moves.get(day, ()):
            getattr(self, move)()
        self.let_mails_leave()
        if day not in (0, 2):
            self.look_around(f"day {day}")

    def look_around(self, moment: str) -> None:
        """The owner looks each time, the others at some days and once the round is closed."""
        for reader in ("owner", "member", "viewer") if moment in ("day 1", "day 3", "closed") else ("owner",):
            self.look(moment, reader, charts=moment == "closed")

    def invitation(self, email: str) -> Invitation:
        return Invitation.objects.get(round=self.round, email=email)

    # What the two do ---------------------------------------------------------------------------------------------------
    def act(self, email: str, act: str) -> None:
        """By the pages, which may refuse: an invitation may be revoked, the round closed."""
        invitation, browser = self.invitation(email), self.browsers[email]
        key = invitation.response_key
        if act == "begin":
            browser.post(reverse("join", args=[invitation.token]), {"role": "sales"})
            if draft := Response.objects.with_key(key).first():
                factories.answer(draft, level(4))
        else:
            name = {"submit": "review", "correct": "correct", "erase": "erase"}[act]
            browser.post(reverse(name, args=[key]), {"shares_notes": "yes"})

    def accept_as_owner(self) -> None:
        link = PeopleInvitation.objects.open(at=self.now).filter(organisation=self.house, email="").first()
        if link is None:
            self.post("people", SLUG, link="yes", role="owner")
            link = PeopleInvitation.objects.get(organisation=self.house, email="", used_at=None)
        self.browsers[PAIR[0]].post(reverse("invitation", args=[link.token]))

    # What an owner does ------------------------------------------------------------------------------------------------
    def remind(self) -> None:
        self.of_round("invite", do="remind")

    def revoke_first(self) -> None:
        self.of_round("invite", do="revoke", number=self.invitation(PAIR[0]).pk)

    def revoke_second(self) -> None:
        self.of_round("invite", do="revoke", number=self.invitation(PAIR[1]).pk)

    def revoke_both(self) -> None:
        self.revoke_first()
        self.revoke_second()

    def invite_again(self) -> None:
        self.of_round("invite", do="invite", emails=" ".join(PAIR))

    def invite_aliases(self) -> None:
        self.of_round("invite", do="invite", emails="Anna+x@EXAMPLE.org BOB@example.org")

    def last_day(self) -> None:
        self.of_round("invite", do="last-day", closes_on=str((self.now + timedelta(days=1)).date()))

    def forget_last_day(self) -> None:
        self.of_round("invite", do="last-day", closes_on="")

    def discard(self) -> None:
        self.of_round("discard_round")

    def close_and_reopen(self) -> None:
        self.of_round("close_round")
        self.look("closed for a moment", charts=False)
        self.of_round("reopen_round")

    def answer(self) -> None:
        self.of_round("answer_round", role="management")

    def start_next(self) -> None:
        """Which is refused while the round is open."""
        self.post("start_next", SLUG)

    def invite_as_owner(self) -> None:
        self.post("people", SLUG, invite="yes", email=PAIR[1], role="owner", statuses=(200, 422))

    def promote(self) -> None:
        self.change_role(self.story.account, "owner")

    def demote(self) -> None:
        self.change_role(self.story.account, "member")

    def promote_reader(self) -> None:
        self.change_role("other0@example.org", "owner")

    def demote_reader(self) -> None:
        self.change_role("other0@example.org", "viewer")

    def change_role(self, email: str, role: str) -> None:
        self.post("people", SLUG, change=self.membership(email).pk, role=role)

    def export(self) -> None:
        self.look("exported", charts=False)


@few(1, thorough=200, explicit_only=True)
@given(story=stories())
@example(story=alone())
@example(story=nearly_enough())
def test_who_has_begun_answered_or_erased_is_nowhere_while_a_round_is_open(questionnaire, story):
    first, second = (lived(lambda pair=pair: Life(story, pair).live()) for pair in (story.progress, story.instead))
    assert differences(first, second) == {}
    assert {sight.status for sight in first.values()} <= {200, 302, 403, 404, 405, 422}
