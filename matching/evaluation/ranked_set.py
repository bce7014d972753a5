"""The judged people and needs: which jobs and trainings suit each, by two judges, and the half each belongs to. Pure.

One rule: the grade of an entry is the mean of the judges' grades, and the right jobs are those that a judge names first;
nothing is read half.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.evaluation import golden_files
from search.evaluation.golden_files import (
    GoldenSetError,
    read_objects,
    read_split,
    report_missing,
    wrong_texts,
)

RANKED_FOLDER = Path(__file__).parent / "ranked"
JUDGES = ("a", "b")
GRADES = (1, 2, 3)
PEOPLE, NEEDS = "people", "needs"


@dataclass(frozen=True)
class RankedText:
    """A person or a need; `target` is the job that the person's trainings are judged for, empty for a need."""

    id: str
    kind: str
    lang: str
    text: str
    target: str = ""


@dataclass(frozen=True)
class Judgement:
    best: str
    jobs: Mapping[str, int]
    trainings: Mapping[str, int]


@dataclass(frozen=True)
class RankedSet:
    texts: tuple[RankedText, ...]
    judgements: Mapping[str, Mapping[str, Judgement]]  # judge → text → judgement
    halves: Mapping[str, str]
    digest: str

    def half(self, name: str) -> tuple[RankedText, ...]:
        return tuple(text for text in self.texts if self.halves[text.id] == name)

    def jobs(self, text: str) -> dict[str, float]:
        return self._mean(judged[text].jobs for judged in self.judgements.values())

    def trainings(self, text: str) -> dict[str, float]:
        return self._mean(judged[text].trainings for judged in self.judgements.values())

    def right_jobs(self, text: str) -> frozenset[str]:
        return frozenset(judged[text].best for judged in self.judgements.values())

    def _mean(self, graded: Iterable[Mapping[str, int]]) -> dict[str, float]:
        total: defaultdict[str, float] = defaultdict(float)
        for grades in graded:
            for code, grade in grades.items():
                total[code] += grade
        return {code: grade / len(JUDGES) for code, grade in total.items()}


def read_ranked_set(folder: Path = RANKED_FOLDER) -> RankedSet:
    """Raises `GoldenSetError` for what the files say wrong and OSError for those that cannot be read."""
    problems: list[str] = []
    texts = {kind: _read_texts(folder / f"{kind}.jsonl", kind, problems) for kind in (PEOPLE, NEEDS)}
    judgements: dict[str, dict[str, Judgement]] = {}
    for judge in JUDGES:
        judgements[judge] = {}
        for kind, known in texts.items():
            path = folder / f"{kind}-{judge}.jsonl"
            judgements[judge].update(_read_judgements(path, set(known), kind, problems))
    everything = {**texts[PEOPLE], **texts[NEEDS]}
    halves = read_split(folder / "split.csv", set(everything), problems, "une personne ni un besoin connus")
    if problems:
        raise GoldenSetError("\n".join(problems))
    content = [
        [text.id, text.text, *(sorted(vars(judgements[judge][text.id]).items(), key=str) for judge in JUDGES)]
        for text in everything.values()
    ]
    return RankedSet(tuple(everything.values()), judgements, halves, golden_files.digest(content))


def _read_texts(path: Path, kind: str, problems: list[str]) -> dict[str, RankedText]:
    keys = ("id", "lang", "text", *(("target",) if kind == PEOPLE else ()))
    texts: dict[str, RankedText] = {}
    for place, content in read_objects(path, problems):
        if wrong := wrong_texts(content, keys):
            problems.append(f"{place} : il manque {', '.join(wrong)}")
        elif content["id"] in texts:
            problems.append(f"{place} : {content['id']} est déjà là")
        else:
            one = RankedText(content["id"], kind, content["lang"], content["text"], content.get("target", ""))
            texts[one.id] = one
    return texts


def _read_judgements(path: Path, known: set[str], kind: str, problems: list[str]) -> dict[str, Judgement]:
    found: dict[str, Judgement] = {}
    for place, content in read_objects(path, problems):
        name = content.get("id")
        if not isinstance(name, str) or name not in known:
            problems.append(f"{place} : {name} n'est pas connu")
        elif name in found:
            problems.append(f"{place} : {name} est déjà jugé")
        elif not _is_judgement(content, kind):
            problems.append(f"{place} : il faut « best », et des notes de 1 à 3 à des codes")
        else:
            found[name] = Judgement(content["best"], content.get("jobs", {}), content["trainings"])
    report_missing(path, known - found.keys(), "n'est pas jugé", problems)
    return found


def _is_judgement(content: Mapping[str, Any], kind: str) -> bool:
    graded = [content.get("trainings"), *([content.get("jobs")] if kind == PEOPLE else [])]
    return isinstance(content.get("best"), str) and all(
        isinstance(one, dict) and all(grade in GRADES for grade in one.values()) for one in graded
    )
