"""The tables of job profiles, employers' needs and candidates. Import models from here."""

from jobs.models.candidate import CandidateProfile, CandidateSkill
from jobs.models.need import EmployerNeed, NeedKind, NeedRequirement
from jobs.models.onisep import OnisepJobSheet, OnisepSheetDiploma
from jobs.models.profile import CleanroomGrade, JobIndexPage, JobProfilePage, Shift, lowest_level
from jobs.models.profile_rows import (
    EntryLevel,
    GateKind,
    Importance,
    JobBridge,
    JobDiploma,
    JobGate,
    JobLanguage,
    JobNeighbour,
    JobPay,
    JobRequirement,
    LanguageLevel,
    Sector,
    WorkLanguage,
)

__all__ = [
    "CandidateProfile",
    "CandidateSkill",
    "CleanroomGrade",
    "EmployerNeed",
    "EntryLevel",
    "GateKind",
    "Importance",
    "JobBridge",
    "JobDiploma",
    "JobGate",
    "JobIndexPage",
    "JobLanguage",
    "JobNeighbour",
    "JobPay",
    "JobProfilePage",
    "JobRequirement",
    "LanguageLevel",
    "NeedKind",
    "NeedRequirement",
    "OnisepJobSheet",
    "OnisepSheetDiploma",
    "Sector",
    "Shift",
    "WorkLanguage",
    "lowest_level",
]
