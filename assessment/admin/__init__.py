"""The Django admin of the product, one module per room of the models."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from assessment.admin import content, evidence, organisation, response

__all__ = ["content", "evidence", "organisation", "response"]

admin.site.site_header = _("Social media maturity: administration")
admin.site.site_title = _("Social media maturity")
admin.site.index_title = _("Administration")
