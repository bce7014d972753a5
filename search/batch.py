"""Batch files of the command line: one JSON object {"id", "text"} a line. Pure: no Django.

One rule: every line gets its answer, in order; a bad one gets an error of its own.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from search.request import is_unicode


@dataclass(frozen=True)
class BatchLine:
    id: str | int | None
    text: str
    error: str = ""


def read_batch(path: Path) -> Iterator[BatchLine]:
    """The lines of the file; blank ones are skipped."""
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            if raw.strip():
                yield _parse(number, raw)


def _parse(number: int, raw: bytes) -> BatchLine:
    try:
        content = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return BatchLine(None, "", f"ligne {number} : JSON illisible ({error})")
    identity = content.get("id") if isinstance(content, dict) else None
    if not isinstance(identity, str | int | None) or (isinstance(identity, str) and not is_unicode(identity)):
        return BatchLine(None, "", f"ligne {number} : « id » doit être une chaîne lisible ou un entier")
    if not isinstance(content, dict) or not isinstance(content.get("text"), str):
        return BatchLine(
            identity, "", f'ligne {number} : il faut un objet {{"id", "text"}} dont le texte est une chaîne'
        )
    return BatchLine(identity, content["text"])
