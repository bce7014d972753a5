"""The training catalogue's tables. Import models from here."""

from training.models.certification import Certification, CertificationBlock, CertificationRegister
from training.models.offer import DeliveryMode, Funding, TeachingLanguage, TrainingAction, TrainingSession
from training.models.training import SkillOrigin, Training, TrainingKind, TrainingSkill

__all__ = [
    "Certification",
    "CertificationBlock",
    "CertificationRegister",
    "DeliveryMode",
    "Funding",
    "SkillOrigin",
    "TeachingLanguage",
    "Training",
    "TrainingAction",
    "TrainingKind",
    "TrainingSession",
    "TrainingSkill",
]
