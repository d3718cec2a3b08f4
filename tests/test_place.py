"""Where a result stands, and what its plan does to the level: at every threshold, at both of its edges, held, or without one."""

from dataclasses import replace
from fractions import Fraction

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment import scoring
from assessment.content.structure import Text
from assessment.documents import drawings, pdf
from assessment.documents.facts import facts
from assessment.documents.overview import overview
from assessment.models.outline import Outline
from assessment.report.barometer import Standing
from assessment.report.effect import GapCount
from assessment.report.evidence import Criterion, Edition
from assessment.report.parts import Part, Voice
from assessment.report.place import Near, begins
from assessment.scoring import QuestionState
from assessment.scoring.levels import LEVEL_BOUNDS, level_of, shown
from assessment.scoring.levels_only import levels_only
from assessment.scoring.score import score as scored
from assessment.scoring.supposing import after_steps, steps_to_level, suppose
from assessment.wording import barometer, effect, leads, place, sentences
from tests import naive_scoring
from tests.claims_read import of_rule
from tests.factories import level, report_on
from tests.report_values import of_several
from tests.sampling import examples
from tests.scoring_cases import rounds
from tests.test_charts import texts

TITLES = ("Strategy", "Charter", "Training", "ROI tracking", "Social selling")
LEAST = Fraction(1, 10**9)

