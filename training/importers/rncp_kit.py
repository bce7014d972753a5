"""Loads France compétences' kit of apprenticeship diplomas: the dates of a part of the RNCP, and what replaces what.

One rule: several lines speak of one certification, each for another diploma; they must agree on it, and « NR » is unknown.
"""

import datetime as dt
import re
from collections.abc import Iterator

from skills.imports.csv_source import Record, read_csv
from skills.imports.records import RecordRow
from skills.imports.report import ImportReport
from skills.text import one_line
from training.importers.registers import RegisterImport, certification_table, french_date

UNKNOWN = "NR"
CODE, UPDATED = "FicheRNCP", "Dernière MaJ"
TITLE, ABBREVIATION = "Intitulé certification (RNCP)", "Abrégé de diplôme (RNCP)"
LEVEL, ACTIVE = "Niveau fiche RNCP", "Fiche ACTIVE/INACTIVE"
APPRENTICESHIP = "Accès à l'apprentissage de la fiche RNCP (oui/non)"
NEW, OLD = "Nouvelle Certification rempla (RNCP)", "Ancienne Certification (RNCP)"
KIND = "Type d'enregistrement"
DATES = {
    "registration_ends_on": "Date d'échéance de la fiche RNCP",
    "delivery_ends_on": "Date limite de la délivrance",
    "published_on": "Date de publication de la fiche (enregistrement de droit)",
    "decided_on": "Date de décision (enregistrement sur demande)",
    "effective_on": "Date de début des parcours certifiants (enregistrement de droit)",
}
COLUMNS = (CODE, TITLE, ABBREVIATION, LEVEL, ACTIVE, APPRENTICESHIP, NEW, OLD, KIND, *DATES.values())
CERTIFICATIONS = certification_table(
    "title", "abbreviation", "level", "registration_kind", "is_active", "apprenticeship", *DATES
)
_LEVELS = {"": None, **{f"Niveau {level}": level for level in range(1, 9)}}
_YES_NO = {"": None, "Oui": True, "Non": False}
_ACTIVE = {"": None, "ACTIVE": True, "INACTIVE": False}
_UPDATE = re.compile(r"CI-(\d{8})")


class RncpKitImport(RegisterImport):
    source = "rncp-kit"

    def find_date(self) -> dt.date | None:
        """The day of the latest meeting that changed the kit."""
        unheard = ImportReport(
            source=self.path.name
        )  # what is wrong with a line is reported when it is loaded
        rows = read_csv(self.path, (*COLUMNS, UPDATED), unheard)
        days = (_meeting(row[UPDATED]) for _line, row in rows)
        return max(filter(None, days), default=None)

    def load(self) -> None:
        self._replacements: dict[str, tuple[int, list[str], list[str]]] = {}
        self.certifications(CERTIFICATIONS, self._rows())
        self.successions(self._pairs())

    def _rows(self) -> Iterator[RecordRow]:
        """The first line of each certification; the others are only compared with it."""
        told: dict[str, int] = {}
        without = 0
        for line, row in self.rows("", COLUMNS):
            code, cells = row[CODE], tuple(row[column] for column in COLUMNS)
            if code in (UNKNOWN, ""):
                without += 1
            elif code not in told:
                told[code] = hash(cells)
                yield from self._certification(line, code, _known(row))
            elif told[code] != hash(cells):
                self.reject(line, f"{code} : cette ligne contredit la première de la même certification.")
        if without:
            self.warn(None, f"{without} lignes sans fiche RNCP (« NR ») : mises de côté.")

    def _certification(self, line: int, code: str, row: Record) -> Iterator[RecordRow]:
        if self.refuse_code(line, code):
            return
        try:
            values = _values(row)
        except (KeyError, ValueError) as error:
            self.reject(line, f"{code} : valeur illisible ({error}).")
            return
        self._replacements[code] = (line, _codes(row[OLD]), _codes(row[NEW]))
        yield RecordRow(line, code, values)

    def _pairs(self) -> Iterator[tuple[int, str, str]]:
        for code, (line, old_codes, new_codes) in self._replacements.items():
            yield from ((line, old, code) for old in old_codes)
            yield from ((line, code, new) for new in new_codes)


def _meeting(cell: str) -> dt.date | None:
    """The day in « CI-ddmmyyyy »; versions (« v1.0 ») have none."""
    found = _UPDATE.fullmatch(cell)
    if found is None:
        return None
    try:
        return dt.datetime.strptime(found[1], "%d%m%Y").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None


def _known(row: Record) -> Record:
    return {column: "" if cell == UNKNOWN else cell for column, cell in row.items()}


def _values(row: Record) -> dict[str, object]:
    """Raise `KeyError` or `ValueError` for what cannot be read."""
    abbreviation = one_line(row[ABBREVIATION])
    return {
        "title": bare_title(one_line(row[TITLE]), abbreviation),
        "abbreviation": abbreviation,
        "level": _LEVELS[row[LEVEL]],
        "registration_kind": row[KIND],
        "is_active": _ACTIVE[row[ACTIVE]],
        "apprenticeship": _YES_NO[row[APPRENTICESHIP]],
        **{name: french_date(row[column]) for name, column in DATES.items()},
    }


def bare_title(title: str, abbreviation: str) -> str:
    """The title as the register writes it: the kit puts the kind before it, « TP - TP Soudeur », sometimes twice."""
    if not abbreviation:
        return title
    bare = title.removeprefix(f"{abbreviation} - ")
    return bare.removeprefix(f"{abbreviation} ") if bare != title else title


def _codes(cell: str) -> list[str]:
    return [code.strip() for code in cell.split("|") if code.strip()]
