"""Which formations are of bioproduction's sector, and why."""

import pytest
from django.conf import settings

from benchmarks.sector_filter import measure
from training.importers.sector_filter import sector_reason

BIOLOGY = "sciences/biologie"
CHEMISTRY = "sciences/chimie"


@pytest.mark.parametrize(
    ("title", "nsf_codes", "domains", "reason"),
    [
        (
            "licence pro mention bio-industries et biotechnologies",
            ["112"],
            [BIOLOGY],
            "bioproduction : intitulé « bio-industries »",
        ),
        ("master mention immunologie", ["331"], [], "sciences du vivant : intitulé « immunologie », NSF 331"),
        (
            "BUT génie chimique, génie des procédés",
            ["222"],
            [CHEMISTRY],
            "chimie et procédés : intitulé « chimique », domaine sciences/chimie",
        ),
        (
            "technicien en pharmacie et cosmétique industrielles",
            [],
            [],
            "industries de santé : intitulé « pharmacie »",
        ),
        (
            "TP technicien de maintenance industrielle",
            ["201"],
            [],
            "maintenance industrielle : intitulé « maintenance », NSF 201",
        ),
        (
            "responsable logistique",
            ["311"],
            ["logistique, transport/logistique"],
            "logistique : intitulé « logistique », domaine logistique, transport/logistique",
        ),
    ],
)
def test_what_is_of_the_sector_says_why(title, nsf_codes, domains, reason):
    assert sector_reason(title, nsf_codes, domains) == reason


@pytest.mark.parametrize(
    ("title", "nsf_codes", "domains"),
    [
        ("BP carreleur mosaïste", ["233"], []),
        ("CS conduite de productions en agriculture biologique", ["212"], [BIOLOGY]),
        ("master mention traitement automatique des langues", ["326"], []),
        ("CS arrosage automatique : espaces verts", ["214"], []),
        ("BTS maritime maintenance des systèmes", ["250"], ["mécanique/construction navale"]),
        ("TP technicien supérieur de maintenance d'éoliennes", ["201"], []),
        ("responsable logistique de l'action humanitaire", [], ["logistique, transport/logistique"]),
        ("FCIL vendeur conseil en parapharmacie", ["312"], []),
        ("BTS biologie", [], []),
        ("", [], []),
    ],
)
def test_what_is_not_of_the_sector(title, nsf_codes, domains):
    assert sector_reason(title, nsf_codes, domains) == ""


def test_the_speciality_is_read_and_not_the_name_of_the_school():
    school = "diplôme d'ingénieur de l'École nationale supérieure de chimie, de biologie et de physique"
    assert sector_reason(f"{school} spécialité électronique", ["220"], [CHEMISTRY]) == ""
    assert sector_reason(school, ["220"], [CHEMISTRY]).startswith("sciences du vivant")
    assert "« biotechnologies »" in sector_reason(f"{school} spécialité biotechnologies", [], [])


def test_words_are_quoted_as_the_title_writes_them():
    assert "« Génie  biologique »" in sector_reason("BUT Génie  biologique", [], [])
    assert "« bio-procédés »" in sector_reason("œuvre et bio-procédés", [], [])


@pytest.mark.open_data
@pytest.mark.skipif(not settings.OPEN_DATA_DIR, reason="OPEN_DATA_DIR n'est pas donné")
def test_the_filter_finds_what_people_chose_and_keeps_little_else():
    measured = measure(settings.OPEN_DATA_DIR)
    assert measured.read == 5_776
    assert measured.kept <= 450
    assert measured.recall("core") >= 0.98
    assert measured.recall("near") >= 0.85
    assert measured.recall("edited") >= 0.95
