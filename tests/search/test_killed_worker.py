"""Real processes killed in the middle of their work, on a database and an index of their own: nothing is lost."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

MANAGE = Path(settings.BASE_DIR) / "manage.py"
CHANGES = 2_000
# What happens to a catalogue: most trainings are renamed, some go, some come; a skill that many teach is renamed.
CHANGE = f"""
from search.models import OutboxEntry
from search.outbox import announce
from search.request import Kind
from skills.models import Skill
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
FILL = f"""
from people.models import Organisation
from training.models import Training

provider = Organisation.objects.get_or_create(name="Centre", kind="training_provider")[0]
Training.objects.bulk_create(
    Training(code=f"t-{{n}}", title_fr=f"Chromatographie {{n}}", provider=provider, live=True)
    for n in range({CHANGES})
)
"""


class Site:
    """A site of its own: database, index and processes; nothing of the test's process."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "biofiliere.sqlite3"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
            "BIOFILIERE_STATE_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{self.database}",
            "SEARCH_INDEX_DIR": str(folder / "search"),
            "SEARCH_ENGINE": "embedded",
            "EMBEDDING_MODEL": "",
            "DEBUG": "false",
        }

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
        out, errors = process.communicate(timeout=200)
        assert process.returncode == 0, errors
        return out

    def count(self, question: str) -> int:
        with closing(sqlite3.connect(self.database, timeout=20)) as database:
            return database.execute(question).fetchone()[0]

    @property
    def waiting(self) -> int:
        return self.count("SELECT count(*) FROM search_outboxentry")

    def kill_when(self, process: subprocess.Popen, is_time) -> None:
        """End it as a power cut would, as soon as the condition holds."""
        try:
            while not is_time():
                assert process.poll() is None, process.communicate()[1]
                time.sleep(0.01)
        finally:
            process.send_signal(signal.SIGKILL)
            process.communicate()


@pytest.fixture
def site(db, tmp_path):
    made = Site(tmp_path)
    if connection.vendor == "sqlite":  # the migrated database of the tests, copied: migrating takes a minute
        migrated = sqlite3.connect(connection.settings_dict["NAME"])
        with closing(migrated), closing(sqlite3.connect(made.database)) as copied:
            migrated.backup(copied)
    else:
        made.run("migrate", "--verbosity", "0")
    made.run("shell", "--verbosity", "0", "-c", FILL)
    return made


@pytest.mark.timeout(600)  # nine processes, on a machine that may be busy
def test_nothing_is_lost_when_workers_and_rebuilds_are_killed(site, tmp_path):
    segments = tmp_path / "search"

    rebuild = site.start("search_index", "rebuild")
    site.kill_when(rebuild, lambda: any(segments.glob("generation-*/trainings/segment-000003")))
    said = site.run("search_index", "rebuild")
    assert "Reprise de" in said
    assert f"trainings : {CHANGES} documents" not in said, "what was there was not done again"

    site.run("shell", "--verbosity", "0", "-c", CHANGE)
    before = site.waiting
    assert before > CHANGES
    worker = site.start("db_worker", "--queue-name", "*", "--no-startup-delay")
    site.kill_when(worker, lambda: site.waiting < before)
    left = site.waiting
    assert 0 < left < before, "killed in the middle"
    assert site.count("SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status = 'RUNNING'") == 1

    # The task that is said to be running for ever holds nothing up: the next change drains all that waits.
    site.run("shell", "--verbosity", "0", "-c", "from search.outbox import wake_worker; wake_worker()")
    another = site.start("db_worker", "--queue-name", "*", "--no-startup-delay")
    site.kill_when(another, lambda: site.waiting < left)
    site.run("search_index", "sync")
    assert site.waiting == 0
    site.run("search_index", "verify", "--full")
