"""The way back into a questionnaire, and the mail with its link."""

import re
from smtplib import SMTPException, SMTPRecipientsRefused

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from assessment.models import Answer, Membership, Response, Round
from assessment.rounds.closing import close, reopen
from assessment.rounds.inviting import invite, open_link
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.saving import Change, save_answers
from assessment.rounds.starting import answer_signed_in, begin_again
from assessment.rounds.submitting import correct, submit
from tests import factories


@pytest.fixture
def draft(questionnaire):
    return factories.started()


def get(client, key):
    page = client.get(reverse("respond", args=[key]))
    assert page.status_code == 200
    return page


def send(client, key, email="anne@example.org"):
    return client.post(reverse("mail", args=[key]), {"email": email}, follow=True)


def test_a_new_questionnaire_begins_with_its_first_dimension(client, draft):
    _response, key = draft
    page = get(client, key)
    text = page.content.decode()
    assert "0 of 36 questions" in text
    assert f'href="{reverse("dimension", args=[key, "strategy"])}"' in text
    assert "Begin" in text


def test_it_goes_on_where_something_is_left(client, draft):
    response, key = draft
    factories.answer(response, lambda question: "level-2" if question.key.startswith("strategy-") else None)
    page = get(client, key)
    assert page.context["progress"].next.content.key == "charter"
    assert "8 of 36 questions" in page.content.decode()
    assert "Go on with" in page.content.decode()


def test_a_gap_that_was_left_comes_before_what_follows(client, draft):
    response, key = draft
    factories.answer(response, factories.level(2))
    response.answers.filter(question__key="charter-access").update(state=Answer.State.EMPTY, choices=[])
    progress = get(client, key).context["progress"]
    assert progress.next.content.key == "charter"
    assert (progress.answered, progress.total) == (35, 36)


def test_the_optional_questions_come_last_and_count_nothing(client, draft):
    response, key = draft
    factories.answer(response, factories.level(2))
    progress = get(client, key).context["progress"]
    assert (progress.answered, progress.total) == (36, 36)
    assert progress.next.content.key == "context"


def test_when_everything_is_answered_it_leads_to_the_review(client, draft):
    response, key = draft
    factories.answer(response, lambda question: question.choices[-1].key)
    page = get(client, key)
    assert page.context["progress"].next is None
    assert reverse("review", args=[key]) in page.content.decode()


def test_don_t_know_and_not_applicable_are_answers_and_a_note_is_none(client, draft):
    response, key = draft
    changes = [
        Change("strategy-document", Answer.State.UNKNOWN, (), "", "", None),
        Change("charter-sharing", Answer.State.NOT_APPLICABLE, (), "", "", None),
        Change("strategy-time", Answer.State.EMPTY, (), "only a note", "", None),
    ]
    save_answers(response, changes, {}, at=factories.NOON)
    assert get(client, key).context["progress"].answered == 2


def test_a_dimension_left_out_is_done_and_not_counted(client, draft):
    response, key = draft
    Round.objects.update(excluded=["social-selling"])
    factories.answer(response, lambda question: "level-1" if question.key.startswith("selling-") else None)
    progress = get(client, key).context["progress"]
    assert (progress.answered, progress.total) == (0, 29)
    assert progress.dimensions[4].is_done


def test_a_submitted_questionnaire_leads_to_its_report_and_its_correction(client, questionnaire):
    _response, key = factories.submitted()
    text = get(client, key).content.decode()
    assert reverse("report", args=[key]) in text
    assert f'action="{reverse("correct", args=[key])}"' in text
    assert reverse("review", args=[key]) not in text


def test_a_closed_round_cannot_be_corrected_and_says_so(client, questionnaire):
    response, key = factories.submitted()
    Round.objects.update(closed_at=factories.NOON)
    assert f'action="{reverse("correct", args=[key])}"' not in get(client, key).content.decode()
    page = client.post(reverse("correct", args=[key]), follow=True)
    assert page.redirect_chain == [(reverse("respond", args=[key]), 302)]
    assert "This round is closed" in page.content.decode()
    assert response.round.responses.count() == 1


@pytest.mark.parametrize("name", ["respond", "review", "dimension"])
def test_a_correction_says_that_the_report_stays_and_that_it_can_be_dropped(client, questionnaire, name):
    _response, key = factories.submitted()
    client.post(reverse("correct", args=[key]))
    text = client.get(reverse(name, args=[key, *(["strategy"] if name == "dimension" else [])])).content.decode()
    assert "You are correcting your answers. Until you submit the correction, your report stays as it is." in text
    assert name == "dimension" or reverse("report", args=[key]) in text
    assert reverse("drop_correction", args=[key]) in text


