"""Looking after accounts: people, their addresses, their second factor, whose secrets nobody is shown."""

from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from allauth.mfa.admin import AuthenticatorAdmin
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_tasks_db.admin import DBTaskResult

from assessment.accounts.made import GONE, owners, prove
from assessment.admin import log
from assessment.admin.account_forms import AccountForm, NewAccountForm
from assessment.admin.filters import KnownFilter
from assessment.admin.lists import Renamed, SafeLists, Typed
from assessment.models.organisation import lock_organisation
from assessment.models.sign_in import SignIn, fingerprint
from assessment.organisations.people import LastOwnerError, renew_invitations
from assessment.privacy.erasing import erase_account, leaving
from assessment.text.addresses import mailbox

PURPOSES = {
    "author": _(
        "Authors write drafts, import, check and preview; they add studies, findings and figures, change none that is there, "
        "and publish nothing."
    ),
    "publisher": _(
        "Publishers do what authors do, publish and retire questionnaires, and change evidence, also what reports show."
    ),
    "support": _(
        "Support mends organisations, says what their people may do, takes people off and ends invitations; it lets nobody "
        "in, and sees no questionnaires, results or answers."
    ),
    "analyst": _("Analysts see and export results without the names of organisations."),
}

# What the ready-made groups are called beside their stored names, which are keys.
CALLED = {
    "author": pgettext_lazy("group of the staff", "Author"),
    "publisher": pgettext_lazy("group of the staff", "Publisher"),
    "support": pgettext_lazy("group of the staff", "Support"),
    "analyst": pgettext_lazy("group of the staff", "Analyst"),
}

gettext_noop("MFA")  # what the app is called where its name cannot be ours; for the French
admin.site.unregister([User, Group, EmailAddress, Authenticator])
admin.site.unregister(DBTaskResult)  # a task only says "look"; `manage.py mails` tells what waits


@admin.register(User)
class AccountAdmin(Typed, SafeLists, UserAdmin):
    """Django's own, with lists that take every address. An account is erased as on its own page, with its answers."""

    form = AccountForm
    add_form = NewAccountForm
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["email", "password1", "password2"]})]
    list_display = ["email", "username", "is_staff", "is_active", "last_login"]
    seen = [(None, {"fields": ["email", "is_active", "last_login", "date_joined"]})]

    def get_fieldsets(self, request, obj=None):
        """Who may only look is shown nothing of a password, nor who may do what."""
        return super().get_fieldsets(request, obj) if self.has_change_permission(request, obj) else self.seen

    def get_deleted_objects(self, objs, request):
        """What stands in the way is told: organisations that would be left without an owner."""
        _listed, counts, lacking, _protected = super().get_deleted_objects(objs, request)
        said = gettext("Their answers are erased with them; what others rely on stays, marked “answers erased”.")
        kept = gettext("What they changed here stays on record, without their name.")
        counts.pop(LogEntry._meta.verbose_name_plural, None)
        in_the_way = [told for account in objs for told in _in_the_way(account)]
        return [*map(str, objs), said, kept], counts, lacking - {LogEntry._meta.verbose_name}, in_the_way

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "groups":
            field.label_from_instance = called
        return field

    def delete_model(self, request, obj):
        _erase(obj, by=request.user)

    def delete_queryset(self, request, queryset):
        for account in queryset:
            _erase(account, by=request.user)

    def delete_view(self, request, *args, **kwargs):
        """All or nothing: somebody may have become the last owner meanwhile."""
        try:
            return super().delete_view(request, *args, **kwargs)
        except LastOwnerError:
            return self._refused(request)

    def response_action(self, request, queryset):
        try:
            with transaction.atomic():
                return super().response_action(request, queryset)
        except LastOwnerError:
            return self._refused(request)

    def _refused(self, request):
        text = gettext("Nobody was deleted: an organisation would be left without an owner. Please look again.")
        self.message_user(request, text, messages.ERROR)
        return redirect("admin:auth_user_changelist")


def _in_the_way(account: User) -> list[str]:
    if account.get_username() == GONE:
        return [gettext("This account stands in the record of changes for administrators who are gone; it stays.")]
    behind = leaving(account)
    text = gettext(
        "%(person)s is the last owner or the only person of %(organisation)s. Make somebody else an owner first, "
        "or delete the organisation."
    )
    return [
        text % {"person": account.email or account.get_username(), "organisation": str(organisation)}
        for organisation in [*behind.ownerless, *behind.alone]
    ]


