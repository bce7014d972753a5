"""Load ONISEP's initial formations as diplomas; without `--apply`, show what would change."""

from collections.abc import Mapping

from django.core.management.base import CommandParser

from skills.imports.open_data import OpenDataCommand
from training.importers.onisep import FormationsImport


class Command(OpenDataCommand):
    help = "Charge les formations initiales de l'Onisep et le passage entre répertoires (voir docs/formats/onisep.md)."
    path_help = "dossier des fichiers Onisep (par défaut : onisep/ dans OPEN_DATA_DIR)"
    dataset = FormationsImport
    place = "onisep"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--sector-only",
            action="store_true",
            help="n'ajoute que les formations de la filière ; celles déjà chargées restent tenues à jour",
        )

    def dataset_options(self, options: Mapping[str, object]) -> dict[str, object]:
        return {"sector_only": bool(options.get("sector_only"))}
