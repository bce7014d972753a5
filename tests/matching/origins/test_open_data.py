"""The real ROME, ESCO and ONISEP: titles near bioproduction bring sensible skills, others bring nothing of production."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from matching.origins.answers import answer_title
from matching.origins.title_tables import DIPLOMA_KINDS, JOB_KINDS
from matching.origins.titles import find_origins
from matching.referential import load_referential
from skills.models import Skill

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.open_data,
    pytest.mark.skipif(not settings.OPEN_DATA_DIR, reason="OPEN_DATA_DIR n'est pas donné"),
]

# What is typed, the code meant, and skills that it must bring among others.
JOBS: list[tuple[str, str, set[str]]] = [
    ("Technicien / Technicienne de laboratoire d'analyse industrielle", "19789",
     {"physicochemical-analysis", "metrology-calibration", "hse-rules"}),
    ("technicienne de laboratoire de contrôle en industrie pharmaceutique", "19794",
     {"microbiology-analysis", "metrology-calibration"}),
    ("analyste de laboratoire en industrie pharmaceutique", "10939", {"microbiology-analysis"}),
    ("Responsable de laboratoire de contrôle en industrie pharmaceutique", "18760", {"metrology-calibration"}),
    ("Technicien de fabrication en industrie pharmaceutique", "19764",
     {"equipment-line-setup", "production-planning", "hse-rules"}),
    ("technicienne de production en industrie pharmaceutique", "19912", {"equipment-line-setup"}),
    ("opérateur technique de production en industrie pharmaceutique", "17342",
     {"batch-documentation", "gmp", "sterility-testing", "sampling"}),
    ("opératrice de fabrication en industrie pharmaceutique (H/F)", "17090",
     {"batch-documentation", "gmp", "sterility-testing"}),
    ("préparatrice d'injectables en industrie pharmaceutique", "18022", {"batch-documentation", "gmp"}),
    ("Conducteur de procédé de fabrication en industrie pharmaceutique", "405496", {"equipment-line-setup"}),
    ("conductrice d'équipements de stérilisation en industrie pharmaceutique", "13268", {"hse-rules"}),
    ("chef de ligne en industrie pharmaceutique", "12189", {"production-planning"}),
    ("responsable de ligne en industrie pharmaceutique", "18775", {"team-leadership", "gmp", "sampling"}),
    ("conducteur de ligne de conditionnement", "12981", {"equipment-line-setup", "ergonomics-handling"}),
    ("opératrice de ligne de conditionnement", "17110", {"equipment-line-setup", "inventory-management"}),
    ("responsable assurance qualité", "488365",
     {"deviation-management", "capa-management", "internal-audit", "supplier-qualification"}),
    ("responsable AQ", "488365", {"deviation-management"}),
    ("pharmacienne assurance qualité", "404904", {"marketing-authorisation-dossier", "supplier-qualification"}),
    ("chargé de validation-qualification en industrie pharmaceutique", "488366",
     {"metrology-calibration", "internal-audit"}),
    ("Pharmacien réglementaire", "404937", {"marketing-authorisation-dossier"}),
    ("technicien de maintenance industrielle", "19870",
     {"preventive-maintenance", "mechanical-electrical-troubleshooting"}),
    ("Technicienne en microbiologie en laboratoire d'analyse industrielle", "20094", {"physicochemical-analysis"}),
    ("technicien formulation en industrie pharmaceutique", "488421", {"chemical-risk-prevention"}),
    ("responsable formulation en industrie pharmaceutique", "488411", {"stability-studies"}),
    ("pharmacien de fabrication", "17683", {"batch-record-review", "production-planning"}),
    ("magasinière cariste", "16277", {"inventory-management"}),
    ("automaticien", "404478", {"preventive-maintenance", "corrective-maintenance"}),
    ("auditrice qualité", "488361", {"capa-management", "deviation-management"}),
    ("agent de stérilisation", "404264", {"autoclave-operation"}),
    ("chef d'équipe en chimie pharmacie", "12453", {"team-leadership", "gmp"}),
    ("ingénieure pharmaceutique", "66a7a085", {"gmp", "batch-documentation"}),
    ("technicien biologiste", "0a6d35df", {"sampling", "metrology-calibration"}),
    ("H2303", "H2303", {"batch-documentation", "gmp"}),
]  # fmt: skip
DIPLOMAS: list[tuple[str, str, set[str]]] = [
    ("BTS bioanalyses", "FOR.9975", {"microbiology-analysis", "aseptic-technique"}),
    ("BTS biotechnologies", "FOR.9970", {"bioreactor-operation", "aseptic-technique"}),
    ("bac pro laboratoire contrôle qualité", "FOR.7698", {"physicochemical-analysis", "sampling"}),
    ("BTS métiers de la chimie", "FOR.575", {"physicochemical-analysis"}),
    ("BTSA anabiotec", "FOR.7683", set()),
]
# Nothing in common with making medicines: what they bring is good in any job.
FAR = ["coiffeur", "avocate", "professeur de danse", "comptable", "chauffeur de taxi", "danseuse"]
ANYWHERE = {"transversal", "safety-environment"}
# Everyday words, and what only looks like one title: never guessed.
UNCLEAR = """technicien conducteur conductrice agent agente master chef cheffe opérateur ingénieure responsable assistant cadre
directrice pharmacien biologiste vendeuse secrétaire contrôleur stagiaire apprenti formateur analyste médecin ouvrier employé
technician operator driver teacher chef_de_projet technicienne_de_laboratoire technicien_de_maintenance conducteur_de_ligne
technicien_de_production_pharmaceutique laboratory_technician""".split()
# A hairdresser watches stocks, an accountant reads figures, a lawyer knows of patents: true, and all that comes.
OF_ANY_OFFICE = {
    "inventory-management",
    "data-analysis-statistics",
    "data-visualisation",
    "intellectual-property",
}


def load(*commands: str) -> None:
    for command in commands:
        call_command(*command.split(), "--apply", stdout=StringIO(), stderr=StringIO())


def wrong(table, kinds, referential) -> list[str]:
    """The rows of the table that are not answered as they say."""
    found = []
    for text, code, skills in table:
        answer = answer_title(text, kinds=kinds, referential=referential)
        if answer.equivalence is None or code not in answer.equivalence.origin.code:
            found.append(f"{text} : {[one.code for one in answer.candidates[:3]]}")
            continue
        missing = skills - {one.skill for one in answer.equivalence.skills}
        if missing:
            found.append(f"{text} : {missing}")
    return found


def test_real_titles_bring_sensible_skills():
    load("referential load", "import_esco", "import_rome")
    referential = load_referential()
    assert wrong(JOBS, JOB_KINDS, referential) == []
    domains = dict(Skill.objects.values_list("code", "domain__code"))
    for title in FAR:
        answer = answer_title(title, kinds=JOB_KINDS, referential=referential)
        assert answer.equivalence is not None, title
        brought = {one.skill: one.level for one in answer.equivalence.skills}
        far = {code for code in brought if domains[code] not in ANYWHERE}
        assert far <= OF_ANY_OFFICE, title
        assert all(brought[code] <= 2 for code in far), title
    for text in (word.replace("_", " ") for word in UNCLEAR):
        assert find_origins(text).chosen is None, text
    assert find_origins("responsable").is_cut


def test_real_diplomas_bring_what_their_trainings_teach():
    load("referential load", "import_rncp_titles", "import_onisep_formations", "load_sector_diplomas")
    assert wrong(DIPLOMAS, DIPLOMA_KINDS, load_referential()) == []
    for text in ("BTS", "BUT", "licence", "master", "opératrice en biotechnologie", "BUT GEA"):
        found = find_origins(text)
        assert found.candidates, text
        assert found.chosen is None, text
