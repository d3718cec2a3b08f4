"""What can be worked out from the figures of all rounds together, however they overlap: never fewer than five people.

Generated stories of one owner's two organisations: rounds held alone, open and confidential, any days apart, with people
invited at whichever address of their mailbox, reopenings and second publications, erasures, organisations deleted and
founded again, owners who come, go and change their address. They are lived through with the verbs of the product.

Every number of a published report is a linear function of the answers' points, and its coefficients are found by changing
one answer after the other and publishing once more. Answers of one person in two rounds are one unknown when publications
that rest on them lie less than 300 days apart, else two. No combination of all figures may be about fewer than five people
whose answers are to be protected, nor, for a reader who answered, about fewer than four others.

To be protected is what somebody answered in a confidential round and no owner knows. An owner's answers are known, and
those of whoever answered a round of that organisation alone in the 300 days before (scoring/README.md, "Known"). Somebody who
answers a round alone after a confidential publication tells their own answers by their own act: the report of one person is
no figure here. What people answer in an open round is told there, as they agreed. An owner works with the figures of all
organisations that they own or owned; whoever is made an owner where reports are published already, less than 300 days from
those of their own organisation, is given them to read by another owner, which nobody can prevent: that is not tried.
`HYPOTHESIS_PROFILE=thorough` lives through hundreds of stories.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import combinations
from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from hypothesis import given
from hypothesis import strategies as st

from assessment import scoring
from assessment.accounts.made import confirm
from assessment.authoring.publication import publish
from assessment.models import Answer, Invitation, Membership, Organisation, Questionnaire, Response, Result, Round
from assessment.models.outline import outline
from assessment.organisations.people import InvitedError, LastOwnerError, change_role, remove
from assessment.privacy.erasing import delete_organisation, erase
from assessment.rounds import closing as joint_results
from assessment.rounds.inviting import choose_mode, invite
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.saving import Change, save_answers
from assessment.rounds.starting import NotNowError, begin_again, open_round
from assessment.rounds.submitting import submit
from assessment.scoring import publishing
from tests import factories
from tests.factories import NOON
from tests.lives import few, lived

PEOPLE = 9  # besides the owner
SAME = timedelta(days=300)
PRIME = 2**61 - 1
QUESTIONS = (2, 1, 1)  # of each dimension


# A small questionnaire -----------------------------------------------------------------------------------------------
@pytest.fixture
def small(questionnaire) -> Questionnaire:
    """The shipped questionnaire with three dimensions of one or two questions."""
    content = outline(questionnaire).content
    scored = [part for part in content.dimensions if part.scored]
    parts = tuple(
        replace(part, questions=tuple(replace(one, needs=()) for one in part.questions[:number]))
        for part, number in zip(scored, QUESTIONS, strict=False)
    )
    draft = factories.draft(dimensions=parts, consistency=())
    publish(draft, at=NOON)
    return Questionnaire.objects.current()


# What happens --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Chapter:
    """A round of one of the two organisations, so many days after the one before it.

    `people` are numbers; `again` come after reopening, `erased` before it, `days_open` after the first of them; with `alone`
    the first of `people` answered it before others were invited. `news` is what happens to organisations and owners first.
    """

    days: int
    where: int
    kind: str  # "solo", "open", "confidential", or "" for news alone
    people: tuple[int, ...] = ()
    alone: bool = False
    days_open: int = 0
    again: tuple[int, ...] = ()
    erased: tuple[int, ...] = ()
    later: int | None = None  # so many days after closing it is closed once more
    news: str = ""


@dataclass(frozen=True)
class Story:
    """`owners` own both organisations besides the owner; `silent` leave these questions out (person, question)."""

    chapters: tuple[Chapter, ...]
    owners: tuple[int, ...] = ()
    second_owned: str = "from the start"  # or "later": by the news "joins"
    silent: frozenset[tuple[int, int]] = field(default_factory=frozenset)


NEWS = ("", "", "", "", "deleted", "leaves", "joins", "changes address", "rises", "falls")
DAYS = st.sampled_from([0, 1, 5, 100, 150, 200, 299, 300, 301, 365, 700]) | st.integers(0, 700)
groups = st.sampled_from([5, 6, 6, 7, 9, 4, 2]).flatmap(
    lambda number: st.lists(st.integers(0, PEOPLE - 1), min_size=number, max_size=number, unique=True).map(tuple)
)
few_people = st.lists(st.integers(0, PEOPLE - 1), max_size=2, unique=True).map(tuple)
chapters = st.builds(
    Chapter,
    days=DAYS,
    where=st.integers(0, 1),
    kind=st.sampled_from(["confidential", "confidential", "confidential", "open", "open", "solo", ""]),
    people=groups,
    alone=st.sampled_from([False, False, True]),
    days_open=st.sampled_from([0, 1, 40, 310]),
    again=st.just(()) | groups | few_people,
    erased=few_people,
    later=st.sampled_from([None, None, 1, 150, 299, 300]),
    news=st.sampled_from(NEWS),
)
stories = st.builds(
    Story,
    st.lists(chapters, min_size=2, max_size=6).map(tuple),
    st.sampled_from([(), (), (0,), (0, 1)]),
    st.sampled_from(["from the start", "later"]),
    st.frozensets(st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, sum(QUESTIONS) - 1)), max_size=3),
)


def address(person: int, way: int = 0) -> str:
    """An address that leads to somebody's mailbox, in one of several ways."""
    name = f"p{person}"
    return (
        f"{name}@example.org",
        f"{name.upper()}+survey@Example.ORG",
        f"{name}@exa\u00admple.org",
        f"{name}\u200b@example.org.",
        f"ｐ{person}@example.org",
    )[way % 5]


