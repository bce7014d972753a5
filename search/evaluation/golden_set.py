"""The golden set: queries, the grades that two judges gave, and the half each query belongs to. Pure: no Django, no engine.

One rule: nothing is read half: `read_golden_set` raises one `GoldenSetError` that lists every mistake, with file and line.
"""

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GOLDEN_FOLDER = Path(__file__).parent / "golden"
LANGUAGES = ("fr", "en")
KINDS = (
    "job_search",
    "training_search",
    "experience",
    "course_description",
    "acronym",
    "typo",
    "no_answer",
)
TARGETS = ("jobs", "trainings", "skills")
JUDGES = ("a", "b")
TUNING, HOLDOUT = HALVES = ("tuning", "holdout")
GRADES = (1, 2, 3)
# An entry answers a query when the mean of the judges' grades is at least this.
RELEVANT = 1.0

Grades = Mapping[str, int]


class GoldenSetError(ValueError):
    """The files hold mistakes; the message lists them, one a line, for the person who wrote them."""


@dataclass(frozen=True)
class GoldenQuery:
    """A query as somebody typed it. `kind` is its writer's word; whether it has an answer is for the judges to say."""

    id: str
    lang: str
    kind: str
    target: str
    text: str


@dataclass(frozen=True)
class GoldenSet:
    queries: tuple[GoldenQuery, ...]
    judgements: Mapping[str, Mapping[str, Grades]]  # judge → query → code → grade
    halves: Mapping[str, str]
    digest: str  # of the queries and the judgements: figures of another set are not compared

    def half(self, name: str) -> tuple[GoldenQuery, ...]:
        return tuple(query for query in self.queries if self.halves[query.id] == name)

    def grades(self, query: str) -> dict[str, float]:
        """The mean of the judges' grades, for every entry that one of them listed; an entry not listed got 0."""
        total: defaultdict[str, float] = defaultdict(float)
        for judge in self.judgements.values():
            for code, grade in judge[query].items():
                total[code] += grade
        return {code: grade / len(self.judgements) for code, grade in total.items()}

    def relevant(self, query: str) -> frozenset[str]:
        """What answers the query; nothing when the catalogue has no answer to it."""
        return frozenset(code for code, grade in self.grades(query).items() if grade >= RELEVANT)

    def unknown_codes(self, known: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
        """Codes that were judged and that are not among the known ones, by target."""
        judged: defaultdict[str, set[str]] = defaultdict(set)
        for query in self.queries:
            judged[query.target].update(self.grades(query.id))
        missing = {target: tuple(sorted(codes.difference(known[target]))) for target, codes in judged.items()}
        return {target: codes for target, codes in missing.items() if codes}


def split(queries: Sequence[GoldenQuery]) -> dict[str, str]:
    """The half of each query: within its language, kind and target, every other one in the order of the ids' SHA-256.

    Where a stratum is odd, the tuning half has one more. `split.csv` froze the answer before any figure was seen, and it
    is `split.csv` that is read.
    """
    strata: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for query in queries:
        strata[query.lang, query.kind, query.target].append(query.id)
    return {
        query: HALVES[place % 2]
        for stratum in strata.values()
        for place, query in enumerate(sorted(stratum, key=_sha256))
    }


def write_split(path: Path, halves: Mapping[str, str]) -> None:
    lines = ["id,half", *(f"{query},{half}" for query, half in sorted(halves.items()))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


# --- Reading
def read_golden_set(folder: Path = GOLDEN_FOLDER) -> GoldenSet:
    """Raises `GoldenSetError` for what the files say wrong and OSError for those that cannot be read."""
    problems: list[str] = []
    queries = _read_queries(folder / "queries.jsonl", problems)
    known = {query.id for query in queries}
    judged = {
        judge: _read_judgements(folder / f"judgements-{judge}.jsonl", known, problems) for judge in JUDGES
    }
    halves = _read_split(folder / "split.csv", known, problems)
    if problems:
        raise GoldenSetError("\n".join(problems))
    return GoldenSet(tuple(queries), judged, halves, _digest(queries, judged))


def _digest(queries: Sequence[GoldenQuery], judged: Mapping[str, Mapping[str, Grades]]) -> str:
    content = [
        [query.id, query.text, query.target, *(sorted(judged[judge][query.id].items()) for judge in JUDGES)]
        for query in sorted(queries, key=lambda query: query.id)
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def read_objects(path: Path, problems: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The JSON objects of a file, each with where it stands; what is none is added to the problems."""
    for number, raw in enumerate(path.read_bytes().splitlines(), start=1):
        place = f"{path.name}, ligne {number}"
        try:
            content = json.loads(raw.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            problems.append(f"{place} : JSON illisible ({error})")
            continue
        if isinstance(content, dict):
            yield place, content
        else:
            problems.append(f"{place} : il faut un objet JSON")


def wrong_texts(content: Mapping[str, Any], keys: Sequence[str]) -> list[str]:
    """The keys that hold no text."""
    return [key for key in keys if not isinstance(content.get(key), str) or not content[key].strip()]


def _read_queries(path: Path, problems: list[str]) -> list[GoldenQuery]:
    queries: dict[str, GoldenQuery] = {}
    choices = {"lang": LANGUAGES, "kind": KINDS, "target": TARGETS}
    for place, content in read_objects(path, problems):
        if wrong := wrong_texts(content, ("id", "lang", "kind", "target", "text")):
            problems.append(f"{place} : il manque {', '.join(wrong)}")
            continue
        if wrong := [key for key, values in choices.items() if content[key] not in values]:
            problems.append(f"{place} : valeur inconnue pour {', '.join(wrong)}")
            continue
        query = GoldenQuery(*(content[key] for key in ("id", "lang", "kind", "target", "text")))
        if query.id in queries:
            problems.append(f"{place} : {query.id} est déjà là")
        queries[query.id] = query
    return list(queries.values())


def _read_judgements(path: Path, known: set[str], problems: list[str]) -> dict[str, Grades]:
    judged: dict[str, Grades] = {}
    for place, content in read_objects(path, problems):
        query, grades = content.get("id"), content.get("grades")
        if not isinstance(query, str) or query not in known:
            problems.append(f"{place} : {query} n'est pas une requête connue")
        elif query in judged:
            problems.append(f"{place} : {query} est déjà jugée")
        elif not isinstance(grades, dict) or not all(_is_grade(grade) for grade in grades.values()):
            problems.append(f"{place} : « grades » doit donner 1, 2 ou 3 à chaque code")
        else:
            judged[query] = grades
    _report_missing(path, known - judged.keys(), "n'est pas jugée", problems)
    return judged


def _is_grade(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in GRADES


def _read_split(path: Path, known: set[str], problems: list[str]) -> dict[str, str]:
    halves: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), start=2):
            place, query, half = f"{path.name}, ligne {number}", row.get("id"), row.get("half")
            if query is None or query not in known:
                problems.append(f"{place} : {query} n'est pas une requête connue")
            elif half not in HALVES:
                problems.append(f"{place} : la moitié est {' ou '.join(HALVES)}")
            elif query in halves:
                problems.append(f"{place} : {query} est déjà là")
            else:
                halves[query] = half
    _report_missing(path, known - halves.keys(), "n'a pas de moitié", problems)
    return halves


def _report_missing(path: Path, missing: Iterable[str], what: str, problems: list[str]) -> None:
    problems.extend(f"{path.name} : {query} {what}" for query in sorted(missing))
