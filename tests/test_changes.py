"""The record of changes: every change by an administrator with before and after, readable, kept, without a secret."""

import json
import re
from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from assessment import models
from assessment.accounts.made import GONE
from assessment.admin.entries import values_of
from assessment.admin.log import LONGEST, record
from assessment.content.structure import Text
from assessment.content.writer import write_evidence
from assessment.privacy.purging import purge
from tests import factories
from tests.test_admin import address, form_of
from tests.test_import import IMPORT, agreed, other, uploaded
from tests.test_version_pages import changed_draft
from tests.test_version_pages import form_of as publication_of

pytestmark = pytest.mark.any_database

CHANGES = "admin:admin_logentry_changelist"


@pytest.fixture
def question(questionnaire):
    return models.Question.objects.filter(dimension__questionnaire=factories.draft()).first()


def test_a_form_s_change_is_written_down_with_each_value_before_and_after(boss, question):
    page = address(models.Question, "change", question.pk)
    before = question.text_en
    assert boss.post(page, form_of(boss, page) | {"text_en": "In other words", "weight": "2.5"}).status_code == 302
    values = values_of(LogEntry.objects.get())
    assert ["question (English)", before, "In other words"] in values
    assert [name for name, *_values in values] == ["question (English)", "weight"]
    shown = boss.get(address(models.Question, "history", question.pk)).content.decode()
    assert "Question (English): “" in shown
    assert "→ “In other words”" in shown


def test_the_rows_of_a_form_are_written_down_too(boss, question):
    page = address(models.Question, "change", question.pk)
    choices = list(question.choices.all())
    data = form_of(boss, page) | {"choices-0-text_fr": "Autrement", "choices-4-DELETE": "on"}
    assert boss.post(page, data).status_code == 302
    values = values_of(LogEntry.objects.get())
    assert [choices[0].text_fr, "Autrement"] in [pair for _name, *pair in values]
    assert [choices[4].text_en, ""] in [pair for _name, *pair in values]


def test_what_is_chosen_from_a_list_is_written_down_in_words(boss, questionnaire):
    finding = models.Finding.objects.first()
    other = models.Study.objects.exclude(pk=finding.study_id).first()
    page = address(models.Finding, "change", finding.pk)
    assert boss.post(page, form_of(boss, page) | {"study": other.pk}).status_code == 302
    assert values_of(LogEntry.objects.get()) == [["study", str(finding.study), str(other)]]


def test_what_is_deleted_is_written_down_as_it_was(boss, question):
    boss.post(address(models.Question, "delete", question.pk), {"post": "yes"})
    entry = LogEntry.objects.get()
    assert entry.is_deletion()
    assert ["question (French)", question.text_fr, ""] in values_of(entry)


def test_a_long_value_is_cut(boss, question):
    page = address(models.Question, "change", question.pk)
    boss.post(page, form_of(boss, page) | {"help_en": "x" * 900})
    assert len(values_of(LogEntry.objects.get())[0][2]) == LONGEST


def test_markup_in_a_value_is_shown_as_it_was_typed(boss, question):
    page = address(models.Question, "change", question.pk)
    boss.post(page, form_of(boss, page) | {"text_en": "<script>alert(1)</script>"})
    for shown in (
        address(models.Question, "history", question.pk),
        address(LogEntry, "change", LogEntry.objects.get().pk),
    ):
        text = boss.get(shown).content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def test_no_password_and_no_address_of_a_person_is_written_down(boss, questionnaire):
    user = factories.account("old@example.org")
    page = address(get_user_model(), "change", user.pk)
    data = {"username": "old@example.org", "email": "new@example.org", "is_staff": "on", "is_active": "on"}
    data |= {"date_joined_0": f"{user.date_joined:%Y-%m-%d}", "date_joined_1": f"{user.date_joined:%H:%M:%S}"}
    assert boss.post(page, data).status_code == 302
    secret = "A-very-long-pass-9"
    data = {"password1": secret, "password2": secret, "usable_password": "true"}
    assert boss.post(reverse("admin:auth_user_password_change", args=[user.pk]), data).status_code == 302
    first, second = LogEntry.objects.order_by("pk")
    assert ["staff status", "False", "True"] in values_of(first)
    assert values_of(second) == []
    for entry in (first, second):
        for private in ("old@example.org", "new@example.org", secret):
            assert private not in entry.change_message