unhurried = settings(
    deadline=None, max_examples=examples(30), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def content(shipped):
    return shipped[0]


def at(content, *scores, possible=None):
    """A report of five dimensions with these scores (one for all, or five; None is not enough answers), its range at choice."""
    scores = [None if value is None else Fraction(value) for value in (scores if len(scores) > 1 else scores * 5)]
    told = report_on(content, level(3))
    parts = [
        replace(
            part,
            score=value,
            level=None if value is None else level_of(value),
            state=scoring.DimensionState.NOT_ENOUGH if value is None else part.state,
        )
        for part, value in zip(told.result.dimensions, scores, strict=True)
    ]
    whole = None if None in scores else sum(scores) / 5
    levels = [part.level for part in parts if part.level]
    by_score = None if whole is None else level_of(whole)
    number = None if whole is None else min(by_score, max(min(levels) + 1, by_score - 1))
    ends = scoring.Range(*map(Fraction, possible)) if possible else scoring.Range(whole, whole)
    result = replace(
        told.result,
        score=whole,
        level=number,
        level_by_score=by_score,
        held_by=tuple(part.key for part in parts if part.level == min(levels)) if number != by_score else (),
        range=ends,
        level_range=(level_of(ends.low), level_of(ends.high)),
        dimensions=tuple(parts),
    )
    names = {item.number: item for item in content.levels}
    dimensions = [
        replace(shown_part, score=part.score, state=part.state, level=names.get(part.level))
        for shown_part, part in zip(told.dimensions, parts, strict=True)
    ]
    return replace(told, result=result, level=names.get(number), dimensions=tuple(dimensions))


# At every threshold --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [2, 3, 4, 5])
def test_just_below_a_threshold_a_point_is_missing_and_on_it_none(content, number):
    threshold = LEVEL_BOUNDS[number - 1][0]
    for below in (LEAST, Fraction(1, 2), Fraction(1)):
        told = at(content, threshold - below)
        assert (told.place.level, told.place.near, told.place.near_level) == (number - 1, Near.BELOW, number)
        assert told.place.points >= 1
        assert place.near(told) == f"Just below level {number}."
        assert shown(told.result.score) + told.place.points == told.place.begins_at == begins(number)
    one_short = at(content, threshold - LEAST)
    assert place.distance(one_short) == f"1 more point to level {number}"
    for above in (0, LEAST, Fraction(1)):
        told = at(content, threshold + above)
        assert (told.place.level, told.place.near, told.place.near_level) == (number, Near.ABOVE, number)
        assert place.near(told) == f"Only just at level {number}."
    for off in (-1 - LEAST, 1 + LEAST):
        told = at(content, threshold + off)
        assert told.place.near is None
        assert place.near(told) == ""


@unhurried
@given(st.fractions(0, 100))
def test_a_level_is_reached_exactly_when_the_number_shown_is(value):
    assert level_of(value) == max(number for number in range(1, 6) if begins(number) <= shown(value))


def test_the_place_in_one_sentence(content):
    assert place.place(at(content, 46)) == "Level 3, Structured: 46 out of 100, 17 more points to level 4."
    assert place.place(at(content, 0)) == "Level 1, Initial: 0 out of 100, 13 more points to level 2."
    with translation.override("fr"):
        assert (
            place.place(at(content, 62)) == "Niveau 3, Structuré\u00a0: 62 sur 100, encore 1 point jusqu’au niveau 4."
        )


def test_at_level_5_there_is_no_distance(content):
    told = at(content, 94)
    assert (told.place.next_level, told.place.points, told.place.lifts) == (None, None, ())
    assert place.place_in_full(told) == "Level 5, Leading: 94 out of 100."


def test_the_next_level_takes_dimensions_that_do_not_lie_too_low(content):
    told = at(content, 59, 58, 25, 50, 35)
    assert [(lift.title.en, lift.level, lift.to, lift.points) for lift in told.place.lifts] == [
        ("Training", 2, 3, 13),
        ("Social selling", 2, 3, 3),
    ]
    assert place.condition(told) == "Level 4 also takes level 3 in Training and Social selling."
    assert place.condition(at(content, 50)) == ""


# In every form -------------------------------------------------------------------------------------------------------
EDGES = [edge - off for edge, _upper in LEVEL_BOUNDS[1:] for off in (LEAST, 0)]
PLACES = [(edge,) for edge in EDGES] + [
    (0,),
    (100,),
    (68, 11, 55, 63, 52),  # held at 2
    (100, 100, 100, 100, 37),  # held at 3, with a score of level 4
    (100, 100, 100, 100, Fraction(125, 2) - LEAST),  # held at 4, with a score of level 5
    (50, 50, 50, 50, None),
]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("scores", PLACES)
def test_words_picture_documents_and_data_state_the_same_level(content, scores, language):
    told = at(content, *scores, possible=(31, 68) if None in scores else None)
    found, held = told.place, bool(told.result.held_by)
    assert found.level == (told.result.level if told.result.level_stated else None)
    number = str(found.level) if found.level else "2–4"
    with translation.override(language):
        drawn = drawings.drawing(told, "rule")()
        pictured = dict(of_rule(drawn.encode(), content))
        first = {row[0]: row[1] for row in overview(told)}
        stated = first[translation.gettext("Level (1 to 5)")]
        head, one_page = pdf.whole(told)["head"], pdf.summary(told)["head"]
        fact = dict(zip(*list(facts(told))[:2], strict=True))
        assert pictured["level"] == number
        assert (str(stated.value) if found.level else stated) == number
        assert fact[translation.gettext("Level")] == stated
        assert head == one_page
        assert (head["place"], head["held"]) == (place.place_in_full(told), place.held(told))
        assert (f" {found.level} " in sentences.opening(told)) is bool(found.level)
        assert held is found.is_held is ("<pattern" in drawn and bool(found.level)) is bool(head["held"])
        assert held is (translation.gettext("Held back by") in first)
        if found.level:
            assert pictured["score"] == str(first[translation.gettext("Score (0 to 100)")].value)
            assert place.distance(told) in " ".join(texts(drawn)) or not place.distance(told)
            assert place.held_at(told) in head["rule"]


# Held ----------------------------------------------------------------------------------------------------------------
def test_a_held_level_says_which_dimensions_have_to_rise_and_how_far(content):
    told = at(content, 68, 11, 55, 63, 52)
    found = told.place
    assert (found.level, found.by_score, found.is_held, found.next_level) == (2, 3, True, 3)
    assert (found.points, found.begins_at, found.near) == (None, None, None)
    assert [(lift.title.en, lift.to, lift.points) for lift in found.lifts] == [("Charter", 2, 2)]
    assert place.place(told) == "Level 2, Emerging: 50 out of 100, a score of level 3, held at 2."
    assert place.held(told) == (
        "Held at level 2 by Charter, still at level 1. Once Charter reaches level 2, the whole is at level 3."
    )


def test_a_dimension_that_does_not_hold_it_but_lies_too_low_has_to_rise_as_well(content):
    told = at(content, 100, 100, 100, 0, 20)
    assert [title.en for title in told.place.held_by] == ["ROI tracking"]
    assert "Once ROI tracking and Social selling reach level 3" in place.held(told)


@unhurried
@given(st.lists(st.integers(0, 400).map(lambda quarter: Fraction(quarter, 4)), min_size=5, max_size=5))
def test_raising_those_dimensions_to_that_level_gives_the_next_level(shipped, scores):
    with translation.override("en"):
        told = at(shipped[0], *scores)
    found = told.place
    if found.is_held:
        need = {str(lift.title): LEVEL_BOUNDS[lift.to - 1][0] for lift in found.lifts}
        then = at(shipped[0], *(max(value, need.get(title, 0)) for title, value in zip(TITLES, scores, strict=True)))
        assert then.place.level == found.next_level
        for title in need:
            rest = need | {title: 0}
            short = at(shipped[0], *(max(v, rest.get(name, 0)) for name, v in zip(TITLES, scores, strict=True)))
            # Unless raising the others lifts the score itself into a higher band, which is then held one below.
            assert short.place.level == found.level or short.place.by_score > found.by_score


# Without a level -----------------------------------------------------------------------------------------------------
def test_without_a_level_the_range_and_what_is_missing_are_said(content):
    told = at(content, 50, 50, 50, 50, None, possible=(31, 68))
    assert (told.place.level, told.place.possible, told.place.points) == (None, (2, 4), None)
    assert place.place_in_full(told) == (
        "Level 2 to 4: the score lies between 31 and 68. Too few answers in Social selling."
    )
    wide = replace(at(content, 50, possible=(31, 68)), answered=(24, 36))
    assert place.place_in_full(wide) == ("Level 2 to 4: the score lies between 31 and 68. 12 questions have no score.")
    narrow = at(content, 50, 50, 50, 50, None, possible=(40, 60))
    assert place.place(narrow).startswith("No level yet. The answers given point to level 3: a score from 40 to 60.")
    few = report_on(content, level(3), left_out=("training", "roi", "social-selling"))
    assert place.missing(few) == "Fewer than three dimensions apply."
    nothing = report_on(content, level(3), left_out=tuple(part.key for part in content.dimensions if part.scored))
    assert place.place_in_full(nothing) == "No level: no question applies."
    for told in (wide, few, nothing):
        assert place.held(told) == place.near(told) == place.condition(told) == place.distance(told) == ""


# The two ends --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("scores", "told"),
    [
        ((59, 58, 25, 50, 35), "Strongest: Strategy. Weakest: Training."),
        ((59, "58.5", 25, 25, 35), "Strongest: Strategy and Charter. Weakest: Training and ROI tracking."),
        ((50,), "All your dimensions with a score stand at 50."),
        ((None, None, 40, None, None), "Only Training has a score."),
        ((None,), ""),
    ],
)
def test_the_strongest_and_the_weakest_are_named_and_ties_name_both(content, scores, told):
    assert place.ends(at(content, *scores, possible=(0, 100))) == told


