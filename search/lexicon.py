"""The words of the referential, as queries use them: which skills a phrase names and what else those skills are called.

Pure: no Django, no engine. `search.referential` fills it from the database.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from skills.acronyms import Sense, sense_of
from skills.text import text_key

MAX_ALTERNATIVES = 12


def singular(word: str) -> str:
    """A word without its regular French or English plural mark; short words and acronyms stay whole."""
    return word[:-1] if len(word) > 4 and word[-1] in "sx" and not word.endswith("ss") else word


def phrase_key(text: str) -> tuple[str, ...]:
    return tuple(singular(word) for word in text_key(text).split())


@dataclass(frozen=True)
class LexiconRow:
    """A text that means a skill. A hidden one leads to it and is no alternative of it (`shown` is false).

    `context` and an empty `code` are those of an acronym's senses (see `skills.acronyms`).
    """

    code: str
    text: str
    shown: bool = True
    context: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """`skills_of` maps the words of a phrase to skill codes, `senses_of` those of an ambiguous acronym to its senses;
    `labels_of` gives each skill's other labels.
    """

    skills_of: dict[tuple[str, ...], tuple[str, ...]]
    senses_of: dict[tuple[str, ...], tuple[Sense, ...]]
    labels_of: dict[str, tuple[str, ...]]
    longest: int

    def knows(self, phrase: str) -> bool:
        key = phrase_key(phrase)
        return key in self.skills_of or key in self.senses_of

    def skills_named(self, phrase: str, around: Iterable[str]) -> tuple[str, ...]:
        """The skills that a phrase names, among the words typed around it; none where an acronym stays ambiguous."""
        key = phrase_key(phrase)
        if key not in self.senses_of:
            return self.skills_of.get(key, ())
        words = [singular(text_key(word)) for word in around]
        sense = sense_of(self.senses_of[key], words)
        return (sense.skill,) if sense and sense.skill else ()

    def alternatives(self, codes: Iterable[str], said: str) -> tuple[str, ...]:
        """Other labels of these skills than the phrase said, at most `MAX_ALTERNATIVES`."""
        key = phrase_key(said)
        labels = dict.fromkeys(
            label for code in codes for label in self.labels_of[code] if phrase_key(label) != key
        )
        return tuple(labels)[:MAX_ALTERNATIVES]


def build_lexicon(rows: Iterable[LexiconRow]) -> Lexicon:
    skills_of: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    senses_of: defaultdict[tuple[str, ...], list[Sense]] = defaultdict(list)
    labels_of: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        labels_of[row.code].extend([row.text] if row.shown and row.code else [])
        key = phrase_key(row.text)
        if key and (row.context or not row.code):
            senses_of[key].append(Sense(row.code, tuple(phrase_key(phrase) for phrase in row.context)))
        elif key and row.code not in skills_of[key]:
            skills_of[key].append(row.code)
    for key, senses in senses_of.items():
        senses.extend(Sense(code) for code in skills_of.pop(key, ()))
    for key in [key for key, senses in senses_of.items() if len(senses) == 1]:
        (sense,) = senses_of.pop(key)
        skills_of[key].extend([sense.skill] if sense.skill else [])
    return Lexicon(
        {key: tuple(codes) for key, codes in skills_of.items() if codes},
        {key: tuple(senses) for key, senses in senses_of.items()},
        {code: tuple(texts) for code, texts in labels_of.items()},
        max((len(key) for key in (*skills_of, *senses_of)), default=0),
    )
