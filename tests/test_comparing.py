"""Texts that mean the same: compared in Python, searched and ordered alike by both databases, and as parts of addresses."""

import os
import re
import sys
import unicodedata
from functools import partial

import psycopg
import pytest
from django.db import connection
from django.db.models import CharField, F, Value
from django.db.models.functions import Concat
from hypothesis import given
from hypothesis import strategies as st

from assessment.models import Organisation
from assessment.text import addresses
from assessment.text.comparing import ACCENTS, SPACE, UNSEEN, code, folded, searchable, slug
from assessment.text.database import Searchable, alphabetical

pytestmark = pytest.mark.every_case

normalized = {form: partial(unicodedata.normalize, form) for form in ("NFC", "NFD")}
EVERY = [sign for sign in map(chr, range(1, sys.maxunicode + 1)) if not "\ud800" <= sign <= "\udfff"]
MANY = [("\u3400", "\u9fff"), ("\uac00", "\ud7a3"), ("\U00017000", "\U00018cff"), ("\U00020000", "\U0003ffff")]
# Each in three places of a name, but for the tens of thousands of Chinese, Korean and Tangut ones, to which nothing is done.
WITH_EACH = [
    f"a{sign}B{sign} {sign}"
    for sign in EVERY
    if unicodedata.category(sign) not in ("Cn", "Co") and not any(low <= sign <= high for low, high in MANY)
]

# French and English names, as in a dictionary.
NAMES = [
    "« Au Bon Coin »",
    "3 Suisses",
    "Abbaye de Thélème",
    "Ærø Line",
    "Agence Éclat",
    "Âme & Conscience",
    "Atelier 17",
    "Aux Trois Œillets",
    "BCM Consulting",
    "Bjørn & Daughters",
    "Brontë Books",
    "Ça ira SARL",
    "Café Crème",
    "Carter’s Yard",
    "Cœur de Ville",
    "Coffee Corner",
    "Crème Fraîche",
    "Daughter Ltd",
    "Eau Vive",
    "École des Lys",
    "Éditions du Pré",
    "Elan",
    "Élan",
    "élan",
    "Elegant Ltd",
    "Être Conseil",
    "Façade",
    "Forêt-Noire",
    "Garçon!",
    "Île-de-France Mobilités",
    "L’Atelier d’Aurélie",
    "L’Haÿ-les-Roses",
    "Łódź Trade",
    "Naïve Records",
    "Nœud & Fils",
    "O’Brien & Sons",
    "Société Générale",
    "Straße 7",
    "Zebra Crossing",
    "Zoë’s Kitchen",
]

# What is typed, and whom it finds among them.
FOUND = [
    ("elan", ["Elan", "Élan", "élan"]),
    ("ÉLAN", ["Elan", "Élan", "élan"]),
    ("e\u0301lan", ["Elan", "Élan", "élan"]),
    ("Ｅｌａｎ", ["Elan", "Élan", "élan"]),
    ("el\u00ada\u200bn", ["Elan", "Élan", "élan"]),
    ("coeur", ["Cœur de Ville"]),
    ("CŒUR  DE\u00a0ville", ["Cœur de Ville"]),
    ("noeud", ["Nœud & Fils"]),
    ("L'Atelier d'aurelie", ["L’Atelier d’Aurélie"]),
    ("l´atelier", ["L’Atelier d’Aurélie"]),
    ("OʼBrien", ["O’Brien & Sons"]),
    ("carter‘s", ["Carter’s Yard"]),
    ("foret–noire", ["Forêt-Noire"]),
    ("hay‑les−roses", ["L’Haÿ-les-Roses"]),
    ("ile-de-france", ["Île-de-France Mobilités"]),
    ("ca ira", ["Ça ira SARL"]),
    ("lodz", ["Łódź Trade"]),
    ("STRASSE", ["Straße 7"]),
    ("bjorn", ["Bjørn & Daughters"]),
    ("aero", ["Ærø Line"]),
    ("zoe's", ["Zoë’s Kitchen"]),
    ('"au bon coin"', ["« Au Bon Coin »"]),
    ("!", ["Garçon!"]),
    ("%", []),
    ("_", []),
    ("\\", []),
    ("atelier d'aurelie l", []),
]
OTHERS = [
    ("ΑΘΗΝΑ", "Αθήνα"),
    ("οδοσ", "ΟΔΟΣ"),
    ("ειδησεισ", "Ειδήσεις"),
    ("елка", "ЁЛКА"),
    ("ВОЙНА", "война"),
    ("ՀԱՅԱՍՏԱՆ", "Հայաստան"),
    ("istanbul", "İSTANBUL"),
    ("שלום", "שָׁלוֹם"),
    ("محمد", "مُحَمَّد"),
    ("ﬁn", "Fin"),
    ("カフェ", "ｶﾌｪ"),
]
HOSTILE = [
    "",
    "\0",
    "\u200b\u2060",
    "\u3164",
    "a\0b",
    "x" * 10_000,
    "é" * 10_000,
    "a " * 5_000,
    "'\"\\%_;--",
    "\U0010ffff",
]


