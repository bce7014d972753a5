"""Load the dates and replacements of certifications from the apprenticeship kit; without `--apply`, show what would change."""

from skills.imports.open_data import OpenDataCommand
from training.importers.rncp_kit import RncpKitImport


class Command(OpenDataCommand):
    help = "Charge les dates et remplacements de certifications du kit apprentissage (voir docs/formats/rncp.md)."
    path_help = "fichier CSV ou CSV.gz (par défaut : rncp/kit_apprentissage_rncp.csv.gz dans OPEN_DATA_DIR)"
    dataset = RncpKitImport
    place = "rncp/kit_apprentissage_rncp.csv.gz"
