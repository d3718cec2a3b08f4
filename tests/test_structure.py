"""Texts in two languages, as templates put them on a page."""

from django.template import Context, Template
from django.utils.translation import override

from assessment.content.structure import Text


def shown(text: Text) -> str:
    return Template("{{ text }}").render(Context({"text": text}))


def test_a_text_is_shown_in_the_language_of_its_reader():
    text = Text("Yes", "Oui")
    for language, expected in (("en", "Yes"), ("fr", "Oui"), ("en", "Yes")):
        with override(language):
            assert shown(text) == expected


def test_what_looks_like_markup_in_a_text_is_shown_as_it_was_written():
    assert shown(Text("<b>R&D's</b>", "")) == "&lt;b&gt;R&amp;D&#x27;s&lt;/b&gt;"
