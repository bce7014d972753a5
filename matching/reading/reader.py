"""From a text to mentions with their stance and level. Pure: no Django, no engine.

One rule: a skill is counted once, by its best passage; it is set aside only when no passage holds it.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from matching.reading.context import Stance, Verdict, judge, statement_parts
from matching.reading.lexicon import Lexicon, Mention
from matching.reading.sections import Section, Standing, sections
from matching.reading.seniority import LevelGuess, guess_level
from matching.reading.sentences import Span, clauses
from matching.reading.stems import STOP_WORDS
from matching.reading.tokens import Token, tokenize

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
    """What labels and acronyms say of a text; `silent` are the clauses in which nothing was found."""

    held: tuple[Evidence, ...]
    refused: tuple[Refusal, ...]
    silent: tuple[Span, ...]


def read_text(text: str, lexicon: Lexicon, language: str = "fr") -> Reading:
    """Find every label, then judge it by the words around."""
    tokens = tokenize(text)
    parts = sections(text)
    mentions = [one for one in lexicon.find(tokens) if not _is_leisure(one.start, parts)]
    verdicts = _with_sections(judge(tokens, mentions), tokens, mentions, parts)
    levels = _Levels(tokens, mentions)
    held = [
        Evidence(found.code, found.start, found.end, found.found_by, found.probability, levels.of(found))
        for found, verdict in zip(mentions, verdicts, strict=True)
        if verdict.stance is Stance.HELD
    ]
    refused = [
        _refusal(text, tokens, found, verdict, language)
        for found, verdict in zip(mentions, verdicts, strict=True)
        if verdict.stance is not Stance.HELD
    ]
    best = _best_passages(held)
    codes = {evidence.code for evidence in best}
    first_refusals = {refusal.code: refusal for refusal in reversed(refused) if refusal.code not in codes}
    return Reading(
        tuple(best),
        tuple(sorted(first_refusals.values(), key=lambda refusal: (refusal.start, refusal.code))),
        tuple(one for one in _silent(text, tokens, mentions) if _section_of(one.start, parts) is None),
    )


def _section_of(place: int, parts: Sequence[Section]) -> Section | None:
    """The innermost section that holds this place of the text: the last to begin."""
    return next((part for part in reversed(parts) if part.start <= place < part.end), None)


def _is_leisure(place: int, parts: Sequence[Section]) -> bool:
    part = _section_of(place, parts)
    return part is not None and part.standing is Standing.LEISURE


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
        part = _section_of(mention.start, parts)
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


def _silent(text: str, tokens: Sequence[Token], mentions: Sequence[Mention]) -> list[Span]:
    """Clauses with two words of their own or more and no mention, that neither deny nor wish."""
    found = []
    starts = [token.start for token in tokens]
    for clause in clauses(text):
        if any(mention.start < clause.end and clause.start < mention.end for mention in mentions):
            continue
        inside = tokens[bisect_left(starts, clause.start) : bisect_left(starts, clause.end)]
        content = [token for token in inside if token.key not in STOP_WORDS and not token.key.isdigit()]
        if len(content) < 2:
            continue
        if _is_held(inside):
            found.append(clause)
    return found


def _is_held(clause: Sequence[Token]) -> bool:
    """Whether the clause neither denies nor wishes: judged on a stand-in for the skill, put after its last
    word.
    """
    end = clause[-1]
    stand_in = Mention("", end.end, end.end, len(clause), len(clause), "semantic", 0.0, 1)
    tokens = [*clause, Token("", "", end.end, end.end, end.sentence, True)]
    return judge(tokens, [stand_in])[0].stance is Stance.HELD
