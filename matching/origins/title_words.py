"""How a typed title is compared with the titles of jobs and diplomas. Pure: no Django, no engine.

One rule: both sides become sets of words without articles, in the masculine singular, so that « technicienne de laboratoire »
and « Technicien / Technicienne de laboratoire (H/F) » are one and the same.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from matching.reading.spelling import SHORTEST, is_one_edit_away
from skills.text import text_key

LONGEST_TITLE = 200  # characters
MOST_WORDS = 12

_SMALL = "a and au aux d dans de des du en et for in l la le les of on ou par pour sur the to un une with"
# What a title says for « or its feminine »: « technicien(ne) », « opérateur·rice », « H/F », « m/w/x ».
_GENDERS = "e es ere eres eur euse fe h f m x ne nes rice rices se ses teur teurs teuse trice trices"
# What a diploma's title says before its subject: « master mention biologie ».
_DIPLOMA_WORDS = "mention option parcours specialite"
IGNORED = frozenset(f"{_SMALL} {_GENDERS} {_DIPLOMA_WORDS}".split())

# What people write for short, in titles only.
_SHORT: dict[str, str] = {
    "aq": "assurance qualite",
    "cq": "controle qualite",
    "ing": "ingenieur",
    "labo": "laboratoire",
    "maint": "maintenance",
    "prod": "production",
    "qa": "assurance qualite",
    "qc": "controle qualite",
    "resp": "responsable",
    "tech": "technicien",
}

OTHER_NAME_SHARE = 0.98  # of a likeness, when another name than the title is the one that comes near
_MISSPELT_SHARE = 0.9  # of a likeness, for each word that was corrected
# Words typed (the employer's name, the town) that a title may lack and still be proposed, when three or more are typed.
_MOST_LACKING = 2
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1$")


@lru_cache(maxsize=50_000)
def word_key(word: str) -> str:
    """What the forms of a folded word share: « conductrice », « conducteurs » → « conducteur »; « analyses » → « analys »."""
    if len(word) < 4:
        return word
    key = word[:-1] if word[-1] in "sx" else word
    if key.endswith("trice"):
        return key[:-5] + "teur"
    if key.endswith("euse"):
        return key[:-2] + "r"
    key = key.rstrip("e")
    if key.endswith("iv"):
        return key[:-1] + "f"
    # « cheffe » is « chef », but the English « butt » is not « BUT ».
    return _DOUBLED.sub(r"\1", key) if len(key) > 4 else key


def probe(key: str) -> str:
    """A piece of text that every form of the word contains, for asking the database."""
    if key.endswith("teur"):
        return key[:-3]
    if key.endswith("eur") or (key.endswith("if") and len(key) > 3):
        return key[:-1]
    return key


@dataclass(frozen=True, slots=True)
class TypedTitle:
    """What was typed: its comparison key, the keys of its words, each once, in order, and those that may be misspelt."""

    key: str
    words: tuple[str, ...]
    doubtful: frozenset[str] = frozenset()

    @classmethod
    def read(cls, text: str) -> "TypedTitle":
        key = text_key(text[:LONGEST_TITLE])
        return cls(key, _words(key, shortened=True)[:MOST_WORDS])

    def may_be_misspelt(self, words: Iterable[str]) -> "TypedTitle":
        return replace(self, doubtful=frozenset(words))


def can_be_corrected(word: str) -> bool:
    return len(word) >= SHORTEST - 1


def has_word(lines: Iterable[str], word: str) -> bool:
    return any(word in _words(line) for line in lines)


def _words(key: str, *, shortened: bool = False) -> tuple[str, ...]:
    text = " ".join(_SHORT.get(word, word) for word in key.split()) if shortened else key
    return tuple(dict.fromkeys(word_key(word) for word in text.split() if word not in IGNORED))


def may_lack(typed: TypedTitle) -> int:
    """How many of the words typed a title may lack and still be proposed, when none has them all."""
    return min(_MOST_LACKING, len(typed.words) // 2) if len(typed.words) > 2 else 0


def halves(key: str) -> tuple[str, str] | None:
    """The two halves of a long word: one wrong letter leaves one of them whole."""
    if len(key) < SHORTEST:
        return None
    middle = len(key) // 2
    return key[:middle], key[middle + 1 :]


def have_same_words(one: str, other: str) -> bool:
    return set(_words(text_key(one))) == set(_words(text_key(other)))


def likeness(typed: TypedTitle, lines: Iterable[str], may_lack: int = 0) -> float:
    """From 0 (too many of the words typed are missing) to 1 (the same words), for the line that comes nearest."""
    wanted = frozenset(typed.words)
    if not wanted:
        return 0.0
    doubtful = typed.doubtful
    return max(
        (_likeness(wanted, doubtful, frozenset(_words(line)), may_lack) for line in lines), default=0.0
    )


def _likeness(
    wanted: frozenset[str], doubtful: frozenset[str], found: frozenset[str], may_lack: int
) -> float:
    """The words in common over all the words of both, one wrong letter of a doubtful word forgiven; 0 when more than
    `may_lack` are missing.
    """
    missing = wanted - found
    if len(missing - doubtful) > may_lack:
        return 0.0
    spare = found - wanted
    corrected = sum(any(_is_misspelt(word, other) for other in spare) for word in missing & doubtful)
    lacking = len(missing) - corrected
    if lacking > may_lack:
        return 0.0
    share = (len(wanted) - lacking) / max(len(wanted), len(found) + lacking)
    return round(share * _MISSPELT_SHARE**corrected, 4)


def _is_misspelt(word: str, other: str) -> bool:
    return word[0] == other[0] and can_be_corrected(other) and is_one_edit_away(word, other)
