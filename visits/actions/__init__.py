"""What can be done with visits, reports and contact."""

from visits.actions.contact import log_contact
from visits.actions.handing import hand_on_coming_along, hand_on_talks, hand_on_visits, leave_secret_visits
from visits.actions.planning import LONGEST_AGO, change_visitors, end_visit, needs_second_visitor, plan_visit
from visits.actions.reports import (
    Action,
    Promise,
    Talk,
    TopicLine,
    Worry,
    add_response,
    elaborate_report,
    file_report,
)

__all__ = [
    "LONGEST_AGO",
    "Action",
    "Promise",
    "Talk",
    "TopicLine",
    "Worry",
    "add_response",
    "change_visitors",
    "elaborate_report",
    "end_visit",
    "file_report",
    "hand_on_coming_along",
    "hand_on_talks",
    "hand_on_visits",
    "leave_secret_visits",
    "log_contact",
    "needs_second_visitor",
    "plan_visit",
]
