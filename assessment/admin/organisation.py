"""Looking after organisations and who belongs to them."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.forms import ChoiceField
from django.forms.models import BaseInlineFormSet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from assessment import models
from assessment.admin.filters import PeriodFilter, facts
from assessment.admin.frozen import SearchMixin
from assessment.admin.lists import SafeLists, Typed
from assessment.admin.log import UNTOLD
from assessment.admin.response import number_of
from assessment.content.files import organisation_lists
from assessment.mailing.asking import tell_role
from assessment.models.organisation import lock_organisation
from assessment.organisations.people import (
    note_new_owner,
    renew_invitations,
    revoke_person_invitation,
    round_of_invited,
)
from assessment.rounds.spacing import remember_owner
from assessment.wording import numbers


class MembershipFormSet(BaseInlineFormSet):
    """The people of an organisation; one that has an owner keeps one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound:
            lock_organisation(self.instance.pk)  # nobody leaves while an administrator changes its people

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
        if self.changes_own(self.by):
            raise ValidationError(_("Nothing was changed: what you are in an organisation is for others to say."))
        if of := self.moves_somebody_invited():
            text = _(
                "Nothing was changed: somebody whose role would change, or who would become an owner, is invited to round "
                "%(number)s, which is confidential and not published yet. That could tell who has answered."
            )
            raise ValidationError(text % {"number": of.number})

    def moves_somebody_invited(self) -> models.Round | None:
        """The confidential round to which somebody is invited whose role would change, or who would become an owner."""
        owner = models.Membership.Role.OWNER
        for form in self.forms:
            said = getattr(form, "cleaned_data", {})
            changes = {"role", "user"} & set(form.changed_data) and not said.get("DELETE")
            if not changes or not said.get("user") or not (form.instance.pk or said.get("role") == owner):
                continue
            if of := round_of_invited(self.instance.pk, said["user"]):
                return of
        return None

    def changes_own(self, user) -> bool:
        """Whether somebody who is no superuser would do more or less in an organisation by their own word."""
        own = [form for form in self.initial_forms if form.instance.user_id == user.pk]
        return not user.is_superuser and any(form.has_changed() and form not in self.deleted_forms for form in own)

    def loses_an_owner(self, *, by) -> bool:
        """Whether somebody else than who sends this was an owner and will be none; to ask before it is saved."""
        return any(form.initial.get("user", form.instance.user_id) != by.pk for form in self._owners_who_go())

    def owners_who_go(self) -> list[int]:
        """The memberships of those who were owners and will be none; to ask before it is saved."""
        return [form.instance.pk for form in self._owners_who_go()]

    def _owners_who_go(self) -> list:
        owner = models.Membership.Role.OWNER
        return [
            form
            for form in self.initial_forms
            if form.initial["role"] == owner
            and (form in self.deleted_forms or form.cleaned_data["role"] != owner or "user" in form.changed_data)
        ]

    def replaced(self) -> list[models.Membership]:
        """What those were whose place was given to somebody else."""
        given = [form for form in self.initial_forms if "user" in form.changed_data and form not in self.deleted_forms]
        return [models.Membership(organisation=self.instance, user_id=form.initial["user"]) for form in given]


class MembershipInline(SearchMixin, admin.StackedInline):
    model = models.Membership
    formset = MembershipFormSet
    extra = 0
    fields = [("user", "role")]
    autocomplete_fields = ["user"]

    def has_add_permission(self, request, obj=None):
        """A place lets somebody read results: nobody of the staff gives one but a superuser."""
        return request.user.is_superuser and super().has_add_permission(request, obj)

    def get_readonly_fields(self, request, obj=None):
        return [] if request.user.is_superuser else ["user"]

    def get_formset(self, request, obj=None, **kwargs):
        return type("Memberships", (super().get_formset(request, obj, **kwargs),), {"by": request.user})


