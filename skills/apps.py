"""The referential: skills, domains, levels, mappings, places."""

from django.apps import AppConfig


class SkillsConfig(AppConfig):
    name = "skills"
    verbose_name = "Référentiel"
