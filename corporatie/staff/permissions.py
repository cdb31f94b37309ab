"""The eight fixed roles as sets of permissions. Source: the permission matrix of the field guide (9.3).

The association hands out roles and scopes (team, project); it does not compose roles. Whatever is not named
here is refused. ``TEAM`` in a name means: within the neighbourhoods of one's own teams; ``OWN``: what one
wrote or was handed oneself; ``PROJECT``: within one's own projects.
"""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """The eight roles, in the words of the association."""

    HOUSING_CONSULTANT = "housing_consultant", _("Housing consultant")
    CARETAKER = "caretaker", _("Caretaker")
    RESIDENT_COORDINATOR = "resident_coordinator", _("Resident coordinator")
    PROJECT_LEADER = "project_leader", _("Project leader")
    TEAM_LEAD = "team_lead", _("Team lead")
    PRIVACY_OFFICER = "privacy_officer", _("Privacy officer")
    MANAGER = "manager", _("Manager")
    APP_ADMIN = "app_admin", _("Application administrator")


class Permission(StrEnum):
    """What a role may do. One question each, asked by ``visible_to`` and by the rules."""

    SEE_TODAY = "see_today"
    OPEN_TEAM_HOUSEHOLDS = "open_team_households"
    OPEN_PROJECT_HOUSEHOLDS = "open_project_households"
    LOG_VISITS = "log_visits"
    READ_TEAM_REPORTS = "read_team_reports"
    READ_OWN_REPORTS = "read_own_reports"
    REPORT_SIGNALS = "report_signals"
    TRIAGE_SIGNALS = "triage_signals"
    TRIAGE_SECRET_SIGNALS = "triage_secret_signals"
    OPEN_TEAM_CASES = "open_team_cases"
    OPEN_OWN_CASES = "open_own_cases"
    SEE_FLAGS = "see_flags"
    DECIDE_FLAGS = "decide_flags"
    READ_FLAG_REASONS = "read_flag_reasons"
    READ_INSTRUCTIONS = "read_instructions"
    WRITE_INTAKES = "write_intakes"
    READ_TEAM_REASONS = "read_team_reasons"
    READ_OWN_REASONS = "read_own_reasons"
    SEE_WISHES = "see_wishes"
    SEE_PROJECTS = "see_projects"
    RUN_PROJECTS = "run_projects"
    SEE_TEAM_OVERVIEW = "see_team_overview"
    SEE_FIGURES = "see_figures"
    READ_ACCESS_LOG = "read_access_log"
    ADMINISTER = "administer"


_P = Permission

PERMISSIONS_OF: dict[Role, frozenset[Permission]] = {
    Role.HOUSING_CONSULTANT: frozenset(
        {
            _P.SEE_TODAY,
            _P.OPEN_TEAM_HOUSEHOLDS,
            _P.LOG_VISITS,
            _P.READ_TEAM_REPORTS,
            _P.REPORT_SIGNALS,
            _P.TRIAGE_SIGNALS,
            _P.OPEN_TEAM_CASES,
            _P.OPEN_OWN_CASES,
            _P.SEE_FLAGS,
            _P.READ_FLAG_REASONS,
            _P.READ_INSTRUCTIONS,
            _P.WRITE_INTAKES,
            _P.READ_TEAM_REASONS,
            _P.SEE_WISHES,
            _P.SEE_PROJECTS,
        }
    ),
    Role.CARETAKER: frozenset(
        {
            _P.SEE_TODAY,
            _P.OPEN_TEAM_HOUSEHOLDS,
            _P.LOG_VISITS,
            _P.READ_OWN_REPORTS,
            _P.REPORT_SIGNALS,
            _P.OPEN_OWN_CASES,
            _P.SEE_FLAGS,
            _P.READ_INSTRUCTIONS,
            _P.SEE_WISHES,
        }
    ),
    Role.RESIDENT_COORDINATOR: frozenset(
        {
            _P.SEE_TODAY,
            _P.OPEN_PROJECT_HOUSEHOLDS,
            _P.LOG_VISITS,
            _P.READ_OWN_REPORTS,
            _P.REPORT_SIGNALS,
            _P.OPEN_OWN_CASES,
            _P.SEE_FLAGS,
            _P.READ_INSTRUCTIONS,
            _P.WRITE_INTAKES,
            _P.READ_OWN_REASONS,
            _P.SEE_WISHES,
            _P.SEE_PROJECTS,
        }
    ),
    Role.PROJECT_LEADER: frozenset(
        {
            _P.OPEN_PROJECT_HOUSEHOLDS,
            _P.REPORT_SIGNALS,
            _P.SEE_FLAGS,
            _P.READ_INSTRUCTIONS,
            _P.SEE_WISHES,
            _P.SEE_PROJECTS,
            _P.RUN_PROJECTS,
        }
    ),
    Role.TEAM_LEAD: frozenset(
        {
            _P.OPEN_TEAM_HOUSEHOLDS,
            _P.LOG_VISITS,
            _P.READ_TEAM_REPORTS,
            _P.REPORT_SIGNALS,
            _P.TRIAGE_SIGNALS,
            _P.TRIAGE_SECRET_SIGNALS,
            _P.OPEN_TEAM_CASES,
            _P.OPEN_OWN_CASES,
            _P.SEE_FLAGS,
            _P.DECIDE_FLAGS,
            _P.READ_FLAG_REASONS,
            _P.READ_INSTRUCTIONS,
            _P.SEE_WISHES,
            _P.SEE_PROJECTS,
            _P.SEE_TEAM_OVERVIEW,
        }
    ),
    Role.PRIVACY_OFFICER: frozenset({_P.READ_ACCESS_LOG}),
    # Totals about no one. A team lead has the overview of her own team, with rows she may open.
    Role.MANAGER: frozenset({_P.SEE_FIGURES}),
    Role.APP_ADMIN: frozenset({_P.ADMINISTER}),
}

# Who can open something about a person needs a second factor; so does who can change the settings.
NEEDS_SECOND_FACTOR = frozenset(
    {
        _P.OPEN_TEAM_HOUSEHOLDS,
        _P.OPEN_PROJECT_HOUSEHOLDS,
        _P.OPEN_TEAM_CASES,
        _P.OPEN_OWN_CASES,
        _P.READ_ACCESS_LOG,
        _P.ADMINISTER,
    }
)
