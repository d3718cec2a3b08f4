"""Whatever people type, in whichever form: it is cleaned or refused with a message, and leaves in no page, file or mail as a
control character; names stand isolated from the words around them."""

import io
import re
import unicodedata
import zipfile
from html.parser import HTMLParser

import pypdfium2
import pytest
from django.core import mail
from django.core.cache import caches
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assessment.models import Action, Answer, Organisation, Round, Share
from assessment.models.limit import Count
from assessment.rounds.closing import close
from assessment.rounds.inviting import open_link
from assessment.text.cleaning import is_readable, isolated, line, prose
from tests import factories

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
MANGLED = [
    "\u200b",
    "\u202e",
    "\u00ad",
    "\ufeff",
    "\u3164",
    "\u0301",
    "\x0b",
    "\x1b",
    "\x85",
    "\u2028",
    "\u200d",
    "=",
    "<b>",
]
anything = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=30),
    st.lists(st.sampled_from([*MANGLED, "L’Atelier", "É", "a\u0301", "漢字", "עברית", " ", "👩🏽‍💻"]), max_size=12).map(
        "".join
    ),
)
DOCUMENTS = ("report.csv", "report.json", "report.xlsx", "report.pdf", "summary.pdf")
QUESTION = "strategy-document"
NAME = "شركة ١٢٣ (Élan) 45"