# In Python ---------------------------------------------------------------------------------------------------------
SAME = [
    ("L'Atelier", "L’Atelier"),
    ("l`atelier", "L‘Atelier"),
    ("L´Atelier", "Lʼatelier"),
    ("A\u00a0\t B", "a b"),
    (" A\u2028B\u202f", "A B"),
    ("Élan–Vital", "E\u0301LAN‑vital"),
    ("Ａ－１", "a-1"),
    ("Ma\u00adison\u200b", "maison"),
    ("Cœur", "coeur"),
    ("STRASSE", "straße"),
    ("« Le\u00a0Rex »", '"Le Rex"'),
    ("“Best”", "'best'"),
    ("ΟΔΟΣ", "οδος"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_means_the_same_is_the_same(one, other):
    assert folded(one) == folded(other)
    assert searchable(one) == searchable(other)


@pytest.mark.parametrize(("one", "other"), [("Élan", "Elan"), ("Côte", "Côté"), ("A B", "AB"), ("Ørsted", "Orsted")])
def test_accents_and_words_count_where_one_name_is_meant(one, other):
    assert folded(one) != folded(other)


TEXTS = st.text(max_size=40) | st.text("aÉœŒ’'«» -–\u00a0\u0301\u200b´İßΣς", max_size=20)


@given(TEXTS)
def test_comparing_is_settled_at_once_and_knows_no_composition_or_case(text):
    for compare in (folded, searchable):
        once = compare(text)
        assert compare(once) == once
        assert {compare(turn(text)) for turn in normalized.values()} == {once}
        assert once == once.strip()
    assert folded(text.casefold()) == folded(text)
    assert folded(unicodedata.normalize("NFD", folded(text))) == folded(text)


@given(TEXTS, TEXTS)
def test_what_is_equal_is_found(one, other):
    if folded(one) == folded(other):
        assert searchable(one) == searchable(other) or re.search(
            "[\u0345\u13a0-\u13ff]", normalized["NFD"](one + other)
        )


def test_every_sign_alone_is_settled_at_once():
    for name in WITH_EACH:
        assert searchable(searchable(name)) == searchable(name), hex(ord(name[1]))
        assert folded(folded(name)) == folded(name), hex(ord(name[1]))


def test_nothing_that_nobody_sees_is_forgotten():
    unseen, accents, space = re.compile(UNSEEN), re.compile(ACCENTS), re.compile(f"[{SPACE}]")
    assert [hex(ord(s)) for s in EVERY if unicodedata.category(s) == "Cf" and not unseen.match(s)] == []
    assert [hex(sign) for sign in addresses.IGNORED if not unseen.match(chr(sign))] == []
    assert {unicodedata.category(sign) for sign in EVERY if accents.match(sign)} <= {"Mn", "Me", "Cn"}
    assert [hex(ord(sign)) for sign in EVERY if sign.isspace() != bool(space.match(sign))] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’Atelier d’Aurélie", "l-atelier-d-aurelie"),
        ("L'Atelier d'Aurélie", "l-atelier-d-aurelie"),
        ("l´atelier", "l-atelier"),
        ("Qu’est-ce qu’un cœur ?", "qu-est-ce-qu-un-coeur"),
        ("Aujourd’hui", "aujourd-hui"),
        ("O’Brien & Sons’ – Élan", "o-brien-sons-elan"),
        ("Levi’s", "levis"),
        ("We don't, they'll", "we-dont-theyll"),
        ("Œuvres, Straße, Łódź, Ærø", "oeuvres-strasse-lodz-aero"),
        ("E\u0301lan\u00a0Vital", "elan-vital"),
        ("« Le Rex »", "le-rex"),
        ("Ａ１", "a1"),
        ("Ελλάς", ""),
        ("../\\\"';\r\n", ""),
    ],
)
def test_a_slug_keeps_elisions_and_ligatures(text, expected):
    assert slug(text) == expected


