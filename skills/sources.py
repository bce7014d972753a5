"""The open-data sources we import: who publishes them, under which licence, how to name them. Pure: no Django.

One rule: a source is its code everywhere; only this module knows its licence and its attribution.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class OpenDataSource:
    """`rank` orders the sources that may give the same field: the higher one wins."""

    code: str
    name: str
    publisher: str
    licence: str
    licence_url: str
    attribution_fr: str
    attribution_en: str
    homepage: str
    rank: int = 0

    def attribution(self, language: str) -> str:
        return self.attribution_en if language == "en" else self.attribution_fr


_LICENCE_OUVERTE = ("Licence Ouverte 2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/")
_RNCP_PORTAL = "https://www.francecompetences.fr/"

_SOURCES = (
    OpenDataSource(
        "esco",
        "ESCO",
        "Commission européenne",
        "Décision 2011/833/UE de la Commission",
        "https://eur-lex.europa.eu/eli/dec/2011/833/oj",
        "Ce service utilise la classification ESCO de la Commission européenne.",
        "This service uses the ESCO classification of the European Commission.",
        "https://esco.ec.europa.eu/",
    ),
    OpenDataSource(
        "rome",
        "ROME 4.0",
        "France Travail",
        *_LICENCE_OUVERTE,
        "France Travail – ROME",
        "France Travail – ROME",
        "https://www.francetravail.org/opendata/repertoire-operationnel-des-meti.html",
    ),
    OpenDataSource(
        "rncp-kit",
        "RNCP, kit apprentissage",
        "France compétences",
        *_LICENCE_OUVERTE,
        "France compétences – correspondances entre diplômes et fiches RNCP (apprentissage)",
        "France compétences – diplomas and RNCP entries (apprenticeship)",
        _RNCP_PORTAL,
        rank=1,
    ),
    OpenDataSource(
        "rncp-titles",
        "RNCP et RS, fiches actives",
        "France compétences",
        *_LICENCE_OUVERTE,
        "France compétences – répertoires RNCP et RS",
        "France compétences – RNCP and RS registers",
        _RNCP_PORTAL,
        rank=2,
    ),
    OpenDataSource(
        "rncp-export",
        "RNCP et RS, export quotidien",
        "France compétences",
        *_LICENCE_OUVERTE,
        "France compétences – répertoires RNCP et RS",
        "France compétences – RNCP and RS registers",
        _RNCP_PORTAL,
        rank=3,
    ),
    OpenDataSource(
        "onisep",
        "Idéo",
        "ONISEP",
        "ODbL 1.0",
        "https://opendatacommons.org/licenses/odbl/1-0/",
        "Onisep, Idéo – licence ODbL",
        "Onisep, Idéo – ODbL licence",
        "https://opendata.onisep.fr/",
    ),
    OpenDataSource(
        "selection",
        "Sélection des diplômes de la filière",
        "Biofilière",
        "Contenu du service",
        "",
        "Biofilière – sélection des diplômes de la filière et de leurs compétences",
        "Biofilière – selection of the sector's diplomas and of their skills",
        "",
    ),
    OpenDataSource(
        "referential",
        "Référentiel de la bioproduction",
        "Biofilière",
        "Contenu du service",
        "",
        "Biofilière – référentiel de compétences de la bioproduction",
        "Biofilière – bioproduction skills referential",
        "",
    ),
    # What training providers give us themselves; the version is the name of their source.
    OpenDataSource(
        "provider-file",
        "Fichier d'un organisme de formation",
        "L'organisme de formation",
        "Données fournies par l'organisme",
        "",
        "Données fournies par l'organisme de formation",
        "Data given by the training provider",
        "",
    ),
)

# Given by organisations and by us: no open data.
OWN_SOURCES = frozenset({"provider-file", "referential", "selection"})
SOURCES: dict[str, OpenDataSource] = {source.code: source for source in _SOURCES}
