"""The one app of this project, and Django's admin with our door."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _

from assessment.text import database
from assessment.views import outages


class AssessmentConfig(AppConfig):
    name = "assessment"
    verbose_name = _("Social media maturity")

    def ready(self) -> None:
        database.register()
        outages.register()


class AdministrationConfig(admin.AdminConfig):
    """Django's admin, entered through a second factor."""

    default = False  # of this module's apps the other one is meant by "assessment"
    default_site = "assessment.accounts.second_factor.AdministrationSite"
