"""Load France compétences' daily export (a zip); without `--apply`, show what would change."""

from skills.imports.open_data import OpenDataCommand
from training.importers.rncp_export import RncpExportImport


class Command(OpenDataCommand):
    help = (
        "Charge l'export quotidien du RNCP et du RS, l'archive zip telle quelle (voir docs/formats/rncp.md)."
    )
    path_help = "archive de France compétences (par défaut : l'échantillon rncp/ dans OPEN_DATA_DIR)"
    dataset = RncpExportImport
    place = "rncp/export-fiches-csv-2024-02-22.sample.zip"
