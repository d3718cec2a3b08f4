"""A report as one picture: what is written on it, how large, and what it does with many dimensions and long names."""

import io
import re
from dataclasses import replace
from itertools import count

import pytest
from django.utils import translation
from PIL import Image

from assessment.charts.card import MOST, SMALL, Bar, Words, card
from assessment.charts.rule import Stand
from assessment.documents import drawings
from tests.factories import level, report_on
from tests.test_charts import texts
from tests.test_drawings import mixed

WORDS = Words(
    "Maison Dupont", "2 November 2026", "Level 3, Structured: 50 out of 100.", "Social media maturity", "Source"
)
BARS = [Bar("Strategy", 75, "75"), Bar("Charter", None, "not enough answers")]


@pytest.fixture
def content(shipped):
    return shipped[0]


def held(question):
    return level(1)(question) if question.key.startswith("charter") else level(4)(question)


CASES = {"mixed": mixed, "lowest": level(1), "highest": level(5), "no level": lambda question: None, "held": held}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("case", CASES)
def test_it_says_whose_report_of_when_how_it_stands_and_each_dimension(content, case, language):
    with translation.override(language):
        told = report_on(content, CASES[case])
        said = " ".join(texts(drawings.card(told, 630)()))
        assert "Maison Dupont" in said
        assert {"en": "2 November 2026", "fr": "2 novembre 2026"}[language] in said
        assert {"en": "Source: a self-assessment, testserver", "fr": "Source\xa0: une auto-évaluation, testserver"}[
            language
        ] in said
        for part in told.dimensions:
            assert str(part.title) in said
        if told.place.level:
            assert str(told.level.name) in said


def test_where_no_level_is_stated_alone_no_score_stands_on_the_steps_either(content):
    """The page says between what it lies, and so does the title of the picture."""
    numbers = count()
    told = report_on(content, lambda of: "unknown" if next(numbers) % 3 == 2 else of.choices[:3][-1].key)
    assert (told.place.level, told.result.score) == (None, 50)
    alone = replace(told, dimensions=tuple(replace(part, score=None) for part in told.dimensions))
    said = texts(drawings.card(alone, 630)())
    assert "Level 2 to 4: the score lies between" in " ".join(said)
    assert "50" not in said


@pytest.mark.parametrize("case", CASES)
def test_no_text_is_smaller_than_24_pixels(content, case):
    drawn = drawings.card(report_on(content, CASES[case]), 630)()
    sizes = {float(size) for size in re.findall(r"font-size: ([\d.]+)px", drawn)}
    assert min(sizes) == SMALL == 24


def test_the_example_says_that_it_is_invented(content):
    told = report_on(content, mixed)
    said = texts(drawings.card(replace(told, subject=replace(told.subject, is_demo=True)), 630)())
    assert "Invented organisation · 2 November 2026" in said


@pytest.mark.parametrize(("name", "size"), [("picture", (1200, 630)), ("slide", (1920, 1080))])
def test_it_has_the_size_that_networks_and_slides_want(content, name, size):
    assert Image.open(io.BytesIO(drawings.card_png(report_on(content, mixed), name))).size == size


def test_ten_dimensions_and_a_long_name_stay_on_the_picture(content):
    told = report_on(content, mixed)
    subject = replace(told.subject, organisation="Société des Bateaux-Mouches " * 8 + "شركة 漢字 <b>&$x$")
    drawn = drawings.card(replace(told, dimensions=told.dimensions * 2, subject=subject), 630)()
    tops = [float(y) for y in re.findall(r' y="([\d.]+)"', drawn)]
    assert max(tops) < 630
    assert "…" in drawn


SCRIPTS = {
    "latin": "Wagner & Müller Großhandel ",
    "cyrillic": "Жюри Щукинских мастерских ",
    "arabic": "مؤسسة التسويق ",
    "hebrew": "שיווק ברשתות ",
    "without a glyph": "漢字",
    "emoji": "🦊",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_name_of_any_script_leaves_the_date_beside_it_as_it_is(content, script):
    def beside(name):
        subject = replace(report_on(content, mixed).subject, organisation=name)
        drawn = drawings.card_png(replace(report_on(content, mixed), subject=subject), "picture")
        return Image.open(io.BytesIO(drawn)).convert("L").crop((930, 40, 1200, 90))

    assert beside("A").tobytes() == beside((SCRIPTS[script] * 200)[:200]).tobytes()


def test_what_is_no_score_and_no_dimension_is_refused():
    stand = Stand(3, "Structured")
    for score, bars in ((101, BARS), (50, []), (50, BARS * MOST), (50, [Bar("x", -1, "-1")])):
        with pytest.raises(ValueError, match=r"score|bars"):
            card(WORDS, score, stand, bars, height=630)
    with pytest.raises(ValueError, match="unknown scheme"):
        card(WORDS, 50, stand, BARS, height=630, scheme="sepia")
