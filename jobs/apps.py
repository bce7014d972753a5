"""Job profiles, employers' needs and candidates."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = "Métiers et besoins"

    def ready(self) -> None:
        from wagtail.signals import page_published

        from jobs.models import JobProfilePage
        from jobs.skill_links import CANDIDATE_SKILLS, JOB_GATES, JOB_REQUIREMENTS, NEED_REQUIREMENTS
        from jobs.translation import synchronise_on_publication
        from jobs.uses import profiles_with_esco_occupations, profiles_with_rome_codes
        from skills.models import EscoOccupation, RomeJob
        from skills.retirement import register_skill_links
        from skills.uses_registry import register_uses

        register_uses(RomeJob, profiles_with_rome_codes)
        register_uses(EscoOccupation, profiles_with_esco_occupations)
        for links in (JOB_REQUIREMENTS, JOB_GATES, NEED_REQUIREMENTS, CANDIDATE_SKILLS):
            register_skill_links(links)

        page_published.connect(
            synchronise_on_publication, sender=JobProfilePage, dispatch_uid="jobs.synchronise_on_publication"
        )
