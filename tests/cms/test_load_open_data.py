"""The whole load: from an empty database to everything, twice, by halves, and killed on the way."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from cms.open_data import files_left_out
from matching.management.commands.load_sector_diplomas import Command as LoadSectorDiplomas
from skills.models import Commune, DataRelease, EscoSkill, RomeEscoLink, RomeJob
from tests.cms.open_data import dump, dump_file, write_folder
from tests.skills.extracts import truncate, without, write_esco
from training.models import Diploma, Training

STEPS = (
    "référentiel de compétences",
    "communes",
    "ESCO",
    "ROME",
    "Onisep, formations",
    "Onisep, métiers",
    "diplômes de la filière",
)
BATCH_RECORD = "http://data.europa.eu/esco/skill/c438aa25-949e-47e6-a79c-a805d774946e"
ONE_DIPLOMA = """\
diplomas:
  - onisep: FOR.9970
    title: BTS biotechnologie en recherche et en production
    relevance: core
    reason: "Le BTS de la filière."
    skills:
      aseptic-technique: 3
      mammalian-cell-culture: 2
"""


@pytest.fixture
def folder(tmp_path):
    return write_folder(tmp_path / "data")


@pytest.fixture
def one_diploma(tmp_path, monkeypatch):
    """The selection holds one diploma, which the extract has."""
    selection = tmp_path / "selection"
    selection.mkdir()
    (selection / "all.yaml").write_text(ONE_DIPLOMA, "utf-8")
    monkeypatch.setattr(LoadSectorDiplomas, "default_path", selection)


def load(folder, capsys, *options, status=0):
    if status:
        with pytest.raises(SystemExit) as end:
            call_command("load_open_data", folder, *options)
        assert end.value.code == status
    else:
        call_command("load_open_data", folder, *options)
    return capsys.readouterr()


@pytest.mark.django_db
@pytest.mark.usefixtures("one_diploma")
class TestWholeLoad:
    def test_everything_is_loaded_and_a_second_run_changes_nothing(self, folder, capsys):
        first = load(folder, capsys, "--apply")
        lines = first.out.splitlines()
        assert lines[0].split() == [
            "étape",
            "ajouts",
            "modifs",
            "retraits",
            "inchangés",
            "rejets",
            "avert.",
            "s",
        ]
        assert tuple(line[:26].strip() for line in lines[1:8]) == STEPS
        assert lines[8].startswith("total")
        assert "  README.md : notice" in lines
        assert "  esco/inconnu.txt : fichier inconnu" in lines
        assert "rejet" not in first.err
        assert (Commune.objects.count(), EscoSkill.objects.count(), RomeJob.objects.count()) == (3, 15, 4)
        assert RomeEscoLink.objects.count() == 3
        training = Training.objects.get()
        assert (training.diploma, training.live) == (Diploma.objects.get(onisep_id="FOR.9970"), True)
        assert set(DataRelease.objects.values_list("source", flat=True)) == {
            "esco",
            "rome",
            "onisep",
            "referential",
            "selection",
        }
        loaded = dump()
        second = load(folder, capsys, "--apply")
        assert second.err.splitlines()[-1].startswith("rien n'a changé en ")
        assert second.err.count("rien de nouveau") == len(STEPS)
        assert dump() == loaded

    def test_a_dry_run_leaves_the_database_untouched_and_counts_what_apply_does(self, folder, capsys):
        before = dump()
        announced = load(folder, capsys, "--json")
        assert dump() == before
        assert "Essai à blanc : rien n'a été chargé" in announced.err
        done = load(folder, capsys, "--apply", "--json")
        assert without_seconds(announced.out) == without_seconds(done.out)

    def test_json_is_one_object_a_step_and_nothing_else(self, folder, capsys):
        told = [json.loads(line) for line in load(folder, capsys, "--apply", "--json").out.splitlines()]
        assert tuple(step["step"] for step in told) == STEPS
        esco = told[2]
        assert esco["by_kind"]["compétence ESCO"] == {"added": 15}
        assert (esco["added"], esco["rejected"], esco["warned"], esco["kept_corrections"]) == (66, 0, 0, 0)
        assert sum(step["rejected"] for step in told) == 0

    def test_a_correction_is_counted_at_every_run(self, folder, capsys):
        load(folder, capsys, "--apply")
        EscoSkill.objects.filter(uri__contains="c438aa25").update(label_fr="corrigée")
        told = load(folder, capsys, "--apply", "--json").out.splitlines()
        assert [json.loads(line)["kept_corrections"] for line in told] == [0, 0, 1, 0, 0, 0, 0]

    def test_what_a_source_withdraws_and_its_uses_are_seen(self, folder, capsys):
        load(folder, capsys, "--apply")
        write_esco(
            folder / "esco",
            skills=without("uri", BATCH_RECORD),
            hierarchy=lambda rows: [r for r in rows if r["child_uri"] != BATCH_RECORD] + rows[:1] * 14,
        )
        warning = f"compétence ESCO {BATCH_RECORD} : retirée de sa source, sert encore à compétence"
        announced = load(folder, capsys)
        told = announced.err.splitlines()
        (at,) = (
            number
            for number, line in enumerate(told)
            if line.endswith("ESCO… 0 ajouts, 0 modifications, 2 retraits")
        )
        assert told[at + 1].startswith("    attention : esco : " + warning)
        assert told[at + 10].endswith("en double.")
        assert told[at + 11] == "    … et 5 autres avertissements"
        esco = json.loads(load(folder, capsys, "--apply", "--json").out.splitlines()[2])
        assert (esco["removed"], esco["warned"], len(esco["warnings"])) == (2, 15, 15)
        assert warning in esco["warnings"][0]

    def test_an_unreadable_source_is_named_and_the_others_load(self, folder, capsys):
        truncate(folder / "esco" / "esco_occupations.csv.gz")
        (folder / "onisep" / "onisep_formations.csv.gz").unlink()
        told = load(folder, capsys, "--apply", status=1)
        assert "rejet : esco_occupations.csv.gz : ce n'est pas un CSV" in told.err
        assert told.err.count("fichiers absents : onisep_formations.csv.gz") == 2
        assert not EscoSkill.objects.exists()
        assert (RomeJob.objects.count(), Commune.objects.count()) == (4, 3)
        assert set(DataRelease.objects.values_list("source", flat=True)) == {
            "referential",
            "rome",
            "selection",
        }

    def test_what_is_mended_loads_later_and_links_arrive(self, folder, capsys):
        whole = (folder / "esco" / "esco_occupations.csv.gz").read_bytes()
        truncate(folder / "esco" / "esco_occupations.csv.gz")
        load(folder, capsys, "--apply", status=1)
        assert not RomeEscoLink.objects.exists()
        (folder / "esco" / "esco_occupations.csv.gz").write_bytes(whole)
        load(folder, capsys, "--apply")
        assert RomeEscoLink.objects.count() == 3

    def test_an_empty_folder_loads_what_is_our_own(self, tmp_path, capsys):
        (tmp_path / "empty").mkdir()
        told = load(tmp_path / "empty", capsys, "--json", status=1)
        assert [json.loads(line)["step"] for line in told.out.splitlines()] == [STEPS[0], STEPS[-1]]
        assert "FOR.9970 n'est pas dans les données chargées ; lancez import_onisep_formations" in told.err


def without_seconds(out: str) -> list[dict]:
    return [
        {key: value for key, value in json.loads(line).items() if key != "seconds"}
        for line in out.splitlines()
    ]


@pytest.mark.parametrize("folder", [None, Path("/nowhere")])
def test_a_folder_that_is_not_there_is_refused(folder):
    with pytest.raises(CommandError) as refusal:
        call_command("load_open_data", *([folder] if folder else []), **({} if folder else {"folder": None}))
    assert refusal.value.returncode == 2


def test_every_file_of_the_folder_is_loaded_or_named_with_the_reason(folder):
    assert files_left_out(folder) == {"README.md": "notice", "esco/inconnu.txt": "fichier inconnu"}


class Database:
    """A SQLite file of its own, which only the real command touches."""

    def __init__(self, state: Path, folder: Path) -> None:
        self.path = state / "biofiliere.sqlite3"
        state.mkdir()
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.environment |= {
            "BIOFILIERE_STATE_DIR": str(state),
            "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
            "OPEN_DATA_DIR": str(folder),
            "PYTHONHASHSEED": "0",  # rows written from a set get the same keys in every process
        }

    def start(self, *options: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "manage.py", "load_open_data", *options],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def load(self, *options: str) -> tuple[int, str]:
        process = self.start(*options)
        _out, told = process.communicate(timeout=300)
        return process.returncode, told

    def killed_at(self, seen: str, after: float = 0.0) -> bool:
        """Start the load, and end it without warning once standard error says `seen`, a moment later."""
        process = self.start("--apply")
        said = ""
        while seen not in said and (character := process.stderr.read(1)):
            said += character
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        return seen in said and process.returncode == -signal.SIGKILL


def test_killed_anywhere_it_ends_as_if_nothing_had_happened(folder, tmp_path):
    whole, cut = Database(tmp_path / "whole", folder), Database(tmp_path / "cut", folder)
    status, told = whole.load()
    assert (status, "La base est vide" in told) == (2, True)
    status, told = whole.load("--apply")
    assert "Traceback" not in told
    rejected = told.count("n'est pas dans les données chargées")
    assert (status, rejected > 100) == (1, True)  # most diplomas of the selection are not in the extract

    assert cut.killed_at("Base de données…", after=3)
    assert cut.load()[0] == 2
    assert cut.killed_at("[1/7]", after=0.3)
    for step in ("[3/7]", "[4/7]", "[5/7]", "[7/7]"):
        assert cut.killed_at(step, after=0.03)
    status, told = cut.load("--apply")
    assert (status, told.count("n'est pas dans les données chargées")) == (1, rejected)
    assert dump_file(cut.path) == dump_file(whole.path)
