"""Which jobs a text names by one of their titles."""

import pytest

from matching.reading.titles import JobTitles

TITLES = JobTitles(
    {
        "packaging": ["Conducteur / Conductrice de ligne de conditionnement", "Packaging line operator"],
        "buyer": ["Acheteur / Acheteuse", "acheteur industriel"],
        "mes": ["Responsable MES"],
        "qc": ["Technicien / Technicienne de contrôle qualité"],
        "qa": ["Technicien / Technicienne de contrôle qualité"],
        "other": ["Technicien / Technicienne de contrôle qualité"],
    }
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Je suis conductrice de ligne de conditionnement depuis six ans.", {"packaging"}),
        ("Packaging line operators wanted", {"packaging"}),
        ("On cherche une acheteuse.", {"buyer"}),
        ("Je conduis une ligne.", set()),
        ("responsable d'équipe", set()),  # MES is a small word of French: the title says too little
        ("technicien de contrôle qualité", set()),  # three jobs share it
        ("", set()),
    ],
)
def test_jobs_named(text, named):
    assert TITLES.named_in(text) == named
