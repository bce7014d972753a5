"""`manage.py purge_match_reports`: forget what people wrote in reports, once the promised time is over. To be run every day."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from matching.reports import KEPT_DAYS, purge


class Command(BaseCommand):
    help = "Efface les textes des signalements gardés plus longtemps que promis ; les codes restent."

    def handle(self, **options: Any) -> None:
        count = purge(timezone.localdate())
        many = "s" if count > 1 else ""
        self.stdout.write(f"Textes effacés : {count} signalement{many} de plus de {KEPT_DAYS} jours.")
