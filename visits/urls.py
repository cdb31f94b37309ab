"""The addresses of this room's pages. Dutch and stable; never a name in one."""

from django.urls import path

from visits import views

urlpatterns = [
    path("bezoeken/plannen/", views.visit_plan, name="visit_plan"),
    path("bezoeken/<uuid:pk>/wie-gaat/", views.visit_visitors, name="visit_visitors"),
    path("contact/nieuw/", views.contact_create, name="contact_create"),
    path("gesprekken/<uuid:pk>/", views.visit_report_detail, name="visit_report_detail"),
    path("gesprekken/<uuid:pk>/reactie/", views.report_response, name="report_response"),
]
