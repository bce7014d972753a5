"""A catalogue made by chance, from one seed: trainings with every kind of field, and requests on them."""

import datetime as dt
import random
from dataclasses import replace

import numpy as np

from search.clauses import (
    AllOf,
    AnyBand,
    AnyOf,
    Band,
    Between,
    Clause,
    EngineRequest,
    FacetRequest,
    Near,
    ParsedQuery,
    Scope,
    Unit,
)
from search.documents.base import Offer, SearchDocument
from search.engines.base import VectorisedDocument

TODAY = dt.date(2026, 3, 16)
DIMENSIONS = 96
PLACES = {"84": (45.76, 4.84), "11": (48.86, 2.35), "76": (43.6, 1.44), "53": (48.11, -1.68)}
SKILLS = [f"skill-{number}" for number in range(12)]
# French and English words with stems, accents, shared beginnings and acronyms.
WORDS = (
    "bioréacteur bioréacteurs culture cultures cellulaire cellule purification purifier chromatographie protéine protéines "
    "aseptique asepsie stérile stérilité stérilisation remplissage remplir flacon flacons qualité qualification qualifier BPF "
    "validation valider nettoyage production producteur produire filtration filtrer filtre tangentielle virus viral virale "
    "lyophilisation lyophiliser formulation vaccin vaccins vecteur vecteurs thérapie génique anticorps monoclonaux monoclonal "
    "reactor bioreactor sterile filling cell cells culture purified purification handicapées œuvre l’asepsie d’ADN pH TFF HPLC"
).split()
FACETS = (
    FacetRequest("skill", "skill", Scope.DOCUMENT),
    FacetRequest("kind", "training_kind", Scope.DOCUMENT),
    FacetRequest("region", "region", Scope.OFFER),
    FacetRequest("mode", "mode", Scope.OFFER),
    FacetRequest("funding", "funding", Scope.OFFER),
    FacetRequest(
        "certification_state",
        "certification_state",
        Scope.DOCUMENT,
        (
            Band("ended", None, TODAY.toordinal() - 1),
            Band("ends-soon", TODAY.toordinal(), TODAY.toordinal() + 365),
            Band("unknown"),
        ),
    ),
)


