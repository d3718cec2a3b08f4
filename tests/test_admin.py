"""The administration: every page opens, what is published or past can only be read, and nothing private is shown."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from assessment import models
from assessment.accounts.made import renew_second_factor
from assessment.authoring.publication import publish
from assessment.models import Answer, Choice, Dimension, Organisation, Question, Questionnaire, Response, Result, Round
from assessment.organisations.keeping import claim_link
from assessment.organisations.people import invite_person
from tests import factories
from tests.factories import NOON

REGISTERED = sorted(admin.site._registry, key=lambda model: model.__name__)
CONTENT = [models.ConsistencyRule, models.Dimension, models.Question, models.Questionnaire]
PAST = [models.Response, models.Result, models.Round]


@pytest.fixture
def boss(client, db):
    boss = factories.account("boss@example.org", is_staff=True, is_superuser=True)
    factories.sign_in(client, boss, second_factor=True)
    return client


def address(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def more_of_everything() -> None:
    """Rows for each list, with all that hangs on them."""
    factories.draft()
    organisation = factories.organisation(f"Maison {timezone.now().timestamp()}")
    renew_second_factor(factories.account(member_of=organisation))
    response, _key = factories.submitted(organisation, email="secret@example.org")
    factories.reading_link(response, days=3, at=NOON)
    group = Group.objects.create(name=f"Group {timezone.now().timestamp()}")
    LogEntry.objects.log_actions(factories.account(is_staff=True).pk, [group], 1)
    models.SignIn.objects.create(at=timezone.now(), event="refused", who=f"{group.pk:040x}", account=response.user)
    models.Edition.objects.create(year=1990 + models.Edition.objects.count())
    study = models.Study.objects.create(key=f"study-{response.pk}", title_en="Study", title_fr="Étude", publisher="We")
    finding = models.Finding.objects.create(
        key=f"finding-{response.pk}", study=study, dimension="roi", text_en="So", text_fr="Ainsi", confidence="read"
    )
    models.Source.objects.create(finding=finding, where="https://example.org/")
    models.Figure.objects.create(
        key=f"figure-{response.pk}", finding=finding, percent=10, label_en="Do", label_fr="Font"
    )
    level = models.ReferenceLevel.objects.create(
        edition=1990 + models.ReferenceLevel.objects.count(), dimension="roi", why_en="Why", why_fr="Pourquoi"
    )
    level.findings.add(finding)


def queries(client, page: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


def test_everything_that_is_looked_after_is_registered():
    names = {model.__name__ for model in REGISTERED if model._meta.app_label == "assessment"}
    assert names == {
        "ConsistencyRule",
        "Dimension",
        "Edition",
        "Figure",
        "Finding",
        "Organisation",
        "Question",
        "Questionnaire",
        "ReferenceLevel",
        "Response",
        "Result",
        "Round",
        "SignIn",
        "Study",
    }


@pytest.mark.parametrize("model", [models.Question, models.Dimension, models.Questionnaire, models.Result])
def test_a_page_that_can_only_be_read_takes_as_many_queries_for_many_parts_as_for_few(boss, questionnaire, model):
    if model is models.Result:
        factories.submitted()
    rows = model.objects.all()
    if model is models.Question:
        rows = rows.filter(dimension__scored=True)  # the others have neither steps nor prerequisites
    pages = {address(model, "change", row.pk) for row in rows}
    boss.get(next(iter(pages)))  # what is looked up once per process
    assert len({queries(boss, page) for page in pages}) == 1


def test_somebody_without_rights_sees_nothing(client, questionnaire):
    for user in (factories.account(), factories.account(is_staff=True)):
        factories.sign_in(client, user, second_factor=True)
        for model in REGISTERED:
            answer = client.get(address(model, "changelist"))
            assert answer.status_code == (403 if user.is_staff else 302)


# What is published can only be read ----------------------------------------------------------------------------------


def row_of(model, questionnaire):
    return model.objects.filter(**{model.path_to("pk"): questionnaire.pk}).order_by("pk").first()


def form_of(client, page: str) -> dict:
    """What the form of a page would send as it stands."""
    return fields_of(client.get(page))


def fields_of(response) -> dict:
    context = response.context
    data = {}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        forms += [formset.management_form, *formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            name = bound.html_name
            if isinstance(value, bool):
                data |= {name: "on"} if value else {}
            else:
                data[name] = "" if value is None else value
    return data


@pytest.mark.parametrize("model", CONTENT)
def test_a_published_row_has_no_form_and_a_forged_one_changes_nothing(boss, questionnaire, model):
    row = row_of(model, questionnaire)
    page = address(model, "change", row.pk)
    content = boss.get(page).content.decode()
    assert 'name="_save"' not in content
    assert 'class="deletelink"' not in content
    before = model.objects.filter(pk=row.pk).values().get()
    draft = factories.draft()
    forged = form_of(boss, address(model, "change", row_of(model, draft).pk)) | {"key": "forged", "position": 1}
    assert boss.post(page, forged).status_code == 403
    assert boss.get(address(model, "delete", row.pk)).status_code == 403
    assert boss.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("model", CONTENT)
def test_the_action_that_deletes_many_refuses_published_ones(boss, questionnaire, model):
    factories.draft()
    rows = list(model.objects.values_list("pk", flat=True))
    data = {"action": "delete_selected", "_selected_action": rows, "post": "yes"}
    assert boss.post(address(model, "changelist"), data).status_code == 403
    assert model.objects.count() == len(rows)


def test_nothing_can_be_added_to_what_is_published_through_the_page_of_a_draft(boss, questionnaire):
    """An inline form names its parent; another parent's number in it must not count."""
    draft = factories.draft()
    theirs, mine = row_of(Question, questionnaire), row_of(Question, draft)
    page = address(Question, "change", mine.pk)
    data = form_of(boss, page)
    choice = mine.choices.first()
    data |= {"choices-0-question": theirs.pk, "choices-0-text_en": "Moved"}
    before = list(theirs.choices.values())
    boss.post(page, data)
    assert list(theirs.choices.values()) == before
    assert Choice.objects.get(pk=choice.pk).question_id == mine.pk
    foreign = theirs.choices.first()
    data = form_of(boss, page) | {"choices-0-id": foreign.pk, "choices-0-text_en": "Forged"}
    boss.post(page, data)
    assert list(theirs.choices.values()) == before
    assert not mine.choices.filter(text_en="Forged").exists()


