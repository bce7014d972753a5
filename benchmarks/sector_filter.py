"""How well the sector's filter finds what people chose. Run: `OPEN_DATA_DIR=… python -m benchmarks.sector_filter [--misses]`.

Three choices made by people are compared with it: the core and the near of a first selection by hand (bio_formations), and
the diplomas that the editors describe (training/sector_diplomas). The clauses were tuned on all three: these figures say how
well the rule writes down what was chosen, not how it would do on formations nobody has looked at.
"""

import csv
import gzip
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from training.importers.sector_filter import sector_reason

EDITED = Path(__file__).resolve().parent.parent / "training" / "sector_diplomas"
RELEVANCES = {"1": "core", "2": "near"}


@dataclass
class Measured:
    read: int = 0
    kept: int = 0
    clauses: Counter[str] = field(default_factory=Counter)
    chosen: dict[str, set[str]] = field(default_factory=dict)
    missed: dict[str, dict[str, str]] = field(default_factory=dict)

    def recall(self, name: str) -> float:
        return 1 - len(self.missed[name]) / len(self.chosen[name])


def measure(open_data: str | Path) -> Measured:
    folder = Path(open_data)
    measured = Measured(chosen=_chosen(folder))
    measured.missed = {name: {} for name in measured.chosen}
    for row in _rows(folder / "onisep" / "onisep_formations.csv.gz"):
        reason = sector_reason(row["titre"], row["codes_nsf"].split("|"), row["domaines"].split("|"))
        measured.read += 1
        if reason:
            measured.kept += 1
            measured.clauses[reason.split(" :")[0]] += 1
            continue
        for name, chosen in measured.chosen.items():
            if row["onisep_id"] in chosen:
                measured.missed[name][row["onisep_id"]] = row["titre"]
    return measured


def _chosen(folder: Path) -> dict[str, set[str]]:
    chosen: dict[str, set[str]] = {"core": set(), "near": set(), "edited": set()}
    for row in _rows(folder / "bio" / "bio_formations.csv.gz"):
        chosen[RELEVANCES[row["relevance"]]].add(row["onisep_id"])
    for path in EDITED.rglob("*.yaml"):
        chosen["edited"].update(re.findall(r"onisep: (FOR\.\d+)", path.read_text("utf-8")))
    return chosen


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def main() -> None:
    folder = os.environ.get("OPEN_DATA_DIR", "")
    if not folder:
        sys.exit("OPEN_DATA_DIR is not set.")
    measured = measure(folder)
    print(f"kept {measured.kept} of {measured.read} formations ({measured.kept / measured.read:.1%})")
    for clause, count in measured.clauses.most_common():
        print(f"  {clause:<28}{count:5}")
    for name, chosen in measured.chosen.items():
        found = len(chosen) - len(measured.missed[name])
        print(f"recall on {name:<7}{measured.recall(name):7.3f}  ({found} of {len(chosen)})")
        if "--misses" in sys.argv[1:]:
            for identity, title in measured.missed[name].items():
                print(f"    {identity:<10} {title}")


if __name__ == "__main__":
    main()
