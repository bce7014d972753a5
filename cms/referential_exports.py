"""The public referential as files, whole or one concept, in the formats that machines read.

One rule: a file is made of published and retired skills only, and of the whole referential once for each edition of it. An
edition changes with the database, with the scheme or its changelog, and with the code that writes the files.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.cache import caches

from search.models import ReferentialState
from skills.concept_files.entries import ReferentialFiles
from skills.concept_files.parsing import CHANGES_FILE, SCHEME_FILE
from skills.exports.skos import FORMATS as SKOS_FORMATS
from skills.exports.skos import serialise, skos_graph
from skills.exports.tables import as_csv, as_json
from skills.shipped_history import shipped_history, shipped_scheme
from skills.stored_concepts import public_concept, public_referential


@dataclass(frozen=True)
class FileFormat:
    """`suffix` ends the file's address; `writer` is the name that `skills.exports` knows the format by."""

    suffix: str
    name: str
    media_type: str
    writer: str


TURTLE = FileFormat("ttl", "Turtle", SKOS_FORMATS["turtle"], "turtle")
JSON_LD = FileFormat("jsonld", "JSON-LD", SKOS_FORMATS["json-ld"], "json-ld")
CSV = FileFormat("csv", "CSV", "text/csv", "csv")
JSON = FileFormat("json", "JSON", "application/json", "json")
# What one concept, and what the whole referential, can be had in.
CONCEPT_FORMATS = (TURTLE, JSON_LD)
WHOLE_FORMATS = (TURTLE, JSON_LD, CSV, JSON)


@dataclass(frozen=True)
class Edition:
    """The referential as it is now; files of the same fingerprint are the same."""

    fingerprint: str
    changed_at: dt.datetime


def current_edition() -> Edition | None:
    """None before the first change is seen: what cannot be told from what was before is never kept. One query."""
    state = ReferentialState.objects.filter(pk=1).first()
    if state is None:
        return None
    recipe, written_at = _recipe(Path(settings.BASE_DIR), Path(settings.REFERENTIAL_DIR))
    digest = hashlib.sha256(f"{state.token} {recipe}".encode()).hexdigest()
    return Edition(digest[:32], max(state.changed_at, written_at))


@lru_cache(maxsize=4)
def _recipe(base: Path, folder: Path) -> tuple[str, dt.datetime]:
    """What files are made with, beside the database: a digest of it, and when it last changed."""
    code = [*(base / "skills" / "exports").glob("*.py"), *(base / "skills" / "concept_files").glob("*.py")]
    paths = [
        *sorted(code),
        *(folder / name for name in (SCHEME_FILE, CHANGES_FILE) if (folder / name).is_file()),
    ]
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + path.read_bytes())
    newest = max(path.stat().st_mtime for path in paths)
    return digest.hexdigest(), dt.datetime.fromtimestamp(newest, tz=dt.UTC)


def whole_file(file_format: FileFormat, edition: Edition | None) -> bytes:
    """The whole referential; nothing is read or written again for an edition already asked for."""
    if edition is None:
        return _written(public_referential(), file_format)
    key = f"{edition.fingerprint}.{file_format.suffix}"
    content = caches["exports"].get(key)
    if content is None:
        content = _written(public_referential(), file_format)
        caches["exports"].set(key, content)
    return content


def concept_file(code: str, file_format: FileFormat) -> bytes | None:
    """One concept; None where the public has none of this code. Seven queries."""
    files = public_concept(code)
    return _written(files, file_format, only=[code]) if code in files.skills else None


def _written(files: ReferentialFiles, file_format: FileFormat, only: list[str] | None = None) -> bytes:
    scheme = shipped_scheme()
    if file_format is CSV:
        text = as_csv(files)
    elif file_format is JSON:
        text = as_json(files, scheme)
    else:
        graph = skos_graph(files, scheme, shipped_history(), only=only)
        text = serialise(graph, file_format.writer)
    return text.encode()
