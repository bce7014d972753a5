"""What a person typed, read into units that both engines understand. Pure: no Django, no engine.

One rule: user text never reaches a query-language parser; it is cut into words here, and engines build their queries from them.
"""

import re
from collections.abc import Iterator

from search.clauses import ParsedQuery, Unit
from search.lexicon import Lexicon
from search.stopwords import STOPWORDS
from skills.text import fold_accents, text_key

MAX_UNITS = 24
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|\d+")
_ACRONYM = re.compile(r"^[A-Z0-9]{2,8}s?$")
_FOLDED_STOPWORDS = frozenset(fold_accents(word) for word in STOPWORDS)


def parse_query(text: str, lexicon: Lexicon) -> ParsedQuery:
    words = [part for match in _WORD.finditer(text) for part in _split(match.group())]
    # « mes » alone is a stop word, but then nothing is left to search for: it was meant as the acronym MES.
    units = tuple(_units(words, lexicon)) or tuple(_units([word.upper() for word in words], lexicon))
    units = units[:MAX_UNITS]
    return ParsedQuery(units, required_units(len(units)), _identifier(text))


def required_units(count: int) -> int:
    """How many of the units a document must have: all of one or two, two of a short query, a quarter of a sentence."""
    return min(count, max(2, round(count / 4)))


def spelled_out(text: str, parsed: ParsedQuery) -> str:
    """The text with what each acronym of the referential stands for: a model has seldom read it."""
    for unit in parsed.units:
        meaning = next((label for label in unit.alternatives if not label.isupper()), "")
        if unit.acronym and unit.skills and meaning:
            text = re.sub(rf"\b{re.escape(unit.text)}\b", _literal(f"{unit.text} ({meaning})"), text, count=1)
    return text


def _literal(replacement: str) -> str:
    """For `re.sub`, to which a backslash says something."""
    return replacement.replace("\\", r"\\")


def _split(word: str) -> Iterator[str]:
    """Cut « l'aseptique » and « remplissage-scellage » into words."""
    yield from (part for part in re.split(r"[-'’]", word) if part)


def _units(words: list[str], lexicon: Lexicon) -> Iterator[Unit]:
    at = 0
    while at < len(words):
        length = _phrase_length(words, at, lexicon)
        said = words[at : at + max(length, 1)]
        around = [*words[:at], *words[at + len(said) :]]
        codes = lexicon.skills_named(" ".join(said), around) if length else ()
        at += len(said)
        if codes:
            yield _skill_unit(said, codes, lexicon)
        elif length > 1:
            yield Unit(tokens=tuple(text_key(word) for word in said), text=" ".join(said))
        elif _is_word(said[0]):
            yield Unit(tokens=(text_key(said[0]),), acronym=_acronym(said[0]), text=said[0])


def _phrase_length(words: list[str], at: int, lexicon: Lexicon) -> int:
    """How many words from here form the longest phrase of the lexicon; 0 when none does.

    A single ordinary stop word never does unless typed in capitals: « MES » is software, « mes » is not.
    """
    for length in range(min(lexicon.longest, len(words) - at), 0, -1):
        said = words[at : at + length]
        if length == 1 and not _is_word(said[0]) and not _acronym(said[0]):
            continue
        if lexicon.knows(" ".join(said)):
            return length
    return 0


def _skill_unit(said: list[str], codes: tuple[str, ...], lexicon: Lexicon) -> Unit:
    text = " ".join(said)
    tokens = tuple(text_key(word) for word in said if _is_word(word)) or tuple(
        text_key(word) for word in said
    )
    return Unit(
        tokens=tokens,
        acronym=_acronym(said[0]) if len(said) == 1 else "",
        skills=codes,
        alternatives=lexicon.alternatives(codes, text),
        text=text,
    )


def _is_word(word: str) -> bool:
    return fold_accents(word).casefold() not in _FOLDED_STOPWORDS and len(word) > 1


def _acronym(word: str) -> str:
    return word.rstrip("s") if _ACRONYM.match(word) and not word.isdigit() else ""


def _identifier(text: str) -> str:
    """The whole text as one code: « RNCP 40500 » is rncp40500. Empty when it cannot be one."""
    compact = re.sub(r"\s+", "", text).casefold()
    return compact if compact and len(compact) <= 80 else ""
