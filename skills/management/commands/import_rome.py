"""Load ROME 4.0; without `--apply`, show what would change."""

from skills.imports.open_data import OpenDataCommand
from skills.imports.rome import RomeImport


class Command(OpenDataCommand):
    help = "Charge le ROME : fiches, appellations, compétences et liens (voir docs/formats/open-data.md)."
    path_help = "dossier des fichiers ROME (par défaut : rome/ dans OPEN_DATA_DIR)"
    dataset = RomeImport
    place = "rome"
