"""A site of its own for drills: database, index and processes that may be killed; nothing of the test's process."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

MANAGE = Path(settings.BASE_DIR) / "manage.py"
CHANGES = 2_000
FILL = f"""
from people.models import Organisation
from training.models import Training

provider = Organisation.objects.get_or_create(name="Centre", kind="training_provider")[0]
Training.objects.bulk_create(
    Training(code=f"t-{{n}}", title_fr=f"Chromatographie {{n}}", provider=provider, live=True)
    for n in range({CHANGES})
)
"""
# What happens to a catalogue: most trainings are renamed, some go, some come.
CHANGE = f"""
from search.outbox import announce
from search.request import Kind
from training.models import Training
from people.models import Organisation

provider = Organisation.objects.get_or_create(name="Centre", kind="training_provider")[0]
for number in range({CHANGES}):
    Training.objects.filter(code=f"t-{{number}}").update(title_fr=f"Lyophilisation {{number}}")
Training.objects.filter(code__in=[f"t-{{n}}" for n in range(0, {CHANGES}, 10)]).update(live=False)
Training.objects.bulk_create(
    Training(code=f"new-{{n}}", title_fr=f"Nouvelle {{n}}", provider=provider, live=True) for n in range(100)
)
announce(Kind.TRAININGS, [*(f"t-{{n}}" for n in range({CHANGES})), *(f"new-{{n}}" for n in range(100))])
"""
WORKER = ("db_worker", "--queue-name", "*", "--no-startup-delay")


class Site:
    def __init__(self, folder: Path, engine: Mapping[str, str]) -> None:
        """`engine` is the environment that chooses the engine and tells how to reach it."""
        self.database = folder / "biofiliere.sqlite3"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
            "BIOFILIERE_STATE_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{self.database}",
            "SEARCH_INDEX_DIR": str(folder / "search"),
            "EMBEDDING_MODEL": "",
            "DEBUG": "false",
            **engine,
        }

    def fill(self) -> None:
        """A migrated database with trainings; no index yet."""
        if (
            connection.vendor == "sqlite"
        ):  # the migrated database of the tests, copied: migrating takes a minute
            # Through a connection of its own: that of the test holds a transaction, in which a copy would wait for ever.
            migrated = sqlite3.connect(connection.settings_dict["NAME"])
            with closing(migrated), closing(sqlite3.connect(self.database)) as copied:
                migrated.backup(copied)
        else:
            self.run("migrate", "--verbosity", "0")
        self.shell(FILL)

    def start(self, *arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, str(MANAGE), *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> str:
        process = self.start(*arguments)
        out, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        return out

    def shell(self, code: str) -> None:
        self.run("shell", "--verbosity", "0", "-c", code)

    def count(self, question: str) -> int:
        with closing(sqlite3.connect(self.database, timeout=20)) as database:
            return database.execute(question).fetchone()[0]

    @property
    def waiting(self) -> int:
        return self.count("SELECT count(*) FROM search_outboxentry")

    def kill_when(self, process: subprocess.Popen, is_time: Callable[[], bool]) -> None:
        """End it as a power cut would, as soon as the condition holds."""
        try:
            wait_until(is_time, process)
        finally:
            kill(process)


def wait_until(is_time: Callable[[], bool], process: subprocess.Popen) -> None:
    """Wait for the condition while the process runs; it must not end first."""
    while not is_time():
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.01)


def kill(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()
