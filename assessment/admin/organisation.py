"""Looking after organisations and who belongs to them."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.forms.models import BaseInlineFormSet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment import models
from assessment.admin.lists import SafeLists
from assessment.models.people import count_as_owners, hold, renew_invitations


class MembershipFormSet(BaseInlineFormSet):
    """The people of an organisation; one that has an owner keeps one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound:
            hold(self.instance.pk)  # nobody leaves while an administrator changes its people

    def clean(self):
        super().clean()
        owner = models.Membership.Role.OWNER
        stays = any(
            form.cleaned_data.get("role") == owner and not form.cleaned_data.get("DELETE")
            for form in self.forms
            if hasattr(form, "cleaned_data")
        )
        if not stays and self.instance.memberships.owners().exists():
            raise ValidationError(_("Nothing was changed: an organisation needs an owner. Name another one first."))

    def loses_an_owner(self, *, by) -> bool:
        """Whether somebody else than who sends this was an owner and will be none; to ask before it is saved."""
        owner = models.Membership.Role.OWNER
        return any(
            form.initial["role"] == owner
            and form.initial["user"] != by.pk
            and (
                form in self.deleted_forms
                or form.cleaned_data["role"] != owner
                or form.cleaned_data["user"].pk != form.initial["user"]
            )
            for form in self.initial_forms
        )


class MembershipInline(admin.TabularInline):
    model = models.Membership
    formset = MembershipFormSet
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

    def save_formset(self, request, form, formset, change):
        loses_an_owner = formset.loses_an_owner(by=request.user)
        super().save_formset(request, form, formset, change)
        if loses_an_owner:
            self._renew_invitations(request, form.instance)
        for membership in [*formset.new_objects, *(changed for changed, _fields in formset.changed_objects)]:
            count_as_owners(membership)

    def _renew_invitations(self, request, organisation):
        """Who is an owner no more has seen the open invitations."""
        renew_invitations(organisation.pk)
        if organisation.invitations.open(at=timezone.now()).exists():
            text = _("The links of open invitations were replaced, as this person knew them. Please send them again.")
            self.message_user(request, text, messages.WARNING)

    def has_add_permission(self, request):
        return False  # an organisation begins with somebody who answers

    def get_deleted_objects(self, objs, request):
        """What happened cannot be deleted by itself, but goes with its organisation: counted, as each has its secrets."""
        _listed, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return [str(obj) for obj in objs], counts, lacking & {self.opts.verbose_name}, protected

    @admin.display(description=_("rounds"), ordering="number")
    def rounds_number(self, obj):
        return obj.number
