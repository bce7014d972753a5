"""Load the referential's YAML files; without `--apply`, show what would change."""

from pathlib import Path

from django.conf import settings

from skills.imports.command import ImportCommand
from skills.imports.referential import import_referential
from skills.imports.report import ImportReport


class Command(ImportCommand):
    help = "Charge le référentiel (un fichier YAML par domaine, voir docs/formats/referential.md)."
    path_help = "dossier des fichiers YAML (par défaut : skills/referential)"
    default_path = Path(settings.BASE_DIR) / "skills" / "referential"

    def run(self, path: Path, *, apply: bool, **options: object) -> ImportReport:
        return import_referential(path, apply=apply)
