"""One wording whatever the gender."""

import pytest

from skills.gender import in_one_gender


@pytest.mark.parametrize(
    ("said", "one"),
    [
        ("opératrice de production", "opérateur de production"),
        ("Technicienne de maintenance", "Technicien de maintenance"),
        ("TECHNICIENNE", "TECHNICIEN"),
        ("techniciennes et techniciens", "techniciens"),
        ("technicien·ne de maintenance", "technicien de maintenance"),
        ("technicien(ne) de maintenance (H/F)", "technicien de maintenance"),
        ("technicien-ne culture cellulaire", "technicien culture cellulaire"),
        ("technicien.ne", "technicien"),
        ("animateur/animatrice HSE", "animateur HSE"),
        ("Infirmier / infirmière en réanimation", "Infirmier en réanimation"),
        ("directeur ou directrice qualité", "directeur qualité"),
        ("brasseur·euse", "brasseur"),
        ("étudiant·e·s en biologie", "étudiant en biologie"),
        ("je suis une automaticienne confirmée", "je suis un automaticien confirmé"),
        ("l'adjointe de la directrice", "l'adjoint du directeur"),
        ("superviseure", "superviseur"),
        ("cheffe d'équipe", "chef d'équipe"),
        ("conseillère qualité F/H/X", "conseiller qualité"),
    ],
)
def test_what_is_said_of_a_person_is_said_in_one_gender(said, one):
    assert in_one_gender(said) == one


@pytest.mark.parametrize(
    "text",
    [
        "remplisseuse automatique et étiqueteuse",
        "matière première, dernière bière",
        "maintenance industrielle",
        "CIP/SEP, UF/DF, salle de classe A/B",
        "sous-traitance, mise sous forme, peut-être, vis-à-vis",
        "e.g. les vaccins. Les cellules CHO.Le lot",
        "partie clinique",
        "qualité et quantité",
        "la culture, une filtration, de la chromatographie",
        "site.web/page-e",
        "",
    ],
)
def test_what_is_said_of_a_thing_stays(text):
    assert in_one_gender(text) == text


def test_said_twice_changes_nothing_more():
    once = in_one_gender("Cheffe de projet, ingénieur·e ou opératrice")
    assert in_one_gender(once) == once
