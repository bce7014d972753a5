"""Loads ROME 4.0: jobs, titles, competences, contexts, mobilities, sectors, and the links to ESCO.

One rule: diplomas, permits and habilitations, which ROME lists among competences, are loaded and marked, so that nothing
takes them for skills. « Broad » and « narrow » links to ESCO are not consistent in the source and stay mere words.
"""

import re
from collections.abc import Iterator

from skills.imports.csv_source import Record
from skills.imports.links import LinkRow, LinkTable
from skills.imports.open_data import Dataset, Ends
from skills.imports.records import RecordRow, RecordTable
from skills.models import (
    EscoOccupation,
    RomeCompetence,
    RomeContext,
    RomeEscoLink,
    RomeJob,
    RomeJobCompetence,
    RomeJobContext,
    RomeJobSector,
    RomeMobility,
    RomeSector,
    RomeTitle,
)

FILES = {
    "jobs": "rome_metiers.csv.gz",
    "titles": "rome_appellations.csv.gz",
    "competences": "rome_competences.csv.gz",
    "job_competences": "rome_metier_competences.csv.gz",
    "job_contexts": "rome_metier_contextes.csv.gz",
    "mobilities": "rome_mobilites.csv.gz",
    "sectors": "rome_secteurs_activite.csv.gz",
    "naf": "rome_secteurs_naf.csv.gz",
    "esco": "rome_esco.csv.gz",
}
VERSION = "4.60"
_RANK = re.compile(r"\d{1,3}")
_CODE = re.compile(r"[A-N]\d{4}", re.ASCII)
_OGR = re.compile(r"\d{1,10}", re.ASCII)
LICENCES = "Certifications et habilitations"

# Our field → the source's column.
JOB_COLUMNS = {
    "ogr_code": "code_ogr",
    "title": "libelle_rome",
    "definition": "texte_definition",
    "access": "texte_acces_metier",
    "parent_code": "code_rome_parent",
    "field_code": "code_grand_domaine",
    "field": "libelle_grand_domaine",
    "domain_code": "code_domaine_professionel",
    "domain": "libelle_domaine_professionel",
    "holland_code": "riasec",
    "ecological_transition": "transition_eco",
    "digital_transition": "transition_num",
    "demographic_transition": "transition_demo",
    "is_regulated": "emploi_reglemente",
    "is_executive": "emploi_cadre",
}
COMPETENCE_COLUMNS = {
    "kind": "type",
    "nature": "nature",
    "label": "libelle",
    "category": "sous_categorie",
    "definition": "definition",
    "macro_ogr_code": "code_ogr_macro",
    "macro_label": "libelle_macro",
}


JOBS = RecordTable(RomeJob, "code", tuple(JOB_COLUMNS), "fiche ROME")
TITLES = RecordTable(
    RomeTitle,
    "ogr_code",
    ("job", "title", "short_title", "is_main", "is_rare"),
    "appellation ROME",
    derived=("title_keys",),
)
COMPETENCES = RecordTable(RomeCompetence, "ogr_code", (*COMPETENCE_COLUMNS, "is_licence"), "compétence ROME")
CONTEXTS = RecordTable(RomeContext, "ogr_code", ("label", "category"), "contexte ROME")
SECTORS = RecordTable(RomeSector, "code", ("label",), "secteur ROME")

JOB_COMPETENCES = LinkTable(
    RomeJobCompetence, ("job_id", "competence_id"), "compétence d'une fiche ROME", ("core",)
)
JOB_CONTEXTS = LinkTable(RomeJobContext, ("job_id", "context_id"), "contexte d'une fiche ROME")
MOBILITIES = LinkTable(RomeMobility, ("job_id", "target_id"), "mobilité ROME", ("rank",))
JOB_SECTORS = LinkTable(RomeJobSector, ("job_id", "sector_id"), "secteur d'une fiche ROME", ("is_main",))
ESCO_LINKS = LinkTable(
    RomeEscoLink, ("title_id", "occupation_id"), "correspondance entre ROME et ESCO", ("match",)
)


