"""What the two forms of a report that are read claim, the page and the PDF, from their bytes (see `tests.claims`)."""

import io
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

import pypdf
import pypdfium2
from django.utils.translation import gettext, ngettext

from assessment.charts.rule import NUMBER, NUMERAL, TITLE
from assessment.content.structure import DimensionContent, QuestionnaireContent
from assessment.text.binding import WORD_JOINER
from tests.claims import NOTHING, Claims, plain, span, squeezed, step_claims
from tests.drawn import sized


# The page ------------------------------------------------------------------------------------------------------------
class Node:
    """One element of a page."""

    def __init__(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.tag, self.attributes, self.children = tag, attributes, []

    def all(self, tag: str, name: str = "") -> "list[Node]":
        """Every element inside with this tag, of this class if named."""
        found = []
        for child in self.children:
            if isinstance(child, Node):
                if child.tag == tag and (not name or name in (child.attributes.get("class") or "").split()):
                    found.append(child)
                found += child.all(tag, name)
        return found

    @property
    def text(self) -> str:
        return " ".join(
            "".join(child if isinstance(child, str) else f" {child.text} " for child in self.children).split()
        )

    @property
    def own_text(self) -> str:
        return " ".join("".join(child for child in self.children if isinstance(child, str)).split())


class Tree(HTMLParser):
    """The elements of a page, without the signs against line ends, which show nothing."""

    VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open = [Node("", {})]
        self.feed(page.replace(WORD_JOINER, ""))
        self.root = self.open[0]

    def handle_starttag(self, tag, attrs):
        node = Node(tag, dict(attrs))
        self.open[-1].children.append(node)
        if tag not in self.VOID:
            self.open.append(node)

    def handle_endtag(self, tag):
        while len(self.open) > 1 and self.open.pop().tag != tag:
            pass

    def handle_data(self, data):
        self.open[-1].children.append(data)


def of_page(data: bytes, asked: QuestionnaireContent) -> Claims:
    """What the page says in its words, its tables and the text alternatives of its charts."""
    page = Tree(data.decode()).root
    alternatives = [image.attributes["alt"] for image in page.all("img")]
    yield from _of_rule(alternatives)
    yield "sentence", squeezed(page.all("h1")[0].text)
    yield "level", "–".join(re.findall(r"\d", page.all("p", "standing")[0].text))
    yield from _of_stairs(page.all("svg", "stairs")[0].attributes["aria-label"])
    for heading in page.all("h2"):
        if heading.attributes.get("id") == "gaps":
            closed, applicable = re.findall(r"\d+", heading.text)
            yield "gaps closed", f"{closed} of {applicable}"
    table = next(
        table
        for table in page.all("table")
        if table.all("caption")[0].text == gettext("Score, level and coverage by dimension")
    )
    for row in table.all("tr")[1:]:
        yield from _dimension_row([cell.text for cell in (*row.all("th"), *row.all("td"))])
    for line in page.all("ul", "bars")[0].all("li"):
        if line.all("span", "value"):
            about = line.all("span", "name")[0].text
            yield f"{about}: score", line.all("span", "value")[0].text
            yield f"{about}: level", re.search(r"\d", line.all("span", "of")[0].text).group()
    for line in page.all("details", "line"):
        yield from _line(line)
    yield from _plan(page)


def _of_stairs(told: str) -> Claims:
    """The score or its range, from the text alternative of the stairs."""
    numbers = re.findall(r"\d+", told)
    if numbers[2:3] == ["100"]:  # a level with its score out of 100
        yield "level", numbers[0]
        yield "score", numbers[1]


def _plan(page: Node) -> Claims:
    """The steps: their questions and gains as they stand one below the other, and in the table beneath."""
    lists = page.all("ol", "plan")
    if not lists:
        return
    steps = lists[0].all("li")
    rows = next(
        table.all("tr")[1:]
        for table in page.all("table")
        if table.all("caption")[0].text == gettext("The steps with today’s answer, gain and score afterwards")
    )
    for number, (step, row) in enumerate(zip(steps, rows, strict=True), start=1):
        yield f"step {number}: question", step.all("span", "asked")[0].text
        gain, effort = (cell.text for cell in step.all("dl", "facts")[0].all("dd")[:2])
        told, after = (cell.text for cell in row.all("td", "number"))
        yield from step_claims(number, gain.rpartition(" ")[0], after, effort)
        yield from step_claims(number, told, after, effort)


def _of_rule(alternatives: list[str]) -> Claims:
    """The overall score and its range, from the text alternative of the 0 to 100 rule."""
    begins = tuple(plain(gettext(text).partition("%(")[0]) for text in RULES)
    said = next(text for text in map(plain, alternatives) if any(begin in text for begin in begins))
    numbers = re.findall(r"\d+", said)[-3 if begins[0] in said else -2 :]
    yield "score", numbers[0] if len(numbers) == 3 else NOTHING
    yield from span(*numbers[-2:])


RULES = (
    "From 0 to 100: score %(score)s, possible from %(low)s to %(high)s.",
    "From 0 to 100: the score could be anything from %(low)s to %(high)s.",
)


def _dimension_row(cells: list[str]) -> Claims:
    """A row of the table that page and PDF have: dimension, score, level, possible, coverage."""
    about, score, level, possible, coverage = cells[:5]
    yield f"{about}: score", plain(score)
    yield f"{about}: level", plain(level)
    yield f"{about}: coverage", plain(coverage)
    low, dash, high = possible.partition("–")
    yield from span(low, high if low and dash else low, f"{about}: ")


def _line(line: Node) -> Claims:
    """A dimension: its line, and the table of its questions that opens under it."""
    about = line.all("h3")[0].text
    score = line.all("span", "score")[0]
    yield f"{about}: score", plain((score.all("span", "figure") or score.all("span", "none"))[0].text)
    if line.all("span", "chip"):
        yield f"{about}: level", re.search(r"\d", line.all("span", "chip")[0].text).group()
    for row in line.all("tr")[1:]:
        question = row.all("th")[0].own_text
        given, weight = (cell.text for cell in row.all("td", "number"))
        yield f"{question}: points", plain(given)
        yield f"{question}: weight", plain(weight)


# The PDF -------------------------------------------------------------------------------------------------------------
def of_pdf(data: bytes, asked: QuestionnaireContent) -> Claims:
    """What the text of the PDF says, and the text alternatives of its charts."""
    file = pypdf.PdfReader(io.BytesIO(data))
    with pypdfium2.PdfDocument(data) as pages:  # reads text ten times as fast
        text = " ".join(_body(page.get_textpage().get_text_bounded()) for page in pages)
    alternatives = list(_alternatives(file))
    yield from _of_rule(alternatives)
    for told in (text, *filter(_level_in, alternatives)):
        yield "level", _level_in(told)
    yield "sentence", squeezed(plain(re.match(r".+?\.(?= )", text)[0]))
    closed = _pattern(ngettext("%(closed)s of %(count)s gaps closed", "%(closed)s of %(count)s gaps closed", 2))
    ones = _pattern(ngettext("%(closed)s of %(count)s gaps closed", "%(closed)s of %(count)s gaps closed", 1))
    if found := re.search(closed, text) or re.search(ones, text):
        yield "gaps closed", " of ".join(re.findall(r"\d+", found[0]))
    scored = [part for part in asked.dimensions if part.scored]
    table = text.partition(f"{gettext('Possible')} {gettext('Coverage')}")[2]
    words = "|".join(map(re.escape, ("–", gettext("not applicable"), gettext("not enough answers"))))
    for part in scored:
        cells = rf"{_spaced(part.title)} (\d+|{words}) (\d|–) (\d+(?:–\d+)?|–) (\d+ ?%|–)"
        yield from _dimension_row([plain(part.title), *re.search(cells, table).groups()])
    yield from _steps(text, scored)
    for part in scored:
        yield from _questions(text, part)


def _pattern(text: str) -> str:
    """A pattern for a text of ours with a number wherever it has one."""
    return re.sub(r"%\\\(\w+\\\)s", r"\\d+", re.escape(" ".join(text.split())))


def _level_in(text: str) -> str:
    """The level in the first sentence that states one, or those that are possible; in words of ours."""
    stated = (gettext(text).partition("%(name)s")[0] for text in ("Level %(level)s of 5, %(name)s.", STATED))
    for sentence in stated:
        if found := re.search(_pattern(sentence), text):
            return re.search(r"\d", found[0])[0]
    possible = gettext("Level %(low)s to %(high)s: the score lies between %(least)s and %(most)s.")
    found = re.search(_pattern(possible), text) or re.search(_pattern(gettext(POINTED)), text)
    return "–".join(re.findall(r"\d+", found[0])[: 2 if found.re.pattern == _pattern(possible) else 1]) if found else ""


STATED = "Level %(level)s, %(name)s: %(score)s out of 100."
POINTED = "No level yet. The answers given point to level %(low)s: a score from %(least)s to %(most)s."


def _body(page: str) -> str:
    """The text of a page on one line, without what stands at the head and at the foot of every page."""
    lines = page.replace("\x02", "-").splitlines()  # the sign for a hyphen at the end of a line
    return " ".join(" ".join(lines[1:-1]).split())


def _spaced(text: object) -> str:
    """A pattern for a text, wherever its lines end."""
    return r"\s*".join(map(re.escape, squeezed(str(text))))


def _alternatives(file: pypdf.PdfReader) -> Iterator[str]:
    """The text alternatives of all figures, from the tags."""
    waiting = [file.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        found = waiting.pop().get_object()
        if isinstance(found, list):
            waiting += reversed(found)
        elif isinstance(found, dict):
            if "/Alt" in found:
                yield " ".join(found["/Alt"].split())
            if "/K" in found:
                waiting.append(found["/K"])


def _steps(text: str, scored: list[DimensionContent]) -> Claims:
    """The steps of the plan: dimension and question stand before what each brings."""
    efforts = "|".join(map(gettext, ("small", "medium", "large")))
    gain = rf"\+[\d.,]+|{_pattern(gettext('less than +%(least)s'))}[.,]?\d*"
    after = re.escape(gettext("score %(score)s afterwards")).replace(r"%\(score\)s", r"\d+(?:[.,]\d)?")
    effort = _spaced(gettext("Effort: %(effort)s").partition("%(")[0])
    facts = rf"({gain}) ({after}) {effort}\s*({efforts}) "
    place = 0
    for number, found in enumerate(re.finditer(facts, text), start=1):
        before = squeezed(text[place : found.start()])
        named = [
            plain(question.text)
            for part in scored
            for question in part.questions
            if before.endswith(squeezed(f"{part.title}·{question.text}"))
        ]
        yield f"step {number}: question", named[0] if len(named) == 1 else str(named)
        yield from step_claims(number, *found.groups())
        place = found.end()


def _questions(text: str, part: DimensionContent) -> Claims:
    """The table of a dimension's questions: answer, points and weight follow each."""
    states = [gettext("not enough answers"), gettext("not applicable")]
    level = gettext("level %(number)s, %(name)s").partition("%(")[0]
    chip = rf"{_spaced(part.title)} (?:\d+ {level}\d|{'|'.join(states)})"
    body = text.partition(gettext("Dimension by dimension"))[2]
    start = re.compile(rf"{gettext('Points')} {gettext('Weight')} ").search(body, re.search(chip, body).end()).end()
    words = "|".join(map(gettext, ("no answer", "not applicable")))
    number = r"\d+(?:[.,]\d)?"
    for question in part.questions:
        row = re.compile(rf"{_spaced(question.text)}.+?[ ”»]({number}|{words}) ({number}) ").search(body, start)
        yield f"{plain(question.text)}: points", plain(row[1])
        yield f"{plain(question.text)}: weight", plain(row[2])


# The picture ---------------------------------------------------------------------------------------------------------
def of_rule(data: bytes, asked: QuestionnaireContent) -> Claims:
    """What the picture of the level shows: the numeral on its step, or the levels that are hatched, and the score."""
    lines = sized(data.decode())
    numeral = [text for size, text in lines if size == NUMERAL]
    title = "".join(text for size, text in lines if size in (TITLE, TITLE * 2 / 3))
    yield "level", numeral[0] if numeral else "–".join(re.findall(r"\d", title))
    numbers = [text for size, text in lines if size == NUMBER and text.isdigit()]
    if numeral:
        yield "score", numbers[0]
    else:
        yield from span(numbers[0], numbers[-1])
