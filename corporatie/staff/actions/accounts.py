"""Coming, changing, leaving, coming back; and what a colleague chooses herself."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q

from corporatie.staff.actions.changes import end_sessions, note
from corporatie.staff.actions.roles import put_in_waiting
from corporatie.staff.models import User
from corporatie.staff.states import AccountChangeKind


@transaction.atomic
def welcome(*, colleague: User, by: Any, at: datetime) -> None:
    """A new colleague: nobody else knows a password for her, so she asks for one herself."""
    colleague.email = colleague.email.lower()
    colleague.set_unusable_password()
    colleague.save()
    note(colleague=colleague, kind=AccountChangeKind.INVITED, by=by, at=at)


@transaction.atomic
def change_colleague(*, colleague: User, by: Any, at: datetime) -> None:
    """What stands in this row now, against what is stored: the address and the access each by their own verb."""
    stored = _locked(colleague)
    stored.name, stored.phone, stored.mail_choice = colleague.name, colleague.phone, colleague.mail_choice
    stored.save(update_fields=["name", "phone", "mail_choice"])
    change_address(colleague=stored, email=colleague.email, by=by, at=at)
    if stored.is_active and not colleague.is_active:
        say_goodbye(colleague=stored, by=by, at=at)
    elif colleague.is_active and not stored.is_active:
        come_back(colleague=stored, by=by, at=at)
    colleague.refresh_from_db()


@transaction.atomic
def change_address(*, colleague: User, email: str, by: Any, at: datetime) -> None:
    """Another address to sign in with. Links sent to the old one die, and so does every session."""
    old, email = _locked(colleague).email, email.lower()
    if email == old:
        return
    colleague.email = email
    colleague.save(update_fields=["email"])
    # The library's own list of addresses is kept empty: with the old one in it, a link could still go there.
    EmailAddress.objects.filter(Q(user=colleague) | Q(email__in=(old, email))).delete()
    end_sessions(colleague)
    note(colleague=colleague, kind=AccountChangeKind.EMAIL, by=by, at=at, old_email=old)


@transaction.atomic
def say_goodbye(*, colleague: User, by: Any, at: datetime) -> None:
    """Access is closed, whosever it is. The password goes, and with it every link to choose one; every session ends."""
    colleague.is_active = False
    colleague.set_unusable_password()
    colleague.save(update_fields=["is_active", "password"])
    end_sessions(colleague)
    note(colleague=colleague, kind=AccountChangeKind.ACCESS_CLOSED, by=by, at=at)


@transaction.atomic
def come_back(*, colleague: User, by: Any, at: datetime) -> None:
    """She works here again, and asks for a password herself. A role that a second one confirms waits once more."""
    put_in_waiting(colleague=colleague, by=by, at=at)
    colleague.is_active = True
    colleague.save(update_fields=["is_active"])
    note(colleague=colleague, kind=AccountChangeKind.ACCESS_OPENED, by=by, at=at)


@transaction.atomic
def choose_password(*, colleague: User, password: str, by: Any, at: datetime) -> None:
    """Her own choice, on her own page or by the link in a mail. Every session ends."""
    colleague.set_password(password)
    colleague.save(update_fields=["password"])
    end_sessions(colleague)
    note(colleague=colleague, kind=AccountChangeKind.PASSWORD, by=by, at=at)


def choose_mail(*, colleague: User, choice: str, by: Any, at: datetime) -> None:  # noqa: ARG001
    """How often mail may reach her. Her own choice: what cannot wait always stands in the inbox as well."""
    User.objects.get_queryset().filter(pk=colleague.pk).update(mail_choice=choice)
    colleague.mail_choice = choice


def _locked(colleague: User) -> User:
    return User.objects.get_queryset().select_for_update(no_key=True).get(pk=colleague.pk)
