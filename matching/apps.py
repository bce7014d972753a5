"""Text to skills, and every direction of a match."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"
    verbose_name = "Rapprochement"

    def ready(self) -> None:
        # Here and not in `jobs`, which does not know `training`: a job and a certification meet above both.
        from matching.uses import jobs_of_certifications
        from skills.uses_registry import register_uses
        from training.models import Certification

        register_uses(Certification, jobs_of_certifications)
