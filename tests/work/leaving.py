"""What somebody holds, and giving it to others, as the tests of leaving do it."""

from corporatie.staff.models import User
from corporatie.work import actions as work
from corporatie.work.rules import held_by


def promise(cast, owner=None, *, subject=None, what="Bel terug", is_promise=True):
    subject = subject or cast.bos
    return work.add_follow_up(
        tenancy=cast.bos,
        subject=subject,
        what=what,
        owner=owner or cast.anna,
        due_on=cast.at.date(),
        is_promise=is_promise,
        by=cast.anna,
        at=cast.at,
    )


def fresh(user):
    """As somebody who signs in now: what she may is asked anew."""
    return User.objects.get(pk=user.pk)


def kinds(cast, holder=None, *, seen_by=None):
    """What she holds, by kind."""
    found = {}
    for held in held_by(holder or cast.anna, at=cast.at, seen_by=seen_by):
        found.setdefault(held.holding.code, []).append(held)
    return found


def divide(cast, rows, to, *, holder=None, by=None):
    """Give these rows to this colleague."""
    return work.divide_work(
        holder=holder or cast.anna, choices={row.key: to.pk for row in rows}, by=fresh(by or cast.dirk), at=cast.at
    )
