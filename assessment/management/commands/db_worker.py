"""`manage.py db_worker`: what the site leaves for later, mails above all; runs beside the web process.

The tasks of django-tasks-db only make it quick. The worker looks for due mails itself, at its start and every minute, so that
a task that was lost with a worker loses no mail.
"""

import logging
import os
import signal
import time
from threading import Thread

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands import db_worker

from assessment.mailing.sending import deliver, ending

EVERY = 60  # seconds between two looks
logger = logging.getLogger(__name__)


class Worker(db_worker.Worker):
    """That of django-tasks-db, a turn at a time, with a look at the mails between."""

    def shutdown(self, signum, frame) -> None:
        ending.set()
        super().shutdown(signum, frame)

    def run_for_ever(self) -> None:
        looked = float("-inf")
        while self.running:
            try:
                if time.monotonic() - looked >= EVERY:
                    looked = time.monotonic()
                    self.look()
                self.run()
            except (OperationalError, InterfaceError) as error:  # the database is away; it is asked again
                logger.error("The database cannot be reached: %s.", type(error).__name__)
                close_old_connections()
                time.sleep(5)
            if self.running:
                time.sleep(1)

    def look(self) -> None:
        self.running_task = True  # a signal lets it finish the mail in hand
        try:
            deliver()
        finally:
            self.running_task = False


class Command(BaseCommand):
    help = "Send the mails that are due, and do what else the site leaves for later, until it is stopped."

    def add_arguments(self, parser):
        parser.add_argument("--batch", action="store_true", help="end when nothing is due any more")
        parser.add_argument("--parent", type=int, help="end with the process of this number, which started this one")

    def handle(self, *, batch: bool, parent: int | None, **options):
        logging.getLogger("django_tasks_db").setLevel(logging.ERROR)  # it tells of every signal
        worker = Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=1,
            batch=True,  # each turn ends when there is no task left
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
        )
        worker.configure_signals()
        if parent:
            Thread(target=_end_with, args=[parent], daemon=True).start()
        if batch:
            worker.look()
            worker.run()
        else:
            worker.run_for_ever()


def _end_with(parent: int) -> None:
    """Ask this process to end once the one that started it has ended: whoever adopts it then has another number."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
