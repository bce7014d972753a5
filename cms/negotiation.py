"""Which form of a resource a client asks for, read from its `Accept` header (RFC 9110, 12.5.1). Pure: no Django.

One rule: a header that is empty, malformed or asks for nothing that we have is answered in the default form; only a client that
excludes the default form itself is told that nothing suits it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Commas and semicolons inside a quoted string separate nothing.
_QUOTED = r'"(?:[^"\\]|\\.)*"?'
_ITEMS = re.compile(rf'(?:[^,"]|{_QUOTED})+')
_PARTS = re.compile(rf'(?:[^;"]|{_QUOTED})+')
_NAME = r"[a-z0-9!#$%&'+.^_`|~-]+"
_RANGE = re.compile(rf"\*/\*|{_NAME}/(?:\*|{_NAME})")
# Looser than the grammar: Java writes `q=.2`, and some clients more than three decimals.
_QUALITY = re.compile(r"0?\.\d+|0\.?|1(?:\.0*)?")


@dataclass(frozen=True)
class _Range:
    """One element of the header: `*/*`, `text/*` or `text/html`, and how much it is wanted."""

    pattern: str
    quality: float

    @property
    def precision(self) -> int:
        return 2 - self.pattern.count("*")

    def matches(self, media_type: str) -> bool:
        kind = media_type.partition("/")[0]
        return self.pattern in ("*/*", f"{kind}/*", media_type)


def preferred(accept: str, offered: Sequence[str]) -> str | None:
    """The media type of `offered`, the default first, that the header wants most; None where it excludes them all.

    A type is wanted as much as the most precise range that matches it says. Of two wanted alike, the one that is named comes
    before the one that a wildcard lets in, and the default before the others.
    """
    ranges = list(_ranges(accept))
    wishes = {media_type: _wish(media_type, ranges) for media_type in offered}
    wanted = [media_type for media_type in offered if (wishes[media_type] or (0.0, 0))[0] > 0]
    if wanted:
        return max(wanted, key=lambda media_type: wishes[media_type] or (0.0, 0))
    return offered[0] if wishes[offered[0]] is None else None


def _wish(media_type: str, ranges: Sequence[_Range]) -> tuple[float, int] | None:
    """How much a type is wanted, and how precisely it was named; None where the header says nothing of it."""
    matching = [one for one in ranges if one.matches(media_type)]
    if not matching:
        return None
    closest = max(matching, key=lambda one: (one.precision, one.quality))
    return closest.quality, closest.precision


def _ranges(accept: str) -> Iterator[_Range]:
    """The ranges of a header; what cannot be read is left out. Parameters other than `q` are not told apart."""
    for item in _ITEMS.findall(accept):
        name, *parameters = [part.strip(" \t") for part in _PARTS.findall(item)] or [""]
        quality = _quality(parameters)
        if quality is not None and _RANGE.fullmatch(name.lower()):
            yield _Range(name.lower(), quality)


def _quality(parameters: Sequence[str]) -> float | None:
    """The weight, 1 where none is given; None where it is not a number from 0 to 1."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            return float(value) if _QUALITY.fullmatch(value.strip()) else None
    return 1.0