# What the plan does --------------------------------------------------------------------------------------------------
def gap(content):
    """An edition with one gap for each finding that questions carry, in the order of the questionnaire."""
    keys = dict.fromkeys(
        key for part in content.dimensions if part.scored for question in part.questions for key in question.findings
    )
    criteria = tuple(Criterion(key, "gap", Text(f"Gap {key}", key), Text("", ""), "strategy", "read") for key in keys)
    return Edition(2017, Text("B", "B"), "P", Text("2017", "2017"), None, Text("w", "w"), False, criteria)


def test_all_steps_are_told_with_what_they_do_to_the_level(content):
    told = report_on(content, level(3))
    assert effect.effect(told) == (
        f"All five steps: 50 to {shown(told.effect.after.score)}, still level 3; level 4 begins at 63."
    )
    assert told.effect.enough is None
    assert effect.enough(told) == ""


@pytest.mark.parametrize(
    ("levels", "count", "was"), [((1, 1, 1, 2, 2), 2, 1), ((2, 2, 2, 2, 4), 3, 2), ((1, 1, 2, 4, 4), 4, 2)]
)
def test_the_first_steps_that_suffice_are_told(content, levels, count, was):
    """Dimensions at these levels; one step less leaves the level as it is."""
    of = {question.key: place for place, part in enumerate(content.dimensions[:5]) for question in part.questions}
    told = report_on(
        content, lambda question: level(levels[of[question.key]])(question) if question.key in of else None
    )
    found, asked = told.effect, Outline(0, 1, content, {}).scoring
    assert (found.before.level, found.enough, found.enough_level) == (was, count, was + 1)
    assert after_steps(asked, told.result, count - 1).level == was
    assert after_steps(asked, told.result, count).level == was + 1
    words = {2: "two", 3: "three", 4: "four"}[count]
    assert effect.effect(told).endswith(f"The first {words} steps suffice for level {was + 1}.")


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "The first step alone suffices for level 3."),
        (2, "The first two steps suffice for level 3."),
        (3, "The first three steps suffice for level 3."),
        (4, "The first four steps suffice for level 3."),
        (5, ""),
    ],
)
def test_steps_are_counted_in_words(content, count, words):
    told = report_on(content, level(3))
    found = replace(
        told.effect, enough=count, enough_level=3, before=at(content, 37).place, after=at(content, 40).place
    )
    told = replace(told, find_effect=lambda: found)
    assert effect.effect(told) == f"All five steps: 37 to 40, and level 2 to 3. {words}".strip()
    with translation.override("fr"):
        assert effect.effect(told).startswith("Les cinq étapes\u00a0: de 37 à 40, et du niveau 2 au niveau 3.")


