"""Looking after accounts: people, their addresses, their second factor, whose secrets nobody is shown."""

from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from allauth.mfa.admin import AuthenticatorAdmin
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User

from assessment.admin.lists import SafeLists

admin.site.unregister([User, Group, EmailAddress, Authenticator])


@admin.register(User)
class AccountAdmin(SafeLists, UserAdmin):
    """Django's own, with lists that take every address."""

    list_display = ["email", "username", "is_staff", "is_active", "last_login"]


@admin.register(Group)
class RightsAdmin(SafeLists, GroupAdmin):
    """Django's own, with lists that take every address."""


@admin.register(EmailAddress)
class AddressAdmin(SafeLists, EmailAddressAdmin):
    """Allauth's own, with lists that take every address."""

    list_select_related = ["user"]


@admin.register(Authenticator)
class SecondFactorAdmin(SafeLists, AuthenticatorAdmin):
    """Who has a second factor; it can be taken away from somebody who lost it, and never read."""

    fields = ["user", "type", "created_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["user__email"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
