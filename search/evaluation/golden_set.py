"""The golden set: queries, the grades that two judges gave, and the half each query belongs to. Pure: no Django, no engine.

One rule: nothing is read half: `read_golden_set` raises one `GoldenSetError` that lists every mistake, with file and line.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from search.evaluation import golden_files
from search.evaluation.golden_files import (
    GoldenSetError,
    read_objects,
    read_split,
    report_missing,
    wrong_texts,
)

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
GRADES = (1, 2, 3)
# An entry answers a query when the mean of the judges' grades is at least this.
RELEVANT = 1.0

Grades = Mapping[str, int]


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
    """The half of each query, as `golden_files.split` draws them within a language, kind and target."""
    return golden_files.split((query.id, (query.lang, query.kind, query.target)) for query in queries)


# --- Reading
def read_golden_set(folder: Path = GOLDEN_FOLDER) -> GoldenSet:
    """Raises `GoldenSetError` for what the files say wrong and OSError for those that cannot be read."""
    problems: list[str] = []
    queries = _read_queries(folder / "queries.jsonl", problems)
    known = {query.id for query in queries}
    judged = {
        judge: _read_judgements(folder / f"judgements-{judge}.jsonl", known, problems) for judge in JUDGES
    }
    halves = read_split(folder / "split.csv", known, problems)
    if problems:
        raise GoldenSetError("\n".join(problems))
    return GoldenSet(tuple(queries), judged, halves, _digest(queries, judged))


def _digest(queries: Sequence[GoldenQuery], judged: Mapping[str, Mapping[str, Grades]]) -> str:
    content = [
        [query.id, query.text, query.target, *(sorted(judged[judge][query.id].items()) for judge in JUDGES)]
        for query in sorted(queries, key=lambda query: query.id)
    ]
    return golden_files.digest(content)


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
    report_missing(path, known - judged.keys(), "n'est pas jugée", problems)
    return judged


def _is_grade(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in GRADES
