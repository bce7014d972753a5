"""Generated trainings as search documents: as many as one likes, always the same ones. Pure: no Django.

One rule: document i depends on the seed, on i and on the day alone, so that a large corpus begins with the small one. The first
`originals` have texts of their own; those after them are variations of one each: the same theme and the same fields filled,
other sentences, other offers.
"""

import datetime as dt
import math
import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TypeVar

from benchmarks.search.texts import Material, Theme, Town
from search.documents.base import CertificationFacts, Offer, SearchDocument, lines

Value = TypeVar("Value")

SEED = "biofiliere"
ORIGINALS = 10_000
# Shares: themes of the sector among all, titles said in English too, programmes given, certifications attached.
SECTOR, ENGLISH, PROGRAMME, CERTIFIED = 0.35, 0.3, 0.6, 0.6
VARIATIONS = (
    *("",) * 6,
    "en alternance",
    "à distance",
    "niveau 1",
    "niveau 2",
    "initiation",
    "perfectionnement",
    "module complémentaire",
    "bloc de compétences",
    "parcours individualisé",
    "remise à niveau",
)
MODES = {"on-site": 70, "mixed": 18, "remote": 12}
LEVELS = {"": 30, "3": 12, "4": 16, "5": 20, "6": 12, "7": 9, "8": 1}
ORIGINS = {"provider": 72, "open-data": 25, "demonstration": 3}
FUNDING = {"cpf": 0.5, "opco": 0.6, "apprenticeship": 0.3}
OFFERS = {1: 40, 2: 25, 3: 15, 4: 12, 5: 8}
# Days from today to a start: sessions that have ended, that are under way, and of the year to come.
EARLIEST, LATEST = -150, 420


