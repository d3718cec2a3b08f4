"""What an owner settles: facts, agreement, everything to take along, deletion."""

import json
import re

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from assessment.models import Action, Organisation
from assessment.models.organisation import WORDING
from assessment.rounds.closing import close
from assessment.scoring.__main__ import main as check_report
from tests import factories
from tests.factories import FACTS, NOON
from tests.joint_rounds import answered_by, begun


@pytest.fixture
def organisation(questionnaire):
    return factories.organisation()


@pytest.fixture
def owner(client, organisation):
    user = factories.account("owner@example.org", member_of=organisation)
    client.force_login(user)
    return user


def save(client, organisation, **fields):
    return client.post(reverse("organisation_settings", args=[organisation.slug]), {"name": "Dupont"} | FACTS | fields)


def exported(client, organisation):
    page = client.get(reverse("organisation_export", args=[organisation.slug]))
    assert page.status_code == 200
    assert page["Content-Disposition"] == f'attachment; filename="{organisation.slug}.json"'
    return page.json()


# Facts and agreement ---------------------------------------------------------------------------------------------------
def test_the_facts_are_shown_and_changed(client, organisation, owner):
    page = client.get(reverse("organisation_settings", args=[organisation.slug]))
    assert 'value="Maison Dupont"' in page.content.decode()
    assert save(client, organisation, name="  Dupont   et filles ", sector="finance").status_code == 302
    organisation.refresh_from_db()
    assert (organisation.name, organisation.sector, organisation.size) == ("Dupont et filles", "finance", "micro")


@pytest.mark.parametrize("fields", [{"name": " "}, {"name": "x" * 201}, {"sector": "nowhere"}, {"size": ""}])
def test_what_is_wrong_is_said_and_changes_nothing(client, organisation, owner, fields):
    page = save(client, organisation, **fields)
    assert page.status_code == 422
    assert "Please look at the form again" in page.content.decode()
    organisation.refresh_from_db()
    assert organisation.name == "Maison Dupont"


def shown(client, organisation):
    return client.get(reverse("organisation_settings", args=[organisation.slug])).content.decode()


def is_ticked(page):
    return "checked" in re.search(r'<input type="checkbox" name="contributes"[^>]*>', page)[0]


def test_agreement_is_off_until_it_is_given_and_can_be_taken_back(client, organisation, owner):
    assert (organisation.contributes, organisation.contributes_since, organisation.agreed_at) == (False, None, None)
    assert not is_ticked(shown(client, organisation))
    save(client, organisation, contributes="on")
    organisation.refresh_from_db()
    given = organisation.contributes_since
    assert organisation.contributes
    assert (given, organisation.agreed_wording) == (organisation.agreed_at, WORDING)
    assert is_ticked(shown(client, organisation))
    save(client, organisation, contributes="on")
    organisation.refresh_from_db()
    assert (organisation.contributes_since, organisation.agreed_at) == (given, given)
    save(client, organisation)
    organisation.refresh_from_db()
    assert (organisation.contributes, organisation.contributes_since, organisation.agreed_at) == (False, None, None)


def test_who_agreed_to_an_earlier_wording_is_asked_anew_and_nothing_is_ticked(client, organisation, owner):
    Organisation.objects.update(contributes_since=NOON, agreed_at=NOON, agreed_wording=WORDING - 1)
    page = client.get(reverse("organisation", args=[organisation.slug])).content.decode()
    assert "has changed since you agreed" in page
    page = shown(client, organisation)
    assert "you agreed to an earlier wording" in page
    assert not is_ticked(page)
    assert not Organisation.objects.contributing().exists()
    save(client, organisation, contributes="on")
    organisation.refresh_from_db()
    assert (organisation.contributes, organisation.contributes_since) == (True, NOON)
    assert organisation.agreed_at > NOON
    assert "you agreed to an earlier wording" not in shown(client, organisation)
    client.force_login(factories.account(member_of=organisation, role="member"))
    Organisation.objects.update(agreed_wording=WORDING - 1)
    assert "since you agreed" not in client.get(reverse("organisation", args=[organisation.slug])).content.decode()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_settings_keeping_and_privacy_say_the_same(client, organisation, owner, language):
    """Before one agrees: what counts, how, that sums stay."""
    with translation.override(language):
        told = re.findall(r"<li>(.*?)</li>", render_to_string("assessment/_agreement.html"))
    assert len(told) == 3
    for address in (reverse("organisation_settings", args=[organisation.slug]), reverse("privacy")):
        page = client.get(address, headers={"accept-language": language}).content.decode()
        assert [line for line in told if line not in page] == []


