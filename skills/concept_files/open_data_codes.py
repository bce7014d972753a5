"""Which ESCO skills and ROME competences exist, read from the open data's own files. Pure: no Django.

One rule: a scheme whose file is absent is not judged.
"""

import csv
import gzip
import zlib
from pathlib import Path

_FILES = {
    "esco": ("esco/esco_skills.csv.gz", "uri"),
    "rome": ("rome/rome_competences.csv.gz", "code_ogr"),
}


def known_codes(open_data: Path) -> dict[str, set[str]]:
    """By scheme, every code that the open data folder knows; raises OSError for a file that cannot be read."""
    return {
        scheme: _column(open_data / place, column)
        for scheme, (place, column) in _FILES.items()
        if (open_data / place).is_file()
    }


def _column(path: Path, column: str) -> set[str]:
    try:
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as stream:
            return {row[column] for row in csv.DictReader(stream)}
    except (EOFError, zlib.error, UnicodeDecodeError, csv.Error, KeyError) as error:
        raise OSError(0, f"illisible ({type(error).__name__} : {error})", str(path)) from error
