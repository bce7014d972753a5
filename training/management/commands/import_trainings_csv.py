"""Load a provider's CSV; without `--apply`, show what would change."""

from pathlib import Path

from training.importers.command import TrainingImportCommand
from training.importers.csv_file import CsvRefused, ProviderCsv


class Command(TrainingImportCommand):
    help = "Charge les formations d'un organisme au format CSV (voir docs/formats/csv-formations.md)."
    path_help = "fichier CSV"
    refusal = CsvRefused

    def reader(self, path: Path) -> ProviderCsv:
        return ProviderCsv(path)
