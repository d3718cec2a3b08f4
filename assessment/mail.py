"""The mails this site sends, in the language of the page that asked for them."""

import logging
from smtplib import SMTPException

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from assessment.models import Invitation, NoMail, PeopleInvitation, Round

logger = logging.getLogger(__name__)


def send_address(to: str, address: str) -> bool:
    """Send the way back into a questionnaire where somebody typed that it is to go: with nothing else that they typed."""
    return _send(to, _("Your questionnaire on social media maturity"), "address", {"address": address})


def send_keep_link(to: str, address: str) -> bool:
    """Send the link to keep an organisation to the address typed at the start, with nothing else that was typed there."""
    return _send(to, _("Keep your results on social media maturity"), "keep", {"address": address})


def send_way_back(invitation: Invitation, address: str) -> bool:
    """Send the way back to what was begun by a personal invitation to the address that was invited."""
    context = {"organisation": invitation.round.organisation.name, "address": address}
    return _send(invitation.email, _("Your questionnaire on social media maturity"), "way_back", context)


def send_people_invitation(invitation: PeopleInvitation, address: str) -> bool:
    """Send the invitation to belong to an organisation, in the name of whoever invites."""
    context = {"invitation": invitation, "address": address}
    return _send(invitation.email, _("You are invited: results on social media maturity"), "people_invitation", context)


def invite_to_round(invitation: Invitation, of: Round, address: str, *, sender: str) -> bool:
    """Send a colleague her personal way into a round, and say who asks."""
    context = {"round": of, "address": address, "sender": sender}
    return _send_to_colleague(invitation, _invitation_subject(of), "invite_round", context)


def remind_of_round(invitation: Invitation, of: Round, address: str, *, sender: str) -> bool:
    """Remind a colleague of a round that she has not answered."""
    subject = _("Reminder: %(subject)s") % {"subject": _invitation_subject(of)}
    context = {"round": of, "address": address, "sender": sender}
    return _send_to_colleague(invitation, subject, "remind_round", context)


def _invitation_subject(of: Round) -> str:
    name = " ".join(of.organisation.name.split())
    return _("%(organisation)s asks how you use social media") % {"organisation": name}


def _send_to_colleague(invitation: Invitation, subject: str, template: str, context: dict) -> bool:
    """Whoever erased their answers gets nothing, and nobody is told so."""
    stopped = NoMail.objects.stops(invitation.mailbox, invitation.round_id)
    return stopped or _send(invitation.email, subject, template, context)


def _send(to: str, subject: str, template: str, context: dict) -> bool:
    """Send one mail; False, and a line in the log, when the mail server refused."""
    body = render_to_string(f"assessment/mail/{template}.txt", context)
    try:
        send_mail(subject, body, None, [to])
    except (SMTPException, OSError) as error:  # its text may hold the address of the person, its kind does not
        logger.error("A mail could not be sent: %s.", type(error).__name__)
        return False
    return True
