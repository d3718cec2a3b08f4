"""What a mail of the queue says: worked out when it is sent, so that no body and no secret is stored."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessment.models import Invitation, Mail, Mailing, NoMail, Organisation, PeopleInvitation
from assessment.models.no_mail import stop_token
from assessment.models.outline import outline
from assessment.models.people import addresses_of
from assessment.models.secret import site_address
from assessment.rounds.inviting import is_used, may_remind
from assessment.rounds.part_result import minutes_for
from assessment.text.addresses import mailbox, plain
from assessment.text.cleaning import isolated

LONGEST_NAME = 80
# What a mail program makes a link of, or takes for an address: a name that holds it could lead anywhere in our name.
LINK = re.compile(r"://|www\.|@|[\w-]\.[^\W\d_]{2,}|\d+\.\d+\.\d+\.\d+", re.IGNORECASE)


class TooLateError(Exception):
    """What the mail leads to ended before it was sent."""


def name_in_mail(organisation: Organisation) -> str | None:
    """An organisation's name on one line; None when it is no mere name, as its owner's mails go to whoever they name."""
    name = " ".join(organisation.name.split())
    shown = plain(name).replace("。", ".")
    return None if LINK.search(shown) or len(name) > LONGEST_NAME else isolated(name)


def letter(mail: Mail, *, at: datetime) -> EmailMessage | None:
    """The mail to send; None when it must not leave. TooLateError when what it leads to is over."""
    if mail.people_invitation:
        return _to_belong(mail, mail.people_invitation, at=at)
    if mail.invitation:
        return _to_answer(mail, mail.invitation, at=at)
    return _of_role(mail)


def _to_answer(mail: Mail, invitation: Invitation, *, at: datetime) -> EmailMessage | None:
    """An invitation into a round, or a reminder of it: to nobody who has answered, erased that, or wants no mail."""
    round_, begun = invitation.round, is_used(invitation)
    if not round_.takes_answers(on=timezone.localdate(at)):
        raise TooLateError
    is_first = mail.mailing.kind == Mailing.Kind.INVITATION  # which goes to whoever has answered without it, too
    may_leave = not NoMail.objects.stops(invitation.mailbox, round_.pk) if is_first else may_remind(invitation)
    if invitation.revoked_at or not may_leave:
        return None
    path = reverse("respond", args=[invitation.response_key]) if begun else reverse("join", args=[invitation.token])
    is_reminder = not is_first and (begun or mail.mailing.kind == Mailing.Kind.REMINDER)
    least, most = minutes_for(len(outline(round_.questionnaire).scoring.scored_questions))
    facts = {
        "round": round_,
        "floor": round_.smallest_group,
        "address": site_address(path),
        "least": least,
        "most": most,
    }
    languages = invitation.languages.split(",")
    return _written(mail, "remind_round" if is_reminder else "invite_round", languages, facts, stops=True)


def _to_belong(mail: Mail, invitation: PeopleInvitation, *, at: datetime) -> EmailMessage | None:
    if invitation.used_at or invitation.revoked_at or NoMail.objects.stops(mailbox(mail.recipient)):
        return None
    if invitation.expires_at <= at:
        raise TooLateError
    facts = {"invitation": invitation, "address": site_address(reverse("invitation", args=[invitation.token]))}
    return _written(mail, "people_invitation", invitation.languages.split(","), facts, stops=True)


def _of_role(mail: Mail) -> EmailMessage:
    """Somebody's role was given, changed or taken: told in every language, as nobody knows theirs."""
    facts = {"mail": mail, "address": site_address(mail.mailing.organisation.get_absolute_url())}
    return _written(mail, "role", ["fr", "en"], facts, stops=False)


def _written(mail: Mail, name: str, languages: Sequence[str], facts: dict, *, stops: bool) -> EmailMessage:
    """The same text in each of these languages, one after the other; the subject in each, too."""
    sender = _confirmed_address(mail.mailing.asked_by)
    facts |= {"sender": sender, "name": name_in_mail(mail.mailing.organisation)}
    headers = {"Auto-Submitted": "auto-generated"}
    if stops:
        facts["stop"] = site_address(reverse("stop_mail", args=[stop_token(mailbox(mail.recipient))]))
        headers |= {"List-Unsubscribe": f"<{facts['stop']}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    subjects, texts, below = [], [], []
    for language in languages:
        with translation.override(language):
            facts["who"] = sender or _("A colleague")
            subjects.append(render_to_string(f"assessment/mail/{name}_subject.txt", facts).strip())
            texts.append(render_to_string(f"assessment/mail/{name}.txt", facts).strip())
            below.append(_("This text in English: see below."))
    body = "\n\n* * *\n\n".join(texts)
    if len(languages) > 1:
        body = "\n".join([*below[1:], "", body])
    reply_to = [sender] if sender else None
    return EmailMessage(" / ".join(subjects), body + "\n", None, [mail.recipient], reply_to=reply_to, headers=headers)


def _confirmed_address(account: AbstractBaseUser | None) -> str | None:
    """The address of whoever asks, for the text and for answers: one they have confirmed, their main one if they did."""
    confirmed = addresses_of(account) if account else set()
    return account.email if account and account.email.lower() in confirmed else min(confirmed, default=None)
