"""Links to evidence are taken as people paste them, and stored as a browser sends them; what is none is told apart."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assessment.text.links import LONGEST, LinkError, link, readable

TAKEN = {
    "https://intranet/charte.pdf": None,
    "http://intranet:8080/a?b=c#d": None,
    "https://my_server/x": None,
    "https://files_1.corp.local:65535/": None,
    "https://s.example/Documents partages/Charte.docx": "https://s.example/Documents%20partages/Charte.docx",
    "https://s.example/:w:/r/sites/a_b/_layouts/15/Doc.aspx?sourcedoc={1B2-3C}&x=<y>": (
        "https://s.example/:w:/r/sites/a_b/_layouts/15/Doc.aspx?sourcedoc=%7B1B2-3C%7D&x=%3Cy%3E"
    ),
    "<https://s.example/a>": "https://s.example/a",
    " « https://s.example/a » ": "https://s.example/a",
    "“https://s.example/a”": "https://s.example/a",
    "HTTPS://s.example/A": "https://s.example/A",
    "https://s.example/a\r\nb": "https://s.example/ab",  # wrapped by a mail program
    "https://s.ex\u200bample/\u202eabc\ufeff": "https://s.example/abc",
    "https://server\\partage\\charte 2.pdf": "https://server/partage/charte%202.pdf",
    "https://s.example/100%": "https://s.example/100%25",
    "https://s.example/100%25": None,
    "https://s.example/présentation/été#a": None,
    "https://münchen.example/": None,
    "https://192.168.0.12/x": None,
    "https://[2001:db8::1]:8443/x": None,
    "https://s.example./x": None,
    "https://s.example": None,
    "https://s.example?q=a b": "https://s.example?q=a%20b",
}
REFUSED = {
    "": LinkError.NOT_WEB,
    "s.example/x": LinkError.NOT_WEB,
    "intranet": LinkError.NOT_WEB,
    "ftp://s.example/x": LinkError.NOT_WEB,
    "javascript:alert(1)//https://s.example": LinkError.NOT_WEB,
    "java\u200bscript:alert(1)": LinkError.NOT_WEB,
    "https:/s.example": LinkError.NOT_WEB,
    "data:text/html,x": LinkError.NOT_WEB,
    "\\\\server\\share\\x.docx": LinkError.COMPUTER,
    "C:\\Users\\x.docx": LinkError.COMPUTER,
    "<Z:/x.docx>": LinkError.COMPUTER,
    "file:///home/x": LinkError.COMPUTER,
    "/home/x": LinkError.COMPUTER,
    "https://user:secret@s.example/": LinkError.PASSWORD,
    "https://s.example\\@evil.example/": None,  # browsers read a backslash as a slash, and so do we
    "https://": LinkError.HOST,
    "https:///x": LinkError.HOST,
    "https://a b/": LinkError.HOST,
    "https://exa\nmple.org": LinkError.HOST,
    "https://-a.example/": LinkError.HOST,
    "https://a..b/": LinkError.HOST,
    "https://1.2.3/": LinkError.HOST,
    "https://1.2.3.400/": LinkError.HOST,
    "https://a<b/": LinkError.HOST,
    "https://[::1": LinkError.HOST,
    "https://[::z]/": LinkError.HOST,
    'https://[::1%" onmouseover="x]/': LinkError.HOST,
    "https://xn--a/": LinkError.HOST,
    "https://h:٨٠/": LinkError.PORT,
    "(" * 1500 + ")" * 1500: LinkError.NOT_WEB,
    f"https://{'a' * 64}.example/": LinkError.HOST,
    "https://a.example/x https://b.example/y": LinkError.SEVERAL,
    "https://a.example/x\n<HTTP://b.example/y>": LinkError.SEVERAL,
    "https://s.example:0/": LinkError.PORT,
    "https://s.example:65536/": LinkError.PORT,
    "https://s.example:8080x/": LinkError.PORT,
    "https://s.example/" + "x" * LONGEST: LinkError.LONG,
    "https://s.example/" + " " * 700 + "x": LinkError.LONG,
}


@pytest.mark.parametrize("typed", TAKEN)
def test_a_link_is_taken_as_it_is_pasted(typed):
    assert link(typed) == (TAKEN[typed] or typed)
    assert link(link(typed)) == link(typed)


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_none_is_refused_for_its_own_reason(typed):
    if REFUSED[typed] is None:
        assert link(typed) == "https://s.example/@evil.example/"
        return
    with pytest.raises(LinkError) as caught:
        link(typed)
    assert caught.value.reason == REFUSED[typed]


def test_the_longest_link_is_taken():
    longest = "https://s.example/" + "x" * (LONGEST - 18)
    assert link(longest) == longest


@given(
    st.one_of(
        st.text(max_size=60),
        st.text(max_size=60).map("https://s.example/".__add__),
        st.text(max_size=9).map("http://".__add__),
    )
)
@example("https://s.example/%\u0660")
@example("https://s.example/a?b=\\c#\\")
@example("https://s.example/<\u00a0>%zz##")
def test_any_text_is_a_link_without_unsafe_signs_or_none(typed):
    try:
        found = link(typed)
    except LinkError:
        return
    assert found.startswith(("https://", "http://"))
    assert not set(found) & set(" \t\n\r<>\"'`{}|^\\") - {"'"}
    assert found.isprintable()
    assert link(found) == found
    assert readable(found).isprintable()


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("https://s.example/Documents%20partages/%C3%A9t%C3%A9", "https://s.example/Documents partages/été"),
        ("https://s.example/%E2%80%AEgnp.exe", None),  # would turn the line round
        ("https://s.example/%00%0A", None),
        ("https://s.example/%FF", None),
        ("https://s.example/a%20%20b", None),
    ],
)
def test_a_link_is_read_as_it_was_typed_unless_that_would_deceive(stored, shown):
    assert readable(stored) == (shown or stored)
