"""The referential's version and the changelog of its concepts: `scheme.yaml` and `changes.yaml`. Pure: no Django.

One rule: a code is given once and never dropped. The changelog knows every code ever given, so that a code can neither
vanish from the files nor come back with another meaning.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from skills.concept_files.entries import ReferentialFiles
from skills.concept_files.parsing import CHANGES_FILE, SCHEME_FILE
from skills.imports.report import RowError
from skills.imports.yaml_source import Bilingual, Entry, YamlUnreadable, read_yaml

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
Version = tuple[int, int, int]


@dataclass(frozen=True)
class Scheme:
    """What the referential says of itself. `uri` is where concept addresses start, with its last slash."""

    uri: str
    version: str
    title: Bilingual
    description: Bilingual
    licence: str
    line: int = 1


@dataclass(frozen=True)
class Note:
    """What changed in one concept, in French, for its editors; `replaced_by` with a retired one."""

    code: str
    text: str
    replaced_by: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Release:
    version: str
    date: dt.date | None
    note: str
    added: tuple[str, ...]
    changed: tuple[Note, ...]
    retired: tuple[Note, ...]
    line: int


@dataclass
class History:
    """What both files say; `present` names those that the folder has, `unread` those that could not be read."""

    scheme: Scheme | None = None
    releases: list[Release] = field(default_factory=list)
    present: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    errors: list[RowError] = field(default_factory=list)

    def codes(self) -> set[str]:
        return {code for release in self.releases for code in release.added}


def parse_version(text: str) -> Version | None:
    found = _VERSION.fullmatch(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def read_history(folder: Path) -> History:
    """Both files of a folder; a folder without them has an empty history."""
    history = History()
    for name, parse in ((SCHEME_FILE, _parse_scheme), (CHANGES_FILE, _parse_changes)):
        if not (folder / name).is_file():
            continue
        history.present.add(name)
        try:
            top = Entry(read_yaml(folder / name), name)
        except YamlUnreadable as error:
            history.errors.append(error.error)
            history.unread.add(name)
            continue
        parse(top, history)
        history.errors.extend(top.errors())
    return history


def _parse_scheme(top: Entry, history: History) -> None:
    top.expect_keys(("uri", "version", "title", "description", "licence"))
    history.scheme = Scheme(
        uri=top.text("uri"),
        version=_version(top),
        title=top.bilingual("title"),
        description=top.bilingual("description"),
        licence=top.text("licence"),
        line=top.line,
    )
    if not history.scheme.uri.endswith("/"):
        top.problems.append("« uri » finit par une barre oblique.")
    for name, address in (("uri", history.scheme.uri), ("licence", history.scheme.licence)):
        if address and not _ADDRESS.fullmatch(address):
            top.problems.append(
                f"« {name} » vaut « {address} » : une adresse commence par https:// et n'a pas d'espace."
            )


def _version(entry: Entry) -> str:
    text = entry.text("version")
    if text and parse_version(text) is None:
        entry.problems.append(f"« {text} » n'est pas une version sémantique (1.0.0).")
    return text


def _parse_changes(top: Entry, history: History) -> None:
    top.expect_keys(("releases",))
    for entry in top.entries("releases"):
        entry.expect_keys(("version", "date", "note", "added", "changed", "retired"))
        version = _version(entry)
        entry.name = f"version {version}"
        history.releases.append(
            Release(
                version=version,
                date=_date(entry),
                note=entry.text("note"),
                added=entry.texts("added"),
                changed=_notes(entry, "changed", ("code", "note")),
                retired=_notes(entry, "retired", ("code", "note", "replaced_by")),
                line=entry.line,
            )
        )
        history.errors.extend(entry.errors())


def _date(entry: Entry) -> dt.date | None:
    text = entry.text("date")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        if text:
            entry.problems.append(f"« {text} » n'est pas une date (2026-11-25).")
        return None


def _notes(entry: Entry, key: str, keys: tuple[str, ...]) -> tuple[Note, ...]:
    parts = entry.entries(key)
    found = []
    for part in parts:
        part.expect_keys(keys)
        replaced_by = part.text("replaced_by") if "replaced_by" in keys else ""
        found.append(Note(part.text("code"), part.text("note"), replaced_by, part.line))
    entry.absorb(key, parts)
    return tuple(found)


# --- What the changelog and the files say of each other
def check_history(history: History, files: ReferentialFiles) -> list[RowError]:
    """Contradictions; nothing to say of a folder without changelog, nor of codes while a file cannot be read."""
    errors = [*history.errors]
    if CHANGES_FILE not in history.present or CHANGES_FILE in history.unread:
        return errors
    errors += [*_version_errors(history), *_given_twice(history), *_unknown_notes(history)]
    if not files.unread:
        errors += _vanished(history, files)
    given = history.codes()
    errors += [
        skill.error(f"absente du journal des concepts : ajoutez-la sous « added » dans {CHANGES_FILE}.")
        for code, skill in files.skills.items()
        if code not in given
    ]
    return errors + _retirement_errors(history, files)


def missing_history(history: History, folder: Path) -> list[RowError]:
    """What nobody can check, or export, without these files."""
    said = {
        SCHEME_FILE: "manque : sans lui, ni version ni export.",
        CHANGES_FILE: "manque : sans lui, rien ne dit qu'un code a disparu ou resservi.",
    }
    return [
        RowError(str(folder), None, f"{name} {reason}")
        for name, reason in said.items()
        if name not in history.present
    ]


def _version_errors(history: History) -> list[RowError]:
    """Releases are written newest first, and the newest is the version of the referential."""
    if not history.releases:
        return [
            RowError(
                CHANGES_FILE, 1, "aucune version : donnez la première sous « releases », avec ses codes."
            )
        ]
    errors = [
        RowError(CHANGES_FILE, newer.line, reason)
        for newer, older in pairwise(history.releases)
        if (reason := _order_problem(newer, older))
    ]
    latest = history.releases[0].version
    if history.scheme and history.scheme.version and latest and history.scheme.version != latest:
        reason = f"la version est {history.scheme.version}, la dernière de {CHANGES_FILE} {latest} : mettez la même."
        errors.append(RowError(SCHEME_FILE, history.scheme.line, reason))
    return errors


def _order_problem(newer: Release, older: Release) -> str:
    new, old = parse_version(newer.version), parse_version(older.version)
    if new and old and new <= old:
        return f"la version {newer.version} vient avant {older.version} : la plus récente d'abord, et chacune une fois."
    if newer.date and older.date and newer.date < older.date:
        return (
            f"la version {newer.version} est datée d'avant {older.version} : corrigez l'une des deux dates."
        )
    return ""


def _given_twice(history: History) -> list[RowError]:
    first: dict[str, str] = {}
    errors = []
    for release in reversed(history.releases):
        for code in release.added:
            if code in first:
                reason = f"{code} : déjà donné par la version {first[code]} ; un code ne sert qu'une fois, donnez-en un autre."
                errors.append(RowError(CHANGES_FILE, release.line, reason))
            first.setdefault(code, release.version)
    return errors


def _unknown_notes(history: History) -> list[RowError]:
    """Notes on codes that were never given: a misspelt one would never be read by anybody."""
    given = history.codes()
    return [
        RowError(CHANGES_FILE, note.line, f"{note.code} : code jamais donné sous « added » ; corrigez-le.")
        for release in history.releases
        for note in (*release.changed, *release.retired)
        if note.code and note.code not in given
    ]


def _vanished(history: History, files: ReferentialFiles) -> list[RowError]:
    return [
        RowError(
            CHANGES_FILE,
            release.line,
            f"{code} : donné par la version {release.version}, absent des fichiers ; un code ne disparaît pas : remettez la "
            "compétence et retirez-la (status: deprecated, replaced_by).",
        )
        for release in history.releases
        for code in release.added
        if code not in files.named
    ]


def _retirement_errors(history: History, files: ReferentialFiles) -> list[RowError]:
    """Of several notes on the retirement of a skill, the newest counts."""
    said = {note.code: note for release in reversed(history.releases) for note in release.retired}
    errors = []
    for code, skill in files.skills.items():
        note = said.get(code)
        if skill.is_retired and note is None:
            errors.append(
                skill.error(f"retirée, mais {CHANGES_FILE} ne le dit pas : ajoutez-la sous « retired ».")
            )
        elif skill.is_retired and note and note.replaced_by != skill.replaced_by:
            errors.append(
                skill.error(
                    f"remplacée par « {skill.replaced_by} », mais {CHANGES_FILE} dit « {note.replaced_by} » : écrivez la même."
                )
            )
        elif note and not skill.is_retired:
            errors.append(
                skill.error(
                    f"retirée selon {CHANGES_FILE} : un code retiré ne revient pas ; donnez à la nouvelle un autre code."
                )
            )
    return errors
