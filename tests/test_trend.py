"""The trend over the rounds of an organisation: values, chart, sentences, and the address of the chart."""

import itertools
import math
import re
from datetime import timedelta
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from assessment.authoring.publication import publish
from assessment.charts.style import PALETTE
from assessment.charts.trend import Panel, _places, trend
from assessment.models import Questionnaire
from assessment.models.outline import outline
from assessment.organisations.trend import results_of, trend_of
from assessment.report.trend import Change
from assessment.wording import trend as wording_trend
from tests import drawn, factories
from tests.test_charts import HOSTILE, marks, texts

ROUNDS = ["Nov. 2024", "Nov. 2025", "Nov. 2026"]
DAYS = [0, 365, 730]
YEAR = timedelta(days=365)


def panel(*values, label="Stratégie", breaks=()):
    return Panel(label, values, breaks or (False,) * len(values))


def line_runs(svg, scheme="light"):
    """How many strokes the line of the scores has."""
    drawn = re.findall(rf'<path d="([^"]*)"[^>]*stroke: {PALETTE[scheme]["you"]}; stroke-width: 2.8', svg)
    return [path.count("M") for path in drawn]


# The chart -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_writes_every_name_number_and_round(scheme):
    svg = trend([panel(12.5, 40, 62.5), panel(0, 50, 100, label="Charte")], ROUNDS, DAYS, scheme=scheme)
    assert {"Stratégie", "Charte", *ROUNDS, "13", "40", "63", "0", "50", "100"} == set(texts(svg))
    assert marks(svg, PALETTE[scheme]["you"]) == 6


def test_the_line_is_interrupted_where_a_score_is_missing_or_not_comparable():
    assert line_runs(trend([panel(10, 20, 30)], ROUNDS, DAYS)) == [1]
    assert line_runs(trend([panel(10, None, 30)], ROUNDS, DAYS)) == []
    broken = trend([panel(10, 20, 30, breaks=(False, False, True))], ROUNDS, DAYS)
    assert line_runs(broken) == [1]
    assert line_runs(trend([panel(10, 20, 30, 40, breaks=(False, False, True, False))], "abcd", [1, 2, 3, 4])) == [2]
    assert line_runs(trend([panel(10, 20, 30, breaks=(False, True, True))], ROUNDS, DAYS)) == []


def test_a_missing_score_is_a_dash_and_has_no_mark():
    svg = trend([panel(10, None, 30)], ROUNDS, DAYS)
    assert texts(svg).count("–") == 1
    assert marks(svg, PALETTE["light"]["you"]) == 2


def test_a_break_is_drawn_in_ink_and_explained_at_the_foot():
    ink = f"stroke: {PALETTE['light']['ink']}"
    whole, note = [panel(10, 20, 30)], "The questionnaire changed"
    assert ink not in trend(whole, ROUNDS, DAYS, note=note)
    assert note not in texts(trend(whole, ROUNDS, DAYS, note=note))
    broken = trend([panel(10, 20, 30, breaks=(False, True, False))], ROUNDS, DAYS, note=note)
    assert ink in broken
    assert note in texts(broken)


@pytest.mark.parametrize("count", [1, 2, 3, 12, 40])
def test_any_number_of_rounds_stays_on_the_sheet(count):
    for days in (list(range(count)), [0] * count, [i**3 for i in range(count)]):
        places = _places(days)
        assert places == sorted(places)
        assert 40 < places[0] <= places[-1] <= 416.001
        if count <= 12:
            assert all(later - earlier >= 30 for earlier, later in itertools.pairwise(places))
    svg = trend([panel(*[50.0] * count)], [f"Nov. {2000 + i}" for i in range(count)], list(range(count)))
    assert f"Nov. {2000 + count - 1}" in texts(svg)
    assert "nan" not in svg


@pytest.mark.parametrize("label", HOSTILE)
def test_any_character_gives_well_formed_xml_and_the_name_as_typed(label):
    svg = trend([panel(1, 2, 3, label=label)], [label, "b", "c"], DAYS, note=label)
    ElementTree.fromstring(svg)
    expected = re.sub("[\x00\x08\x1b\ud800]", "\ufffd", label)
    assert re.sub(r"\s", "", expected) in re.sub(r"\s", "", " ".join(texts(svg)))


