"""Load organisations from a YAML file; without `--apply`, show what would change."""

from pathlib import Path

from django.conf import settings

from people.importers.organisations import import_organisations
from skills.imports.command import ImportCommand
from skills.imports.report import ImportReport


class Command(ImportCommand):
    help = "Charge des organisations (YAML, voir docs/formats/demonstration.md)."
    path_help = "fichier YAML (par défaut : les organisations de la démonstration)"
    default_path = Path(settings.BASE_DIR) / "people" / "demonstration" / "organisations.yaml"

    def run(self, path: Path, *, apply: bool, **options: object) -> ImportReport:
        return import_organisations(path, apply=apply)
