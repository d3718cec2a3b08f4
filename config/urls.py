"""The product's addresses and the admin."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("assessment.urls")),
]
handler400 = "assessment.views.errors.bad_request"
handler403 = "assessment.views.errors.forbidden"
handler404 = "assessment.views.errors.not_found"
handler500 = "assessment.views.errors.server_error"
handler429 = "assessment.views.account.too_many"  # allauth calls it
