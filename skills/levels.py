"""The four proficiency levels and their descriptors. Pure: no Django, no engine.

One rule: a level is a number from 1 to 4 everywhere; only this module knows what it is called.
"""

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    AWARENESS = 1
    APPLICATION = 2
    MASTERY = 3
    EXPERTISE = 4


@dataclass(frozen=True)
class LevelDescriptor:
    label_fr: str
    label_en: str
    descriptor_fr: str
    descriptor_en: str

    def label(self, language: str) -> str:
        return self.label_en if language == "en" else self.label_fr

    def descriptor(self, language: str) -> str:
        return self.descriptor_en if language == "en" else self.descriptor_fr


DESCRIPTORS: dict[Level, LevelDescriptor] = {
    Level.AWARENESS: LevelDescriptor(
        "Notion",
        "Awareness",
        "Connaît le vocabulaire et le but ; agit sous la conduite d'une autre personne.",
        "Knows the words and the purpose; acts under somebody else's guidance.",
    ),
    Level.APPLICATION: LevelDescriptor(
        "Application",
        "Application",
        "Réalise les opérations courantes seul en suivant une procédure ; signale les écarts.",
        "Carries out routine operations alone by following a procedure; reports deviations.",
    ),
    Level.MASTERY: LevelDescriptor(
        "Maîtrise",
        "Mastery",
        "Traite les situations inhabituelles, explique ses choix et forme ses collègues.",
        "Deals with unusual situations, explains the choices made and trains colleagues.",
    ),
    Level.EXPERTISE: LevelDescriptor(
        "Expertise",
        "Expertise",
        "Conçoit les méthodes, fait référence dans l'entreprise et les défend devant un inspecteur.",
        "Designs the methods, is the reference in the company and defends them before an inspector.",
    ),
}

LEVEL_CHOICES = [(int(level), descriptor.label_fr) for level, descriptor in DESCRIPTORS.items()]


def level_label(level: int, language: str = "fr") -> str:
    return DESCRIPTORS[Level(level)].label(language)
