"""What may not be written down: the secret part of an address."""

import logging
import re


class SecretsFilter(logging.Filter):
    """Blanks the secret part of addresses under /r/, /shared/ and /join/ in everything that is logged."""

    PATTERN = re.compile(r"(/(?:r|shared|join)/)[^/\s\"'?]+")

    def filter(self, record: logging.LogRecord) -> bool:
        if record.args:
            record.msg, record.args = record.getMessage(), None
        record.msg = self.PATTERN.sub(r"\1...", str(record.msg))
        return True
