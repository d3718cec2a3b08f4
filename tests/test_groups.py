"""The ready-made groups of the administration: each can do its job and nothing else, at every address there is."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessment import models
from assessment.accounts.groups import GROUPS, PUBLISH, make_groups
from assessment.evidence.values import stored_evidence
from assessment.forms.period import PeriodForm
from assessment.organisations.people import invite_person
from tests import factories
from tests.factories import NOON
from tests.test_access import ACTIONS, ADMIN_MODELS, ADMIN_PAGES, ADMIN_PATTERNS, names_of, objects
from tests.test_admin import address, form_of
from tests.test_evidence_admin import FIGURE, FINDING, STUDY

pytestmark = pytest.mark.any_database

WRITERS = {"author", "publisher"}
EVERYBODY = set(GROUPS)
CONTENT = ("consistencyrule", "dimension", "question", "questionnaire")
EVIDENCE = ("figure", "finding", "referencelevel", "study")
SEE = ("changelist", "change", "history")
# Which group gets into which pages of which model; what is not named here is for superusers.
MODELS = {f"assessment_{name}": {"author": ACTIONS, "publisher": ACTIONS} for name in CONTENT} | {
    f"assessment_{name}": {"author": (*SEE, "add"), "publisher": ACTIONS} for name in EVIDENCE
}
MODELS |= {
    "assessment_referencelevel": {"author": SEE, "publisher": ACTIONS},
    "assessment_organisation": {"support": SEE},
    "assessment_round": {"support": SEE},
    "auth_user": {"support": SEE},
    "assessment_result": {"analyst": SEE},
    "assessment_edition": {"analyst": SEE, "publisher": SEE},
}
# Every other address of the administration, and who gets in.
PAGES = {
    "index": EVERYBODY,
    "password_change": EVERYBODY,
    "password_change_done": EVERYBODY,
    "jsi18n": EVERYBODY,
    "view_on_site": {"support"},  # of an organisation
    "app_list": EVERYBODY,
    "autocomplete": set(),
    "auth_user_password_change": set(),
    "assessment_response_answers": set(),
    "assessment_result_export_csv": {"analyst"},
    "assessment_result_export_xlsx": {"analyst"},
    "assessment_import": WRITERS,
    "assessment_evidence_export": WRITERS,
    "assessment_questionnaire_export": WRITERS,
    "assessment_questionnaire_check": WRITERS,
    "assessment_questionnaire_changes": WRITERS,
    "assessment_questionnaire_new_version": WRITERS,
    "assessment_questionnaire_publish": {"publisher"},
    "assessment_questionnaire_retire": {"publisher"},
}
MONTHS = {
    "2026-11": 1,
    "2026-09": 1,
    "2026-10": 0,
    "2026": 0,
    "x": 0,
    "2026-11-02": 0,
}  # how many results, by what is asked
# Further pages of one row of a model.
ROW_PAGES = {
    "assessment_questionnaire_preview": WRITERS,
    "assessment_questionnaire_wording": WRITERS,
    "assessment_edition_close": {"publisher"},
    "assessment_dimension_move": WRITERS,
    "assessment_question_move": WRITERS,
    "assessment_consistencyrule_move": WRITERS,
}


@pytest.fixture
def groups(db):
    make_groups()


def client_of(client, group: str):
    user = factories.account(is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    factories.sign_in(client, user, second_factor=True)
    return client


@pytest.fixture(params=GROUPS)
def visitor(request, client, groups, questionnaire):
    return request.param, client_of(client, request.param)


def rows() -> dict:
    """A row of every model of the administration, of a draft where there is one; all that hangs on it."""
    draft = factories.draft()
    response, _key = factories.submitted(factories.organisation())
    factories.account(member_of=response.round.organisation)
    found = objects()
    for name in CONTENT:
        model = type(found[f"assessment_{name}"])
        found[f"assessment_{name}"] = model.objects.filter(**{model.path_to("pk"): draft.pk}).first()
    return found


def test_every_address_of_the_administration_says_which_groups_get_in():
    named = {f"admin:{model}_{action}" for model in ADMIN_MODELS for action in ACTIONS} | ADMIN_PATTERNS
    named |= {f"admin:{name}" for name in PAGES.keys() | ROW_PAGES.keys()}
    assert named == {name for name in names_of(get_resolver()) if name.startswith("admin:")}
    assert MODELS.keys() <= ADMIN_MODELS.keys()


def test_a_group_gets_into_the_pages_of_its_job_and_into_no_other(visitor):
    group, client = visitor
    expected, found = {}, {}
    for model, row in rows().items():
        actions = MODELS.get(model, {}).get(group, ())
        for action in ACTIONS:
            page = reverse(f"admin:{model}_{action}", args=[] if action in ("changelist", "add") else [row.pk])
            gets_in = action in actions
            expected[page] = 200 if gets_in else 403
            found[page] = client.get(page).status_code
            if not gets_in:
                expected["post", page] = 403
                found["post", page] = client.post(page, {"post": "yes"}).status_code
    assert found == expected


def test_a_group_gets_into_the_other_pages_of_its_job_and_into_no_other(visitor):
    group, client = visitor
    every = rows()
    known, found = arguments(every), {}
    for name in PAGES:
        page = reverse(f"admin:{name}", args=[known.get(part, part) for part in ADMIN_PAGES[name][0]])
        found[name] = client.get(page).status_code not in (403, 404)
    for name in ROW_PAGES:
        page = reverse(f"admin:{name}", args=[every[name.rpartition("_")[0]].pk])
        found[name] = client.get(page).status_code not in (403, 404)
    assert found == {name: group in who for name, who in (PAGES | ROW_PAGES).items()}


def arguments(every: dict) -> dict:
    """What stands in the addresses of `ADMIN_PAGES`."""
    organisation = every["assessment_organisation"]
    known = {"organisation": organisation.pk, "user": organisation.memberships.first().user_id}
    known["content type"] = ContentType.objects.get_for_model(organisation).pk
    return known | {name.removeprefix("assessment_"): row.pk for name, row in every.items() if "assessment" in name}


# What they are made of -----------------------------------------------------------------------------------------------
def test_every_permission_that_a_group_names_is_there(groups):
    for name, codenames in GROUPS.items():
        held = set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))
        assert held <= codenames
        assert codenames - held <= {PUBLISH}


def test_groups_are_made_with_the_content_and_mended_by_the_command(groups, capsys):
    Group.objects.get(name="author").permissions.add(Permission.objects.get(codename="delete_user"))
    Group.objects.get(name="analyst").delete()
    own = Group.objects.create(name="mine")
    own.permissions.add(Permission.objects.get(codename="delete_user"))
    call_command("groups")
    assert "2 made or mended" in capsys.readouterr().out
    call_command("load_content")
    assert make_groups() == 0
    assert "delete_user" not in Group.objects.get(name="author").permissions.values_list("codename", flat=True)
    assert own.permissions.count() == 1


def test_what_a_group_is_for_stands_beside_its_name(client, groups):
    factories.sign_in(client, factories.account(is_staff=True, is_superuser=True), second_factor=True)
    page = client.get(reverse("admin:auth_group_changelist")).content.decode()
    for group in GROUPS:
        assert f"{group[:6].capitalize()}" in page.partition(f">{group.capitalize()}<")[2][:200]


# Their jobs ----------------------------------------------------------------------------------------------------------
def test_an_author_writes_a_draft_and_cannot_publish_it(client, groups, questionnaire):
    client_of(client, "author")
    draft = factories.draft()
    question = models.Question.objects.filter(dimension__questionnaire=draft).first()
    page = address(models.Question, "change", question.pk)
    assert client.post(page, form_of(client, page) | {"text_en": "In other words"}).status_code == 302
    question.refresh_from_db()
    assert question.text_en == "In other words"
    data = {"action": "publish_draft", "_selected_action": [draft.pk]}
    client.post(address(models.Questionnaire, "changelist"), data)
    draft.refresh_from_db()
    assert draft.is_draft


@pytest.mark.parametrize("model", [models.Study, models.Finding, models.Figure, models.ReferenceLevel])
def test_an_author_changes_no_evidence_that_is_there(client, groups, questionnaire, model):
    client_of(client, "author")
    before = stored_evidence()
    row = model.objects.first()
    page = client.get(address(model, "change", row.pk)).content.decode()
    assert 'name="_save"' not in page
    for name in ("change", "delete"):
        assert client.post(address(model, name, row.pk), {"post": "yes", "text_en": "x"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    client.post(address(model, "changelist"), data)
    assert stored_evidence() == before


def test_an_author_adds_evidence_that_no_report_shows_by_itself(client, groups, questionnaire):
    client_of(client, "author")
    edition = models.Study.objects.exclude(edition=None).first()
    page = client.post(address(models.Study, "add"), STUDY | {"edition": "2031"})
    assert page.status_code == 302
    study = models.Study.objects.get(title_en=STUDY["title_en"])
    assert study.edition is None
    assert client.post(address(models.Finding, "add"), FINDING | {"study": edition.pk}).status_code == 200
    assert client.post(address(models.Finding, "add"), FINDING | {"study": study.pk}).status_code == 302
    finding = study.findings.get()
    assert client.post(address(models.Figure, "add"), FIGURE | {"finding": finding.pk}).status_code == 302
    assert finding.figures.exists()


def test_who_adds_or_changes_evidence_is_told_who_sees_it_when(client, groups, questionnaire):
    row = models.Study.objects.first()
    add, change = address(models.Study, "add"), address(models.Study, "change", row.pk)
    told = {"author": {add: "The methodology page shows this at once"}, "publisher": {}}
    told["publisher"] = {change: "Readers see what you change here within some minutes, in earlier reports too."}
    for group, pages in told.items():
        visitor = client_of(Client(), group)
        for page, text in pages.items():
            assert text in visitor.get(page).content.decode()


def test_support_mends_an_organisation_and_says_what_its_people_may_do(client, groups, questionnaire):
    client_of(client, "support")
    organisation = factories.organisation()
    for role in ("owner", "viewer", "member"):
        factories.account(member_of=organisation, role=role)
    page = address(models.Organisation, "change", organisation.pk)
    data = form_of(client, page) | {"name": "Maison Durand", "sector": "health"}
    data |= {"memberships-1-role": "member", "memberships-2-DELETE": "on"}
    assert client.post(page, data).status_code == 302
    organisation.refresh_from_db()
    assert (organisation.name, organisation.sector) == ("Maison Durand", "health")
    assert sorted(organisation.memberships.values_list("role", flat=True)) == ["member", "owner"]


def test_support_names_a_member_owner_where_there_is_no_owner_left_and_that_is_on_record(client, groups, questionnaire):
    client_of(client, "support")
    organisation = factories.organisation()
    member = factories.account(member_of=organisation, role="member")
    page = address(models.Organisation, "change", organisation.pk)
    assert client.post(page, form_of(client, page) | {"memberships-0-role": "owner"}).status_code == 302
    assert organisation.memberships.owners().get().user == member
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.user_id) == (str(organisation.pk), int(client.session["_auth_user_id"]))
    assert "owner" in entry.change_message


@pytest.mark.parametrize("rights", [{"is_superuser": True}, {}])
@pytest.mark.parametrize("way", ["a new place", "somebody's place"])
@pytest.mark.parametrize("role", ["viewer", "owner"])
def test_nobody_is_let_into_an_organisation_but_by_a_superuser(client, groups, questionnaire, way, role, rights):
    """Whether it is support's own account or another one, which could be theirs, too."""
    client_of(client, "support")
    me = get_user_model().objects.get(pk=client.session["_auth_user_id"])
    get_user_model().objects.filter(pk=me.pk).update(**rights)
    organisation, other = factories.organisation(), factories.account()
    factories.account(member_of=organisation)
    there = factories.account(member_of=organisation, role="viewer")
    page = address(models.Organisation, "change", organisation.pk)
    for account in (me, other):
        place = {"a new place": organisation.memberships.count(), "somebody's place": 1}[way]
        data = form_of(client, page) | {"memberships-TOTAL_FORMS": max(place + 1, organisation.memberships.count())}
        data |= {f"memberships-{place}-user": account.pk, f"memberships-{place}-role": role}
        data |= {f"memberships-{place}-organisation": organisation.pk}
        client.post(page, data)
        found = organisation.memberships.filter(user=account)
        assert list(found.values_list("role", flat=True)) == ([role] if rights else [])
    assert organisation.memberships.filter(user=there).exists() is (way == "a new place" or not rights)


