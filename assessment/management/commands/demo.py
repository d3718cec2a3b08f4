"""`manage.py demo`: invented organisations, accounts to look at them with, and where to begin."""

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string

from assessment.accounts.made import make_account, renew_second_factor
from assessment.management import demo
from assessment.models import Edition, Membership, Questionnaire


def _barometer(address: str, edition: Edition | None) -> str:
    told = "invented figures, until an organisation agrees to be counted"
    return f"  Barometer      {address}{reverse('barometer')} : {told}\n" if edition else ""


class Command(BaseCommand):
    help = (
        "Make demonstration organisations and accounts (with a new password each time), and print how to look at them."
    )

    def add_arguments(self, parser):
        parser.add_argument("--address", default="http://127.0.0.1:8000", help="where the site is served")

    def handle(self, *, address: str, **options):
        if Questionnaire.objects.current() is None:
            raise CommandError("There is no questionnaire to answer: run `manage.py load_content` first.")
        password = get_random_string(12)
        people = {role: make_account(f"{role}@demo.example", password) for role in Membership.Role.values}
        admin = make_account("admin@demo.example", password, is_staff=True, is_superuser=True)
        codes = renew_second_factor(admin)
        demo.make(people, at=timezone.now())
        edition = demo.make_edition(at=timezone.now())
        invented = demo.ORGANISATIONS[1]
        report = reverse("report", args=[invented.key(len(invented.rounds))])
        self.stdout.write(
            f"""
  The site       {address}/
  Guest          {address}/start/ : no account needed
                 {address}{report} : a finished report, with an earlier round
{_barometer(address, edition)}  Owner          {address}{reverse("organisations")} : owner@demo.example, password {password}
  Member         the same : member@demo.example, password {password}
  Viewer         the same : viewer@demo.example, password {password}
  Administrator  {address}/admin/ : admin@demo.example, password {password}
                 then a one-time code, each works once: {" ".join(codes[:4])}
"""
        )
