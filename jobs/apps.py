"""Job profiles and employers' needs."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = "Métiers et besoins"
