"""Load the communes of France; without `--apply`, show what would change."""

from pathlib import Path

from django.conf import settings

from skills.imports.command import ImportCommand
from skills.imports.places import import_places
from skills.imports.report import ImportReport


class Command(ImportCommand):
    help = "Charge les communes et régions de France, avec leurs codes postaux et leurs coordonnées."
    path_help = "fichier CSV, compressé ou non (par défaut : celui du produit)"
    default_path = Path(settings.PLACES_FILE)

    def run(self, path: Path, *, apply: bool, **options: object) -> ImportReport:
        return import_places(path, apply=apply)
