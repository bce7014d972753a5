"""Settings and mappings of an index, as data. Pure.

One rule: `dynamic: strict` everywhere: what a document holds and no field is made for is an error, never a guess.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from search.engines.words import ENGLISH, FRENCH, MAX_WORD
from search.request import MAX_LIMIT, MAX_OFFSET, Kind

# The codes and days that documents of a kind carry (`SearchDocument.keywords` and `.dates`).
KEYWORDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.JOBS: ("skill", "family", "level", "shift"),
    Kind.TRAININGS: (
        "skill",
        "training_kind",
        "origin",
        "level",
        "certification",
        "certification_state",
    ),
    Kind.SKILLS: ("skill", "domain", "skill_kind"),
    Kind.CANDIDATES: ("skill", "need_kind"),
}
DAYS: Mapping[Kind, tuple[str, ...]] = {
    Kind.JOBS: (),
    Kind.TRAININGS: ("certification_state",),
    Kind.SKILLS: (),
    Kind.CANDIDATES: (),
}
KINDS_WITH_OFFERS = frozenset({Kind.TRAININGS, Kind.CANDIDATES})
OFFER_CODES = ("mode", "region", "languages", "funding")
OFFER_NUMBERS = ("hours", "price_eur")
OFFER_DAYS = ("first_start", "last_start", "last_day")
VECTOR_PATH = "vectors"
VECTOR_FIELD = f"{VECTOR_PATH}.vector"

_ANALYSIS: dict[str, Any] = {
    # Cut as the embedded engine cuts: wherever there is neither letter, nor mark, nor digit.
    "tokenizer": {"words": {"type": "pattern", "pattern": r"[^\p{L}\p{M}\p{N}]+"}},
    "filter": {
        "short_words": {"type": "length", "max": MAX_WORD},
        "french_stem": {"type": "snowball", "language": "French"},
        "english_stem": {"type": "snowball", "language": "English"},
    },
    "analyzer": {
        name: {
            "type": "custom",
            "tokenizer": "words",
            "filter": ["short_words", "lowercase", *stem, "asciifolding"],
        }
        for name, stem in (("french", ["french_stem"]), ("english", ["english_stem"]), ("words", []))
    },
}
_KEYWORD = {"type": "keyword"}
# Codes that words are ranked by: how many of them a document has counts, as in the embedded engine.
_RANKED_KEYWORD = {"type": "keyword", "norms": True}
_DAY = {"type": "date", "format": "strict_date"}
_NUMBER = {"type": "double"}
# What objects are called: word by word, and each name whole. No count or position of a word matters.
_NAMES = {
    "type": "text",
    "analyzer": "words",
    "norms": False,
    "index_options": "docs",
    "fields": {"key": {"type": "keyword", "doc_values": False}},
}
_KEPT = {"type": "keyword", "index": False, "doc_values": False}

# One of the several vectors of an object; the object is found by the nearest of them. The first one indexed gives their length.
_VECTOR = {
    "name": _KEYWORD,
    "vector": {
        "type": "dense_vector",
        "index": True,
        "similarity": "dot_product",  # of unit vectors: the cosine
        "index_options": {"type": "int8_hnsw", "m": 16, "ef_construction": 100},
    },
}


def settings(replicas: int) -> dict[str, Any]:
    """Of an index that is being filled: nothing is searched in it, so nothing is refreshed."""
    return {
        "number_of_shards": 1,  # scores and neighbours are then those of the whole; 100,000 documents fit one shard well
        "number_of_replicas": replicas,
        "refresh_interval": "-1",
        "max_result_window": MAX_OFFSET + MAX_LIMIT,
        "analysis": _ANALYSIS,
    }


def properties(kind: Kind) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "neutral": {"type": "keyword", "index": False},
        "digest": {"type": "keyword", "index": False},
        "card": _KEPT,
        "identifiers": _RANKED_KEYWORD,
        "acronyms": _RANKED_KEYWORD,
        "words": {"type": "text", "analyzer": "words"},
        "names": _NAMES,
        "title_length": {"type": "short", "index": False},
        "keywords": {
            "properties": {name: _RANKED_KEYWORD if name == "skill" else _KEYWORD for name in KEYWORDS[kind]}
        },
        "dates": {"properties": dict.fromkeys(DAYS[kind], _DAY)},
        **{name: {"type": "text", "analyzer": "french"} for name in FRENCH},
        **{name: {"type": "text", "analyzer": "english"} for name in ENGLISH},
        VECTOR_PATH: {"type": "nested", "properties": _VECTOR},
    }
    if kind in KINDS_WITH_OFFERS:
        fields |= {"has_offers": {"type": "boolean"}, "offers": {"type": "nested", "properties": _offer()}}
    return fields


def _offer() -> dict[str, Any]:
    return {
        **dict.fromkeys(OFFER_CODES, _KEYWORD),
        **dict.fromkeys(OFFER_NUMBERS, _NUMBER),
        **dict.fromkeys(OFFER_DAYS, _DAY),
        "place": {"type": "geo_point"},
        "anywhere": {"type": "boolean"},
        # Always 0: sorted by, under a filter, it puts first the documents that have such an offer.
        "present": {"type": "byte", "index": False},
    }


def mappings(kind: Kind, meta: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "dynamic": "strict",
        "_meta": dict(meta),
        # What results show, passages are cut from and suggestions are ranked by; the rest is in the database, the only truth.
        "_source": {"includes": ["card", "names", "body_fr", "body_en"]},
        "properties": properties(kind),
    }


def recipe() -> dict[str, object]:
    """What the words of an index depend on, for its recipe."""
    built = [settings(0), [mappings(kind, {}) for kind in Kind]]
    fingerprint = hashlib.sha256(json.dumps(built, sort_keys=True).encode()).hexdigest()[:16]
    return {
        "analysis": "letters and digits, lowercase, snowball fr/en, asciifolding",
        "mappings": fingerprint,
    }
