"""Who somebody is and where they live, which says nothing of what they can do. Pure: no Django, no engine.

One rule: a clause that tells of it is never compared with skills, nor are a name or a town beside it in the same line: the same
experience gives the same skills whoever has it.
"""

import re
from collections.abc import Sequence

_PATTERNS = (
    r"[\w.+-]+@[\w-]+\.\w+|https?://|\bwww\.|\blinkedin\.",
    r"(?:\+\d{2}|\b0\d)(?:[ .-]?\d){8,}",
    r"^\W*(?:t[ée]l(?:[ée]phone)?|portable|mobile|phone|e-?mail|courriel|adresse|address|photo|sexe|gender)\b\W*$",
    r"\bn(?:[ée]|ée|[ée]\(e\)|[ée][·.]e)s? (?:(?:le )?\d|en (?:\d|janv|févr|mars|avr|mai|juin|juil|ao|sept|oct|nov|déc))",
    r"\bnée?(?:\(e\))? (?:le|à)\b|\bnaissance\b|\bborn\b|\bdate of birth\b",
    r"^\W*\d{2} (?:ans|years old)\W*$|\bâgée? (?:de )?\d{2}\b|\baged? \d{2}\b|\b\d{2} years old\b",
    r"^\W*(?:célibataire|mariée?|pacsée?|divorcée?|veu(?:f|ve)|en couple|married|single|divorced|widowed)\W*$",
    r"\b(?:\d|une?|deux|trois|quatre|cinq|one|two|three|four|five) (?:enfants?|child(?:ren)?|kids)\b",
    r"\bnationalit[éey]+\b|\bcitizen(?:ship)?\b|\bressortissante?\b",
    r"\b\d+,? (?:bis |ter )?(?:rue|avenue|av\.|boulevard|bd|place|chemin|allée|impasse|quai|route)\b",
    r"^\W*\d+ (?:[a-z'-]+ ){1,3}(?:street|road|avenue|lane|drive|square)\b",
    r"^\W*(?:mme|mlle|mr|mrs|ms|monsieur|madame)\b(?:\W+\w+){1,3}\W*$",
)
_IDENTITY = re.compile("|".join(f"(?:{one})" for one in _PATTERNS), re.IGNORECASE)
_TOWN = re.compile(r"^\W*\d{5} [A-ZÀ-Ý]")
_NAMES = re.compile(r"(?:[A-ZÀ-Ý][\w'’-]*\W*){1,3}")


def of_identity(clauses: Sequence[str]) -> list[bool]:
    """For each clause of one line, whether it says who somebody is or where they live."""
    told = [bool(_IDENTITY.search(clause) or _TOWN.search(clause)) for clause in clauses]
    if not any(told):
        return told
    return [is_told or bool(_NAMES.fullmatch(clause)) for is_told, clause in zip(told, clauses, strict=True)]
