"""Reads the diplomas of the sector that we selected, with the skills that we confirmed. Pure: no Django.

One rule: a diploma is named by its ONISEP identifier, or by its RNCP code where ONISEP does not list it; its facts come from
those sources, never from these files. `docs/formats/sector-diplomas.md` documents them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from skills.imports.report import RowError
from skills.imports.yaml_source import Mapping, YamlUnreadable, read_yaml

RELEVANCES = ("core", "near")
_IDENTIFIERS = {"onisep": re.compile(r"FOR\.\d{1,6}"), "rncp": re.compile(r"RNCP\d{1,6}")}
_KEYS = {"onisep", "rncp", "title", "relevance", "reason", "skills", "refused", "registered_as"}


@dataclass(frozen=True)
class SelectedDiploma:
    """`skills` are codes of the referential with the level (1 to 4) reached at the end; `refused` those that the official
    text names without teaching them. `registered_as` is the RNCP code of today, where ONISEP still gives the one before.
    """

    file: str
    line: int
    onisep_id: str
    rncp_code: str
    title: str
    relevance: str
    reason: str
    skills: dict[str, int]
    refused: frozenset[str] = frozenset()
    registered_as: str = ""

    @property
    def identifier(self) -> str:
        return self.onisep_id or self.rncp_code


def read_selection(folder: Path) -> Iterator[SelectedDiploma | RowError]:
    """Every diploma of every file below the folder; what is wrong with the others."""
    lines: dict[str, str] = {}
    for path in sorted(folder.rglob("*.yaml")):
        for item in _read_file(path):
            if isinstance(item, SelectedDiploma):
                place = f"{item.file}, ligne {item.line}"
                first = lines.setdefault(item.identifier, place)
                if first != place:
                    yield RowError(item.file, item.line, f"{item.identifier} en double : déjà {first}.")
                    continue
            yield item


def _read_file(path: Path) -> Iterator[SelectedDiploma | RowError]:
    try:
        content = read_yaml(path)
    except YamlUnreadable as error:
        yield error.error
        return
    name = f"{path.parent.name}/{path.name}"
    entries = content.get("diplomas")
    if not isinstance(entries, list):
        yield RowError(name, content.line, "« diplomas » doit être une liste.")
        return
    for entry in entries:
        if not isinstance(entry, Mapping):
            yield RowError(name, None, "un diplôme s'écrit en « clé: valeur ».")
            continue
        problem = _problem(entry)
        yield RowError(name, entry.line, problem) if problem else _diploma(name, entry)


def _problem(entry: Mapping) -> str:
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        return f"clés inconnues : {', '.join(unknown)}."
    given = [key for key in _IDENTIFIERS if entry.get(key)]
    if len(given) != 1:
        return "donner soit « onisep » (FOR.123), soit « rncp » (RNCP12345)."
    if not _IDENTIFIERS[given[0]].fullmatch(str(entry[given[0]])):
        return f"« {given[0]} » : « {entry[given[0]]} » n'a pas la forme attendue."
    if not entry.get("title") or not entry.get("reason"):
        return "« title » et « reason » sont nécessaires."
    if entry.get("relevance") not in RELEVANCES:
        return f"« relevance » doit être {' ou '.join(RELEVANCES)}."
    skills = entry.get("skills")
    if not isinstance(skills, Mapping) or not skills:
        return "« skills » doit donner au moins une compétence et son niveau."
    renewed = entry.get("registered_as")
    if renewed and not _IDENTIFIERS["rncp"].fullmatch(str(renewed)):
        return f"« registered_as » : « {renewed} » n'est pas un code RNCP."
    if not isinstance(entry.get("refused", []), list):
        return "« refused » doit être une liste de compétences."
    wrong = [f"{code}: {level}" for code, level in skills.items() if level not in ("1", "2", "3", "4")]
    return f"niveaux de 1 à 4 attendus : {', '.join(wrong)}." if wrong else ""


def _diploma(file: str, entry: Mapping) -> SelectedDiploma:
    skills = entry["skills"]
    assert isinstance(skills, Mapping)  # noqa: S101 - checked just before
    return SelectedDiploma(
        file=file,
        line=entry.line,
        onisep_id=str(entry.get("onisep", "")),
        rncp_code=str(entry.get("rncp", "")),
        title=str(entry["title"]),
        relevance=str(entry["relevance"]),
        reason=str(entry["reason"]),
        skills={code: int(str(level)) for code, level in skills.items()},
        registered_as=str(entry.get("registered_as", "")),
        refused=frozenset(map(str, entry.get("refused", []))),
    )
