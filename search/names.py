"""What an object is called, and which objects a name being typed may be. Pure: no Django, no engine.

One rule: an object is suggested when one of its names has every word typed, the last one possibly unfinished. Engines bring
candidates in an order that each of them can follow (`CANDIDATES`); what is suggested of them is decided here, for all engines.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from search.documents.base import SearchDocument
from search.fusion import neutral_order
from skills.gender import in_one_gender
from skills.text import text_key

# The objects that an engine brings, of those that have every word in their names: first those called exactly what was typed,
# then those of which a name begins with it, then the shortest titles, then in neutral order.
CANDIDATES = 100
CALLED_SO, BEGINS_SO = 2.0, 1.0
# From how many letters a word may be unfinished; fewer in all are no name.
UNFINISHED_FROM = 2
# The longest text that is looked up, and how much of a name is; in characters.
LONGEST_TYPED = 200
LONGEST_NAME = 300


def name_key(text: str) -> str:
    """How a name is compared: its words, without accents or capitals, one space between two."""
    return " ".join(text_key(text).replace("_", " ").split())


def names(document: SearchDocument) -> tuple[str, ...]:
    """The keys of its titles and other names: as written, and as said of a man, which is how they are asked for."""
    written = (document.title_fr, document.title_en, *document.labels_fr, *document.labels_en)
    keys = (name_key(said)[:LONGEST_NAME] for name in written for said in (name, in_one_gender(name)))
    return tuple(dict.fromkeys(key for key in keys if key))


def title_length(document: SearchDocument) -> int:
    """Of the shorter of its two titles, in characters."""
    keys = (name_key(title)[:LONGEST_NAME] for title in (document.title_fr, document.title_en))
    return min((len(key) for key in keys if key), default=0)


@dataclass(frozen=True)
class TypedName:
    """A name as far as it was typed: `key` is how names are compared."""

    key: str

    @classmethod
    def of(cls, text: str) -> "TypedName | None":
        """None when the text is too short or too long to be a name."""
        key = name_key(in_one_gender(text)) if len(text) <= LONGEST_TYPED else ""
        return cls(key) if len(key) >= UNFINISHED_FROM else None

    def rank(self, name: str) -> tuple[bool, int] | None:
        """The lower the better: what begins with what was typed, then the shorter; None for what is not the name typed."""
        *finished, last = self.key.split()
        words = name.split()
        if not set(finished) <= set(words):
            return None
        is_there = last in words or (is_unfinished(last) and any(word.startswith(last) for word in words))
        return (not name.startswith(self.key), len(name)) if is_there else None


def is_unfinished(word: str) -> bool:
    """Whether the last word typed may be the beginning of another."""
    return len(word) >= UNFINISHED_FROM


def suggested(typed: TypedName, candidates: Iterable[tuple[str, Iterable[str]]], limit: int) -> list[str]:
    """The codes to suggest, best first, of candidates given as a code and the keys of its names.

    An object is worth its best name; equal ones follow the neutral order.
    """
    ranks = {}
    for code, keys in candidates:
        found = [rank for key in keys if (rank := typed.rank(key)) is not None]
        if found:
            ranks[code] = (*min(found), neutral_order(code))
    return sorted(ranks, key=ranks.__getitem__)[:limit]
