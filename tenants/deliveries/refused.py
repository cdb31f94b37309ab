"""The file with the lines that need mending: what was read of them, and what to do."""

import csv
import re
from pathlib import Path

from django.utils.translation import gettext as _

from tenants.deliveries.faults import Kind
from tenants.deliveries.report import Report

# A spreadsheet takes a cell that begins like this for a formula. A phone number or an amount is none.
_FORMULA = re.compile(r"^(?:[=@\t\r\0]|[+-](?![\d\s().-]*$))")


def write_refused(path: Path, report: Report) -> int:
    """Write every line with a fault, and every line that waits for one; say how many.

    Its columns are those we read, under the headings of the association's own files.
    """
    headings = list(dict.fromkeys(name for kind in Kind for name in report.headings[kind]))
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, delimiter=";", lineterminator="\r\n")
        own = [_("File"), _("Line"), _("Column"), _("Value"), _("What is wrong"), _("What to do"), _("Rest kept")]
        table.writerow([*own, *headings])
        faults = [*report.faults, *report.waiting]
        for fault in faults:
            values = dict(zip(report.headings[fault.kind], fault.row, strict=False))
            kept = _("yes") if fault.kept else _("no")
            told = [fault.kind.value, str(fault.line), fault.column, fault.value, fault.problem, fault.remedy, kept]
            table.writerow(_safe(cell) for cell in [*told, *(values.get(name, "") for name in headings)])
    return len(faults)


def _safe(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
