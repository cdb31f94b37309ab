"""What can happen to a follow-up."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from corporatie.journal.facts import Fact, Key


@dataclass(frozen=True)
class PromiseMade(Fact):
    """We promised something to the resident."""

    follow_up: Key
    code = "promise_made"
    sentence = _("Promise made")
    icon = "promise"
    group = "promises"


@dataclass(frozen=True)
class PromiseKept(Fact):
    """We did what we promised."""

    follow_up: Key
    code = "promise_kept"
    sentence = _("Promise kept")
    icon = "promise"
    group = "promises"


@dataclass(frozen=True)
class PromiseDropped(Fact):
    """We will not do what we promised; the reason stands with the promise."""

    follow_up: Key
    code = "promise_dropped"
    sentence = _("Promise not kept")
    icon = "promise"
    group = "promises"


@dataclass(frozen=True)
class FollowUpAdded(Fact):
    """Someone took on an internal step."""

    follow_up: Key
    code = "follow_up_added"
    sentence = _("Action added")
    icon = "check"
    group = "actions"
    is_system = True


@dataclass(frozen=True)
class FollowUpDone(Fact):
    """An internal step was done."""

    follow_up: Key
    code = "follow_up_done"
    sentence = _("Action done")
    icon = "check"
    group = "actions"
    is_system = True


@dataclass(frozen=True)
class FollowUpDropped(Fact):
    """An internal step will not be done."""

    follow_up: Key
    code = "follow_up_dropped"
    sentence = _("Action not done")
    icon = "check"
    group = "actions"
    is_system = True


@dataclass(frozen=True)
class ResidentKnows(Fact):
    """Somebody told the resident how it stands with a promise; on which day stands with the promise."""

    follow_up: Key
    code = "resident_knows"
    sentence = _("Told the resident how it stands")
    icon = "talk"
    group = "promises"
    is_system = True


@dataclass(frozen=True)
class FollowUpMoved(Fact):
    """The date or the person changed."""

    follow_up: Key
    code = "follow_up_moved"
    sentence = _("Promise or action moved")
    icon = "day"
    group = "actions"
    is_system = True
