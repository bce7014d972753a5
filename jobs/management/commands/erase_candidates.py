"""`manage.py erase_candidates [--code PSEUDONYM]`: delete all that is stored of who does not consent any more (to be run every
day), or of one person who asks for it.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from jobs.models import CandidateProfile


class Command(BaseCommand):
    help = (
        "Efface tout ce qui est gardé des candidats dont le consentement est retiré ou terminé (à lancer chaque jour), "
        "ou d'une personne qui le demande."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--code", metavar="PSEUDONYME", help="cette personne seulement, quel que soit son consentement"
        )

    def handle(self, **options: Any) -> None:
        if options["code"]:
            people = CandidateProfile.objects.filter(code=options["code"])
            if not people.exists():
                raise CommandError("Aucun candidat n'a ce pseudonyme : rien n'a été effacé.", returncode=2)
        else:
            people = CandidateProfile.objects.without_consent(timezone.localdate())
        self.stdout.write(f"{people.erase()} candidats effacés.")
