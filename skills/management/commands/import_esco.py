"""Load ESCO; without `--apply`, show what would change."""

from skills.imports.esco import EscoImport
from skills.imports.open_data import OpenDataCommand


class Command(OpenDataCommand):
    help = "Charge ESCO : compétences, métiers, groupes et liens (voir docs/formats/open-data.md)."
    path_help = "dossier des fichiers ESCO (par défaut : esco/ dans OPEN_DATA_DIR)"
    dataset = EscoImport
    place = "esco"