class RomeImport(Dataset):
    source = "rome"
    files = FILES
    version = VERSION

    def load(self) -> None:
        jobs = self.ends(RomeJob, "code", self.records(JOBS, self._jobs()))
        titles = self.ends(RomeTitle, "ogr_code", self.records(TITLES, self._titles(jobs)))
        self._load_esco_links(titles)
        competences = self.ends(RomeCompetence, "ogr_code", self.records(COMPETENCES, self._competences()))
        self.links(JOB_COMPETENCES, self._job_competences(jobs, competences))
        self._load_contexts(jobs)
        self.links(MOBILITIES, self._mobilities(jobs))
        self._load_sectors(jobs)

    def _jobs(self) -> Iterator[RecordRow]:
        for line, row in self.rows("jobs", ("code_rome", *JOB_COLUMNS.values())):
            if self.has_form(line, "fiche ROME", row["code_rome"], _CODE) and self._has_ogr(line, row):
                yield RecordRow(line, row["code_rome"], _values(row, JOB_COLUMNS))

    def _has_ogr(self, line: int, row: Record) -> bool:
        return self.has_form(line, "code OGR", row["code_ogr"], _OGR)

    def _titles(self, jobs: Ends) -> Iterator[RecordRow]:
        columns = ("code_ogr", "code_rome", "libelle_appellation_long", "libelle_appellation_court")
        for line, row in self.rows("titles", (*columns, "classification", "peu_usite")):
            job = jobs.get(row["code_rome"])
            if not self._has_ogr(line, row):
                continue
            if job is None:
                self.reject(
                    line, f"appellation {row['code_ogr']} : fiche ROME « {row['code_rome']} » inconnue."
                )
                continue
            yield RecordRow(
                line,
                row["code_ogr"],
                {
                    "job": job if isinstance(job, int) else None,
                    "title": _unescaped(row["libelle_appellation_long"]),
                    "short_title": _unescaped(row["libelle_appellation_court"]),
                    "is_main": row["classification"] == "PRINCIPALE",
                    "is_rare": row["peu_usite"] == "O",
                },
            )

    def _competences(self) -> Iterator[RecordRow]:
        for line, row in self.rows("competences", ("code_ogr", *COMPETENCE_COLUMNS.values())):
            if not self._has_ogr(line, row):
                continue
            values = _values(row, COMPETENCE_COLUMNS)
            yield RecordRow(
                line, row["code_ogr"], {**values, "is_licence": row["sous_categorie"].startswith(LICENCES)}
            )

    def _job_competences(self, jobs: Ends, competences: Ends) -> Iterator[LinkRow]:
        for line, row in self.rows("job_competences", ("code_rome", "code_ogr", "coeur_metier")):
            ends = (jobs.get(row["code_rome"]), competences.get(row["code_ogr"]))
            yield from self.link(line, ends, (row["code_rome"], row["code_ogr"]), (row["coeur_metier"],))

    def _load_contexts(self, jobs: Ends) -> None:
        ends = self.ends(RomeContext, "ogr_code", self.records(CONTEXTS, self._contexts()))
        self.links(JOB_CONTEXTS, self._job_contexts(jobs, ends))

    def _contexts(self) -> Iterator[RecordRow]:
        """The file repeats a context for every job: it is read once for them, once for the links."""
        columns = ("code_rome", "code_ogr", "libelle_cont_travail", "libelle_type_cont_trav")
        met: set[str] = set()
        for line, row in self.rows("job_contexts", columns):
            if row["code_ogr"] not in met:
                met.add(row["code_ogr"])
                if not self._has_ogr(line, row):
                    continue
                label, category = row["libelle_cont_travail"], row["libelle_type_cont_trav"]
                values = {"label": _unescaped(label), "category": _unescaped(category)}
                yield RecordRow(line, row["code_ogr"], values)

    def _job_contexts(self, jobs: Ends, contexts: Ends) -> Iterator[LinkRow]:
        for line, row in self.rows("job_contexts", ("code_rome", "code_ogr")):
            ends = (jobs.get(row["code_rome"]), contexts.get(row["code_ogr"]))
            yield from self.link(line, ends, (row["code_rome"], row["code_ogr"]))

    def _mobilities(self, jobs: Ends) -> Iterator[LinkRow]:
        for line, row in self.rows("mobilities", ("code_rome", "code_rome_cible", "numero_ordre")):
            ends = (jobs.get(row["code_rome"]), jobs.get(row["code_rome_cible"]))
            identities = (row["code_rome"], row["code_rome_cible"])
            rank = row["numero_ordre"]
            if not _RANK.fullmatch(rank):
                self.reject(line, f"mobilité {' → '.join(identities)} : rang illisible « {rank[:20]} ».")
                continue
            yield from self.link(line, ends, identities, (int(rank),))

    def _load_sectors(self, jobs: Ends) -> None:
        sectors = self.ends(RomeSector, "code", self.records(SECTORS, self._sectors()))
        self.links(JOB_SECTORS, self._job_sectors(jobs, sectors))

    def _sectors(self) -> Iterator[RecordRow]:
        met: set[str] = set()
        for line, code, label in self._sector_labels():
            if code not in met:
                met.add(code)
                yield RecordRow(line, code, {"label": label})

    def _sector_labels(self) -> Iterator[tuple[int, str, str]]:
        columns = ("libelle_sect_activite", "libelle_ss_sect_activite", "code_sect_activite")
        for line, row in self.rows("sectors", (*columns, "code_ss_sect_activite")):
            label = row["libelle_ss_sect_activite"] or row["libelle_sect_activite"]
            yield line, _sector_code(row), _unescaped(label)
        for line, row in self.rows("naf", ("code_secteur_naf", "libelle_secteur_naf")):
            yield line, f"naf-{row['code_secteur_naf']}", _unescaped(row["libelle_secteur_naf"])

    def _job_sectors(self, jobs: Ends, sectors: Ends) -> Iterator[LinkRow]:
        for line, row in self.rows("sectors", ("code_rome", "principal")):
            code = _sector_code(row)
            ends = (jobs.get(row["code_rome"]), sectors.get(code))
            yield from self.link(line, ends, (row["code_rome"], code), (row["principal"] == "oui",))
        for line, row in self.rows("naf", ("code_rome",)):
            code = f"naf-{row['code_secteur_naf']}"
            ends = (jobs.get(row["code_rome"]), sectors.get(code))
            yield from self.link(line, ends, (row["code_rome"], code), (False,))

    def _load_esco_links(self, titles: Ends) -> None:
        occupations = dict(EscoOccupation.objects.order_by().values_list("uri", "pk"))
        if not occupations:
            self.warn(
                None,
                "ESCO n'est pas chargé : les correspondances entre ROME et ESCO attendent (import_esco).",
            )
            return
        self.links(ESCO_LINKS, self._esco_links(titles, occupations))

    def _esco_links(self, titles: Ends, occupations: dict[str, int]) -> Iterator[LinkRow]:
        for line, row in self.rows("esco", ("appellation_ogr", "esco_uri", "match_type")):
            occupation = occupations.get(row["esco_uri"])
            if occupation is None:
                self.warn(line, f"métier ESCO inconnu, correspondance laissée de côté : {row['esco_uri']}")
                continue
            ends = (titles.get(row["appellation_ogr"]), occupation)
            identities = (row["appellation_ogr"], row["esco_uri"])
            yield from self.link(line, ends, identities, (row["match_type"].removesuffix("Match"),))


def _sector_code(row: Record) -> str:
    return "-".join(filter(None, ["secteur", row["code_sect_activite"], row["code_ss_sect_activite"]]))


def _values(row: Record, columns: dict[str, str]) -> dict[str, object]:
    return {field: _unescaped(row[column]) for field, column in columns.items()}


def _unescaped(text: str) -> str:
    """The source doubles apostrophes in some of its texts, as SQL does."""
    return text.replace("''", "'")
