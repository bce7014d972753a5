"""What is asked: questions as people type them, in French and in English, a third of them with filters. Pure: no Django.

One rule: they were written for this benchmark; none is taken from the golden set, whose holdout nobody looks at.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

FRENCH = """
bioproduction
remplissage aseptique
salle propre
culture cellulaire
bonnes pratiques de fabrication
assurance qualité
contrôle qualité microbiologique
chromatographie de purification
filtration stérilisante
lyophilisation
BTS bioanalyses
licence professionnelle biotechnologies
CAPA
HPLC
LIMS
validation de procédé
qualification d'équipements
nettoyage et désinfection
maintenance industrielle
automatisme et supervision
technicien de laboratoire
conducteur de ligne de conditionnement
gestion de production
logistique pharmaceutique
sécurité chimique
risque biologique
thérapie génique
anticorps monoclonaux
vaccins
bioréacteur à usage unique
devenir technicien de bioproduction sans expérience
apprendre à travailler en zone à atmosphère contrôlée
comment se former au contrôle environnemental d'une salle blanche
reconversion dans l'industrie du médicament après un bac scientifique
formation courte sur l'intégrité des données
encadrer une équipe de production
analyser les causes d'une déviation
conduire un fermenteur
gestion de projet
communication
"""
ENGLISH = """
aseptic filling
cell culture
quality control laboratory
cleanroom gowning
process validation
protein purification
data integrity
project management
how to become a bioprocess technician
operate a single-use bioreactor
regulatory affairs for medicines
environmental monitoring of cleanrooms
"""
FILTERED = (
    ("remplissage aseptique", {"mode": ("on-site",), "max_price": ("2000",)}),
    ("assurance qualité", {"region": ("84",)}),
    ("maintenance", {"level": ("5",), "funding": ("apprenticeship",)}),
    ("culture cellulaire", {"kind": ("continuing",), "max_hours": ("70",)}),
    ("biotechnologies", {"level": ("6", "7")}),
    ("bonnes pratiques de fabrication", {"mode": ("remote",)}),
    ("microbiologie", {"region": ("11", "24"), "kind": ("initial",)}),
    ("qualité", {"origin": ("provider",), "language": ("en",)}),
    ("production", {"region": ("93",), "mode": ("on-site",), "funding": ("cpf",)}),
    ("purification de protéines", {"skill": ("aseptic-technique",)}),
    ("laboratoire", {"certification_state": ("ends-soon",)}),
    ("procédés pharmaceutiques", {"max_price": ("1500",), "starts_soon": ()}),
    ("gestion des déviations", {"starts_soon": ()}),
    ("conduite d'équipements", {"region": ("28",), "level": ("4",)}),
    ("", {"region": ("76",)}),
    ("", {"kind": ("initial",), "level": ("5",), "funding": ("apprenticeship",)}),
)
SOON_DAYS = 90


@dataclass(frozen=True)
class Query:
    text: str
    language: str = "fr"
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def queries(today: dt.date, count: int = 0) -> list[Query]:
    """All of them, or so many of every sort."""
    filtered = (Query(text, "fr", _dated(filters, today)) for text, filters in FILTERED)
    every = [*_bare(FRENCH, "fr"), *_bare(ENGLISH, "en"), *filtered]
    count = min(count or len(every), len(every))
    return [every[number * len(every) // count] for number in range(count)]


def _bare(lines: str, language: str) -> Iterator[Query]:
    return (Query(line, language) for line in lines.strip().splitlines())


def _dated(filters: Mapping[str, tuple[str, ...]], today: dt.date) -> dict[str, tuple[str, ...]]:
    """`starts_soon` stands for the two bounds that a person would type on the day of the run."""
    kept = {name: values for name, values in filters.items() if name != "starts_soon"}
    if "starts_soon" in filters:
        kept["starts_after"] = (today.isoformat(),)
        kept["starts_before"] = ((today + dt.timedelta(days=SOON_DAYS)).isoformat(),)
    return kept
