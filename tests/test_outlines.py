"""Letters of charts as outlines."""

import string
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from assessment.charts import outlines
from assessment.charts.outlines import outlined

SIGNS = string.ascii_letters + string.digits + "éèêàçùôîâœÉÀ«»’–%&()"


@pytest.fixture
def unread():
    """No letter of any face has been read yet, and threads take turns often."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    outlines._font.cache_clear()
    outlines._glyph.cache_clear()
    yield
    sys.setswitchinterval(before)


def drawn(signs):
    style = "fill: #000; font-family: 'Source Sans 3'; font-size: 16px"
    return outlined(f'<svg><text style="{style}" x="0" y="0">{signs.replace("&", "&amp;")}</text></svg>')


def test_letters_that_several_threads_read_first_come_out_as_of_one(unread):
    """In one worker the two charts of a page are asked for at once; a font that broke then stayed broken."""
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(drawn, [SIGNS] * 8))
    outlines._font.cache_clear()
    outlines._glyph.cache_clear()
    assert set(found) == {drawn(SIGNS)}
