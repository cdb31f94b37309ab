"""The doors that Celery knocks on. Each wakes one action."""

from celery import shared_task
from django.utils import timezone

from corporatie.work import actions, reminders


@shared_task(name="work.sweep")
def sweep() -> None:
    """Beat wakes this each minute. It makes notices and mails, and sends nothing."""
    reminders.sweep(at=timezone.now())


# A batch stops by itself after ``post.BUDGET``; these are for a mail server that never comes to an end. Both lie well
# within ``post.LEASE``, so that nobody else takes up a mail that is still being sent.
@shared_task(name="work.send_mails", soft_time_limit=90, time_limit=120)
def send_mails() -> None:
    """Beat wakes this each half minute, beside the sweep: a slow mail server holds up no notice."""
    actions.send_mails(clock=timezone.now)