@pytest.mark.parametrize(
    ("panels", "rounds", "days", "why"),
    [
        ([], ROUNDS, DAYS, "at least one panel"),
        ([panel()], [], [], "at least one panel"),
        ([panel(1, 2)], ROUNDS, DAYS, "2 values for 3 labels"),
        ([panel(1, 2, 3, breaks=(True,))], ROUNDS, DAYS, "1 breaks for 3 rounds"),
        ([panel(1, 2, 101)], ROUNDS, DAYS, "not within"),
        ([panel(1, 2, math.nan)], ROUNDS, DAYS, "not within"),
        ([panel(1, 2, 3)], ROUNDS, [3, 2, 1], "not in order"),
        ([panel(1, 2, 3)], ROUNDS, [1, 2], "2 days for 3 rounds"),
    ],
)
def test_it_refuses_what_does_not_fit(panels, rounds, days, why):
    with pytest.raises(ValueError, match=why):
        trend(panels, rounds, days)


def test_the_same_input_gives_the_same_bytes_and_stays_small():
    panels = [panel(*[50.0] * 12, label=f"Dimension {i}") for i in range(6)]
    months, days = [f"Nov. {2000 + i}" for i in range(12)], list(range(12))
    assert trend(panels, months, days) == trend(panels, months, days)
    assert len(trend(panels, months, days).encode()) < 45_000


# The values ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def organisation(questionnaire):
    return factories.organisation()


def hold(organisation, number, *, age=0, **options):
    return factories.submitted(organisation, factories.level(number), at=factories.NOON - YEAR * age, **options)


def new_version():
    """The next version of the questionnaire, published: one dimension asks one question less."""
    content = outline(Questionnaire.objects.current()).content
    charter = next(part for part in content.dimensions if part.key == "charter")
    changed = factories.changed_dimension(content, "charter", questions=charter.questions[:-1])
    publish(factories.draft(dimensions=changed.dimensions, consistency=()), at=factories.NOON)


def test_each_score_runs_over_the_rounds_and_changes_lead_to_the_newest(organisation):
    for age, number in ((2, 1), (1, 3), (0, 4)):
        hold(organisation, number, age=age)
    found = trend_of(results_of(organisation))
    assert [outcome.number for outcome in found.rounds] == [1, 2, 3]
    assert [course.key for course in found.courses][:3] == ["", "strategy", "charter"]
    for course in found.courses:
        assert course.scores == (0, 50, 75)
        assert (course.since_last.change, course.since_first.change) == (25, 75)
    assert not any(any(course.breaks) for course in found.courses)


def test_one_round_has_nothing_to_be_compared_with(organisation):
    hold(organisation, 3)
    found = trend_of(results_of(organisation))
    assert found.whole.scores == (50,)
    assert (found.whole.since_last, found.whole.since_first) == (None, None)
    assert trend_of([]) is None


def test_a_changed_questionnaire_breaks_what_it_changed_and_the_whole(organisation):
    hold(organisation, 2, age=1)
    new_version()
    hold(organisation, 4)
    found = trend_of(results_of(organisation))
    broken = {course.key for course in found.courses if course.breaks == (False, True)}
    assert broken == {"", "charter"}
    assert found.whole.since_last == Change(Fraction(25), Fraction(75), None, broken=True)
    charter = next(course for course in found.courses if course.key == "charter").since_last
    assert (charter.change, charter.broken) == (50, True)
    assert charter.shared > 2


def test_a_break_is_only_between_the_rounds_where_it_happened(organisation):
    hold(organisation, 2, age=2)
    new_version()
    hold(organisation, 3, age=1)
    hold(organisation, 4)
    found = trend_of(results_of(organisation))
    assert found.whole.breaks == (False, True, False)
    assert not found.whole.since_last.broken
    assert found.whole.since_first.broken


def test_a_dimension_left_out_leaves_a_gap(organisation):
    hold(organisation, 2, age=1, left_out=("social-selling",))
    hold(organisation, 3)
    course = next(item for item in trend_of(results_of(organisation)).courses if item.key == "social-selling")
    assert course.scores == (None, 50)
    assert course.since_last.change is None


def test_what_a_round_of_several_has_not_published_is_nowhere(organisation):
    hold(organisation, 2, age=1)
    of = factories.held_together(organisation, "confidential", [1, 2, 3, 4, 5])
    assert [result.round.number for result in results_of(organisation)] == [1]
    from_open = factories.held_together(organisation, "open", [5])
    assert of.number + 1 == from_open.number
    assert trend_of(results_of(organisation)).whole.scores == (25,)


