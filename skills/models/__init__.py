"""The referential's tables. Import models from here."""

from skills.models.places import Commune, CommunePostalCode, Region
from skills.models.referential import (
    Domain,
    LabelKind,
    MappingMatch,
    MappingScheme,
    Skill,
    SkillKind,
    SkillLabel,
    SkillMapping,
    SkillStatus,
)

__all__ = [
    "Commune",
    "CommunePostalCode",
    "Domain",
    "LabelKind",
    "MappingMatch",
    "MappingScheme",
    "Region",
    "Skill",
    "SkillKind",
    "SkillLabel",
    "SkillMapping",
    "SkillStatus",
]
