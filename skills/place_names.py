"""How town names, postal codes and INSEE codes are read. Pure: no Django, no engine.

One rule: stored communes and typed names go through the same `place_key`, so that « ST-DENIS », « Saint
Denis » and « SAINT-DENIS CEDEX 2 » are one name.
"""

import re

from skills.text import text_key

_CEDEX = re.compile(r"\bcedex\b(?: \d{1,2})?")
_ABBREVIATIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "s": "sur", "s/": "sur"}
_ARRONDISSEMENT = re.compile(
    r"^(paris|lyon|marseille)(?: cedex)? 0?(\d{1,2})(?:er|e|eme|ieme)?(?: arrondissement)?$"
)
_FIRST_ARRONDISSEMENT = {"paris": 75101, "lyon": 69381, "marseille": 13201}
_ARRONDISSEMENTS = {"paris": 20, "lyon": 9, "marseille": 16}

# The regions of before 2016 (first column of the old codes), still found in feeds, and the regions they
# became.
FORMER_REGIONS = {
    "21": "44", "41": "44", "42": "44",
    "72": "75", "54": "75", "74": "75",
    "82": "84", "83": "84",
    "26": "27", "43": "27",
    "22": "32", "31": "32",
    "73": "76", "91": "76",
    "23": "28", "25": "28",
}  # fmt: skip


def place_key(name: str) -> str:
    """The comparison key of a town name: folded, without CEDEX, abbreviations spelt out."""
    words = _CEDEX.sub(" ", text_key(name)).split()
    return " ".join(_ABBREVIATIONS.get(word, word) for word in words)


def arrondissement_code(name: str) -> str:
    """The INSEE code of « Lyon 3e », « PARIS CEDEX 15 » or « Marseille 01 »; empty when the name says no
    arrondissement.
    """
    match = _ARRONDISSEMENT.match(text_key(name))
    if match is None:
        return ""
    city, number = match[1], int(match[2])
    if not 1 <= number <= _ARRONDISSEMENTS[city]:
        return ""
    return str(_FIRST_ARRONDISSEMENT[city] + number - 1)


def normalise_code(code: str) -> str:
    """A postal or INSEE code as written by people: « 69 003 », « 1004 » (a spreadsheet ate the zero), « 2a004
    ».
    """
    compact = re.sub(r"[\s.]", "", code).upper()
    return compact.zfill(5) if compact.isdigit() and len(compact) == 4 else compact


def department_of(postal_code: str) -> str:
    """The department a postal code belongs to, by its prefix; empty when it is not a French postal code."""
    if re.fullmatch(r"2[AB]\d{3}", postal_code):
        return postal_code[:2]
    if not re.fullmatch(r"\d{5}", postal_code) or postal_code.startswith("00"):
        return ""
    if postal_code.startswith(("97", "98")):
        return {"97133": "977", "97150": "978"}.get(postal_code, postal_code[:3])
    if postal_code.startswith("20"):
        return "2A" if postal_code < "20200" else "2B"
    return postal_code[:2]
