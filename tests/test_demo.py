"""`manage.py demo`: invented organisations to look at, marked as such, made once."""

import contextlib
import io
import re

import pypdf
import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext

from assessment.barometer.nightly import night, problems
from assessment.documents.pdf import report_pdf, summary_pdf
from assessment.management import demo as demonstration
from assessment.models import (
    Action,
    Answer,
    Counted,
    Edition,
    Membership,
    Organisation,
    Questionnaire,
    Response,
    Result,
    Round,
)
from assessment.organisations.plan import actions_of, rows_of
from assessment.organisations.trend import results_of
from assessment.results.reporting import report_of
from tests import factories
from tests.barometer_rows import take_part
from tests.drawn import filled

STORED = [Edition, Action, Organisation, Membership, Round, Response, Answer, Result, get_user_model()]


@pytest.fixture
def run(questionnaire, capsys):
    """Run the command; what it printed."""

    def printed(*arguments) -> str:
        call_command("demo", *arguments)
        return capsys.readouterr().out

    return printed


@pytest.fixture
def made(made_once, questionnaire):
    return made_once


@pytest.fixture(scope="module")
def made_once(module_rows):
    """What the command printed when it made everything, for the tests that change nothing before."""
    out = io.StringIO()
    with module_rows.unblock(), contextlib.redirect_stdout(out):
        call_command("demo")
    return out.getvalue()


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in STORED}


def test_every_invented_round_has_a_result(made):
    names = [invented.name for invented in demonstration.ORGANISATIONS]
    assert sorted(Organisation.objects.values_list("name", flat=True)) == sorted(names)
    for invented in demonstration.ORGANISATIONS:
        rounds = Round.objects.filter(organisation__name=invented.name)
        assert rounds.count() == len(invented.rounds)
        results = Result.objects.of_rounds().filter(round__in=rounds).order_by("round__number")
        assert [result.round.number for result in results] == list(range(1, len(invented.rounds) + 1))
        moments = [result.created_at for result in results]
        assert moments == sorted(moments)
        for result in results:
            left_out = {part.dimension for part in result.dimensions.filter(state="not-applicable")}
            said = invented.rounds[result.round.number - 1]
            assert left_out == {"strategy", "charter", "training", "roi", "social-selling"} - set(said)


def test_rounds_of_several_are_there_in_the_open_and_in_confidence(made):
    first = demonstration.ORGANISATIONS[0]
    rounds = Round.objects.filter(organisation__name=first.name).order_by("number")
    assert [row.mode for row in rounds] == ["solo", "open", "confidential"]
    for row in rounds[1:]:
        joint = row.results.get(response=None)
        assert joint.responses == row.responses.submitted().count() == len(first.held[row.number][1]) + 1
        assert not row.is_open


def test_the_plan_shows_what_actions_may_become(made):
    (organisation,) = Organisation.objects.filter(actions__isnull=False, rounds__number=3).distinct()
    now = timezone.now()
    actions = actions_of(rows_of(organisation.pk), results_of(organisation), on=now.date())
    assert {part.state for part in actions} == {"done", "started", "planned"}
    assert [part.reached for part in actions if part.state == "done"] == [True]
    assert any(part.is_overdue for part in actions)
    assert all(part.done_at is None or part.done_at < now for part in actions)
    assert [part.typed for part in actions if part.is_free] == [demonstration.ORGANISATIONS[0].own]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_its_reports_are_at_most_seven_full_pages_and_one_for_management(made, language):
    for row in Result.objects.of_rounds().select_related("round__organisation", "questionnaire", "response"):
        told = report_of(row)
        with translation.override(language):
            data, kept_whole = report_pdf(told), [gettext("Your next steps"), gettext("Since the last round")]
            kept_whole.append(gettext("By role"))
            texts = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
            assert len(texts) <= 7
            for share, after in zip(filled(data), texts[1:], strict=False):
                begins = " ".join(after.split("\n")[1:3])
                assert share >= 0.5 or any(title in begins for title in kept_whole), (row, begins)
            (share,) = filled(summary_pdf(told))
            assert share > 0.5


def test_all_of_it_is_marked_as_a_demonstration(made):
    assert not Organisation.objects.filter(is_demo=False).exists()


def test_a_second_run_makes_nothing_twice(made, run):
    before, rows = counts(), list(QuerySet(Answer).order_by("pk").values())
    run()
    assert counts() == before
    assert list(QuerySet(Answer).order_by("pk").values()) == rows


def test_what_was_deleted_comes_back_and_the_rest_stays(made, run):
    before = counts()
    Organisation.objects.filter(name=demonstration.ORGANISATIONS[0].name).delete()
    kept = set(Organisation.objects.values_list("pk", flat=True))
    run()
    assert counts() == before
    assert kept < set(Organisation.objects.values_list("pk", flat=True))


def test_a_real_organisation_of_the_same_name_is_left_alone(run):
    real = factories.organisation(demonstration.ORGANISATIONS[0].name)
    run()
    real.refresh_from_db()
    assert (real.is_demo, real.rounds.count(), real.memberships.count()) == (False, 0, 0)
    assert Organisation.objects.filter(name=real.name).count() == 2


