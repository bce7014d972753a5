"""ONISEP's job sheets go through the real command, on an extract of the delivery and on the whole of it."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from jobs.models import OnisepJobSheet, OnisepSheetDiploma
from skills.models import DataRelease
from tests.skills.extracts import truncate, without, write_onisep

pytestmark = pytest.mark.django_db

BIOLOGIST = "MET.288"


def run(folder: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_onisep_jobs", folder, *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def delivery(tmp_path):
    return write_onisep(tmp_path / "onisep")


def test_a_dry_run_shows_and_writes_nothing(delivery):
    told = run(delivery)
    assert "+ fiche métier Onisep MET.288" in told
    assert "19 ajouts" in told
    assert not OnisepJobSheet.objects.exists()
    assert not OnisepSheetDiploma.objects.exists()
    assert not DataRelease.objects.exists()


def test_a_sheet_is_completed_by_the_list_of_titles(delivery):
    run(delivery, "--apply")
    sheet = OnisepJobSheet.objects.get(onisep_id=BIOLOGIST)
    assert (sheet.title, sheet.masculine, sheet.feminine) == (
        "technicien/ne biologiste",
        "technicien biologiste",
        "technicienne biologiste",
    )
    assert sheet.access_level == "bac + 2"
    assert sheet.rome_codes == "H1210 H1503"
    assert "sciences/biologie" in sheet.domains.splitlines()
    assert sheet.url == "https://www.onisep.fr/http/redirection/metier/slug/MET.288"
    assert len(sheet.alternative_titles.splitlines()) > 1
    assert "|" not in sheet.alternative_titles + sheet.interests + sheet.domains + sheet.rome_codes
    texts = "\n".join([sheet.presentation, sheet.in_brief, sheet.work, sheet.skills_required, sheet.access])
    assert "#" not in texts
    assert "**" not in texts
    assert "\n\nDurée des études\n\nAprès le bac\n" in sheet.in_brief
    diplomas = sheet.diploma_links.values_list("diploma_id", flat=True)
    assert set(diplomas) == {"FOR.7683", "FOR.9970", "FOR.11340"}


def test_several_rows_of_the_list_make_one_sheet_and_a_cut_code_is_told(delivery):
    told = run(delivery, "--apply")
    library = OnisepJobSheet.objects.get(onisep_id="MET.44")
    assert library.rome_codes == "K1601"
    assert "<p>" not in library.access
    assert "fiche MET.8099 : « K15 » n'est pas un code ROME" in told
    assert OnisepJobSheet.objects.get(onisep_id="MET.8099").rome_codes == ""


def test_a_second_run_changes_nothing_and_formations_share_the_release(delivery):
    run(delivery, "--apply")
    assert "0 ajouts, 0 modifications, 0 retraits, 19 inchangés, 0 rejets" in run(delivery, "--apply")
    call_command("import_onisep_formations", delivery, "--apply", stdout=StringIO())
    assert DataRelease.objects.get().source == "onisep"


def test_an_editors_correction_survives(tmp_path, delivery):
    run(delivery, "--apply")
    OnisepJobSheet.objects.filter(onisep_id=BIOLOGIST).update(access_level="bac + 3")

    def change(rows):
        for row in rows:
            row.update(niveau_acces_min="bac + 5", presentation="Nouveau.")

    told = run(write_onisep(tmp_path / "next", job_sheets=change), "--apply")
    sheet = OnisepJobSheet.objects.get(onisep_id=BIOLOGIST)
    assert (sheet.access_level, sheet.presentation) == ("bac + 3", "Nouveau.")
    assert sheet.corrected_fields == ["access_level"]
    assert "corrections de la rédaction gardées : 1" in told


def test_what_onisep_drops_is_marked(tmp_path, delivery):
    run(delivery, "--apply")
    shorter = write_onisep(
        tmp_path / "next",
        job_sheets=without("onisep_id", "MET.44"),
        job_codes=lambda rows: [row for row in rows if not row["lien_site_onisepfr"].endswith("MET.44")],
        job_formations=without("metier_id", "MET.44"),
    )
    told = run(shorter, "--apply")
    assert "- fiche métier Onisep MET.44" in told
    assert OnisepJobSheet.objects.get(onisep_id="MET.44").withdrawn_on == timezone.localdate()
    assert OnisepSheetDiploma.objects.exclude(withdrawn_on=None).count() == 6
    run(delivery, "--apply")
    assert not OnisepJobSheet.objects.exclude(withdrawn_on=None).exists()
    assert not OnisepSheetDiploma.objects.exclude(withdrawn_on=None).exists()


def test_a_bad_row_is_told_with_its_line_and_stops_no_other(tmp_path):
    def spoil_links(rows):
        rows[0].update(metier_id="MET.0")
        rows[1].update(formation_id="")

    def spoil(rows):
        rows[0].update(titre="x" * 201)

    folder = write_onisep(tmp_path / "onisep", job_formations=spoil_links, job_sheets=spoil)
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_onisep_jobs", folder, "--apply", stdout=out)
    told = out.getvalue()
    assert "fiche métier Onisep MET" in told
    assert "ligne 2 : lien vers un inconnu : MET.0" in told
    assert "ligne 3 : lien de MET.288 : formation vide" in told
    assert OnisepJobSheet.objects.count() == 3


@pytest.mark.parametrize("name", ["onisep_fiches_metiers", "onisep_metier_formation"])
def test_a_truncated_file_is_refused_whole(delivery, name):
    truncate(delivery / f"{name}.csv.gz")
    with pytest.raises(CommandError, match=name):
        run(delivery, "--apply")
    assert not OnisepJobSheet.objects.exists()


@pytest.mark.open_data
@pytest.mark.skipif(not settings.OPEN_DATA_DIR, reason="OPEN_DATA_DIR n'est pas donné")
def test_the_whole_delivery_loads_twice():
    folder = Path(settings.OPEN_DATA_DIR) / "onisep"
    for _run in range(2):
        told = run(folder, "--apply")
    assert "0 ajouts, 0 modifications, 0 retraits, 7974 inchangés, 0 rejets, 2 avertissements" in told
    assert OnisepJobSheet.objects.count() == 1_043
    assert OnisepJobSheet.objects.exclude(rome_codes="").count() == 918
    assert not OnisepJobSheet.objects.filter(url="").exists()
    assert OnisepSheetDiploma.objects.count() == 6_931