@pytest.mark.parametrize(
    ("steps", "words"), [(1, "This one step"), (2, "Both steps"), (3, "All three steps"), (4, "All four steps")]
)
def test_fewer_steps_are_counted_in_words(content, steps, words):
    told = report_on(content, level(3))
    found = replace(told.effect, steps=steps, before=at(content, 70).place, after=at(content, 72).place)
    assert (
        effect.effect(replace(told, find_effect=lambda: found))
        == f"{words}: 70 to 72, still level 4; level 5 begins at 88."
    )


def test_a_level_that_stays_held_or_is_the_highest_is_told_as_it_is(content):
    told = report_on(content, level(3))
    held = replace(
        told.effect, before=at(content, 68, 0, 55, 63, 52).place, after=at(content, 68, 11, 55, 63, 52).place
    )
    assert (
        effect.effect(replace(told, find_effect=lambda: held))
        == "All five steps: 48 to 50, still level 2, held by Charter."
    )
    rises = replace(held, after=at(content, 100, 10, 100, 100, 30).place)
    assert (
        effect.effect(replace(told, find_effect=lambda: rises))
        == "All five steps: 48 to 68, and level 2 to 3, held there by Charter."
    )
    best = replace(told.effect, before=at(content, 90).place, after=at(content, 94).place)
    assert effect.effect(replace(told, find_effect=lambda: best)) == "All five steps: 90 to 94, still level 5."
    less = replace(told.effect, before=at(content, 50).place, after=at(content, "50.4").place)
    assert effect.effect(replace(told, find_effect=lambda: less)).startswith(
        "All five steps: less than one point, still 50, still"
    )


