"""`manage.py daily`: all that has a date. Each part runs though another failed; the exit code and the log say which did."""

import logging

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

PARTS = ("purge", "barometer")
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Delete what has been kept for long enough, and seal what waits for the live barometer."

    def handle(self, **options):
        failed = []
        for part in PARTS:
            self.stdout.write(f"{part}:")
            try:
                call_command(part, stdout=self.stdout, stderr=self.stderr)
            except Exception:
                logger.exception("Daily: %s failed.", part)
                failed.append(part)
            else:
                logger.info("Daily: %s is done.", part)
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}.")
