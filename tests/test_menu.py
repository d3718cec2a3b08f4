"""The administration's menu: grouped by job, with nothing lost."""

from django.contrib import admin
from django.urls import reverse

from assessment.accounts.groups import make_groups
from assessment.accounts.second_factor import ROOMS, by_job
from tests import factories
from tests.test_groups import client_of


def model(name):
    return {"object_name": name, "name": name, "admin_url": f"/admin/{name.lower()}/"}


def named(rooms):
    return {room["app_label"]: [one["object_name"] for one in room["models"]] for room in rooms}


def test_every_model_of_the_administration_has_its_place():
    placed = {name for _label, _name, names in ROOMS for name in names} | {"LogEntry"}
    assert {one.__name__ for one in admin.site._registry} == placed


def test_models_stand_by_job_and_a_new_one_in_the_last_room():
    apps = [{"models": [model("Result"), model("New"), model("Question")]}, {"models": [model("User")]}]
    assert named(by_job(apps)) == {
        "questionnaires": ["Question"],
        "results": ["Result"],
        "people": ["User"],
        "record": ["New"],
    }


def test_a_room_leads_to_its_first_list():
    assert by_job([{"models": [model("Question"), model("Dimension")]}])[0]["app_url"] == "/admin/dimension/"


def test_who_may_see_results_only_is_shown_no_other_room(client, questionnaire):
    make_groups()
    page = client_of(client, "analyst").get(reverse("admin:index"))
    assert list(named(page.context["available_apps"])) == ["results"]


def test_the_page_of_one_app_lists_all_that_it_has(client, questionnaire):
    factories.sign_in(client, factories.account(is_staff=True, is_superuser=True), second_factor=True)
    page = client.get(reverse("admin:app_list", args=["assessment"]))
    assert len(page.context["app_list"][0]["models"]) == len(
        [one for one in admin.site._registry if one._meta.app_label == "assessment"]
    )


def test_what_belongs_to_a_draft_is_added_in_its_outline_and_nowhere_else(client, questionnaire):
    factories.sign_in(client, factories.account(is_staff=True, is_superuser=True), second_factor=True)
    names = ("dimension", "question", "consistencyrule")
    adds = [reverse(f"admin:assessment_{name}_add") for name in names]
    lists = [reverse(f"admin:assessment_{name}_changelist") for name in names]
    for page in (reverse("admin:index"), reverse("admin:app_list", args=["assessment"]), *lists):
        text = client.get(page).content.decode()
        assert not [address for address in adds if f'href="{address}' in text]
        assert reverse("admin:assessment_study_add") in text
    assert [client.get(address).status_code for address in adds] == [200, 200, 200]
