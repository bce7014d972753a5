"""SIRET numbers: fourteen digits whose Luhn sum is right. Pure: no Django, no engine."""

from stdnum.exceptions import ValidationError
from stdnum.fr import siret


def siret_error(number: str) -> str:
    """What is wrong with a SIRET, in French; empty when it is valid."""
    try:
        siret.validate(number)
    except ValidationError:
        return f"« {number} » n'est pas un SIRET : quatorze chiffres dont la clé (Luhn) est juste."
    return ""


def normalise_siret(number: str) -> str:
    return siret.compact(number)
