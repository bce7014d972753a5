"""Loads ONISEP's initial formations and their sheets as diplomas, and the passage between registers.

One rule: a formation is its ONISEP identifier; its sheet completes it and never makes one. The sector's filter only decides
what is added: a diploma that is already there is kept up to date, and is withdrawn only when ONISEP gives it no more.
"""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

from skills.imports.csv_source import Record
from skills.imports.links import LinkRow, LinkTable
from skills.imports.onisep import OnisepDataset
from skills.imports.onisep_text import one_line, one_line_each, readable_text
from skills.imports.records import RecordRow, RecordTable
from training.importers.sector_filter import sector_reason
from training.models import Diploma, DiplomaPassage

# Field of ours → column of ONISEP's list of formations, copied on one line.
COPIED = {
    "title": "titre",
    "kind": "type_formation",
    "acronym": "sigle",
    "duration": "duree",
    "school_code": "code_scolarite",
    "ministry": "tutelle",
    "url": "url_onisep",
}
OTHER_COLUMNS = ("niveau_sortie", "niveau_certification", "code_rncp", "codes_nsf", "domaines")
# Field of ours → column of the sheets, a long text.
TEXTS = {
    "description": "description",
    "access": "acces",
    "expectations": "attendus",
    "further_study": "poursuite_etudes",
}
SHEET_FIELDS = (*TEXTS, "jobs", "link")
# The heading that only repeats the name of the field.
OWN_HEADINGS = {"access": "Accès"}
UNKNOWN = "non renseigné"
# Levels that say there is none.
NO_LEVEL = ("", "non inscrit au RNCP", UNKNOWN)

_LEVEL = re.compile(r"niveau ([1-8])")
_RNCP = re.compile(r"\d{1,5}")
_WEB = re.compile(r"https?://\S+")


def _set_sector_reason(diploma: Diploma) -> None:
    limit = Diploma._meta.get_field("sector_reason").max_length
    diploma.sector_reason = _reason(diploma.title, diploma.nsf_codes, diploma.domains)[:limit]


def _reason(title: str, nsf_codes: str, domains: str) -> str:
    """The answer of the sector's filter, from the fields of a diploma."""
    return sector_reason(title, nsf_codes.split(), domains.splitlines())


DIPLOMAS = RecordTable(
    Diploma,
    "onisep_id",
    (*COPIED, "exit_level", "level", "rncp_code", "nsf_codes", "domains", *SHEET_FIELDS),
    "diplôme Onisep",
    derived=("title_keys", "sector_reason"),
    derive=_set_sector_reason,
)
PASSAGE_COLUMNS = {
    "title": "ci_intitule",
    "rncp_code": "ci_code_rncp",
    "onisep_id": "ideo_identifiant_formation",
    "school_code": "ci_code_scolarite",
    "status": "statut",
}
PASSAGES = LinkTable(DiplomaPassage, ("certifinfo_id",), "passage entre répertoires", tuple(PASSAGE_COLUMNS))


class FormationsImport(OnisepDataset):
    def __init__(
        self,
        path: Path,
        *,
        apply: bool,
        version: str = "",
        dated_on: dt.date | None = None,
        sector_only: bool = False,
    ) -> None:
        super().__init__(path, apply=apply, version=version, dated_on=dated_on)
        self.sector_only = sector_only

    def load(self) -> None:
        self.records(DIPLOMAS, self._diplomas())
        self.links(PASSAGES, self._passages())

    def _diplomas(self) -> Iterator[RecordRow]:
        sheets = self._sheets()
        stored = set(Diploma.objects.order_by().values_list("onisep_id", flat=True))
        for line, row in self.rows("formations", ("onisep_id", *COPIED.values(), *OTHER_COLUMNS)):
            identity = row["onisep_id"]
            sheet = sheets.pop(identity, None) or dict.fromkeys(SHEET_FIELDS, "")
            values = {**self._values(line, row), **sheet}
            asked = (values["title"], values["nsf_codes"], values["domains"])
            if self.sector_only and identity not in stored and not _reason(*asked):
                self.report.set_aside += 1
                continue
            yield RecordRow(line, identity, values)
        for identity in sheets:
            self.warn(None, f"fiche de formation {identity} : aucune formation de cet identifiant.")

    def _sheets(self) -> dict[str, dict[str, str]]:
        """The sheets by formation: 2,342 of them, 3 MB of texts, the only table kept whole."""
        sheets: dict[str, dict[str, str]] = {}
        columns = ("onisep_id", "lien", "metiers", *TEXTS.values())
        for line, row in self.rows("formation_sheets", columns):
            texts = {
                field: readable_text(row[column], own_heading=OWN_HEADINGS.get(field, ""))
                for field, column in TEXTS.items()
            }
            link = self._link(line, row)
            sheets[row["onisep_id"]] = {**texts, "jobs": one_line_each(row["metiers"]), "link": link}
        return sheets

    def _link(self, line: int, row: Record) -> str:
        link = row["lien"].replace(" ", "%20")
        if not link or _WEB.fullmatch(link):
            return link
        self.warn(
            line, f"fiche de formation {row['onisep_id']} : l'adresse « {link[:60]} » est laissée de côté."
        )
        return ""

    def _values(self, line: int, row: Record) -> dict[str, object]:
        what = f"formation {row['onisep_id']}"
        texts = self.short_texts(line, what, row, {**COPIED, "exit_level": "niveau_sortie"})
        return {
            **texts,
            "exit_level": "" if texts["exit_level"] == UNKNOWN else texts["exit_level"],
            "level": self._level(line, what, row["niveau_certification"]),
            "rncp_code": self._rncp_code(line, what, row["code_rncp"]),
            "nsf_codes": " ".join(row["codes_nsf"].replace("|", " ").split()),
            "domains": one_line_each(row["domaines"]),
        }

    def _level(self, line: int, what: str, cell: str) -> int | None:
        if level := _LEVEL.fullmatch(cell):
            return int(level[1])
        if cell not in NO_LEVEL:
            self.warn(line, f"{what} : niveau inconnu : « {one_line(cell)[:20]} ».")
        return None

    def _rncp_code(self, line: int, what: str, number: str) -> str:
        """« 38550 » as RNCP38550; a number that the register cannot hold is unknown, and said so."""
        if not number or _RNCP.fullmatch(number):
            return number and f"RNCP{number}"
        self.warn(line, f"{what} : « {number[:20]} » n'est pas un code RNCP ; laissé inconnu.")
        return ""

    def _passages(self) -> Iterator[LinkRow]:
        lengths = {field: DiplomaPassage._meta.get_field(field).max_length for field in PASSAGE_COLUMNS}
        columns = ("certif_info_ci_identifiant", *PASSAGE_COLUMNS.values())
        for line, row in self.rows("passages", columns):
            identity = row["certif_info_ci_identifiant"]
            values = self.short_texts(line, f"passage {identity}", row, PASSAGE_COLUMNS)
            values["rncp_code"] = self._rncp_code(line, f"passage {identity}", values["rncp_code"])
            too_long = [field for field, value in values.items() if len(value) > lengths[field]]
            if not re.fullmatch(r"\d{1,10}", identity) or too_long:
                what = f"trop long : {', '.join(too_long)}" if too_long else "identifiant illisible"
                self.reject(line, f"passage entre répertoires « {identity[:20]} » : {what}.")
                continue
            yield LinkRow(line, (identity,), tuple(values.values()))
