"""Everything that people read is marked for translation, and translated."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.template.base import Lexer, TokenType
from django.template.loader import render_to_string

ROOT = Path(__file__).parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MODULES = [
    path
    for path in sorted((ROOT / "assessment").rglob("*.py"))
    if not {"migrations", "management", "scoring"} & set(path.parts)  # commands speak to whoever runs them
]
WORD = re.compile(r"[^\W\d_]{2,}")
AS_THEY_ARE = {"English", "Français", "https"}  # each language names itself; addresses are the same in both
BOTH_LANGUAGES = "both_languages.html"  # the frame of what is rendered without a language: it says everything in both
AT_ONCE = {"500.html", "unread.html"}  # what stands in it
SHOWN = {"alt", "title", "aria-label", "aria-description", "placeholder", "label", "summary"}
LABELS = {"verbose_name", "verbose_name_plural", "site_header", "site_title", "index_title", "short_description"}
KEYWORDS = {"label", "help_text", "verbose_name", "description", "empty_label", "error_messages"}
ADVERTISING: set[str] = set()  # messages that speak of an advertising campaign: none does today
TELLING = {"success", "error", "warning", "info", "message_user", "Http404", "ValidationError", "RegexValidator"}


def test_every_text_has_its_french():
    done = subprocess.run(
        [sys.executable, ".ci/messages.py", "--check"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout + done.stderr


def french() -> Iterator[tuple[str, str]]:
    """Every message with its French, each form of its own."""
    with (ROOT / "assessment/locale/fr/LC_MESSAGES/django.po").open("rb") as file:
        catalog = read_po(file, locale="fr")
    for message in catalog:
        ids, texts = message.id, message.string
        for text in [texts] if isinstance(texts, str) else texts:
            yield (ids if isinstance(ids, str) else ids[0]), text


@pytest.mark.parametrize(
    ("word", "instead"),
    [
        (r"\bcampagnes?\b", "évaluation; a campagne is one of advertising"),
        (
            r"\b(tenir|tient|tiennent|tenue de)\b.{0,12}\bcomptes\b",
            "gérer or animer; who keeps accounts is a bookkeeper",
        ),
    ],
)
def test_a_word_that_marketers_would_misread_is_not_in_the_french(word, instead):
    about = [text for english, text in french() if english not in ADVERTISING and re.search(word, text, re.IGNORECASE)]
    assert about == [], instead


@pytest.mark.parametrize(
    ("english", "french_", "instead"),
    [
        (
            r"address (of|to) (your|the|each) questionnaire|address (that )?(you|it) began"
            r"|This address (opens|leads)|way back to",
            r"adresse (de|vers) (votre|chaque|le) questionnaire|adresse avec laquelle (vous avez|il a) commencé"
            r"|Cette adresse (ouvre|ramène)|(lien|adresse) de retour",
            "link: what opens a questionnaire again",
        ),
        (r"\b[Cc]ommunication\b", None, "communications: the function, as in the list of roles"),
        (r"\bTo reach\b", r"\bÀ atteindre\b", "done when: what follows is a statement, mostly of what was done"),
    ],
)
def test_one_thing_has_one_name(english, french_, instead):
    told = [told for told, _text in french() if re.search(english, told)]
    assert told + [text for _told, text in french() if french_ and re.search(french_, text)] == [], instead


@pytest.mark.parametrize(
    "words",
    [
        r"celles et ceux|ceux et celles",
        r"\w\(e\)",
        r"qui vous a invité\b|vous (êtes|avez été) (seul|invité|connecté|déconnecté)\b",
        r"\b(salariés?|collaborateurs?|employés?)\b",  # one word for them: le personnel
        r"\bUn collègue\b",
    ],
)
def test_the_french_takes_nobody_for_a_man(words):
    assert [text for _english, text in french() if re.search(words, text)] == []


def test_the_french_has_its_spaces_before_signs():
    """No-break before a colon and a per cent sign, narrow no-break before ; ! ? and inside « »."""
    wrong = re.compile(r"[ \u202f](:(?=\s|$)|%%)|[ \u00a0][;!?»]|«[^\u202f]|[^\u202f]»")
    assert [text for _english, text in french() if wrong.search(text)] == []


class Words(HTMLParser):
    """Collects the words of a page that stand in no tag, and those of attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style", "code"):
            self.silent.append(tag)
        attributes = dict(attrs)
        shown = [value for name, value in attrs if name in SHOWN]
        if tag == "meta" and attributes.get("name") == "description":
            shown.append(attributes.get("content"))
        if tag == "input" and attributes.get("type") in ("submit", "button"):
            shown.append(attributes.get("value"))
        for value in filter(None, shown):
            self.handle_data(value)

    def handle_endtag(self, tag):
        if tag in self.silent:
            self.silent.remove(tag)

    def handle_data(self, data):
        if not self.silent:
            self.found += WORD.findall(data)


