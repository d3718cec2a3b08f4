"""Sending what is due: one connection for what goes out together, and each mail's row settled right before the next.

A mail's row is stored as being sent before the server hears of it, and as sent right after the server took it. What the
server refuses for an address is told; when it refuses everybody, or is away, all that is due waits for another try.
"""

import logging
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from threading import Event

from django.core.mail import EmailMessage, get_connection
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from assessment.mailing.letters import TooLateError, letter
from assessment.models import Mail

TIMEOUT = 15  # seconds for each answer of the server; see `models.mail.LEASE`
TROUBLES = 2  # after so many connections that broke, or senders that were refused, nobody asks the server again
AWAY = (SMTPException, OSError)
logger = logging.getLogger(__name__)
# Set when the worker is asked to end: the mail in hand is finished, and no other begun.
ending = Event()


class Line:
    """A connection to the mail server. `has_begun`: the text of the last mail had begun to leave."""

    def __init__(self) -> None:
        self._backend = None
        self.has_begun = False

    def is_open(self) -> bool:
        """Whether the server answers; asked before each mail, so that one which is away fails for whoever comes next."""
        smtp = getattr(self._backend, "connection", None)
        if smtp is None:
            return self._backend is not None
        try:
            return smtp.noop()[0] == 250
        except AWAY:
            return False

    def open(self) -> bool:
        """A new connection; False, and a line in the log, when the server is away."""
        self.close()
        self._backend = get_connection(timeout=TIMEOUT)
        try:
            self._backend.open()
        except AWAY as error:
            logger.error("The mail server cannot be reached: %s.", type(error).__name__)
            return False
        smtp = getattr(self._backend, "connection", None)
        if smtp:
            smtp.data = self._noting(smtp.data)
        return True

    def _noting(self, data: Callable) -> Callable:
        def noted(text):
            self.has_begun = True
            return data(text)

        return noted

    def send(self, message: EmailMessage) -> None:
        self.has_begun = False
        self._backend.send_messages([message])

    def close(self) -> None:
        if self._backend:
            with suppress(*AWAY):  # whoever hangs up need not say goodbye
                self._backend.close()
        self._backend = None


def deliver() -> None:
    """Send all that is due, and tell of what a worker had in hand when it died."""
    Mail.objects.take_over(at=timezone.now())
    line, troubles = Line(), 0
    worker = f"{socket.gethostname()[:40]} {secrets.token_hex(8)}"
    try:
        while not ending.is_set() and Mail.objects.due(at=timezone.now()).exists():
            if troubles == TROUBLES:
                Mail.objects.put_off(at=timezone.now(), is_away=False)
                return
            if not (line.is_open() or line.open()):
                Mail.objects.put_off(at=timezone.now(), is_away=True)
                return
            mail = Mail.objects.claim(worker, at=timezone.now())
            if mail and not _sent(mail, line):
                troubles += 1
                line.close()
    finally:
        line.close()


def _sent(mail: Mail, line: Line) -> bool:
    """Send a mail and settle its row; False when there is something wrong with the server, or with the connection."""
    try:
        message = letter(mail, at=timezone.now())
        if message:
            line.send(message)
    except (SMTPRecipientsRefused, SMTPDataError) as error:
        return _refused(mail, error)
    except AWAY as error:
        logger.error("A mail could not be sent: %s.", type(error).__name__)
        if line.has_begun:  # perhaps it has arrived
            mail.settle(Mail.State.UNKNOWN)
        else:
            mail.try_again(_trouble(mail), at=timezone.now())
        return False
    except TooLateError:
        mail.settle(Mail.State.FAILED, Mail.Reason.ENDED)
    except (DatabaseError, InterfaceError):
        raise
    except Exception as error:  # whatever is wrong with one mail must not keep the others; its text may hold secrets
        logger.error("A mail could not be written: %s.", type(error).__name__)
        mail.settle(Mail.State.FAILED, Mail.Reason.BROKEN)
    else:
        if message is None and mail.reason:  # failed before: that it is left out now must not show
            mail.settle(Mail.State.FAILED, mail.reason)
        else:
            mail.settle(Mail.State.SENT)
    return True


def _refused(mail: Mail, error: SMTPRecipientsRefused | SMTPDataError) -> bool:
    """The server took everything but this mail, for good (5..) or for now (4..); 421 says that it goes away."""
    code = error.smtp_code if isinstance(error, SMTPDataError) else next(iter(error.recipients.values()))[0]
    logger.error("A mail was refused with code %s.", code)
    if code >= 500:
        mail.settle(Mail.State.FAILED, Mail.Reason.REFUSED)
    else:
        mail.try_again(_trouble(mail) if code == 421 else Mail.Reason.BUSY, at=timezone.now())
    return code != 421


def _trouble(mail: Mail) -> str:
    """What is noted when the server let one mail down: of a reminder, that it was tried would tell of its reader."""
    return Mail.Reason.SERVER if mail.mailing.is_named else Mail.Reason.BUSY