@pytest.mark.parametrize("model", [models.Dimension, models.Question, models.ConsistencyRule])
def test_a_draft_s_row_cannot_be_moved_into_what_is_published(boss, questionnaire, model):
    row = row_of(model, factories.draft())
    page = address(model, "change", row.pk)
    parent = getattr(row_of(model, questionnaire), f"{model.parent_name()}_id")
    answer = boss.post(page, form_of(boss, page) | {model.parent_name(): parent})
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors[model.parent_name()]
    assert getattr(model.objects.get(pk=row.pk), f"{model.parent_name()}_id") != parent


@pytest.mark.parametrize("model", [models.Dimension, models.Question, models.ConsistencyRule])
def test_a_new_row_cannot_point_at_what_is_published(boss, questionnaire, model):
    source = form_of(boss, address(model, "change", row_of(model, factories.draft()).pk))
    parent = getattr(row_of(model, questionnaire), f"{model.parent_name()}_id")
    data = {name: value for name, value in source.items() if "INITIAL_FORMS" not in name} | {
        name: 0 for name in source if "FORMS" in name
    }
    number = model.objects.count()
    answer = boss.post(address(model, "add"), data | {"key": "a-new-one", model.parent_name(): parent})
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors[model.parent_name()]
    assert model.objects.count() == number


def test_a_form_that_was_open_when_somebody_published_is_refused_in_words(boss, questionnaire):
    draft = factories.draft()
    row = row_of(Question, draft)
    page = address(Question, "change", row.pk)
    data = form_of(boss, page) | {"text_en": "Too late"}
    publish(draft)
    assert boss.post(page, data).status_code == 403
    assert Question.objects.get(pk=row.pk).text_en != "Too late"


# A draft can be written ----------------------------------------------------------------------------------------------


