"""Certifications, trainings, actions and sessions."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = "Formations"

    def ready(self) -> None:
        from skills.retirement import register_skill_links
        from skills.uses_registry import register_uses
        from training.models import Certification, Diploma
        from training.skill_links import TRAINING_SKILLS
        from training.uses import trainings_of_certifications, trainings_of_diplomas

        register_uses(Diploma, trainings_of_diplomas)
        register_uses(Certification, trainings_of_certifications)
        register_skill_links(TRAINING_SKILLS)
