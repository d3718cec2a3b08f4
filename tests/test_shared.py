"""A report through a reading link: it shows one report and can change nothing."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment.models import Answer, Finding, Response, Result, Share
from assessment.organisations.sharing import revoke
from assessment.report.parts import WHOLE, Part
from assessment.rounds.closing import close
from assessment.rounds.inviting import open_link
from assessment.scoring.__main__ import main
from tests import drawn, factories
from tests.test_documents import text_of


@pytest.fixture
def shared(questionnaire):
    """A submitted response with notes, its key, and the token of a link to it."""
    response, key = factories.submitted(choose=factories.level(2))
    response.answers.update(note="between ourselves", evidence="https://intranet.example.org/doc")
    _row, token = factories.reading_link(response, days=90, at=timezone.now())
    return response, key, token


def get(client, token, name="shared", *arguments):
    return client.get(reverse(name, args=[token, *arguments]))


def test_it_shows_the_report_with_its_plan(client, shared):
    page = get(client, shared[2])
    text = page.content.decode()
    assert "with 25 points out of 100" in text
    assert len(page.context["report"].plan) == 5
    assert 'id="plan"' in text


def test_it_shows_neither_the_key_nor_a_way_to_change_anything(client, shared):
    _response, key, token = shared
    text = get(client, token).content.decode()
    assert key not in text
    assert "/r/" not in text
    main = re.search(r"<main.*</main>", text, re.DOTALL).group()
    assert "<form" not in main


def test_it_shows_neither_notes_nor_links(client, shared):
    for name, more in {"shared": [], "shared_document": ["report.json"]}.items():
        text = get(client, shared[2], name, *more).content.decode()
        assert "between ourselves" not in text
        assert "intranet.example.org" not in text


# What only one part says, in the page and in the documents; by the way an organisation answered below.
ONLY = {
    Part.PLAN: ["Your next steps", "First move"],
    Part.ANSWERS: ["Score = sum of points", "Holds it back"],
    Part.BAROMETER: ["Against the barometer", "editorial reading", "Hours a week"],
    Part.VIEWS: ["Where views differ", "lie far apart", "does not sit well"],
    Part.EARLIER: ["Since the last round", "Since last round"],
    Part.NOTES: ["between ourselves", "intranet.example.org"],
}
FORMS = ("report.pdf", "summary.pdf", "report.xlsx", "report.csv", "report.json")


@pytest.fixture
def rich(questionnaire):
    """The second round of an organisation: three people in the open, who disagree, contradict themselves and write notes."""
    organisation = factories.organisation()
    factories.submitted(organisation, factories.level(1), at=factories.NOON - timedelta(days=365))
    of = factories.several(organisation, "open", [factories.level(1), factories.level(5), factories.level(3)])
    Answer.objects.filter(response__round=of).update(
        note="between ourselves", evidence="https://intranet.example.org/doc"
    )
    return of


def texts(client, token):
    """The text of every form of what a link shows, by its name; a form that it does not offer is empty."""
    found = {"page": get(client, token).content.decode()}
    for name in FORMS:
        page = get(client, token, "shared_document", name)
        found[name] = text_of(page, name) if page.status_code == 200 else ""
    for chart in ("radar", "bars", "gains", "questions-strategy"):
        page = get(client, token, "shared_chart", chart)
        found[chart] = " ".join(drawn.texts(page.content.decode())) if page.status_code == 200 else ""
    return {name: " ".join(html.unescape(text).split()) for name, text in found.items()}


@pytest.mark.any_database
def test_a_part_that_is_not_ticked_is_in_no_page_chart_or_document(client, rich):
    _row, whole = factories.reading_link(rich, WHOLE, at=timezone.now())
    there = texts(client, whole)
    for part in Part:
        _row, token = factories.reading_link(rich, WHOLE - {part}, at=timezone.now())
        left = texts(client, token)
        said = [words for words in ONLY[part] if any(words in text for text in there.values())]
        assert said, f"nothing that {part} says was found where it is shown"
        for words in said:
            assert [name for name, text in left.items() if words in text] == [], words
        assert bool(left["report.json"]) is (part not in ("answers", "views")), part
        if left["report.json"]:
            assert ('"plan"' in left["report.json"]) is (part != "plan"), part


def test_optional_answers_are_in_the_data_of_a_link_only_with_the_barometer(client, questionnaire, tmp_path):
    response, _key = factories.submitted(choose=lambda question: question.choices[0].key)
    optional = {key for key, question in response.outline.questions.items() if question.weight is None}
    for parts in (WHOLE, WHOLE - {Part.BAROMETER}):
        _row, token = factories.reading_link(response, parts, at=timezone.now())
        data = get(client, token, "shared_document", "report.json")
        assert bool(optional & data.json()["responses"][0]["answers"].keys()) is (Part.BAROMETER in parts)
        path = tmp_path / "report.json"
        path.write_bytes(data.content)
        assert main([str(path)]) == 0


def test_a_link_to_a_round_of_one_ends_when_colleagues_are_invited(client, questionnaire):
    response, _key = factories.submitted()
    _row, token = factories.reading_link(response.round, at=timezone.now())
    _row, own = factories.reading_link(response, at=timezone.now())
    assert get(client, token).status_code == 200
    open_link(response.round, at=timezone.now())
    assert get(client, token).status_code == 404
    assert get(client, own).status_code == 200


def test_notes_of_a_confidential_round_are_for_its_organisation_only(client, questionnaire):
    of = factories.several(factories.organisation(), "confidential", [factories.level(2)] * 5, close_it=False)
    Response.objects.filter(round=of).update(shares_notes=True)
    Answer.objects.filter(response__round=of).update(note="between ourselves")
    close(of, at=timezone.now())
    _row, token = factories.reading_link(of, WHOLE, at=timezone.now())
    for text in texts(client, token).values():
        assert "between ourselves" not in text


def test_erased_answers_are_said_in_every_form(client, rich):
    Result.objects.filter(round=rich, response=None).update(answers_erased=True)
    _row, token = factories.reading_link(rich, WHOLE, at=timezone.now())
    found = texts(client, token)
    for name in ("page", "report.pdf", "report.xlsx", "report.csv"):
        assert "nswers erased" in found[name], name


def test_what_was_corrected_in_the_evidence_is_seen_though_the_page_was_kept(client, shared):
    assert "A wholly new wording" not in get(client, shared[2]).content.decode()
    Finding.objects.filter(criterion=True).update(text_en="A wholly new wording")
    caches["local"].clear()
    assert "A wholly new wording" in get(client, shared[2]).content.decode()


def test_with_nothing_ticked_level_and_scores_are_left(client, shared):
    _row, token = factories.reading_link(shared[0], [], at=timezone.now())
    page = get(client, token)
    text = page.content.decode()
    assert "with 25 points out of 100" in text
    assert [part.score for part in page.context["report"].dimensions] == [25] * 5
    for gone in (
        "between ourselves",
        'id="plan"',
        "Shared ideas, nothing written",
        "Barometer 2016",
        'id="barometer"',
        "None",
    ):
        assert gone not in text


def test_its_data_are_those_of_the_report(client, shared):
    _response, key, token = shared
    own = client.get(reverse("document", args=[key, "report.json"])).content
    assert get(client, token, "shared_document", "report.json").content == own
    assert json.loads(own)["result"]["score"] == 25


@pytest.mark.parametrize("name", ["rule", "radar", "bars"])
def test_its_charts_are_those_of_the_report(client, shared, name):
    _response, key, token = shared
    own = client.get(reverse("chart", args=[key, name])).content
    assert get(client, token, "shared_chart", name).content == own


def test_its_own_charts_are_under_its_own_address(client, shared):
    text = get(client, shared[2]).content.decode()
    addresses = re.findall(r'(?:src|srcset)="([^"]*charts[^"]*)"', text)
    assert addresses
    assert all(address.startswith(f"/shared/{shared[2]}/charts/") for address in addresses)


def test_it_shows_no_earlier_round(client, questionnaire):
    organisation = factories.organisation()
    factories.submitted(organisation, factories.level(1), at=factories.NOON - timedelta(days=365))
    response, _key = factories.submitted(organisation)
    _row, token = factories.reading_link(response, days=90, at=timezone.now())
    assert get(client, token).context["report"].before is None
    # Not even to the organisation's people: the link shows everybody the same.
    client.force_login(factories.account(member_of=organisation))
    assert get(client, token).context["report"].before is None


def test_a_colleague_s_link_does_not_show_the_plan_they_do_not_see_themselves(client, shared):
    response, _key, token = shared
    Response.objects.filter(pk=response.pk).update(opens_round=False)
    assert get(client, token).context["report"].plan == ()
    assert 'id="plan"' not in get(client, token).content.decode()


def test_it_follows_a_correction(client, shared):
    _response, key, token = shared
    client.post(reverse("correct", args=[key]))
    factories.answer(Response.objects.drafts().get(), factories.level(5))
    assert "with 25 points" in get(client, token).content.decode()
    client.post(reverse("review", args=[key]))
    assert "with 100 points" in get(client, token).content.decode()


def test_a_link_revoked_before_a_correction_stays_revoked(client, shared):
    response, key, token = shared
    revoke(response.shares, str(response.shares.get().pk), at=timezone.now())
    client.post(reverse("correct", args=[key]))
    client.post(reverse("review", args=[key]))
    assert get(client, token).status_code == 404


def test_a_revoked_or_expired_link_shows_nothing_at_any_of_its_addresses(client, shared):
    _response, _key, token = shared
    now = timezone.now()
    for change in ({"revoked_at": now}, {"expires_at": now}, {"revoked_at": now, "expires_at": now}):
        Share.objects.update(**{"revoked_at": None, "expires_at": now + timedelta(days=1)} | change)
        for name, arguments in {"shared": [], "shared_document": ["report.json"], "shared_chart": ["bars"]}.items():
            assert get(client, token, name, *arguments).status_code == 404, (change, name)


def test_erasing_the_organisation_ends_its_links(client, shared):
    response, _key, token = shared
    response.round.organisation.delete()
    assert get(client, token).status_code == 404


def test_reading_it_stores_nothing_and_sets_no_session(client, shared):
    get(client, shared[2])
    assert "sessionid" not in client.cookies
    assert "started" not in client.cookies


def test_it_is_in_the_reader_s_language(client, shared):
    text = client.get(reverse("shared", args=[shared[2]]), headers={"accept-language": "fr"}).content.decode()
    assert '<html lang="fr">' in text
    assert "Stratégie" in text


def test_it_takes_four_queries_however_many_links_and_rounds_there_are(client, shared):
    response, _key, token = shared
    counts = []
    for number in (0, 5):
        for _ in range(number):
            factories.reading_link(response, days=90, at=timezone.now())
            factories.submitted(response.round.organisation)
        get(client, token)
        with CaptureQueriesContext(connection) as queries:
            get(client, token)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4
