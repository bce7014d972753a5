"""Job profiles and employers' needs."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = "Métiers et besoins"

    def ready(self) -> None:
        from wagtail.signals import page_published

        from jobs.models import JobProfilePage
        from jobs.translation import synchronise_on_publication

        page_published.connect(
            synchronise_on_publication, sender=JobProfilePage, dispatch_uid="jobs.synchronise_on_publication"
        )
