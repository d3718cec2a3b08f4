"""The mails this site sends, in the language of the page that asked for them."""

import logging
from smtplib import SMTPException

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from assessment.models import Response

logger = logging.getLogger(__name__)


def send_address(to: str, response: Response, address: str) -> bool:
    """Send the way back into a questionnaire; False, and a line in the log, when the mail server refused."""
    context = {"organisation": response.round.organisation.name, "address": address}
    body = render_to_string("assessment/mail/address.txt", context)
    try:
        send_mail(_("Your questionnaire on social media maturity"), body, None, [to])
    except (SMTPException, OSError) as error:  # its text may hold the address of the person, its kind does not
        logger.error("A mail with an address could not be sent: %s.", type(error).__name__)
        return False
    return True