def test_both_languages_of_a_draft_can_be_changed_and_the_change_is_on_record(boss, questionnaire):
    row = row_of(Question, factories.draft())
    page = address(Question, "change", row.pk)
    data = form_of(boss, page) | {"text_en": "In English", "text_fr": "En français", "choices-0-text_fr": "Une réponse"}
    answer = boss.post(page, data)
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.text_en, row.text_fr) == ("In English", "En français")
    assert row.choices.first().text_fr == "Une réponse"
    entry = LogEntry.objects.get()
    assert (entry.user.username, entry.object_id, entry.is_change()) == ("boss@example.org", str(row.pk), True)
    assert "(English)" in entry.get_change_message()
    assert "(French)" in entry.get_change_message()
    assert "Question (English)" in boss.get(address(Question, "history", row.pk)).content.decode()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_text_may_be_written_in_one_language_first_and_not_in_none(boss, questionnaire, language):
    row = row_of(Question, factories.draft())
    page = address(Question, "change", row.pk)
    assert boss.post(page, form_of(boss, page) | {f"text_{language}": " "}).status_code == 302
    row.refresh_from_db()
    assert getattr(row, f"text_{language}") == ""
    answer = boss.post(page, form_of(boss, page) | {"text_en": "", "text_fr": " "})
    assert list(answer.context["adminform"].form.errors) == ["text_en"]


@pytest.mark.parametrize("model", CONTENT)
def test_saving_a_draft_as_it_is_changes_nothing(boss, questionnaire, model):
    draft = factories.draft()
    before = factories.outline(draft).content
    page = address(model, "change", row_of(model, draft).pk)
    assert boss.post(page, form_of(boss, page)).status_code == 302
    assert factories.outline(draft).content == before


def test_a_draft_and_its_parts_can_be_deleted(boss, questionnaire):
    draft = factories.draft()
    for model in (models.ConsistencyRule, Question, Dimension, Questionnaire):
        row = row_of(model, draft)
        assert boss.get(address(model, "delete", row.pk)).status_code == 200
        assert boss.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 302
        assert not model.objects.filter(pk=row.pk).exists()
    assert LogEntry.objects.filter(action_flag=3).count() == 4
    assert Questionnaire.objects.get() == questionnaire


def test_a_new_draft_can_be_begun(boss, questionnaire):
    page = address(Questionnaire, "add")
    data = form_of(boss, page)
    data |= {
        "key": "other",
        "version": 1,
        "title_en": "A",
        "title_fr": "B",
        "instruction_en": "C",
        "instruction_fr": "D",
    }
    assert boss.post(page, data).status_code == 302
    made = Questionnaire.objects.get(key="other")
    assert (made.status, made.title_fr, made.content_hash) == ("draft", "B", "")


def test_the_state_of_a_questionnaire_is_not_a_field(boss, questionnaire):
    draft = factories.draft()
    page = address(Questionnaire, "change", draft.pk)
    forged = {"status": "published", "content_hash": "x", "published_at_0": "2026-01-01", "published_at_1": "00:00"}
    assert boss.post(page, form_of(boss, page) | forged).status_code == 302
    draft.refresh_from_db()
    assert (draft.status, draft.content_hash, draft.published_at) == ("draft", "", None)


def run_publication(client, *rows):
    data = {"action": "publish_draft", "_selected_action": [row.pk for row in rows]}
    return client.post(address(Questionnaire, "changelist"), data, follow=True)


def test_who_may_only_look_cannot_publish(client, questionnaire):
    from django.contrib.auth.models import Permission

    looker = factories.account(is_staff=True)
    looker.user_permissions.add(*Permission.objects.filter(codename__startswith="view_"))
    factories.sign_in(client, looker, second_factor=True)
    draft = factories.draft()
    run_publication(client, draft)
    draft.refresh_from_db()
    assert draft.is_draft
    assert client.get(address(Questionnaire, "change", draft.pk)).status_code == 200
    assert client.post(address(Questionnaire, "change", draft.pk), {"title_en": "x"}).status_code == 403


# Evidence ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [models.Study, models.Finding, models.Figure])
def test_the_key_of_evidence_is_fixed_once_it_is_there(boss, questionnaire, model):
    """Published questionnaires name findings and figures by their key, and their fingerprint with it."""
    row = model.objects.order_by("pk").first()
    page = address(model, "change", row.pk)
    data = form_of(boss, page) | {"key": "renamed"}
    assert boss.post(page, data).status_code == 302
    assert model.objects.get(pk=row.pk).key == row.key
    assert "key" in boss.get(address(model, "add")).context["adminform"].form.fields


