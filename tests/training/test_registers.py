"""The registers' titles and kit go through the real commands: on extracts of the real files, and on the whole of them."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings

from jobs.models import JobDiploma
from skills.models import DataRelease
from tests.cms.admin_factories import job_profile
from tests.people.factories import OrganisationFactory
from tests.training.registers import KIT, TITLES, load, run
from training.certification_watch.queries import registrations
from training.importers.registers import french_date
from training.importers.rncp_kit import bare_title
from training.models import Certification, CertificationSuccession, Training
from training.signals import certifications_changed

pytestmark = pytest.mark.django_db


def certification(code: str) -> Certification:
    return Certification.objects.get(code=code)


def edited(path: Path, target: Path, *replacements: tuple[str, str]) -> Path:
    text = path.read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    target.write_text(text, encoding="utf-8")
    return target


def without_line(path: Path, target: Path, code: str) -> Path:
    kept = [line for line in path.read_text(encoding="utf-8").splitlines(True) if code not in line]
    target.write_text("".join(kept), encoding="utf-8")
    return target


@pytest.fixture
def heard():
    received = []

    def receive(certification_ids, **_rest):
        codes = Certification.objects.filter(pk__in=certification_ids).values_list("code", flat=True)
        received.extend(codes)

    certifications_changed.connect(receive)
    yield received
    certifications_changed.disconnect(receive)


def test_a_dry_run_shows_and_writes_nothing():
    told = run("import_rncp_titles", TITLES) + run("import_rncp_kit", KIT)
    assert "+ certification RNCP38968" in told
    assert "+ remplacement d'une certification RNCP34037 → RNCP38968" in told
    assert not Certification.objects.exists()
    assert not CertificationSuccession.objects.exists()
    assert not DataRelease.objects.exists()


def test_titles_give_titles_levels_and_kinds():
    load("import_rncp_titles", TITLES)
    found = certification("RNCP35367")
    assert (found.level, found.abbreviation) == (6, "Bachelor universitaire de technologie")
    assert (found.is_active, found.registration_kind) == (True, "Enregistrement de droit")
    assert found.title_keys.startswith("genie biologique")
    assert (found.registration_ends_on, found.apprenticeship) == (None, None)
    assert certification("RS5656").level is None


def test_the_kit_gives_dates_and_successions():
    told = load("import_rncp_kit", KIT)
    assert "2 lignes sans fiche RNCP (« NR ») : mises de côté." in told
    assert "0 rejets, 1 avertissements" in told
    found = certification("RNCP34037")
    assert found.title == "Biotechnologies (fiche nationale)"
    assert (found.registration_ends_on, found.is_active) == (dt.date(2024, 6, 30), False)
    assert (found.apprenticeship, found.level) == (True, 7)
    assert certification("RNCP14089").registration_ends_on is None
    pairs = set(CertificationSuccession.objects.values_list("old_code", "new_code"))
    assert ("RNCP34037", "RNCP38968") in pairs
    assert DataRelease.objects.get(source="rncp-kit").dated_on == dt.date(2024, 8, 26)


@pytest.mark.parametrize("order", [("titles", "kit"), ("kit", "titles")])
def test_sources_rank_whatever_their_order(order):
    files = {"titles": TITLES, "kit": KIT}
    for name in order:
        load(f"import_rncp_{name}", files[name])
    found = certification("RNCP35367")
    # The list of titles outranks the kit, and knows no date.
    assert found.abbreviation == "Bachelor universitaire de technologie"
    assert found.registration_ends_on == dt.date(2026, 8, 31)
    assert found.release.source == "rncp-titles"
    for name in order:
        assert " 0 ajouts, 0 modifications, 0 retraits" in load(f"import_rncp_{name}", files[name])


def test_a_source_that_knows_nothing_blanks_nothing(tmp_path):
    load("import_rncp_kit", KIT)
    bare = edited(TITLES, tmp_path / "titles.csv", ("Bachelor universitaire de technologie,6", ","))
    load("import_rncp_titles", bare)
    assert (certification("RNCP35367").abbreviation, certification("RNCP35367").level) == ("BUT", 6)


def test_a_row_that_only_an_import_of_trainings_made_is_filled_and_a_correction_stands():
    Certification.objects.create(code="RNCP35367")
    Certification.objects.create(code="RNCP38968", title="Titre corrigé")
    load("import_rncp_titles", TITLES)
    assert certification("RNCP35367").title.startswith("Génie Biologique")
    assert certification("RNCP38968").title == "Titre corrigé"


def test_a_line_that_contradicts_or_cannot_be_read_is_rejected_alone(tmp_path):
    lines = KIT.read_text(encoding="utf-8").splitlines(True)
    twice = [line for line in lines if ",RNCP30047," in line]
    assert len(twice) == 2
    wrong = edited(
        KIT,
        tmp_path / "kit.csv",
        (twice[1], twice[1].replace("01/01/2025", "02/01/2025")),
        ("30/06/2029", "31/02/2029"),
    )
    with pytest.raises(SystemExit):
        run("import_rncp_kit", wrong, "--apply")
    assert certification("RNCP30047").registration_ends_on == dt.date(2025, 1, 1)
    assert not Certification.objects.filter(code="RNCP38968").exists()
    assert certification("RNCP39507").registration_ends_on == dt.date(2029, 8, 31)


def test_a_date_that_is_none_is_told_in_french():
    with pytest.raises(ValueError, match="« 31/02/2029 » n'est pas une date jj/mm/aaaa"):
        french_date("31/02/2029")


def test_a_certification_no_longer_active_is_told_with_its_uses(tmp_path, heard):
    load("import_rncp_kit", KIT)
    job = job_profile("culture", "Technicien de culture")
    JobDiploma.objects.create(page=job, level=6, label_fr="BUT", label_en="BUT", rncp_code="RNCP38968")
    lines = KIT.read_text(encoding="utf-8").splitlines(True)
    ended = [line.replace(",ACTIVE,", ",INACTIVE,") if ",RNCP38968," in line else line for line in lines]
    assert ended != lines
    (tmp_path / "kit.csv").write_text("".join(ended), encoding="utf-8")
    heard.clear()
    told = load("import_rncp_kit", tmp_path / "kit.csv")
    assert "certification RNCP38968 : déclarée obsolète par sa source, sert encore à métier culture." in told
    assert heard == ["RNCP38968"]


def test_what_is_withdrawn_is_marked_announced_and_reported_with_its_uses(tmp_path, heard):
    load("import_rncp_titles", TITLES)
    training = Training.objects.create(code="genie-bio", title_fr="Génie bio", provider=OrganisationFactory())
    training.certifications.add(certification("RNCP35367"))
    training.save()
    job = job_profile("culture", "Technicien de culture")
    JobDiploma.objects.create(page=job, level=6, label_fr="BUT", label_en="BUT", rncp_code="RNCP35367")
    heard.clear()
    told = load("import_rncp_titles", without_line(TITLES, tmp_path / "less.csv", "RNCP35367"))
    assert "RNCP35367 : retirée de sa source, sert encore à formation genie-bio, métier culture" in told
    assert certification("RNCP35367").withdrawn_on is not None
    assert "RNCP35367" in heard
    assert registrations([certification("RNCP35367")])["RNCP35367"].is_active is False
    load("import_rncp_titles", TITLES)
    assert certification("RNCP35367").withdrawn_on is None


def test_a_new_succession_is_announced_for_all_that_lead_to_it(heard, tmp_path):
    load("import_rncp_kit", KIT)
    heard.clear()
    replaced_again = ("30/06/2032,,RNCP34037", "30/06/2032,RNCP99999,RNCP34037")
    load("import_rncp_kit", edited(KIT, tmp_path / "kit.csv", replaced_again))
    # 34037 was replaced by 38968, which 99999 replaces.
    assert "RNCP34037" in heard
    assert registrations([certification("RNCP34037")])["RNCP34037"].successors == ("RNCP99999",)


@pytest.mark.parametrize(
    ("title", "abbreviation", "bare"),
    [
        ("TP - TP Soudeur", "TP", "Soudeur"),
        ("CS - Agent de contrôle", "CS", "Agent de contrôle"),
        ("Soudeur", "", "Soudeur"),
        ("TP Soudeur", "TP", "TP Soudeur"),
    ],
)
def test_the_kit_puts_the_kind_before_the_title(title, abbreviation, bare):
    assert bare_title(title, abbreviation) == bare


@pytest.mark.open_data
@pytest.mark.skipif(not settings.OPEN_DATA_DIR, reason="OPEN_DATA_DIR n'est pas donné")
def test_the_real_files_load_twice():
    folder = Path(settings.OPEN_DATA_DIR) / "rncp"
    titles, kit = folder / "rncp_fiches_actives.csv.gz", folder / "kit_apprentissage_rncp.csv.gz"
    assert "6590 ajouts, 0 modifications, 0 retraits, 0 inchangés, 0 rejets" in load(
        "import_rncp_titles", titles
    )
    told = load("import_rncp_kit", kit)
    assert "31 lignes sans fiche RNCP" in told
    assert "certification : 2472 ajouts, 2115 modifications, 0 retraits, 0 inchangés" in told
    assert "remplacement d'une certification : 3319 ajouts" in told
    assert Certification.objects.filter(code__startswith="RS").count() == 1452
    assert Certification.objects.exclude(registration_ends_on=None).count() == 4578
    for command, path in (("import_rncp_titles", titles), ("import_rncp_kit", kit)):
        assert " 0 ajouts, 0 modifications, 0 retraits" in load(command, path)
    assert DataRelease.objects.get(source="rncp-kit").dated_on == dt.date(2025, 1, 31)
