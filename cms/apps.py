"""The site people see."""

from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Site"

    def ready(self) -> None:
        from cms.views.skill_page import show_skill
        from skills.preview import register_skill_page

        register_skill_page(show_skill)