def test_evidence_that_a_published_questionnaire_names_cannot_be_deleted(boss, questionnaire):
    finding = models.QuestionFinding.objects.filter(question__dimension__questionnaire=questionnaire).first().finding
    figure = models.Figure.objects.filter(choices__isnull=False).first()
    for row in (finding, figure, finding.study):
        boss.post(address(type(row), "delete", row.pk), {"post": "yes"})
        assert type(row).objects.filter(pk=row.pk).exists()


# The past ------------------------------------------------------------------------------------------------------------


def test_answers_notes_keys_and_addresses_are_shown_nowhere(boss, questionnaire):
    organisation = factories.organisation()
    response, key = factories.submitted(organisation, email="secret@example.org")
    row, token = factories.reading_link(response, days=3, at=NOON)
    Answer.objects.filter(response=response).update(note="A private note", evidence="https://private.example/")
    secrets = [key, token, row.token_hash, response.key_hash, "secret@example.org", "A private note", "private.example"]
    pages = [address(model, "changelist") for model in REGISTERED]
    for one in (organisation, response, response.round, response.result):
        pages += [address(type(one), page, one.pk) for page in ("change", "history")]
    pages += [address(Organisation, "delete", organisation.pk), reverse("admin:index")]
    saved, asked = response.saved_answers(), response.outline.questions
    chosen = {name: saved[name].choices for name in saved}
    said = [str(choice.text) for name in saved for choice in asked[name].choices if choice.key in chosen[name]]
    said = [escape(text) for text in said if len(text) > 20]  # no word that a page may have for other reasons
    assert said
    for page in pages:
        content = boss.get(page).content.decode()
        for secret in secrets:
            assert secret not in content, page
        assert not [text for text in said if text in content], page
    names = {model.__name__ for model in REGISTERED}
    assert not names & {"Answer", "Share"}


def test_whoever_may_delete_an_organisation_deletes_what_hangs_on_it(boss, questionnaire):
    organisation, other = factories.organisation(), factories.organisation("Other")
    renew_second_factor(factories.account(member_of=organisation))
    response, _key = factories.submitted(organisation)
    factories.reading_link(response, days=3, at=NOON)
    kept, _key = factories.submitted(other)
    page = boss.get(address(Organisation, "delete", organisation.pk))
    assert 'type="submit"' in page.content.decode()
    assert boss.post(address(Organisation, "delete", organisation.pk), {"post": "yes"}).status_code == 302
    assert list(Organisation.objects.all()) == [other]
    assert list(Response.objects.all()) == [kept]
    assert (Round.objects.count(), Result.objects.count(), models.Share.objects.count()) == (1, 1, 0)
    entry = LogEntry.objects.get()
    assert (entry.is_deletion(), entry.object_repr) == (True, "Maison Dupont")


def test_organisations_can_be_deleted_together(boss, questionnaire):
    for name in ("One", "Two"):
        factories.submitted(factories.organisation(name))
    rows = list(Organisation.objects.values_list("pk", flat=True))
    data = {"action": "delete_selected", "_selected_action": rows, "post": "yes"}
    assert boss.post(address(Organisation, "changelist"), data).status_code == 302
    assert (Organisation.objects.count(), Result.objects.count()) == (0, 0)


