"""Page, PDF, workbook, CSV and data of five contrasting organisations agree on every number, from their bytes."""

import io
import json
from collections import defaultdict
from fractions import Fraction

import openpyxl
import pypdfium2
import pytest
from django.utils import translation
from django.utils.translation import gettext

from assessment.scoring.__main__ import EQUAL
from assessment.scoring.__main__ import main as check
from assessment.wording import effect, place
from tests import factories
from tests.claims import of_csv, of_json, of_xlsx, squeezed
from tests.claims_read import Tree, of_page, of_pdf, of_rule
from tests.factories import level

pytestmark = pytest.mark.any_database

READ = {"page": of_page, "report.pdf": of_pdf, "report.xlsx": of_xlsx, "report.csv": of_csv, "report.json": of_json}
PICTURE = "charts/rule.svg"
LANGUAGES = ("en", "fr")


def weak(question):
    """Little is in place anywhere."""
    return level(1 + (len(question.key) % 4 == 0))(question)


def strong_without_a_charter(question):
    """Nearly everything is in place, but no rule for anybody."""
    return level(1 if question.key.startswith("charter") else 5 - len(question.key) % 2)(question)


def mixed(question):
    """A bit of everything, a question left open, and optional answers given."""
    if question.weight is None:
        return question.choices[0].key
    return None if question.key == "strategy-time" else level(1 + len(question.key) % 5)(question)


def half_unknown(question):
    """Every second answer is that nobody knows."""
    return "unknown" if len(question.text.en) % 2 else level(3)(question)


def solo(choose, **fields):
    """The addresses of what one person answered."""
    return lambda client: f"/r/{factories.submitted(choose=choose, **fields)[1]}/"


def disagreeing(client) -> str:
    """The address of an open round of three who disagree, for one of their organisation."""
    owner = factories.organisation()
    answers = [level(1), weak, lambda question: level(2 + len(question.key) % 4)(question)]
    of = factories.several(owner, "open", answers, roles=("marketing", "sales", "management"))
    client.force_login(factories.account(member_of=owner))
    return f"/organisations/{owner.slug}/rounds/{of.number}/"


# How each comes about, and what makes it another than the rest.
ORGANISATIONS = {
    "weak everywhere": (solo(weak), {"level": "1", "gaps closed": "0 of 9"}),
    "strong but no charter": (solo(strong_without_a_charter), {"level": "3", "Charter: score": "0"}),
    "sells to consumers": (
        solo(mixed, left_out=("social-selling",)),
        {"Social selling: score": "not applicable", "Social selling: coverage": "–"},
    ),
    "half unknown": (solo(half_unknown), {"score": "–", "level": "2–4", "Social selling: score": "not enough answers"}),
    "three who disagree": (disagreeing, {"Strategy: coverage": "100"}),
}


def fetch(client, base: str, form: str, language: str) -> bytes:
    """One form of a report, as a reader of this language gets it."""
    page = "report/" if base.startswith("/r/") else ""
    address = base + (page if form == "page" else form)
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200, address
    return answer.content


def contradictions(claims: dict[str, list[tuple[str, str]]]) -> list[str]:
    """Every name on which the forms do not say one and the same, with what each says."""
    said = defaultdict(lambda: defaultdict(set))
    for form, pairs in claims.items():
        for name, value in pairs:
            said[name][form].add(value)
    found = []
    for name, by_form in said.items():
        silent = expected(name) - by_form.keys()
        if silent or len(set().union(*by_form.values())) > 1:
            found.append(f"{name}: { ({form: sorted(values) for form, values in by_form.items()}) }, silent: {silent}")
    return found


def unsaid(told, files: dict[str, bytes]) -> list[str]:
    """The sentences on level, distance, hold and effect that a form for readers does not say as the others do."""
    said = filter(None, [place.place_in_full(told), place.held(told), effect.effect(told), effect.effect_gaps(told)])
    book = openpyxl.load_workbook(io.BytesIO(files["report.xlsx"]))
    with pypdfium2.PdfDocument(files["report.pdf"]) as pages:
        printed = " ".join(page.get_textpage().get_text_bounded() for page in pages).replace("\x02", "-")
    page = Tree(files["page"].decode()).root
    pictures = " ".join(svg.attributes["aria-label"] for svg in page.all("svg", "stairs"))
    texts = {
        "page": squeezed(f"{page.text} {pictures}"),
        "report.pdf": squeezed(printed),
        "report.xlsx": squeezed(" ".join(str(cell) for sheet in book for row in sheet.values for cell in row)),
    }
    return [f"{form} does not say {text}" for text in said for form in texts if squeezed(text) not in texts[form]]


