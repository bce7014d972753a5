"""Load the titles of the active certifications (RNCP and RS); without `--apply`, show what would change."""

from skills.imports.open_data import OpenDataCommand
from training.importers.rncp_titles import RncpTitlesImport


class Command(OpenDataCommand):
    help = "Charge les intitulés et niveaux des fiches actives du RNCP et du RS (voir docs/formats/rncp.md)."
    path_help = "fichier CSV ou CSV.gz (par défaut : rncp/rncp_fiches_actives.csv.gz dans OPEN_DATA_DIR)"
    dataset = RncpTitlesImport
    place = "rncp/rncp_fiches_actives.csv.gz"
