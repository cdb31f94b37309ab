"""The addresses of this room's pages. Dutch and stable; never a name in one."""

from django.urls import path

from projects import views

urlpatterns = [
    path("projecten/", views.project_list, name="project_list"),
    path("projecten/<slug:slug>/", views.project_detail, name="project_detail"),
    path("projecten/<slug:slug>/fase/", views.project_phase, name="project_phase"),
    path("intakes/<uuid:pk>/reden/", views.intake_reason, name="intake_reason"),
]