def test_a_membership_names_its_person_by_a_number(boss, questionnaire):
    organisation = factories.organisation()
    factories.account(member_of=organisation)
    helper = factories.account("helper@example.org")
    page = address(models.Organisation, "change", organisation.pk)
    data = {"memberships-TOTAL_FORMS": 2, "memberships-1-user": helper.pk, "memberships-1-role": "member"}
    boss.post(page, form_of(boss, page) | data | {"memberships-1-organisation": organisation.pk})
    entry = LogEntry.objects.get()
    assert ["person", "", f"#{helper.pk}"] in values_of(entry)
    assert "helper@" not in entry.change_message


def test_other_verbs_write_down_their_changes_by_one_call(boss, rf, questionnaire):
    request = rf.post("/")
    request.user = get_user_model().objects.get(email="boss@example.org")
    record(request, questionnaire, {"state": ("draft", "published"), "weight": (None, 2)})
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.user) == (str(questionnaire.pk), request.user)
    assert values_of(entry) == [["state", "draft", "published"], ["weight", "", "2"]]
    assert "state" in entry.get_change_message()


# Every other change --------------------------------------------------------------------------------------------------
def entry_of(row) -> LogEntry:
    return LogEntry.objects.filter(object_id=row.pk, content_type__model=row._meta.model_name).latest("pk")


def told_in_french(boss, entry) -> str:
    boss.cookies["language"] = "fr"
    return boss.get(address(LogEntry, "change", entry.pk)).content.decode()


def test_publishing_is_on_record_with_both_states_marks_and_what_it_retires(boss, questionnaire):
    draft, key = changed_draft()
    boss.post(
        reverse("admin:assessment_questionnaire_publish", args=[draft.pk]),
        publication_of(boss, draft) | {"reworded": [key]},
    )
    text = models.Question.objects.get(dimension__questionnaire=draft, key=key).text_en
    state, marks = values_of(entry_of(draft))
    assert state[:3] == ["state", "draft", "published"]
    assert marks == ["questions of which only the wording changed", "", text]
    assert values_of(entry_of(questionnaire))[0][:3] == ["state", "published", "retired"]
    told = told_in_french(boss, entry_of(draft))
    assert re.search("brouillon.{1,6}→.{1,6}publié", told)


def test_retiring_and_a_new_version_are_on_record_with_what_they_did(boss, questionnaire):
    boss.post(reverse("admin:assessment_questionnaire_new_version", args=[questionnaire.pk]))
    made = entry_of(models.Questionnaire.objects.get(version=2))
    assert (made.is_addition(), values_of(made)) == (True, [["version", "", "2"], ["copy of", "", str(questionnaire)]])
    boss.post(reverse("admin:assessment_questionnaire_retire", args=[questionnaire.pk]))
    assert values_of(entry_of(questionnaire))[0][:3] == ["state", "published", "retired"]


def test_a_move_is_on_record_with_both_places(boss, question):
    boss.post(address(models.Question, "move", question.pk), {"by": "down"})
    assert values_of(entry_of(question)) == [["position", "1", "2"]]


def test_an_import_of_a_questionnaire_says_what_came_and_one_that_makes_nothing_is_no_addition(
    boss, shipped, questionnaire
):
    boss.post(IMPORT, agreed(boss.post(IMPORT, uploaded(other(shipped)))))
    entry = entry_of(models.Questionnaire.objects.get(version=2))
    assert entry.is_addition()
    assert values_of(entry) == [
        ["version", "", "2"],
        ["title", "", "Other"],
        ["dimensions", "", "6"],
        ["questions", "", "42"],
    ]


def test_an_import_of_evidence_is_on_record_row_by_row_with_its_values(boss, questionnaire, shipped):
    first, *rest = shipped[1].studies
    new = replace(first, key="a-new-study", title=Text("New", "Nouvelle"), edition=None)
    changed = replace(first, title=Text("Changed", first.title.fr), vendor=not first.vendor)
    finding = replace(shipped[1].findings[0], confidence="second-hand")
    content = replace(shipped[1], studies=(changed, *rest, new), findings=(finding, *shipped[1].findings[1:]))
    boss.post(IMPORT, agreed(boss.post(IMPORT, uploaded(write_evidence(content)))))
    values = values_of(entry_of(models.Study.objects.get(key=first.key)))
    assert ["Title (English)", first.title.en, "Changed"] in values
    assert ["Published by a vendor", str(first.vendor), str(not first.vendor)] in values
    assert ["title (French)", "", "Nouvelle"] in values_of(entry_of(models.Study.objects.get(key="a-new-study")))
    said = values_of(entry_of(models.Finding.objects.get(key=finding.key)))
    assert [name for name, *_pair in said] == ["How we know"]
    assert said[0][2:] == ["quoted by another page", "ours"]


