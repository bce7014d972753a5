"""LHEO files made for the tests: small, one oddity at a time."""

from pathlib import Path

from skills.models import Commune, CommunePostalCode, Domain, Region, Skill
from skills.place_names import place_key

NAMESPACE = "http://lheo.gouv.fr/2.3"
SIRET = "00000001800010"

SESSION = (
    """<session numero="{number}"><periode><debut>{start}</debut><fin>{end}</fin></periode>{more}</session>"""
)

FORMATION = """<formation numero="{number}">
<intitule-formation>{title}</intitule-formation>
<objectif-formation>{objectives}</objectif-formation>
<resultats-attendus>-</resultats-attendus>
<contenu-formation>{content}</contenu-formation>
<code-niveau-entree>{entry_level}</code-niveau-entree>
{certification}
<code-niveau-sortie>{exit_level}</code-niveau-sortie>
<action numero="{number}-A1">
<modalites-alternance>{alternation}</modalites-alternance>
<modalites-enseignement>{mode}</modalites-enseignement>
<conditions-specifiques>-</conditions-specifiques>
<lieu-de-formation><coordonnees><adresse><ligne>1 rue de l'Exemple</ligne>{address}</adresse></coordonnees>
</lieu-de-formation>
<modalites-entrees-sorties>{entry}</modalites-entrees-sorties>
{sessions}
<prix-total-TTC>{price}</prix-total-TTC>
<nombre-heures-total>{hours}</nombre-heures-total>
{action_extras}
</action>
<organisme-formation-responsable><numero-activite>{activity_number}</numero-activite>
<SIRET-organisme-formation><SIRET>{siret}</SIRET></SIRET-organisme-formation>
<nom-organisme>{provider}</nom-organisme></organisme-formation-responsable>
{extras}
</formation>
"""

VILLEURBANNE = (
    "<codepostal>69100</codepostal><ville>Villeurbanne</ville><code-INSEE-commune>69266</code-INSEE-commune>"
)


def session(number="S1", start="20270201", end="20270205", more=""):
    return SESSION.format(number=number, start=start, end=end, more=more)


def formation(number="F1", **changes):
    values = {
        "title": "Conduite de bioréacteur",
        "objectives": "Conduire une culture.",
        "content": "Cultures en cuve.",
        "entry_level": "15",
        "exit_level": "0",
        "certification": "",
        "alternation": "Aucune",
        "mode": "0",
        "address": VILLEURBANNE,
        "entry": "0",
        "sessions": session(),
        "price": "1200",
        "hours": "35",
        "action_extras": "",
        "activity_number": "82690000018",
        "siret": SIRET,
        "provider": "École d'essai",
        "extras": "",
    }
    return FORMATION.format(number=number, **(values | changes))


def lheo(*formations, namespace=NAMESPACE, prologue='<?xml version="1.0" encoding="UTF-8"?>'):
    declared = f' xmlns="{namespace}"' if namespace else ""
    return f"{prologue}<lheo{declared}><offres>{''.join(formations)}</offres></lheo>"


def write(folder: Path, *formations, name="source.xml", **options) -> Path:
    path = folder / name
    path.write_text(lheo(*formations, **options), encoding="utf-8")
    return path


def commune(insee_code, name, postal_codes, region=("84", "Auvergne-Rhône-Alpes"), **fields):
    """A stored commune, in the department of its INSEE code unless told otherwise."""
    stored_region, _created = Region.objects.get_or_create(code=region[0], defaults={"name": region[1]})
    department = insee_code[:3] if insee_code.startswith(("97", "98")) else insee_code[:2]
    values = {
        "department_code": department,
        "department": department,
        "latitude": 45.766,
        "longitude": 4.8795,
    }
    stored = Commune.objects.create(
        insee_code=insee_code, name=name, name_key=place_key(name), region=stored_region, **(values | fields)
    )
    CommunePostalCode.objects.bulk_create(
        CommunePostalCode(commune=stored, code=code) for code in postal_codes.split("|") if code
    )
    return stored


def skill(code):
    domain, _created = Domain.objects.get_or_create(
        code="upstream", defaults={"label_fr": "Amont", "label_en": "Upstream"}
    )
    return Skill.objects.create(
        code=code, domain=domain, label_fr=code, label_en=code, definition_fr=code, definition_en=code
    )
