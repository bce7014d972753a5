"""Whether what names a person in a file is a pseudonym. Pure: no Django, no engine.

One rule: what looks like an identity is refused without being repeated, so that it reaches neither a screen nor a log.
"""

import re

LONGEST = 40

_NUMBER = re.compile(r"(?:\d[^0-9A-Za-z]*){9,}")
# The number of the French social security: sex, year, month, department (2A and 2B in Corsica), then digits.
_SOCIAL = re.compile(r"[12]\W*\d{2}\W*\d{2}\W*(?:\d{2}|2[AB])\W*\d{3}\W*\d{3}", re.IGNORECASE)
_CIVILITY = re.compile(
    r"(?:m|mr|mme|mlle|mrs|ms|miss|dr|pr|monsieur|madame|mademoiselle)\b\.?\s+\S", re.IGNORECASE
)
_NAME = r"(?=[^\s,]{2})[^\W\d_]+(?:[-'’][^\W\d_]+)*"
_FULL_NAME = re.compile(rf"{_NAME}(?:[\s,]+{_NAME})+")
_LOGIN = re.compile(rf"{_NAME}[._]{_NAME}")

_SAID = {
    "mail": "ressemble à une adresse électronique",
    "number": "ressemble à un numéro de téléphone ou de sécurité sociale",
    "name": "ressemble à un prénom suivi d'un nom",
    "unreadable": "contient des caractères illisibles",
    "long": f"compte plus de {LONGEST} caractères",
}


def refusal(text: str) -> str:
    """Why this is no pseudonym, and what to do; empty when it may be one."""
    kind = _kind(text.strip())
    return f"{_SAID[kind]}. Remplacez-le par un code, par exemple P-014." if kind else ""


def _kind(text: str) -> str:
    if "@" in text:
        return "mail"
    if _NUMBER.search(text) or _SOCIAL.search(text):
        return "number"
    if _CIVILITY.match(text) or _LOGIN.fullmatch(text) or _is_full_name(text):
        return "name"
    if not text.isprintable():
        return "unreadable"
    return "long" if len(text) > LONGEST else ""


def _is_full_name(text: str) -> bool:
    """Two words or more, each with a capital: « Équipe nuit » may be a code, « Marie Dupont » may not."""
    return bool(_FULL_NAME.fullmatch(text)) and all(word[0].isupper() for word in re.split(r"[\s,]+", text))
