"""ONISEP's formations and passages go through the real command, on an extract of the delivery and on the whole of it."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from skills.models import DataRelease
from tests.skills.extracts import truncate, without, write_onisep
from training.models import Diploma, DiplomaPassage, Training

pytestmark = pytest.mark.django_db

BTS = "FOR.9970"


def run(folder: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_onisep_formations", folder, *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def delivery(tmp_path):
    return write_onisep(tmp_path / "onisep")


def test_a_dry_run_shows_and_writes_nothing(delivery):
    told = run(delivery)
    assert "+ diplôme Onisep FOR.9970" in told
    assert "12 ajouts" in told
    assert "rien n'a été chargé" in told
    assert not Diploma.objects.exists()
    assert not DiplomaPassage.objects.exists()
    assert not DataRelease.objects.exists()


def test_a_formation_and_its_sheet_are_one_diploma(delivery):
    run(delivery, "--apply")
    bts = Diploma.objects.get(onisep_id=BTS)
    assert (bts.title, bts.level, bts.exit_level) == (
        "BTS biotechnologie en recherche et en production",
        5,
        "bac + 2",
    )
    assert (bts.rncp_code, bts.school_code, bts.nsf_codes) == ("RNCP38883", "32022210", "222")
    assert bts.kind == "brevet de technicien supérieur (BTS)"
    assert bts.domains == "sciences/biologie"
    assert bts.url == "https://www.onisep.fr/http/redirection/formation/slug/FOR.9970"
    assert bts.link.startswith("https://www.francecompetences.fr/")
    assert "technicien/ne biologiste" in bts.jobs.splitlines()
    assert bts.expectations.startswith("Attendus nationaux de la plateforme")
    assert "\n- " in bts.expectations
    assert "#" not in bts.description + bts.access + bts.expectations + bts.further_study
    assert not bts.access.startswith("Accès\n")
    assert bts.title_keys == "bts biotechnologie en recherche et en production"
    assert bts.sector_reason == "bioproduction : intitulé « biotechnologie »"
    assert {provenance.release.source for provenance in bts.provenances()} == {"onisep"}


def test_what_onisep_does_not_say_stays_unknown(delivery):
    told = run(delivery, "--apply")
    installer = Diploma.objects.get(onisep_id="FOR.12005")
    assert (installer.rncp_code, installer.description, installer.sector_reason) == ("", "", "")
    assert "formation FOR.12005 : « 402086 » n'est pas un code RNCP ; laissé inconnu" in told
    assert Diploma.objects.get(onisep_id="FOR.626").level == 4
    assert Diploma.objects.exclude(sector_reason="").count() == 3


def test_an_unregistered_formation_has_no_level(tmp_path):
    def unregister(rows):
        rows[0].update(niveau_certification="non inscrit au RNCP", niveau_sortie="non renseigné")

    run(write_onisep(tmp_path / "onisep", formations=unregister), "--apply")
    diploma = Diploma.objects.get(onisep_id="FOR.626")
    assert (diploma.level, diploma.exit_level) == (None, "")


def test_markup_and_levels_that_are_none_are_told(tmp_path):
    def spoil(rows):
        rows[0].update(titre="BP \u202e<b>carreleur</b>", niveau_certification="niveau 42")

    def spoil_passages(rows):
        rows[0].update(ci_intitule="<script>x</script>")

    folder = write_onisep(tmp_path / "onisep", formations=spoil, passages=spoil_passages)
    told = run(folder, "--apply")
    diploma = Diploma.objects.get(onisep_id="FOR.626")
    assert (diploma.title, diploma.level) == ("BP carreleur", None)
    assert "ligne 2 : formation FOR.626 : balises ou caractères invisibles ôtés : titre." in told
    assert "ligne 2 : formation FOR.626 : niveau inconnu : « niveau 42 »." in told
    assert "balises ou caractères invisibles ôtés : ci_intitule." in told
    assert DiplomaPassage.objects.filter(title="x").count() == 1


def test_passages_name_the_same_certification_in_the_registers(delivery):
    run(delivery, "--apply")
    assert DiplomaPassage.objects.count() == 6
    passage = DiplomaPassage.objects.get(onisep_id=BTS)
    assert (passage.certifinfo_id, passage.rncp_code, passage.school_code, passage.status) == (
        "116602",
        "RNCP38883",
        "32022210",
        "identique",
    )
    assert DiplomaPassage.objects.get(certifinfo_id="118479").onisep_id == ""


def test_a_second_run_changes_nothing(delivery):
    run(delivery, "--apply")
    assert "0 ajouts, 0 modifications, 0 retraits, 12 inchangés, 0 rejets" in run(delivery, "--apply")
    assert DataRelease.objects.count() == 1


def test_an_editors_correction_survives(tmp_path, delivery):
    run(delivery, "--apply")
    Diploma.objects.filter(onisep_id=BTS).update(title="BTS Biotechnologies, corrigé")

    def change(rows):
        for row in rows:
            row.update(titre=f"{row['titre']} rénové", duree="3 ans")

    told = run(write_onisep(tmp_path / "next", formations=change), "--apply")
    bts = Diploma.objects.get(onisep_id=BTS)
    assert (bts.title, bts.duration) == ("BTS Biotechnologies, corrigé", "3 ans")
    assert bts.corrected_fields == ["title"]
    assert "corrections de la rédaction gardées : 1" in told
    assert bts.title_keys == "bts biotechnologies corrige"
    assert Diploma.objects.get(onisep_id="FOR.626").title == "BP carreleur mosaïste rénové"


def test_a_withdrawn_diploma_is_marked_its_uses_are_told_and_it_may_come_back(tmp_path, delivery):
    run(delivery, "--apply")
    bts = Diploma.objects.get(onisep_id=BTS)
    Training.objects.create(code="bts-biotechnologies", title_fr="BTS", diploma=bts, live=False)
    shorter = write_onisep(
        tmp_path / "next",
        formations=without("onisep_id", BTS),
        formation_sheets=without("onisep_id", BTS),
        passages=without("ideo_identifiant_formation", BTS),
    )
    told = run(shorter, "--apply")
    assert f"{BTS} : retirée de sa source, sert encore à formation bts-biotechnologies" in told
    bts.refresh_from_db()
    assert bts.withdrawn_on == timezone.localdate()
    assert DiplomaPassage.objects.get(onisep_id=BTS).withdrawn_on == timezone.localdate()
    run(delivery, "--apply")
    bts.refresh_from_db()
    assert bts.withdrawn_on is None
    assert not DiplomaPassage.objects.exclude(withdrawn_on=None).exists()


def test_a_bad_row_is_told_with_its_line_and_stops_no_other(tmp_path):
    def spoil(rows):
        rows[1].update(titre="x" * 301)
        rows[2].update(onisep_id=rows[0]["onisep_id"])

    def spoil_passages(rows):
        rows[0].update(certif_info_ci_identifiant="")
        rows[1].update(statut="beaucoup trop long")

    def spoil_sheets(rows):
        rows[0].update(lien="javascript:alert(1)")
        rows[1].update(onisep_id="FOR.0")

    folder = write_onisep(
        tmp_path / "onisep", formations=spoil, passages=spoil_passages, formation_sheets=spoil_sheets
    )
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_onisep_formations", folder, "--apply", stdout=out)
    told = out.getvalue()
    assert "ligne 3 : diplôme Onisep FOR.11340" in told
    assert "ligne 4 : diplôme Onisep FOR.626 : identifiant en double" in told
    assert "ligne 2 : passage entre répertoires «  » : identifiant illisible" in told
    assert "trop long : status" in told
    assert "l'adresse « javascript:alert(1) » est laissée de côté" in told
    assert "fiche de formation FOR.0 : aucune formation" in told
    assert "4 rejets" in told
    assert Diploma.objects.count() == 4
    assert DiplomaPassage.objects.count() == 4


@pytest.mark.parametrize("options", [(), ("--apply",)])
def test_a_truncated_file_is_refused_whole(delivery, options):
    truncate(delivery / "onisep_formations.csv.gz")
    with pytest.raises(CommandError, match=r"onisep_formations\.csv\.gz"):
        run(delivery, *options)
    assert not Diploma.objects.exists()
    assert not DataRelease.objects.exists()


def test_a_folder_lacking_a_file_is_refused(delivery):
    (delivery / "onisep_metier_formation.csv.gz").unlink()
    with pytest.raises(CommandError, match=r"fichiers absents : onisep_metier_formation"):
        run(delivery)


class TestSectorOnly:
    def test_only_the_sector_is_added_and_the_rest_is_counted(self, delivery):
        told = run(delivery, "--sector-only", "--apply")
        assert "laissées de côté par le filtre : 3" in told
        assert "0 rejets" in told
        assert set(Diploma.objects.values_list("onisep_id", flat=True)) == {BTS, "FOR.7683", "FOR.11340"}

    def test_switching_mode_withdraws_and_doubles_nothing(self, delivery):
        run(delivery, "--sector-only", "--apply")
        assert "diplôme Onisep : 3 ajouts, 0 modifications, 0 retraits, 3 inchangés" in run(
            delivery, "--apply"
        )
        told = run(delivery, "--sector-only", "--apply")
        assert "0 ajouts, 0 modifications, 0 retraits, 12 inchangés" in told
        assert Diploma.objects.filter(withdrawn_on=None).count() == 6

    def test_a_diploma_outside_that_onisep_drops_is_withdrawn_all_the_same(self, tmp_path, delivery):
        run(delivery, "--apply")
        shorter = write_onisep(tmp_path / "next", formations=without("onisep_id", "FOR.626"))
        run(shorter, "--sector-only", "--apply")
        gone = Diploma.objects.exclude(withdrawn_on=None)
        assert [diploma.onisep_id for diploma in gone] == ["FOR.626"]


def test_reasons_and_keys_follow_our_rule_even_when_the_source_has_not_changed(delivery):
    run(delivery, "--apply")
    Diploma.objects.update(sector_reason="ancienne règle", title_keys="")
    run(delivery, "--apply")
    assert Diploma.objects.get(onisep_id="FOR.626").sector_reason == ""
    assert Diploma.objects.get(onisep_id="FOR.626").title_keys == "bp carreleur mosaiste"


@pytest.mark.open_data
@pytest.mark.skipif(not settings.OPEN_DATA_DIR, reason="OPEN_DATA_DIR n'est pas donné")
def test_the_whole_delivery_loads_twice():
    folder = Path(settings.OPEN_DATA_DIR) / "onisep"
    assert "laissées de côté par le filtre" in run(folder, "--sector-only", "--apply")
    kept = Diploma.objects.count()
    assert 350 <= kept <= 450
    run(folder, "--apply")
    assert "0 ajouts, 0 modifications, 0 retraits, 10678 inchangés, 0 rejets" in run(folder, "--apply")
    assert Diploma.objects.count() == 5_776
    assert Diploma.objects.exclude(sector_reason="").count() == kept
    assert Diploma.objects.exclude(rncp_code="").count() == 3_747
    assert Diploma.objects.filter(level=None).count() == 1_784
    assert Diploma.objects.exclude(jobs="").count() == 2_342
    assert DiplomaPassage.objects.count() == 4_902
    assert DiplomaPassage.objects.exclude(onisep_id="").count() == 3_283
