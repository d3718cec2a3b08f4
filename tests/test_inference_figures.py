"""What can be worked out from all the figures of a confidential round together: never fewer than five people's answers.

Each person gives a question points of their own, powers of a large base, so that a mean tells exactly whose answers it is
made of. So every figure shown becomes a row of zeros and ones over the people, and whatever can be worked out from the
figures is a sum of multiples of these rows. No such sum may be about one to four people who are not owners.
"""

import json
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.scoring import (
    Answer,
    AnswerState,
    Choice,
    Condition,
    Dimension,
    Mode,
    Question,
    Questionnaire,
    Response,
    Rule,
)
from assessment.scoring.joint import published_again
from assessment.scoring.publishing import report_data
from assessment.scoring.roles import by_role
from assessment.scoring.score import score
from tests.sampling import examples

MOST = 24  # people
BASE = MOST + 1
ROLES = ("hr", "marketing", "other", "sales")
SILENT = {"n": Answer(AnswerState.NOT_APPLICABLE), "u": Answer(AnswerState.UNKNOWN)}
often = settings(
    deadline=None, max_examples=examples(150), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def points(person: int) -> Fraction:
    return Fraction(100 * BASE**person, BASE**MOST)


CHOICES = (
    Choice("none", Fraction(0)),
    *(Choice(f"c{person}", points(person)) for person in range(MOST)),
    Choice("all", Fraction(100)),
)
QUESTION = Question("q", "single", Fraction(1), True, (), CHOICES)
ASKED = Questionnaire("inference", 1, (Dimension("d", True, Fraction(1), (QUESTION,)),))


def people_in(mean: Fraction) -> frozenset[int]:
    """Whose answers a mean is made of: the one number of people by which it has that many ones, else zeros, as digits."""
    for number in range(1, MOST + 1):
        total = mean * number * BASE**MOST / 100
        digits, place, found = int(total), 0, []
        while digits:
            digits, digit = divmod(digits, BASE)
            found += [(place, digit)] if digit else []
            place += 1
        if total.denominator == 1 and len(found) == number and all(digit == 1 for _place, digit in found):
            return frozenset(place for place, _digit in found)
    raise AssertionError(f"{mean} is no mean of answers")


def test_a_mean_tells_whose_answers_it_is_made_of():
    for people in ({0}, {3, 5}, {0, 1, 2, 3}, set(range(MOST))):
        assert people_in(sum(map(points, people)) / len(people)) == people


# What was shown, and what follows from it ----------------------------------------------------------------------------
def response(person: int, said: str, role: str, owner: bool) -> Response:
    answer = SILENT.get(said) or Answer(AnswerState.ANSWERED, (f"c{person}",))
    return Response(role, {"q": answer}, owner)


def shown(batches, erased, floor):
    """The rows of all that is shown of the question: report.json after each publication, and means by role of the first.

    `erased` are the places of people whose answers are gone before the next publication.
    """
    means, before, everybody = [], None, {}
    for batch in batches:
        new = {len(everybody) + place: response(len(everybody) + place, *one) for place, one in enumerate(batch)}
        everybody |= new
        there = [one for number, one in everybody.items() if number in new or number not in erased]
        if before is None:
            before = score(ASKED, there, mode=Mode.CONFIDENTIAL, floor=floor)
            groups = by_role(ASKED, there, mode=Mode.CONFIDENTIAL, floor=floor)
            means += [group.means["q"] for group in groups]
        else:
            before = published_again(ASKED, before, there, new=list(new.values()), floor=floor)
        data = json.loads(json.dumps(report_data(ASKED, None, before, mode=Mode.CONFIDENTIAL)))
        means += [found["score"] for found in data["result"]["questions"]]
    return {people_in(Fraction(mean)) for mean in means if mean is not None}


def rank(rows: Iterable[Iterable[Fraction]]) -> int:
    """The number of rows (or columns) that are not sums of multiples of the others; exact."""
    rows, found = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[found:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(found, pivot)
        for row in rows[found + 1 :]:
            if row[column]:
                factor = row[column] / pivot[column]
                row[:] = [one - factor * other for one, other in zip(row, pivot, strict=True)]
        found += 1
    return found


def isolates(rows, people, few: int) -> bool:
    """Whether some sum of multiples of the rows is about some of these people, but no more than `few`.

    Then the rows say less once those few are left out; leaving out some of several who are in the same rows changes
    nothing, so that it is enough to leave out all of them.
    """
    alike = Counter(tuple(Fraction(person in row) for row in rows) for person in people)
    whole = rank(list(alike))
    for number in range(1, few + 1):
        for left_out in combinations(alike, number):
            is_few = sum(alike[column] for column in left_out) <= few
            if is_few and rank([column for column in alike if column not in left_out]) < whole:
                return True
    return False


def test_the_check_finds_what_it_is_for():
    people = range(9)
    assert isolates([{0, 1, 2, 3}, {0, 1, 2, 3, 4}], people, 3)
    assert isolates([{0, 1, 2, 3, 4, 5, 6, 7}, {4, 5, 6, 7, 8}, {0, 1, 2, 3}], people, 3)
    assert isolates([{0, 1, 2}], people, 3)
    assert not isolates([{0, 1, 2}], people, 2)
    assert not isolates([{0, 1, 2, 3}, {4, 5, 6, 7}, {0, 1, 2, 3, 4, 5, 6, 7}], people, 3)
    assert isolates([{0, 1, 2, 3, 4}], [0, 1, 2], 3), "two of five are owners, who know their own"


person = st.tuples(st.sampled_from("aaaaaanu"), st.sampled_from(ROLES), st.sampled_from([False, False, False, True]))
batches = st.lists(st.lists(person, min_size=1, max_size=8), min_size=1, max_size=3)
some = st.sets(st.integers(0, MOST - 1), max_size=MOST)


def not_owners(found):
    """The numbers of everybody who is not an owner."""
    return {number for number, one in enumerate(one for batch in found for one in batch) if not one[2]}


@often
@given(batches, some, st.sampled_from([0, 5, 6]))
def test_no_figures_together_are_about_fewer_than_five_people(found, erased, floor):
    fewest = max(5, floor)
    found = [batch for batch in found if sum(not one[2] for one in batch) >= fewest]  # others are not published
    assert not isolates(shown(found, erased, floor), not_owners(found), fewest - 1)


of_two_roles = st.tuples(st.sampled_from("aaaaaaaau"), st.sampled_from(["hr", "sales"]), st.just(False))


@often
@given(st.lists(st.lists(of_two_roles, min_size=5, max_size=12), min_size=1, max_size=2), some)
def test_nor_where_groups_are_large_enough_to_be_shown(found, erased):
    assert not isolates(shown(found, erased, 5), not_owners(found), 4)


@often
@given(st.lists(st.lists(of_two_roles, min_size=5, max_size=8), min_size=3, max_size=3), some)
def test_nor_over_many_publications(found, erased):
    assert not isolates(shown(found, erased, 5), not_owners(found), 4)


with_owners = st.tuples(st.sampled_from("aaau"), st.just("hr"), st.booleans())


@often
@given(st.lists(st.lists(with_owners, min_size=8, max_size=12), min_size=2, max_size=2))
def test_nor_where_owners_answer_too(found):
    found = [batch for batch in found if sum(not one[2] for one in batch) >= 5]
    assert not isolates(shown(found, set(), 5), not_owners(found), 4)


# What is said of a question besides its mean -------------------------------------------------------------------------
LEVELS = {"low": Fraction(0), "middle": Fraction(50), "high": Fraction(100)}
LEVEL_CHOICES = tuple(Choice(name, worth) for name, worth in LEVELS.items())
TWO = tuple(Question(key, "single", Fraction(1), True, (), LEVEL_CHOICES) for key in ("a", "b"))
RULES = (Rule("a-without-b", (Condition("a", Fraction(75), None), Condition("b", None, Fraction(25)))),)
CONTRADICTED = Questionnaire("contradicted", 1, (Dimension("d", True, Fraction(1), TWO),), RULES)
says = st.sampled_from(["low", "high", "high", "middle", "n", "u"])
both = st.tuples(says, says) | st.sampled_from(
    [("high", "low"), ("high", "high"), ("high", "u")]
)  # mostly about the rule
whoever = st.builds(
    lambda said, *more: (*said, *more), both, st.sampled_from(["hr", "sales"]), st.sampled_from([False] * 4 + [True])
)


def told(batches, erased, floor):
    """What report.json says of each question, and of contradictions, after each publication."""
    before, everybody, publications = None, {}, []
    for batch in batches:
        new = {len(everybody) + place: leveled(*one) for place, one in enumerate(batch)}
        everybody |= new
        there = [one for number, one in everybody.items() if number in new or number not in erased]
        if before is None:
            before = score(CONTRADICTED, there, mode=Mode.CONFIDENTIAL, floor=floor)
        else:
            before = published_again(CONTRADICTED, before, there, new=list(new.values()), floor=floor)
        data = json.loads(json.dumps(report_data(CONTRADICTED, None, before, mode=Mode.CONFIDENTIAL)))["result"]
        publications.append(({found["key"]: found for found in data["questions"]}, data["contradictions"]))
    return publications


def leveled(one, other, role, owner):
    answers = {
        key: SILENT.get(said) or Answer(AnswerState.ANSWERED, (said,))
        for key, said in zip("ab", (one, other), strict=True)
    }
    return Response(role, answers, owner)


def answered(batch, *places) -> int:
    """How many of these people who are not owners chose an answer to all these questions."""
    return sum(not one[3] and all(one[place] in LEVELS for place in places) for one in batch)


def changes(batches, erased, floor) -> set[str]:
    """What of a shown question changed although fewer than the smallest group answered it anew, and what changed rightly."""
    fewest, found = max(5, floor), set()
    publications = told(batches, erased, floor)
    for batch, (then, rules), (now, new_rules) in zip(batches[1:], publications, publications[1:], strict=False):
        for place, key in enumerate("ab"):
            if then[key]["state"] == "scored" and then[key] != now[key]:
                word = "rightly" if answered(batch, place) >= fewest and now[key]["state"] == "scored" else "wrongly"
                found |= {f"{word}: {name}" for name in then[key] if then[key][name] != now[key][name]}
        if rules != new_rules:
            found.add("rightly: rules" if answered(batch, 0, 1) >= fewest else "wrongly: rules")
    return found


@often
@given(st.lists(st.lists(whoever, min_size=1, max_size=9), min_size=2, max_size=3), some, st.sampled_from([0, 5, 6]))
def test_nothing_said_of_a_shown_question_rests_on_fewer_than_five_new_people(found, erased, floor):
    found = [batch for batch in found if sum(not one[3] for one in batch) >= max(5, floor)]  # others are not published
    assert {change for change in changes(found, erased, floor) if change.startswith("wrongly")} == set()


def test_but_all_of_it_may_change_with_five():
    alike = [("high", "high", "hr", False)] * 5
    apart = [("low", "low", "hr", False)] * 5 + [("high", "low", "hr", False)] * 5
    assert {"rightly: score", "rightly: views_differ", "rightly: rules"} <= changes([alike, apart], set(), 5)
    silent = [("high", "low", "hr", False)] * 4 + [("u", "u", "hr", False)]
    assert changes([alike, silent], set(), 5) == set()
    assert changes([alike, [*silent[:4], ("high", "low", "hr", True)]], set(), 5) == set(), "an owner makes no fifth"
    nearly = [("high", "low", "hr", False)] * 4 + [("high", "high", "hr", False)]
    fifth = [("high", "low", "hr", False)] + [("high", "u", "hr", False)] * 4
    assert "wrongly: rules" not in changes([nearly, fifth], set(), 5)
    assert "rightly: rules" in changes([nearly, [*fifth, *nearly]], set(), 5)