class Corpus:
    def __init__(
        self, material: Material, today: dt.date, seed: str = SEED, originals: int = ORIGINALS
    ) -> None:
        self.material, self.today, self.seed, self.originals = material, today, seed, originals
        self._sector = frozenset(material.sector)
        self._sector_texts = _sentences(material.sector)
        self._other_texts = _sentences(material.others or material.sector)
        self._town_weights = list(accumulate(town.population for town in material.towns))
        # As in a real catalogue, a few skills are in every second training and most in few (Zipf).
        self._skills = sorted(material.skills, key=lambda code: random.Random(seed + code).random())  # noqa: S311
        self._skill_weights = list(accumulate(1 / rank for rank in range(1, len(self._skills) + 1)))

    def documents(self, first: int, last: int) -> Iterator[SearchDocument]:
        return (self.document(number) for number in range(first, last))

    def document(self, number: int) -> SearchDocument:
        same, own = self._chance(number % self.originals, "identity"), self._chance(number, "details")
        theme = self._theme(same)
        is_english, has_programme = (
            bool(theme.title_en) and same.random() < ENGLISH,
            same.random() < PROGRAMME,
        )
        title = " – ".join(part for part in (theme.title_fr[:200], own.choice(VARIATIONS)) if part)
        objectives, programme = self._texts(theme, own)
        towns = self._towns(own)
        terms = self._certifications(theme, own)
        skills = self._skills_of(theme, own)
        texts = {
            "label_fr": title,
            "label_en": theme.title_en[:200] if is_english else "",
            "description_fr": objectives,
            "content_fr": programme if has_programme else "",
        }
        return SearchDocument(
            code=f"bench-{number:06d}",
            title_fr=title,
            title_en=texts["label_en"],
            skill_labels=tuple(label for code in skills for label in self.material.skills[code]),
            body_fr=self._body(texts, towns, own),
            identifiers=tuple(term.code for term in terms),
            keywords=_keywords(skills, terms, own),
            dates={"certification_state": tuple(term.ends_on for term in terms if term.ends_on)},
            offers=tuple(self._offer(town, own) for town in towns),
            certifications=terms,
            vectors=texts,
        )

    def _chance(self, number: int, what: str) -> random.Random:
        return random.Random(f"{self.seed} {what} {number}")  # noqa: S311 - reproducible, not secret

    def _theme(self, chance: random.Random) -> Theme:
        others = self.material.others or self.material.sector
        return chance.choice(self.material.sector if chance.random() < SECTOR else others)

    def _texts(self, theme: Theme, chance: random.Random) -> tuple[str, str]:
        """Objectives of two or three sentences, a programme of three to six: the theme's own, then those of other themes."""
        own = chance.sample(theme.sentences, len(theme.sentences))
        fillers = self._sector_texts if theme in self._sector else self._other_texts
        said = [*own, *chance.choices(fillers, k=9)]
        cut = chance.randint(2, 3)
        return " ".join(said[:cut]), " ".join(said[cut : cut + chance.randint(3, 6)])

    def _towns(self, chance: random.Random) -> list[Town]:
        count = _weighted(OFFERS, chance)
        return chance.choices(self.material.towns, cum_weights=self._town_weights, k=count)

    def _skills_of(self, theme: Theme, chance: random.Random) -> tuple[str, ...]:
        count = chance.randint(1, 4) if theme in self._sector else chance.randint(0, 2)
        drawn = chance.choices(self._skills, cum_weights=self._skill_weights, k=count)
        known = [code for code in theme.skills if code in self.material.skills]
        return tuple(dict.fromkeys([*known[:6], *drawn]))

    def _certifications(self, theme: Theme, chance: random.Random) -> tuple[CertificationFacts, ...]:
        if not theme.certification or chance.random() > CERTIFIED:
            return ()
        is_known = chance.random() < 0.8
        ends_on = self.today + dt.timedelta(days=chance.randint(-400, 1_500)) if is_known else None
        return (CertificationFacts(theme.certification, ends_on, True if is_known else None),)

    def _body(self, texts: dict[str, str], towns: Sequence[Town], chance: random.Random) -> str:
        return lines(
            texts["description_fr"],
            texts["content_fr"],
            chance.choice(self.material.prerequisites),
            chance.choice(self.material.providers),
            *(f"{town.name} {town.department}" for town in towns),
        )

    def _offer(self, town: Town, chance: random.Random) -> Offer:
        mode = _weighted(MODES, chance)
        starts_on = self.today + dt.timedelta(days=chance.randint(EARLIEST, LATEST))
        hours = round(math.exp(chance.gauss(3.8, 1.1)), 1)
        has_date, is_window = chance.random() < 0.85, chance.random() < 0.15
        ends_on = starts_on + dt.timedelta(days=max(1, round(hours / 7)))
        return Offer(
            mode=mode,
            region=town.region,
            anywhere=mode == "remote",
            latitude=town.latitude,
            longitude=town.longitude,
            languages=("fr", "en")
            if chance.random() < 0.06
            else ("en",)
            if chance.random() < 0.04
            else ("fr",),
            funding=tuple(name for name, share in FUNDING.items() if chance.random() < share),
            hours=hours,
            price_eur=round(hours * chance.uniform(12, 70), 2) if chance.random() < 0.85 else None,
            first_start=starts_on if has_date else None,
            last_start=(ends_on if is_window else starts_on) if has_date else None,
            last_day=ends_on if has_date else None,
        )


def _sentences(themes: Iterable[Theme]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for theme in themes for text in theme.sentences))


def _keywords(
    skills: Sequence[str], terms: Sequence[CertificationFacts], chance: random.Random
) -> dict[str, tuple[str, ...]]:
    level = _weighted(LEVELS, chance)
    return {
        "skill": tuple(skills),
        "training_kind": ("initial" if chance.random() < 0.3 else "continuing",),
        "origin": (_weighted(ORIGINS, chance),),
        "level": (level,) if level else (),
        "certification": tuple(term.code for term in terms),
        "certification_state": tuple("unknown" for term in terms if term.ends_on is None),
    }


def _weighted(weights: dict[Value, int], chance: random.Random) -> Value:
    return chance.choices(list(weights), weights=list(weights.values()))[0]
