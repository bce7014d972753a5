"""Load a LHEO 2.2 or 2.3 file; without `--apply`, show what would change."""

from pathlib import Path

from training.importers.command import TrainingImportCommand
from training.importers.lheo import LheoFile
from training.importers.xml_stream import UnsafeOrForeignXml


class Command(TrainingImportCommand):
    help = "Charge des formations au format LHEO 2.2 ou 2.3 (voir docs/formats/lheo.md)."
    path_help = "fichier XML LHEO"
    refusal = UnsafeOrForeignXml

    def reader(self, path: Path) -> LheoFile:
        return LheoFile(path)