def test_who_may_only_look_at_organisations_deletes_none(client, questionnaire):
    from django.contrib.auth.models import Permission

    looker = factories.account(is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_organisation"))
    factories.sign_in(client, looker, second_factor=True)
    organisation = factories.organisation()
    assert client.post(address(Organisation, "delete", organisation.pk), {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [organisation.pk], "post": "yes"}
    client.post(address(Organisation, "changelist"), data)
    assert Organisation.objects.filter(pk=organisation.pk).exists()


def test_an_organisation_s_name_can_be_put_right_and_that_is_on_record(boss, questionnaire):
    organisation = factories.organisation()
    page = address(Organisation, "change", organisation.pk)
    assert boss.post(page, form_of(boss, page) | {"name": "Maison Durand"}).status_code == 302
    organisation.refresh_from_db()
    assert organisation.name == "Maison Durand"
    assert LogEntry.objects.get().is_change()


# An owner stays, and nobody's own result is shown --------------------------------------------------------------------
def people_form(boss, organisation, **changes):
    page = address(Organisation, "change", organisation.pk)
    return boss.post(page, form_of(boss, page) | changes)


@pytest.mark.parametrize("change", [{"memberships-0-DELETE": "on"}, {"memberships-0-role": "viewer"}])
def test_an_organisation_that_has_an_owner_keeps_one(boss, questionnaire, change):
    organisation = factories.organisation()
    factories.account(member_of=organisation)
    factories.account(member_of=organisation, role="member")
    page = people_form(boss, organisation, name="Changed", **change)
    assert page.status_code == 200
    assert "an organisation needs an owner" in page.content.decode()
    assert list(organisation.memberships.values_list("role", flat=True)) == ["owner", "member"]
    organisation.refresh_from_db()
    assert organisation.name == "Maison Dupont"


def test_an_owner_may_be_taken_off_when_another_is_named_at_once(boss, questionnaire):
    organisation = factories.organisation()
    factories.account(member_of=organisation)
    factories.account(member_of=organisation, role="member")
    changes = {"memberships-0-DELETE": "on", "memberships-1-role": "owner"}
    assert people_form(boss, organisation, **changes).status_code == 302
    assert list(organisation.memberships.values_list("role", flat=True)) == ["owner"]


def test_what_a_new_owner_has_submitted_counts_as_it_did(boss, questionnaire):
    organisation = factories.organisation()
    response, _key = factories.submitted(organisation)
    member = factories.account(member_of=organisation, role="member")
    Response.objects.filter(pk=response.pk).update(user=member)
    assert people_form(boss, organisation, **{"memberships-0-role": "owner"}).status_code == 302
    response.refresh_from_db()
    assert not response.by_owner


def test_an_organisation_that_nobody_owns_can_be_put_right(boss, questionnaire):
    organisation = factories.organisation()
    assert people_form(boss, organisation, name="Maison Durand").status_code == 302


def delete_by_its_page(boss, user):
    return boss.post(address(get_user_model(), "delete", user.pk), {"post": "yes"}, follow=True)


def delete_by_the_action(boss, user):
    data = {"action": "delete_selected", "_selected_action": [user.pk], "post": "yes"}
    return boss.post(address(get_user_model(), "changelist"), data, follow=True)


@pytest.mark.parametrize("others", [False, True])
def test_an_account_that_an_organisation_needs_is_not_deleted_and_says_why(boss, questionnaire, others):
    organisation = factories.organisation()
    user = factories.account("owner@example.org", member_of=organisation)
    if others:
        factories.account(member_of=organisation, role="member")
    page = boss.get(address(get_user_model(), "delete", user.pk)).content.decode()
    assert "owner@example.org is the last owner or the only person of Maison Dupont." in page
    assert 'type="submit"' not in page.partition('id="content"')[2]
    for delete in (delete_by_its_page, delete_by_the_action):
        answer = delete(boss, user)
        assert "the last owner or the only person of Maison Dupont" in answer.content.decode()
    assert get_user_model().objects.filter(pk=user.pk).exists()
    assert LogEntry.objects.count() == 0


@pytest.mark.parametrize("delete", [delete_by_its_page, delete_by_the_action])
def test_an_account_is_erased_with_answers_and_address_as_on_its_own_page(boss, questionnaire, delete):
    organisation = factories.organisation()
    factories.account(member_of=organisation)
    user = factories.account("gone@example.org", member_of=organisation, role="owner")
    response, _key = factories.submitted(organisation, email="gone@example.org")
    Response.objects.filter(pk=response.pk).update(user=user)
    invitation = invite_person(organisation, "member", at=timezone.now())
    assert "answers are erased" in boss.get(address(get_user_model(), "delete", user.pk)).content.decode()
    answer = delete(boss, user)
    assert "uccessfully" in answer.content.decode()
    assert not get_user_model().objects.filter(email="gone@example.org").exists()
    response.refresh_from_db()
    assert (response.email, response.answers.count(), response.erased_at is None) == ("", 0, False)
    assert "gone" not in LogEntry.objects.get().object_repr
    assert not models.PeopleInvitation.objects.with_token(invitation.token, at=timezone.now()).exists()


@pytest.mark.parametrize("delete", [delete_by_its_page, delete_by_the_action])
def test_who_became_the_last_owner_meanwhile_stays_with_a_word_and_no_record(boss, questionnaire, monkeypatch, delete):
    monkeypatch.setattr("assessment.admin.account._in_the_way", lambda account: [])  # looked before it came about
    user = factories.account(member_of=factories.organisation())
    answer = delete(boss, user)
    assert "Nobody was deleted" in answer.content.decode()
    assert get_user_model().objects.filter(pk=user.pk).exists()
    assert LogEntry.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "renewed"),
    [
        ({"memberships-0-DELETE": "on"}, True),
        ({"memberships-0-role": "viewer"}, True),
        ({"memberships-1-role": "viewer"}, False),
        ({"name": "Maison Durand"}, False),
    ],
)
def test_an_owner_who_is_none_any_more_cannot_come_back_by_an_invitation(boss, questionnaire, change, renewed):
    organisation = factories.organisation()
    for role in ("owner", "member", "owner"):
        factories.account(member_of=organisation, role=role)
    known = invite_person(organisation, "owner", at=timezone.now())
    page = address(Organisation, "change", organisation.pk)
    answer = boss.post(page, form_of(boss, page) | change, follow=True)
    assert models.PeopleInvitation.objects.with_token(known.token, at=timezone.now()).exists() is not renewed
    assert ("The links of open invitations were replaced" in answer.content.decode()) is renewed


