"""`manage.py load_content`: read the content files into the database, whole or not at all."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from assessment.accounts.groups import make_groups
from assessment.authoring.loading import load_questionnaire
from assessment.content.evidence import read_evidence
from assessment.content.files import FOLDER, read_lists
from assessment.content.problems import ContentError
from assessment.content.questionnaire import read_questionnaire
from assessment.evidence.loading import load_evidence


class Command(BaseCommand):
    help = (
        "Read questionnaire.yaml, evidence.yaml and organisation.yaml into the database. It also makes the groups of the "
        "administration. Running it twice changes nothing. "
        "Studies, findings, figures and reference levels are brought up to date, except those that an administrator changed "
        "since they were last loaded: these are named and stay, unless --overwrite-evidence is given."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="where the three files are")
        parser.add_argument(
            "--overwrite-evidence",
            action="store_true",
            help="bring back what the file says where administrators changed it",
        )

    def handle(self, *, folder: Path, overwrite_evidence: bool, **options):
        try:
            evidence = read_evidence(_read(folder / "evidence.yaml"), "evidence.yaml")
            read_lists(_read(folder / "organisation.yaml"), "organisation.yaml")
            questionnaire = read_questionnaire(
                _read(folder / "questionnaire.yaml"),
                "questionnaire.yaml",
                figures={figure.key for figure in evidence.figures},
                findings={finding.key for finding in evidence.findings},
            )
        except ContentError as error:
            raise CommandError("\n".join(str(problem) for problem in error.problems)) from error
        with transaction.atomic():
            left = load_evidence(evidence, overwrite=overwrite_evidence)
            version, made = load_questionnaire(questionnaire)
            make_groups()  # their permissions are there once every migration is
        for kept in left:
            self.stdout.write(f"{kept.kind} {kept.key}: left as an administrator changed it")
        state = version.get_status_display()
        self.stdout.write(f"{version.key}, version {version.version}: {state}" + ("" if made else ", as it was"))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path.name}: cannot be read ({error.strerror}).") from error
