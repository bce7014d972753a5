"""Text keys: how two labels are told to be the same. Pure: no Django, no engine.

One rule: the index, the lexicon and the importers all compare texts through `text_key`.
"""

import re
import unicodedata

_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})
_NOT_WORD = re.compile(r"[^\w]+")


def fold_accents(text: str) -> str:
    """Remove accents and split ligatures: « œuvre aseptisée » becomes « oeuvre aseptisee »."""
    plain = text.translate(_APOSTROPHES)
    if plain.isascii():
        return plain
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join([character for character in decomposed if not unicodedata.combining(character)])


def one_line(text: str) -> str:
    """Words joined by one space: where a text is cut into lines, or has stray spaces, means nothing."""
    return " ".join(text.split())


def text_key(text: str) -> str:
    """The comparison key of a label: folded, lower case, words joined by one space."""
    return _NOT_WORD.sub(" ", fold_accents(text).casefold()).strip()


def title_keys(*texts: str) -> str:
    """The key of every line of these texts, one a line, each once: what a typed title is looked up in."""
    keys = (text_key(line) for text in texts for line in text.splitlines())
    return "\n".join(dict.fromkeys(key for key in keys if key))
