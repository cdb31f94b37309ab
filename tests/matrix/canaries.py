"""Who may read which secret, and the check that holds the walk against it.

Source: the permission matrix of the field guide (9.3) with the choices of ``docs/adr/0007-who-sees-what.md``.
"""

from collections.abc import Iterable

from tests.matrix.walk import Answer

NOORD = frozenset({"anna", "bram", "dirk"})
VISITORS = NOORD | {"wim", "rachid"}
AT_THE_DOOR = VISITORS | {"petra"}
ZUID = frozenset({"carla"})
NOBODY: frozenset[str] = frozenset()

MAY_READ: dict[str, frozenset[str]] = {
    # Who lives there and how to reach them: whoever may open the household.
    "first_name": AT_THE_DOOR,
    "last_name": AT_THE_DOOR,
    "prefix": AT_THE_DOOR,
    "email": VISITORS,
    "mobile": AT_THE_DOOR,
    # Somebody outside the household: only for who visits.
    "contact_name": VISITORS,
    "contact_phone": VISITORS,
    "earlier_name": NOORD | {"wim"},
    # Signals: consultants and the team lead; others what they reported themselves.
    "signal_seen": NOORD,
    "signal_thought": NOORD,
    "attached_signal_seen": NOORD,
    "worry_seen": NOORD,
    "explanation": NOORD,
    "wims_signal_seen": NOORD | {"wim"},
    "petras_signal_seen": NOORD | {"petra"},
    # A secret signal nobody took up: its reporter, and the team lead who must give it to someone.
    "secret_signal_seen": frozenset({"bram", "dirk"}),
    "secret_signal_thought": frozenset({"bram", "dirk"}),
    # Dossiers.
    "case_goal": NOORD,
    "problem_owner_name": NOORD,
    "case_first_step": NOORD,
    "case_step": NOORD,
    "case_step_note": NOORD,
    "closing_summary": NOORD,
    "wims_case_goal": NOORD | {"wim", "rachid"},
    "wims_case_step": NOORD | {"wim", "rachid"},
    # A secret dossier: its handler. Dirk went along on the visit, so he knows that visit and no more.
    "secret_case_goal": frozenset({"bram"}),
    "secret_case_step": frozenset({"bram"}),
    "secret_contact_line": frozenset({"bram"}),
    # Dirk came along: he knew where, until it was made.
    "secret_visit_purpose": frozenset({"bram"}),
    "secret_report_note": frozenset({"bram"}),
    # What to do at the door, and why: two things.
    "flag_instruction": AT_THE_DOOR,
    "ended_flag_instruction": AT_THE_DOOR,
    "flag_not_told": NOORD,
    "flag_reason": NOORD,
    # Talks: the team; others what they wrote themselves.
    "visit_purpose": NOORD | {"wim"},
    "report_quote": NOORD,
    "report_note": NOORD,
    "topic_said": NOORD,
    "topic_thought": NOORD,
    "response": NOORD,
    "wims_report_note": NOORD | {"wim"},
    "rachids_report_note": NOORD | {"rachid"},
    "intake_report_note": NOORD | {"rachid"},
    "next_door_report_note": NOORD,
    "contact_line": VISITORS,
    # Promises and actions: who visits and knows the talk or the household they came from.
    "promise": NOORD | {"wim"},
    "action": NOORD | {"wim"},
    "done_action": VISITORS,
    "done_note": VISITORS,
    "wish": AT_THE_DOOR,
    # Renovation: who comes to the door reads what may be passed on; a reason is for consultants and who wrote it.
    "shared_instruction": AT_THE_DOOR,
    "kept_instruction": frozenset({"anna", "bram", "rachid"}),
    "reason_of_rachid": frozenset({"anna", "bram", "rachid"}),
    "reason_of_anna": frozenset({"anna", "bram"}),
}
# Kept, and shown on no page.
SHOWN_NOWHERE = {
    "initials": "the first name is shown where it is known",
    "phone": "the mobile number is shown where there is one; the other is found by searching for it",
}
# A reason stands on its own page and nowhere else.
ONLY_ON = {
    "flag_reason": {"flag_reason"},
    "zuid_flag_reason": {"flag_reason"},
    "reason_of_rachid": {"intake_reason"},
    "reason_of_anna": {"intake_reason"},
    "zuid_reason": {"intake_reason"},
}
# Class 4: stored encrypted.
SECRETS = tuple(ONLY_ON)


def may_read(canary: str) -> frozenset[str]:
    """Who may read this one. Everything of Zuid is Carla's."""
    if canary in SHOWN_NOWHERE:
        return NOBODY
    return ZUID if canary.startswith("zuid_") else MAY_READ[canary]


def readers(answers: Iterable[Answer]) -> dict[str, set[str]]:
    """Who read what."""
    found: dict[str, set[str]] = {}
    for answer in answers:
        for canary in answer.canaries:
            found.setdefault(canary, set()).add(answer.actor)
    return found


def leaks(answers: Iterable[Answer]) -> list[str]:
    """Every canary that reached someone who may not read it, and where."""
    return sorted(
        {
            f"{answer.actor} reads {canary} at {answer.method} {answer.target.name} ({answer.target.which})"
            for answer in answers
            for canary in answer.canaries
            if answer.actor not in may_read(canary) or not _stands_here(canary, answer.target.name)
        }
    )


def _stands_here(canary: str, page: str) -> bool:
    return canary not in ONLY_ON or page in ONLY_ON[canary]


def unlogged(answers: Iterable[Answer]) -> list[str]:
    """Every page that showed something about a person without a line in the log of reads."""
    return sorted(
        {
            f"{answer.method} {answer.target.name} ({answer.target.which}) as {answer.actor}"
            for answer in answers
            if answer.canaries and not answer.looks
        }
    )
