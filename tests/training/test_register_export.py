"""France compétences' daily export goes through the real command, as an archive: sound, badly named, incomplete, hostile."""

import datetime as dt
import io
import unicodedata
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError

from skills.models import DataRelease
from tests.training.registers import KIT, export_members, load, run, without_utf8_flag, write_export
from training.models import Certification, CertificationBlock, CertificationBody, CertificationSuccession

pytestmark = pytest.mark.django_db
BLOCKS = "export_fiches_CSV_Blocs_De_Compétences_2024_02_22.csv"
STANDARD = "export_fiches_CSV_Standard_2024_02_22.csv"
PARTNERS = "export_fiches_CSV_Partenaires_2024_02_22.csv"


@pytest.fixture
def export(tmp_path):
    return write_export(tmp_path / "export.zip", export_members())


def changed(tmp_path: Path, name: str, old: str, new: str) -> Path:
    members = export_members()
    text = members[name].decode()
    assert old in text
    members[name] = text.replace(old, new).encode()
    return write_export(tmp_path / "changed.zip", members)


def test_all_ten_files_are_loaded(export):
    told = load("import_rncp_export", export)
    assert "0 rejets, 0 avertissements" in told
    cap = Certification.objects.get(code="RNCP509")
    assert (cap.title, cap.level) == ("Agent vérificateur d'appareils extincteurs", 3)
    assert cap.abbreviation == "Certificat d'aptitude professionnelle"
    assert (cap.registration_ends_on, cap.is_active) == (dt.date(2023, 8, 31), False)
    assert (cap.rome_codes, cap.nsf_codes, cap.formacodes) == ("I1203", "251", "42872")
    assert "En contrat d’apprentissage" in cap.access_routes.splitlines()
    assert Certification.objects.get(code="RS6117").collective_agreements == "3117"
    assert Certification.objects.get(code="RNCP4049").rome_codes == "D1407, D1406, H1102"
    assert CertificationBlock.objects.filter(certification=cap).count() == 6
    assert CertificationSuccession.objects.filter(old_code="RNCP19468", new_code="RS6117").exists()
    bodies = CertificationBody.objects.filter(certification__code="RS6117")
    assert bodies.get(role="CERTIFICATEUR", siret="31504294500032").name.startswith("INSTITUT NATIONAL")
    assert bodies.filter(role="HABILITATION_ORGA_FORM").count() == 6
    release = DataRelease.objects.get()
    assert (release.source, release.dated_on) == ("rncp-export", dt.date(2024, 2, 22))


def test_a_second_run_changes_nothing_and_a_dry_run_writes_nothing(export):
    run("import_rncp_export", export)
    assert not Certification.objects.exists()
    load("import_rncp_export", export)
    told = load("import_rncp_export", export)
    assert "0 ajouts, 0 modifications, 0 retraits" in told.splitlines()[-1]


@pytest.mark.parametrize("how", ["NFC", "NFD", "utf-8 unsaid", "cp437", "folder"])
def test_members_are_recognised_however_their_names_are_written(tmp_path, how):
    members = export_members()
    if how in ("NFC", "NFD"):
        members = {unicodedata.normalize(how, name): content for name, content in members.items()}
    if how == "folder":
        members = {f"export/{name}": content for name, content in members.items()}
    path = write_export(tmp_path / "export.zip", members)
    if how == "utf-8 unsaid":
        without_utf8_flag(path)
    if how == "cp437":
        # The é of DOS is one byte: names of the same length need two.
        raw = path.read_bytes().replace("é".encode(), b"\x82_").replace("è".encode(), b"\x8a_")
        path.write_bytes(raw)
        without_utf8_flag(path)
    with zipfile.ZipFile(path) as archive:
        assert len(archive.namelist()) == 10
    assert "0 rejets, 0 avertissements" in load("import_rncp_export", path)
    assert CertificationBlock.objects.count() == 6


def test_extra_members_are_named_and_left_aside(tmp_path):
    path = write_export(tmp_path / "export.zip", {**export_members(), "LISEZMOI.txt": b"bonjour"})
    assert "LISEZMOI.txt : fichier inconnu dans l'archive" in load("import_rncp_export", path)


def refused(path: Path) -> str:
    with pytest.raises(CommandError) as caught:
        load("import_rncp_export", path)
    assert caught.value.returncode == 2
    assert not Certification.objects.exists()
    return str(caught.value)


def test_a_missing_or_doubled_member_is_refused_whole(tmp_path):
    members = export_members()
    lacking = {name: content for name, content in members.items() if "Partenaires" not in name}
    assert "absents de l'archive : Partenaires" in refused(write_export(tmp_path / "a.zip", lacking))
    doubled = {**members, f"copie/{PARTNERS}": b""}
    assert f"en double dans l'archive : {PARTNERS}" in refused(write_export(tmp_path / "b.zip", doubled))
    mixed = {**lacking, PARTNERS.replace("02_22", "02_23"): members[PARTNERS]}
    assert "dates différentes" in refused(write_export(tmp_path / "c.zip", mixed))


