"""The sentences of a report at the edges of what they say."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

from assessment.content.files import organisation_lists
from assessment.content.structure import Text
from assessment.models.outline import Outline
from assessment.report.evidence import Reference
from assessment.report.parts import WHOLE, Part
from assessment.report.question import Given
from assessment.scoring.comparison import DimensionChange
from assessment.scoring.supposing import suppose
from assessment.wording import effect, figures, leads, numbers, place, sentences
from tests.factories import changed_question, chosen, level, report_on
from tests.test_report_values import ALL, picks

WHY = Text("because", "parce que")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def content(shipped):
    return shipped[0]


def test_names_are_listed_as_one_reads_them_aloud():
    assert [numbers.listed("abc"[:number]) for number in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert numbers.listed([Text("one", "un"), Text("two", "deux")]) == "one and two"


@pytest.mark.parametrize(
    ("score", "shown"),
    [
        (None, "–"),
        (Fraction(0), "0"),
        (Fraction(1, 1000), "1"),
        (Fraction(99, 2), "50"),
        (Fraction(9999, 100), "99"),
        (Fraction(100), "100"),
    ],
)
def test_a_score_is_whole_and_0_and_100_are_kept_for_themselves(score, shown):
    assert numbers.whole(score) == shown


@pytest.mark.parametrize(
    ("number", "places", "english", "french"),
    [
        (Fraction(21, 5), 1, "4.2", "4,2"),
        (Fraction(1, 20), 1, "0.1", "0,1"),  # half up, where Python's round() gives 0.0
        (Fraction(25, 100), 1, "0.3", "0,3"),
        (Fraction(1, 3), 2, "0.33", "0,33"),
        (Fraction(5, 2), 0, "3", "3"),
        (Fraction(100), 1, "100.0", "100,0"),
        (Fraction(0), 1, "0.0", "0,0"),
        (Fraction(12345), 1, "12345.0", "12345,0"),
    ],
)
def test_decimals_are_in_the_form_of_the_reader(number, places, english, french):
    assert numbers.decimal(number, places) == english
    with translation.override("fr"):
        assert numbers.decimal(number, places) == french


def test_points_have_decimals_only_where_they_say_something():
    assert [numbers.points(Fraction(text)) for text in ("3", "75", "1/2", "100/3")] == ["3", "75", "0.5", "33.3"]
    with translation.override("fr"):
        assert numbers.points(Fraction(1, 2)) == "0,5"


@pytest.mark.parametrize(
    ("number", "shown"),
    [("21/5", "+4.2"), ("1/20", "+0.1"), ("49/1000", "less than +0.1"), ("1/1000", "less than +0.1"), ("0", "+0.0")],
)
def test_a_gain_that_is_something_is_never_shown_as_nothing(number, shown):
    assert numbers.gain(Fraction(number)) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(None, "–"), ("0", "0%"), ("1/1000", "1%"), ("2/3", "67%"), ("999/1000", "99%"), ("1", "100%")]
)
def test_a_percentage_is_100_only_for_all_and_0_only_for_none(share, shown):
    assert numbers.percent(None if share is None else Fraction(share)) == shown


def test_efforts_and_roles_have_names_and_unknown_ones_do_not_fail():
    assert [numbers.effort(key) for key in ("S", "M", "L", "", None)] == ["small", "medium", "large", "", ""]
    role = organisation_lists().roles[0]
    assert (numbers.role(role.key), numbers.role("of-old")) == (role.text.en, "of-old")
    with translation.override("fr"):
        assert numbers.role(role.key) == role.text.fr


def test_a_report_opens_with_level_and_score(content):
    told = report_on(content, level(3))
    name = content.levels[2].name.en
    assert sentences.opening(told) == f"Maison Dupont is at level 3 of 5, “{name}”, with 50 points out of 100."


def test_a_report_on_part_of_the_answers_opens_with_the_levels_it_may_be(content):
    said = picks(content, **ALL)
    for part in content.dimensions[:5]:
        for question in part.questions[len(part.questions) * 2 // 3 :]:
            del said[question.key]
    told = report_on(content, chosen(said))
    assert told.result.score == 50
    low, high = told.result.level_range
    assert high - low > 1
    assert sentences.opening(told) == (
        f"Maison Dupont is somewhere between level {low} and level {high}: its score of 50 out of 100 rests on only part "
        "of the answers."
    )
    assert place.held(told) == ""


def test_without_a_score_the_opening_says_why(content):
    some = report_on(content, chosen(picks(content, strategy=3, charter=3, training=3)))
    assert sentences.opening(some) == (
        "There is no overall score for Maison Dupont yet: too few questions are answered in "
        f"{content.dimensions[3].title.en} and {content.dimensions[4].title.en}."
    )
    few = report_on(content, level(3), left_out=("training", "roi", "social-selling"))
    assert sentences.opening(few) == (
        "There is no overall score for Maison Dupont: fewer than three dimensions apply to it."
    )
    none = report_on(content, level(3), left_out=tuple(part.key for part in content.dimensions if part.scored))
    assert sentences.opening(none) == sentences.opening(few)


def test_a_name_with_signs_of_a_template_is_told_as_it_is(content):
    told = report_on(content, level(3))
    told = replace(told, subject=replace(told.subject, organisation="100 %(name)s {x} $&"))
    assert sentences.opening(told).startswith("100 %(name)s {x} $& is at level 3")


@pytest.mark.parametrize(("weak", "verb"), [(1, "reaches"), (2, "reach")])
def test_what_holds_the_level_is_named(content, weak, verb):
    levels = dict.fromkeys(ALL, 5) | dict.fromkeys(list(ALL)[:weak], 1)
    told = report_on(content, chosen(picks(content, **levels)))
    titles = " and ".join(part.title.en for part in content.dimensions[:weak])
    assert len(told.held_by) == weak
    by_score, at = told.result.level_by_score, told.result.level
    assert place.held(told) == (
        f"Held at level {at} by {titles}, still at level 1. Once {titles} {verb} level {at}, the whole is at level {by_score}."
    )


def test_nothing_is_held_where_the_level_is_that_of_the_score(content):
    assert place.held(report_on(content, level(3))) == ""
    assert place.held(report_on(content, lambda question: None)) == ""


def test_certainty_says_what_the_score_rests_on(content):
    assert sentences.certainty(report_on(content, level(3))) == ("Complete score: 36 answers out of 36.")
    said = picks(content, **ALL)
    del said[content.dimensions[0].questions[0].key]
    told = report_on(content, chosen(said))
    low, high = numbers.whole(told.result.range.low), numbers.whole(told.result.range.high)
    assert sentences.certainty(told) == (
        f"35 of 36 questions have a score. Depending on the missing answers, the score lies between {low} and {high}."
    )
    nothing = report_on(content, lambda question: None)
    assert sentences.certainty(nothing).startswith("0 of 36 questions have a score.")
    assert sentences.certainty(nothing).endswith("between 0 and 100.")


def test_certainty_does_not_speak_of_a_score_that_there_is_not(content):
    few = report_on(content, level(3), left_out=("training", "roi", "social-selling"))
    assert few.result.score is None
    assert sentences.certainty(few) == "All applicable questions are answered."
    every = tuple(part.key for part in content.dimensions if part.scored)
    assert sentences.certainty(report_on(content, level(3), left_out=every)) == (
        "No question applies to this organisation."
    )


def test_why_there_is_no_score(content):
    told = report_on(content, chosen(picks(content, strategy=3)), left_out=("charter",))
    states = [sentences.state(part) for part in told.dimensions[:3]]
    assert states == ["", "not applicable", "not enough answers"]
    assert [sentences.state(part.questions[0]) for part in told.dimensions[:3]] == ["", "not applicable", "no answer"]


def test_an_answer_is_told_in_words(content):
    first, second, third, fourth = content.dimensions[0].questions[:4]
    said = {first.key: first.choices[0].key, second.key: "unknown"}
    questions = report_on(content, chosen(said)).dimensions[0].questions
    assert [sentences.answer(part) for part in questions[:3]] == [first.choices[0].text.en, "I don’t know", "No answer"]
    cleared = replace(questions[3], given=Given("empty", (), "a note"))
    assert (cleared.key, sentences.answer(cleared)) == (fourth.key, "No answer")
    left_out = report_on(content, chosen(said), left_out=("strategy",)).dimensions[0].questions[0]
    assert sentences.answer(left_out) == "Not applicable"
    with translation.override("fr"):
        assert sentences.answer(questions[0]) == first.choices[0].text.fr
    assert third.key not in said


def test_a_dimension_is_summed_up_in_one_sentence(content):
    def told(choose, **options):
        return sentences.dimension(report_on(content, choose, **options).dimensions[0])

    keys = [question.key for question in content.dimensions[0].questions]
    choices = {question.key: question.choices for question in content.dimensions[0].questions}

    def mixed(weak):
        return chosen({key: choices[key][0 if place < weak else -1].key for place, key in enumerate(keys)})

    assert told(level(3), left_out=("strategy",)).startswith("This dimension does not apply")
    assert told(lambda question: None).startswith("Fewer than half of these questions")
    first, last = (
        str(question.choices[place].text)
        for question, place in ((content.dimensions[0].questions[0], 0), (content.dimensions[0].questions[1], -1))
    )
    assert told(level(3)) == "No weak point in this dimension, and no strong one."
    strongest = content.dimensions[0].questions[0].choices[3].text
    assert told(level(4)) == f"No weak point in this dimension. Strong: “{strongest}”."
    assert told(level(5)) == "Every answer here is at the top."
    assert told(mixed(1)) == f"Held back by “{first}”. Strong: “{last}”."
    assert told(level(1)) == f"Held back by “{first}”. Every answer here is weak."


def test_the_weight_of_the_weakest_answers_is_a_share_of_what_applies(content):
    asked = content.dimensions[0].questions
    same = content
    for question in asked:
        same = changed_question(same, question.key, weight=Decimal(1), allows_not_applicable=True)
    said = {question.key: question.choices[0].key for question in asked[:3]}
    said |= {question.key: "not-applicable" for question in asked[3:]}
    part = report_on(same, chosen(said)).dimensions[0]
    assert sentences.dimension(part).endswith(". Every answer here is weak.")


def test_a_reference_is_our_reading_and_where_nothing_was_found_it_says_so():
    assert sentences.reference(Reference(2016, 2, WHY)) == "Barometer 2016: level 2, our editorial reading."
    assert sentences.reference(Reference(2017, None, WHY)) == "Barometer 2017: no finding."


def test_the_profile_tells_what_the_charts_show(content):
    references = {
        "strategy": [Reference(2016, 2, WHY), Reference(2017, None, WHY)],
        "roi": [Reference(2016, None, WHY), Reference(2017, None, WHY)],
    }
    told = report_on(content, chosen(picks(content, strategy=3)), left_out=("charter",), references=references)
    titles = [part.title.en for part in content.dimensions[:5]]
    assert figures.profile(told) == (
        f"Score by dimension, from 0 to 100. {titles[0]}: 50; {titles[1]}: not applicable; "
        f"{titles[2]}: not enough answers; {titles[3]}: not enough answers; {titles[4]}: not enough answers. "
        f"Barometer 2016, our reading: {titles[0]}: level 2."
    )


def test_the_profile_tells_the_earlier_round_where_it_had_a_score(content):
    before = report_on(content, chosen(picks(content, strategy=2))).result
    told = report_on(content, level(3), before=(content, before))
    assert figures.profile(told).endswith(f" Earlier round: {content.dimensions[0].title.en}: 25.")
    empty = report_on(content, lambda question: None).result
    assert "Earlier" not in figures.profile(report_on(content, level(3), before=(content, empty)))


def test_the_bars_tell_score_and_range(content):
    told = report_on(content, chosen(picks(content, strategy=3)), left_out=("charter",))
    titles = [part.title.en for part in content.dimensions[:5]]
    text = figures.bars(told)
    assert f"{titles[0]}: 50, possible from 50 to 50;" in text
    assert f"{titles[1]}: not applicable;" in text
    assert text.endswith(f"{titles[4]}: not enough answers, possible from 0 to 100.")


def test_the_rule_is_told_with_and_without_a_score(content):
    assert figures.rule(report_on(content, level(3))) == (
        "Level 3 of 5, Structured. From 0 to 100: score 50, possible from 50 to 50."
    )
    assert figures.rule(report_on(content, lambda question: None)) == (
        "From 0 to 100: the score could be anything from 0 to 100."
    )
    every = tuple(part.key for part in content.dimensions if part.scored)
    assert figures.rule(report_on(content, level(3), left_out=every)) == "No score."


def test_the_plan_says_what_its_gains_are(content):
    assert sentences.plan(report_on(content, level(3))) == (
        "The weakest dimensions come first. Each gain is the effect of this one step alone on the overall score."
    )
    some = report_on(content, chosen(picks(content, strategy=2)))
    assert some.result.plan_on_mean
    assert sentences.plan(some).startswith("Each gain is the effect of this one step on the mean of the dimensions")
    for without in (level(5), lambda question: None):
        assert sentences.plan(report_on(content, without)).startswith("There is no next step to propose")


def test_gains_add_up_and_are_said_to(content):
    told = report_on(content, level(2))
    asked = Outline(0, 1, content, {}).scoring
    together = suppose(asked, told.result, {step.question: step.to for step in told.result.plan})
    assert sum(step.gain for step in told.plan) == together.score - told.result.score
    assert figures.gains_note(told) == "Points that each step adds to the overall score."
    some = report_on(content, chosen(picks(content, strategy=2)))
    assert figures.gains_note(some) == "Points that each step adds to the mean of the dimensions that have a score."


def test_the_version_of_the_questionnaire_is_said_in_one_way(content):
    whole = report_on(content, level(3))
    hidden = replace(whole, shows=WHOLE - {Part.ANSWERS})
    for language, version in (("en", "Questionnaire version 1. "), ("fr", "Version 1 du questionnaire. ")):
        with translation.override(language):
            assert {leads.checking(told).startswith(version) for told in (whole, hidden)} == {True}
            assert leads.checking(whole) != leads.checking(hidden)


def change(before, after, *, shared=3, broken=False) -> str:
    then, now = Fraction(before), Fraction(after)
    moved = DimensionChange("roi", then, now, now - then, broken=broken, shared=shared)
    part = type("Part", (), {"before": moved})
    return sentences.change(part)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [("50", "75", "+25"), ("75", "50", "−25"), ("50", "50", "0"), ("50", "101/2", "+1"), ("44/3", "14", "−1")],
)
def test_a_change_is_the_difference_of_the_whole_scores_beside_it(before, after, shown):
    assert change(before, after) == shown


def test_a_change_across_a_break_says_on_what_it_rests():
    assert change("50", "60", broken=True, shared=1) == "+10, on the one question both versions share"
    assert change("60", "50", broken=True, shared=4) == "−10, on the 4 questions both versions share"


def test_without_anything_to_compare_a_change_says_so():
    nothing = DimensionChange("roi", None, Fraction(50), None, broken=False, shared=3)
    assert sentences.change(type("Part", (), {"before": nothing})) == "no comparison"
    assert sentences.change(type("Part", (), {"before": None})) == "no comparison"


def test_a_step_says_where_it_leads(content):
    step = report_on(content, level(1)).plan[0]
    assert sentences.step(step) == f"score {numbers.decimal(step.score_after)} afterwards"


def test_every_sentence_can_be_said_in_french_about_every_kind_of_report(content):
    """Whatever the translations are, their placeholders must fit."""
    with translation.override("fr"):
        for choose in (level(1), level(3), level(5), lambda question: None, chosen(picks(content, strategy=2))):
            for left_out in ((), ("charter",), ("training", "roi", "social-selling")):
                told = report_on(content, choose, left_out=left_out)
                of_report = [
                    sentences.opening,
                    place.held,
                    place.place_in_full,
                    place.ends,
                    effect.effect,
                    leads.plan_lead,
                    sentences.certainty,
                    sentences.plan,
                ]
                of_charts = [figures.profile, figures.bars, figures.rule]
                said = [tell(told) for tell in (*of_report, *of_charts)]
                said += [sentences.dimension(part) for part in told.dimensions]
                said += [sentences.answer(question) for part in told.dimensions for question in part.questions]
                assert not [text for text in said if "%(" in text]
