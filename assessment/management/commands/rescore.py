"""`manage.py rescore --check`: compute every stored result again from its answers and say where it differs."""

from django.core.management.base import BaseCommand, CommandError

from assessment.results.rescoring import changed_questionnaires, differing_results, missing_results, skipped


class Command(BaseCommand):
    help = "Recompute every stored result from its answers; fails when one differs, is missing, or a text was changed."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", required=True, help="only compare; nothing is changed")

    def handle(self, **options):
        found, checked = [*changed_questionnaires(), *missing_results()], 0
        for _result, differences in differing_results():
            checked += 1
            found += differences
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(f"{checked} results recomputed, all equal.")
        if erased := skipped():
            self.stdout.write(f"{erased} skipped: answers they rest on were erased.")
