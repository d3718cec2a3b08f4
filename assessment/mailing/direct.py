"""The mails that leave in the request: one's own link on one's own click. One try, and who asked is told if it failed."""

import logging
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from assessment.mailing.letters import site_address
from assessment.models import Response

logger = logging.getLogger(__name__)


def send_address(to: str, response: Response, path: str) -> bool:
    """Send the way back into a questionnaire, which is at this path."""
    context = {"organisation": response.round.organisation.name, "address": site_address(path)}
    return _send(to, _("Your questionnaire on social media maturity"), "address", context)


def send_keep_link(response: Response, path: str) -> bool:
    """Send the link to keep an organisation to the address given at the start."""
    context = {"organisation": response.round.organisation.name, "address": site_address(path)}
    return _send(response.email, _("Keep your results on social media maturity"), "keep", context)


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
