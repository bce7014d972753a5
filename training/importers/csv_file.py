"""Reads the provider CSV into plain rows. Pure: no Django.

One rule: one line is one session; the lines of a training stand together, and its first line gives its
values. A bad line is rejected with its number; the training keeps the others. `docs/formats/csv-
formations.md` documents the columns.
"""

import codecs
import csv
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from training.importers import values
from training.importers.rows import (
    ActionRow,
    OrganisationRow,
    PlaceRow,
    RejectedRow,
    SessionRow,
    SkillRow,
    SourceNote,
    TrainingRow,
)

COLUMNS = (
    "code_formation intitule_fr intitule_en type objectifs programme prerequis certification niveau_entree "
    "niveau_sortie duree_heures heures_pratique duree_semaines prix_euros financements modalite langue "
    "siret_organisme nom_organisme code_action adresse code_postal code_insee ville code_session debut fin "
    "places entree_permanente competences url"
).split()
# Columns that a file may leave out.
OPTIONAL_COLUMNS = "classe_salle echelle pratique_sur".split()
KINDS = {"initiale": "initial", "continue": "continuing", "": "continuing"}
MODES = {
    "presentiel": "on-site",
    "présentiel": "on-site",
    "distance": "remote",
    "mixte": "mixed",
    "": "on-site",
}
GRADES = {"hors zone": "none", "d": "D", "c": "C", "b": "B", "a": "A", "": ""}
SCALES = {"laboratoire": "bench", "pilote": "pilot", "industrielle": "industrial", "": ""}
SETTINGS = {
    "réel": "real",
    "reel": "real",
    "simulé": "simulated",
    "simule": "simulated",
    "mixte": "both",
    "": "",
}
YES_NO = {"oui": True, "non": False, "": False}
_CHUNK = 1 << 16


class CsvRefused(Exception):
    """The file is refused as a whole; the message says why, in French."""


@dataclass(frozen=True)
class _Line:
    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "") if column in OPTIONAL_COLUMNS else self.cells[column]


@dataclass
class ProviderCsv:
    """A provider's file; `rows` streams it, `complete` tells afterwards whether its end was reached."""

    path: Path
    complete: bool = False

    def rows(self) -> Iterator[TrainingRow | RejectedRow | SourceNote]:
        """Raise `CsvRefused` for a file refused as a whole."""
        encoding = detect_encoding(self.path)
        if encoding == "cp1252":
            yield SourceNote(None, "le fichier n'est pas en UTF-8 ; il est lu comme Windows-1252.")
        with self.path.open(encoding=encoding, newline="") as stream:
            delimiter = _delimiter(stream.readline())
            stream.seek(0)
            reader = csv.reader(stream, delimiter=delimiter)
            try:
                columns = _header(next(reader, []))
            except csv.Error as error:
                raise CsvRefused(f"en-tête illisible ({error}).") from error
            yield from _trainings(self._lines(reader, columns))

    def _lines(self, reader, columns: list[str]) -> Iterator[_Line | RejectedRow]:
        """The lines; a quote left open may swallow those of other trainings, so the file is then not complete."""
        code, is_whole = "", True
        while True:
            number = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                reason = (
                    f"CSV illisible ({error}) : un guillemet n'est sans doute pas refermé. Les lignes d'avant"
                    " sont gardées."
                )
                # With the code of the line before, whose training may have lost its next sessions.
                yield RejectedRow(reader.line_num, reason, code)
                return
            if cells is None:
                self.complete = is_whole
                return
            if not any(cell.strip() for cell in cells):
                continue
            line = _line(number, cells, columns)
            is_whole = is_whole and (isinstance(line, _Line) or reader.line_num == number)
            code = _code(line)
            yield line


