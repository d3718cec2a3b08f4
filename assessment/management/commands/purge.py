"""`manage.py purge [--dry-run]`: delete what has been kept for as long as the privacy page says."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from assessment.privacy.purging import purge


class Command(BaseCommand):
    help = "Delete drafts, unclaimed responses, ended links, sessions and counters whose time is over."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say what would go; nothing is changed")

    def handle(self, *, dry_run: bool, **options):
        for gone in purge(at=timezone.now(), dry_run=dry_run):
            self.stdout.write(f"{gone.number:>9}  {gone.name}")
        self.stdout.write("Nothing was changed." if dry_run else "Done.")
