"""What the columns keep of an offer. Pure.

One rule: what is unknown is no number, and what never closes closes infinitely late.
"""

import math

from search.documents.base import Offer

OFFER_KEYWORDS = ("mode", "region", "languages", "funding")
OFFER_NUMBERS = (
    "hours",
    "price_eur",
    "first_start",
    "last_start",
    "last_day",
    "latitude",
    "longitude",
    "anywhere",
)


def offer_codes(offer: Offer, name: str) -> tuple[str, ...]:
    value = getattr(offer, name)
    return value if isinstance(value, tuple) else (value,) if value else ()


def offer_number(offer: Offer, name: str) -> float:
    """NaN for unknown; the last start and last day of what never closes are infinitely far."""
    value = getattr(offer, name)
    if name == "last_day" and value is None:
        return math.inf
    if name == "last_start" and value is None and offer.first_start is not None:
        return math.inf
    if value is None:
        return math.nan
    return float(value.toordinal()) if hasattr(value, "toordinal") else float(value)
