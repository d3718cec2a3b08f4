"""What may not be written down: the secret part of an address."""

import logging
import re

# What follows these in an address is a secret; `config/examples/nginx.conf` keeps the same out of its log.
SECRET_PLACES = ("r", "shared", "join", "keep", "invitation", "mail/stop")
SLASH = r"(?:/|%2F)+"  # one is not told from several


class SecretsFilter(logging.Filter):
    """Blanks the secret part of addresses in all that is logged.

    That of the request a record is about is blanked wherever it stands: a traceback may quote it without its address.
    """

    PLACES = "|".join(SECRET_PLACES).replace("/", SLASH)
    PATTERN = re.compile(rf"({SLASH}(?:{PLACES}){SLASH})([^/\s\"'?&%]+)", re.IGNORECASE)

    def filter(self, record: logging.LogRecord) -> bool:
        about = getattr(record, "request", None)
        found = self.PATTERN.search(getattr(about, "path", ""))
        secret = found.group(2) if found else None
        record.msg, record.args = self._blank(_message(record), secret), None
        if record.exc_info and record.exc_info[0]:
            record.exc_text = self._blank(logging.Formatter().formatException(record.exc_info), secret)
        return True

    def _blank(self, text: str, secret: str | None) -> str:
        text = self.PATTERN.sub(r"\1...", text)
        return text.replace(secret, "...") if secret else text


class OneLineFilter(logging.Filter):
    """One short line for a request that was refused or could not be answered now; only a mistake of ours needs more."""

    LONGEST = 200  # bytes

    def filter(self, record: logging.LogRecord) -> bool:
        status = getattr(record, "status_code", None)
        if status is None or (status >= 500 and status != 503):
            return True
        text = " ".join(_message(record).split())
        begin = text.encode(errors="backslashreplace")[: self.LONGEST].decode(errors="ignore")
        record.msg = text if begin == text else f"{begin}..."
        record.args = record.exc_info = record.exc_text = None
        return True


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # arguments that do not fit: a line in the log must not stop a request
        return f"{record.msg} {record.args}"
