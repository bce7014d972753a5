"""The tables of job profiles and employers' needs. Import models from here."""

from jobs.models.need import EmployerNeed, NeedKind, NeedRequirement
from jobs.models.onisep import OnisepJobSheet, OnisepSheetDiploma
from jobs.models.profile import (
    CleanroomGrade,
    GateKind,
    Importance,
    JobDiploma,
    JobGate,
    JobIndexPage,
    JobNeighbour,
    JobProfilePage,
    JobRequirement,
    LanguageLevel,
    Shift,
)

__all__ = [
    "CleanroomGrade",
    "EmployerNeed",
    "GateKind",
    "Importance",
    "JobDiploma",
    "JobGate",
    "JobIndexPage",
    "JobNeighbour",
    "JobProfilePage",
    "JobRequirement",
    "LanguageLevel",
    "NeedKind",
    "NeedRequirement",
    "OnisepJobSheet",
    "OnisepSheetDiploma",
    "Shift",
]
