"""Stems that French and English inflections share. Pure: no Django, no engine.

One rule: a stem is taken from the folded word (no accents, lower case) on both sides, label and text, so
that a text typed without accents meets the same stems.
"""

import re
from functools import lru_cache

import snowballstemmer

_FRENCH = snowballstemmer.stemmer("french")
_ENGLISH = snowballstemmer.stemmer("english")

_SMALL_WORDS = """
    a al at an and au aux avec by ce ces cet cette chez d dans de des du en et for from in into is l la le les
    leur leurs ma mes mon my n nos notre of on or ou our par pour sa sans se ses son sous sur the their to un
    une using vers via with y
    all also aussi bien chaque cinq deja deux different differente differentes differents divers
    diverses dix egalement every many notamment parfois plusieurs principalement quatre quelques
    quotidiennement regulierement several some souvent surtout toujours tous toutes trois
"""
STOP_WORDS = frozenset(_SMALL_WORDS.split())

# Families whose members the stemmer does not join: the sector's verbs and the nouns made from them.
_FRENCH_FAMILIES = (
    (re.compile(r"^condui|^conduct(eur|rice)"), "conduit"),
    (re.compile(r"^produi[rst]|^product(ion|eur|rice)"), "product"),
    (re.compile(r"^gest|^ger(e|er|ais|ait|ant|ees?|es|ons|ez|ent)$"), "gestion"),
    (re.compile(r"^redig|^redact"), "redact"),
    (re.compile(r"^(suivi|suivre|suivais|suivait|suivons)"), "suivi"),
    (re.compile(r"^(mettre|mets|met|mettais|mettait|mis|mise|mises)$"), "mettre"),
    (re.compile(r"^(cultiv|culture)"), "cultur"),
    (re.compile(r"^cellul(e|es|aires?)$"), "cellul"),
    (re.compile(r"^milieux?$"), "milieu"),
    (re.compile(r"^transfer"), "transfer"),
    (re.compile(r"^reception"), "reception"),
    (re.compile(r"^soud(e|er|ure|ures|age|ages|euse|ait|ais)$"), "soud"),
    (re.compile(r"^(resoudre|resolu|resolus|resolution|resolutions)$"), "resolu"),
    (re.compile(r"^(revoir|revue|revues)$"), "revue"),
    (re.compile(r"^bacteri(en|enne|ens|ennes|es|e)$"), "bacteri"),
)
_IZE = re.compile(r"iz(?=e|a|i)")
_AGE = re.compile(r"(?<=\w{3})(iss)?ag$")
_DOUBLE = re.compile(r"([lnprst])\1$")


@lru_cache(maxsize=50_000)
def french_stem(key: str) -> str:
    """The stem of a folded French word: « remplissage » and « remplir » share one, « conduite » and «
    conduire » too.
    """
    for pattern, stem in _FRENCH_FAMILIES:
        if pattern.search(key):
            return stem
    stem = str(_FRENCH.stemWord(re.sub(r"ees?$", "e", key)))
    stem = _AGE.sub("", stem)
    if stem.endswith(("fi", "fie")):
        stem = stem[: stem.rindex("f") + 1]
    if stem.endswith("oi"):
        stem = stem[:-1] + "y"
    return _DOUBLE.sub(r"\1", stem)


@lru_cache(maxsize=50_000)
def english_stem(key: str) -> str:
    """The stem of a folded English word; -ize and -ise spellings meet."""
    return str(_ENGLISH.stemWord(_IZE.sub("is", key)))
