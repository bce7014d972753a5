"""Loading: differences, idempotence, identity, removal and return, and what one bad row may not do."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from people.models import Organisation
from skills.models import Region, SkillStatus
from tests.training.lheo_samples import SIRET, VILLEURBANNE, commune, formation, session, skill, write
from training.importers.lheo import LheoFile
from training.importers.loading import load_trainings, release_of_file
from training.models import Certification, Training, TrainingSession, TrainingSkill
from training.models.training import SkillOrigin
from training.signals import training_changed

pytestmark = pytest.mark.django_db

SKILLS = (
    '<extras info="biofiliere-competences"><extra info="gmp">2</extra><extra'
    ' info="sampling">1</extra></extras>'
)


@pytest.fixture
def villeurbanne():
    return commune("69266", "Villeurbanne", "69100")


@pytest.fixture
def load(tmp_path, villeurbanne):
    def load_formations(*formations, apply=True, cut=0, **options):
        path = write(tmp_path, *formations)
        if cut:
            path.write_text(path.read_text(encoding="utf-8")[:-cut], encoding="utf-8")
        release = release_of_file(path, "essai", apply=apply)
        defaults = {"name": path.name, "source": "essai", "release": release, "apply": apply}
        return load_trainings(LheoFile(path), **(defaults | options))

    return load_formations


@pytest.fixture
def signalled():
    received = []

    def receive(training_id, **_rest):
        received.append(training_id)

    training_changed.connect(receive)
    yield received
    training_changed.disconnect(receive)


def counts(report):
    return {action.value: count for action, count in report.counts.items() if count}


def fields(report):
    (change,) = report.changes
    return {field.name: (field.before, field.after) for field in change.fields}


def test_a_new_training_is_published_with_all_below_it(load, villeurbanne, signalled):
    skill("gmp"), skill("sampling")
    report = load(
        formation(extras=SKILLS, certification="<certification><code-RNCP>1</code-RNCP></certification>")
    )
    training = Training.objects.get()
    assert counts(report) == {"added": 1}
    assert training.live
    assert (training.code, training.source, training.external_id) == ("f1", "essai", "F1")
    assert training.provider.siret == SIRET
    assert training.provider.is_provider
    assert [certification.code for certification in training.certifications.all()] == ["RNCP1"]
    assert str(Certification.objects.get()) == "RNCP1 (intitulé inconnu)"
    assert [(link.skill.code, link.level, link.origin) for link in training.skill_links.all()] == [
        ("gmp", 2, "declared"),
        ("sampling", 1, "declared"),
    ]
    action = training.actions.get()
    assert (action.commune, action.region, action.latitude) == (
        villeurbanne,
        villeurbanne.region,
        villeurbanne.latitude,
    )
    assert action.sessions.get().external_id == "S1"
    assert signalled == [training.pk]


def test_a_dry_run_writes_nothing_and_says_the_same(load, signalled):
    dry = load(formation("F1"), formation("F2"), apply=False)
    assert not Training.objects.exists()
    assert not Organisation.objects.exists()
    assert signalled == []
    assert load(formation("F1"), formation("F2")).changes == dry.changes


def test_a_second_run_changes_nothing(load, signalled):
    skill("gmp"), skill("sampling")
    sample = formation(
        extras=SKILLS,
        price="1250,50",
        hours="35,5",
        certification="<certification><code-RNCP>1</code-RNCP></certification>",
        siret="123",
        sessions=session("S1") + session("S2", "20270401", "99991231"),
    )
    load(sample)
    signalled.clear()
    report = load(sample)
    assert counts(report) == {"unchanged": 1}
    assert signalled == []
    assert Organisation.objects.count() == 1


def test_the_queries_of_an_unchanged_run_do_not_grow_with_its_rows(load, django_assert_max_num_queries):
    samples = [formation(f"F{number}") for number in range(60)]
    load(*samples)
    with django_assert_max_num_queries(20):
        assert counts(load(*samples)) == {"unchanged": 60}


def test_a_changed_field_is_shown_and_keeps_the_keys_below(load, signalled):
    load(formation())
    stored = TrainingSession.objects.get()
    signalled.clear()
    report = load(
        formation(title="Nouveau titre", price="900", sessions=session(end="20270206") + session("S2"))
    )
    shown = fields(report)
    assert shown["intitulé"] == ("Conduite de bioréacteur", "Nouveau titre")
    assert shown["action F1-A1 · prix (€)"] == ("1200.00", "900.00")
    assert shown["action F1-A1 · session S1 · fin"] == ("2027-02-05", "2027-02-06")
    assert shown["action F1-A1 · session S2 · début"] == ("", "2027-02-01")
    training = Training.objects.get()
    assert training.title_fr == "Nouveau titre"
    assert training.actions.get().sessions.get(external_id="S1").pk == stored.pk
    assert training.actions.get().sessions.count() == 2
    assert signalled == [training.pk]


def test_what_left_the_row_is_deleted_below_the_training(load):
    skill("gmp"), skill("sampling")
    load(formation(extras=SKILLS, sessions=session("S1") + session("S2")))
    report = load(formation())
    assert fields(report)["compétence gmp"] == ("niveau 2", "")
    training = Training.objects.get()
    assert training.skill_links.count() == 0
    assert [found.external_id for found in training.actions.get().sessions.all()] == ["S1"]


def test_links_made_by_people_or_machines_stay(load):
    confirmed, suggested = skill("gmp"), skill("sampling")
    load(formation())
    training = Training.objects.get()
    TrainingSkill.objects.create(training=training, skill=confirmed, level=3, origin=SkillOrigin.CONFIRMED)
    TrainingSkill.objects.create(training=training, skill=suggested, level=1, origin=SkillOrigin.SUGGESTED)
    load(formation(title="Autre titre"))
    assert training.skill_links.count() == 2


def test_a_removed_training_is_unpublished_and_comes_back(load, signalled):
    load(formation("F1"), formation("F2"))
    gone = Training.objects.get(external_id="F2")
    signalled.clear()
    report = load(formation("F1"))
    assert counts(report) == {"unchanged": 1, "removed": 1}
    gone.refresh_from_db()
    assert not gone.live
    assert gone.left_source_on == timezone.localdate()
    assert counts(load(formation("F1"))) == {"unchanged": 1}
    report = load(formation("F1"), formation("F2"))
    assert counts(report) == {"unchanged": 1, "changed": 1}
    gone.refresh_from_db()
    assert gone.live
    assert gone.left_source_on is None
    assert signalled == [gone.pk, gone.pk]


def test_a_training_unpublished_by_hand_stays_so(load):
    load(formation())
    Training.objects.get().unpublish()
    assert counts(load(formation())) == {"unchanged": 1}
    load(formation(title="Autre titre"))
    assert not Training.objects.get().live


def test_another_source_is_never_touched(load):
    load(formation("F1"))
    load(formation("F2"), source="autre")
    assert Training.objects.filter(live=True).count() == 2


@pytest.mark.parametrize("how", ["broken", "empty", "nameless"])
def test_nothing_is_removed_unless_the_whole_source_was_read(load, how):
    load(formation("F1"), formation("F2"))
    if how == "broken":
        report = load(formation("F1"), formation("F2"), cut=800)
    elif how == "empty":
        report = load()
    else:
        nameless = formation(title="", provider="", siret="").replace(' numero="F1"', "", 1)
        report = load(formation("F1"), nameless)
    assert Training.objects.filter(live=True).count() == 2
    assert any("aucune formation n'est retirée" in warning.reason for warning in report.warnings)


def test_a_rejected_row_is_not_taken_for_a_removed_one(load):
    load(formation("F1"), formation("F2"))
    report = load(formation("F1"), formation("F2", title=""))
    assert report.error_count == 1
    assert Training.objects.filter(live=True).count() == 2


def test_a_duplicate_is_rejected_with_both_lines(load):
    report = load(formation("F1"), formation("F1", title="Second"))
    assert counts(report) == {"added": 1}
    (error,) = report.errors
    first = 1
    assert error.line > first
    assert f"déjà décrit ligne {first}" in error.reason
    assert Training.objects.get().title_fr == "Conduite de bioréacteur"


def test_a_code_that_is_taken_gets_the_source_before_it(load):
    load(formation("A 1"), formation("a_1"))
    load(formation("A-1"), source="Autre Source")
    load(formation("A.1"), source="Autre Source 2")
    assert set(Training.objects.values_list("code", flat=True)) == {
        "a-1",
        "essai-a-1",
        "autre-source-a-1",
        "a1",
    }


def test_codes_stay_distinct_when_every_candidate_is_taken(load):
    load(formation("A 1"), formation("a_1"), formation("a-1"), formation("a  1."))
    assert Training.objects.count() == len(set(Training.objects.values_list("code", flat=True))) == 4


def test_a_row_that_the_database_refuses_stops_no_other(load, monkeypatch):
    from django.db import DataError

    def refuse(training_id, **_rest):
        if Training.objects.get(pk=training_id).external_id == "F2":
            raise DataError("valeur trop longue")

    training_changed.connect(refuse)
    try:
        report = load(formation("F1"), formation("F2"), formation("F3"))
    finally:
        training_changed.disconnect(refuse)
    assert counts(report) == {"added": 2}
    assert "refusée par la base" in report.errors[0].reason
    assert set(Training.objects.values_list("external_id", flat=True)) == {"F1", "F3"}


def test_unknown_and_retired_skills(load):
    retired = skill("gmp")
    retired.status, retired.replaced_by = SkillStatus.DEPRECATED, skill("good-practice")
    retired.save()
    report = load(formation(extras=SKILLS))
    assert [link.skill.code for link in Training.objects.get().skill_links.all()] == ["good-practice"]
    reasons = " ".join(warning.reason for warning in report.warnings)
    assert "« sampling » inconnue" in reasons
    assert "good-practice" in reasons


@pytest.mark.parametrize("siret", ["", "123", "00000000000001"])
def test_without_a_valid_siret_the_name_decides(load, siret):
    existing = Organisation.objects.create(name="ECOLE D’ESSAI", kind="training-provider")
    report = load(formation(siret=siret))
    assert Training.objects.get().provider == existing
    assert any("reconnu par son nom" in warning.reason for warning in report.warnings)


def test_an_existing_organisation_is_never_changed(load):
    existing = Organisation.objects.create(name="Nom choisi", kind="research", siret=SIRET)
    load(formation())
    existing.refresh_from_db()
    assert (Training.objects.get().provider, existing.name, existing.kind) == (
        existing,
        "Nom choisi",
        "research",
    )


def test_places_that_do_not_resolve_leave_the_region_and_a_warning(load):
    Region.objects.create(code="53", name="Bretagne")
    report = load(formation(address="<codepostal>69999</codepostal><ville>Inconnue</ville>"))
    action = Training.objects.get().actions.get()
    assert (action.commune, action.region.name, action.latitude) == (None, "Auvergne-Rhône-Alpes", None)
    assert any("commune introuvable" in warning.reason for warning in report.warnings)
    report = load(formation("F9", address="<region>53</region>"))
    assert Training.objects.get(external_id="F9").actions.get().region.name == "Bretagne"


def test_coordinates_far_from_the_commune_are_replaced(load, villeurbanne):
    swapped = "<geolocalisation><latitude>4.87</latitude><longitude>45.76</longitude></geolocalisation>"
    report = load(formation(address=VILLEURBANNE + swapped))
    assert Training.objects.get().actions.get().latitude == villeurbanne.latitude
    assert any("km de Villeurbanne" in warning.reason for warning in report.warnings)


def test_demonstration_marks_trainings_and_the_organisations_it_creates(load):
    load(formation(), demonstration=True)
    training = Training.objects.get()
    assert training.is_demonstration
    assert training.provider.is_demonstration


def test_the_command_is_a_dry_run_unless_told(tmp_path, villeurbanne):
    path = write(tmp_path, formation())
    out = StringIO()
    call_command("import_lheo", path, stdout=out)
    assert "Essai à blanc" in out.getvalue()
    assert not Training.objects.exists()
    out = StringIO()
    call_command("import_lheo", path, "--apply", "--json", stdout=out)
    assert json.loads(out.getvalue())["added"] == 1
    assert Training.objects.get().source == "source"


def test_the_command_reports_a_refused_file_and_a_missing_one(tmp_path):
    refused = tmp_path / "bombe.xml"
    refused.write_text("<!DOCTYPE lheo><lheo/>", encoding="utf-8")
    with pytest.raises(CommandError, match="DTD") as caught:
        call_command("import_lheo", refused)
    assert caught.value.returncode == 2
    with pytest.raises(CommandError, match=r"absent\.csv"):
        call_command("import_trainings_csv", tmp_path / "absent.csv")


def test_the_command_exits_with_1_when_a_row_was_rejected(tmp_path, villeurbanne):
    path = write(tmp_path, formation("F1"), formation("F2", title=""))
    out = StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("import_lheo", path, "--apply", stdout=out)
    assert caught.value.code == 1
    assert Training.objects.count() == 1
    assert "rejet : source.xml, ligne" in out.getvalue()


def test_a_partial_csv_training_loses_no_session(tmp_path, villeurbanne):
    from tests.training.test_csv import text_of

    path = tmp_path / "ecole.csv"
    path.write_text(text_of({}, {"code_session": "S2"}), encoding="utf-8")
    call_command("import_trainings_csv", path, "--apply", stdout=StringIO())
    path.write_text(text_of({}, {"code_session": "S2", "debut": "bientôt"}), encoding="utf-8")
    with pytest.raises(SystemExit):
        call_command("import_trainings_csv", path, "--apply", stdout=StringIO())
    assert TrainingSession.objects.count() == 2