def test_what_somebody_of_support_is_in_an_organisation_is_for_others_to_say(client, groups, questionnaire):
    client_of(client, "support")
    organisation = factories.organisation()
    factories.account(member_of=organisation)
    mine = organisation.memberships.create(user_id=client.session["_auth_user_id"], role="viewer")
    page = address(models.Organisation, "change", organisation.pk)
    answer = client.post(page, form_of(client, page) | {"memberships-1-role": "owner"})
    assert "what you are in an organisation is for others to say" in answer.content.decode()
    mine.refresh_from_db()
    assert mine.role == "viewer"
    assert client.post(page, form_of(client, page) | {"memberships-1-DELETE": "on"}).status_code == 302
    assert not models.Membership.objects.filter(pk=mine.pk).exists()


@pytest.mark.parametrize("rights", [{"is_superuser": True}, {}])
def test_an_organisation_is_made_a_demonstration_by_nobody_but_a_superuser(client, groups, questionnaire, rights):
    client_of(client, "support")
    get_user_model().objects.filter(pk=client.session["_auth_user_id"]).update(**rights)
    real, shown = factories.organisation(), factories.organisation(is_demo=True)
    for organisation, change in ((real, {"is_demo": "on"}), (shown, {"is_demo": ""})):
        page = address(models.Organisation, "change", organisation.pk)
        assert client.post(page, form_of(client, page) | change).status_code == 302
        before = organisation.is_demo
        organisation.refresh_from_db()
        assert (organisation.is_demo != before) is bool(rights)


