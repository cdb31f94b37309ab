"""The addresses of this room's pages. Dutch and stable; never a name in one."""

from django.urls import path

from tenants import views

urlpatterns = [
    path("huishoudens/<uuid:pk>/bereiken/", views.preference_update, name="preference_update"),
    path("huishoudens/<uuid:pk>/contactpersoon/", views.contact_person_create, name="contact_person_create"),
]