# The life ------------------------------------------------------------------------------------------------------------
class Life:
    """Two organisations, their rounds, and all figures that were published of them."""

    def __init__(self, story: Story) -> None:
        self.story, self.now, self.figures = story, NOON, Figures()
        self.owner = factories.account("owner@example.org")
        self.guard = factories.account("guard@example.org")  # an owner of the second organisation who stays
        self.houses = [self.found(0), self.found(1)]
        self.ways = 0

    def found(self, where: int) -> Organisation:
        """An organisation with its owners."""
        house = factories.organisation(f"House {where}")
        owners = [self.guard] if where and self.story.second_owned == "later" else [self.owner]
        owners += [self.account(number) for number in self.story.owners]
        for user in owners:
            Membership.objects.create(organisation=house, user=user, role="owner")
            self.figures.houses[user.pk].add(house.pk)
        return house

    def account(self, person: int):
        user = EmailAddress.objects.filter(email=address(person)).first()
        return user.user if user else factories.account(address(person))

    def live(self) -> "Life":
        with mock.patch("django.utils.timezone.now", side_effect=lambda: self.now):
            for chapter in self.story.chapters:
                self.now += timedelta(days=chapter.days)
                self.hear(chapter)
                if chapter.kind == "solo":
                    self.answer_alone(chapter)
                elif chapter.kind:
                    with suppress(NotNowError):  # the round before is not finished
                        self.hold(chapter)
        return self

    # News --------------------------------------------------------------------------------------------------------------
    def hear(self, chapter: Chapter) -> None:
        house = self.houses[chapter.where]
        if chapter.news == "deleted":
            delete_organisation(house)
            self.houses[chapter.where] = self.found(chapter.where)
        elif chapter.news == "leaves":
            self.becomes(house, self.guard, "owner")
            with suppress(LastOwnerError, Membership.DoesNotExist):
                remove(Membership.objects.get(organisation=house, user=self.owner))
        elif chapter.news == "joins":
            self.becomes(house, self.owner, "owner")
        elif chapter.news == "changes address":
            self.owner.email = f"owner{len(self.figures.rows)}@example.org"
            self.owner.save()
            EmailAddress.objects.filter(user=self.owner).delete()
            confirm(self.owner)
        elif chapter.news in ("rises", "falls") and chapter.people:
            self.becomes(house, self.account(chapter.people[0]), "owner" if chapter.news == "rises" else "member")

    def becomes(self, house: Organisation, user, role: str) -> None:
        """Nobody is made an owner where others have published what, beside their own, tells too much: see above."""
        theirs = self.figures.houses[user.pk]
        if role == "owner" and self.figures.are_near(theirs - {house.pk}, house.pk):
            return
        there, _made = Membership.objects.get_or_create(organisation=house, user=user, defaults={"role": "viewer"})
        with suppress(LastOwnerError, InvitedError):
            change_role(there, role)
            theirs |= {house.pk} if role == "owner" else set()

    # Rounds ------------------------------------------------------------------------------------------------------------
    def answer_alone(self, chapter: Chapter) -> Round | None:
        """The first of the people answers a round of their own; its report is what they said."""
        house, person = self.houses[chapter.where], chapter.people[0]
        last = house.rounds.order_by("number").last()
        if last and last.is_open and not last.is_solo:
            return None
        response, key = open_round(
            house, Questionnaire.objects.current(), role="hr", email=address(person, person), at=self.now
        )
        self.submit(response, key, person)
        self.figures.alone[person].append((house.pk, self.now))
        return Round.objects.get(pk=response.round_id)

    def hold(self, chapter: Chapter) -> None:
        """A round of several people, until it is closed for the last time."""
        of = self.answer_alone(chapter) if chapter.alone else begin_again(self.houses[chapter.where], at=self.now)
        if of is None:
            return
        self.answer(of, chapter.kind, chapter.people)
        self.close(of)
        if chapter.again or chapter.erased:
            self.now += timedelta(days=chapter.days_open)
            self.erase(of, chapter.erased)
            joint_results.reopen(of)
            self.answer(of, chapter.kind, chapter.again)
            self.close(of)
        if chapter.later is not None:
            self.now += timedelta(days=chapter.later)
            self.close(of)

    def answer(self, round_: Round, kind: str, people: Collection[int]) -> None:
        """Each is invited at two addresses of their mailbox and answers by whatever they get; the owner tries to, too."""
        round_ = choose_mode(round_, kind)
        owns = Membership.objects.is_owner(round_.organisation_id, self.owner.pk)
        for person in [*people, *([None] if owns else [])]:
            self.ways += 1
            own = self.owner.email.replace("@", "+x@").upper(), self.owner.email
            for email in own if person is None else (address(person, self.ways), address(person, self.ways + 1)):
                for invitation in invite(round_, kind, [email], at=self.now):
                    self.join(invitation, person)

    def join(self, invitation: Invitation, person: int | None) -> None:
        role = ("hr", "sales")[(person or 0) % 2]
        with suppress(NotNowError):
            if joined := join(invitation, Newcomer(role), at=self.now):
                self.submit(*joined, person)

    def submit(self, response: Response, key: str, person: int | None) -> None:
        """Everybody says something else, but for what they leave out."""
        changes = []
        for place, question in enumerate(response.outline.questions.values()):
            if (person, place) not in self.story.silent:
                choice = question.choices[((person or 0) * 3 + place) % len(question.choices)]
                changes.append(Change(question.key, Answer.State.ANSWERED, (choice.key,), "", "", None))
        save_answers(response, changes, {}, at=self.now)
        done = submit(key, at=self.now)
        is_known = self.known(done, person)
        assert done.is_known or not is_known or not done.round.is_confidential
        self.figures.note(done, person, is_known=is_known)

    def known(self, response: Response, person: int | None) -> bool:
        """Whether an owner knows an answer, by the rule (scoring/README.md, "Known"), without asking the product."""
        house = response.round.organisation
        owners = {membership.user.email for membership in Membership.objects.filter(organisation=house, role="owner")}
        alone = [when for where, when in self.figures.alone[person] if where == house.pk]
        return (
            person is None
            or address(person) in owners
            or response.round.is_solo
            or any(self.now - SAME <= when for when in alone)
        )

    def close(self, round_: Round) -> None:
        if result := joint_results.close(round_, at=self.now):
            self.figures.take(round_, result, at=self.now)

    def erase(self, round_: Round, people: Collection[int]) -> None:
        for number, person in list(self.figures.people.items()):
            found = Response.objects.filter(pk=number, round=round_, erased_at=None).first()
            if found and person in people:
                erase(found, at=self.now)