def test_support_ends_an_open_invitation_and_is_never_shown_its_link(client, groups, questionnaire):
    client_of(client, "support")
    organisation = factories.organisation()
    factories.account(member_of=organisation)
    now = timezone.now()
    invitation = invite_person(organisation, "member", email="new@example.org", at=now)
    page = address(models.Organisation, "change", organisation.pk)
    shown = client.get(page).content.decode()
    assert "new@example.org" in shown
    for secret in (invitation.token, invitation.seed, invitation.token_hash):
        assert secret not in shown
    assert client.post(page, form_of(client, page) | {"invitations-0-DELETE": "on"}).status_code == 302
    assert not models.PeopleInvitation.objects.with_token(invitation.token, at=now).exists()
    assert "new@example.org" not in client.get(page).content.decode()


def test_support_is_shown_an_account_without_its_password_and_rights(client, groups, questionnaire):
    client_of(client, "support")
    user = factories.account("somebody@example.org")
    page = client.get(address(type(user), "change", user.pk)).content.decode()
    assert "somebody@example.org" in page
    for part in ("algorithm", "field-password", "field-groups", "field-is_superuser", user.password):
        assert part not in page


def test_an_analyst_is_shown_results_and_no_organisation(client, groups, questionnaire):
    client_of(client, "analyst")
    response, _key = factories.submitted(factories.organisation("Maison Dupont"))
    pages = [address(models.Result, "changelist")]
    pages += [address(models.Result, action, response.result.pk) for action in ("change", "history")]
    for page in pages:
        shown = client.get(page)
        assert shown.status_code == 200
        assert "Dupont" not in shown.content.decode()
    assert "50.0" in client.get(pages[1]).content.decode()
    searched = client.get(pages[0], {"q": "no such name"})
    assert searched.context["cl"].result_count == 1  # there is nothing to search by
    assert client.get(pages[0], {"round__organisation__name": "Maison Dupont"}).status_code in (302, 400)


