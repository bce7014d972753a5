"""The sector's diplomas become trainings: facts of ONISEP and of the register, skills with the passage that shows them."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from skills.models import DataRelease, SkillKind
from tests.matching.factories import load_part_of_referential
from tests.skills.extracts import run_import, updated, write_extract
from tests.skills.factories import SkillFactory
from training.importers.sector_diploma_files import read_selection
from training.models import Certification, Diploma, Training

BTS = "FOR.9970"
TITLE = "BTS biotechnologie en recherche et en production"
SHOWN = (
    "Le BTS forme à la culture de cellules de mammifères et à l'électrophorèse, sans la fermentation. "
    "Il demande de l'autonomie et du travail en équipe."
)


def diploma_text(identifier=BTS, title=TITLE, skills=("mammalian-cell-culture: 3", "sampling: 2")):
    kind = "onisep" if identifier.startswith("FOR") else "rncp"
    return "\n".join(
        [
            f"  - {kind}: {identifier}",
            f"    title: {title}",
            "    relevance: core",
            '    reason: "De la filière."',
            "    skills:",
            *(f"      {skill}" for skill in skills),
            "",
        ]
    )


@pytest.fixture
def selection(tmp_path):
    """Write the selection's only file; return its folder."""

    def write(*diplomas: str) -> Path:
        folder = tmp_path / "selection" / "level-5"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "all.yaml").write_text("diplomas:\n" + "".join(diplomas), "utf-8")
        return folder.parent

    return write


@pytest.fixture
def onisep(tmp_path, db):
    """Load the extract, with what a test changes in it."""

    def load(**changes):
        folder = write_extract("onisep", tmp_path / f"onisep-{len(changes)}", changes)
        run_import("import_onisep_formations", folder, "--apply")

    load_part_of_referential(
        "mammalian-cell-culture", "sampling", "electrophoresis", "microbial-fermentation"
    )
    load(formation_sheets=updated("onisep_id", BTS, description=SHOWN))
    return load


def publish(folder, *options):
    return run_import("load_sector_diplomas", folder, "--apply", *options)


class TestOneDiploma:
    @pytest.fixture
    def training(self, onisep, selection):
        report = publish(selection(diploma_text()))
        assert (report["exit"], report["added"], report["warned"]) == (0, 1, 0)
        return Training.objects.get()

    def test_it_is_published_with_the_sources_facts_and_nothing_invented(self, training):
        assert (training.live, training.is_demonstration) == (True, False)
        assert (training.provider, training.actions.count(), training.provider_name) == (None, 0, "")
        assert (training.code, training.external_id) == ("diplome-for-9970", BTS)
        assert (training.title_fr, training.exit_level, training.kind) == (TITLE, 5, "initial")
        diploma = training.diploma
        assert diploma == Diploma.objects.get(onisep_id=BTS)
        assert (training.objectives, training.prerequisites) == (diploma.description, diploma.access)
        assert training.content.startswith("Métiers\n")
        assert training.url == "https://www.onisep.fr/http/redirection/formation/slug/FOR.9970"
        assert [certification.code for certification in training.certifications.all()] == ["RNCP38883"]

    def test_skills_are_confirmed_by_us_or_by_the_rule_with_the_passage(self, training):
        links = {
            link.skill.code: (link.level, link.origin, link.confirmed_by, link.evidence)
            for link in training.skill_links.select_related("skill")
        }
        assert links == {
            "mammalian-cell-culture": (3, "confirmed", "editor", "culture de cellules de mammifères"),
            "sampling": (2, "confirmed", "editor", ""),
            "electrophoresis": (2, "confirmed", "rule", "électrophorèse"),
        }

    def test_each_field_names_the_delivery_it_comes_from(self, training):
        sources = {p.field: p.release.source for p in training.provenances()}
        assert sources["title_fr"] == sources["exit_level"] == sources["certifications"] == "onisep"
        assert sources["skills"] == "selection"
        assert training.corrected_fields == []

    def test_a_second_run_changes_nothing(self, training, selection):
        before = list(Training.objects.values())
        again = publish(selection(diploma_text()))
        assert (again["unchanged"], again["added"], again["changed"], again["removed"]) == (1, 0, 0, 0)
        assert list(Training.objects.values()) == before

    def test_what_an_editor_corrected_stands_while_the_rest_follows_onisep(self, training, selection, onisep):
        training.title_fr = "BTS Biotechnologies"
        training.objectives = training.objectives.replace("\n", "\r\n")
        training.save()
        training.skill_links.filter(skill__code="sampling").update(level=4)
        training.skill_links.filter(skill__code="electrophoresis").delete()
        onisep(
            formations=updated("onisep_id", BTS, niveau_certification="niveau 6"),
            formation_sheets=updated("onisep_id", BTS, description=SHOWN, acces="Après un bac."),
        )
        report = publish(selection(diploma_text()))
        training.refresh_from_db()
        assert report["kept_corrections"] == 3
        assert (training.title_fr, training.exit_level) == ("BTS Biotechnologies", 6)
        assert training.prerequisites == "Après un bac."
        assert set(training.corrected_fields) == {"title_fr", "skills"}
        levels = dict(training.skill_links.values_list("skill__code", "level"))
        assert levels == {"mammalian-cell-culture": 3, "sampling": 4}
        settled = publish(selection(diploma_text()))
        assert (settled["changed"], settled["kept_corrections"]) == (0, 3)

    def test_one_that_leaves_the_selection_is_withdrawn_and_comes_back(self, training, selection):
        other = diploma_text("FOR.11340", "licence pro mention bio-industries et biotechnologies")
        report = publish(selection(other))
        assert (report["added"], report["removed"]) == (1, 1)
        training.refresh_from_db()
        assert (training.live, training.left_source_on is None) == (False, False)
        publish(selection(other, diploma_text()))
        training.refresh_from_db()
        assert (training.live, training.left_source_on) == (True, None)

    @pytest.mark.parametrize("relation", ["FOR.99999", "RNCP99999"])
    def test_one_that_the_data_lack_is_told_with_file_and_line_and_withdraws_nothing(
        self, training, selection, relation
    ):
        report = publish(selection(diploma_text(relation, "Absent")))
        (error,) = report["errors"]
        command = "import_onisep_formations" if relation.startswith("FOR") else "import_rncp_titles"
        assert error["line"] == 2
        assert error["reason"] == (
            f"level-5/all.yaml : {relation} n'est pas dans les données chargées ; lancez {command}."
        )
        assert (report["exit"], report["removed"]) == (1, 0)
        training.refresh_from_db()
        assert training.live

    def test_a_diploma_that_left_the_database_keeps_its_training(self, training, selection):
        Training.objects.update(diploma=None)
        Diploma.objects.filter(onisep_id=BTS).delete()
        report = publish(selection(diploma_text()))
        assert (report["rejected"], report["removed"]) == (1, 0)
        training.refresh_from_db()
        assert (training.live, training.left_source_on) == (True, None)

    def test_a_selection_that_cannot_be_read_whole_withdraws_nothing(self, training, selection):
        report = publish(selection("  - onisep: pas un code\n    title: x\n"))
        assert (report["exit"], report["rejected"], report["removed"]) == (1, 1, 0)
        training.refresh_from_db()
        assert training.live


