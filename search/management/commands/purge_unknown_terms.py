"""`manage.py purge_unknown_terms`: forget the texts typed in search boxes that too few people typed. To be run every day."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from search.unknown_terms import KEPT_DAYS, forget, gather


class Command(BaseCommand):
    help = "Oublie les textes cherchés que trop peu de personnes ont tapés, et rassemble les autres."

    def handle(self, **options: Any) -> None:
        today = timezone.localdate()
        count = forget(today)
        gather(today)
        self.stdout.write(f"{count} textes cherchés de plus de {KEPT_DAYS} jours oubliés.")
