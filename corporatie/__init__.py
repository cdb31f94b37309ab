"""Keukentafel: visits, signals and renovation projects of a Dutch housing association."""

from corporatie.celery import app as celery_app

__all__ = ["celery_app"]
