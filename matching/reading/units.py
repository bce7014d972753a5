"""The passages of a text that are compared with skills: its clauses and its sentences. Pure: no Django, no engine.

One rule: a passage that denies, wishes or tells of leisure is never compared.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from matching.reading.context import Stance, judge
from matching.reading.lexicon import Mention
from matching.reading.sections import Section, section_of
from matching.reading.sentences import clauses, sentences
from matching.reading.stems import STOP_WORDS
from matching.reading.tokens import Token

# The first ones of the text; a page has some eighty.
MOST_UNITS = 240
LONGEST_UNIT = 300  # characters


@dataclass(frozen=True, slots=True)
class Unit:
    """A passage, the keys of its words, and how many of them say something."""

    start: int
    end: int
    keys: tuple[str, ...]
    words: int


def held_units(text: str, tokens: Sequence[Token], parts: Sequence[Section]) -> list[Unit]:
    """What the text says of somebody, clause by clause and sentence by sentence, in order; a clause that is a whole sentence
    stands once.
    """
    spans = sorted({*clauses(text), *sentences(text)})
    starts = [token.start for token in tokens]
    found: list[Unit] = []
    for start, end in spans:
        if end - start > LONGEST_UNIT or section_of(start, parts) is not None:
            continue
        inside = tokens[bisect_left(starts, start) : bisect_left(starts, end)]
        words = sum(token.key not in STOP_WORDS and not token.key.isdigit() for token in inside)
        if words and _is_held(inside):
            found.append(Unit(start, end, tuple(token.key for token in inside), words))
    return found[:MOST_UNITS]


def _is_held(inside: Sequence[Token]) -> bool:
    """Whether the passage neither denies nor wishes: judged on a stand-in for the skill, put after its last word."""
    end = inside[-1]
    stand_in = Mention("", end.end, end.end, len(inside), len(inside), "semantic", 0.0, 1)
    tokens = [*inside, Token("", "", end.end, end.end, end.sentence, True)]
    return judge(tokens, [stand_in])[0].stance is Stance.HELD
