"""Load the job profiles' YAML files as Wagtail pages; without `--apply`, show what would change."""

from pathlib import Path

from django.conf import settings

from jobs.importers.profiles import import_profiles
from skills.imports.command import ImportCommand
from skills.imports.report import ImportReport


class Command(ImportCommand):
    help = "Charge les fiches métiers (un fichier YAML par métier, voir docs/formats/job-profiles.md)."
    path_help = "dossier des fichiers YAML (par défaut : jobs/profiles)"
    default_path = Path(settings.BASE_DIR) / "jobs" / "profiles"

    def run(self, path: Path, *, apply: bool, **options: object) -> ImportReport:
        return import_profiles(path, apply=apply)