@given(TEXTS)
def test_a_slug_is_plain_and_settled_at_once(text):
    assert re.fullmatch(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?)?", slug(text)), slug(text)
    assert slug(slug(text)) == slug(text)
    assert {slug(turn(text)) for turn in normalized.values()} == {slug(text)}


@pytest.mark.parametrize(
    "typed", ["bcdf–ghjk", "BCDF−GHJK", " BCDF \u00a0- GHJK\u200b", "ＢＣＤＦ－ＧＨＪＫ", "BCDF\u2011GHJK"]
)
def test_a_code_is_taken_with_another_dash_width_or_case(typed):
    assert code(typed) == "bcdf-ghjk"


def test_a_code_is_taken_with_other_digits():
    assert code("１２３ ４５６") == code("١٢٣٤٥٦") == "123456"


# In the database -----------------------------------------------------------------------------------------------------
def keep(names):
    Organisation.objects.bulk_create([Organisation(name=name, slug=f"o-{place}") for place, name in enumerate(names)])


def found(typed):
    return list(
        Organisation.objects.filter(name__finds=typed).order_by(*alphabetical("name")).values_list("name", flat=True)
    )


def test_names_stand_as_in_a_dictionary_and_are_found_as_people_type_them(db):
    keep(reversed(NAMES))
    assert len(NAMES) == 40
    assert list(Organisation.objects.order_by(*alphabetical("name")).values_list("name", flat=True)) == NAMES
    backwards = Organisation.objects.order_by(*alphabetical("name", descending=True)).values_list("name", flat=True)
    assert list(backwards) == NAMES[::-1]
    initials = [searchable(name)[0] for name in NAMES if searchable(name)[0].isalpha()]
    assert initials == sorted(initials)
    assert {typed: found(typed) for typed, _names in FOUND} == dict(FOUND)
    for name in NAMES:
        variants = {name, name.upper(), name.lower(), searchable(name), folded(name), normalized["NFD"](name)}
        assert all(name in found(variant) for variant in variants), name


def test_other_alphabets_are_searched_too(db):
    keep([name for _typed, name in OTHERS] + [normalized["NFD"](name) for _typed, name in OTHERS])
    assert {typed: set(found(typed)) for typed, _name in OTHERS} == {
        typed: {name, normalized["NFD"](name)} for typed, name in OTHERS
    }


def asked(cursor, names):
    """What a PostgreSQL makes of these names."""
    said = Searchable.on_postgresql.replace("%(expressions)s", "name")
    sql = f"SELECT {said} FROM unnest(%(names)s::text[]) WITH ORDINALITY AS asked(name, place) ORDER BY place"
    return [made for (made,) in cursor.execute(sql, {"names": names}).fetchall()]


def test_the_database_says_of_every_sign_what_python_says(db):
    """SQLite asks Python itself."""
    if connection.vendor == "sqlite":
        keep(WITH_EACH[::97])
        made = Organisation.objects.annotate(made=Searchable("name")).values_list("made", "name")
        assert {pair for pair in made if pair[0] != searchable(pair[1])} == set()
        return
    with psycopg.connect(os.environ["DATABASE_URL"]) as server, server.cursor() as cursor:
        made = zip(WITH_EACH, asked(cursor, WITH_EACH), strict=True)
        assert [name for name, it in made if it != searchable(name)] == []


def test_a_database_made_for_the_locale_c_knows_the_letters_of_europe(db):
    if connection.vendor == "sqlite":
        return  # has no locale
    names = [name for name in WITH_EACH if name[1] < "\u0590"] + NAMES
    url, name = os.environ["DATABASE_URL"], f"plain_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
        try:
            with psycopg.connect(url, dbname=name) as plain, plain.cursor() as cursor:
                assert asked(cursor, names) == [searchable(name) for name in names]
        finally:
            server.execute(f"DROP DATABASE {name}")


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_searched_is_only_not_found(db, typed):
    keep(["Élan"])
    assert found(typed) == (["Élan"] if not searchable(typed) else [])


def test_a_text_is_found_by_another_column_and_nothing_by_none(db):
    keep(["o-0", "Élan", "O–2"])
    assert sorted(found(F("slug"))) == ["O–2", "o-0"]
    whole = Organisation.objects.annotate(whole=Concat("name", Value(" à "), "slug", output_field=CharField()))
    assert whole.filter(whole__finds="élan a o–1").count() == 1
    assert CharField().get_lookup("finds")
