"""The level that a passage suggests. Pure: no Django, no engine.

One rule: sober. Without a sign the level is 2 (application); years alone never make an expert.
"""

import re
from dataclasses import dataclass

DEFAULT_LEVEL = 2
MASTERY_YEARS = 3


@dataclass(frozen=True, slots=True)
class LevelGuess:
    """A level from 1 to 4 and the words it was read from (empty for the default)."""

    level: int
    sign: str = ""


_SIGNS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (
        1,
        re.compile(
            r"\b(?:notions?|debutante?|debute[rs]?|debutant|initiation|initiee?|decouvert\w*|bases|sensibilis\w+"
            r"|stage d observation|observe[es]*"
            r"|en cours de formation|j apprends|apprentie? debutante?|basics?|basic knowledge|beginner"
            r"|introduction to|awareness"
            r"|introduced to|shadowed|theorique|theoriques|premieres? approches?|decouvrir"
            r"|peu d experience|little experience"
            r"|scolaire)\b"
        ),
    ),
    (
        4,
        re.compile(
            r"\b(?:experte?s?|expertise|specialiste|reference (?:interne|technique|du site)"
            r"|worldwide reference|principal scientist)\b"
        ),
    ),
    (
        3,
        re.compile(
            r"\b(?:maitris\w+|confirmee?|experimentee?|referente?|formateur|formatrice|tuteur|tutrice"
            r"|encadre\w*"
            r"|encadrement|parfaite\w*|tres bonne"
            r"|avancee?s?|responsable d\w*|chef d equipe|pilot(?:e|ee|er|age)|proficient|advanced"
            r"|experienced|master(?:y|ed|ing)|supervised"
            r"|led|mentored|senior|in depth|strong)\b"
        ),
    ),
)
# Having taught others is mastery of what was taught, though teaching is itself a skill of the referential.
_TEACHING = re.compile(
    r"\b(?:forme|former) (?:les|des|mes|nos|de|\d+) ?(?:\w+ )?(?:collegues|operateurs|techniciens|equipes?"
    r"|nouveaux|arrivants|personnes|stagiaires|operatrices|techniciennes)"
    r"|trained (?:colleagues|operators|staff|new)\b"
)
_NUMBERS = {
    **dict(zip("un deux trois quatre cinq six sept huit neuf dix".split(), range(1, 11), strict=True)),
    **dict(zip("onze douze treize quatorze quinze seize".split(), range(11, 17), strict=True)),
    **dict(zip("one two three four five six seven eight nine ten".split(), range(1, 11), strict=True)),
    **{"une": 1, "vingt": 20, "trente": 30, "fifteen": 15, "twenty": 20},
}
_YEARS = re.compile(rf"\b(\d{{1,2}}|{'|'.join(_NUMBERS)}) (?:ans|annees|years)\b")


def guess_level(near: str, sentence: str, part: str = "") -> LevelGuess:
    """From the words near the mention first, then from teaching in its part of the sentence, then from the
    years that the sentence speaks of. All are folded keys; `near` leaves out the words of other skills.
    """
    for level, pattern in _SIGNS:
        found = pattern.search(near)
        if found:
            return LevelGuess(level, found.group().strip())
    taught = _TEACHING.search(part or near)
    if taught:
        return LevelGuess(3, taught.group())
    years = _YEARS.search(sentence)
    if years:
        number = int(_NUMBERS.get(years.group(1)) or years.group(1))
        if number >= MASTERY_YEARS:
            return LevelGuess(3, years.group())
    return LevelGuess(DEFAULT_LEVEL)


def level_reason(guess: LevelGuess, language: str) -> str:
    """Why this level, in a sentence."""
    if language == "en":
        return f"Read from “{guess.sign}”." if guess.sign else "No sign of a level: application by default."
    return f"Lu dans « {guess.sign} »." if guess.sign else "Aucun signe de niveau : application par défaut."