def test_without_a_level_or_a_score_nothing_is_said_of_the_level(content):
    told = report_on(content, level(3))
    unsure = at(content, 50, possible=(31, 68)).place
    found = replace(told.effect, before=unsure, after=replace(unsure, score=Fraction(55)))
    assert effect.effect(replace(told, find_effect=lambda: found)) == "All five steps: 50 to 55."
    known = {question.key for part in content.dimensions[:3] for question in part.questions}
    some = report_on(content, lambda q: level(3)(q) if q.key in known else "unknown")
    assert some.plan
    assert (effect.effect(some), effect.enough(some)) == ("", "")
    assert report_on(content, level(5)).effect is None
    assert effect.effect(report_on(content, level(5))) == ""


def test_the_steps_say_what_they_do_to_gaps(content):
    edition = gap(content)
    told = report_on(content, level(1), barometer=(edition,))
    before, after = told.effect.gaps_before, told.effect.gaps_after
    assert before == told.gap_count == GapCount(0, 0, len(edition.criteria), 0)
    assert after.applicable == before.applicable
    moves = {move.part.criterion.key: move.after for move in told.effect.moves}
    then = {step.question for step in told.result.plan}
    assert moves
    for part in told.gaps:
        up = [question.key in then for question in part.questions]
        expected = Standing.REACHED if all(up) else Standing.PARTLY if any(up) else Standing.NOT_YET
        assert moves.get(part.criterion.key, Standing.NOT_YET) == expected
    first = told.effect.moves[0]
    words = {Standing.REACHED: "closed", Standing.PARTLY: "partly closed"}[first.after]
    assert effect.effect_moves(told)[0] == f"{first.part.criterion.title}: from still open to {words}"
    if after.closed:
        assert effect.effect_gaps(told) == f"{after.closed} of {before.applicable} gaps closed instead of 0."


@pytest.mark.parametrize(("count", "shown_ones", "more"), [(3, 3, 0), (4, 4, 0), (5, 3, 2), (9, 3, 6)])
def test_the_forms_that_name_few_moves_say_how_many_more_there_are(content, count, shown_ones, more):
    told = report_on(content, level(1), barometer=(gap(content),))
    (move, *_rest) = told.effect.moves
    titled = [replace(move.part.criterion, title=Text(f"point {n}", f"point {n}")) for n in range(count)]
    moves = tuple(replace(move, part=replace(move.part, criterion=criterion)) for criterion in titled)
    effect_then = replace(told.effect, moves=moves)
    told = replace(told, find_effect=lambda: effect_then)
    every, first = effect.effect_moves(told), effect.first_moves(told)
    assert len(every) == count == shown_ones + more
    assert first == [*every[:shown_ones], *([f"and {more} more"] if more else [])]
    laid_out = pdf.plan(told)["moves"]
    assert [text.lower() for text in laid_out["items"]] == [text.lower() for text in every]
    assert [text.lower() for text in laid_out["first"]] == [text.lower() for text in first]


def test_what_may_not_be_seen_of_the_barometer_is_not_told_of_the_plan_either(content):
    for hidden in (Part.BAROMETER, Part.ANSWERS):
        told = report_on(content, level(1), barometer=(gap(content),), shows=frozenset(Part) - {hidden})
        assert (told.effect.moves, told.effect.gaps_before, told.effect.gaps_after) == ((), None, None)
        assert effect.effect_moves(told) == []
        assert effect.effect_gaps(told) == ""
    without = report_on(content, level(1), barometer=(gap(content),), shows=frozenset(Part) - {Part.PLAN})
    assert without.effect is None


