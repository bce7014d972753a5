"""The referential: skills, domains, levels, mappings, places; the open data that it is mapped to."""

from django.apps import AppConfig


class SkillsConfig(AppConfig):
    name = "skills"
    verbose_name = "Référentiel"

    def ready(self) -> None:
        from skills.models import EscoSkill, RomeCompetence
        from skills.uses import skills_mapped_to_competences, skills_mapped_to_esco
        from skills.uses_registry import register_uses

        register_uses(EscoSkill, skills_mapped_to_esco)
        register_uses(RomeCompetence, skills_mapped_to_competences)
