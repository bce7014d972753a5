"""Load employers' needs from a YAML file; without `--apply`, show what would change."""

from pathlib import Path

from django.conf import settings

from jobs.importers.needs import import_needs
from skills.imports.command import ImportCommand
from skills.imports.report import ImportReport


class Command(ImportCommand):
    help = "Charge des besoins d'employeurs (YAML, voir docs/formats/demonstration.md)."
    path_help = "fichier YAML (par défaut : les besoins de la démonstration)"
    default_path = Path(settings.BASE_DIR) / "jobs" / "demonstration" / "needs.yaml"

    def run(self, path: Path, *, apply: bool, **options: object) -> ImportReport:
        return import_needs(path, apply=apply)