def test_gaps_are_counted_in_a_heading_and_a_legend(content):
    told = report_on(content, level(1), barometer=(gap(content),))
    number = len(told.gaps)
    assert barometer.gaps_title(told) == f"0 of {number} gaps closed"
    assert barometer.gap_legend(told) == [f"{number} still open"]
    assert barometer.gaps_left(told).startswith("Still open: Gap ")
    done = report_on(content, level(5), barometer=(gap(content),))
    assert barometer.gap_legend(done) == [f"{number} closed"]
    assert barometer.gaps_left(done) == ""
    halved = report_on(content, level(3), barometer=(gap(content),))
    assert barometer.gap_legend(halved) == [f"{number} closed"]
    assert (
        barometer.gaps_left(halved)
        == "Half the points are enough to close a gap; a dimension’s score counts all of them."
    )
    assert barometer.gaps_title(report_on(content, level(5))) == ""


def test_what_is_left_of_the_gaps_is_called_as_the_legend_and_the_table_call_it(content):
    first = next(part.questions[0].key for part in gap_parts(content) if len(part.questions) > 1)
    some = report_on(content, lambda q: level(5 if q.key == first else 1)(q), barometer=(gap(content),))
    assert some.gap_count.open
    assert barometer.gaps_left(some).startswith("Still open: ")
    partly = {part.questions[0].key for part in gap_parts(content)}
    told = report_on(content, lambda q: level(5 if q.key in partly else 1)(q), barometer=(gap(content),))
    assert not told.gap_count.open
    for language, word in (("en", "Partly closed"), ("fr", "En partie comblée")):
        with translation.override(language):
            found = next(part for part in told.gaps if part.standing == Standing.PARTLY)
            assert barometer.stands(found) == word
            assert f" {word}" in f" {barometer.gaps_left(told)}"


def gap_parts(content):
    return report_on(content, level(1), barometer=(gap(content),)).gaps


def test_gains_that_do_not_make_the_difference_are_said_to_be_rounded(content):
    told = of_several(content, [2, 3, 3, 3, 4], scoring.Mode.CONFIDENTIAL)
    steps = tuple(replace(step, gain=Fraction(1), score_after=Fraction(53)) for step in told.plan)
    found = replace(told.effect or report_on(content, level(3)).effect, before=at(content, "51.6").place)
    exact = replace(told, plan=steps, find_effect=lambda: replace(found, after=at(content, "56.4").place))
    assert len(exact.plan) == 5
    assert effect.effect(exact).startswith("All five steps: 52 to 56, still level 3")
    assert effect.effect(exact).endswith(" Gains and scores are rounded each for itself: they need not add up exactly.")
    assert effect.effect(exact) in leads.plan_lead(exact)
    assert effect.effect(exact) in pdf.plan(exact)["lead"]
    even = replace(told, plan=steps, find_effect=lambda: replace(found, after=at(content, "56.6").place))
    assert "rounded" not in effect.effect(even)
    short = (*steps[:4], replace(steps[4], score_after=Fraction("52.4")))  # +1, and the score as before
    assert "rounded" in effect.effect(replace(even, plan=short))


def naive_level(asked, responses, mode, reached):
    """Score, level and whether it is stated, when questions reach these choices; worked out anew from the first rule on."""
    dimensions = [part for part in asked.dimensions if part.scored]
    outcomes = {
        question.key: naive_scoring.question_outcome(question, responses, mode, 5)
        for part in dimensions
        for question in part.questions
    }
    for part in dimensions:
        for question in part.questions:
            if question.key in reached:
                points = next(choice.points for choice in question.choices if choice.key == reached[question.key])
                outcomes[question.key] = ("scored", points)
    overall = naive_scoring.overall(dimensions, outcomes)
    ends = naive_scoring.ends(naive_scoring.mean_of_scored, dimensions, outcomes)
    found = naive_scoring.levels(dimensions, outcomes, overall)["level"]
    low, high = map(naive_scoring.level, ends) if ends else (1, 5)
    return overall, found, found is not None and high - low <= 1