def _erase(account: User, *, by: User) -> None:
    """Erase an account; the open invitations that an owner has seen get other links, unless they do it themselves."""
    owned = list(account.memberships.owners().order_by("organisation").values_list("organisation", flat=True))
    is_self = account.pk == by.pk
    erase_account(account, at=timezone.now())
    for organisation in owned:
        if not is_self and lock_organisation(organisation):
            renew_invitations(organisation)


def called(group: Group) -> str:
    """A group's name in the reader's language, with the stored one where they differ."""
    name = str(CALLED.get(group.name, group.name))
    return name if name.lower() == group.name.lower() else f"{name} ({group.name})"


@admin.register(Group)
class RightsAdmin(Typed, SafeLists, GroupAdmin):
    """Django's own, with lists that take every address, and what the ready-made groups are for."""

    list_display = ["called", "purpose"]

    @admin.display(description=_("group"), ordering="name")
    def called(self, obj):
        return called(obj)

    @admin.display(description=_("what it is for"))
    def purpose(self, obj):
        return PURPOSES.get(obj.name, "")


def _of(address: EmailAddress, message: list[dict]) -> list[dict]:
    """What was done to an address by its number: erasing the account leaves nothing of it in the record."""
    named = {"name": address._meta.verbose_name_raw, "object": f"#{address.pk}"}
    return [
        part | {verb: part[verb] | named for verb in ("added", "changed", "deleted") if verb in part}
        for part in message
    ]


def _take_back(address: EmailAddress) -> None:
    """Of an account that only waited for its code nobody knows who chose the password: its owner chooses a new one."""
    if not owners(address.email).filter(pk=address.user_id).exists():
        prove(address.user, address.email)


@admin.register(EmailAddress)
class AddressAdmin(Typed, SafeLists, EmailAddressAdmin):
    """Allauth's own, with lists that take every address; what is done is on record under the account, not the address."""

    list_select_related = ["user"]

    def make_verified(self, request, queryset):
        """Allauth's action, each change of it on record."""
        open_ones = list(queryset.filter(verified=False).values_list("pk", flat=True))
        for address in queryset.filter(pk__in=open_ones).select_related("user"):
            _take_back(address)
        super().make_verified(request, queryset)
        for address in EmailAddress.objects.filter(pk__in=open_ones, verified=True):
            log.record(request, address.user, {"verified": (False, True)})

    def save_model(self, request, obj, form, change):
        if obj.verified and "verified" in form.changed_data:
            _take_back(obj)
        super().save_model(request, obj, form, change)

    def log_addition(self, request, obj, message):
        return super().log_change(request, obj.user, _of(obj, message))

    def log_change(self, request, obj, message):
        return super().log_change(request, obj.user, _of(obj, message))

    def log_deletions(self, request, queryset):
        for obj in queryset:
            super().log_change(request, obj.user, _of(obj, [{"deleted": {}}]))

    make_verified.short_description = EmailAddressAdmin.make_verified.short_description


class FactorFilter(KnownFilter):
    """The kinds of second factors that there can be."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _("kind")

    def entries(self):
        return Authenticator.Type.choices


@admin.register(Authenticator)
class SecondFactorAdmin(Renamed, SafeLists, AuthenticatorAdmin):
    """Who has a second factor; it can be taken away from somebody who lost it, and never read."""

    names = (_("second factor"), _("second factors"))
    list_display = ["person", "kind", "made", "used"]
    list_filter = [("type", FactorFilter)]
    fields = readonly_fields = list_display
    list_select_related = ["user"]
    search_fields = ["user__email"]

    @admin.display(description=_("person"), ordering="user")
    def person(self, obj):
        return obj.user

    @admin.display(description=_("kind"), ordering="type")
    def kind(self, obj):
        return obj.get_type_display()

    @admin.display(description=_("set up"), ordering="created_at")
    def made(self, obj):
        return obj.created_at

    @admin.display(description=_("last used"), ordering="last_used_at")
    def used(self, obj):
        return obj.last_used_at

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class EventFilter(KnownFilter):
    """What can have happened."""

    def entries(self):
        return SignIn.Event.choices


@admin.register(SignIn)
class SignInAdmin(SafeLists, admin.ModelAdmin):
    """The record of signing in, for superusers to read. An address is searched by its fingerprint, which is all there is."""

    list_display = ["at", "event", "account", "who", "network"]
    list_filter = [("event", EventFilter)]
    fields = readonly_fields = list_display
    list_select_related = ["account"]
    search_fields = ["who", "network"]
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]

    def get_search_results(self, request, queryset, search_term):
        if "@" in search_term:
            return queryset.filter(who=fingerprint(mailbox(search_term))), False
        return super().get_search_results(request, queryset, search_term)

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
