"""From a search document to the JSON that Elasticsearch indexes. Pure."""

import datetime as dt
from typing import Any

from search.documents.base import Offer, acronyms, card_text, every_text, identifiers, text_fields
from search.engines.base import VectorisedDocument
from search.engines.elasticsearch.mappings import (
    DAYS,
    KINDS_WITH_OFFERS,
    OFFER_CODES,
    OFFER_DAYS,
    OFFER_NUMBERS,
)
from search.fusion import neutral_order
from search.names import names, title_length
from search.request import Kind

# Stands for what never ends, which sorts and compares as later than any day.
NEVER = dt.date.max.isoformat()


def body(kind: Kind, item: VectorisedDocument) -> dict[str, Any]:
    document = item.document
    fields: dict[str, Any] = {
        "neutral": neutral_order(document.code).hex(),
        "digest": document.digest,
        "card": card_text(document),
        "identifiers": identifiers(document),
        "acronyms": acronyms(document),
        "words": every_text(document),
        "names": list(names(document)),
        "title_length": title_length(document),
        "keywords": {name: list(codes) for name, codes in document.keywords.items()},
        "dates": {name: [day.isoformat() for day in days] for name, days in document.dates.items()},
        **text_fields(document),
    }
    if kind in KINDS_WITH_OFFERS:
        fields |= {"has_offers": bool(document.offers), "offers": [_offer(one) for one in document.offers]}
    if item.vectors is not None:
        fields["vectors"] = [
            {"name": name, "vector": vector.tolist()}
            for name, vector in zip(item.names, item.vectors, strict=True)
        ]
    if not DAYS[kind]:
        del fields["dates"]
    return {name: value for name, value in fields.items() if value not in ("", [], {})}


def _offer(offer: Offer) -> dict[str, Any]:
    fields: dict[str, Any] = {name: _codes(getattr(offer, name)) for name in OFFER_CODES}
    fields |= {name: getattr(offer, name) for name in OFFER_NUMBERS}
    fields |= {name: _day(getattr(offer, name)) for name in OFFER_DAYS}
    if offer.last_start is None and offer.first_start is not None:
        fields["last_start"] = NEVER
    if offer.last_day is None:
        fields["last_day"] = NEVER
    if offer.latitude is not None and offer.longitude is not None:
        fields["place"] = {"lat": offer.latitude, "lon": offer.longitude}
    told = {name: value for name, value in fields.items() if value not in (None, [])}
    return {**told, "anywhere": offer.anywhere, "present": 0}


def _codes(value: str | tuple[str, ...]) -> list[str]:
    return list(value) if isinstance(value, tuple) else [value] if value else []


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