def test_an_analyst_is_shown_the_month_of_a_result_and_no_day(client, groups, questionnaire):
    """Neither by reading nor by asking: who knows on which day somebody answered would know whose result it is."""
    boss, visitor = Client(), client_of(client, "analyst")
    factories.sign_in(boss, factories.account(is_staff=True, is_superuser=True), second_factor=True)
    response, _key = factories.submitted(at=NOON)
    factories.submitted(at=NOON - timedelta(days=40))
    models.Result.objects.filter(pk=response.result.pk).update(created_at=NOON)
    pages = [address(models.Result, "changelist"), address(models.Result, "change", response.result.pk)]
    day, month = date_format(NOON), date_format(NOON, "YEAR_MONTH_FORMAT")
    for page in pages:
        assert day in boss.get(page).content.decode()
        shown = visitor.get(page).content.decode()
        assert month in shown
        assert day not in shown
    assert visitor.get(pages[0]).context["cl"].date_hierarchy is None
    for name in ("created_at__day", "created_at__gte", "created_at__year", "created_at", *PeriodForm.base_fields):
        assert visitor.get(pages[0], {name: "2026-11-02"}).status_code in (302, 400)
    numbers = {asked: len(visitor.get(pages[0], {"month": asked}).context["cl"].result_list) for asked in MONTHS}
    assert numbers == MONTHS


def test_support_is_offered_no_page_that_is_for_the_people_of_an_organisation(client, questionnaire):
    make_groups()
    client = client_of(client, "support")
    factories.submitted(factories.organisation(), factories.level(2))
    for row in (models.Round.objects.get(), models.Organisation.objects.get()):
        page = client.get(address(type(row), "change", row.pk))
        assert page.status_code == 200
        assert reverse("admin:index") + "r/" not in page.content.decode()
