from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from corporatie.work import actions, reminders

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Do once what worker and beat do each minute: make notices and mails, and send. For cron, without a broker."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = []
        try:
            made = reminders.sweep(at=timezone.now())
        except Exception as problem:  # noqa: BLE001
            # What stands in the outbox goes out all the same. The words of a fault may hold more than codes.
            log.error("sweep_failed", cause=type(problem).__name__)
            made, faults = {}, ["the sweep did not come to its end"]
        batch = actions.send_mails(clock=timezone.now)
        failed_rules = made.pop("failed", 0)
        if failed_rules:
            faults.append(f"{failed_rules} rules failed")
        told = {**made, "sent": batch.sent, "later": batch.later, "failed": batch.failed}
        self.stdout.write(" ".join(f"{name}={number}" for name, number in told.items() if number) or "nothing to do")
        if batch.nothing_went:
            faults.append("no mail could be sent")
        if faults:
            raise CommandError("; ".join(faults))
