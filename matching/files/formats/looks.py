"""How a run of text of a DOCX or an ODT looks, as its properties add up, and whether that can be seen. Pure: no Django.

One rule: a property that is not set leaves the one below it; what no property says is seen.
"""

from collections import Counter
from dataclasses import dataclass, fields

from matching.files.characters import count_seen
from matching.files.formats.colours import WHITE, Colour, can_be_told
from matching.files.results import Hidden, Invisible

SMALLEST_POINTS = 3.0
# Set to « automatic »: black or white as the ground asks, hence far from every ground; of a ground: none of its own.
AUTOMATIC = Colour(-1_000, -1_000, -1_000)
_NARROWEST = 10  # percent of a letter's usual width


@dataclass(frozen=True, slots=True)
class Look:
    """None: not set. `off_page` and `flat` (a line, a row or a box too low to show anything) come from what holds the text."""

    masked: bool | None = None
    web_masked: bool | None = None
    transparent: bool | None = None
    colour: Colour | None = None
    ground: Colour | None = None
    points: float | None = None
    width: float | None = None
    flat: bool | None = None
    off_page: bool | None = None

    def over(self, below: "Look") -> "Look":
        """This look where it is set, else the one below."""
        if self is NOTHING:
            return below
        values = []
        for one in fields(self):
            own = getattr(self, one.name)
            values.append(getattr(below, one.name) if own is None else own)
        return Look(*values)


NOTHING = Look()


def hidden_because(look: Look, page: Colour = WHITE) -> Hidden | None:
    """Why a text of this look is not seen; None when it is."""
    if look.masked or look.web_masked:
        return Hidden.MASKED
    if look.off_page:
        return Hidden.OFF_PAGE
    if look.transparent:
        return Hidden.TRANSPARENT
    if look.flat or _is_under(look.points, SMALLEST_POINTS) or _is_under(look.width, _NARROWEST):
        return Hidden.TINY
    ground = page if look.ground in {None, AUTOMATIC} else look.ground
    if look.colour is not None and ground is not None and not can_be_told(look.colour, ground):
        return Hidden.GROUND
    return None


def _is_under(value: float | None, least: float) -> bool:
    return value is not None and value < least


class Unseen:
    """Counts what is not seen, by reason."""

    def __init__(self) -> None:
        self._counts: Counter[Hidden] = Counter()

    def add(self, reason: Hidden, text: str) -> None:
        self._counts[reason] += count_seen(text)

    def told(self) -> tuple[Invisible, ...]:
        return tuple(Invisible(reason, count) for reason, count in sorted(self._counts.items()) if count)

    @property
    def total(self) -> int:
        return self._counts.total()