class Names(HTMLParser):
    """Where a name is read in a page: `bare` are the tags that it stands in without a `bdi` around it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.open, self.bare, self.found = name, [], [], 0

    def handle_starttag(self, tag, attrs):
        if tag not in ("input", "meta", "link", "br", "img", "hr", "wbr", "source", "col"):
            self.open.append((tag, tag in ("bdi", "textarea", "option") or ("dir", "auto") in attrs))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        self.found += self.name in data
        if self.name in data.replace(f"\u2068{self.name}\u2069", "") and not any(apart for _tag, apart in self.open):
            self.bare.append((self.open[-1][0], data.strip()))


def everything(client, name: str, note: str, link: str) -> tuple[Organisation, Round, str] | None:
    """An organisation as its people make one by the forms of the site, with these words wherever words are asked for."""
    caches["default"].clear()  # all of them come from one network
    Count.objects.all().delete()
    begun = client.post("/start/", factories.START | {"name": name})
    if begun.status_code == 422:
        assert begun.context["form"].errors["name"]
        return None
    key = begun["Location"].split("/")[2]
    fields = {QUESTION: "level-1", f"{QUESTION}.note": note, f"{QUESTION}.evidence": link, "save": QUESTION}
    saved = client.post(f"/r/{key}/strategy/", fields)
    assert saved.status_code in (302, 422)
    of = Round.objects.latest("pk")
    factories.answer(of.responses.get(), factories.chosen(factories_levels(of)))
    client.post(f"/r/{key}/review/")
    client.force_login(factories.account(member_of=of.organisation))
    slug = of.organisation.slug
    client.post(f"/r/{key}/share/", factories.SHARE | {"label": name, "parts": ["answers", "notes", "plan"]})
    client.post(f"/organisations/{slug}/plan/", {"own-title": name, "own-who": name, "own-due": "2027-01-31"})
    step = of.responses.get(state="submitted").known_result.values.plan[0].question
    client.post(f"/organisations/{slug}/plan/", {"step": step, f"{step}.who": name, f"{step}.due": ""})
    for action in of.organisation.actions.all():
        said = {"state": "planned", "who": name, "note": note, "due": "2027-01-31", "title": name}
        client.post(f"/organisations/{slug}/plan/{action.pk}/", said)
    client.post(f"/organisations/{slug}/people/", {"invite": "1", "email": "a@example.org", "role": "member"})
    return of.organisation, of, key


def texts_of(address: str, data: bytes) -> list[str]:
    """What can be read in a file."""
    if address.endswith(".xlsx"):
        book = zipfile.ZipFile(io.BytesIO(data))
        return [book.read(part).decode() for part in book.namelist() if part.endswith(".xml")]
    if address.endswith(".pdf"):
        document = pypdfium2.PdfDocument(data)
        texts = [page.get_textpage().get_text_range() for page in document]
        document.close()
        return [re.sub("[\r\n\ufffe\x02]", "", text) for text in texts]  # where the reader breaks lines and words
    return [data.decode("utf-8-sig")]


def factories_levels(round_: Round) -> dict[str, str]:
    """Level 1 for every question but the one that the form answered."""
    asked = round_.responses.get().outline.questions
    return {key: question.choices[0].key for key, question in asked.items() if question.weight and key != QUESTION}


def addresses(organisation: Organisation, key: str) -> list[str]:
    home = f"/organisations/{organisation.slug}/"
    pages = [
        "",
        "plan/",
        "people/",
        "settings/",
        "rounds/1/",
        "rounds/1/what-if/",
        "rounds/1/share/",
        *(f"plan/{action.pk}/" for action in organisation.actions.all()),
    ]
    own = ["", "report/", "share/", "keep/", "what-if/", "erase/"]
    return [
        *(home + page for page in pages),
        *(f"/r/{key}/{page}" for page in own),
        "/organisations/",
        "/accounts/data/",
        "/accounts/delete/",
    ]


@pytest.mark.any_database
@settings(deadline=None, max_examples=6, suppress_health_check=list(HealthCheck))
@given(name=anything, note=anything, link=anything.map("https://s.example/".__add__))
@example(
    name="Acme\u202e \x0b\u200bx\u0301\ufeff", note="one\x0btwo\u2028three \x1b[0m\x85", link="<https://s.example/a b>"
)
@example(name="\u3164\u200b", note="", link="")
@example(name="0", note="\0", link="")
def test_what_is_typed_leaves_clean_everywhere(client, questionnaire, name, note, link):
    client.logout()
    made = everything(client, name, note, link)
    if made is None:
        assert "\0" in name or len(line(name)) > 200 or not is_readable(line(name))
        return
    organisation, of, key = made
    assert organisation.name == line(name)
    action, share, answer = (
        Action.objects.latest("pk"),
        Share.objects.latest("pk"),
        Answer.objects.get(question__key=QUESTION, response__round=of, response__state="submitted"),
    )
    refused = {""} if "\0" in note else set()  # the form of a step's action: its title stays the step's own
    assert {row.title for row in organisation.actions.all()} == {line(name)} | refused
    assert (action.who, share.label) == (line(name), line(name)[:80] if len(line(name)) <= 80 else "")
    expected = prose(note) if is_readable(prose(note)) else ""
    if "\0" not in note:
        assert action.note == expected
    assert answer.note in ("", prose(note))
    for address in addresses(organisation, key):
        page = client.get(address)
        assert page.status_code == 200, address
        assert not CONTROL.search(page.content.decode()), address
    home = f"/organisations/{organisation.slug}/"
    files = [f"/r/{key}/{document}" for document in DOCUMENTS]
    for address in [
        *files,
        f"{home}plan.csv",
        f"{home}plan.ics",
        f"{home}export.json",
        "/accounts/data.json",
        f"/r/{key}/charts/gains.svg",
    ]:
        document = client.get(address)
        assert document.status_code == 200, address
        assert not any(CONTROL.search(text) for text in texts_of(address, document.getvalue())), address
    changed = client.post(
        f"{home}plan/{action.pk}/", {"state": "started", "who": note, "note": name, "due": "", "title": name}
    )
    assert changed.status_code == (302 if "\0" not in note and len(line(note)) <= 200 else 422)
    client.post(f"{home}rounds/1/invite/", {"do": "mode", "mode": "open"})
    client.post(f"{home}rounds/1/invite/", {"do": "invite", "emails": f"{name} <b@example.org>"})
    factories.deliver()
    for sent in mail.outbox:
        assert not CONTROL.search(sent.subject + sent.body)
    # What a form shows, sent again, changes nothing.
    form = client.get(f"/organisations/{organisation.slug}/settings/").context["form"]
    again = client.post(f"/organisations/{organisation.slug}/settings/", {**form.initial, "name": form["name"].value()})
    assert again.status_code == 302
    assert Organisation.objects.get(pk=organisation.pk).name == organisation.name


@pytest.fixture
def arabic(client, questionnaire):
    return everything(client, NAME, f"{NAME} 6", "https://s.example/a")


HARD = {
    "from right to left": NAME,
    "long": "Fédération des très petites entreprises " * 5,
    "marks": "E\u0323\u0308\u0302lan",
}


@pytest.mark.parametrize("name", HARD.values(), ids=HARD)
def test_a_hard_name_stands_isolated_on_every_page(client, questionnaire, name):
    name = line(name)
    organisation, of, key = everything(client, name, f"{name} 6", "https://s.example/a")
    home = f"/organisations/{organisation.slug}/"
    seen = 0

    def look(*pages):
        nonlocal seen
        for address in pages:
            page = client.get(address)
            assert page.status_code == 200, address
            read = Names(name)
            read.feed(page.content.decode())
            assert read.bare == [] or isolated(name) == name, address
            seen += read.found

    look(*addresses(organisation, key), f"/shared/{factories.reading_link(of, at=factories.NOON)[1]}/")
    token = open_link(of, at=factories.NOON).token
    look(f"{home}rounds/1/invite/", f"/join/{token}/", home)
    close(of, at=factories.NOON)
    look(f"{home}rounds/start/")
    assert seen > 25
    said = client.post(reverse("organisation_delete", args=[organisation.slug]), {"confirm": name}, follow=True)
    assert f"{isolated(name).strip()} is deleted" in said.content.decode()


def test_a_name_stands_isolated_in_mails(client, arabic):
    factories.deliver()
    sent = mail.outbox[-1]
    assert f"\u2068{NAME}\u2069" in sent.subject + sent.body
    assert NAME not in (sent.subject + sent.body).replace(f"\u2068{NAME}\u2069", "")


@pytest.mark.parametrize("sign", ["\x0b", "\x1b", "\x7f", "\x85", "\x9f"])
def test_what_is_shown_again_as_it_was_typed_has_no_control_character(client, questionnaire, sign):
    page = client.post("/start/", {"name": f"Ac{sign}me"})
    assert page.status_code == 422
    assert 'value="Acme"' in page.content.decode()


def test_the_name_was_not_easy():
    assert {unicodedata.bidirectional(sign) for sign in NAME} >= {"AL", "AN", "EN", "L"}