# The figures ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Unknown:
    """What somebody answered to a question in a round."""

    person: int
    round: int
    question: str


class Figures:
    """Rows of coefficients over what people answered, one for each number that was published."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, dict[Unknown, Fraction]]] = []  # with their organisation
        self.houses: dict[int, set[int]] = defaultdict(set)  # the organisations that an account owns or owned
        self.house_of: dict[int, int] = {}  # the organisation of a round
        self.times: list[tuple[int, datetime]] = []  # in which organisation something was published, and when
        self.people: dict[int, int | None] = {}  # who gave a response, by its number; None is the owner
        self.known: set[tuple[int, int]] = set()  # by person and round, as all below
        self.alone: dict[int, list[tuple[int, datetime]]] = defaultdict(list)  # in which organisation, when, by person
        self.published: dict[tuple[int, int], list[datetime]] = defaultdict(list)
        self.confidential: set[tuple[int, int]] = set()
        self.then: dict[int, dict] = defaultdict(dict)  # by round: its last publication, and with each answer changed

    def note(self, response: Response, person: int | None, *, is_known: bool) -> None:
        self.people[response.pk] = person
        if person is not None:
            self.known |= {(person, response.round_id)} if is_known else set()

    def take(self, round_: Round, result: Result, *, at: datetime) -> None:
        """The rows of what a round has published just now."""
        round_ = Round.objects.select_related("organisation", "questionnaire").get(pk=round_.pk)
        found = joint_results.counted_responses(round_)
        given = {self.people[response.pk]: response for response in found}
        self.check(round_, result, found)
        for person in given.keys() - {None}:
            self.published[person, round_.pk].append(at)
            self.confidential |= {(person, round_.pk)} if round_.is_confidential else set()
        before = self.then[round_.pk]
        unknowns = {
            Unknown(person, round_.pk, key)
            for person, one in given.items()
            if person is not None
            for key in one.saved_answers()
        }
        now = {None: published(round_, result, found, before.get(None))}
        assert now[None][0] == result.exact
        told = numbers(result, *now[None])
        rows: list[dict[Unknown, Fraction]] = [{} for _ in told]
        for unknown in unknowns | (before.keys() - {None}):
            with changed(given.get(unknown.person), unknown.question):
                now[unknown] = published(round_, result, found, before.get(unknown, before.get(None)))
            for row, was, becomes in zip(rows, told, numbers(result, *now[unknown]), strict=True):
                if was is not None and was != becomes:
                    row[unknown] = becomes - was  # of one answer always by the same change
        self.rows += [(round_.organisation_id, row) for row in rows if row]
        self.times.append((round_.organisation_id, at))
        self.house_of[round_.pk] = round_.organisation_id
        self.then[round_.pk] = now

    def check(self, round_: Round, result: Result, found: Collection[Response]) -> None:
        """What is told directly: five mailboxes that no owner knows, and of a question no number."""
        if not round_.is_confidential:
            return
        for batch in range(1, round_.publications + 1):
            people = {self.people[response.pk] for response in found if response.batch == batch}
            unknown = {person for person in people if person is not None and (person, round_.pk) not in self.known}
            assert len(unknown) >= 5 or batch < round_.publications, "erased since"
        asked = outline(round_.questionnaire).scoring
        data = json.loads(
            json.dumps(publishing.report_data(asked, None, result.values, mode=scoring.Mode(round_.mode)))
        )
        assert {tuple(question) for question in data["result"]["questions"]} == {
            ("key", "state", "nearest", "views_differ")
        }

    def are_near(self, some: Collection[int], other: int) -> bool:
        """Whether one of some organisations and another one have published less than 300 days apart."""
        return any(
            one in some and house == other and abs(then - now) < SAME
            for one, then in self.times
            for house, now in self.times
        )

    # What follows from them --------------------------------------------------------------------------------------------
    def columns(self, houses: Collection[int]) -> dict[int, list[list[int]]]:
        """By person to be protected, the coefficients of each of their unknowns in the rows of these organisations.

        Modulo a large prime; answers that are the same are one unknown.
        """
        rounds = {of for of, house in self.house_of.items() if house in houses}
        era, rows = self.eras(rounds), [row for house, row in self.rows if house in houses]
        found: dict[tuple, list[int]] = defaultdict(lambda: [0] * len(rows))
        for place, row in enumerate(rows):
            for unknown, coefficient in row.items():
                key = era[unknown.person, unknown.round], unknown.question
                found[key][place] += coefficient.numerator * pow(coefficient.denominator, -1, PRIME)
        by_person = defaultdict(list)
        protected = {era[one] for one in era if one in self.confidential} - {
            era[one] for one in era if one in self.known
        }
        for ((person, _first), _question), column in found.items():
            if (person, _first) in protected:
                by_person[person].append([value % PRIME for value in column])
        return by_person

    def eras(self, rounds: Collection[int]) -> dict[tuple[int, int], tuple[int, int]]:
        """By person and round, of these, the first round in which they said the same, as far as it is taken to be."""
        era = {one: one for one in self.published if one[1] in rounds}
        for one, other in combinations(list(era), 2):
            same = any(abs(then - now) < SAME for then in self.published[one] for now in self.published[other])
            if one[0] == other[0] and same:
                old, new = era[other], era[one]
                era = {key: new if value == old else value for key, value in era.items()}
        return era


def published(
    round_: Round, result: Result, found: list[Response], before: tuple | None
) -> tuple[scoring.Result, list[dict]]:
    """What a round publishes of these responses now, by the code that publishes; and the means by role of an open one."""
    number, fewest = round_.publications, result.floors[-1]
    earlier = before[0] if before and round_.is_confidential else None
    values = joint_results._values_at(round_, found, number, asked=result.asked, before=earlier, fewest=fewest)
    return values, [] if round_.is_confidential else joint_results.role_rows(
        round_, found, publication=number, fewest=fewest
    )


@contextmanager
def changed(response: Response | None, question: str) -> Iterator[None]:
    """Meanwhile somebody has said something else to a question; nobody has when their answers were erased."""
    rows = response.answers.all() if response else []  # read already, so that all see what is changed in them
    answer = next((row for row in rows if response.outline.question_keys[row.question_id] == question), None)
    if not answer or not answer.choices:
        yield
        return
    said, choices = answer.choices, response.outline.questions[question].choices
    answer.choices = [choices[0 if said != [choices[0].key] else -1].key]
    yield
    answer.choices = said


def numbers(result: Result, values: scoring.Result, roles: Iterable[dict]) -> list[Fraction | None]:
    """Every number that a report tells: scores and ranges, and those of questions and roles where not levels only are."""
    found = [values.score, *_ends(values.range)]
    for part in values.dimensions:
        found += [part.score, *_ends(part.range)]
    if not result.levels_only:
        found += [question.score for question in values.questions]
        found += [None if mean is None else Fraction(mean) for group in roles for mean in group["means"].values()]
    return found


def _ends(reach: scoring.Range | None) -> list[Fraction | None]:
    return [None, None] if reach is None else [reach.low, reach.high]


# What follows --------------------------------------------------------------------------------------------------------
def rank(vectors: Iterable[list[int]]) -> int:
    """How many of these vectors are no sums of multiples of the others, modulo a large prime."""
    return len(reduced(vectors))


def reduced(vectors: Iterable[list[int]]) -> list[list[int]]:
    """As many vectors as it takes, of which these are sums of multiples."""
    found: list[tuple[int, list[int]]] = []
    for vector in vectors:
        for place, other in found:
            if factor := vector[place]:
                vector = [(one - factor * two) % PRIME for one, two in zip(vector, other, strict=True)]
        place = next((at for at, value in enumerate(vector) if value), None)
        if place is not None:
            inverse = pow(vector[place], -1, PRIME)
            found.append((place, [value * inverse % PRIME for value in vector]))
    return [vector for _place, vector in found]


def about_few(columns: Mapping[int, list[list[int]]], few: int) -> set[int] | None:
    """At most so many people whom some sum of multiples of the rows is about and nobody else; None when there are none.

    Then the rows say less without them. People who are in the same rows are left out together or not at all, as leaving
    out some of them changes nothing.
    """
    alike = defaultdict(list)
    for person, blocks in columns.items():
        alike[tuple(sorted(map(tuple, blocks)))].append(person)
    groups = list(alike.items())
    whole = rank([list(column) for blocks, _people in groups for column in blocks])
    for number in range(1, few + 1):
        for left_out in combinations(range(len(groups)), number):
            people = {person for place in left_out for person in groups[place][1]}
            if len(people) > few:
                continue
            rest = [
                list(column) for place, (blocks, _p) in enumerate(groups) if place not in left_out for column in blocks
            ]
            if rank(rest) < whole:
                return people
    return None


def test_the_check_finds_what_it_is_for():
    five, four = {person: [[1]] for person in range(5)}, {person: [[1]] for person in range(4)}
    assert about_few(five, 4) is None
    assert about_few(four, 4) == {0, 1, 2, 3}
    both = {person: [[1, int(person < 5)]] for person in range(6)}
    assert about_few(both, 4) == {5}
    apart = {person: [[1, 0], [0, int(person < 5)]] for person in range(6)}
    assert about_few(apart, 4) is None


def found_out(story: Story) -> set[int] | None:
    """At most four people about whom an owner, or three others about whom a reader who answered, can work out something."""
    figures = lived(lambda: Life(story).live().figures)
    for houses in {frozenset(houses) for houses in figures.houses.values()}:
        columns = figures.columns(houses)
        if found := about_few(columns, 4):
            return found
        for reader in columns:
            if found := about_few({person: blocks for person, blocks in columns.items() if person != reader}, 3):
                return found
    return None


CONFIDENTIAL = Chapter(0, 0, "confidential", (0, 1, 2, 3, 4, 5))


def test_a_round_too_soon_after_another_would_be_found(small):
    """One person fewer, one day later: the difference is that person."""
    story = Story((CONFIDENTIAL, Chapter(1, 0, "confidential", (0, 1, 2, 3, 4))))
    assert found_out(story) is None
    with mock.patch("assessment.rounds.closing.publishable_from", return_value=None):
        assert found_out(story) == {5}


@few(9, thorough=600)
@given(story=stories)
def test_all_figures_together_are_about_no_fewer_than_five_people(small, story):
    assert found_out(story) is None
