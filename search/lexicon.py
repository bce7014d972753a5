"""The words of the referential, as queries use them: which skills a phrase names and what else those skills are called.

Pure: no Django, no engine. `search.referential` fills it from the database.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from skills.text import text_key

MAX_ALTERNATIVES = 12


def singular(word: str) -> str:
    """A word without its regular French or English plural mark; short words and acronyms stay whole."""
    return word[:-1] if len(word) > 4 and word[-1] in "sx" and not word.endswith("ss") else word


def phrase_key(text: str) -> tuple[str, ...]:
    return tuple(singular(word) for word in text_key(text).split())


@dataclass(frozen=True)
class Lexicon:
    """`skills_of` maps the words of a phrase to skill codes; `labels_of` gives each skill's other labels."""

    skills_of: dict[tuple[str, ...], tuple[str, ...]]
    labels_of: dict[str, tuple[str, ...]]
    longest: int

    def alternatives(self, codes: Iterable[str], said: str) -> tuple[str, ...]:
        """Other labels of these skills than the phrase said, at most `MAX_ALTERNATIVES`."""
        key = phrase_key(said)
        labels = dict.fromkeys(
            label for code in codes for label in self.labels_of[code] if phrase_key(label) != key
        )
        return tuple(labels)[:MAX_ALTERNATIVES]


def build_lexicon(rows: Iterable[tuple[str, str, bool]]) -> Lexicon:
    """From (skill code, text, shown): hidden texts lead to a skill but are no alternative of it."""
    skills_of: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    labels_of: defaultdict[str, list[str]] = defaultdict(list)
    for code, text, shown in rows:
        labels_of[code].extend([text] if shown else [])
        key = phrase_key(text)
        if key and code not in skills_of[key]:
            skills_of[key].append(code)
    return Lexicon(
        {key: tuple(codes) for key, codes in skills_of.items() if codes},
        {code: tuple(texts) for code, texts in labels_of.items()},
        max((len(key) for key in skills_of), default=0),
    )