def test_an_address_marked_as_verified_and_a_second_factor_taken_away_are_on_record(boss, questionnaire):
    person = factories.account()
    mail = person.emailaddress_set.get()
    type(mail).objects.update(verified=False)
    data = {"action": "make_verified", "_selected_action": [mail.pk]}
    boss.post(reverse("admin:account_emailaddress_changelist"), data)
    assert values_of(entry_of(person)) == [["verified", "False", "True"]]
    factor = Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    boss.post(address(Authenticator, "delete", factor.pk), {"post": "yes"})
    entry = entry_of(factor)
    assert (entry.is_deletion(), values_of(entry)) == (True, [["person", f"#{person.pk}", ""]])
    assert "secret" not in entry.change_message


def test_the_record_holds_no_address_so_that_erasing_an_account_leaves_none(boss, questionnaire):
    person = factories.account()
    mail = person.emailaddress_set.get()
    form = {"user": person.pk, "email": "Other@example.org", "verified": "on"}
    boss.post(address(type(mail), "change", mail.pk), form)
    boss.post(reverse("admin:account_emailaddress_add"), form | {"email": "third@example.org"})
    boss.post(address(type(mail), "delete", mail.pk), {"post": "yes"})
    kept = [f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.order_by("pk")]
    assert len(kept) == 3
    assert not [text for text in kept if "other@" in text.lower() or "third@" in text]
    shown = [told(boss, entry.pk) for entry in LogEntry.objects.all()]
    assert all(f"#{mail.pk}" in text for text in (shown[0], shown[-1]))


def told(boss, entry: int) -> str:
    return boss.get(address(LogEntry, "change", entry)).content.decode()


def test_permissions_given_and_taken_are_on_record_also_where_there_are_many(boss, questionnaire):
    group = Group.objects.create(name="Many")
    some = list(Permission.objects.order_by("pk")[:40])
    group.permissions.set(some)
    page = address(Group, "change", group.pk)
    boss.post(page, {"name": "Many", "permissions": [one.pk for one in some[1:]]})
    assert values_of(entry_of(group)) == [["permissions", str(some[0]), ""]]
    person = factories.account()
    page = address(get_user_model(), "change", person.pk)
    data = {"username": person.username, "email": person.email, "is_active": "on", "groups": [group.pk]}
    data |= {"date_joined_0": f"{person.date_joined:%Y-%m-%d}", "date_joined_1": f"{person.date_joined:%H:%M:%S}"}
    boss.post(page, data)
    assert ["groups", "", "Many"] in values_of(entry_of(person))


def test_what_is_chosen_is_written_down_in_words_that_each_reader_has_in_their_language(boss, question):
    page = address(models.Question, "change", question.pk)
    efforts = models.Choice.Effort
    was = question.choices.all()[2].effort
    boss.post(page, form_of(boss, page) | {"choices-2-effort": next(code for code in "SML" if code != was)})
    name, before, _after, *marks = values_of(entry_of(question))[0]
    assert (name, before, marks) == ("effort", str(efforts(was).label), ["ours"])


def test_of_a_long_text_that_part_is_kept_which_differs(boss, question):
    models.Question.objects.filter(pk=question.pk).update(help_en="a " * 250 + "end", help_fr="x")
    page = address(models.Question, "change", question.pk)
    boss.post(page, form_of(boss, page) | {"help_en": "a " * 250 + "other end"})
    _name, before, after = values_of(entry_of(question))[0]
    assert before.endswith("a end")
    assert after.endswith("other end")
    assert max(len(before), len(after)) <= LONGEST


def test_with_a_part_that_is_deleted_go_the_names_of_its_parts(boss, question):
    choices = ", ".join(str(choice) for choice in question.choices.all())
    boss.post(address(models.Question, "delete", question.pk), {"post": "yes"})
    values = {name: before for name, before, *_rest in values_of(entry_of(question))}
    assert values["choices"][:100] == choices[:100]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_with_what_is_deleted_stands_how_much_of_each_kind_went_with_it(boss, questionnaire, language):
    draft = factories.draft()
    numbers = [draft.dimensions.count(), models.Question.objects.filter(dimension__questionnaire=draft).count()]
    numbers.append(models.Choice.objects.filter(question__dimension__questionnaire=draft).count())
    boss.post(address(models.Questionnaire, "delete", draft.pk), {"post": "yes"})
    boss.cookies["language"] = language
    shown = boss.get(address(LogEntry, "change", entry_of(draft).pk)).content.decode()
    words = {"en": ["dimensions", "questions", "choices"], "fr": ["dimensions", "questions", "choix"]}[language]
    for number, word in zip(numbers, words, strict=True):
        assert number > 1
        assert f"{number} {word}" in shown