@unhurried
@given(rounds(fewest=3, often=[12, 1, 1, 0]))
def test_the_level_after_the_steps_and_how_many_suffice_are_those_of_a_naive_reading(case):
    asked, responses, mode = case
    result = scored(asked, responses, mode=mode)
    steps = [(step.question, step.to) for step in result.plan]
    read = [naive_level(asked, responses, mode, dict(steps[:count])) for count in range(len(steps) + 1)]
    for count, (overall, number, stated) in enumerate(read):
        then = after_steps(asked, result, count)
        assert (then.score, then.level, then.level_stated) == (overall, number, stated)
    then = after_steps(asked, result, len(steps))
    enough = None
    if read[0][2] and read[-1][2] and read[0][1] != read[-1][1]:
        enough = next((count, told[1]) for count, told in enumerate(read) if told[2] and told[1] != read[0][1])
    assert steps_to_level(asked, result, then) == enough


@unhurried
@given(rounds(fewest=3, often=[12, 1, 1, 0]))
def test_some_steps_taken_are_what_supposing_them_gives(case):
    """The short way through leaves out the next plan, and nothing else; also where of a question only the level is shown."""
    asked, responses, mode = case
    for result in (scored(asked, responses, mode=mode), levels_only(asked, scored(asked, responses, mode=mode))):
        steps = {step.question: step.to for step in result.plan}
        then, whole = after_steps(asked, result, len(steps)), suppose(asked, result, steps)
        for name in (
            "score",
            "level",
            "level_by_score",
            "held_by",
            "range",
            "level_range",
            "dimensions",
            "levels_only",
        ):
            assert getattr(then, name) == getattr(whole, name)
        assert [q.score for q in then.questions] == [q.score for q in whole.questions]


# By whose answers ----------------------------------------------------------------------------------------------------
def test_one_of_several_does_not_speak_for_the_organisation(content):
    for told in (
        report_on(content, level(3)),
        report_on(content, lambda question: None),
        at(content, 50, possible=(31, 68)),
    ):
        for voice, by in ((Voice.YOURS, "By your answers, "), (Voice.ONE_PERSON, "By one person’s answers, ")):
            own = replace(told, subject=replace(told.subject, voice=voice))
            assert sentences.opening(own).startswith(by)
            assert "Maison Dupont" not in sentences.opening(own)
            assert by.rstrip(", ").lower() in sentences.report_title(own).lower()
            assert sentences.report_title(own).endswith(": Maison Dupont")
    with translation.override("fr"):
        assert sentences.opening(own).startswith("D’après les réponses d’une personne, ")


def test_the_mean_of_several_lies_between_two_statements(content):
    told = of_several(content, [3, 3, 2], scoring.Mode.OPEN)
    question = told.dimensions[0].questions[0]
    choices = content.dimensions[0].questions[0].choices
    assert question.state == QuestionState.SCORED
    assert sentences.answer(question) == (
        f"Average answer: between “{choices[1].text.en}” and “{choices[2].text.en}” (41.7)"
    )
    same = of_several(content, [3, 3, 3], scoring.Mode.OPEN).dimensions[0].questions[0]
    assert sentences.answer(same) == f"Average answer: “{choices[2].text.en}” (50)"


def test_an_answer_that_says_nothing_by_itself_is_told_with_its_question(content):
    part = report_on(content, level(1)).dimensions[0]
    bare = tuple(replace(question, is_statement=False) for question in part.weak)
    question = content.dimensions[0].questions[0]
    assert question.text.en in sentences.brake(replace(part, weak=bare))
    assert question.text.en not in sentences.brake(part)


def test_a_dimension_says_whether_everything_is_answered(content):
    part = report_on(content, level(3)).dimensions[0]
    assert leads.covered(part) == "Every question is answered"
    assert leads.covered(replace(part, coverage=Fraction(3, 4))) == "75% of the weight has an answer"
    assert leads.covered(replace(part, coverage=None)) == ""
