"""Publish the sector's true diplomas as trainings; without `--apply`, show what would change."""

from pathlib import Path

from django.conf import settings

from matching.sector_diplomas import SOURCE, SectorDiplomas
from skills.imports.command import ImportCommand, SourceUnreadable
from skills.imports.releases import release_of
from skills.imports.report import ImportReport
from training.importers.loading import load_trainings


class Command(ImportCommand):
    help = "Publie les diplômes de la filière (voir docs/formats/sector-diplomas.md)."
    path_help = "dossier de la sélection (par défaut : training/sector_diplomas)"
    default_path = Path(settings.BASE_DIR) / "training" / "sector_diplomas"

    def run(self, path: Path, *, apply: bool, **options: object) -> ImportReport:
        files = sorted(path.rglob("*.yaml"))
        if not files:
            raise SourceUnreadable(f"{path} : aucun fichier .yaml.")
        return load_trainings(
            SectorDiplomas(path),
            name=path.name,
            source=SOURCE,
            release=release_of("selection", files, apply=apply),
            apply=apply,
        )
