"""One wording of a French text, whatever the gender in which somebody speaks of themselves. Pure: no Django, no engine.

One rule: only words that name or qualify a person change (a list, never a guess from an ending: « remplisseuse » is a
machine), so that « opératrice », « opérateur·rice » and « opérateur / opératrice » ask the same question as « opérateur ».
"""

import re
from functools import cache

# Masculine nouns and adjectives said of people at work; their feminine is made by `_feminine`.
_PEOPLE = """
accompagné acheteur adjoint administrateur affecté agent agriculteur aide-soignant ancien animateur
apprenti approvisionneur assistant attaché attiré auditeur automaticien bio-informaticien bioinformaticien
biostatisticien boucher boulanger brancardier brasseur caissier candidat certifié chargé chaudronnier chef
chercheur coiffeur commercial concepteur conducteur confirmé conseiller consultant contrôleur coopérateur
coordinateur coordonnateur couturier cuisinier cultivateur demandeur dessinateur devenu diplômé directeur
docteur doctorant débutant dépanneur développeur embauché employé encadrant encadré engagé enseignant
expert expérimenté facilitateur fermier fondateur formateur formé fromager galvaniseur gérant habilité
habitué horticulteur impliqué infirmier informaticien ingénieur inspecteur installateur intervenant
intervenu intéressé inventeur jardinier junior laborantin laitier lamineur licencié logisticien lycéen
magasinier maintenancier manager manipulateur menuisier moniteur monteur motivé muté mécanicien médecin
nettoyeur nommé négociateur opérateur ordonnanceur ouvrier passionné pharmacien planificateur plombier
polyvalent pompier porteur professeur programmeur promu prospecteur préparateur pâtissier qualifié
qualiticien rattaché reconverti recruté remplaçant retraité rédacteur référent régleur réparateur
répartiteur salarié senior sensibilisé serveur soignant soigneur soudeur spécialisé statisticien
superviseur surveillant technicien technico-commercial titularisé tourneur transporteur trieur tuteur
usineur validateur vendeur vérificateur zootechnicien éducateur électricien électromécanicien
électronicien éleveur étudiant
"""
# Those whose feminine follows no rule below.
_IRREGULAR = {
    "chef": "cheffe",
    "docteur": "docteure",
    "ingénieur": "ingénieure",
    "professeur": "professeure",
}
_DOUBLING = ("en", "on", "el")  # technicienne, industrielle
_TEUSE = {"acheteur", "monteur", "porteur", "transporteur"}  # the other « -teur » have « -trice »

_ENDINGS = "ères?|ières?|euses?|trices?|rices?|teuses?|nnes?|nes?|lles?|les?|sses?|ses?|fes?|ves?|es?"
_INCLUSIVE = re.compile(rf"(?<![\w'’])([\w-]{{2,}}?)([·•.‧∙-])(?:{_ENDINGS})(?:[·•.‧∙-]?s)?(?!\w)")
_BRACKETED = re.compile(rf"([\w-]{{2,}})\((?:{_ENDINGS})\)(s?)")
_PAIR = re.compile(r"([\w-]+)(\s*/\s*|\s+ou\s+|\s+et\s+)([\w-]+)", re.IGNORECASE)
_MARK = re.compile(
    r"\s*\(?\b(?:[hf]\s*/\s*[hfx](?:\s*/\s*[xd])?|[mwfhd]\s*/\s*[mwfhd]\s*/\s*[xd])\b\)?", re.IGNORECASE
)
_ARTICLE = re.compile(r"\b(une|de la|à la|la)\s+([\w-]+)", re.IGNORECASE)
_MASCULINE_ARTICLES = {"une": "un", "de la": "du", "à la": "au", "la": "le"}
_WORD = re.compile(r"[^\W\d_][\w-]*")


def _feminine(masculine: str) -> str:
    if masculine in _IRREGULAR:
        return _IRREGULAR[masculine]
    if masculine.endswith("teur") and masculine not in _TEUSE:
        return masculine[:-4] + "trice"
    if masculine.endswith("eur"):
        return masculine[:-1] + "se"
    if masculine.endswith("er"):
        return masculine[:-2] + "ère"
    if masculine.endswith(_DOUBLING):
        return masculine + masculine[-1] + "e"
    return masculine if masculine.endswith("e") else masculine + "e"


@cache
def _masculines() -> dict[str, str]:
    """The masculine of each word that changes, singular and plural, in small letters."""
    pairs: dict[str, str] = {}
    for masculine in _PEOPLE.split():
        for feminine in {_feminine(masculine), *_also(masculine)} - {masculine}:
            pairs[feminine] = masculine
            pairs[f"{feminine}s"] = f"{masculine}s"
    return pairs


def _also(masculine: str) -> tuple[str, ...]:
    """« superviseure », « chercheure »: a second feminine that is said too."""
    return (masculine + "e",) if masculine.endswith("eur") else ()


def in_one_gender(text: str) -> str:
    """The text as a man would say it; anything that is not said of a person is left as it is."""
    text = _MARK.sub("", text)
    text = _INCLUSIVE.sub(_whole, text)
    text = _BRACKETED.sub(r"\1\2", text)
    text = _PAIR.sub(_one_of, text)
    text = _ARTICLE.sub(_article, text)
    return _WORD.sub(lambda word: masculine(word.group()), text)


def _whole(match: re.Match[str]) -> str:
    """« technicien·ne » is « technicien »; of a hyphen or a full stop, which join other words too, only said of people."""
    word, joint = match.groups()
    return match.group() if joint in ".-" and word.casefold() not in _people() else word


@cache
def _people() -> frozenset[str]:
    return frozenset(_PEOPLE.split())


def masculine(word: str) -> str:
    """One word as a man would say it of himself; any other word as it is."""
    found = _masculines().get(word.casefold())
    if found is None:
        return word
    if word.isupper():
        return found.upper()
    return found.capitalize() if word[0].isupper() else found


def _one_of(match: re.Match[str]) -> str:
    one, _, other = match.groups()
    if masculine(one).casefold() == masculine(other).casefold() and one.casefold() != other.casefold():
        return masculine(one)
    return match.group()


def _article(match: re.Match[str]) -> str:
    article, word = match.groups()
    if word.casefold() not in _masculines():
        return match.group()
    masculine = _MASCULINE_ARTICLES[" ".join(article.casefold().split())]
    return f"{masculine.capitalize() if article[0].isupper() else masculine} {word}"
