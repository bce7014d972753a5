"""What may be kept of a text that somebody typed. Pure: no Django.

One rule: what could tell of a person is never kept: an address, a telephone, any long run of digits.
"""

import re

from skills.text import text_key

SHORTEST, LONGEST = 2, 60
_ADDRESS = re.compile(r"@|https?:|www\.|\b[\w-]+\.(?:fr|com|org|net|eu|io)\b", re.IGNORECASE)
# Digits that a telephone, a date of birth or a number of social security would have, however they are cut.
_DIGITS = re.compile(r"(?:\d[\s./()+-]*){6,}")
_LETTER = re.compile(r"[^\W\d_]")


def tells_of_a_person(text: str) -> bool:
    """Whether the text holds an address or a long run of digits; no rule tells a name."""
    return bool(_ADDRESS.search(text) or _DIGITS.search(text))


def keepable(text: str) -> str:
    """The text of a search box in lower case and on one line, or nothing when it is not kept."""
    flat = " ".join(text.split()).lower().strip(" .,;:!?\"'«»()[]")
    if not SHORTEST <= len(flat) <= LONGEST or len(text_key(flat)) > LONGEST:
        return ""
    if tells_of_a_person(flat) or not _LETTER.search(flat):
        return ""
    return flat if len(text_key(flat)) >= SHORTEST else ""
