"""Fairness of wording: a job named in the masculine, the feminine or an epicene form finds the same things. Pure.

One rule: the three wordings mean the same, so any difference between their results is the engine's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from search.evaluation.golden_files import GoldenSetError, read_objects, wrong_texts
from search.evaluation.golden_set import TARGETS
from search.evaluation.metrics import rank_biased_overlap

WORDINGS_FILE = Path(__file__).parent / "fairness" / "wordings.jsonl"
FORMS = ("masculine", "feminine", "epicene")
DEPTH = 10


@dataclass(frozen=True)
class Wordings:
    id: str
    target: str
    texts: Mapping[str, str]  # form → text


@dataclass(frozen=True)
class WordingOverlap:
    """How alike the results of the three forms are: rank-biased overlap of the first ten, by pair, and their mean."""

    wordings: Wordings
    pairs: Mapping[tuple[str, str], float]

    @property
    def mean(self) -> float:
        return sum(self.pairs.values()) / len(self.pairs)


def read_wordings(path: Path = WORDINGS_FILE) -> list[Wordings]:
    """Raises `GoldenSetError` for what the file says wrong."""
    problems: list[str] = []
    read: dict[str, Wordings] = {}
    for place, content in read_objects(path, problems):
        if wrong := wrong_texts(content, ("id", "target", *FORMS)):
            problems.append(f"{place} : il manque {', '.join(wrong)}")
        elif content["target"] not in TARGETS:
            problems.append(f"{place} : valeur inconnue pour target")
        elif content["id"] in read:
            problems.append(f"{place} : {content['id']} est déjà là")
        else:
            texts = {form: content[form] for form in FORMS}
            read[content["id"]] = Wordings(content["id"], content["target"], texts)
    if problems:
        raise GoldenSetError("\n".join(problems))
    return list(read.values())


def overlap(wordings: Wordings, rankings: Mapping[str, tuple[str, ...]]) -> WordingOverlap:
    """`rankings` holds the results of each form."""
    return WordingOverlap(
        wordings,
        {
            (one, other): rank_biased_overlap(rankings[one][:DEPTH], rankings[other][:DEPTH])
            for one, other in combinations(FORMS, 2)
        },
    )
