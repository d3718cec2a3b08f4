"""What people type is stored in one form of Unicode, without what nobody sees, and with what their words need."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assessment.content.places import texts
from assessment.text.cleaning import COMMON, JOINERS, SEEN, garbled, is_readable, isolated, line, prose, without_piles

anything = st.text(st.characters(codec=None), max_size=40)
UNSEEN = [
    "\u200b",
    "\u00ad",
    "\u2060",
    "\ufeff",
    "\u202e",
    "\u2066",
    "\u200f",
    "\u061c",
    "\u3164",
    "\u034f",
    "\x00",
    "\x1b",
    "\x9f",
]
KEPT = [
    "می‌خواهم",  # a joiner inside a Persian word
    "क्‍ष",
    "👨‍👩‍👧‍👦",
    "👩🏽‍💻",
    "🏳️‍🌈",
    "❤️",
    "1️⃣",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "葛󠄀城",
    "٪ ؀12",
    "L’Atelier d’Aurélie – « Été » : 10 %",
    "שלום עולם",
    "日本株式会社",
    "\U0001fae9",  # newer than some tables of Unicode
]


@given(anything)
@example("a\u200d\u200db\u200f\u200cc\u0301\ufe0f")
@example("\U0001f3f4\U000e0067\U000e007fx\U000e0041")
def test_what_is_cleaned_is_clean(text):
    for cleaned in (prose(text), line(text)):
        assert prose(cleaned) == cleaned
        assert unicodedata.is_normalized("NFC", cleaned)
        for sign in set(cleaned) - {"\n", *JOINERS}:
            category = unicodedata.category(sign)
            assert category not in ("Cc", "Cs", "Zl", "Zp")
            assert category != "Cf" or ord(sign) in SEEN or ord(sign) in range(0xE0020, 0xE0080)
    assert "\n" not in line(text)
    assert line(line(text)) == line(text)


@given(st.text("aé Ω猫.-’", max_size=12), st.lists(st.tuples(st.integers(0, 12), st.sampled_from(UNSEEN)), max_size=6))
def test_signs_that_nobody_sees_change_nothing(text, inserted):
    mangled = text
    for place, sign in inserted:
        mangled = mangled[:place] + sign + mangled[place:]
    assert prose(mangled) == text.strip()
    assert prose(unicodedata.normalize("NFD", mangled)) == text.strip()


@pytest.mark.parametrize("text", KEPT)
def test_what_a_word_or_an_emoji_needs_stays(text):
    assert prose(text) == line(text) == text


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        (
            "one\x0btwo\u2028three\x85four\r\nfive\rsix",
            "one\ntwo\nthree\nfour\nfive\nsix",
        ),  # slides, Word, Windows, old Mac
        ("\uf0b7 one\n\uf0e0 two", "• one\n→ two"),
        ("a\tb", "a b"),
        ("e\u0301te\u0301", "été"),
        ("a\u200d", "a"),
        ("x" + "\u0323" * 9 + "y\u0308\u0323", "x" + "\u0323" * 4 + "ỵ\u0308"),  # piles of marks
        ("a\ufe0f \u200cb", "a b"),
        ("Acme\u202ex", "Acmex"),
        ("x\ud800y\ufdd0z\uffff", "xyz"),
    ],
)
def test_what_was_pasted_becomes_what_it_shows(typed, cleaned):
    assert prose(typed) == cleaned
    assert line(typed) == " ".join(cleaned.split())


@pytest.mark.parametrize(
    "text", ["", "\u200b\u200b", "\u3164", "\u115f\u1160", "\u2800", "\u0301", "\u00a0\u3000", "\x07", "\ufe0f"]
)
def test_a_text_of_nothing_cannot_be_read(text):
    assert not is_readable(prose(text))


@pytest.mark.parametrize("text", [*KEPT, "!", "&", "7", "€"])
def test_whatever_shows_something_can_be_read(text):
    assert is_readable(prose(text))


@pytest.mark.parametrize("name", ["شركة ١٢", "בע״מ", "Dupont عربي"])
def test_a_name_from_right_to_left_is_isolated_in_plain_text(name):
    assert isolated(name) == f"\u2068{name}\u2069"


def test_a_name_from_left_to_right_stands_as_it_is():
    assert isolated("Dupont & Fils, 日本") == "Dupont & Fils, 日本"


def test_a_pile_of_marks_is_cut_before_anybody_puts_it_into_order():
    assert without_piles("e" + "\u0301\u0323" * 50_000 + "x") == "e" + "\u0301\u0323" * 15 + "x"


GARBLED = {
    "stratégie": "stratÃ©gie",
    "L’été": "Lâ€™Ã©tÃ©",
    "50\u00a0%": "50Â\u00a0%",
    "« oui »": "Â« oui Â»",
    "10 €": "10 â‚¬",
    "œuvre": "Å“uvre",
    "“yes”": "â€œyesâ€\x9d",
    "n° 3": "nÂ° 3",
    "où": "oÃ¹",
    "À propos": "Ã€ propos",
    "it’s": "itâ\x80\x99s",
    "déjà": "dÃƒÂ©jÃƒÂ ",
}


@pytest.mark.parametrize("right", GARBLED)
def test_a_text_read_in_another_encoding_is_told_with_what_it_said(right):
    assert garbled(GARBLED[right]) == (GARBLED[right], right)


def test_of_a_long_text_the_place_is_told():
    long = "Ceci est dit sans accent. " * 9
    assert garbled(f"{long}La stratÃ©gie. {long}") == (
        "…ans accent. La stratÃ©gie. Ceci est dit sans accent. Ceci es…",
        "…ans accent. La stratégie. Ceci est dit sans accent. Ceci est…",
    )


@pytest.mark.parametrize(
    "text",
    [
        *KEPT, "SÃO PAULO", "Âge", "É€", "RÉSEAU»", "STRATÉGIE…", "Ça", "À « l’œuvre » : 50 € !", "“É”", "ÂÊÎÔÛ", "Ã",
        "café’s", "ŒUVRE™", "ŒÇ", "Ğ¯",
    ],
)  # fmt: skip
def test_right_text_is_not_taken_for_garbled(text):
    assert garbled(text) is None


# Words as French spells them ("â" ends none, and after "œ" comes a vowel), and the marks between them as French sets them.
WORD = st.builds(
    "{}{}".format,
    st.sampled_from(["", "", "", "A", "É", "À", "Ç", "Œu"]),
    st.lists(st.sampled_from([*"aeéèêàçùûîïôst", "ât", "œu"]), min_size=1, max_size=8).map("".join),
)
MARKS = [
    " ",
    " ",
    "’",
    "-",
    ", ",
    ". ",
    "… ",
    "\u00a0: ",
    "\u202f; ",
    "\u202f! ",
    "\u202f? ",
    " «\u202f",
    "\u202f» ",
    " “",
    "” ",
    " ‘",
]
MARKS += [" (", ") ", " – ", " — ", " 12\u00a0% ", " 3\u202f400\u00a0€ ", " n° 5, ", "’ "]
FRENCH = st.lists(st.tuples(WORD, st.sampled_from(MARKS)).map("".join), max_size=10).map("".join)


@given(FRENCH)
@example("déjà\u00a0»")
@example("À\u00a0: « Ça »")
@example("àŒ?")
def test_no_row_of_french_letters_and_marks_is_taken_for_garbled(text):
    assert garbled(text) is None


def test_no_text_that_ships_is_taken_for_garbled_and_every_accent_is_missed(shipped):
    whole = [text for written in texts(shipped[0]) if written.text for text in (written.text.en, written.text.fr)]
    for finding in shipped[1].findings:
        whole += [finding.text.en, finding.text.fr, *(source.fr for source in finding.sources)]
    for study in shipped[1].studies:
        whole += [study.title.en, study.title.fr, study.publisher, study.population.en, study.population.fr]
    assert [text for text in whole if garbled(text)] == []
    mangled = [text.encode().decode("latin-1") for text in whole if not text.isascii()]
    assert [text for text in mangled if not garbled(text)] == []
    assert len(mangled) > 500


def test_a_text_of_common_signs_needs_no_look_at_each():
    signs = [chr(number) for number in range(0x110000) if COMMON.fullmatch(chr(number))]
    assert len(signs) > 700
    for sign in signs:
        assert sign == "\n" or unicodedata.category(sign)[0] in "LNPSZ", hex(ord(sign))
        assert not unicodedata.combining(sign)
        assert sign not in UNSEEN
