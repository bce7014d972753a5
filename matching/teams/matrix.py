"""A team's matrix of skills, from a CSV. Pure: no Django, no engine.

One rule: every problem is told with its line, its column and what to do, and none stops the others; a person whose name
shows is left aside whole.
"""

import datetime as dt
import re
from dataclasses import dataclass, field

from matching.errors import TeamRefused
from matching.teams.csv_table import Problems, Row, Table, column_key, read_table
from matching.teams.names import Names
from matching.teams.pseudonyms import refusal
from matching.teams.team import MOST_PEOPLE, Person, Qualification

PERSON = ("personne", "person", "pseudonyme", "pseudonym")
PROFILE = ("profil", "profile")
SKILL = ("competence", "skill")
LEVEL = ("niveau", "level")
VALID_UNTIL = ("valable jusqu au", "valid until")
# Columns by which people would be known: never read.
PERSONAL = frozenset(
    (
        *(
            "nom",
            "prenom",
            "nom prenom",
            "prenom nom",
            "nom et prenom",
            "name",
            "first name",
            "last name",
            "full name",
        ),
        *("mail", "e mail", "email", "courriel", "telephone", "phone", "adresse", "address", "matricule"),
        *("date de naissance", "naissance", "birth date", "date of birth", "age", "sexe", "genre", "gender"),
    )
)

_CELL = re.compile(r"([0-4])\s*(?:@\s*(\S+))?")
_HOW_TO_WRITE = (
    "Écrivez un niveau de 0 à 4 (vide : non tenue), avec au besoin sa fin de validité : 3@2027-03-31."
)


@dataclass(frozen=True)
class TeamMatrix:
    people: tuple[Person, ...]
    problems: Problems


@dataclass
class _Draft:
    """A person as the lines tell them."""

    code: str
    line: int
    profile: str = ""
    held: dict[str, Qualification] = field(default_factory=dict)


def read_matrix(data: bytes, skills: Names, jobs: Names, source: str = "équipe") -> TeamMatrix:
    """Wide (a line a person, a column a skill) or long (a line a person's skill). Raises TeamRefused for what has nobody in
    it.
    """
    problems = Problems(source)
    table = read_table(data, problems)
    person = table.column(*PERSON)
    if person is None:
        raise TeamRefused(
            f"{source}, ligne 1 : aucune colonne ne s'appelle « personne ». Elle donne un code par personne."
        )
    reader = _Reader(table, person, table.column(*PROFILE), jobs, problems)
    if table.column(*SKILL) is not None and table.column(*LEVEL) is not None:
        _read_long(reader, skills)
    else:
        _read_wide(reader, skills)
    if not reader.drafts:
        first = f" {problems.kept[0]}" if problems.kept else ""
        raise TeamRefused(f"{source} : aucune personne n'a pu être lue.{first}")
    people = (Person(draft.code, draft.profile, draft.held) for draft in reader.drafts.values())
    return TeamMatrix(tuple(people), problems)


@dataclass
class _Reader:
    """What both shapes share: who a line is about."""

    table: Table
    person: int
    profile: int | None
    jobs: Names
    problems: Problems
    drafts: dict[str, _Draft] = field(default_factory=dict)

    def name(self, index: int) -> str:
        return self.table.header[index]

    def who(self, row: Row) -> _Draft | None:
        """The person of a line, met before or not; None when the line cannot be taken."""
        code = row.cell(self.person)
        reason = "la cellule est vide. Donnez un code, par exemple P-014." if not code else refusal(code)
        if reason:
            self.problems.add(row.line, self.name(self.person), reason)
            return None
        key = code.casefold()
        if key not in self.drafts:
            if len(self.drafts) == MOST_PEOPLE:
                raise TeamRefused(f"{self.problems.source} : plus de {MOST_PEOPLE} personnes.")
            self.drafts[key] = _Draft(code, row.line)
        draft = self.drafts[key]
        self._read_profile(row, draft)
        return draft

    def _read_profile(self, row: Row, draft: _Draft) -> None:
        text = row.cell(self.profile)
        if not text or self.profile is None:
            return
        code = self.jobs.find(text)
        if code is None:
            message = _unknown("Métier inconnu", text, self.jobs, "La liste : manage.py catalogue jobs.")
            self.problems.add(row.line, self.name(self.profile), message)
        elif draft.profile and draft.profile != code:
            message = f"{draft.code} tient déjà « {draft.profile} » plus haut. Gardez un seul profil."
            self.problems.add(row.line, self.name(self.profile), message)
        else:
            draft.profile = code

    def hold(self, row: Row, index: int, draft: _Draft, skill: str, level: str, until: str) -> None:
        """Take a level, with its end, for this skill."""
        if level not in {"0", "1", "2", "3", "4"}:
            self.problems.add(
                row.line, self.name(index), f"« {level[:20]} » n'est pas un niveau. {_HOW_TO_WRITE}"
            )
            return
        end = _date(until) if until else None
        if until and end is None:
            message = f"« {until[:20]} » n'est pas une date. Écrivez-la AAAA-MM-JJ : 2027-03-31."
            self.problems.add(row.line, self.name(index), message)
        elif skill in draft.held:
            message = f"« {skill} » est déjà donnée pour {draft.code}. Gardez une seule ligne."
            self.problems.add(row.line, self.name(index), message)
        else:
            draft.held[skill] = Qualification(int(level), end)