def test_hostile_archives_are_refused(tmp_path, settings, export):
    members = export_members()
    bomb = members | {PARTNERS: members[PARTNERS] + b'"RS5000";"A";"\t1";"X"\r\n' * 700_000}
    assert "est comprimé" in refused(write_export(tmp_path / "bomb.zip", bomb))
    line = members | {PARTNERS: members[PARTNERS] + b'"RS5000";"' + b"A" * 1_500_000 + b'";"1";"X"\r\n'}
    assert "dépasse 1000000 caractères" in refused(write_export(tmp_path / "line.zip", line))
    settings.RNCP_EXPORT_MAX_BYTES = 1_000
    assert "RNCP_EXPORT_MAX_BYTES" in refused(export)


def test_a_damaged_or_foreign_archive_is_refused(tmp_path, export):
    raw = bytearray(export.read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as archive:
        start = archive.getinfo(STANDARD).header_offset + 30 + len(STANDARD)
    raw[start + 20 : start + 60] = b"\0" * 40
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(bytes(raw))
    assert refused(damaged)
    text = tmp_path / "text.zip"
    text.write_text("pas une archive", encoding="utf-8")
    assert "archive illisible" in refused(text)


def test_a_bad_row_is_reported_with_its_member_and_line_and_withdraws_nothing(tmp_path, export):
    load("import_rncp_export", export)
    with pytest.raises(SystemExit):
        load("import_rncp_export", changed(tmp_path, STANDARD, '"RNCP509"', '"RNCP 509"'))
    told = run_rejected(changed(tmp_path, PARTNERS, '"RS6117";"URMA', '"RS9";"URMA'))
    assert f"rejet : {PARTNERS}, ligne 2 : RS9 n'est pas dans la liste des fiches." in told
    assert not Certification.objects.exclude(withdrawn_on=None).exists()
    assert not CertificationBody.objects.exclude(withdrawn_on=None).exists()


def run_rejected(path: Path) -> str:
    from io import StringIO

    from django.core.management import call_command

    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_rncp_export", path, "--apply", stdout=out)
    return out.getvalue()


def test_a_block_that_changes_or_leaves_keeps_its_row(tmp_path, export):
    load("import_rncp_export", export)
    keys = dict(CertificationBlock.objects.values_list("code", "pk"))
    load("import_rncp_export", changed(tmp_path, BLOCKS, "UG1 : Français", "UG1 : Le français"))
    assert CertificationBlock.objects.get(code="RNCP509BC04").title.startswith("UG1 : Le français")
    members = export_members()
    lines = members[BLOCKS].decode().splitlines(True)
    members[BLOCKS] = "".join(line for line in lines if "BC04" not in line).encode()
    load("import_rncp_export", write_export(tmp_path / "less.zip", members))
    assert CertificationBlock.objects.get(code="RNCP509BC04").withdrawn_on is not None
    assert dict(CertificationBlock.objects.values_list("code", "pk")) == keys


def test_a_block_made_by_hand_is_taken_over_with_its_key(export):
    cap = Certification.objects.create(code="RNCP509")
    block = CertificationBlock.objects.create(certification=cap, code="RNCP509BC04", title="À la main")
    load("import_rncp_export", export)
    block.refresh_from_db()
    assert block.title.startswith("UG1")
    assert block.release.source == "rncp-export"


def test_the_kit_leaves_the_exports_successions_to_it(tmp_path, export):
    load("import_rncp_export", export)
    kit = tmp_path / "kit.csv"
    kit.write_text(
        KIT.read_text(encoding="utf-8").replace("RNCP34270", "RNCP19468").replace("RNCP39012", "RS6117"),
        encoding="utf-8",
    )
    load("import_rncp_kit", kit)
    shared = CertificationSuccession.objects.get(old_code="RNCP19468", new_code="RS6117")
    assert shared.release.source == "rncp-export"
    load("import_rncp_kit", KIT)
    shared.refresh_from_db()
    assert shared.withdrawn_on is None


@pytest.mark.open_data
@pytest.mark.skipif(not settings.OPEN_DATA_DIR, reason="OPEN_DATA_DIR n'est pas donné")
def test_the_real_sample_loads_twice():
    path = Path(settings.OPEN_DATA_DIR) / "rncp" / "export-fiches-csv-2024-02-22.sample.zip"
    told = load("import_rncp_export", path)
    assert "certification : 9 ajouts" in told
    assert "remplacement d'une certification : 6 ajouts" in told
    assert "bloc de compétences : 6 ajouts" in told
    assert "certificateur ou partenaire : 16 ajouts" in told
    assert "0 ajouts, 0 modifications, 0 retraits, 37 inchangés, 0 rejets" in load("import_rncp_export", path)
