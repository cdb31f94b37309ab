"""What can be done with colleagues. Each verb that changes an account writes the row that tells of it."""

from corporatie.staff.actions.absences import drop_absence, plan_absence
from corporatie.staff.actions.accounts import (
    change_address,
    change_colleague,
    choose_mail,
    choose_password,
    come_back,
    say_goodbye,
    welcome,
)
from corporatie.staff.actions.changes import keep_an_administrator, note
from corporatie.staff.actions.factors import renew_recovery_codes, reset_second_factor, set_up_factor, turn_off_factor
from corporatie.staff.actions.mails import tell_later
from corporatie.staff.actions.roles import confirm_role, dismiss_role, give_role, take_role
from corporatie.staff.actions.teams import change_teams, drop_team, set_members

__all__ = [
    "change_address",
    "change_colleague",
    "change_teams",
    "choose_mail",
    "choose_password",
    "come_back",
    "confirm_role",
    "dismiss_role",
    "drop_absence",
    "drop_team",
    "give_role",
    "keep_an_administrator",
    "note",
    "plan_absence",
    "renew_recovery_codes",
    "reset_second_factor",
    "say_goodbye",
    "set_members",
    "set_up_factor",
    "take_role",
    "tell_later",
    "turn_off_factor",
    "welcome",
]