def detect_encoding(path: Path) -> str:
    """utf-8-sig or cp1252; a binary, empty or UTF-16 file is refused."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, is_empty = True, True
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            if chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and is_empty:
                raise CsvRefused("le fichier est en UTF-16 ; enregistrez-le en « CSV UTF-8 ».")
            if b"\0" in chunk:
                raise CsvRefused("c'est un fichier binaire (classeur ?) ; enregistrez-le en « CSV UTF-8 ».")
            is_empty = is_empty and not chunk.strip(b"\xef\xbb\xbf \t\r\n")
            if is_utf8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    is_utf8 = False
            if not is_utf8 and any(byte in chunk for byte in b"\x81\x8d\x8f\x90\x9d"):
                raise CsvRefused(
                    "le texte n'est ni en UTF-8 ni en Windows-1252 ; enregistrez-le en « CSV UTF-8 »."
                )
    if is_empty:
        raise CsvRefused("le fichier est vide.")
    return "utf-8-sig" if is_utf8 else "cp1252"


def _delimiter(header: str) -> str:
    return ";" if header.count(";") >= header.count(",") else ","


def _header(cells: list[str]) -> list[str]:
    columns = [cell.strip().casefold() for cell in cells]
    missing = [column for column in COLUMNS if column not in columns]
    unknown = [column for column in columns if column not in (*COLUMNS, *OPTIONAL_COLUMNS)]
    doubled = sorted({column for column in columns if columns.count(column) > 1})
    problems = []
    if missing:
        problems.append(f"colonnes absentes : {', '.join(missing)}")
    for column in unknown:
        close = difflib.get_close_matches(column, missing or COLUMNS, n=1)
        problems.append(
            f"colonne inconnue : « {column[:40]} »" + (f" (vouliez-vous dire {close[0]} ?)" if close else "")
        )
    if doubled:
        problems.append(f"colonnes en double : {', '.join(doubled)}")
    if problems:
        raise CsvRefused(f"en-tête : {' ; '.join(problems)}.")
    return columns


def _line(number: int, cells: list[str], columns: list[str]) -> _Line | RejectedRow:
    if len(cells) == len(columns):
        return _Line(number, dict(zip(columns, cells, strict=True)))
    at = columns.index("code_formation")
    code = values.one_line(cells[at])[:120] if len(cells) > at else ""
    reason = (
        f"{len(cells)} cellules au lieu de {len(columns)} ; un séparateur manque ou n'est pas entre"
        " guillemets, ou un guillemet n'est pas refermé."
    )
    return RejectedRow(number, reason, code)


def _trainings(lines: Iterator[_Line | RejectedRow]) -> Iterator[TrainingRow | RejectedRow]:
    for code, group in groupby(lines, key=_code):
        members = list(group)
        rejected = [line for line in members if isinstance(line, RejectedRow)]
        kept = [line for line in members if isinstance(line, _Line)]
        yield from rejected
        if not code:
            yield from (RejectedRow(line.number, "code_formation est vide.") for line in kept)
        elif kept:
            yield from _training(code, kept, is_partial=bool(rejected))


def _code(line: _Line | RejectedRow) -> str:
    return (
        line.external_id if isinstance(line, RejectedRow) else values.one_line(line["code_formation"])[:120]
    )


def _training(code: str, lines: list[_Line], *, is_partial: bool) -> Iterator[TrainingRow | RejectedRow]:
    first, notes = lines[0], []
    title = values.limited(values.one_line(first["intitule_fr"]), 255, "intitule_fr", notes)
    name, siret = values.one_line(first["nom_organisme"])[:200], values.one_line(first["siret_organisme"])
    if not title or not (name or siret):
        lacking = "intitule_fr" if not title else "nom_organisme et siret_organisme"
        yield RejectedRow(first.number, f"formation {code} : {lacking} vide.", code)
        return
    actions, rejected = _actions(code, lines, notes)
    yield from rejected
    codes = [values.certification_code(part, "RNCP", notes) for part in _parts(first["certification"])]
    yield TrainingRow(
        line=first.number,
        external_id=code,
        title_fr=title,
        title_en=values.limited(values.one_line(first["intitule_en"]), 255, "intitule_en", notes),
        provider=OrganisationRow(name or f"Organisme {siret}", siret),
        kind=_choice(first, "type", KINDS, notes),
        objectives=_text(first, "objectifs", notes),
        content=_text(first, "programme", notes),
        prerequisites=_text(first, "prerequis", notes),
        entry_level=_level(first, "niveau_entree", notes),
        exit_level=_level(first, "niveau_sortie", notes),
        certifications=tuple(dict.fromkeys(certification for certification in codes if certification)),
        url=values.url(first["url"], notes),
        skills=_skills(first, notes),
        actions=actions,
        notes=tuple(notes),
        is_partial=is_partial or bool(rejected),
    )


def _actions(
    code: str, lines: list[_Line], notes: list[str]
) -> tuple[tuple[ActionRow, ...], list[RejectedRow]]:
    """Lines of the same code_action are one action; a line that repeats a session, or has an unreadable date,
    is rejected.
    """
    by_action: dict[str, tuple[_Line, list[SessionRow]]] = {}
    session_lines: dict[tuple[str, str], int] = {}
    rejected = []
    for line in lines:
        action = values.one_line(line["code_action"])[:120] or "A1"
        _first, sessions = by_action.setdefault(action, (line, []))
        session = _session(code, line, len(sessions) + 1, notes)
        if isinstance(session, RejectedRow):
            rejected.append(session)
        elif session is not None:
            known = session_lines.setdefault((action, session.external_id), line.number)
            if known != line.number:
                reason = f"session {session.external_id} en double : déjà décrite ligne {known}."
                rejected.append(RejectedRow(line.number, reason, code))
            else:
                sessions.append(session)
    return (
        tuple(_action(action, line, tuple(found), notes) for action, (line, found) in by_action.items()),
        rejected,
    )


def _session(code: str, line: _Line, rank: int, notes: list[str]) -> SessionRow | RejectedRow | None:
    """The session of a line; None when the line describes an action without dates."""
    external_id = values.one_line(line["code_session"])[:120] or f"S{rank}"
    problems: list[str] = []
    starts_on, ends_on = (values.date(line[column], column, problems) for column in ("debut", "fin"))
    if problems:
        return RejectedRow(line.number, " ; ".join(problems), code)
    if starts_on is None:
        if ends_on is not None or values.one_line(line["code_session"]):
            return RejectedRow(line.number, f"session {external_id} : debut est vide.", code)
        return None
    if ends_on and ends_on < starts_on:
        return RejectedRow(
            line.number, f"session {external_id} : fin ({ends_on}) précède debut ({starts_on}).", code
        )
    return SessionRow(
        external_id=external_id,
        starts_on=starts_on,
        ends_on=ends_on,
        seats=values.whole_number(line["places"], "places", notes),
        is_permanent_entry=_choice(line, "entree_permanente", YES_NO, notes),
        line=line.number,
    )


def _action(external_id: str, line: _Line, sessions: tuple[SessionRow, ...], notes: list[str]) -> ActionRow:
    def number(column: str, digits: int, places: int, *, zero_unknown: bool = True):
        return values.number(
            line[column], column, notes, digits=digits, places=places, zero_unknown=zero_unknown
        )

    return ActionRow(
        external_id=external_id,
        mode=_choice(line, "modalite", MODES, notes),
        languages=values.languages(_parts(line["langue"]), notes),
        hours=number("duree_heures", 7, 1),
        practical_hours=number("heures_pratique", 7, 1, zero_unknown=False),
        cleanroom_grade=_choice(line, "classe_salle", GRADES, notes),
        equipment_scale=_choice(line, "echelle", SCALES, notes),
        practice_setting=_choice(line, "pratique_sur", SETTINGS, notes),
        weeks=number("duree_semaines", 5, 1),
        price_eur=number("prix_euros", 9, 2, zero_unknown=False),
        funding=tuple(sorted(values.funding(_parts(line["financements"]), notes))),
        address=values.one_line(line["adresse"])[:250],
        place=PlaceRow(*(values.one_line(line[column]) for column in ("code_insee", "code_postal", "ville"))),
        sessions=sessions,
    )


def _text(line: _Line, column: str, notes: list[str]) -> str:
    return values.limited(values.clean_text(line[column]), values.MAX_TEXT, column, notes)


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in values.one_line(cell).split("|") if part.strip()]


def _choice(line: _Line, column: str, choices: dict, notes: list[str]):
    given = values.one_line(line[column]).casefold()
    if given not in choices:
        accepted = ", ".join(choice for choice in choices if choice)
        notes.append(
            f"{column} : « {given[:30]} » inconnu (valeurs : {accepted}) ; valeur par défaut retenue."
        )
    return choices.get(given, choices[""])


def _level(line: _Line, column: str, notes: list[str]) -> int | None:
    level = values.whole_number(line[column], column, notes)
    if level is not None and not 1 <= level <= 8:
        notes.append(f"{column} : {level} n'est pas de 1 à 8 ; laissé inconnu.")
        return None
    return level


def _skills(line: _Line, notes: list[str]) -> tuple[SkillRow, ...]:
    found: dict[str, SkillRow] = {}
    for part in _parts(line["competences"]):
        code, _separator, raw_level = (piece.strip() for piece in part.partition(":"))
        level = values.skill_level(code, raw_level, notes)
        if code in found:
            notes.append(f"compétence {code} : en double ; la première est retenue.")
        elif level is not None:
            found[code] = SkillRow(code, level)
    return tuple(found.values())