def test_owners_are_led_there_and_nobody_else(client, organisation, owner):
    address = reverse("organisation_settings", args=[organisation.slug])
    page = reverse("organisation", args=[organisation.slug])
    assert address in client.get(page).content.decode()
    client.force_login(factories.account(member_of=organisation, role="member"))
    assert address not in client.get(page).content.decode()


# Taking everything along ---------------------------------------------------------------------------------------------
def test_the_export_holds_facts_people_rounds_and_actions(client, organisation, owner, tmp_path):
    factories.submitted(organisation)
    of = begun(organisation)
    Action.objects.create(organisation=organisation, made_in=of, question="a", to="b", who="Ada", made_at=NOON)
    data = exported(client, organisation)
    assert {name: data["organisation"][name] for name in FACTS} == FACTS
    assert data["people"] == [{"name": "owner@example.org", "role": "owner"}]
    assert [(row["number"], row["report"] is None) for row in data["rounds"]] == [(1, False), (2, True)]
    assert [(row["round"], row["who"], row["state"]) for row in data["actions"]] == [(2, "Ada", "planned")]
    file = tmp_path / "report.json"
    file.write_text(json.dumps(data["rounds"][0]["report"]), encoding="utf-8")
    assert check_report([str(file)]) == 0


@pytest.mark.parametrize("mode", ["open", "confidential"])
def test_the_export_of_a_joint_round_holds_nobody_s_answers(client, organisation, owner, mode):
    of = begun(organisation)
    answered_by(of, 5, mode)
    assert exported(client, organisation)["rounds"][0]["report"] is None
    close(of, at=NOON)
    (told,) = exported(client, organisation)["rounds"]
    assert (told["kind"], told["invited"], told["report"]["responses"], told["report"]["answered"]) == (
        mode,
        5,
        None,
        5,
    )
    assert "colleague1@example.org" not in json.dumps(told)
    if mode == "confidential":
        assert {question.get("lowest") for question in told["report"]["result"]["questions"]} == {None}


def test_the_export_takes_the_same_queries_whatever_there_is(client, organisation, owner):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            exported(client, organisation)
        return len(captured)

    factories.submitted(organisation)
    of = begun(organisation)
    answered_by(of, 2, "open")
    close(of, at=NOON)
    exported(client, organisation)
    few = queries()
    for _number in range(3):
        factories.submitted(organisation)
        factories.account(member_of=organisation, role="viewer")
    more = begun(organisation)
    answered_by(more, 4, "open", first=20)
    close(more, at=NOON)
    Action.objects.create(organisation=organisation, made_in=more, question="a", to="b", made_at=NOON)
    assert queries() == few


# Deleting ------------------------------------------------------------------------------------------------------------
def delete(client, organisation, name):
    return client.post(reverse("organisation_delete", args=[organisation.slug]), {"confirm": name})


@pytest.mark.parametrize("name", ["Maison Dupont", "  maison   DUPONT "])
def test_it_is_deleted_when_its_name_was_typed(client, organisation, owner, name):
    factories.submitted(organisation)
    page = delete(client, organisation, name)
    assert page["Location"] == reverse("organisations")
    assert not Organisation.objects.exists()
    assert "Maison Dupont is deleted" in client.get(page["Location"]).content.decode()


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("L’Atelier d’Aurélie", "L'Atelier d'Aurélie"),
        ("L’Atelier d’Aurélie", "l`atelier d´aure\u0301lie"),
        ("Élan – Vital", "E\u0301LAN  -\u00a0vital"),
        ("A  B", "A B"),
        ("Agence 7", "Ａｇｅｎｃｅ\u3000７"),
        ("Ma\u00adison", "Maison\u200b"),
        ("Cœur", "Coeur"),
        ("Café « Le\u202fRex »", 'café "le rex"'),
        ("É" * 200, "E\u0301" * 200),
    ],
)
def test_its_name_may_be_typed_in_other_signs_that_mean_the_same(client, owner, organisation, name, typed):
    Organisation.objects.update(name=name)
    assert delete(client, organisation, typed).status_code == 302
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    ("name", "typed"),
    [("Élan", "Elan"), ("Côte", "Coté"), ("A B", "AB"), ("L’Élan", "L Élan"), ("A-B", "A B"), ("B", "\0B")],
)
def test_the_name_of_another_deletes_nothing(client, owner, organisation, name, typed):
    Organisation.objects.update(name=name)
    assert delete(client, organisation, typed).status_code == 422
    assert Organisation.objects.exists()


@pytest.mark.parametrize("name", ["", "Maison", "Maison Dupond", "x" * 500])
def test_another_name_deletes_nothing(client, organisation, owner, name):
    page = delete(client, organisation, name)
    assert page.status_code == 422
    assert "Please look at the form again" in page.content.decode()
    assert Organisation.objects.exists()