def test_a_behaviour_that_a_text_names_is_promised_by_no_diploma(onisep, selection):
    SkillFactory(code="autonomy", label_fr="Autonomie", kind=SkillKind.BEHAVIOUR)
    publish(selection(diploma_text()))
    assert not Training.objects.get().skill_links.filter(skill__code="autonomy").exists()


def test_a_skill_that_the_referential_lacks_is_told_and_left_aside(onisep, selection):
    report = publish(selection(diploma_text(skills=("unknown-skill: 2", "sampling: 1"))))
    assert report["exit"] == 0
    assert [w["reason"] for w in report["warnings"]] == [
        "formation FOR.9970 : compétence « unknown-skill » inconnue du référentiel ; lien laissé de côté."
    ]


def test_a_title_that_the_source_changed_is_told(onisep, selection):
    report = publish(selection(diploma_text(title="BTS biotechnologies")))
    assert (
        "la source l'appelle maintenant « BTS biotechnologie en recherche" in report["warnings"][0]["reason"]
    )


@pytest.fixture
def register(db):
    """A title of the register, as the importer of active titles leaves it."""
    release = DataRelease.objects.create(source="rncp-titles", version="2026", fingerprint="f" * 64)
    load_part_of_referential("sampling")

    def add(code, title, level):
        given = {"title": [title, release.pk], "level": [level, release.pk]}
        return Certification.objects.create(code=code, title=title, level=level, release=release, given=given)

    return add


def test_a_diploma_of_the_register_alone_says_so(register, selection):
    register("RNCP35366", "technicien en bioproduction", 5)
    publish(selection(diploma_text("RNCP35366", "Technicien en bioproduction", ("sampling: 2",))))
    training = Training.objects.get()
    assert (training.title_fr, training.exit_level, training.diploma) == (
        "Technicien en bioproduction",
        5,
        None,
    )
    assert training.url == "https://www.francecompetences.fr/recherche/rncp/35366/"
    sources = {p.field: p.release.source for p in training.provenances()}
    assert {sources[name] for name in ("title_fr", "exit_level", "certifications", "url")} == {"rncp-titles"}


def test_a_level_that_onisep_does_not_know_comes_from_the_register(tmp_path, register, selection):
    register("RNCP38883", TITLE, 5)
    folder = write_extract(
        "onisep", tmp_path / "onisep", {"formations": updated("onisep_id", BTS, niveau_certification="")}
    )
    run_import("import_onisep_formations", folder, "--apply")
    publish(selection(diploma_text(skills=("sampling: 2",))))
    training = Training.objects.get()
    sources = {p.field: p.release.source for p in training.provenances()}
    assert (training.exit_level, sources["exit_level"], sources["title_fr"]) == (5, "rncp-titles", "onisep")


@pytest.mark.open_data
@pytest.mark.skipif(not settings.OPEN_DATA_DIR, reason="OPEN_DATA_DIR n'est pas donné")
@pytest.mark.django_db
def test_the_whole_selection_is_published_from_the_whole_data():
    data = Path(settings.OPEN_DATA_DIR)
    call_command("referential", "load", "--apply", stdout=StringIO())
    run_import("import_rncp_titles", data / "rncp" / "rncp_fiches_actives.csv.gz", "--apply")
    run_import("import_onisep_formations", data / "onisep", "--apply")
    out = StringIO()
    call_command("load_sector_diplomas", "--apply", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert (report["rejected"], report["warned"]) == (0, 0)
    trainings = list(
        Training.objects.select_related("diploma").prefetch_related("skill_links", "certifications")
    )
    assert len(trainings) == report["added"] >= 150
    for training in trainings:
        assert training.live
        assert not training.is_demonstration
        assert training.skill_links.count() >= 3
        assert all(1 <= link.level <= 4 and link.confirmed_by for link in training.skill_links.all())
        source = training.diploma or training.certifications.get()
        assert training.title_fr.casefold() == source.title.casefold()
        assert {p.release.source for p in training.provenances()} <= {"onisep", "rncp-titles", "selection"}
    selected = read_selection(settings.BASE_DIR / "training" / "sector_diplomas")
    assert {one.identifier for one in selected} == {training.external_id for training in trainings}