def test_no_other_draft_is_said_to_be_a_correction(client, draft):
    for name, more in (("respond", []), ("review", []), ("dimension", ["strategy"]), ("erase", [])):
        text = client.get(reverse(name, args=[draft[1], *more])).content.decode()
        assert "correcting your answers" not in text
        assert "rop the correction" not in text
    assert client.get(reverse("drop_correction", args=[draft[1]])).status_code == 302


def test_a_correction_is_dropped_by_a_button_that_asks_first(client, questionnaire):
    response, key = factories.submitted(choose=factories.level(2))
    client.post(reverse("correct", args=[key]))
    address = reverse("drop_correction", args=[key])
    assert "Drop the correction?" in client.get(address).content.decode()
    assert response.round.responses.count() == 2
    page = client.post(address, follow=True)
    assert page.redirect_chain == [(reverse("respond", args=[key]), 302)]
    assert "The correction is dropped" in page.content.decode()
    assert "Your answers are in" in page.content.decode()
    assert list(response.round.responses.all()) == [response]
    assert "is dropped" not in client.post(address, follow=True).content.decode()


def test_erasing_offers_to_drop_only_the_correction(client, questionnaire):
    _response, key = factories.submitted()
    client.post(reverse("correct", args=[key]))
    text = client.get(reverse("erase", args=[key])).content.decode()
    assert reverse("drop_correction", args=[key]) in text
    assert "correct your answers instead" not in text


def test_erasing_in_a_closed_round_does_not_send_to_a_correction_that_is_refused(client, questionnaire):
    _response, key = factories.submitted()
    Round.objects.update(closed_at=factories.NOON)
    assert "correct your answers instead" not in client.get(reverse("erase", args=[key])).content.decode()


def closed_with_a_correction():
    """An open round that was closed while somebody corrected."""
    of = factories.several(factories.organisation(), "open", [factories.level(3)], close_it=False)
    response, key = join(of.invitations.get(), Newcomer("hr"), at=timezone.now())
    submit(key, at=timezone.now())
    correct(key, at=timezone.now())
    close(of, at=timezone.now())
    return response, key


def published_with_a_correction():
    """A confidential round that was published while somebody corrected, and takes answers again."""
    organisation = factories.organisation()
    of = begin_again(organisation, at=timezone.now())
    emails = [f"colleague{number}@example.org" for number in range(settings.SMALLEST_GROUP)]
    for invitation in invite(of, "confidential", emails, at=timezone.now()):
        response, key = join(invitation, Newcomer("hr"), at=timezone.now())
        factories.answer(response, factories.level(3))
        submit(key, at=timezone.now())
    correct(key, at=timezone.now())
    of.refresh_from_db()
    assert close(of, at=timezone.now())
    reopen(of)
    return response, key


@pytest.mark.parametrize("make", [closed_with_a_correction, published_with_a_correction])
def test_a_correction_that_came_too_late_leads_to_the_report_and_says_so(client, questionnaire, make):
    response, key = make()
    for name, more in (("dimension", ["strategy"]), ("review", [])):
        assert client.get(reverse(name, args=[key, *more]))["Location"] == reverse("respond", args=[key])
    text = get(client, key).content.decode()
    assert "Your answers are in" in text
    assert "cannot be submitted any more" in text
    assert f'href="{reverse("report", args=[key])}"' in text
    assert reverse("review", args=[key]) not in text
    assert "can change your answers" not in text
    report = client.get(reverse("report", args=[key])).content.decode()
    assert "The correction that you began cannot be submitted any more" in report
    assert "Go on with the correction" not in report
    assert "Correct my answers" not in report
    late = client.post(reverse("dimension", args=[key, "strategy"]), {"strategy-document": "level-5"})
    assert late.status_code == 409
    assert "This correction cannot be submitted any more" in late.content.decode()
    client.post(reverse("drop_correction", args=[key]))
    assert list(Response.objects.filter(key_hash=response.key_hash)) == [response]
    assert "correction that you began" not in get(client, key).content.decode()


