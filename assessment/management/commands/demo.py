"""`manage.py demo`: invented organisations, accounts to look at them with, and where to begin."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string

from assessment.models import Questionnaire, demo


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
        owner = _account("owner@demo.example", password)
        admin = _account("admin@demo.example", password, is_staff=True, is_superuser=True)
        demo.make(owner, at=timezone.now())
        invented = demo.ORGANISATIONS[1]
        report = reverse("report", args=[demo.demo_key(invented.name, len(invented.rounds))])
        self.stdout.write(
            f"""
  The site       {address}/
  Guest          {address}/start/ : no account needed
                 {address}{report} : a finished report, with an earlier round
  Owner          {address}{reverse("organisations")} : {owner.username}, password {password}
  Administrator  {address}/admin/ : {admin.username}, password {password}
"""
        )


def _account(name: str, password: str, **rights: bool):
    """A demonstration account with this password, made or brought up to date."""
    account, _made = get_user_model().objects.get_or_create(username=name, defaults={"email": name, **rights})
    account.set_password(password)
    account.save()
    return account
