"""Which terms of the sector a referential knows: by label, by synonym, by meaning. Pure: no Django, no engine.

One rule: the same comparison serves every referential measured, ours included: the same words in the same order, small
words and inflections aside. Meaning is only asked where words found nothing.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from matching.reading.stems import STOP_WORDS, english_stem, french_stem
from matching.reading.tokens import tokenize

_STEMS = {"fr": french_stem, "en": english_stem}
Key = tuple[str, ...]


class FoundBy(Enum):
    LABEL = "label"
    SYNONYM = "synonym"
    MEANING = "meaning"


@dataclass(frozen=True)
class Term:
    """A term of the frozen list, where it was read and the passage that holds it."""

    text: str
    language: str
    gloss: str
    source: str
    reference: str
    quote: str


@dataclass(frozen=True)
class Name:
    """A text that means a concept; `is_label` tells the preferred label from the others. `language` is empty for both."""

    concept: str
    text: str
    language: str
    is_label: bool


@dataclass(frozen=True)
class Finding:
    concept: str
    found_by: FoundBy


def read_terms(path: Path) -> list[Term]:
    """Raises OSError where the file cannot be read, KeyError where a column is missing."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            Term(row["term"], row["language"], row["gloss"], row["source"], row["reference"], row["quote"])
            for row in csv.DictReader(stream)
        ]


class KnownNames:
    """Every name of a referential, by its words; labels before synonyms where two concepts share one."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._by_key: dict[str, dict[Key, Finding]] = {"fr": {}, "en": {}}
        for name in sorted(names, key=lambda one: (not one.is_label, one.concept, one.text)):
            found = Finding(name.concept, FoundBy.LABEL if name.is_label else FoundBy.SYNONYM)
            for language in (name.language,) if name.language else tuple(self._by_key):
                self._by_key[language].setdefault(words(name.text, language), found)

    def find(self, term: Term) -> Finding | None:
        return self._by_key[term.language].get(words(term.text, term.language))


def words(text: str, language: str) -> Key:
    """The stems of a text's words; small words count only where there are no others."""
    keys = [token.key for token in tokenize(text)]
    content = [key for key in keys if key not in STOP_WORDS] or keys
    return tuple(_STEMS[language](key) for key in content)


def counted(findings: Sequence[Finding | None]) -> Counter[FoundBy]:
    return Counter(finding.found_by for finding in findings if finding)


def shares(findings: Sequence[Finding | None]) -> Mapping[str, float]:
    """By label, by synonym as well, by meaning as well; each a share of all the terms."""
    counts, total = counted(findings), max(len(findings), 1)
    by_label = counts[FoundBy.LABEL]
    by_words = by_label + counts[FoundBy.SYNONYM]
    return {
        "label": by_label / total,
        "label or synonym": by_words / total,
        "any way": (by_words + counts[FoundBy.MEANING]) / total,
    }
