"""Who somebody is and where they live, told apart from what they do."""

import pytest

from matching.reading.identity import of_identity


@pytest.mark.parametrize(
    "line",
    [
        ["Jeanne Martin", "24 ans", "célibataire", "12 rue des Lilas", "69007 Lyon"],
        ["Né le 3 mars 1969 à Dakar", "nationalité sénégalaise", "marié", "quatre enfants"],
        ["née en mars 1990"],
        ["Mme Nguyễn Thị Hương", "born 1988", "Vietnamese citizen", "4 Baker Street", "London"],
        ["jeanne.martin@exemple.fr", "06 12 34 56 78"],
        ["Tél. +33 6 12 34 56 78"],
        ["8 bis avenue Jean-Jaurès", "Villeurbanne"],
        ["[Photo]"],
        ["37 years old", "married", "two children"],
    ],
)
def test_identity_is_recognised(line):
    assert all(of_identity(line)), dict(zip(line, of_identity(line), strict=True))


@pytest.mark.parametrize(
    "line",
    [
        ["5 ans d'expérience en culture cellulaire", "10000 litres par an"],
        ["je ne le fais jamais seule", "sauf la pesée"],
        ["Contrôle Qualité", "HPLC"],
        ["passeport de prévention", "permis cariste"],
        ["12 bioréacteurs", "15000 unités par jour"],
        ["formation de deux techniciens", "soins aux enfants malades"],
        ["single-use bags", "mobile clean benches"],
        ["Renaissance du dossier de lot"],
        ["téléphone et adresse des fournisseurs tenus à jour"],
    ],
)
def test_what_somebody_does_is_left(line):
    assert not any(of_identity(line)), dict(zip(line, of_identity(line), strict=True))


def test_a_trade_beside_an_age_is_left():
    assert of_identity(["technicienne qualité", "24 ans"]) == [False, True]
