"""How long each import of open data takes, and how much memory. Run: `OPEN_DATA_DIR=… python -m benchmarks.open_data`.

Every command is a process of its own on a temporary database, run dry, then loading, then loading again. Beside them stand
the two floors that no import can beat: a command that does nothing, and reading the same files without keeping anything.
Figures of shared machines compare only within one run.
"""

import csv
import gzip
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Each command and the files it reads; those that need others come after them.
IMPORTS = {
    "import_places": "places/communes.csv.gz",
    "import_esco": "esco/*.csv.gz",
    "import_rome": "rome/*.csv.gz",
    "import_rncp_titles": "rncp/rncp_fiches_actives.csv.gz",
    "import_rncp_kit": "rncp/kit_apprentissage_rncp.csv.gz",
    "import_rncp_export": "rncp/*.zip",
    "import_onisep_formations": "onisep/*.csv.gz",
    "import_onisep_jobs": "onisep/*.csv.gz",
    "load_referential": "",
    "load_sector_diplomas": "",
}


@dataclass
class Measure:
    seconds: float
    peak_mb: float


def main() -> None:
    folder = Path(os.environ.get("OPEN_DATA_DIR") or sys.exit("OPEN_DATA_DIR must name the open data."))
    with tempfile.TemporaryDirectory(prefix="biofiliere-benchmark-") as state:
        environment = {**os.environ, "BIOFILIERE_STATE_DIR": state}
        run(environment, "migrate")
        idle = run(environment, "check")
        print(f"a command that does nothing: {idle.seconds:.1f} s, {idle.peak_mb:.0f} MB\n")
        print(f"{'':<26}{'dry run':>16}{'loading':>16}{'again':>16}{'reading alone':>16}")
        for command, pattern in IMPORTS.items():
            measure(environment, command, sorted(folder.glob(pattern)) if pattern else [])


def measure(environment: dict[str, str], command: str, files: list[Path]) -> None:
    measures = [run(environment, command, *flags) for flags in ((), ("--apply",), ("--apply",))]
    reading = sum(read_alone(path) for path in files if path.suffix == ".gz")
    shown = "".join(f"{m.seconds:>8.1f} s{m.peak_mb:>4.0f} MB" for m in measures)
    print(f"{command:<26}{shown}{reading:>14.1f} s", flush=True)


def run(environment: dict[str, str], *arguments: str) -> Measure:
    """One command in a process of its own; exit status 1 says that rows were rejected, and is no failure here."""
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            sys.exit(f"{' '.join(arguments)} : {process.stderr.read().decode()}")
    return Measure(time.perf_counter() - started, peak_mb(usage))


def peak_mb(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss * 1024 / 1_000_000


def read_alone(path: Path) -> float:
    started = time.perf_counter()
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        for _row in csv.DictReader(stream):
            pass
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
