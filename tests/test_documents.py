"""The report in other forms at its addresses: what they are called, who is refused, and what a link leaves out."""

import io
import json
import zipfile
from urllib.parse import unquote

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone

from assessment.models import Response
from assessment.report.parts import WHOLE, Part
from assessment.scoring.__main__ import main
from assessment.wording import leads
from tests import factories

pytestmark = pytest.mark.any_database

DOCUMENTS = ("report.pdf", "summary.pdf", "report.xlsx", "report.csv", "report.json")
WRITTEN = "between ourselves"


@pytest.fixture
def own(questionnaire):
    """A submitted response with notes, and its key."""
    response, key = factories.submitted(factories.organisation("Maison Dupont & Fils"), factories.level(2))
    response.answers.update(note=WRITTEN, evidence="https://intranet.example.org/doc")
    return response, key


def get(client, key, name, language="en"):
    return client.get(reverse("document", args=[key, name]), headers={"accept-language": language})


def text_of(page, name):
    """All the text in a document, spaces as they are."""
    if name.endswith(".pdf"):
        document = pypdfium2.PdfDocument(page.content)
        try:
            return " ".join(part.get_textpage().get_text_range() for part in document)
        finally:
            document.close()
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(page.content)) as book:
            return "\n".join(book.read(part).decode() for part in book.namelist() if part.endswith(".xml"))
    return page.content.decode("utf-8-sig")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_saved_under_a_name_that_says_what_it_is(client, own, name):
    page = get(client, own[1], name, "fr")
    assert page.status_code == 200
    called = unquote(page["Content-Disposition"]).strip('"')
    assert called.startswith("attachment;")
    what = "synthese" if name == "summary.pdf" else "rapport"
    assert called.endswith(f"maison-dupont-fils-{what}-2026-11-02-fr.{name.partition('.')[2]}")
    assert own[1] not in called


@pytest.mark.parametrize(
    ("organisation", "called"),
    [("L’Atelier d’Aurélie", "l-atelier-d-aurelie"), ("Cœur", "coeur"), ("x" * 59 + " Élan", "x" * 59)],
)
def test_the_name_of_a_file_keeps_elisions_in_plain_letters(client, questionnaire, organisation, called):
    _response, key = factories.submitted(factories.organisation(organisation))
    said = get(client, key, "report.csv", "fr")["Content-Disposition"]
    assert said == f'attachment; filename="{called}-rapport-2026-11-02-fr.csv"'


def test_a_name_that_has_no_letter_of_ours_stays_what_it_is(client, questionnaire):
    _response, key = factories.submitted(factories.organisation("Ελλάς"))
    assert "ελλάς-report-2026-11-02-en.csv" in unquote(get(client, key, "report.csv")["Content-Disposition"])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_is_stored_by_a_browser_or_names_the_key(client, own, name):
    page = get(client, own[1], name)
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert own[1] not in text_of(page, name)
    assert own[1].encode() not in page.content


@pytest.mark.parametrize("name", ["report.pdf", "report.xlsx", "report.csv"])
def test_one_s_own_document_has_one_s_notes(client, own, name):
    text = text_of(get(client, own[1], name), name)
    assert WRITTEN in text
    assert "https://intranet.example.org/doc" in text.replace("\u200b", "").replace("\r\n", "")


@pytest.mark.parametrize("name", ["report.pdf", "summary.pdf", "report.xlsx", "report.csv"])
def test_a_link_that_shows_nothing_but_scores_has_nothing_else_in_any_document(client, own, name):
    _row, token = factories.reading_link(own[0], [], at=timezone.now())
    page = client.get(reverse("shared_document", args=[token, name]))
    assert page.status_code == 200
    text = " ".join(text_of(page, name).split())
    assert "Maison Dupont" in text
    for gone in (
        WRITTEN,
        "intranet.example.org",
        "Shared ideas",
        "Write one page",
        "What form does your organisation",
        "editorial reading",
    ):
        assert gone not in text, gone


def test_notes_are_in_a_document_only_when_ticked(client, own):
    for parts in (WHOLE - {Part.NOTES}, WHOLE):
        _row, token = factories.reading_link(own[0], parts, at=timezone.now())
        for name in ("report.pdf", "report.xlsx", "report.csv", "report.json"):
            page = client.get(reverse("shared_document", args=[token, name]))
            shown = Part.NOTES in parts and name != "report.json"
            assert (WRITTEN in text_of(page, name)) is shown, (name, parts)


def test_a_colleague_s_data_leave_out_the_plan_and_can_still_be_checked(client, own, tmp_path):
    response, key = own
    Response.objects.filter(pk=response.pk).update(opens_round=False)
    data = get(client, key, "report.json").json()
    assert "plan" not in data["result"]
    path = tmp_path / "report.json"
    path.write_text(json.dumps(data))
    assert main([str(path)]) == 0


def test_the_data_of_a_changed_plan_are_still_found_out(client, own, tmp_path, capsys):
    data = get(client, own[1], "report.json").json()
    data["result"]["plan"][0]["gain"] += 1
    path = tmp_path / "report.json"
    path.write_text(json.dumps(data))
    assert main([str(path)]) == 1
    assert "plan[0].gain" in capsys.readouterr().out


def test_making_many_pdfs_is_refused_and_says_when_to_come_again(client, own, settings):
    settings.DOCUMENTS_PER_HOUR = 1
    assert get(client, own[1], "summary.pdf").status_code == 200
    refused = get(client, own[1], "report.pdf")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert get(client, own[1], "report.xlsx").status_code == 429
    assert get(client, own[1], "report.csv").status_code == 200


@pytest.mark.parametrize("name", ["report.docx", "report.PDF", "report.pdf.exe", "summary.xlsx", "report.", "report"])
def test_another_name_is_no_document(client, own, name):
    page = client.get(f"/r/{own[1]}/{name}")
    assert page.status_code in (301, 404)
    if page.status_code == 301:
        assert client.get(page["Location"]).status_code == 404 or name == "report"


def test_the_example_can_be_carried_away_but_holds_no_data_to_check(client, questionnaire):
    for name in DOCUMENTS:
        page = client.get(reverse("example_document", args=[name]))
        assert page.status_code == (404 if name == "report.json" else 200)
    report = client.get(reverse("example"))
    assert "can be checked by hand" not in report.content.decode()
    assert "can be checked by hand" not in leads.checking(report.context["report"])
