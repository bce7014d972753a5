"""The shape of a search document. Pure: no Django, no engine.

One rule: a document holds everything an engine indexes, filters, counts and shows; engines never read the database.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9]{1,7}\b")
_DIRECTORY = re.compile(r"^(rncp|rs)")


@dataclass(frozen=True)
class Offer:
    """What is placed and dated. Of a training, one way to follow it: an action with one of its sessions, or with none. Of a
    candidate, where and from when the person is available, until the consent ends.

    A dated session has `first_start` = `last_start`; a permanent entry is a window. `last_day` is the last day on which it
    has not ended. None means unknown or unbounded. `anywhere` is true of what is followed without travelling.
    """

    mode: str = ""
    region: str = ""
    anywhere: bool = False
    latitude: float | None = None
    longitude: float | None = None
    languages: tuple[str, ...] = ()
    funding: tuple[str, ...] = ()
    hours: float | None = None
    price_eur: float | None = None
    first_start: dt.date | None = None
    last_start: dt.date | None = None
    last_day: dt.date | None = None
    # Certifications whose registration ends before this offer starts, or while people may still enter it.
    starts_after: tuple[str, ...] = ()
    runs_past: tuple[str, ...] = ()


@dataclass(frozen=True)
class CertificationFacts:
    """What a result tells of a certification: facts, from which the day of the question makes a state."""

    code: str
    ends_on: dt.date | None = None
    is_active: bool | None = None
    successors: tuple[str, ...] = ()


@dataclass(frozen=True)
class SearchDocument:
    """What one object says to search.

    `keywords` are codes that filters and facets use, `dates` days that they compare with today; `labels_*` are other names
    of the object; `skill_labels` are the names of the skills it points at; `vectors` names the texts that become vectors
    (several an object: its label and description in each language, and each of its other names).
    """

    code: str
    title_fr: str
    title_en: str = ""
    labels_fr: tuple[str, ...] = ()
    labels_en: tuple[str, ...] = ()
    skill_labels: tuple[str, ...] = ()
    body_fr: str = ""
    body_en: str = ""
    identifiers: tuple[str, ...] = ()
    keywords: dict[str, tuple[str, ...]] = field(default_factory=dict)
    dates: dict[str, tuple[dt.date, ...]] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    certifications: tuple[CertificationFacts, ...] = ()
    vectors: dict[str, str] = field(default_factory=dict)
    url_fr: str = ""
    url_en: str = ""

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, default=_as_text)

    @classmethod
    def from_json(cls, text: str) -> "SearchDocument":
        raw: dict[str, Any] = json.loads(text)
        for name in ("labels_fr", "labels_en", "skill_labels", "identifiers"):
            raw[name] = tuple(raw[name])
        raw["keywords"] = {name: tuple(values) for name, values in raw["keywords"].items()}
        raw["dates"] = {name: tuple(map(_day, days)) for name, days in raw.get("dates", {}).items()}
        raw["offers"] = tuple(map(_offer, raw["offers"]))
        raw["certifications"] = tuple(map(_certification, raw.get("certifications", ())))
        return cls(**raw)

    @property
    def late_offers(self) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.offers if offer.starts_after or offer.runs_past)

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that change when anything in the document does."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()[:16]


def _as_text(value: dt.date) -> str:
    return value.isoformat()


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _offer(raw: dict[str, Any]) -> Offer:
    days = {
        name: _day(raw[name]) if raw[name] else None for name in ("first_start", "last_start", "last_day")
    }
    lists = ("languages", "funding", "starts_after", "runs_past")
    return Offer(**{**raw, **days, **{name: tuple(raw.get(name, ())) for name in lists}})


def _certification(raw: dict[str, Any]) -> CertificationFacts:
    ends_on = _day(raw["ends_on"]) if raw["ends_on"] else None
    return CertificationFacts(**{**raw, "ends_on": ends_on, "successors": tuple(raw["successors"])})


def text_fields(document: SearchDocument) -> dict[str, str]:
    """The texts of the document, by the field in which an engine searches each."""
    skill_labels = "\n".join(document.skill_labels)
    return {
        "title_fr": document.title_fr,
        "title_en": document.title_en,
        "labels_fr": "\n".join(document.labels_fr),
        "labels_en": "\n".join(document.labels_en),
        "skills_fr": skill_labels,
        "skills_en": skill_labels,
        "body_fr": document.body_fr,
        "body_en": document.body_en,
    }


def every_text(document: SearchDocument) -> str:
    """All that the document says, one text a line, as words without stems are searched."""
    return lines(document.code.replace("-", " "), *text_fields(document).values())


def acronyms(document: SearchDocument) -> list[str]:
    return sorted(set(_CAPITALS.findall(every_text(document))))


def identifiers(document: SearchDocument) -> list[str]:
    """Its code and the codes it goes by, in lower case; those of the national directories also without their letters."""
    found = {identifier.casefold() for identifier in (document.code, *document.identifiers)}
    return sorted(found | {_DIRECTORY.sub("", identifier) for identifier in found})


def card_text(document: SearchDocument) -> str:
    """What an engine keeps to show a result, in JSON; `read_card` reads it back."""
    card: dict[str, Any] = {
        name: getattr(document, name) for name in ("title_fr", "title_en", "url_fr", "url_en")
    }
    for name in ("certifications", "late_offers"):
        if facts := getattr(document, name):
            card[name] = [asdict(fact) for fact in facts]
    return json.dumps(card, default=_as_text, ensure_ascii=False)


def read_card(text: str) -> dict[str, Any]:
    raw = json.loads(text)
    return {
        **raw,
        "certifications": tuple(map(_certification, raw.get("certifications", ()))),
        "late_offers": tuple(map(_offer, raw.get("late_offers", ()))),
    }


@dataclass(frozen=True)
class DocumentSource:
    """How a kind is read: `codes()` lists what is eligible, in order; `build(codes)` makes their documents, in bounded
    queries, leaving out what is not eligible any more."""

    codes: Callable[[], Iterable[str]]
    build: Callable[[Sequence[str]], list[SearchDocument]]


def aliases(language: str, names: Iterable[str]) -> dict[str, str]:
    """The other names of an object, each for a vector of its own: a query is near one of them, never near their list."""
    prefix = f"alias_{language}_" if language else "alias_"
    return {f"{prefix}{number}": name for number, name in enumerate(dict.fromkeys(names))}


def lines(*texts: str) -> str:
    """The texts that say something, one a line."""
    return "\n".join(text for text in texts if text)
