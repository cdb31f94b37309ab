"""Read the export of the association's own system."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenants.actions import read_delivery
from tenants.deliveries.faults import DeliveryRefusedError, Fault
from tenants.deliveries.refused import write_refused
from tenants.deliveries.report import Count, Report

_BAR = 30


class Command(BaseCommand):
    """Thin: ask for the delivery to be read, and tell in plain words what came of it."""

    help = "Read eenheden.csv, relaties.csv and huurovereenkomsten.csv of the association's own system."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What can be asked."""
        parser.add_argument("folder", type=Path, metavar="DIR", help="the folder with the three files")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, store nothing")
        parser.add_argument("--refused", type=Path, metavar="FILE", help="write the lines that need mending to FILE")
        parser.add_argument("--no-progress", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, tell, and write the file with refused lines."""
        bar = _Bar(show=not options["no_progress"] and sys.stderr.isatty())
        try:
            report = read_delivery(
                folder=options["folder"], by=None, at=timezone.now(), dry_run=options["dry_run"], tell=bar.tell
            )
        except DeliveryRefusedError as refused:
            raise CommandError(_("Nothing was read. %(why)s") % {"why": refused}) from None
        except IntegrityError:
            raise CommandError(
                _("Nothing was stored: someone else changed the same homes at the same moment. Start again.")
            ) from None
        finally:
            bar.clear()
        for line in _told(report, dry_run=options["dry_run"]):
            self.stdout.write(line)
        self._refused(report, options["refused"])

    def _refused(self, report: Report, path: Path | None) -> None:
        if not (report.faults or report.waiting):
            return
        if path is None:
            self.stdout.write(_("With --refused FILE these lines come in a file, to mend and deliver again."))
            return
        try:
            written = write_refused(path, report)
        except OSError as wrong:
            # The good lines are in by now: that is said above, and this is no reason to doubt it.
            self.stderr.write(_("The file with refused lines could not be written: %(why)s") % {"why": wrong.strerror})
            return
        told = ngettext("%(count)s line to mend is in %(path)s", "%(count)s lines to mend are in %(path)s", written)
        self.stdout.write(told % {"count": number_format(written, force_grouping=True), "path": path})


class _Bar:
    """A line of plain text that fills up; nothing when nobody is watching."""

    def __init__(self, *, show: bool) -> None:
        self.show = show

    def tell(self, stage: str, done: int, total: int) -> None:
        """Draw the line again."""
        if self.show:
            part = min(done / total, 1) if total else 1
            bar = "#" * int(part * _BAR)
            sys.stderr.write(f"\r{stage[:24]:<24} [{bar:<{_BAR}}] {int(part * 100):>3}%")
            sys.stderr.flush()

    def clear(self) -> None:
        """Leave the screen as it was."""
        if self.show:
            sys.stderr.write("\r" + " " * 64 + "\r")


def _told(report: Report, *, dry_run: bool) -> list[str]:
    lines = [_("This was a trial: nothing is stored."), ""] if dry_run else []
    lines += [*_found(report), "", *_counts(report), "", *_news(report)]
    for fault in report.faults:
        lines += _fault(fault)
    if report.waiting:
        lines += ["", _("Waiting for a line that has a fault:")]
        for fault in report.waiting:
            lines += _fault(fault)
    return lines


def _found(report: Report) -> list[str]:
    found = report.found
    return [
        _("In the files: %(dwellings)s homes, %(people)s people, %(tenancies)s contracts of which %(current)s run.")
        % {
            "dwellings": _number(found.dwellings),
            "people": _number(found.people),
            "tenancies": _number(found.tenancies),
            "current": _number(found.current_tenancies),
        },
        *(
            _("Not read in %(file)s: %(columns)s.") % {"file": kind.value, "columns": ", ".join(names)}
            for kind, names in report.unread.items()
            if names
        ),
    ]


def _counts(report: Report) -> list[str]:
    heads = [_("New"), _("Changed"), _("Same"), _("Faulty"), _("Waiting"), _("Double")]
    rows = [
        (_("Homes"), report.dwellings),
        (_("People"), report.people),
        (_("Contracts"), report.tenancies),
        (_("Household members"), report.memberships),
    ]
    return [
        f"{'':<20}" + "".join(f"{head:>11}" for head in heads),
        *(f"{name:<20}" + "".join(f"{_number(each):>11}" for each in _in_order(count)) for name, count in rows),
    ]


def _in_order(count: Count) -> tuple[int, ...]:
    return count.new, count.changed, count.same, count.faulty, count.waiting, count.double


def _news(report: Report) -> list[str]:
    kept = sum(fault.kept for fault in report.faults)
    told = [
        (_("Households that moved in"), report.households_started),
        (_("Contracts that ended"), report.tenancies_ended),
        (_("Phone numbers changed, in people"), report.phones_changed),
        (_("Homes no longer in the file (kept, and marked)"), report.dwellings_missing),
        (_("Contracts no longer in the file (kept as they are)"), report.tenancies_missing),
        (_("Faults"), len(report.faults)),
        (_("Faults of which the rest of the line is kept"), kept),
    ]
    lines = [f"{name}: {_number(count)}" for name, count in told if count]
    if report.without_team:
        names = ", ".join(report.without_team)
        lines.append(_("Neighbourhood without a team: nobody sees these households: %(names)s") % {"names": names})
    return lines


def _fault(fault: Fault) -> list[str]:
    where = _("%(file)s, line %(line)s") % {"file": fault.kind.value, "line": fault.line}
    if fault.column:
        where += f", {fault.column}: “{fault.value}”"
    return ["", where, f"  {fault.problem} {fault.remedy}"]


def _number(count: int) -> str:
    return number_format(count, force_grouping=True)
