"""Loads the list of the active certifications of the RNCP and the RS: titles, kinds, levels.

One rule: the list has no dates and only what is active; an empty cell says nothing, it does not blank what another source
said.
"""

from collections.abc import Iterator

from skills.imports.records import RecordRow
from skills.text import one_line
from training.importers.registers import RegisterImport, certification_table

COLUMNS = ("numero_fiche", "intitule", "abrege", "niveau_europeen", "type_enregistrement")
TITLES = certification_table("title", "abbreviation", "level", "registration_kind", "is_active")


class RncpTitlesImport(RegisterImport):
    source = "rncp-titles"

    def load(self) -> None:
        self.certifications(TITLES, self._rows())

    def _rows(self) -> Iterator[RecordRow]:
        for line, row in self.rows("", COLUMNS):
            code, level = row["numero_fiche"], row["niveau_europeen"]
            if self.refuse_code(line, code):
                continue
            if level and not (level.isascii() and level.isdigit() and len(level) == 1):
                self.reject(line, f"{code} : niveau « {level[:20]} » illisible.")
                continue
            values = {
                "title": one_line(row["intitule"]),
                "abbreviation": one_line(row["abrege"]),
                "level": int(level) if level else None,
                "registration_kind": row["type_enregistrement"],
                "is_active": True,
            }
            yield RecordRow(line, code, values)
