"""`manage.py mails`: how many mails wait, were sent or not, and since when something is stuck; no names."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from assessment.models import Mail


class Command(BaseCommand):
    help = "Say how many mails are due, being sent, sent, failed or unknown, and how long the oldest has been due."

    def handle(self, **options):
        for state, number in Mail.objects.by_state().items():
            self.stdout.write(f"{number:>9}  {state}")
        for reason, number in Mail.objects.failed().by_reason().items():
            self.stdout.write(f"{number:>9}  failed: {reason}")
        oldest = Mail.objects.due(at=timezone.now()).first()
        if oldest:
            waited = timezone.now() - oldest.next_try
            self.stdout.write(f"The oldest has been due for {round(waited.total_seconds())} seconds.")
