"""Loads ESCO: groups, skills, occupations, and the relations between them.

One rule: a concept that only older versions of ESCO have is kept and marked retired; URIs are the identity throughout, and a
row that is no concept of ESCO (no such URI, no label) is rejected.
"""

import re
from collections.abc import Iterator

from skills.imports.csv_source import Record, one_a_line
from skills.imports.links import LinkRow, LinkTable
from skills.imports.open_data import Dataset
from skills.imports.records import RecordRow, RecordTable
from skills.models import (
    EscoBroader,
    EscoOccupation,
    EscoOccupationSkill,
    EscoSkill,
    EscoSkillGroup,
    EscoSkillRelation,
    IscoGroup,
)

FILES = {
    "groups": "esco_skill_groups.csv.gz",
    "isco": "isco_groups.csv.gz",
    "skills": "esco_skills.csv.gz",
    "occupations": "esco_occupations.csv.gz",
    "hierarchy": "esco_skill_hierarchy.csv.gz",
    "relations": "esco_skill_relations.csv.gz",
    "occupation_skills": "esco_occupation_skills.csv.gz",
}
# The versions the files unite; a concept of the first alone is retired.
VERSION = "1.1.1 et 1.2.1"
RETIRED = "1.1.1"
KNOWN_VERSIONS = ("1.1.1", "1.2")
KINDS = ("", "skill/competence", "knowledge")

_URI = re.compile(r"http://data\.europa\.eu/esco/[\w./-]+", re.ASCII)
_ISCO_CODE = re.compile(r"\d{1,4}", re.ASCII)
_VERSIONS = re.compile(r"\d{1,2}(\.\d{1,2}){1,3}(\|\d{1,2}(\.\d{1,2}){1,3})*", re.ASCII)
_LABELS = ("label_fr", "label_en", "description_fr", "description_en")
_LIVING = (*_LABELS, "alternative_fr", "alternative_en", "versions", "is_retired")


GROUPS = RecordTable(EscoSkillGroup, "uri", ("code", *_LABELS), "groupe ESCO")
ISCO = RecordTable(
    IscoGroup, "code", ("uri", "label_fr", "label_en", "parent_code", "description_en"), "groupe CITP"
)
SKILLS = RecordTable(
    EscoSkill,
    "uri",
    (*_LIVING, "kind", "reuse_level", "collections"),
    "compétence ESCO",
    obsolete=("is_retired", True),
)
OCCUPATIONS = RecordTable(
    EscoOccupation,
    "uri",
    (*_LIVING, "code", "isco_code", "nace_codes", "regulated"),
    "métier ESCO",
    derived=("title_keys",),
    obsolete=("is_retired", True),
)
BROADER = LinkTable(EscoBroader, ("child_uri", "parent_uri"), "lien hiérarchique ESCO")
RELATIONS = LinkTable(
    EscoSkillRelation, ("skill_id", "related_id"), "lien entre compétences ESCO", ("relation",)
)
OCCUPATION_SKILLS = LinkTable(
    EscoOccupationSkill, ("occupation_id", "skill_id"), "compétence d'un métier ESCO", ("relation",)
)