def expected(name: str) -> set[str]:
    """The forms that have to say this: exact numbers are for those who compute, the first sentence is for readers."""
    if "exact" in name:
        return {"report.xlsx", "report.csv", "report.json"}
    pictured = {PICTURE} if name == "level" else set()
    return pictured | READ.keys() - ({"report.json"} if name == "sentence" else set())


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_every_form_of_a_report_says_the_same_numbers(client, questionnaire, shipped, tmp_path, name):
    make, particular = ORGANISATIONS[name]
    base = make(client)
    told = client.get(base + ("report/" if base.startswith("/r/") else "")).context["report"]
    for language in LANGUAGES:
        with translation.override(language):
            files = {form: fetch(client, base, form, language) for form in READ}
            claims = {form: list(read(files[form], shipped[0])) for form, read in READ.items()}
            claims[PICTURE] = list(of_rule(fetch(client, base, PICTURE, language), shipped[0]))
            found = contradictions(claims) + unsaid(told, files)
        assert not found, "\n".join(found)
        if language == "en":
            assert particular.items() <= dict(claims["page"]).items()
        path = tmp_path / "report.json"
        path.write_bytes(files["report.json"])
        assert check([str(path)]) == EQUAL


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_names_each_missing_foundation_that_is_no_step(client, questionnaire, shipped, language):
    base = ORGANISATIONS["weak everywhere"][0](client)
    texts = {question.key: question.text for part in shipped[0].dimensions for question in part.questions}
    with translation.override(language):
        files = {form: fetch(client, base, form, language) for form in READ}
        result = json.loads(files["report.json"])["result"]
        missing = [squeezed(str(texts[key])) for key in result["foundations"]]
        below = {
            part["key"] for part in result["questions"] if part["score"] is not None and Fraction(part["score"]) < 50
        }
        steps = {step["question"] for step in result["plan"]}
        asked = {question.key for part in shipped[0].dimensions for question in part.questions if question.foundation}
        assert set(result["foundations"]) == (asked & below) - steps
        assert missing
        lead = squeezed(gettext("Foundations not yet in place and not covered by these steps:"))
        for text in (of_words(files["page"]), of_pages(files["report.pdf"])):
            told = text.partition(lead)[2][:2000]
            assert [question for question in missing if question not in told] == []
        head = gettext("Foundation not yet in place and not covered by the steps")
        overview = openpyxl.load_workbook(io.BytesIO(files["report.xlsx"]))[gettext("Overview")]
        rows = [squeezed(row[1].value).partition("(")[0] for row in overview.iter_rows() if row[0].value == head]
        assert rows == [question.partition("(")[0] for question in missing]
        assert files["report.csv"].decode("utf-8-sig").count(head) == len(missing)


def of_words(page: bytes) -> str:
    return squeezed(Tree(page.decode()).root.text)


def of_pages(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as pages:
        return squeezed("".join(page.get_textpage().get_text_bounded() for page in pages))


def test_a_form_that_says_another_number_or_nothing_is_named():
    said = {form: [("score", "56"), ("Charter: level", "2")] for form in READ}
    assert contradictions(said) == []
    said["report.pdf"] = [("score", "56"), ("score", "57"), ("Charter: level", "2")]
    assert [found.partition(":")[0] for found in contradictions(said)] == ["score"]
    said["report.pdf"] = [("score", "56")]
    (found,) = contradictions(said)
    assert found.startswith("Charter: level")
    assert found.endswith("silent: {'report.pdf'}")
    said["report.pdf"] = [*said["report.csv"], ("Charter: exact score", "1")]
    (found,) = contradictions(said)
    assert found.startswith("Charter: exact score")
