"""Ways of saying the skills: passages and expressions in both languages, read from the files of this folder. Pure: no Django.

One rule: a line that cannot be read is refused with its file and number; nothing is read half. `README.md` says what they are.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
_KEYS = ("passages_fr", "passages_en", "expressions_fr", "expressions_en")


class SayingsError(ValueError):
    """A line of the files that cannot be read: which one, and why."""


@dataclass(frozen=True, slots=True)
class Sayings:
    """How people tell a skill: whole `passages`, and `expressions` of a few words that give it away."""

    code: str
    passages: tuple[str, ...]
    expressions: tuple[str, ...]


def read_sayings(folder: Path = FOLDER) -> Iterator[Sayings]:
    """One a line, file by file. Raises SayingsError."""
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                content = json.loads(line)
                texts = {key: tuple(map(str, content[key])) for key in _KEYS}
                code = str(content["code"])
            except (ValueError, KeyError, TypeError) as error:
                raise SayingsError(f"{path.name}, ligne {number} : illisible ({error}).") from error
            yield Sayings(
                code,
                (*texts["passages_fr"], *texts["passages_en"]),
                (*texts["expressions_fr"], *texts["expressions_en"]),
            )
