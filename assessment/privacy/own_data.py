"""Everything that is stored about a person who has an account, as plain values for them to keep."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractBaseUser

from assessment.models.answer import SavedAnswer
from assessment.models.mail import Mail
from assessment.models.people import PeopleInvitation, addresses_of
from assessment.models.response import Response, responses_of
from assessment.models.round import Invitation
from assessment.models.sign_in import SignIn
from assessment.text.database import alphabetical

Data = dict[str, Any]


def data_of(user: AbstractBaseUser) -> Data:
    """The account, what it belongs to, and every answer given with it; as many queries for few answers as for many."""
    return {
        "account": _account(user),
        "memberships": [
            {
                "organisation": membership.organisation.name,
                "address": membership.organisation.get_absolute_url(),
                "role": membership.role,
            }
            for membership in user.memberships.select_related("organisation").order_by(
                *alphabetical("organisation__name"), "pk"
            )
        ],
        "invitations": _invitations(user),
        "mails": [
            {"kind": mail.mailing.kind, "state": mail.state, "asked_at": mail.mailing.asked_at}
            for mail in Mail.objects.to(addresses_of(user)).select_related("mailing").order_by("pk")
        ],
        "sign_ins": [
            {"at": row.at, "event": row.event, "label": row.get_event_display(), "network": row.network}
            for row in SignIn.objects.about(user).order_by("-at", "-pk")
        ],
        "responses": [_response(response) for response in _responses(user)],
    }


def _account(user: AbstractBaseUser) -> Data:
    return {
        "name": user.get_username(),
        "email": user.email,
        "addresses": [
            {"email": address.email, "confirmed": address.verified, "main": address.primary}
            for address in EmailAddress.objects.filter(user_id=user.pk).order_by("pk")
        ],
        "second_step": [
            {"kind": factor.type, "made_at": factor.created_at, "last_used_at": factor.last_used_at}
            for factor in Authenticator.objects.filter(user_id=user.pk).order_by("pk")
        ],
        "made_at": user.date_joined,
        "last_signed_in_at": user.last_login,
    }


def _invitations(user: AbstractBaseUser) -> list[Data]:
    """Those mailed to an address of the account, into organisations and rounds."""
    addresses = addresses_of(user)
    found = [
        {"organisation": invitation.organisation.name, "role": invitation.role, "made_at": invitation.created_at}
        for invitation in PeopleInvitation.objects.mailed_to(addresses).select_related("organisation")
    ]
    into_rounds = Invitation.objects.sent_to(addresses).select_related("round__organisation")
    return found + [
        {
            "organisation": invitation.round.organisation.name,
            "round": invitation.round.number,
            "made_at": invitation.created_at,
        }
        for invitation in into_rounds
    ]


def _responses(user: AbstractBaseUser):
    found = responses_of(user).order_by("started_at", "pk")
    related = found.select_related("round__organisation", "round__questionnaire")
    return related.prefetch_related("answers", "shares")


def _response(response: Response) -> Data:
    return {
        "organisation": response.round.organisation.name,
        "round": response.round.number,
        "kind": response.round.mode,
        "role": response.role,
        "email": response.email,
        "state": response.state,
        "started_at": response.started_at,
        "submitted_at": response.submitted_at,
        "notes_may_be_shown": response.shares_notes,
        "reading_links": [share.data for share in response.shares.all()],
        "answers": _answers(response),
    }


def _answers(response: Response) -> list[Data]:
    moments = {answer.question_id: answer.saved_at for answer in response.answers.all()}
    numbers = response.outline.question_ids
    return [
        _answer(response, key, answer) | {"saved_at": moments[numbers[key]]}
        for key, answer in response.saved_answers().items()
    ]


def _answer(response: Response, key: str, answer: SavedAnswer) -> Data:
    question = response.outline.questions[key]
    return {
        "question": key,
        "text": str(question.text),
        "state": answer.state,
        "choices": [
            {"choice": choice.key, "text": str(choice.text)}
            for choice in question.choices
            if choice.key in answer.choices
        ],
        "note": answer.note,
        "evidence": answer.evidence,
    }
