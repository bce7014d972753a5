"""Load invented candidates from a YAML file; without `--apply`, show what would change."""

from pathlib import Path

from django.conf import settings

from jobs.importers.candidates import import_candidates
from skills.imports.command import ImportCommand
from skills.imports.report import ImportReport


class Command(ImportCommand):
    help = "Charge des candidats inventés (YAML, voir docs/formats/demonstration.md)."
    path_help = "fichier YAML (par défaut : les candidats de la démonstration)"
    default_path = Path(settings.BASE_DIR) / "jobs" / "demonstration" / "candidates.yaml"

    def run(self, path: Path, *, apply: bool, **options: object) -> ImportReport:
        return import_candidates(path, apply=apply)