def test_with_an_organisation_that_is_deleted_stand_numbers_and_nobody_s_name_or_answer(boss, questionnaire):
    response, _key = factories.submitted(factories.organisation("Maison Dupont"), email="secret@example.org")
    organisation = response.round.organisation
    boss.post(address(models.Organisation, "delete", organisation.pk), {"post": "yes"})
    entry = entry_of(organisation)
    assert ["answer", "answers", 36] in json.loads(entry.change_message)[0]["with"]
    assert ["round", "rounds", 1] in json.loads(entry.change_message)[0]["with"]
    assert "secret@example.org" not in entry.change_message


def test_entries_of_before_name_their_languages_as_people_do(boss, question):
    old = '[{"changed": {"fields": ["Question [en]"]}, "values": [["question [fr]", "a", "b"]]}]'
    entry = LogEntry.objects.create(user_id=boss.session["_auth_user_id"], action_flag=2, change_message=old)
    shown = boss.get(address(LogEntry, "change", entry.pk)).content.decode()
    assert "Question (English)" in shown
    assert "Question (French): “a” → “b”" in shown
    assert "[en]" not in shown


# The list ------------------------------------------------------------------------------------------------------------
def test_the_list_is_found_by_person_kind_and_words_and_tells_who_did_what(boss, question):
    page = address(models.Question, "change", question.pk)
    boss.post(page, form_of(boss, page) | {"text_en": "In other words"})
    entry = LogEntry.objects.get()
    for query in (
        {"q": "other words"},
        {"user__id__exact": entry.user_id},
        {"action_time__year": entry.action_time.year},
    ):
        shown = boss.get(reverse(CHANGES), query)
        assert shown.context["cl"].result_count == 1
        assert "boss@example.org" in shown.content.decode()
    assert boss.get(reverse(CHANGES), {"q": "nothing like it"}).context["cl"].result_count == 0
    assert "→ “In other words”" in boss.get(address(LogEntry, "change", entry.pk)).content.decode()


def test_nobody_changes_or_deletes_an_entry(boss, question):
    page = address(models.Question, "change", question.pk)
    boss.post(page, form_of(boss, page) | {"text_en": "In other words"})
    entry = LogEntry.objects.get()
    before = LogEntry.objects.values().get()
    for action in ("change", "delete"):
        assert boss.post(address(LogEntry, action, entry.pk), {"post": "yes", "object_repr": "x"}).status_code == 403
    assert boss.post(address(LogEntry, "add"), {}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}
    boss.post(reverse(CHANGES), data)
    assert LogEntry.objects.values().get() == before


def test_the_list_is_for_those_who_may_see_it(client, questionnaire):
    user = factories.account(is_staff=True)
    factories.sign_in(client, user, second_factor=True)
    assert client.get(reverse(CHANGES)).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="view_logentry"))
    assert client.get(reverse(CHANGES)).status_code == 200


# It outlives its author ----------------------------------------------------------------------------------------------
def test_what_an_administrator_did_stays_on_record_when_their_account_is_erased(boss, question):
    colleague = factories.account("colleague@example.org", is_staff=True)
    LogEntry.objects.log_actions(colleague.pk, [question], 2, "changed")
    shown = boss.get(address(get_user_model(), "delete", colleague.pk)).content.decode()
    assert "What they changed here stays on record" in shown
    assert 'type="submit"' in shown.partition('id="content"')[2]
    assert boss.post(address(get_user_model(), "delete", colleague.pk), {"post": "yes"}).status_code == 302
    assert not get_user_model().objects.filter(email="colleague@example.org").exists()
    entry = LogEntry.objects.get(change_message="changed")
    assert entry.user.username == GONE
    assert (entry.user.is_active, entry.user.has_usable_password()) == (False, False)


def test_who_stands_for_the_erased_is_neither_deleted_nor_purged(boss, question):
    colleague = factories.account("colleague@example.org", is_staff=True)
    LogEntry.objects.log_actions(colleague.pk, [question], 2, "changed")
    boss.post(address(get_user_model(), "delete", colleague.pk), {"post": "yes"})
    gone = get_user_model().objects.get(username=GONE)
    boss.post(address(get_user_model(), "delete", gone.pk), {"post": "yes"})
    assert list(purge(at=factories.NOON.replace(year=2040)))
    assert LogEntry.objects.get(change_message="changed").user == gone
