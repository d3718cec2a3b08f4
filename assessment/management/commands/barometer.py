"""`manage.py barometer [--check]`: seal what waits for the live barometer, or check what is stored of it."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessment.barometer.nightly import night, problems
from assessment.models import Edition


class Command(BaseCommand):
    help = "Seal the results that wait in batches of ten or more, and close the edition whose last day has come."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="only say what does not hold; nothing is changed")

    def handle(self, *, check: bool, **options):
        if check:
            editions = list(Edition.objects.all())
            if found := [problem for edition in editions for problem in problems(edition)]:
                raise CommandError("\n".join(found))
            self.stdout.write(f"{len(editions)} editions checked.")
            return
        for edition in night(at=timezone.now()):
            n = edition.cells[0]["n"] if edition.cells else 0
            self.stdout.write(f"{edition.year}: about {n} organisations{', closed' if edition.is_closed else ''}")
