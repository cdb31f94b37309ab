"""The doors that Celery knocks on. Each wakes one action."""

from celery import shared_task
from django.utils import timezone

from corporatie.work import reminders


@shared_task(name="work.sweep")
def sweep() -> None:
    """Beat wakes this each minute."""
    reminders.sweep(at=timezone.now())
