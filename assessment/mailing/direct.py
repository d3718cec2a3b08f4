"""The mails that leave in the request: one's own link on one's own click. One try, and who asked is told if it failed."""

import logging
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from assessment.mailing.letters import name_in_mail
from assessment.models import Invitation
from assessment.models.secret import site_address

logger = logging.getLogger(__name__)


def send_address(to: str, path: str) -> bool:
    """Send the way back into a questionnaire where somebody typed that it is to go: with nothing else that they typed."""
    return _send(to, _("Your questionnaire on social media maturity"), "address", {"address": site_address(path)})


def send_keep_link(to: str, path: str) -> bool:
    """Send the link to keep an organisation to the address typed at the start, with nothing else that was typed there."""
    return _send(to, _("Keep your results on social media maturity"), "keep", {"address": site_address(path)})


def send_way_back(invitation: Invitation, path: str) -> bool:
    """Send the way back to what was begun by a personal invitation to the address that was invited."""
    context = {"name": name_in_mail(invitation.round.organisation), "address": site_address(path)}
    return _send(invitation.email, _("Your questionnaire on social media maturity"), "way_back", context)


def _send(to: str, subject: str, template: str, context: dict) -> bool:
    """Send one mail; False, and a line in the log, when the mail server refused."""
    body = render_to_string(f"assessment/mail/{template}.txt", context)
    headers = {"Auto-Submitted": "auto-generated"}
    try:
        EmailMessage(subject, body, None, [to], headers=headers).send()
    except (SMTPException, OSError) as error:  # its text may hold the address of the person, its kind does not
        logger.error("A mail could not be sent: %s.", type(error).__name__)
        return False
    return True
