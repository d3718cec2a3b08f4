"""The pages that everybody may read, the language, and the pages that say what went wrong."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core.signing import TimestampSigner
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import InterfaceError, OperationalError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from assessment.authoring.publication import publish, retire
from assessment.content.files import unspoken
from assessment.models import Finding, Organisation, Question, ReferenceLevel, Response, Source, Study
from assessment.models.outline import outline
from assessment.results.example import worked_example
from assessment.scoring.levels import shown
from assessment.text.binding import bound
from tests import factories

PAGES = ("/", "/example/", "/methodology/", "/privacy/", "/legal/", "/start/", "/accounts/login/")


def text_of(client, address, **headers):
    page = client.get(address, headers=headers)
    assert page.status_code == 200
    return page.content.decode()


# Home ----------------------------------------------------------------------------------------------------------------
def test_home_has_one_button_to_start_and_the_five_dimensions(client, questionnaire):
    text = text_of(client, "/")
    assert re.findall(r'class="btn btn-primary[^"]*" href="([^"]*)"', text) == ["/start/"] * 2  # repeated at the foot
    assert 'href="/example/"' in text
    for dimension in questionnaire.dimensions.filter(scored=True):
        assert dimension.title_en in text
    assert questionnaire.dimensions.get(scored=False).title_en not in text


def test_home_leads_back_into_what_this_browser_started_until_it_is_gone(client, questionnaire):
    client.post("/start/", factories.START)
    assert "Go on with what was begun here" in text_of(client, "/")
    Organisation.objects.all().delete()
    assert "Go on with what was begun here" not in text_of(client, "/")


def test_home_offers_each_that_was_started_here_by_its_name_and_state_and_opens_none(client, questionnaire):
    one, two = (
        client.post("/start/", factories.START | {"name": name})["Location"] for name in ("Été & Co", "Bernard")
    )
    client.post(two.replace("/strategy/", "/review/"))
    text = text_of(client, "/")
    assert re.findall(r'<a href="(/r/[^"]+)"><bdi>(.*?)</bdi>', text) == [
        (two.removesuffix("strategy/"), "Bernard"),
        (one.removesuffix("strategy/"), "Été &amp; Co"),
    ]
    assert (text.count("· submitted"), text.count("0 of 36 questions answered")) == (1, 1)
    assert re.findall(r'class="btn[^"]*" href="([^"]*)"', text) == ["/start/"]
    client.post(f"{two.removesuffix('strategy/')}erase/")
    text = text_of(client, "/")
    assert two.split("/")[2] not in text + client.cookies["started"].value
    assert re.findall(r'class="btn btn-primary[^"]*" href="([^"]*)"', text) == [one.removesuffix("strategy/")]
    assert "Été &amp; Co" in text
    client.post(f"{one.removesuffix('strategy/')}erase/")
    assert client.cookies["started"].value == ""


def test_home_forgets_what_was_started_too_long_ago(client, questionnaire, monkeypatch):
    client.post("/start/", factories.START)
    late = timezone.now().timestamp() + timedelta(days=91).total_seconds()
    monkeypatch.setattr("django.core.signing.time.time", lambda: late)
    assert "Go on with what was begun here" not in text_of(client, "/")


@pytest.mark.parametrize("value", ["", "x", ":::", "é", "x" * 5000, "a:b:c"])
def test_a_cookie_that_this_site_did_not_sign_is_ignored(client, questionnaire, value):
    client.cookies["started"] = value
    assert "Go on with what was begun here" not in text_of(client, "/")


def test_a_cookie_of_another_purpose_is_ignored_though_it_is_signed(client, questionnaire):
    _response, key = factories.started()
    client.cookies["started"] = TimestampSigner(salt="other").sign(key)
    assert key not in text_of(client, "/")


def test_home_works_before_a_questionnaire_is_published(client, nothing_published):
    text = text_of(client, "/")
    assert "How mature is your organisation" in text
    assert "The questionnaire is closed at the moment" in text
    assert 'href="/start/"' not in text
    assert 'href="/example/"' not in text


def test_home_says_how_much_the_published_version_asks(client, questionnaire):
    text = text_of(client, "/")
    assert "Answer 36 questions: you will know where you stand, which of the 9 gaps that the French barometer" in text
    assert "20 to 25 minutes" in text
    newer = factories.draft()
    newer.dimensions.filter(scored=True).first().questions.last().delete()
    for dimension in newer.dimensions.filter(scored=True)[3:]:
        dimension.delete()
    questions = Question.objects.filter(dimension__questionnaire=newer, dimension__scored=True).count()
    publish(newer, at=timezone.now())
    text = text_of(client, "/")
    assert f"Answer {questions} questions: you will know" in text
    assert "The 3 dimensions" in text
    assert f"{round(20 * questions / 36)} to {round(25 * questions / 36)} minutes" in text


def test_home_names_who_publishes_it_only_where_that_is_known(client, questionnaire, settings):
    settings.LEGAL_PUBLISHER = ""
    assert "This site is published by" not in text_of(client, "/")
    settings.LEGAL_PUBLISHER = "Éditions <Dupont>"
    text = text_of(client, "/")
    assert "This site is published by Éditions &lt;Dupont&gt;." in text
    assert '<a href="/legal/">Éditions &lt;Dupont&gt;</a>' in text


def test_home_names_who_published_the_barometer_as_the_evidence_says(client, questionnaire):
    text = text_of(client, "/")
    editions = Study.objects.exclude(edition=None)
    assert editions.count() == 2
    for study in editions:
        people = f"; {study.sample} people answered it." if study.sample else "."
        assert f"The {study.edition} edition was published by {study.publisher}{people}" in text


def test_home_lets_somebody_who_started_go_on_when_the_version_is_retired(client, questionnaire):
    client.post("/start/", factories.START)
    retire(questionnaire)
    text = text_of(client, "/")
    assert "Go on with what was begun here" in text
    assert 'href="/start/"' not in text


# Example and methodology ---------------------------------------------------------------------------------------------
def test_the_example_is_a_whole_report_of_nobody(client, questionnaire):
    page = client.get("/example/")
    report = page.context["report"]
    text = page.content.decode()
    assert "An example: the answers are invented." in text
    assert report.result.score is not None
    assert (len(report.plan), len(report.dimensions)) == (5, 5)
    assert "noindex" not in text
    assert "/r/" not in text
    for name in ("rule", "radar", "bars"):
        assert client.get(reverse("example_chart", args=[name])).status_code == 200
    assert not Response.objects.exists()


BELIEVABLE = [  # from so many points on one question, the other is worth so many at least
    ("training-audience", 25, "training-offer", 50),  # who was trained was at a session
    ("charter-sharing", 25, "charter-document", 50),  # what can be looked up is written
    ("selling-identify", 50, "selling-method", 50),  # a shared description of prospects is a written instruction
]


def test_no_two_answers_of_the_example_contradict_each_other(client, questionnaire):
    report = client.get("/example/").context["report"]
    assert outline(questionnaire).scoring.rules
    assert report.contradictions == ()
    points = {question.key: question.score for question in report.result.questions}
    told = {(one, other): points[other] >= enough for one, least, other, enough in BELIEVABLE if points[one] >= least}
    assert all(told.values()), told


def test_the_example_does_not_exist_before_a_questionnaire_is_published(client, nothing_published):
    assert client.get("/example/").status_code == 404
    assert client.get(reverse("example_chart", args=["bars"])).status_code == 404


def test_the_methodology_computes_its_worked_example(client, questionnaire):
    result = worked_example().result
    assert (result.score, result.level, result.level_by_score, result.held_by) == (56.25, 2, 3, ("charter",))
    assert [part.score for part in result.dimensions] == [37.5, 0, 93.75]
    text = text_of(client, "/methodology/")
    for number in ("56.25", "37.5", "93.75", "64.58"):
        assert number in text
    assert str(django_settings.SMALLEST_GROUP) in text


def test_the_methodology_numbers_are_in_the_reader_s_form(client, questionnaire):
    text = text_of(client, "/methodology/", **{"accept-language": "fr"})
    assert "56,25" in text
    assert "56.25" not in text


def test_every_study_and_finding_is_on_the_methodology_page(client, questionnaire):
    text = text_of(client, "/methodology/")
    assert Study.objects.exists()
    for study in Study.objects.all():
        assert escape(study.title_en) in text, study.key
    for finding in Finding.objects.all():
        assert escape(finding.text_en) in text, finding.key


def test_the_methodology_says_of_each_finding_how_it_is_known(client, questionnaire):
    text = text_of(client, "/methodology/")
    for finding in Finding.objects.prefetch_related("sources", "linked_findings"):
        told = text[text.index(f'id="finding-{finding.key}"') :].split('<li id="finding-')[0]
        linked = list(finding.linked_findings.all())
        figures = [row.published_figure_en for row in (finding, *linked) if row.published_figure_en]
        assert escape(finding.sample_en) in told
        assert all(escape(figure) in told for figure in figures or ["No published figure"])
        assert told.count("Quoted by another page") == [row.confidence for row in (finding, *linked)].count(
            "second-hand"
        )
        assert ("A criterion of the barometer" in told) == finding.criterion
        for source in finding.sources.all():
            assert escape(source.where_en) in told


def test_every_reference_level_names_the_findings_it_is_read_from(client, questionnaire):
    text = text_of(client, "/methodology/")
    for level in ReferenceLevel.objects.prefetch_related("findings"):
        assert escape(bound(level.why_en)) in text
        for finding in level.findings.all():
            assert f'href="#finding-{finding.key}"' in text
    assert ".</a>; " not in text


def test_a_scored_question_on_which_no_edition_made_a_point_is_named_with_why_it_is_asked(client, questionnaire):
    text = text_of(client, "/methodology/")
    assert "On 6 scored questions no edition made a point. They are asked all the same:" in text
    questions = {
        item.key: item.text.en for part in outline(questionnaire).content.dimensions for item in part.questions
    }
    for key, why in unspoken().items():
        assert f"<strong>{escape(questions[key])}</strong> {escape(why.en)}" in text
    Finding.objects.filter(key="cr-12").update(criterion=False)
    text = text_of(client, "/methodology/")
    assert "On 9 scored questions" in text
    assert f"<li>{escape(questions['charter-document'])}</li>" in text


def test_what_is_known_only_in_english_is_not_shown_to_a_french_reader(client, questionnaire):
    text = text_of(client, "/methodology/", **{"accept-language": "fr"})
    for row in [*Finding.objects.all(), *Source.objects.all()]:
        for field in ("sample", "published_figure", "title") if isinstance(row, Finding) else ("where",):
            french = getattr(row, f"{field}_fr")
            assert not french or escape(french) in text or escape(french[0].upper() + french[1:]) in text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_figure_linked_to_a_criterion_stands_beside_it_with_its_study_year_and_sample(
    client, questionnaire, language
):
    """A6: the figure and no other, and never the words that there is none."""
    text = text_of(client, "/methodology/", **{"accept-language": language})
    criteria = Finding.objects.filter(criterion=True)
    assert criteria.filter(linked_findings__isnull=False).exists()
    none = {"en": "No published figure", "fr": "Aucun chiffre publié"}[language]
    for criterion in criteria.select_related("study").prefetch_related("linked_findings"):
        item = text.partition(f'id="finding-{criterion.key}"')[2].partition("</li>")[0]
        linked = list(criterion.linked_findings.all())
        assert (none in item) == (not linked and not criterion.published_figure_en)
        assert item.count('href="#finding-') == len(linked)
        for figure in linked:
            said = [getattr(row, f"{name}_{language}") for row, name in (
                (figure, "published_figure"), (figure, "text"), (figure, "sample"), (criterion.study, "title")
            )]  # fmt: skip
            assert [part for part in [*said, str(criterion.study.year)] if escape(part) not in item] == []


def test_a_link_that_an_administrator_changes_is_seen_on_the_methodology_page(client, questionnaire):
    text_of(client, "/methodology/")
    Finding.objects.get(key="cr-01").linked_findings.clear()
    assert 'href="#finding-b15-02"' not in text_of(client, "/methodology/")


def test_every_anchor_of_every_dimension_is_on_the_methodology_page(client, questionnaire):
    text = text_of(client, "/methodology/")
    scored = [part for part in outline(questionnaire).content.dimensions if part.scored]
    assert {len(part.anchors) for part in scored} == {5}
    for part in scored:
        for anchor in part.anchors:
            assert escape(anchor.en) in text


def test_a_finding_on_an_unknown_dimension_is_told_last_and_nothing_is_asked_twice(
    client, questionnaire, django_assert_max_num_queries
):
    with CaptureQueriesContext(connection) as few:
        client.get("/methodology/")
    study = Study.objects.create(key="ours", title_en="Ours", title_fr="La nôtre", publisher="We")
    for number in range(5):
        found = Finding.objects.create(
            key=f"ours-{number}", study=study, dimension="weather", text_en="It rains.", text_fr="Il pleut."
        )
        Source.objects.create(finding=found, where_en="a paper", where_fr="un article")
    with django_assert_max_num_queries(len(few)):
        text = text_of(client, "/methodology/")
    assert text.count("It rains.") == 5
    assert "<h4>weather</h4>" in text


def test_the_methodology_is_made_once_for_each_language(client, questionnaire, monkeypatch):
    """A29: it took ten times as long as the other public pages."""
    made = []
    monkeypatch.setattr("assessment.views.public._methodology", lambda current: made.append(current) or "The text")
    for language in ("en", "en", "fr", "fr", "en"):
        assert "The text" in client.get("/methodology/", headers={"Accept-Language": language}).content.decode()
    assert len(made) == 2


def test_the_methodology_works_before_a_questionnaire_is_published(client, nothing_published):
    assert "56.25" in text_of(client, "/methodology/")


# Privacy and legal ---------------------------------------------------------------------------------------------------
def test_legal_shows_what_the_installation_filled_in(client, db, settings):
    settings.LEGAL_PUBLISHER, settings.LEGAL_HOST = "Éditions <Dupont>", "Hébergeur SA"
    settings.LEGAL_CONTACT = "contact@example.org"
    text = text_of(client, "/legal/")
    assert "Éditions &lt;Dupont&gt;" in text
    assert "Hébergeur SA" in text
    assert 'href="mailto:contact@example.org"' in text
    assert "is not complete" not in text


@pytest.mark.parametrize("missing", ["LEGAL_PUBLISHER", "LEGAL_CONTACT", "LEGAL_HOST"])
def test_legal_says_what_the_installation_left_out(client, db, settings, missing):
    settings.LEGAL_PUBLISHER = settings.LEGAL_CONTACT = settings.LEGAL_HOST = "filled"
    setattr(settings, missing, "")
    text = text_of(client, "/legal/")
    assert "is not complete" in text
    assert missing in text


# Health --------------------------------------------------------------------------------------------------------------
def test_the_process_is_alive_without_a_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        page = client.get("/health/live")
    assert (page.status_code, page.content) == (200, b"ok")
    assert "no-store" in page["Cache-Control"]


def test_it_is_ready_when_the_database_answers_and_has_every_migration(client, db):
    page = client.get("/health/ready")
    assert (page.status_code, page.content) == (200, b"ok")


def test_it_is_not_ready_while_a_migration_is_missing(client, db):
    (latest,) = MigrationLoader(connection).graph.leaf_nodes("assessment")
    MigrationRecorder(connection).record_unapplied(*latest)
    page = client.get("/health/ready")
    assert (page.status_code, page.content) == (503, b"migrations missing")


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_it_is_not_ready_while_the_database_is_away(client, db, error):
    def away(execute, sql, params, many, context):
        raise error("connection refused")

    with connection.execute_wrapper(away):
        assert client.get("/health/live").status_code == 200
        page = client.get("/health/ready")
    assert (page.status_code, page.content) == (503, b"database unavailable")


def test_health_says_nothing_about_the_inside(client, db):
    for address in ("/health/live", "/health/ready"):
        assert client.get(address).content == b"ok"


# Language ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(
    ("wanted", "given"),
    [("fr", "fr"), ("fr-CA,fr;q=0.9,en;q=0.8", "fr"), ("en-GB", "en"), ("de,fr;q=0.5", "fr"), ("de", "en"), ("", "en")],
)
def test_pages_follow_the_browser_s_language(client, questionnaire, address, wanted, given):
    page = client.get(address, headers={"accept-language": wanted})
    assert f'<html lang="{given}">' in page.content.decode()
    assert page["Content-Language"] == given
    assert "Accept-Language" in page["Vary"]


def test_the_language_menu_wins_over_the_browser_and_leads_back(client, questionnaire):
    page = client.post("/language/", {"language": "fr", "next": "/privacy/"}, headers={"accept-language": "en"})
    assert page["Location"] == "/privacy/"
    assert '<html lang="fr">' in text_of(client, "/privacy/", **{"accept-language": "en"})
    client.post("/language/", {"language": "en", "next": "/"})
    assert '<html lang="en">' in text_of(client, "/", **{"accept-language": "fr"})


def test_the_language_menu_of_a_page_leads_back_to_it(client, questionnaire):
    _response, key = factories.started()
    assert f'name="next" value="/r/{key}/strategy/?a=b"' in text_of(client, f"/r/{key}/strategy/?a=b")


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\0", "/\\evil.example"]
)
def test_the_language_menu_never_leads_to_another_site(client, db, place):
    page = client.post("/language/", {"language": "fr", "next": place})
    assert page["Location"] == "/"


@pytest.mark.parametrize("language", ["de", "", "\0", "fr" * 1000, "../fr"])
def test_a_language_this_site_does_not_speak_changes_nothing(client, db, language):
    assert client.post("/language/", {"language": language, "next": "/"}).status_code == 302
    assert '<html lang="en">' in text_of(client, "/legal/")


@pytest.mark.parametrize("junk", ["*", ";;;", "fr;q=x", "é", "x" * 5000, "fr," * 1000, "en-" + "a-" * 200])
def test_a_language_header_or_cookie_of_junk_is_ignored(client, questionnaire, junk):
    assert client.get("/legal/", headers={"accept-language": junk}).status_code == 200
    client.cookies["language"] = junk
    assert client.get("/legal/").status_code == 200


def test_scores_of_a_report_are_the_same_in_both_languages(client, questionnaire):
    _response, key = factories.submitted(choose=factories.level(4))
    for language in ("en", "fr"):
        report = client.get(f"/r/{key}/report/", headers={"accept-language": language}).context["report"]
        assert shown(report.result.score) == 75


# What went wrong -----------------------------------------------------------------------------------------------------
def test_an_address_of_nothing_says_so_and_leads_on(client, db):
    page = client.get("/nowhere/")
    text = page.content.decode()
    assert page.status_code == 404
    assert "There is nothing at this address" in text
    assert 'href="/"' in text
    assert "urlpatterns" not in text


def test_an_address_of_nothing_under_a_secret_address_shows_no_secret_of_the_site(client, db):
    text = client.get("/r/whatever/report/").content.decode()
    assert "Response matching" not in text
    assert "There is nothing at this address" in text


def test_the_sign_out_form_of_an_error_page_works(client, questionnaire):
    client.force_login(factories.account())
    assert "csrfmiddlewaretoken" in client.get("/nowhere/").content.decode()


def test_a_form_without_its_token_says_what_to_do(questionnaire):
    page = Client(enforce_csrf_checks=True).post("/start/", factories.START)
    assert page.status_code == 403
    assert "reload the page and send it again" in page.content.decode()
    assert not Organisation.objects.exists()


def test_a_page_that_staff_may_not_open_says_so(client, questionnaire):
    factories.sign_in(client, factories.account(is_staff=True), second_factor=True)
    page = client.get("/admin/assessment/response/")
    assert page.status_code == 403
    assert "You may not open this page" in page.content.decode()


def test_a_mistake_of_the_site_is_told_in_both_languages_without_its_inside(questionnaire, monkeypatch):
    def broken(*args):
        raise ZeroDivisionError("secret inside")

    monkeypatch.setattr("assessment.views.public.outline", broken)
    page = Client(raise_request_exception=False).get("/")
    text = page.content.decode()
    assert page.status_code == 500
    assert "The site made a mistake" in text
    assert "Une erreur s’est produite sur le site" in text
    assert "secret inside" not in text
    assert "Traceback" not in text
    assert "default-src 'none'" in page["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["evil.example", "a b", "testserver:x", "[::1", ""])
def test_a_host_that_is_not_this_site_is_refused(client, db, host):
    assert client.get("/legal/", headers={"host": host}).status_code == 400


def test_the_pages_of_errors_are_in_the_reader_s_language(client, db):
    text = client.get("/nowhere/", headers={"accept-language": "fr"}).content.decode()
    assert '<html lang="fr">' in text


def test_a_page_without_its_slash_is_found(client, questionnaire):
    _response, key = factories.started()
    assert client.get(f"/r/{key}")["Location"] == f"/r/{key}/"


def test_the_questionnaire_in_the_data_of_the_example_is_the_current_one(client, questionnaire):
    _response, key = factories.submitted()
    data = json.loads(client.get(f"/r/{key}/report.json").content)
    assert data["questionnaire"]["version"] == questionnaire.version
