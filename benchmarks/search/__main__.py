"""`python -m benchmarks.search`: the engines side by side, in one run.

Elasticsearch is measured when ELASTICSEARCH_URL names a server; OPEN_DATA_DIR gives the texts of every trade. Progress goes to
standard error. What the model encodes is kept under --state: the first run takes as long as the model does.
"""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.search.report import bars
from benchmarks.search.run import SUBJECTS, Options, Run
from benchmarks.search.tables import bar_lines, size_lines
from benchmarks.search.texts import ROOT


def main() -> None:
    options, as_json = _read_arguments()
    results = []
    for result in Run(options).results():
        results.append(result)
        if as_json:
            print(json.dumps(result, ensure_ascii=False), flush=True)
        else:
            print("\n".join(size_lines(result)), flush=True)
    found = bars(results)
    if as_json:
        print(
            json.dumps(
                {"bars": [{**asdict(bar), "verdict": bar.verdict} for bar in found]}, ensure_ascii=False
            )
        )
    else:
        print("\n".join(bar_lines(found)))


def _read_arguments() -> tuple[Options, bool]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000", help="numbers of trainings")
    parser.add_argument("--engines", default=",".join(SUBJECTS), help="of: %(default)s (the default)")
    parser.add_argument(
        "--queries", type=int, default=0, help="how many of each sort's queries; 0: all of them"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--originals", type=int, default=10_000, help="trainings whose vectors are the model's own"
    )
    parser.add_argument("--chunk", type=int, default=200, help="documents a write, as the product's backfill")
    parser.add_argument(
        "--limit", type=float, default=60, help="seconds that one round of one engine may last"
    )
    parser.add_argument("--filling-limit", type=float, default=900, help="seconds for Wagtail's indexing")
    parser.add_argument("--state", type=Path, default=ROOT / "var" / "benchmarks")
    parser.add_argument("--json", action="store_true", help="one object a size, then the bars")
    read = vars(parser.parse_args())
    as_json = read.pop("json")
    sizes = tuple(int(size) for size in read.pop("sizes").split(","))
    engines = tuple(filter(_can_run, read.pop("engines").split(",")))
    read["state"] = read["state"].resolve()
    return Options(sizes, engines, open_data=os.environ.get("OPEN_DATA_DIR", ""), **read), as_json


def _can_run(name: str) -> bool:
    if name not in SUBJECTS:
        sys.exit(f"{name}: no such engine; there are {', '.join(SUBJECTS)}.")
    if name == "elasticsearch" and not os.environ.get("ELASTICSEARCH_URL"):
        print("elasticsearch is left out: ELASTICSEARCH_URL names no server.", file=sys.stderr)
        return False
    return True


if __name__ == "__main__":
    main()
