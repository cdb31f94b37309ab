"""The roof: pages over all rooms, and the administration."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class DeskConfig(AppConfig):
    """Pages that show everything."""

    name = "corporatie.desk"


class BeheerConfig(AdminConfig):
    """Django's administration, with our own front door."""

    default_site = "corporatie.desk.admin.BeheerSite"
