"""All addresses. Wiring only: each room names its own pages."""

from django.contrib import admin
from django.urls import include, path

handler400 = "corporatie.desk.views.faults.not_understood"
handler500 = "corporatie.desk.views.faults.failed"

urlpatterns = [
    path("", include("corporatie.desk.urls")),
    path("", include("tenants.urls")),
    path("", include("corporatie.work.urls")),
    path("", include("cases.urls")),
    path("", include("visits.urls")),
    path("", include("projects.urls")),
    path("account/", include("corporatie.staff.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("beheer/", admin.site.urls),
]