def _read_wide(reader: _Reader, skills: Names) -> None:
    columns = _skill_columns(reader, skills)
    for row in reader.table.rows:
        known = reader.drafts.get(row.cell(reader.person).casefold())
        if known:
            message = f"{known.code} est déjà donnée ligne {known.line}. Gardez une seule ligne."
            reader.problems.add(row.line, reader.name(reader.person), message)
            continue
        draft = reader.who(row)
        if draft is None:
            continue
        for index, skill in columns.items():
            if text := row.cell(index):
                cell = _CELL.fullmatch(text)
                level, until = (cell[1], cell[2] or "") if cell else (text, "")
                reader.hold(row, index, draft, skill, level, until)


def _skill_columns(reader: _Reader, skills: Names) -> dict[int, str]:
    found: dict[int, str] = {}
    for index, text in enumerate(reader.table.header):
        if index in {reader.person, reader.profile} or not text:
            continue
        code = skills.find(text)
        if code is None:
            reader.problems.add(1, text[:60], _unread_column(text, skills))
        elif code in found.values():
            message = f"la compétence « {code} » a déjà une colonne. Gardez-en une seule."
            reader.problems.add(1, text[:60], message)
        else:
            found[index] = code
    if not found:
        raise TeamRefused(
            f"{reader.problems.source}, ligne 1 : aucune colonne n'est une compétence du référentiel. "
            "Donnez des codes ou des libellés de « manage.py catalogue skills »."
        )
    return found


def _unread_column(text: str, skills: Names) -> str:
    if column_key(text) in PERSONAL:
        return "cette colonne dirait qui sont les personnes : elle n'est pas lue. Supprimez-la du fichier."
    return _unknown("Compétence inconnue", text, skills, "La liste : manage.py catalogue skills.")


def _read_long(reader: _Reader, skills: Names) -> None:
    skill, level = reader.table.column(*SKILL), reader.table.column(*LEVEL)
    until = reader.table.column(*VALID_UNTIL)
    for text in reader.table.header:
        if column_key(text) in PERSONAL:
            reader.problems.add(1, text[:60], _unread_column(text, skills))
    for row in reader.table.rows:
        draft = reader.who(row)
        if draft is None or skill is None or level is None:
            continue
        code = skills.find(row.cell(skill))
        if code is None:
            message = _unknown(
                "Compétence inconnue", row.cell(skill), skills, "La liste : manage.py catalogue skills."
            )
            reader.problems.add(row.line, reader.name(skill), message)
        else:
            reader.hold(row, level, draft, code, row.cell(level), row.cell(until))


def _unknown(what: str, text: str, names: Names, otherwise: str) -> str:
    near = names.near(text)
    return f"{what} : « {text[:60]} ». " + (f"Vouliez-vous dire : {', '.join(near)} ?" if near else otherwise)


def _date(text: str) -> dt.date | None:
    """2027-03-31, or 31/03/2027 as spreadsheets write it."""
    if found := re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", text):
        text = f"{found[3]}-{found[2]}-{found[1]}"
    try:
        return dt.date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None
