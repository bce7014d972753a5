"""Loads ONISEP's job sheets, and the diplomas that lead to each.

One rule: a sheet is its ONISEP identifier; the list of job titles completes its codes, domains and address, and never makes
a sheet.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from jobs.models import OnisepJobSheet, OnisepSheetDiploma
from skills.imports.csv_source import Record
from skills.imports.links import LinkRow, LinkTable
from skills.imports.onisep import OnisepDataset
from skills.imports.onisep_text import one_line_each, readable_text
from skills.imports.open_data import Ends
from skills.imports.records import RecordRow, RecordTable

# Field of ours → column of the sheets.
COPIED = {
    "title": "titre",
    "masculine": "masculin",
    "feminine": "feminin",
    "access_level": "niveau_acces_min",
}
LISTS = {"alternative_titles": "autres_appellations", "interests": "centres_interet"}
TEXTS = {
    "presentation": "presentation",
    "in_brief": "en_bref",
    "work": "nature_travail",
    "skills_required": "competences_requises",
    "conditions": "conditions_travail",
    "access": "acces_metier",
}

_ROME = re.compile(r"[A-Z]\d{4}")

SHEETS = RecordTable(
    OnisepJobSheet,
    "onisep_id",
    (*COPIED, *LISTS, *TEXTS, "rome_codes", "domains", "url"),
    "fiche métier Onisep",
)
SHEET_DIPLOMAS = LinkTable(
    OnisepSheetDiploma, ("sheet_id", "diploma_id"), "diplôme d'une fiche métier Onisep"
)


@dataclass
class _Listed:
    """What the list of job titles says of a sheet, over its several rows (one a publication of ONISEP)."""

    url: str = ""
    rome_codes: dict[str, None] = field(default_factory=dict)
    domains: dict[str, None] = field(default_factory=dict)


class JobSheetsImport(OnisepDataset):
    def load(self) -> None:
        sheets = self.ends(OnisepJobSheet, "onisep_id", self.records(SHEETS, self._sheets()))
        self.links(SHEET_DIPLOMAS, self._diplomas(sheets))

    def _sheets(self) -> Iterator[RecordRow]:
        listed = self._listed()
        columns = ("onisep_id", "codes_rome", *COPIED.values(), *LISTS.values(), *TEXTS.values())
        for line, row in self.rows("job_sheets", columns):
            identity = row["onisep_id"]
            known = listed.pop(identity, None) or _Listed()
            codes = dict.fromkeys(self._rome_codes(line, identity, row["codes_rome"])) | known.rome_codes
            yield RecordRow(
                line,
                identity,
                {
                    **self.short_texts(line, f"fiche {identity}", row, COPIED),
                    **_said(row),
                    "rome_codes": " ".join(codes),
                    "domains": "\n".join(known.domains),
                    "url": known.url,
                },
            )
        for identity in listed:
            self.warn(None, f"liste des métiers : {identity} n'a pas de fiche.")

    def _listed(self) -> dict[str, _Listed]:
        """The list of job titles by sheet: 1,043 of them, codes and domains only."""
        listed: dict[str, _Listed] = {}
        for line, row in self.rows("job_codes", ("lien_site_onisepfr", "code_rome", "domainesous-domaine")):
            identity = row["lien_site_onisepfr"].rstrip("/").rpartition("/")[2]
            known = listed.setdefault(identity, _Listed(row["lien_site_onisepfr"]))
            known.rome_codes |= dict.fromkeys(self._rome_codes(line, identity, row["code_rome"]))
            known.domains |= dict.fromkeys(one_line_each(row["domainesous-domaine"]).splitlines())
        return listed

    def _rome_codes(self, line: int, identity: str, cell: str) -> Iterator[str]:
        for code in cell.replace("|", " ").split():
            if _ROME.fullmatch(code):
                yield code
            else:
                self.warn(
                    line, f"fiche {identity} : « {code[:20]} » n'est pas un code ROME ; laissé de côté."
                )

    def _diplomas(self, sheets: Ends) -> Iterator[LinkRow]:
        for line, row in self.rows("job_formations", ("metier_id", "formation_id")):
            if not row["formation_id"]:
                self.reject(line, f"lien de {row['metier_id']} : formation vide.")
                continue
            # The diploma is named, not pointed at: jobs and trainings do not know each other.
            ends = (sheets.get(row["metier_id"]), row["formation_id"])
            yield from self.link(line, ends, (row["metier_id"], row["formation_id"]))


def _said(row: Record) -> dict[str, object]:
    return {
        **{name: one_line_each(row[column]) for name, column in LISTS.items()},
        **{name: readable_text(row[column]) for name, column in TEXTS.items()},
    }
