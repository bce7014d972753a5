"""A small folder of open data, and all that a database holds, for tests of the whole load."""

import csv
import gzip
import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from django.apps import apps
from django.conf import settings

from tests.skills.extracts import write_esco, write_extract, write_rome

TOWNS = ("69266", "69123", "31555")
# Columns that tell when a row was written, or hold something drawn by chance.
OWN_TO_A_RUN = (
    "token",
    "translation_key",
    "_at",
    "_on",
    "date_joined",
    "last_login",
    "applied",
    "action_time",
)


def write_folder(folder: Path) -> Path:
    """ESCO, ROME and ONISEP's extracts, three towns, and two files that nothing loads."""
    write_esco(folder / "esco")
    write_rome(folder / "rome")
    write_extract("onisep", folder / "onisep", {})
    places = folder / "places"
    places.mkdir()
    with gzip.open(settings.PLACES_FILE, "rt", encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        rows = [row for row in reader if row["insee_code"] in TOWNS]
    with gzip.open(places / "communes.csv.gz", "wt", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, reader.fieldnames)
        writer.writeheader()
        writer.writerows(rows)
    (folder / "README.md").write_text("notice", "utf-8")
    (folder / "esco" / "inconnu.txt").write_text("?", "utf-8")
    return folder


def dump() -> dict[str, list[tuple]]:
    """Every row of every table of ours and Django's, timestamps included."""
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }


def dump_file(path: Path) -> dict[str, Counter]:
    """Every row of every table of a SQLite file, without what is a run's own nor the tasks that wait for a worker."""
    with closing(sqlite3.connect(path)) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: _rows(database, name)
            for (name,) in names
            if not name.startswith(("sqlite_", "django_tasks", "wagtailsearch_indexentry"))
        }


def _rows(database: sqlite3.Connection, table: str) -> Counter:
    found = database.execute(f"SELECT * FROM {table}")  # noqa: S608 - the table's own name
    columns = [description[0] for description in found.description]
    kept = [at for at, column in enumerate(columns) if not column.endswith(OWN_TO_A_RUN)]
    return Counter(json.dumps([str(row[at]) for at in kept]) for row in found)
