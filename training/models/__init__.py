"""The training catalogue's tables. Import models from here."""

from training.models.certification import (
    Certification,
    CertificationBlock,
    CertificationBody,
    CertificationSuccession,
    register_page,
)
from training.models.diploma import Diploma, DiplomaPassage
from training.models.feed import FeedFormat, FeedOutcome, FeedRun, TrainingFeed
from training.models.offer import DeliveryMode, Funding, TeachingLanguage, TrainingAction, TrainingSession
from training.models.training import (
    Confirmation,
    SkillOrigin,
    Training,
    TrainingKind,
    TrainingOrigin,
    TrainingSkill,
)

__all__ = [
    "Certification",
    "CertificationBlock",
    "CertificationBody",
    "CertificationSuccession",
    "Confirmation",
    "DeliveryMode",
    "Diploma",
    "DiplomaPassage",
    "FeedFormat",
    "FeedOutcome",
    "FeedRun",
    "Funding",
    "SkillOrigin",
    "TeachingLanguage",
    "Training",
    "TrainingAction",
    "TrainingFeed",
    "TrainingKind",
    "TrainingOrigin",
    "TrainingSession",
    "TrainingSkill",
    "register_page",
]