def test_handing_an_owner_s_row_to_somebody_else_renews_the_invitations_too(boss, questionnaire):
    organisation, other = factories.organisation(), factories.account()
    factories.account(member_of=organisation)
    known = invite_person(organisation, "owner", at=timezone.now())
    assert people_form(boss, organisation, **{"memberships-0-user": other.pk}).status_code == 302
    assert organisation.memberships.get().user == other
    assert not models.PeopleInvitation.objects.with_token(known.token, at=timezone.now()).exists()


def test_one_person_s_result_in_a_round_of_several_is_shown_nowhere(boss, questionnaire):
    organisation = factories.organisation()
    response, _key = factories.submitted(organisation, factories.level(2))
    page = boss.get(address(Result, "changelist"))
    assert page.context["cl"].result_count == 1  # it stands for the round while nobody is invited
    Round.objects.update(mode=Round.Mode.CONFIDENTIAL)
    page = boss.get(address(Result, "changelist"))
    assert page.context["cl"].result_count == 0
    for action in ("change", "history"):
        page = boss.get(address(Result, action, response.result.pk), follow=True)
        assert "25.0" not in page.content.decode()


def test_deleting_an_organisation_counts_what_goes_and_names_nothing_of_it(boss, questionnaire):
    organisation = factories.organisation()
    response, _key = factories.submitted(organisation, factories.level(2))
    link = claim_link(response, at=NOON)
    invitation = invite_person(organisation, "member", email="secret@example.org", at=NOON)
    data = {"action": "delete_selected", "_selected_action": [organisation.pk]}
    pages = [
        boss.get(address(Organisation, "delete", organisation.pk)),
        boss.post(address(Organisation, "changelist"), data),
    ]
    for page in pages:
        shown = page.content.decode()
        assert "Maison Dupont" in shown
        assert "25.0" not in shown
        for secret in (link.token, link.seed, invitation.token, invitation.seed, "secret@example.org"):
            assert secret not in shown
    assert dict(pages[0].context["model_count"])["results"] == 1


def test_invitations_and_links_have_no_list(boss):
    names = {model.__name__ for model in REGISTERED}
    assert not names & {"PeopleInvitation", "ClaimLink", "Invitation", "Count"}


@pytest.mark.parametrize("odd", ["x", "²", "-1", "9" * 30, " "])
def test_a_person_who_is_no_number_is_told_at_the_field(boss, questionnaire, odd):
    organisation = factories.organisation()
    factories.account(member_of=organisation)
    page = address(Organisation, "change", organisation.pk)
    fields = form_of(boss, page) | {"memberships-0-user": odd}
    assert boss.post(page, fields).status_code == 200


def test_more_rows_than_there_may_be_are_not_made(boss, questionnaire):
    """A page of fifteen megabytes took fifteen seconds."""
    draft = factories.draft()
    dimension = draft.dimensions.first()
    page = f"{address(Question, 'add')}?dimension={dimension.pk}"
    fields = form_of(boss, page)
    fields |= {name: "9" * 20 for name in fields if name.endswith("-TOTAL_FORMS")}
    shown = boss.post(page, fields)
    assert shown.status_code == 200
    assert len(shown.content) < 3_000_000
