"""Short contact: a call, a letter, a word at the desk."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case
from corporatie.journal import actions as journal
from corporatie.journal.facts import said_of
from corporatie.staff.rules import must_be_allowed
from corporatie.subjects.models import sender, under_own_key
from tenants.models import Tenancy
from tenants.rules import must_not_have_left
from visits import facts
from visits.models import ContactMoment
from visits.rules import who_adds_to


@transaction.atomic
def log_contact(
    *,
    client_uuid: UUID,
    tenancy: Tenancy,
    channel: str,
    direction: str,
    line: str,
    happened_at: datetime,
    by: Any,
    at: datetime,
    case: Case | None = None,
) -> ContactMoment:
    """Write down one short line of contact. Sending the same ``client_uuid`` again changes nothing.

    Raises ``ValidationError`` when the dossier is another household's, when the contact is still to come, or when the
    household had left by then and it is about no dossier. ``PermissionDenied`` for who does not visit there.
    """
    must_be_allowed(who_adds_to(tenancy, case, at=at), by)
    if case is not None and case.tenancy_id != tenancy.pk:
        raise ValidationError(_("This dossier belongs to another household."))
    if happened_at > at:
        raise ValidationError({"happened_on": _("This is still to come. Choose a moment that lies behind us.")})
    if case is None:
        must_not_have_left(tenancy, on=timezone.localdate(happened_at), field="happened_on")
    details = {
        "case": case,
        "channel": channel,
        "direction": direction,
        "line": line,
        "happened_at": happened_at,
        "created_at": at,
    }
    contact, is_new = under_own_key(
        client_uuid,
        sender(tenancy, by),
        lambda key: ContactMoment.objects.get_or_create(
            client_uuid=key, tenancy=tenancy, created_by=by, defaults=details
        ),
    )
    if is_new:
        subject = case or tenancy
        journal.write(
            fact=facts.ContactMade(
                channel=channel, contact=str(contact.pk), happened_at=said_of(happened_at, written_at=at)
            ),
            subject=subject,
            concerns=[tenancy],
            by=by,
            at=at,
        )
    return contact