def test_the_organisation_s_page_tells_who_corrects_that_they_have_answered(client, questionnaire):
    organisation = factories.organisation()
    member = factories.account(member_of=organisation, role="member")
    of = begin_again(organisation, at=timezone.now())
    open_link(of, at=timezone.now())
    of.refresh_from_db()
    _response, key = answer_signed_in(of, member, role="hr", at=timezone.now())
    submit(key, at=timezone.now())
    correct(key, at=timezone.now())
    client.force_login(member)
    text = client.get(of.get_absolute_url()).content.decode()
    assert "You have answered, and begun a correction." in text


def test_the_day_of_a_confidential_answer_is_not_told_as_it_is_not_stored(client, questionnaire):
    of = begin_again(factories.organisation(), at=factories.NOON)
    (invitation,) = invite(of, "confidential", ["anne@example.org"], at=timezone.now())
    _response, key = join(invitation, Newcomer("hr"), at=timezone.now())
    submit(key, at=timezone.now())
    assert "Submitted on" not in get(client, key).content.decode()


def test_it_shows_its_own_address(client, draft):
    _response, key = draft
    assert f'value="http://testserver/r/{key}/"' in get(client, key).content.decode()


def test_reading_it_changes_nothing(client, draft):
    response, key = draft
    get(client, key)
    before = response.started_at
    response.refresh_from_db()
    assert (response.state, response.started_at, response.answers.count()) == ("draft", before, 0)
    assert not Membership.objects.exists()


# The mail ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("make", [factories.started, factories.submitted])
def test_the_address_is_mailed_to_whom_its_holder_names(client, questionnaire, make):
    response, key = make()
    page = send(client, key)
    (sent,) = mail.outbox
    assert sent.to == ["anne@example.org"]
    assert re.findall(r"http\S+", sent.body) == [f"http://testserver/r/{key}/"]
    assert response.round.organisation.name not in sent.body + sent.subject
    assert "Sent to anne@example.org." in page.content.decode()


def test_the_mail_is_in_the_language_of_the_page(client, draft):
    client.cookies["language"] = "fr"
    send(client, draft[1])
    assert "Hello" not in mail.outbox[0].body
    assert "questionnaire on social media" not in mail.outbox[0].subject


@pytest.mark.parametrize(
    "email",
    ["", "nobody", "a@b@c", "a@example.org,b@example.org", "a@example.org\r\nBcc: b@example.org", "\0", "x" * 5000],
)
def test_an_address_that_cannot_be_one_is_shown_again_with_what_is_wrong(client, draft, email):
    page = client.post(reverse("mail", args=[draft[1]]), {"email": email})
    assert page.status_code == 422
    assert page.context["mail_form"].errors["email"]
    assert mail.outbox == []


def test_an_empty_form_is_an_error_too(client, draft):
    assert client.post(reverse("mail", args=[draft[1]])).status_code == 422


def test_there_is_a_limit_to_the_mails_of_a_questionnaire(client, draft, settings):
    settings.MAILS_PER_RESPONSE = 2
    for _ in range(4):
        page = send(client, draft[1])
    assert len(mail.outbox) == 2
    assert "already sent several times" in page.content.decode()


def test_the_limit_is_each_questionnaire_s_own(client, draft, settings):
    settings.MAILS_PER_RESPONSE = 1
    _other, other_key = factories.started()
    for key in (draft[1], other_key):
        send(client, key)
    assert len(mail.outbox) == 2


def test_the_mail_sent_at_the_start_counts(client, questionnaire, settings):
    settings.MAILS_PER_RESPONSE = 1
    start = client.post("/start/", factories.START | {"email": "anne@example.org"})
    send(client, start["Location"].split("/")[2])
    assert len(mail.outbox) == 1


def test_a_correction_does_not_start_the_count_again(client, questionnaire, settings):
    settings.MAILS_PER_RESPONSE = 1
    _response, key = factories.submitted()
    send(client, key)
    client.post(reverse("correct", args=[key]))
    send(client, key)
    client.post(reverse("review", args=[key]))
    send(client, key)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "error", [SMTPException("no"), SMTPRecipientsRefused({"a": (550, b"no")}), ConnectionRefusedError(), TimeoutError()]
)
def test_a_mail_that_could_not_be_sent_is_told_and_nothing_is_lost(client, draft, monkeypatch, error):
    def refuse(*args, **kwargs):
        raise error

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    text = send(client, draft[1]).content.decode()
    assert "The mail could not be sent" in text
    assert "Sent to" not in text