def test_the_printed_address_opens_a_finished_report(run, client):
    printed = run("--address", "http://example.test:1234")
    address = re.search(r"http://example\.test:1234(/r/\S+/report/)", printed)[1]
    page = client.get(address)
    assert page.status_code == 200
    assert demonstration.ORGANISATIONS[1].name in page.content.decode()
    assert run("--address", "http://example.test:1234").count(address) == 1


def test_the_printed_accounts_can_sign_in_and_see_what_is_promised(made, client):
    printed = made
    found = dict(re.findall(r"(\S+@demo\.example), password (\S+)", printed))
    roles = {f"{role}@demo.example": role for role in Membership.Role.values}
    assert set(found) == {*roles, "admin@demo.example"}
    for name, role in roles.items():
        assert (
            client.post("/accounts/login/", {"login": name, "password": found[name]})["Location"] == "/organisations/"
        )
        person = get_user_model().objects.get(email=name)
        assert (person.is_staff, person.is_superuser) == (False, False)
        (membership,) = person.memberships.all()
        organisation = membership.organisation
        assert (organisation.name, membership.role) == (demonstration.ORGANISATIONS[0].name, role)
        for number in range(1, organisation.rounds.count() + 1):
            assert client.get(f"{organisation.get_absolute_url()}rounds/{number}/").status_code == 200
        client.post("/accounts/logout/")


def test_the_printed_codes_open_the_administration_once_each(made, client):
    printed = made
    password = re.search(r"admin@demo\.example, password (\S+)", printed)[1]
    codes = re.search(r"each works once: ([\d ]+)$", printed, re.MULTILINE)[1].split()
    assert len(set(codes)) == 4
    for attempts, code in enumerate((*codes, codes[0])):
        client.post("/accounts/login/?next=/admin/", {"login": "admin@demo.example", "password": password})
        entered = client.post("/accounts/2fa/authenticate/", {"code": code})
        assert entered.status_code == (302 if attempts < 4 else 200)
        assert client.get("/admin/").status_code == (200 if attempts < 4 else 302)
        client.post("/accounts/logout/")


def test_a_second_run_ends_what_the_earlier_codes_opened(made, run, client):
    printed = made
    password = re.search(r"admin@demo\.example, password (\S+)", printed)[1]
    client.post("/accounts/login/", {"login": "admin@demo.example", "password": password})
    client.post("/accounts/2fa/authenticate/", {"code": re.search(r"once: (\d+)", printed)[1]})
    assert client.get("/admin/").status_code == 200
    run()
    assert client.get("/admin/").status_code == 302


def test_each_run_gives_new_passwords(run):
    passwords = [re.findall(r"password (\S+)", run()) for _time in range(2)]
    assert len({*passwords[0], *passwords[1]}) == 2  # one for all accounts, another each time
    assert authenticate(username="admin@demo.example", password=passwords[0][0]) is None


def test_its_keys_cannot_be_guessed_without_the_secret_of_the_installation(settings):
    invented = demonstration.ORGANISATIONS[1]
    before = invented.key(1)
    assert len(before) == 40
    assert before == invented.key(1) != invented.key(2)
    settings.SECRET_KEY = "another"
    assert invented.key(1) != before


def test_its_results_are_those_of_its_answers(made, capsys):
    call_command("rescore", "--check")
    number = int(re.fullmatch(r"(\d+) results recomputed, all equal\.\n", capsys.readouterr().out)[1])
    assert number >= Response.objects.submitted().count() > 7


def test_without_a_questionnaire_it_says_what_to_do(db):
    QuerySet(Questionnaire).update(status="retired")
    before = counts()
    with pytest.raises(CommandError, match="load_content"):
        call_command("demo")
    assert counts() == before


# The live barometer --------------------------------------------------------------------------------------------------
def test_an_edition_of_four_hundred_invented_organisations_is_made_once_and_marked(made, run, client):
    assert "http://127.0.0.1:8000/barometer/ : invented figures" in made
    edition = Edition.objects.get()
    assert (edition.invented, edition.is_closed, edition.cells[0]["n"], edition.cells[0]["step"]) == (
        True,
        True,
        400,
        5,
    )
    assert {cell["sector"] for cell in edition.cells} > {"", "trade", "public"}
    assert not Counted.objects.exists()
    assert "Invented figures." in client.get("/barometer/").content.decode()
    assert problems(edition) == []
    run()
    assert Edition.objects.get().cells == edition.cells


def test_no_edition_is_invented_where_a_real_organisation_agreed(run):
    Edition.objects.all().delete()  # of another test
    take_part(1, made=timezone.now())
    assert "invented figures" not in run()
    assert not Edition.objects.exists()


def test_what_is_invented_is_no_part_of_a_real_edition(run):
    run()
    night(at=timezone.now())
    real = Edition.objects.get(invented=False, year=timezone.localdate().year)
    assert (real.cells, real.sums.count()) == ([], 0)
