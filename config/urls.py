"""The product's addresses and the admin."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("assessment.urls")),
]
handler429 = "assessment.views.account.too_many"  # allauth calls it
