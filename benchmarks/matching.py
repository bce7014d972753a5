"""Matching, measured side by side with its alternatives. Run: `python -m benchmarks.matching [reading profiles paths teams]`.

Needs the database of the demonstration (`make demo` leaves it) and the ML option. Each part prints its bar and what was
measured: medians over rounds, of this process alone; run it on an idle machine.
"""

import sys
from collections.abc import Callable

from benchmarks import matching_paths, matching_profiles, matching_reading, matching_teams

PARTS: dict[str, Callable[[], None]] = {
    "reading": matching_reading.main,
    "profiles": matching_profiles.main,
    "paths": matching_paths.main,
    "teams": matching_teams.main,
}


def main(names: list[str]) -> None:
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        sys.exit(f"Unknown part: {', '.join(unknown)}. Parts: {', '.join(PARTS)}.")
    for name in names or PARTS:
        print(f"\n## {name}\n")
        PARTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
