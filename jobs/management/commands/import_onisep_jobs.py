"""Load ONISEP's job sheets; without `--apply`, show what would change."""

from jobs.importers.onisep import JobSheetsImport
from skills.imports.open_data import OpenDataCommand


class Command(OpenDataCommand):
    help = "Charge les fiches métiers de l'Onisep et les diplômes qui y mènent (voir docs/formats/onisep.md)."
    path_help = "dossier des fichiers Onisep (par défaut : onisep/ dans OPEN_DATA_DIR)"
    dataset = JobSheetsImport
    place = "onisep"
