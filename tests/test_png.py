"""A chart as a picture for slides."""

import io

import pytest
from PIL import Image

from assessment.charts.rule import rule
from assessment.charts.style import PALETTE
from assessment.documents.pdf import chart_png

NAMES = ("One", "Two", "Three", "Four", "Five")


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chart_is_four_times_as_large_on_the_paper_of_its_scheme(scheme):
    picture = opened(chart_png(rule(56.0, 40.0, 70.0, NAMES, scheme=scheme), scheme=scheme))
    assert picture.width == 4 * 440
    assert "#{:02x}{:02x}{:02x}".format(*picture.getpixel((2, 2))) == PALETTE[scheme]["paper"]
    assert len(picture.getcolors(maxcolors=1_000_000)) > 20  # something is drawn on it


def test_a_picture_writes_what_the_chart_says():
    empty, named = (opened(chart_png(rule(None, 0.0, 100.0, names))) for names in (("",) * 5, NAMES))
    assert empty.tobytes() != named.tobytes()


def test_a_label_that_no_font_has_or_that_looks_like_markup_is_drawn_all_the_same():
    names = ("漢字", "#import $x$", "<b>&amp;", "شركة", "\x00")
    assert opened(chart_png(rule(56.0, 40.0, 70.0, names))).width == 1760


def test_there_is_no_third_scheme():
    with pytest.raises(KeyError):
        chart_png(rule(None, 0.0, 100.0, NAMES), scheme="sepia")
