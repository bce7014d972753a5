"""What every golden set is read with: JSON lines, the two halves, and mistakes told together. Pure: no Django, no engine.

One rule: a mistake never stops the reading; it is added to the problems with its file and line, and whoever reads the set
refuses it when there are any.
"""

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

TUNING, HOLDOUT = HALVES = ("tuning", "holdout")


class GoldenSetError(ValueError):
    """The files hold mistakes; the message lists them, one a line, for the person who wrote them."""


# --- Halves
def split(strata: Iterable[tuple[str, Hashable]]) -> dict[str, str]:
    """The half of each id, from (id, stratum) pairs: within its stratum, every other one in the order of the ids' SHA-256.

    Where a stratum is odd, the tuning half has one more. A set's `split.csv` froze the answer before any figure was seen,
    and it is `split.csv` that is read.
    """
    members: defaultdict[Hashable, list[str]] = defaultdict(list)
    for one, stratum in strata:
        members[stratum].append(one)
    return {
        one: HALVES[place % 2]
        for ids in members.values()
        for place, one in enumerate(sorted(ids, key=_sha256))
    }


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def write_split(path: Path, halves: Mapping[str, str]) -> None:
    lines = ["id,half", *(f"{one},{half}" for one, half in sorted(halves.items()))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_split(
    path: Path, known: set[str], problems: list[str], what: str = "une requête connue"
) -> dict[str, str]:
    halves: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), start=2):
            place, one, half = f"{path.name}, ligne {number}", row.get("id"), row.get("half")
            if one is None or one not in known:
                problems.append(f"{place} : {one} n'est pas {what}")
            elif half not in HALVES:
                problems.append(f"{place} : la moitié est {' ou '.join(HALVES)}")
            elif one in halves:
                problems.append(f"{place} : {one} est déjà là")
            else:
                halves[one] = half
    report_missing(path, known - halves.keys(), "n'a pas de moitié", problems)
    return halves


# --- Lines
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


def report_missing(path: Path, missing: Iterable[str], what: str, problems: list[str]) -> None:
    problems.extend(f"{path.name} : {one} {what}" for one in sorted(missing))


def digest(content: object) -> str:
    """Sixteen letters that say which set a figure was taken on."""
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]
