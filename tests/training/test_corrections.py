"""What an editor corrected on an imported training survives the next import, and shows as a correction."""

import pytest

from skills.models import Commune, DataRelease
from tests.training.lheo_samples import commune, formation, session, skill, write
from training.importers.lheo import LheoFile
from training.importers.loading import load_trainings, release_of_file
from training.models import Training, TrainingAction, TrainingSession

pytestmark = pytest.mark.django_db

TWO_SKILLS = '<extras info="biofiliere-competences"><extra info="gmp">2</extra><extra info="sampling">1</extra></extras>'


@pytest.fixture
def load(tmp_path):
    commune("69266", "Villeurbanne", "69100")
    skill("gmp"), skill("sampling")

    def load_one(**parts):
        path = write(tmp_path, formation(**({"extras": TWO_SKILLS} | parts)))
        return load_trainings(
            LheoFile(path),
            name=path.name,
            source="essai",
            release=release_of_file(path, "essai", apply=True),
            apply=True,
        )

    load_one()
    return load_one


def differences(report) -> dict[str, str]:
    return {field.name: field.after for change in report.changes for field in change.fields}


def test_every_field_says_which_file_gave_it(load):
    training = Training.objects.get()
    release = DataRelease.objects.get()
    assert (release.source, release.version) == ("provider-file", "essai")
    assert training.given["title_fr"] == [training.title_fr, release.pk]
    assert training.actions.get().given["hours"][1] == release.pk
    assert training.corrected_fields == []


def test_a_corrected_field_stands_and_the_others_follow_the_source(load):
    Training.objects.update(title_fr="Intitulé corrigé")
    report = load(title="Nouveau titre de la source", objectives="Nouveaux objectifs")
    training = Training.objects.get()
    assert training.title_fr == "Intitulé corrigé"
    assert training.objectives == "Nouveaux objectifs"
    assert training.corrected_fields == ["title_fr"]
    assert training.given["title_fr"][0] == "Nouveau titre de la source"
    assert list(differences(report)) == ["objectifs"]
    assert report.kept_corrections == 1


def test_a_correction_that_the_source_adopts_is_none_any_more(load):
    Training.objects.update(title_fr="Intitulé corrigé")
    load(title="Intitulé corrigé")
    assert Training.objects.get().corrected_fields == []
    load(title="Encore un autre")
    assert Training.objects.get().title_fr == "Encore un autre"


def test_places_and_hours_of_an_action_can_be_corrected(load):
    lyon = commune("69123", "Lyon", "69001")
    TrainingAction.objects.update(commune=lyon, hours=99)
    load()
    action = TrainingAction.objects.get()
    assert (action.commune, action.hours) == (Commune.objects.get(insee_code="69123"), 99)
    assert set(action.corrected_fields) >= {"commune_id", "hours"}


def test_a_session_and_an_action_added_by_hand_stay(load):
    training = Training.objects.get()
    (action,) = training.actions.all()
    TrainingSession.objects.create(action=action, starts_on="2031-05-01", sort_order=5)
    for _number in range(2):
        TrainingAction.objects.create(training=training, hours=7, sort_order=9)
    report = load()
    assert not report.changed_anything
    assert TrainingSession.objects.filter(external_id="").count() == 1
    assert TrainingAction.objects.filter(external_id="").count() == 2


def test_a_level_changed_and_a_link_taken_away_stand(load):
    training = Training.objects.get()
    training.skill_links.filter(skill__code="gmp").update(level=3)
    training.skill_links.filter(skill__code="sampling").delete()
    report = load()
    assert dict(training.skill_links.values_list("skill__code", "level")) == {"gmp": 3}
    assert report.kept_corrections == 2
    assert not report.changed_anything


def test_rows_imported_before_corrections_were_told_apart_follow_their_source(load):
    Training.objects.update(given={})
    TrainingAction.objects.update(given={})
    load(title="La source dit autre chose")
    assert Training.objects.get().title_fr == "La source dit autre chose"


def test_a_moved_session_follows_its_source_unless_corrected(load):
    load(sessions=session("S1", "20310102", "20310103"))
    moved = TrainingSession.objects.get()
    TrainingSession.objects.filter(pk=moved.pk).update(seats=3)
    load(sessions=session("S1", "20310202", "20310203"))
    moved.refresh_from_db()
    assert (str(moved.starts_on), moved.seats) == ("2031-02-02", 3)