def test_only_as_many_rounds_as_there_is_room_for_are_drawn(organisation):
    for age in (3, 2, 1, 0):
        hold(organisation, age + 1, age=age)
    found = trend_of(results_of(organisation))
    assert found.last(4) is found
    assert [outcome.number for outcome in found.last(2).rounds] == [3, 4]
    assert found.last(2).whole.scores == (25, 0)
    assert found.last(1).whole.breaks == (False,)


# The sentences -------------------------------------------------------------------------------------------------------
def test_the_text_says_every_number_of_the_chart(organisation):
    hold(organisation, 2, age=1)
    new_version()
    hold(organisation, 4)
    found = trend_of(results_of(organisation))
    with translation.override("en"):
        told = wording_trend.trend(found)
        assert told.startswith("Score over 2 rounds, from 0 to 100. Overall – Nov. 2025: 25; Nov. 2026: 75.")
        assert told.count("The questionnaire changed before Nov. 2026") == 2
        assert "Strategy – Nov. 2025: 25; Nov. 2026: 75." in told
        assert "Overall and Charter" in wording_trend.breaks(found)[0]
        assert "not comparable" in wording_trend.moved(found)
        assert wording_trend.since(found.whole.since_last) == "not comparable: the questionnaire changed"


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ([3], "This is the first result."),
        ([2, 4], "rose from 25 to 75."),
        ([4, 2], "fell from 75 to 25."),
        ([3, 3], "stayed at 50."),
    ],
)
def test_one_sentence_says_what_the_newest_round_changed(organisation, levels, said):
    for age, number in zip(range(len(levels) - 1, -1, -1), levels, strict=True):
        hold(organisation, number, age=age)
    with translation.override("en"):
        assert said in wording_trend.moved(trend_of(results_of(organisation)))


@pytest.mark.parametrize(
    ("number", "shown"),
    [(None, "–"), ("0", "0"), ("0.4", "0"), ("-0.4", "0"), ("0.5", "+1"), ("-0.5", "−1"), ("41.7", "+42")],
)
def test_a_change_has_a_sign_unless_it_is_shown_as_nothing(number, shown):
    assert wording_trend.difference(None if number is None else Fraction(number)) == shown


# The address ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def viewer(client, organisation):
    client.force_login(factories.account(member_of=organisation, role="viewer"))
    return client


def test_the_chart_is_kept_by_its_content(viewer, organisation):
    for age, number in ((1, 2), (0, 3)):
        hold(organisation, number, age=age)
    page = viewer.get(organisation.get_absolute_url())
    address = page.context["chart"]["dark"]
    assert address.replace("&", "&amp;") in page.content.decode()
    found = viewer.get(address)
    assert found["Content-Type"].startswith("image/svg+xml")
    assert "immutable" in found["Cache-Control"]
    assert "private" in found["Cache-Control"]
    assert found["Content-Security-Policy"].startswith("default-src 'none'")
    assert viewer.get(address, headers={"if-none-match": found["ETag"]}).status_code == 304
    hold(organisation, 5)
    assert viewer.get(address)["ETag"] != found["ETag"]
    assert "immutable" not in viewer.get(address)["Cache-Control"]


def test_the_chart_speaks_the_language_asked_for(viewer, organisation):
    hold(organisation, 3)
    address = reverse("organisation_chart", args=[organisation.slug])
    shown = {lang: drawn.texts(viewer.get(f"{address}?lang={lang}").content.decode()) for lang in ("en", "fr")}
    assert "Strategy" in shown["en"]
    assert "Stratégie" in shown["fr"]
    for query in ("lang=de", "scheme=blue", "lang=%00"):
        assert viewer.get(f"{address}?{query}").status_code == 404


def test_without_a_result_there_is_no_chart(viewer, organisation):
    factories.started(organisation)
    assert viewer.get(reverse("organisation_chart", args=[organisation.slug])).status_code == 404


def test_the_chart_asks_the_database_as_often_for_many_rounds_as_for_few(viewer, organisation):
    address, counts = reverse("organisation_chart", args=[organisation.slug]), []
    for more in (2, 5):
        for _ in range(more):
            hold(organisation, 3)
        viewer.get(address)
        with CaptureQueriesContext(connection) as queries:
            viewer.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4
