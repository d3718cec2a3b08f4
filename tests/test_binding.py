"""What is read as one stays on one line: the number of a level, a span of years, a verb with its subject."""

import pytest
from django.template import Context, Template
from django.utils import translation

from assessment.content.structure import Text
from assessment.text.binding import bound

NO_BREAK, JOINER = "\u00a0", "\u2060"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Level 2 to 3", "Level~2 to 3"),
        ("the levels 2 and 3", "the levels~2 and 3"),
        ("score de niveau 3, retenu au niveau 2", "score de niveau~3, retenu au niveau~2"),
        ("level %(level)s", "level~%(level)s"),
        ("a level of one’s own", "a level of one’s own"),
        ("in 2016-2017 and 2016–2017", "in 2016-|2017 and 2016–|2017"),
        ("from 2016 - 2017", "from 2016 - 2017"),
        ("Ils sont-ils formés ? Y a-t-il un plan ?", "Ils sont-|ils formés ? Y a-|t-|il un plan ?"),
        ("A-t-elle prévu d’aller au-delà de celui-ci ?", "A-|t-|elle prévu d’aller au-|delà de celui-|ci ?"),
        ("Faites-le, parlez-en, copiez-les", "Faites-|le, parlez-|en, copiez-|les"),
        ("une auto-évaluation, Bateaux-Mouches", "une auto-évaluation, Bateaux-Mouches"),
        ("", ""),
    ],
)
def test_signs_without_width_or_look_keep_it_together(text, shown):
    shown = shown.replace("~", NO_BREAK).replace("|", JOINER)
    assert bound(text) == shown
    assert bound(shown) == shown


def test_the_texts_of_a_questionnaire_are_bound_on_a_page():
    page = Template("{% load words %}{{ text|bound }}")
    text = Context({"text": Text("In 2016-2017 & before", "Les règles sont-elles écrites ?")})
    with translation.override("fr"):
        assert page.render(text) == f"Les règles sont-{JOINER}elles écrites ?"
    assert page.render(text) == f"In 2016-{JOINER}2017 &amp; before"


def test_a_sentence_is_bound_where_a_page_says_it_and_what_people_typed_is_not():
    text = Context({"typed": "Level 3 Ltd"})
    assert Template("{% load words %}{{ typed|isolated }}").render(text) == "Level 3 Ltd"


@pytest.mark.parametrize(("language", "word"), [("en", "level"), ("fr", "niveau")])
def test_what_a_template_says_of_a_level_is_bound_in_both_languages(language, word):
    source = "{% load i18n %}{% blocktranslate trimmed with level=3 %}level {{ level }}{% endblocktranslate %}"
    with translation.override(language):
        assert Template(source).render(Context()) == f"{word}{NO_BREAK}3"
