"""Characters that show nothing, and those that stand for others. Pure: no Django.

One rule: what comes out is what an eye would see, so that a label broken by a zero-width space is still that label, and words
written in invisible characters are none.
"""

import re
import unicodedata

# Blocks that show nothing and can spell a whole message: tags (save in the flags of emoji) and supplementary selectors.
_SMUGGLED = re.compile(
    "(\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f)|[\U000e0000-\U000e007f\U000e0100-\U000e01ef]+"
)
# Zero-width, directional and other format characters; the soft hyphen at the end of a line is joined before.
_FORMAT = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}
# Kept as they are by a text; every other control, half of a surrogate pair or unassigned mark is dropped.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# Icons of private fonts (a bullet, a telephone) say nothing that can be read.
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_BLANKS = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
_BLANK_LINES = re.compile("\n{3,}")
# TeX's oldest fonts print an accent and then its letter.
_SPACING_ACCENTS = {"´": "\u0301", "ˆ": "\u0302", "¨": "\u0308", "¸": "\u0327"}
_ACCENT_THEN_LETTER = re.compile("([´ˆ¨])([aeiouyAEIOUY])|([cC])(¸)")


def without_smuggled(text: str) -> tuple[str, int]:
    """The text without characters that spell something unseen, and how many there were."""
    shown = _SMUGGLED.sub(r"\1", text)
    return shown, len(text) - len(shown)


def tidy(text: str) -> tuple[str, int]:
    """The text of a formatted document, one blank between words and one empty line at most; and what was smuggled in it."""
    text, smuggled = without_smuggled(text)
    text = _LINE_ENDS.sub("\n", text)
    text = _PRIVATE.sub("•", _CONTROLS.sub("", _FORMAT.sub("", text))).translate(_LIGATURES)
    text = unicodedata.normalize("NFC", _ACCENT_THEN_LETTER.sub(_composed, text))
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip(), smuggled


def _composed(match: re.Match[str]) -> str:
    accent, letter = (match[1], match[2]) if match[1] else (match[4], match[3])
    return letter + _SPACING_ACCENTS[accent]


def count_seen(text: str) -> int:
    """Characters, blanks and marks aside: what a count of invisible text tells."""
    return sum(not character.isspace() for character in text)
