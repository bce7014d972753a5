"""ONISEP's delivery (Idéo): its files, which formations and job sheets are both read from.

One rule: the six files are one release, whichever command reads them, so that a diploma and a job sheet of the same delivery
say the same source.
"""

from collections.abc import Mapping

from skills.imports.csv_source import Record
from skills.imports.onisep_text import is_odd, one_line
from skills.imports.open_data import Dataset

FILES = {
    "formations": "onisep_formations.csv.gz",
    "formation_sheets": "onisep_fiches_formations.csv.gz",
    "passages": "table_passage_certifinfo_rncp_onisep.csv.gz",
    "job_sheets": "onisep_fiches_metiers.csv.gz",
    "job_codes": "onisep_ideo_metiers_rome.csv.gz",
    "job_formations": "onisep_metier_formation.csv.gz",
}


class OnisepDataset(Dataset):
    source = "onisep"
    files = FILES

    def short_texts(
        self, line: int | None, what: str, row: Record, columns: Mapping[str, str]
    ) -> dict[str, str]:
        """By field, cells of one line; what is taken away of them is told."""
        odd = [column for column in columns.values() if is_odd(row[column])]
        if odd:
            self.warn(line, f"{what} : balises ou caractères invisibles ôtés : {', '.join(odd)}.")
        return {field: one_line(row[column]) for field, column in columns.items()}
