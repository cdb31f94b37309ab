"""Signals, dossiers and points of attention."""

from cases.models.cases import (
    Case,
    CaseReader,
    CaseType,
    here_for_cases,
    knows_case,
    opens_case,
    stands_in_on_case,
    works_on_case,
)
from cases.models.flags import AttentionFlag, FlagReason
from cases.models.handovers import HandOver
from cases.models.signals import Signal

__all__ = [
    "AttentionFlag",
    "Case",
    "CaseReader",
    "CaseType",
    "FlagReason",
    "HandOver",
    "Signal",
    "here_for_cases",
    "knows_case",
    "opens_case",
    "stands_in_on_case",
    "works_on_case",
]
