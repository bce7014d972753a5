"""Words of a text with their place in it. Pure: no Django, no engine.

One rule: `text[token.start:token.end] == token.surface`, whatever the text holds (accents composed or not,
ligatures, emoji, CRLF); everything after works on tokens and never on a rewritten copy of the text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from matching.reading.sentences import Span, sentences
from skills.gender import masculine
from skills.text import text_key

# Combining accents, soft hyphens and zero-width marks belong to the word around them.
_INSIDE = r"\u0300-\u036F\u00AD\u200B-\u200D\u2060"
_WORD = re.compile(rf"(?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?!\w))?|[^\W_](?:[^\W_]|[{_INSIDE}])*")
_INVISIBLE = re.compile(r"[\u00AD\u200B-\u200D\u2060]")
# What may stand between two words of one label; anything else (comma, colon, bullet...) separates.
_JOINING = re.compile(r"[\s\-‐‑–'’ʼ`/&+«»\"“”]*")


@dataclass(frozen=True, slots=True)
class Token:
    """One word. `joined` is whether only spaces, hyphens or apostrophes separate it from the word before,
    `after_colon` whether a colon does."""

    surface: str
    key: str
    start: int
    end: int
    sentence: int
    joined: bool
    after_colon: bool = False


@lru_cache(maxsize=50_000)
def _key(surface: str) -> str:
    return text_key(masculine(_INVISIBLE.sub("", surface).replace(".", ""))).replace(" ", "")


def tokenize(text: str, spans: Sequence[Span] | None = None) -> list[Token]:
    """The words of the text, sentence by sentence (those of `sentences` unless given)."""
    tokens: list[Token] = []
    for number, span in enumerate(sentences(text) if spans is None else spans):
        previous = None
        for found in _WORD.finditer(text, span.start, span.end):
            key = _key(found.group())
            if not key:
                continue
            joined = previous is not None and bool(_JOINING.fullmatch(text, previous, found.start()))
            after_colon = previous is not None and ":" in text[previous : found.start()]
            tokens.append(Token(found.group(), key, found.start(), found.end(), number, joined, after_colon))
            previous = found.end()
    return tokens
