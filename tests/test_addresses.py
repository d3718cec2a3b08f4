"""Addresses as people paste them: found in lists, tables and lines of mail programs, cleaned, and refused with what was odd."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.text.addresses import Pasted, cleaned, is_address, mailbox, pasted

JEAN, ZOE = "jean@x.example", "zoe@x.example"


@pytest.mark.parametrize(
    "text",
    [
        "Dupont, Jean <jean@x.example>; Martin, Zoé <zoe@x.example>",
        '"Dupont, Jean" <jean@x.example>, "Martin, Zoé" <zoe@x.example>',
        "'jean@x.example' <jean@x.example>; 'Martin, Zoé' <zoe@x.example>;",
        "old@x.example <jean@x.example>, Zoé <zoe@x.example>",
        '"Jean @ Acme, Paris" <jean@x.example>\nzoe@x.example',
        "To: Jean (jean@x.example), Zoé (zoe@x.example)",
        "Jean\tDupont\tjean@x.example\tjean.dupont\nZoé\tMartin\tzoe@x.example\tMarketing",
        "Jean;Dupont;jean@x.example;1\r\nZoé;Martin;zoe@x.example;2\r\n",
        "| Jean | jean@x.example |\n|---|---|\n| Zoé | zoe@x.example |",
        "- jean@x.example\n- zoe@x.example",
        "•\tjean@x.example\n•zoe@x.example",
        "\uf0b7\tjean@x.example\no\tzoe@x.example",
        "1. jean@x.example\n2)\tzoe@x.example\n3.",
        "mailto:jean@x.example?subject=Hi%20you, MAILTO:zoe@x.example",
        "[Jean](mailto:jean@x.example?subject=a)\n<zoe@x.example>",
        "jean@x.example<mailto:jean@x.example>; zoe@x.example",
        "jean@x.example\vzoe@x.example",
        "jean@x.example\u2028zoe@x.example\u2029",
        "Jean\u00a0Dupont\u00a0<jean@x.example>\u202f; zoe@x.example",
        "jean@x.example.\nzoe@x.example,",
        "jean@x.example, zoe@x.example, Jean@X.example, zoe+news@x.example",
        "je\u00adan@x.exam\u200bple \ufeffzoe@x.example",
        "jean＠x.example；zoe@x.example",
        "“jean@x.example” et « zoe@x.example »",
        "<jean@x.example><zoe@x.example>",
        "Jean : jean@x.example - 01 23 45 67\nZoé – zoe@x.example",
        "J.-P. Dupont <jean@x.example>, Z.Martin <zoe@x.example>",
    ],
)
def test_a_list_is_read_as_people_copy_it(text):
    read = pasted(text)
    assert (read.addresses, read.not_understood) == ((JEAN, ZOE), ())


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("rubbish@", "rubbish@"),
        ("jean@x.example rubbish@", "rubbish@"),
        ("@handle, jean@x.example", "@handle"),
        ("Jean Dupont\njean@x.example", "Jean Dupont"),
        ("jean@x.example\nnot-an-address", "not-an-address"),
        ("bob.example.org, jean@x.example", "bob.example.org"),
        ("jean@x.example; bob at example.org", "bob at example.org"),
        ("Jean <>, zoe@x.example", "<>"),
        ("Jean </O=EXCH/CN=JEAN>; zoe@x.example", "</O=EXCH/CN=JEAN>"),
        ("jean @ x.example", "jean @ x.example"),
        ('"john doe"@x.example', "@x.example"),
        ("jean@x..example", "jean@x..example"),
        ("jean@x.example/zoe@x.example", "jean@x.example/zoe@x.example"),
        ("zoé@x.example", "zoé@x.example"),
        ("a" * 65 + "@x.example", "a" * 65 + "@x.example"),
        ("jean@[127.0.0.1]", "jean@"),
    ],
)
def test_what_is_no_address_is_named(text, odd):
    assert pasted(text).not_understood == (odd,)


def test_nothing_and_mere_marks_are_no_error_of_a_list():
    assert pasted(" \n---\n1.\n•\n") == pasted("")


@pytest.mark.parametrize(
    ("typed", "sent_to"),
    [
        (" Jean@X.example ", "Jean@X.example"),
        ("<jean@x.example>", JEAN),
        ("Jean Dupont <jean@x.example>", JEAN),
        ("mailto:jean@x.example", JEAN),
        ("mailto:jean@x.example?subject=Hi", JEAN),
        ("jean@x.example.", JEAN),
        ("jean@x.\u200bexample\u00a0", JEAN),
        ("o’brien@x.example", "o'brien@x.example"),
        ("jean@bücher.example", "jean@xn--bcher-kva.example"),
        ("jean@faß.example", "jean@xn--fa-hia.example"),  # not fass.example, which is somebody else's
    ],
)
def test_one_address_is_cleaned_the_same_way(typed, sent_to):
    assert cleaned(typed) == sent_to
    assert is_address(sent_to)


def test_the_heading_of_a_table_is_passed_over_and_a_row_without_an_address_is_not():
    rows = "Nom\tPrénom\tCourriel\nDupont\tJean\tjean@x.example\n"
    assert pasted(rows) == Pasted(("jean@x.example",), ())
    assert pasted(rows + "Martin\tZoé\t").not_understood == ("Martin Zoé",)
    assert pasted("Dupont\tJean").not_understood == ("Dupont Jean",)


@pytest.mark.parametrize(
    "typed", ["a b@example.org", "a@b@c", "a@x.example,b@x.example", "a@x.example\r\nBcc: b@x.example"]
)
def test_what_is_not_one_address_is_made_none(typed):
    assert not is_address(cleaned(typed))


@pytest.mark.parametrize(
    "address",
    [
        "a@x_y.example",
        "a@" + "b" * 64 + ".example",
        "a@xn--\u00fc.example",
        "a@x.example\n",
        "ü@x.example",
        "a@[::1]",
        "",
    ],
)
def test_where_no_mail_can_be_sent_is_no_address(address):
    assert not is_address(address)


def test_two_letters_of_idna_of_2008_are_two_domains():
    assert mailbox("a@faß.example") != mailbox("a@fass.example")


@pytest.mark.parametrize(
    "text",
    ["@" * 20_000, "a" * 20_000, "a@b<" * 5_000, '"' * 20_000, "mailto:" * 2_857, "ü" * 9_999 + "@" + "ü" * 9_999],
)
def test_no_text_keeps_the_site_busy(text):
    begun = time.process_time()
    pasted(text)
    assert time.process_time() - begun < 2


# Any list of addresses comes back exact, however it was copied ---------------------------------------------------------
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
locals_ = st.from_regex(r"[a-z0-9]([a-z0-9_'-]{0,6}[a-z0-9])?(\.[a-z0-9]{1,5})?", fullmatch=True)
domains = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4})?(\.[a-z]{1,5})?\.(example|fr|org)", fullmatch=True)
addresses = st.lists(st.builds("{}@{}".format, locals_, domains), min_size=1, max_size=8, unique_by=mailbox)
names = st.sampled_from(["", "Jean", "Dupont, Jean", "Zoé Martin", "J.-P. Lévy", "O’Brien", "李", "Dr. Ana de la Cruz"])
UNSEEN = ["\u200b", "\u00ad", "\ufeff", "\u2060", "\ufe0f"]
SEPARATORS = ["; ", ", ", "\n", "\r\n", "\v", "\u2028", "\t", " | ", ";\u00a0", ",\n", " "]
SHAPES = [
    "{0}",
    "<{0}>",
    "{1} <{0}>",
    '"{1}" <{0}>',
    "{1} ({0})",
    "mailto:{0}",
    "{1} <mailto:{0}>",
    "'{0}'",
    "{0}.",
    "« {0} »",
]
BULLETS = ["", "- ", "• ", "•", "1. ", "2)\t", "* ", "\uf0a7 "]


@st.composite
def mangled(draw):
    there = draw(addresses)
    text, odd_signs = "", draw(st.booleans())
    for address in there:
        place = draw(st.integers(0, len(address)))
        unseen = draw(st.sampled_from(UNSEEN)) if odd_signs else ""
        typed = address[:place] + unseen + address[place:]
        shape, name = draw(st.sampled_from(SHAPES)), draw(names)
        if text.endswith((" ", "\t")):  # an address right before another in angle brackets is its name
            shape = shape.replace("<", "(").replace(">", ")")
        text += draw(st.sampled_from(BULLETS)) + shape.format(typed, name) + draw(st.sampled_from(SEPARATORS))
        if draw(st.booleans()):
            text += shape.format(address, name) + "\n"
    return there, text


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mangled())
def test_a_mangled_list_comes_back_exact(case):
    there, text = case
    read = pasted(text)
    assert (list(read.addresses), read.not_understood) == (there, ())
