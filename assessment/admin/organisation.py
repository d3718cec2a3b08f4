"""Looking after organisations and who belongs to them."""

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from assessment import models
from assessment.admin.lists import SafeLists


class MembershipInline(admin.TabularInline):
    model = models.Membership
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(models.Organisation)
class OrganisationAdmin(SafeLists, admin.ModelAdmin):
    list_display = ["name", "sector", "size", "market", "rounds_number", "is_demo", "created_at"]
    list_filter = ["sector", "size", "market", "is_demo"]
    search_fields = ["name"]
    date_hierarchy = "created_at"
    fields = ["name", ("sector", "size", "market"), "is_demo", "created_at"]
    readonly_fields = ["created_at"]
    inlines = [MembershipInline]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(number=Count("rounds"))

    def has_add_permission(self, request):
        return False  # an organisation begins with somebody who answers

    def get_deleted_objects(self, objs, request):
        """What happened cannot be deleted by itself, but goes with its organisation."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, lacking & {self.opts.verbose_name}, protected

    @admin.display(description=_("rounds"), ordering="number")
    def rounds_number(self, obj):
        return obj.number