class Catalogue:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a catalogue that is the same each time
        self.numbers = np.random.default_rng(seed)

    def trainings(self, count: int) -> list[VectorisedDocument]:
        return [self._training(f"t-{number:04}") for number in range(count)]

    def _training(self, code: str) -> VectorisedDocument:
        chance = self.chance
        skills = tuple(chance.sample(SKILLS, chance.randint(0, 4)))
        ends = [TODAY + dt.timedelta(days=chance.randint(-200, 900)) for _ in range(chance.randint(0, 2))]
        document = SearchDocument(
            code=code,
            title_fr=self._text(2, 6),
            title_en=self._text(2, 5) if chance.random() < 0.4 else "",
            labels_fr=tuple(self._text(1, 3) for _ in range(chance.randint(0, 2))),
            skill_labels=tuple(f"{skill} {self._text(1, 2)}" for skill in skills),
            body_fr=self._text(10, 60),
            body_en=self._text(5, 20) if chance.random() < 0.2 else "",
            identifiers=(f"RNCP{chance.randint(1000, 1050)}",) if chance.random() < 0.3 else (),
            keywords={
                "skill": skills,
                "training_kind": (chance.choice(["initial", "continuing"]),),
                "certification_state": () if ends else ("unknown",),
            },
            dates={"certification_state": tuple(ends)},
            offers=tuple(self._offer() for _ in range(chance.choice([0, 1, 1, 2, 3, 5]))),
        )
        names = ("label_fr", "description_fr", "content_fr")[: chance.randint(0, 3)]
        return VectorisedDocument(document, names, self.vectors(len(names)) if names else None)

    def _text(self, least: int, most: int) -> str:
        return " ".join(self.chance.choices(WORDS, k=self.chance.randint(least, most)))

    def _offer(self) -> Offer:
        chance = self.chance
        region = chance.choice([*PLACES, ""])
        is_placed = region and chance.random() < 0.8
        start = TODAY + dt.timedelta(days=chance.randint(-120, 200)) if chance.random() < 0.8 else None
        window = dt.timedelta(days=chance.choice([0, 0, 0, 90]))
        last_start = None if start is None or chance.random() < 0.1 else start + window
        mode = chance.choice(["on-site", "remote", "mixed"])
        return Offer(
            mode=mode,
            region=region,
            anywhere=mode == "remote",
            latitude=PLACES[region][0] + chance.uniform(-0.5, 0.5) if is_placed else None,
            longitude=PLACES[region][1] + chance.uniform(-0.5, 0.5) if is_placed else None,
            languages=("fr", "en")[: chance.randint(0, 2)],
            funding=tuple(chance.sample(["cpf", "opco", "region"], chance.randint(0, 2))),
            hours=chance.choice([None, 7.0, 14.5, 35.0, 400.0]),
            price_eur=chance.choice([None, 0.0, 450.0, 990.5, 4000.0]),
            first_start=start,
            last_start=last_start,
            last_day=last_start + dt.timedelta(days=chance.randint(0, 60)) if last_start else None,
        )

    def vectors(self, count: int) -> np.ndarray:
        """Unit vectors, one a row, around a few directions."""
        centres = np.eye(DIMENSIONS)[self.numbers.integers(0, 4, count)]
        vectors = centres + 0.15 * self.numbers.normal(size=(count, DIMENSIONS))
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    # --- Requests

    def request(self) -> EngineRequest:
        """Words, meaning, both or neither, under some filters, with every facet."""
        chance = self.chance
        request = EngineRequest(
            query=self._query() if chance.random() < 0.7 else ParsedQuery(),
            clauses=self._clauses(),
            facets=FACETS,
            today=TODAY.toordinal(),
            rank_window=chance.choice([20, 200]),
            wanted_skills=tuple(chance.sample(SKILLS, 3)) if chance.random() < 0.15 else (),
        )
        if chance.random() < 0.5:
            return replace(
                request,
                vector=self.vectors(1)[0],
                vector_floor=chance.choice([0.3, 0.6]),
                vector_answer=chance.choice([0.5, 0.99]),
                vector_limit=chance.choice([10, 100]),
            )
        return request

    def _query(self) -> ParsedQuery:
        chance = self.chance
        units = tuple(self._unit() for _ in range(chance.randint(1, 4)))
        identifier = f"rncp{chance.randint(1000, 1050)}" if chance.random() < 0.2 else ""
        return ParsedQuery(units, chance.randint(1, min(2, len(units))), identifier)

    def _unit(self) -> Unit:
        chance = self.chance
        word = chance.choice(
            "bioreacteur bioreact bioracteur steril lyophilisacion qualite vaccins culture remplissage cell "
            "handicapes asepsie ph introuvable oeuvre".split()
        )
        if chance.random() < 0.3:
            skill = chance.choice(SKILLS)
            return Unit((word,), "TFF", (skill,), ("filtration tangentielle", "TFF", "asepsie"), word)
        return Unit((word,), "BPF" if chance.random() < 0.2 else "", text=word)

    def _clauses(self) -> dict[str, Clause]:
        chance = self.chance
        offered = [
            ("skill", AllOf("skill", tuple(chance.sample(SKILLS, chance.randint(1, 2))))),
            ("kind", AnyOf("training_kind", ("initial",))),
            ("region", AnyOf("region", tuple(chance.sample(list(PLACES), 2)), Scope.OFFER)),
            ("mode", AnyOf("mode", ("remote",), Scope.OFFER)),
            ("max_price", Between("price_eur", None, 990.5)),
            ("max_hours", Between("hours", None, 35)),
            ("starts_after", Between("last_start", float(TODAY.toordinal() + 20), None)),
            ("starts_before", Between("first_start", None, float(TODAY.toordinal() + 90))),
            ("place", Near(45.76, 4.84, 60)),
            (
                "certification_state",
                AnyBand("certification_state", FACETS[-1].bands[: chance.randint(1, 3)]),
            ),
        ]
        return dict(chance.sample(offered, chance.choice([0, 0, 1, 1, 2, 3])))