def unmarked(template: str) -> list[str]:
    """The bare words of a template: outside its tags, variables, comments and translated blocks."""
    outside, left = [], []
    for token in Lexer(template).tokenize():
        name = token.contents.split()[0] if token.token_type == TokenType.BLOCK and token.contents else ""
        if outside:
            if name == outside[-1]:
                outside.pop()
        elif name in ("blocktranslate", "blocktrans", "comment"):
            outside.append(f"end{name}")
        elif name == "block" and token.contents.split()[1].endswith("class"):
            outside.append("endblock")  # a name for the stylesheet
        elif token.token_type == TokenType.TEXT:
            left.append(token.contents)
    words = Words()
    words.feed("".join(left))
    words.close()
    return [word for word in words.found if word not in AS_THEY_ARE]


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>{% translate 'Hello' %}, {{ name }}: 5 × 3 &amp; &nbsp;</p>", []),
        ("<p>Hello</p>", ["Hello"]),
        (
            "{% blocktranslate %}Hello <b>you</b>{% endblocktranslate %}{# a word #}{% comment %}word{% endcomment %}",
            [],
        ),
        ('<img alt="A radar">', ["radar"]),
        ('<img alt="{% translate "A radar" %}" class="radar">', []),
        ('<input type="submit" value="Send"><input value="plain">', ["Send"]),
        ("<script>let word</script><style>body</style><!-- words -->", []),
        ('<meta name="description" content="Some words"><title>Title</title>', ["Some", "words", "Title"]),
        ("<a>Français</a> <code>python -m</code>", []),
        ("{% block page_class %}narrow{% endblock %}{% block title %}Title{% endblock %}", ["Title"]),
    ],
)
def test_bare_words_are_found(template, words):
    assert unmarked(template) == words


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_bare_words(path):
    if path.name not in {BOTH_LANGUAGES, *AT_ONCE}:
        assert unmarked(path.read_text(encoding="utf-8")) == []


def test_few_templates_speak_both_languages_at_once():
    within = {
        path.name for path in TEMPLATES if f'{{% extends "{BOTH_LANGUAGES}" %}}' in path.read_text(encoding="utf-8")
    }
    assert within == AT_ONCE
    for name in AT_ONCE:
        page = render_to_string(name)
        assert re.search(r'<html lang="en">.*<h1>\w.*<section lang="fr">\s*<h2>\w', page, re.DOTALL)
        assert "{" not in page


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.txt")), ids=lambda path: path.name)
def test_a_mail_holds_no_bare_words(path):
    assert unmarked(path.read_text(encoding="utf-8")) == []


def bare(node: ast.AST) -> list[str]:
    """Words written out at this place, not handed to a translating function."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and WORD.search(node.value):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return [text for part in node.values for text in bare(part)]
    if isinstance(node, ast.BinOp):
        return bare(node.left)
    if isinstance(node, ast.Dict):
        return [text for value in node.values for text in bare(value)]
    return []


def untranslated(source: str) -> list[str]:
    """Texts for people in a module that no translating function sees: labels, messages, names of fields."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign):
            names = {getattr(target, "id", getattr(target, "attr", "")) for target in node.targets}
            found += bare(node.value) if names & LABELS else []
        elif isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            found += [text for keyword in node.keywords if keyword.arg in KEYWORDS for text in bare(keyword.value)]
            if called in TELLING:
                found += [text for argument in node.args[-1:] for text in bare(argument)]
            if called.endswith("Field") and called != "ManyToManyField" and node.args:
                found += bare(node.args[0])
    return found


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("verbose_name = _('round')", []),
        ("verbose_name = 'round'", ["round"]),
        ("messages.error(request, 'No way')", ["No way"]),
        ("messages.error(request, _('No %s') % x)", []),
        ("messages.error(request, f'No {x}')", ["No "]),
        ("name = models.CharField('name', max_length=3)", ["name"]),
        ("name = forms.CharField(label='Name', help_text=_('Yours'))", ["Name"]),
    ],
)
def test_unmarked_texts_of_modules_are_found(source, texts):
    assert untranslated(source) == texts


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT / "assessment")))
def test_a_module_holds_no_unmarked_text(path):
    assert untranslated(path.read_text(encoding="utf-8")) == []
