"""The referential's version and the changelog of its concepts: `scheme.yaml` and `changes.yaml`. Pure: no Django.

One rule: a code is given once and never dropped. The changelog knows every code ever given, so that a code can neither
vanish from the files nor come back with another meaning.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path

from skills.concept_files.entries import ReferentialFiles
from skills.concept_files.parsing import CHANGES_FILE, SCHEME_FILE
from skills.imports.report import RowError
from skills.imports.yaml_source import Bilingual, Entry, YamlUnreadable, read_yaml

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
Version = tuple[int, int, int]


@dataclass(frozen=True)
class Scheme:
    """What the referential says of itself. `uri` is where concept addresses start, with its last slash."""

    uri: str
    version: str
    title: Bilingual
    description: Bilingual
    licence: str


@dataclass(frozen=True)
class Note:
    """What changed in one concept, in French, for its editors; `replaced_by` with a retired one."""

    code: str
    text: str
    replaced_by: str = ""


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
    scheme: Scheme | None = None
    releases: list[Release] = field(default_factory=list)
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
        try:
            top = Entry(read_yaml(folder / name), name)
        except YamlUnreadable as error:
            history.errors.append(error.error)
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
    )
    if not history.scheme.uri.endswith("/"):
        top.problems.append("« uri » finit par une barre oblique.")


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
        found.append(Note(part.text("code"), part.text("note"), replaced_by))
    entry.absorb(key, parts)
    return tuple(found)


# --- What the changelog and the files say of each other
def check_history(history: History, files: ReferentialFiles) -> list[RowError]:
    """Contradictions; nothing to say of a folder without changelog."""
    if not history.releases:
        return history.errors
    errors = [*history.errors, *_version_errors(history), *_given_twice(history)]
    given = history.codes()
    errors.extend(
        RowError(
            CHANGES_FILE,
            None,
            f"{code} : donné par le journal, absent des fichiers ; un code ne disparaît pas, on le retire.",
        )
        for code in sorted(given - files.named)
    )
    errors.extend(
        skill.error(f"absent du journal des concepts : ajoutez-le dans {CHANGES_FILE}.")
        for code, skill in files.skills.items()
        if code not in given
    )
    return errors + _retirement_errors(history, files)


def _version_errors(history: History) -> list[RowError]:
    """Releases are written newest first, and the newest is the version of the referential."""
    errors = []
    for newer, older in zip(history.releases, history.releases[1:], strict=False):
        versions = parse_version(newer.version), parse_version(older.version)
        if None not in versions and not versions[0] > versions[1]:  # type: ignore[operator]
            errors.append(
                RowError(
                    CHANGES_FILE,
                    newer.line,
                    f"la version {newer.version} vient avant {older.version} : la plus récente d'abord.",
                )
            )
    if history.scheme and history.scheme.version != history.releases[0].version:
        reason = (
            f"la version est {history.scheme.version}, la dernière du journal {history.releases[0].version}."
        )
        errors.append(RowError(SCHEME_FILE, None, reason))
    return errors


def _given_twice(history: History) -> list[RowError]:
    first: dict[str, str] = {}
    errors = []
    for release in reversed(history.releases):
        for code in release.added:
            if code in first:
                reason = f"{code} : déjà donné par la version {first[code]} ; un code ne sert qu'une fois."
                errors.append(RowError(CHANGES_FILE, release.line, reason))
            first.setdefault(code, release.version)
    return errors


def _retirement_errors(history: History, files: ReferentialFiles) -> list[RowError]:
    said = {note.code: note for release in history.releases for note in release.retired}
    errors = []
    for code, skill in files.skills.items():
        if skill.is_retired and code not in said:
            errors.append(skill.error(f"retirée, mais le journal ({CHANGES_FILE}) ne le dit pas."))
        elif skill.is_retired and said[code].replaced_by != skill.replaced_by:
            errors.append(
                skill.error(
                    f"remplacée par « {skill.replaced_by} », mais le journal dit « {said[code].replaced_by} »."
                )
            )
        elif code in said and not skill.is_retired:
            errors.append(skill.error("retirée par le journal : un code retiré ne revient pas."))
    return errors
