"""A chart as a picture for slides."""

import io
from functools import partial

import pytest
from PIL import Image

from assessment.charts.rule import Stand, rule
from assessment.charts.style import PALETTE
from assessment.documents import drawings

STAND = Stand(3, "Structured")


def drawn(*told, scheme: str = "light") -> Image.Image:
    """A chart of the 0 to 100 rule as a picture."""
    return Image.open(io.BytesIO(drawings.png(partial(rule, *told), scheme))).convert("RGB")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chart_is_four_times_as_large_on_the_paper_of_its_scheme(scheme):
    picture = drawn(56.0, 40.0, 70.0, STAND, scheme=scheme)
    assert picture.width == 4 * 440
    assert "#{:02x}{:02x}{:02x}".format(*picture.getpixel((2, 2))) == PALETTE[scheme]["paper"]
    assert len(picture.getcolors(maxcolors=1_000_000)) > 20  # something is drawn on it


def test_a_picture_writes_what_the_chart_says():
    empty, named = (drawn(None, 0.0, 100.0, Stand(None, title)) for title in ("", "No level"))
    assert empty.tobytes() != named.tobytes()


def test_a_label_that_no_font_has_or_that_looks_like_markup_is_drawn_all_the_same():
    stand = Stand(3, "漢字 #import $x$", "<b>&amp; شركة \x00")
    assert drawn(56.0, 40.0, 70.0, stand).width == 1760


def test_there_is_no_third_scheme():
    with pytest.raises(ValueError, match="unknown scheme"):
        drawn(None, 0.0, 100.0, STAND, scheme="sepia")
