"""`manage.py groups`: make the ready-made groups of the administration, or mend them."""

from django.core.management.base import BaseCommand

from assessment.accounts.groups import GROUPS, make_groups


class Command(BaseCommand):
    help = (
        "Make the groups author, publisher, support and analyst, or give them back the permissions they are made with."
    )

    def handle(self, **options):
        mended = make_groups()
        self.stdout.write(f"{len(GROUPS)} groups: {', '.join(GROUPS)}; {mended} made or mended.")
