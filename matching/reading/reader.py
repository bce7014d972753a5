"""From a text to mentions with their stance and level. Pure: no Django, no engine.

One rule: a skill is counted once, by its best passage; it is set aside only when no passage holds it.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from matching.reading.context import Stance, Verdict, judge, statement_parts
from matching.reading.lexicon import Lexicon, Mention
from matching.reading.sections import Section, Standing, section_of, sections
from matching.reading.seniority import LevelGuess, guess_level
from matching.reading.tokens import Token, tokenize
from matching.reading.units import Unit, held_units

_REASONS = {
    ("denied", "fr"): "Le texte dit le contraire : « {cue} ».",
    ("denied", "en"): "The text says otherwise: “{cue}”.",
    ("wished", "fr"): "C'est un souhait, pas une compétence déjà tenue : « {cue} ».",
    ("wished", "en"): "It is a wish, not a skill already held: “{cue}”.",
}
_STANCES = {Standing.DENIED: Stance.DENIED, Standing.WISHED: Stance.WISHED}
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A skill held, by the passage that shows it best."""

    code: str
    start: int
    end: int
    found_by: str
    probability: float
    level: LevelGuess


@dataclass(frozen=True, slots=True)
class Refusal:
    """A skill named but denied or wished for. `start` to `end` holds cue and skill."""

    code: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What labels and acronyms say of a text: one evidence a skill, and every mention held behind them. `units` are the
    passages that may speak of a skill without its name.
    """

    held: tuple[Evidence, ...]
    refused: tuple[Refusal, ...]
    mentions: tuple[Mention, ...]
    units: tuple[Unit, ...]
    words: tuple[str, ...] = ()

    def keys(self, mention: Mention) -> tuple[str, ...]:
        """The words of a mention, folded."""
        return self.words[mention.first : mention.last + 1]


def read_text(text: str, lexicon: Lexicon, language: str = "fr") -> Reading:
    """Find every label, then judge it by the words around."""
    tokens = tokenize(text)
    parts = sections(text)
    mentions = [one for one in lexicon.find(tokens) if not _is_silent(one.start, parts)]
    verdicts = _with_sections(judge(tokens, mentions), tokens, mentions, parts)
    levels = _Levels(tokens, mentions)
    judged = list(zip(mentions, verdicts, strict=True))
    held = [found for found, verdict in judged if verdict.stance is Stance.HELD]
    best = _best_passages(
        [
            Evidence(one.code, one.start, one.end, one.found_by, one.probability, levels.of(one))
            for one in held
        ]
    )
    codes = {evidence.code for evidence in best}
    refused = [
        _refusal(text, tokens, found, verdict, language)
        for found, verdict in judged
        if verdict.stance is not Stance.HELD and found.code not in codes
    ]
    first_refusals = {refusal.code: refusal for refusal in reversed(refused)}
    return Reading(
        tuple(best),
        tuple(sorted(first_refusals.values(), key=lambda refusal: (refusal.start, refusal.code))),
        tuple(held),
        tuple(held_units(text, tokens, parts)),
        tuple(token.key for token in tokens),
    )


def _is_silent(place: int, parts: Sequence[Section]) -> bool:
    part = section_of(place, parts)
    return part is not None and part.standing in {Standing.LEISURE, Standing.TITLE}


def _with_sections(
    verdicts: Sequence[Verdict],
    tokens: Sequence[Token],
    mentions: Sequence[Mention],
    parts: Sequence[Section],
) -> list[Verdict]:
    """What stands under « Jamais fait » is denied, unless its own sentence says so already in other words."""
    starts = [token.start for token in tokens]
    found = []
    for verdict, mention in zip(verdicts, mentions, strict=True):
        part = section_of(mention.start, parts)
        if part is not None and verdict.stance is Stance.HELD and part.standing in _STANCES:
            cue = bisect_left(starts, part.title_start), bisect_left(starts, part.title_end) - 1
            verdict = Verdict(_STANCES[part.standing], cue)
        found.append(verdict)
    return found


def _best_passages(held: Sequence[Evidence]) -> list[Evidence]:
    """One evidence a skill: the surest passage, then the first; the level is the highest that any passage
    gives.
    """
    best: dict[str, Evidence] = {}
    for evidence in held:
        known = best.get(evidence.code)
        if known is None:
            best[evidence.code] = evidence
            continue
        surest = evidence if evidence.probability > known.probability else known
        level = max(known.level, evidence.level, key=lambda guess: (bool(guess.sign), guess.level))
        best[evidence.code] = replace(surest, level=level)
    return sorted(best.values(), key=lambda evidence: (evidence.start, evidence.end, evidence.code))


def _refusal(text: str, tokens: Sequence[Token], found: Mention, verdict: Verdict, language: str) -> Refusal:
    first, last = verdict.cue or (found.first, found.last)
    start = min(tokens[first].start, found.start)
    end = max(tokens[last].end, found.end)
    cue = _SPACES.sub(" ", text[tokens[first].start : tokens[last].end])
    reason = _REASONS[(verdict.stance.value, language if language == "en" else "fr")].format(cue=cue)
    return Refusal(found.code, start, end, reason)


class _Levels:
    """Guesses levels from the words of the mention's own part, its neighbours without a skill, and its
    sentence.
    """

    def __init__(self, tokens: Sequence[Token], mentions: Sequence[Mention]) -> None:
        self._tokens = tokens
        self._covered = {place for mention in mentions for place in range(mention.first, mention.last + 1)}
        self._parts = statement_parts(tokens)
        self._part_of = {
            place: number
            for number, (first, last) in enumerate(self._parts)
            for place in range(first, last + 1)
        }
        self._sentences: dict[int, list[int]] = {}
        for place, token in enumerate(tokens):
            self._sentences.setdefault(token.sentence, []).append(place)

    def of(self, mention: Mention) -> LevelGuess:
        sentence = self._tokens[mention.first].sentence
        number = self._part_of[mention.first]
        near = self._words(number)
        after = self._part_of[mention.last] + 1
        if self._is_comment(after, sentence):
            near += " | " + self._words(after)
        opening = self._part_of[self._sentences[sentence][0]]
        if opening != number and self._is_comment(opening, sentence):
            near += " | " + self._words(opening)
        first, last = self._parts[number]
        part = " ".join(token.key for token in self._tokens[first : last + 1])
        return guess_level(near, self._keys(self._sentences[sentence]), part)

    def _words(self, number: int) -> str:
        first, last = self._parts[number]
        return self._keys(range(first, last + 1))

    def _keys(self, places: Sequence[int]) -> str:
        return " ".join(self._tokens[place].key for place in places if place not in self._covered)

    def _is_comment(self, number: int, sentence: int) -> bool:
        """A part of the same sentence, without a skill of its own."""
        if number >= len(self._parts):
            return False
        first, last = self._parts[number]
        return self._tokens[first].sentence == sentence and self._covered.isdisjoint(range(first, last + 1))