class InvitationFormSet(BaseInlineFormSet):
    """The open invitations to an organisation, without their links; taking one off the list ends it."""

    def __init__(self, *args, queryset=None, **kwargs):
        rows = models.PeopleInvitation.objects.all() if queryset is None else queryset
        super().__init__(*args, queryset=rows.open(at=timezone.now()), **kwargs)

    def delete_existing(self, obj, commit=True):
        revoke_person_invitation(self.instance, obj.pk, at=timezone.now())


class InvitationInline(admin.StackedInline):
    model = models.PeopleInvitation
    formset = InvitationFormSet
    verbose_name = _("open invitation")
    verbose_name_plural = _("open invitations")
    fields = [("email", "role", "created_at", "expires_at")]
    readonly_fields = ["email", "role", "created_at", "expires_at"]
    extra = 0

    def has_add_permission(self, request, obj=None):
        return False  # an invitation is made by an owner, who is told what it opens

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(models.Organisation)
class OrganisationAdmin(Typed, SafeLists, admin.ModelAdmin):
    view_on_site = False  # its page is for its people alone
    list_display = ["name", "sector_name", "size_name", "market_name", "rounds_number", "is_demo", "created_at"]
    list_filter = [PeriodFilter, *facts(), "is_demo"]
    show_full_result_count = False
    search_fields = ["name"]
    date_hierarchy = "created_at"
    fields = ["name", ("sector", "size", "market"), "is_demo", "created_at"]
    inlines = [MembershipInline, InvitationInline]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(number=number_of(models.Round.objects.all(), "organisation"))

    def get_readonly_fields(self, request, obj=None):
        """A demonstration counts nowhere: making one of an organisation takes its results off every list."""
        return ["created_at"] if request.user.is_superuser else ["is_demo", "created_at"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Sector, size and market are chosen as at the start."""
        if db_field.name not in ("sector", "size", "market"):
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        entries = getattr(organisation_lists(), f"{db_field.name}s")
        return ChoiceField(
            label=capfirst(db_field.verbose_name), choices=[(entry.key, entry.text) for entry in entries]
        )

    def save_formset(self, request, form, formset, change):
        if formset.model is not models.Membership:
            super().save_formset(request, form, formset, change)
            return
        loses_an_owner = formset.loses_an_owner(by=request.user)
        for membership in form.instance.memberships.filter(pk__in=formset.owners_who_go()).select_related("user"):
            remember_owner(membership)
        super().save_formset(request, form, formset, change)
        if loses_an_owner:
            self._renew_invitations(request, form.instance)
        kept = [*formset.new_objects, *(changed for changed, _fields in formset.changed_objects)]
        for membership in kept:
            note_new_owner(membership)
            tell_role(membership, membership.role, by=None, at=timezone.now())
        for membership in [*formset.deleted_objects, *formset.replaced()]:
            tell_role(membership, None, by=None, at=timezone.now())

    def _renew_invitations(self, request, organisation):
        """Who is an owner no more has seen the open invitations."""
        renew_invitations(organisation.pk)
        if organisation.invitations.open(at=timezone.now()).exists():
            text = _("The links of open invitations were replaced, as this person knew them. Please send them again.")
            self.message_user(request, text, messages.WARNING)

    def has_add_permission(self, request):
        return False  # an organisation begins with somebody who answers

    def get_deleted_objects(self, objs, request):
        """What happened cannot be deleted by itself, but goes with its organisation: counted, as each has its secrets.

        How many of these the live barometer counted, or is to, is not told.
        """
        _listed, counts, lacking, protected = super().get_deleted_objects(objs, request)
        counts = {name: n for name, n in counts.items() if name not in {of._meta.verbose_name_plural for of in UNTOLD}}
        return [str(obj) for obj in objs], counts, lacking & {self.opts.verbose_name}, protected

    @admin.display(description=_("rounds"), ordering="number")
    def rounds_number(self, obj):
        return obj.number

    @admin.display(description=_("sector"), ordering="sector")
    def sector_name(self, obj):
        return numbers.fact(obj.sector, "sector")

    @admin.display(description=_("size"), ordering="size")
    def size_name(self, obj):
        return numbers.fact(obj.size, "size")

    @admin.display(description=_("market"), ordering="market")
    def market_name(self, obj):
        return numbers.fact(obj.market, "market")
