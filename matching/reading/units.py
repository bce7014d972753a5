"""The passages of a text that are compared with skills: its clauses and its sentences. Pure: no Django, no engine.

One rule: a passage that denies, wishes, tells of leisure or of who somebody is, is never compared.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matching.reading.context import Stance, judge
from matching.reading.identity import of_identity
from matching.reading.lexicon import Mention
from matching.reading.sections import Section, section_of
from matching.reading.sentences import Span, clauses_of, sentences
from matching.reading.stems import STOP_WORDS
from matching.reading.tokens import Token, tokenize
from skills.gender import in_one_gender

# The first ones of the text; a page has some eighty.
MOST_UNITS = 240
LONGEST_UNIT = 300  # characters


@dataclass(frozen=True, slots=True)
class Unit:
    """A passage, the keys of its words, and how many of them say something. `clauses` are the places, among the units of the
    text, of the clauses that a sentence is made of; empty for a clause, which alone is given to the model of meaning.
    """

    start: int
    end: int
    keys: tuple[str, ...]
    words: int
    clauses: tuple[int, ...] = ()


def held_units(text: str, tokens: Sequence[Token], parts: Sequence[Section]) -> list[Unit]:
    """What the text says of somebody: its clauses in order, then its sentences of several clauses."""
    starts = [token.start for token in tokens]
    found: list[Unit] = []
    for start, end in _impersonal(text):
        if end - start > LONGEST_UNIT or section_of(start, parts) is not None:
            continue
        inside = tokens[bisect_left(starts, start) : bisect_left(starts, end)]
        if not inside or not _is_held(inside):
            continue
        # Read in one gender: « formateur·rice » is one word, and the same as « formatrice ».
        keys = tuple(token.key for token in tokenize(in_one_gender(text[start:end])))
        words = sum(key not in STOP_WORDS and not key.isdigit() for key in keys)
        if words:
            found.append(Unit(start, end, keys, words))
    found = found[:MOST_UNITS]
    return [*found, *_whole_sentences(text, found)]


def _impersonal(text: str) -> Iterator[Span]:
    """The clauses that do not tell who somebody is."""
    for sentence in sentences(text):
        inside = clauses_of(text, sentence)
        told = of_identity([text[start:end] for start, end in inside])
        yield from (clause for clause, is_told in zip(inside, told, strict=True) if not is_told)


def _whole_sentences(text: str, found: Sequence[Unit]) -> Iterator[Unit]:
    """The sentences that have several clauses among the units: what is held of them, together."""
    for start, end in sentences(text):
        inside = [place for place, unit in enumerate(found) if start <= unit.start and unit.end <= end]
        if len(inside) < 2 or end - start > LONGEST_UNIT:
            continue
        keys = tuple(key for place in inside for key in found[place].keys)
        words = sum(found[place].words for place in inside)
        yield Unit(found[inside[0]].start, found[inside[-1]].end, keys, words, tuple(inside))


def _is_held(inside: Sequence[Token]) -> bool:
    """Whether the passage neither denies nor wishes: judged on a stand-in for the skill, put after its last word."""
    end = inside[-1]
    stand_in = Mention("", end.end, end.end, len(inside), len(inside), "semantic", 0.0, 1)
    tokens = [*inside, Token("", "", end.end, end.end, end.sentence, True)]
    return judge(tokens, [stand_in])[0].stance is Stance.HELD
