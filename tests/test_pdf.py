"""The report as PDF, read back from its bytes: what it says, how it is tagged, and that what people typed stays text."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from threading import Event, Thread

import pypdf
import pypdfium2
import pytest
from django.conf import settings
from django.template.defaultfilters import capfirst
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from typst import TypstError

from assessment import scoring
from assessment.content.structure import Text
from assessment.documents import pdf, printed, typesetting
from assessment.documents.pdf import report_pdf, summary_pdf
from assessment.documents.typesetting import BOX, BREAK, Printable
from assessment.report.evidence import Criterion, Edition
from assessment.report.parts import WHOLE, Part, Report, Voice
from assessment.wording import barometer, effect, figures, joint, leads, numbers, place, sentences
from tests.factories import at_the_same_time, level, report_on
from tests.report_values import HOSTILE, REFERENCES, compared, of_several, told_in, typed, without_score
from tests.sampling import examples
from tests.test_report import mixed

MOST_BYTES = 200_000
WHY = Text("What was found", "Ce qui a été constaté")


@pytest.fixture(scope="module")
def content(shipped):
    return shipped[0]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def edition(content, number: int) -> Edition:
    """An edition of the barometer that names a gap carried by the first question, and a point that none asks about."""
    carried = content.dimensions[0].questions[0].findings[0]
    points = [
        Criterion(key, kind, Text(f"a point {kind}", f"un point {kind}"), WHY, "strategy", "read")
        for key, kind in ((carried, "gap"), ("nobody-asks", "outlook"))
    ]
    return Edition(number, WHY, "Hootsuite", Text("in May", "en mai"), 312, WHY, True, tuple(points))


def with_everything(content) -> Report:
    """A report of one person with a plan, notes, links, figures, the barometer and two earlier rounds."""
    before = (content, report_on(content, level(2)).result)
    editions = [edition(content, number) for number in (2016, 2017)]
    told = compared(report_on(content, mixed, references=REFERENCES, before=before, barometer=editions))
    first = replace(told.before, round_number=1)
    dimensions = [replace(part, first=part.before) for part in told.dimensions]
    question = dimensions[0].questions[0]
    said = replace(question.given, note="Vu le 3 mars.\n\nÀ revoir", evidence="https://example.org/charte-des-réseaux")
    questions = (replace(question, given=said), *dimensions[0].questions[1:])
    dimensions[0] = replace(dimensions[0], questions=questions)
    contradictions = tuple(rule.text for rule in content.consistency[:2])
    return replace(told, first=first, dimensions=tuple(dimensions), contradictions=contradictions)


class Made:
    """A report with the document made of it, in one language."""

    def __init__(self, told: Report, language: str):
        with translation.override(language):
            self.told, self.language = told, language
            self.bytes = report_pdf(told)
        self.reader = opened(self.bytes)
        self.text = text_of(self.bytes)


@pytest.fixture(scope="module", params=["en", "fr"])
def made(request, content):
    return Made(with_everything(content), request.param)


def opened(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(data), strict=True)


def text_of(data: bytes) -> str:
    """What one copies out of all pages, as one line without the places where lines and long words were broken."""
    document = pypdfium2.PdfDocument(data)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return squeezed("".join(pages))


def squeezed(text: str) -> str:
    """Without white space and hyphens, at which lines and pages end as they will, and without marks that nobody sees."""
    return re.sub(f"[\\s{BREAK}\u202f\ufffe\xad\x02-]", "", str(text))


def elements(reader: pypdf.PdfReader) -> Iterator[dict]:
    """Every element of the tags, in reading order."""
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop()
        children = element.get("/K", []) if isinstance(element, dict) else []
        children = children.get_object() if isinstance(children, pypdf.generic.IndirectObject) else children
        listed = children if isinstance(children, list) else [children]
        waiting += [child.get_object() for child in reversed(listed) if not isinstance(child, int)]
        if isinstance(element, dict) and "/S" in element:
            yield element


def of_kind(made: Made, kind: str) -> list[dict]:
    return [element for element in elements(made.reader) if element["/S"] == kind]


# How it is tagged ----------------------------------------------------------------------------------------------------
def test_it_says_that_it_is_tagged_and_in_which_language_and_shows_its_title(made):
    root = made.reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 (a PDF boolean)
    assert root["/Lang"] == made.language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    with translation.override(made.language):
        title = gettext("Report: %(name)s") % {"name": "Maison Dupont"}
    assert made.reader.metadata.title == title
    xmp = root["/Metadata"].get_data().decode()
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>", xmp)
    assert made.reader.metadata.author is None


def test_each_chart_is_a_figure_with_the_text_alternative_of_the_page(made):
    with translation.override(made.language):
        told = [figures.rule(made.told)]
    assert [figure["/Alt"] for figure in of_kind(made, "/Figure")] == told


def test_tables_have_heads_and_headings_skip_no_level(made):
    bars, earlier, criteria, published = 1, 1, 1, 1
    assert len(of_kind(made, "/Table")) == bars + earlier + len(made.told.dimensions) + criteria + published
    for table in of_kind(made, "/Table"):
        inside = [element["/S"] for element in walk(table)]
        assert {"/THead", "/TBody", "/TH", "/TD"} <= set(inside)
    levels = [int(found["/S"][2]) for found in elements(made.reader) if re.fullmatch(r"/H[1-6]", found["/S"])]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def walk(element: dict) -> Iterator[dict]:
    for child in element.get("/K", []):
        found = child.get_object() if not isinstance(child, int) else None
        if isinstance(found, dict) and "/S" in found:
            yield found
            yield from walk(found)


def test_the_parts_are_bookmarks_in_the_order_of_the_page(made):
    with translation.override(made.language):
        parts = ["Your next steps", "Since the last round", "Dimension by dimension"]
        parts += ["Against the barometer", "Beside published figures", "Questions to ask the team"]
        parts = [gettext(part) for part in parts]
    assert [entry.title for entry in made.reader.outline if not isinstance(entry, list)] == parts


def test_every_page_has_its_number_and_those_after_the_cover_whose_it_is(made):
    total = len(made.reader.pages)
    for number, page in enumerate(made.reader.pages, start=1):
        with translation.override(made.language):
            told = gettext("Page {number} of {total}").format(number=number, total=total)
        assert squeezed(told) in squeezed(page.extract_text())
        assert "MaisonDupont" in squeezed(page.extract_text())


# What it says --------------------------------------------------------------------------------------------------------
def test_the_sentences_of_the_page_copy_out_with_their_accents(made):
    told = made.told
    with translation.override(made.language):
        said = [sentences.opening(told), sentences.certainty(told), place.ends(told), leads.beside(told)]
        said += [sentences.plan(told), joint.prepared(told)]
        said += [sentences.dimension(part) for part in told.dimensions]
        said += [
            place.held(told),
            place.place_in_full(told),
            effect.effect(told),
            *map(capfirst, effect.effect_moves(told)),
            leads.checking(told),
            leads.before_lead(told),
            *leads.method(),
        ]
        said += [sentences.figure(pair) for part in told.comparisons for pair in part.figures]
        said += [sentences.reference(item) for part in told.dimensions for item in part.references]
        said += [barometer.barometer(told), barometer.measure(told), barometer.of_figures()]
        said += [barometer.shortfall(part) for part in told.criteria]
        said += [barometer.stands(part) for part in told.criteria]
        said += [*told.contradictions, *(step.first_move for step in told.plan if step.first_move)]
        assert [text for text in said if squeezed(text) not in made.text] == []
    if made.language == "fr":
        assert set("«»é’à") <= set(made.text)


def test_every_question_stands_with_its_answer_points_and_weight(made):
    with translation.override(made.language):
        for part in made.told.dimensions:
            for question in part.questions:
                points = sentences.state(question) if question.score is None else numbers.points(question.score)
                row = [question.text, sentences.answer(question), points, numbers.points(question.weight)]
                assert squeezed("".join(map(str, row))) in made.text


def test_every_step_stands_with_gain_effort_and_who(made):
    assert len(made.told.plan) == 5
    with translation.override(made.language):
        for step in made.told.plan:
            for said in (step.to, numbers.gain(step.gain), sentences.step(step), numbers.effort(step.effort)):
                assert squeezed(said) in made.text


def test_notes_are_there_and_links_lead_where_they_say(made):
    assert squeezed("Vu le 3 mars. À revoir") in made.text
    assert links(made.reader) == {"https://example.org/charte-des-r%C3%A9seaux", *OURS}


OURS = {"http://testserver/", "http://testserver/methodology/", "http://testserver/methodology/#studies"}


def links(reader: pypdf.PdfReader) -> set[str]:
    found = [note.get_object().get("/A", {}) for page in reader.pages for note in page.get("/Annots", [])]
    return {action["/URI"] for action in found if "/URI" in action}


def test_it_is_small_fetches_nothing_and_names_no_place_of_this_machine(made):
    assert len(made.bytes) < MOST_BYTES
    whole = b"".join(repr(obj).encode() for obj in every_object(made.reader))
    for name in (b"/EmbeddedFile", b"/JavaScript", b"/Launch", b"/GoToR", b"/Filespec", b"/SubmitForm"):
        assert name not in whole
    assert str(settings.BASE_DIR).encode() not in made.bytes + whole
    fonts = {obj["/Type"]: obj for obj in every_object(made.reader) if isinstance(obj, dict) and "/FontName" in obj}
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in fonts.values())


def every_object(reader: pypdf.PdfReader) -> list:
    size = reader.trailer["/Size"]
    return [reader.get_object(pypdf.generic.IndirectObject(number, 0, reader)) for number in range(1, size)]


def test_the_same_report_gives_the_same_bytes(made):
    with translation.override(made.language):
        assert report_pdf(made.told) == made.bytes


def test_only_pages_that_everybody_may_read_are_linked(content):
    told = report_on(content, level(3))
    assert links(opened(report_pdf(told))) == OURS - {"http://testserver/methodology/#studies"}
    assert links(opened(summary_pdf(told))) == OURS - {"http://testserver/methodology/#studies"}


def test_it_ends_with_the_site_the_version_the_day_and_whose_answers_it_was_made_from(made):
    with translation.override(made.language):
        end = text_of(made.bytes).rpartition(squeezed(gettext("How this score is made")))[2]
        day = date_format(made.told.subject.made_at, "DATE_FORMAT")
        for said in ("testserver", leads.checking(made.told), day, joint.prepared(made.told)):
            assert squeezed(said) in end


def test_documents_are_made_in_several_threads_at_once(content):
    told = report_on(content, level(3))
    alone = summary_pdf(told)
    assert at_the_same_time(*[lambda: summary_pdf(told)] * 4) == [alone] * 4


def test_a_document_is_handed_out_before_its_memory_is_free_for_which_only_the_next_one_waits(content, monkeypatch):
    free, nothing = Event(), typesetting._nothing()
    with typesetting._one_at_a_time:  # what the document before freed is free
        pass
    monkeypatch.setattr(typesetting, "_nothing", lambda: free.wait(60) and nothing)
    told = report_on(content, level(2))
    made = summary_pdf(told)
    assert typesetting._one_at_a_time.locked()
    free.set()
    assert summary_pdf(told) == made


def test_neither_a_document_that_cannot_be_made_nor_a_thread_holds_up_the_next(content, monkeypatch):
    def refuse(thread):
        raise RuntimeError("can't start new thread")

    with pytest.raises(TypstError):
        typesetting.pdf("report.typ", {}, {}, at=0)
    with monkeypatch.context() as patched:
        patched.setattr(Thread, "start", refuse)
        assert summary_pdf(report_on(content, level(2)))
    assert summary_pdf(report_on(content, level(2)))


# What is left out ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["solo", "no score", "open", "confidential"])
def test_what_a_report_does_not_show_is_in_no_document(content, how):
    told = told_in(how, content, frozenset())
    text = text_of(report_pdf(told))
    for part in content.dimensions:
        assert not any(squeezed(question.text) in text for question in part.questions)
    for title in ("Your next steps", "To do first", "Against the barometer", "Where views differ", "What people wrote"):
        assert squeezed(title) not in text
    assert squeezed("Compared with earlier rounds") not in text
    assert squeezed("Coverage") in text
    assert len(opened(summary_pdf(told)).pages) == 1


def test_notes_beyond_the_room_there_is_are_left_out_and_counted(content):
    told = typed(report_on(content, level(3)), "x" * 1500)
    few = printed.MOST_CHARACTERS // 3000
    data = pdf.whole(told)
    kept = [
        note
        for part in data["dimensions"]["parts"]
        if part["notes"]
        for item in part["notes"]["items"]
        for note in item["notes"]
    ]
    every = sum(bool(question.given and question.given.note) for part in told.dimensions for question in part.questions)
    assert every > few >= len(kept) > 0
    assert f"{every - len(kept)} notes are not printed here for want of room" in data["left_out"]


def test_notes_alone_are_shown_without_what_people_differ_on(content):
    told = of_several(content, [1, 3, 5, 2], scoring.Mode.OPEN, shows=frozenset({Part.NOTES, Part.ANSWERS}))
    text = text_of(report_pdf(told))
    assert squeezed("What people wrote") in text
    assert squeezed("We never agreed") in text
    assert squeezed("Where views differ") not in text
    assert squeezed(joint.views(told)) not in text


def test_a_report_of_several_says_where_they_differ_and_what_each_role_thinks(content):
    told = of_several(content, [1, 3, 5, 2], scoring.Mode.OPEN)
    text = text_of(report_pdf(told))
    assert squeezed(joint.views(told)) in text
    assert squeezed(joint.basis(told.joint)) in text
    for view in told.by_role:
        means = map(joint.role_view, view.by_role)
        assert squeezed(f"{view.question.text} {' '.join(means)}") in text
    assert squeezed(f"We never agreed{numbers.role('sales')}") in text


def test_nothing_that_applies_leaves_a_report_that_can_be_printed(content):
    every = tuple(part.key for part in content.dimensions if part.scored)
    told = report_on(content, level(3), left_out=every)
    text = text_of(report_pdf(told))
    assert squeezed(sentences.opening(told)) in text
    assert len(opened(summary_pdf(told)).pages) == 1


# The one page --------------------------------------------------------------------------------------------------------
def test_the_summary_is_one_tagged_page_with_level_profile_and_steps(made, content):
    with translation.override(made.language):
        data = summary_pdf(made.told)
        said = [sentences.opening(made.told), place.ends(made.told), place.place_in_full(made.told)]
        said += [barometer.gaps_title(made.told), leads.plan_lead(made.told), joint.prepared(made.told), "testserver"]
        for step in made.told.plan:
            told = [step.title, step.first_move, numbers.role(step.owner), numbers.effort(step.effort)]
            said += [*map(str, told), numbers.gain(step.gain)]
    reader, text = opened(data), text_of(data)
    assert (len(reader.pages), reader.trailer["/Root"]["/Lang"]) == (1, made.language)
    assert [text_ for text_ in said if squeezed(text_) not in text] == []
    assert len([found for found in elements(reader) if found["/S"] == "/Figure"]) == 1


def long_steps(told: Report) -> Report:
    """A report whose five steps are as long as a questionnaire may have them."""
    title, move = (
        Text("Write down it all " * 4, "Mettre tout par écrit " * 3),
        Text("and again " * 50, "et encore " * 50),
    )
    return replace(told, plan=tuple(replace(step, title=title, first_move=move) for step in told.plan))


HOW = {
    "level 3": lambda content: report_on(content, level(3)),
    "held": lambda content: report_on(content, lambda question: level(1 if "charter" in question.key else 5)(question)),
    "no score": without_score,
    "no plan": lambda content: report_on(content, level(5)),
    "hidden plan": lambda content: report_on(content, level(3), shows=WHOLE - {Part.PLAN}),
    "nothing shown": lambda content: report_on(content, level(3), shows=frozenset()),
    "confidential": lambda content: of_several(content, [1, 3, 5, 2, 3], scoring.Mode.CONFIDENTIAL),
    "open": lambda content: of_several(content, [1, 3, 5, 2], scoring.Mode.OPEN),
    "a colleague's": lambda content: voiced(report_on(content, level(3)), Voice.YOURS),
    "long steps": lambda content: long_steps(report_on(content, level(1))),
    "nothing applies": lambda content: report_on(
        content, level(3), left_out=tuple(part.key for part in content.dimensions if part.scored)
    ),
    "steps without a title": lambda content: untitled(report_on(content, level(1))),
    "rules of before": lambda content: report_on(content, mixed, rules=1),
}


def untitled(told: Report) -> Report:
    """A report of a questionnaire of before steps: a question, and the statement to reach."""
    return replace(told, plan=tuple(replace(step, title=None, first_move=None) for step in told.plan))


def voiced(told: Report, voice: Voice) -> Report:
    return replace(told, subject=replace(told.subject, voice=voice))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("how", HOW)
def test_the_one_page_is_one_and_the_steps_of_the_report_stand_on_one(content, how, language):
    told = HOW[how](content)
    long = replace(told, subject=replace(told.subject, organisation="Société coopérative " * 10))
    with translation.override(language):
        for one in (told, long):
            data = summary_pdf(one)
            assert len(opened(data).pages) == 1
            assert squeezed(sentences.opening(one)) in text_of(data)
            assert squeezed(joint.prepared(one)) in text_of(data)
        pages = [squeezed(page.extract_text()) for page in opened(report_pdf(long)).pages]
        titles = [squeezed(step.title or step.question.text) for step in long.plan]
        assert not titles or any(all(title in page for title in titles) for page in pages[1:])


def test_a_name_without_a_space_stays_on_the_one_page(content):
    told = without_score(content)
    data = summary_pdf(replace(told, subject=replace(told.subject, organisation="W" * 200)))
    assert len(opened(data).pages) == 1
    assert "W" * 200 in text_of(data)


def test_a_colleague_s_document_speaks_by_their_answers(content):
    text = text_of(summary_pdf(voiced(report_on(content, level(3)), Voice.YOURS)))
    for said in ("By your answers, the level is 3 of 5", "Prepared from your answers.", "Maison Dupont"):
        assert squeezed(said) in text


def test_a_held_level_is_told_on_both_documents_and_in_the_picture(content):
    told = HOW["held"](content)
    for data in (summary_pdf(told), report_pdf(told)):
        assert squeezed(place.held(told)) in text_of(data)
        (alternative,) = [found["/Alt"] for found in elements(opened(data)) if found["/S"] == "/Figure"]
        assert place.held_at(told) in alternative


def test_brakes_and_strengths_stand_before_the_other_answers_of_their_dimension(made):
    with translation.override(made.language):
        body = made.text.partition(squeezed(gettext("Dimension by dimension")))[2]
        for part in made.told.dimensions:
            rest = [question for question in part.questions if question not in (*part.weak, *part.strong)]
            asked = [
                *(one for one in (*part.weak, *rest) if one.is_weak),
                *(one for one in (*part.strong, *rest) if one.is_strong),
                *(one for one in rest if not one.is_weak and not one.is_strong),
            ]
            rows = [squeezed(f"{one.text}{sentences.answer(one)}") for one in asked]
            assert (places := [body.find(row) for row in rows]) == sorted(places)
            assert -1 not in places


def test_no_answer_without_points_stands_among_the_other_answers(content):
    """A dimension names three brakes and three strengths; more answers of either kind stand with them."""
    for number, title in ((1, "Holds it back"), (5, "Strong")):
        part = printed.dimensions(report_on(content, level(number)))["parts"][0]
        assert [group["title"] for group in part["why"]["groups"]] == [title]
        assert len(part["why"]["groups"][0]["rows"]) == len(content.dimensions[0].questions) > 3
    several = report_on(content, lambda question: level(1 + len(question.key) % 5)(question))
    for part, told in zip(several.dimensions, printed.dimensions(several)["parts"], strict=True):
        groups = {group["title"]: len(group["rows"]) for group in told["why"]["groups"]}
        scores = [question.score for question in part.questions]
        assert groups.get("Other answers", 0) == sum(50 <= score < 75 for score in scores)
        assert groups.get("Holds it back", 0) == sum(score < 50 for score in scores)


def test_a_finding_stands_once_with_its_edition_and_where_one_stands(made):
    assert made.text.count(squeezed(barometer.of_figures())) <= 1
    with translation.override(made.language):
        assert squeezed(gettext("No published figure.")) not in made.text
        prefix = gettext("The same edition published this figure on it: %(text)s") % {"text": ""}
        assert squeezed(prefix) not in made.text
        gaps = [part for part in made.told.criteria if part.is_gap]
        for part in gaps:
            said = f"{capfirst(str(part.criterion.title))}.{part.criterion.text}{part.edition}{barometer.stands(part)}"
            assert squeezed(said) in made.text


# What people type ----------------------------------------------------------------------------------------------------
MARKUP = ["#import \"x.typ\": *", "$x^2$ *a* _b_ `c` \\ <a> @ref", "= H\n- list\n+ one\n/ a: b", "// no /* comment */",
          "#eval(\"1\") #panic()", "~ -- --- ... 'a' \"b\"", "https://example.org/#a", "[x](y) {z} #{1} ]["]  # fmt: skip


@pytest.mark.parametrize("place", range(3))
def test_what_looks_like_markup_or_a_formula_is_printed_as_typed(content, place):
    texts = [*MARKUP, *(text for text in HOSTILE if text.isprintable() and text.isascii())]
    texts = texts[place:] + texts[:place]
    text = text_of(report_pdf(typed(report_on(content, level(3)), *texts)))
    assert [said for said in texts if squeezed(said) not in text] == []


def test_every_hostile_text_can_be_printed_and_leads_nowhere(content):
    data = report_pdf(typed(of_several(content, [1, 3, 5], scoring.Mode.OPEN), *HOSTILE))
    assert links(opened(data)) == OURS - {"http://testserver/methodology/#studies"}


def test_a_note_of_5000_characters_is_there_to_its_last_and_an_endless_word_stays_on_the_page(content):
    note = ("ß" * 300 + " ") * 16 + "the end"
    told = typed(report_on(content, level(3)), "Maison Dupont", *["short"] * 5, note)
    data = report_pdf(told)
    said = [part.given for dimension in told.dimensions for part in dimension.questions]
    notes = sum((given.note == note) + (given.evidence == note) for given in said)
    text = text_of(data)  # a note may go on to the next page, with the foot of this one in its midst
    assert (text.count("ß"), text.count("theend")) == (notes * 300 * 16, notes)
    document = pypdfium2.PdfDocument(data)
    for page in document:
        drawn = page.get_textpage()
        right = max((drawn.get_charbox(place)[2] for place in range(drawn.count_chars())), default=0)
        assert right < page.get_width() - 40
    document.close()


def test_text_from_right_to_left_copies_out(content):
    said = "שלום עולם"
    told = typed(report_on(content, level(3)), said)
    text = text_of(summary_pdf(told))
    assert all(word in text or word[::-1] in text for word in said.split())  # a line is read from left to right


def test_a_character_that_no_font_has_becomes_a_box_and_the_end_says_how_many(content):
    told = typed(report_on(content, level(3)), "漢字 Dupont", "漢\x00")
    text = text_of(report_pdf(told))
    assert squeezed(f"{BOX}{BOX} Dupont") in text
    assert squeezed("3 characters of this document have no sign in its fonts") in text
    assert "漢" not in text
    assert squeezed("in its fonts") not in text_of(report_pdf(report_on(content, level(3))))


@pytest.mark.parametrize(
    ("typed_in", "printed", "missing"),
    [
        ("Café « été » œuvre ½ → ☐", "Café « été » œuvre ½ → ☐", 0),
        ("a\u202fb\u00a0c", "a\u202fb\u00a0c", 0),
        ("e\u0301", "e\u0301", 0),  # a mark stays with its letter
        ("\u0301a", f"{BOX}a", 1),  # a mark on nothing
        ("❤\ufe0f", "❤", 0),
        ("👩\u200d💻!", f"{BOX}!", 1),  # joined, one sign
        ("漢漢字", f"{BOX}{BOX}{BOX}", 2),
        ("a\x00\x07b", f"a{BOX}{BOX}b", 2),
        ("\ud800", BOX, 1),
        ("a\r\nb\u2028c\td", "a\nb\nc d", 0),
        ("a\u202egnp.exe", "agnp.exe", 0),  # nothing turns a line round
        ("\u2068שלום 1\u2069 2", "\u2068שלום 1\u2069 2", 0),  # but a name from right to left has its own direction
        ("x" * 30, BREAK.join(["x" * 8, "x" * 8, "x" * 8, "x" * 6]), 0),
        ("", "", 0),
    ],
)
def test_what_can_be_printed_is_told_by_the_sign(typed_in, printed, missing):
    signs = Printable()
    assert signs.data({"key": [typed_in, None, 1]}) == {"key": [printed, None, 1]}
    assert len(signs.missing) == missing


@hypothesis_settings(max_examples=examples(15), deadline=None)
@given(st.text(max_size=200), st.text(max_size=400))
def test_any_text_can_be_printed(name, note):
    signs = Printable()
    data = {"title": signs.text(f"Of {name}"), "language": "fr"}
    cover = signs.text(f"{name} {note}")
    made = typesetting.pdf("summary.typ", PLAIN | data | {"head": PLAIN["head"] | {"opening": cover}}, {}, at=0)
    assert len(opened(made).pages) == 1


PLAIN = {
    "title": "", "language": "en", "product": "", "header": "", "kind": "", "page": "{number}", "boxes": None, "plan": None,
    "peers": "",
    "colours": {"ink": "#000", "muted": "#000", "hairline": "#000"}, "gaps": None,
    "bars": {"title": "Bars", "head": ["a", "b", "c"], "rows": [], "legend": [], "beside": ""},
    "colophon": {"prepared": "", "levels": "", "site": {"href": "https://a.example", "text": "a"},
                 "method": {"href": "https://a.example/m", "text": "m"}},
    "head": {"organisation": "", "facts": "", "demo": "", "opening": "", "meaning": "", "erased": "", "rule": "",
             "place": "", "held": "", "certainty": ""},
}  # fmt: skip


def test_no_line_ends_within_what_french_reads_as_one(content):
    told = report_on(content, level(2))
    often = "Au-delà, sont-ils et a-t-elle " * 12
    told = replace(told, plan=tuple(replace(step, first_move=Text(often, often)) for step in told.plan))
    with translation.override("fr"):
        for data in (report_pdf(told), summary_pdf(told)):
            with pypdfium2.PdfDocument(data) as pages:
                text = "\n".join(page.get_textpage().get_text_bounded() for page in pages)
            assert re.search("\x02(delà|t-|ils|elle)", text) is None  # how a hyphen at the end of a line is read
