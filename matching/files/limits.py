"""What a file may cost to read. Pure: no Django.

One rule: every figure has its reason here; readers take them from here or from `Limits`, and invent none.
"""

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` is the time on the clock, of which `cpu_seconds` may be computing."""

    data: int = 5 * MEGABYTE
    characters: int = 50_000
    pages: int = 30
    seconds: float = 15.0
    cpu_seconds: int = 10
    memory: int = 1_024 * MEGABYTE

    @property
    def answer(self) -> int:
        """Bytes that a child may answer: a character takes twelve at most in JSON, notices a few."""
        return 12 * self.characters + 64_000


# --- Zip packages (DOCX, ODT). A CV of ten pages with photos has under a hundred entries and 2 MB of XML.
ZIP_ENTRIES = 2_000
ZIP_PART_BYTES = 20 * MEGABYTE  # one part, once inflated
ZIP_READ_BYTES = 40 * MEGABYTE  # all parts that are read
ZIP_DECLARED_BYTES = 200 * MEGABYTE  # all that the directory declares, photos included
# XML of a word processor inflates ten to thirty times; only above a megabyte does the ratio say anything.
ZIP_RATIO = 200
ZIP_RATIO_FROM = MEGABYTE

# --- PDF pages. A glyph needs about four pixels of height to be told from its ground: two pixels a point do for 3 points.
PIXELS_A_POINT = 2.0
PAGE_PIXELS = 4_000_000  # a larger page is drawn smaller
PAGE_CHARACTERS = 100_000
"""Characters of one page, seen or not; a dense page has 6,000."""

# --- Structured formats
DEPTH = 60  # of nested elements or keys that are followed
