"""The typefaces of the site: small, with every letter French and English need, under a name of their own and their licence."""

import io

import pytest
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import USE_MY_METRICS

from config.typefaces import FACES, FOLDER, Typefaces, cut

MOST = 55_000  # bytes together
NEEDED = "aé àâçèêëîïôœùûüÿ ÀÉÈÇŒ «»“”‘’–—…€%‰ 0123456789 →≤≥×·•\u00a0\u202f\u2011"


@pytest.fixture(scope="module")
def faces():
    return {face[0]: cut(*face[1:]) for face in FACES}


def test_together_they_weigh_less_than_a_picture(faces):
    assert sum(map(len, faces.values())) < MOST


def test_each_has_the_letters_and_signs_of_french_and_english(faces):
    for name, made in faces.items():
        known = TTFont(io.BytesIO(made)).getBestCmap()
        assert [sign for sign in NEEDED if ord(sign) not in known] == [], name


def test_a_narrow_space_is_narrower_than_a_space(faces):
    for made in faces.values():
        font = TTFont(io.BytesIO(made))
        width = {number: font["hmtx"][font.getBestCmap()[number]][0] for number in (0x20, 0x202F)}
        assert 0 < width[0x202F] <= width[0x20]


def test_figures_can_stand_in_columns(faces):
    for made in faces.values():
        font = TTFont(io.BytesIO(made))
        assert len({font["hmtx"][font.getBestCmap()[ord(figure)]][0] for figure in "0123456789"}) == 1


def test_no_sign_is_drawn_as_wide_as_a_part_of_it(faces):
    for name, made in faces.items():
        font = TTFont(io.BytesIO(made))
        width = {glyph: advance for glyph, (advance, _left) in font["hmtx"].metrics.items()}
        taken = {
            glyph: part.glyphName
            for glyph in font.getGlyphOrder()
            if font["glyf"][glyph].isComposite()
            for part in font["glyf"][glyph].components
            if part.flags & USE_MY_METRICS
        }
        assert [glyph for glyph, part in taken.items() if width[glyph] != width[part]] == [], name


def test_a_changed_font_has_its_own_name_and_keeps_makers_and_licence(faces):
    for made in faces.values():
        names = {record.nameID: str(record) for record in TTFont(io.BytesIO(made))["name"].names}
        assert all("Source" not in names[number] and "Maturity" in names[number] for number in (1, 3, 4, 6))
        assert "Adobe" in names[0]
        assert "Open Font License" in names[13]


def test_the_same_packages_make_the_same_bytes(faces):
    assert cut(*FACES[0][1:]) == faces["sans-regular"]


def test_pages_and_collectstatic_find_them(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    listed = dict(Typefaces().list([]))
    assert set(listed) == {f"{FOLDER}/{face[0]}.woff2" for face in FACES}
    for path, storage in listed.items():
        with storage.open(path) as made:
            assert made.read(4) == b"wOF2"
    assert Typefaces().find(f"{FOLDER}/sans-regular.woff2").startswith(str(tmp_path))
    assert not Typefaces().find(f"{FOLDER}/other.woff2")
    assert finders.find("assessment/site.css")


def test_the_legal_notice_names_their_licence(client):
    page = client.get("/legal/").content.decode()
    assert "SIL Open Font License 1.1" in page