class EscoImport(Dataset):
    source = "esco"
    files = FILES
    version = VERSION

    def load(self) -> None:
        self._new_versions: set[str] = set()
        self.records(GROUPS, self._groups())
        self.records(ISCO, self._isco())
        skills = self.records(SKILLS, self._skills())
        occupations = self.records(OCCUPATIONS, self._occupations())
        self.links(BROADER, self._broader())
        skill_ids = self.ends(EscoSkill, "uri", skills)
        self.links(RELATIONS, self._relations(skill_ids))
        self.links(
            OCCUPATION_SKILLS,
            self._occupation_skills(self.ends(EscoOccupation, "uri", occupations), skill_ids),
        )

    def _groups(self) -> Iterator[RecordRow]:
        for line, row in self.rows("groups", ("uri", "code", *_LABELS)):
            if self._is_concept(line, GROUPS.label, row):
                yield RecordRow(line, row["uri"], {name: row[name] for name in GROUPS.fields})

    def _isco(self) -> Iterator[RecordRow]:
        for line, row in self.rows("isco", ("code", *ISCO.fields)):
            is_code = self.has_form(line, ISCO.label, row["code"], _ISCO_CODE)
            if is_code and self._is_concept(line, ISCO.label, row):
                yield RecordRow(line, row["code"], {name: row[name] for name in ISCO.fields})

    def _skills(self) -> Iterator[RecordRow]:
        columns = ("uri", "skill_type", "reuse_level", "collections", "alt_fr", "alt_en", "esco_versions")
        for line, row in self.rows("skills", (*columns, *_LABELS)):
            if not self._is_living(line, SKILLS.label, row):
                continue
            if row["skill_type"] not in KINDS:
                self.reject(line, f"{SKILLS.label} {row['uri']} : type inconnu « {row['skill_type'][:60]} ».")
                continue
            own = {
                "kind": row["skill_type"],
                "reuse_level": row["reuse_level"],
                "collections": row["collections"],
            }
            yield RecordRow(line, row["uri"], {**_living(row), **own})

    def _occupations(self) -> Iterator[RecordRow]:
        columns = ("uri", "code", "isco", "nace_codes", "regulated", "alt_fr", "alt_en", "esco_versions")
        for line, row in self.rows("occupations", (*columns, *_LABELS)):
            if not self._is_living(line, OCCUPATIONS.label, row):
                continue
            own = {
                "code": row["code"],
                "isco_code": row["isco"],
                "nace_codes": row["nace_codes"],
                "regulated": row["regulated"],
            }
            yield RecordRow(line, row["uri"], {**_living(row), **own})

    def _is_concept(self, line: int, what: str, row: Record) -> bool:
        """Whether the row is a concept of ESCO, or a report of what it lacks."""
        if not self.has_form(line, what, row["uri"], _URI):
            return False
        if row["label_fr"] or row["label_en"]:
            return True
        self.reject(line, f"{what} {row['uri']} : aucun libellé.")
        return False

    def _is_living(self, line: int, what: str, row: Record) -> bool:
        """The same of a concept that says in which versions of ESCO it is. A version that is to come is told once."""
        if not self._is_concept(line, what, row):
            return False
        versions = row["esco_versions"]
        if not _VERSIONS.fullmatch(versions):
            self.reject(line, f"{what} {row['uri']} : versions d'ESCO illisibles « {versions[:60]} ».")
            return False
        for version in set(versions.split("|")).difference(KNOWN_VERSIONS, self._new_versions):
            self._new_versions.add(version)
            self.warn(line, f"{what} : version d'ESCO encore inconnue « {version} ».")
        return True

    def _broader(self) -> Iterator[LinkRow]:
        for line, row in self.rows("hierarchy", ("child_uri", "parent_uri")):
            yield LinkRow(line, (row["child_uri"], row["parent_uri"]))

    def _relations(self, skills: dict[str, int | str]) -> Iterator[LinkRow]:
        for line, row in self.rows("relations", ("skill_uri", "related_skill_uri", "relation")):
            ends = (skills.get(row["skill_uri"]), skills.get(row["related_skill_uri"]))
            yield from self.link(line, ends, (row["skill_uri"], row["related_skill_uri"]), (row["relation"],))

    def _occupation_skills(
        self, occupations: dict[str, int | str], skills: dict[str, int | str]
    ) -> Iterator[LinkRow]:
        for line, row in self.rows("occupation_skills", ("occupation_uri", "skill_uri", "relation")):
            ends = (occupations.get(row["occupation_uri"]), skills.get(row["skill_uri"]))
            yield from self.link(line, ends, (row["occupation_uri"], row["skill_uri"]), (row["relation"],))


def _living(row: Record) -> dict[str, object]:
    return {
        **{name: row[name] for name in _LABELS},
        "alternative_fr": one_a_line(row["alt_fr"]),
        "alternative_en": one_a_line(row["alt_en"]),
        "versions": row["esco_versions"],
        "is_retired": row["esco_versions"] == RETIRED,
    }
