"""A person against job profiles, explained, beside a loop of sentence-transformers' `semantic_search` over requirements.

Both sides of the alternative are encoded beforehand, and it gives the same output: the score of each profile, and each
requirement with its state, what covers it and why. Bars: 500 profiles in 25 ms, and at least 20 times as fast.
"""

import random
import statistics
import time
from collections.abc import Callable, Sequence

from matching.profiles import Profiles
from matching.scoring import (
    Held,
    Requirement,
    RequirementResult,
    Score,
    SkillGraph,
    State,
    total_weight,
    value_of,
)

ROUNDS = 15
REQUIREMENTS, HELD = 15, 25
SIZES = (50, 500, 5_000)
BAR_MS, BAR_TIMES = 25, 20
COSINE_COVERS, COSINE_HELPS = 0.9, 0.7


def main() -> None:
    codes, graph, vectors = _referential()
    chance = random.Random(1)  # noqa: S311 - the same people every time
    held = [Held(code, chance.randint(1, 4)) for code in chance.sample(codes, HELD)]
    print(
        "| profiles | ours, ms | semantic_search a profile, ms | a requirement, ms | times as fast (of the quicker) |"
    )
    print("|---|---|---|---|---|")
    for size in SIZES:
        wanted = {f"job-{number}": _profile(chance, codes) for number in range(size)}
        profiles = Profiles(wanted, graph)
        ours = _median(lambda profiles=profiles: profiles.scores(held), ROUNDS)
        rounds = 3 if size <= SIZES[1] else 1
        by_profile = _median(
            lambda wanted=wanted: _searched(wanted, held, vectors, graph, together=True), rounds
        )
        alone = _median(lambda wanted=wanted: _searched(wanted, held, vectors, graph, together=False), rounds)
        print(
            f"| {size} | {ours:.1f} | {by_profile:.0f} | {alone:.0f} | {min(by_profile, alone) / ours:.0f} |"
        )
    print(f"\nBars at 500 profiles: {BAR_MS} ms; {BAR_TIMES} times as fast.")


def _profile(chance: random.Random, codes: Sequence[str]) -> list[Requirement]:
    return [
        Requirement(code, chance.randint(1, 4), chance.choice(["essential", "useful"]))
        for code in chance.sample(codes, REQUIREMENTS)
    ]


def _referential():
    """The real referential: its codes and links, and the model's vector of each label."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    import django

    django.setup()
    from matching.referential import load_referential
    from search.embeddings import embedder

    referential = load_referential()
    codes = sorted(referential.labels)
    model = embedder()
    if model is None or not codes:
        raise SystemExit("Load the demonstration and install the ML option first (make demo).")
    vectors = model.encode([referential.label(code, "fr") for code in codes])
    return codes, referential.graph, dict(zip(codes, vectors, strict=True))


def _searched(
    wanted, held: Sequence[Held], vectors, graph: SkillGraph, *, together: bool
) -> dict[str, Score]:
    """The plain loop: what is nearest to each requirement decides; `together` asks for those of a profile at once."""
    import numpy as np
    from sentence_transformers.util import semantic_search

    people = np.stack([vectors[one.skill] for one in held])
    found = {}
    for code, asked in wanted.items():
        rows = np.stack([vectors[one.skill] for one in asked])
        if together:
            hits = semantic_search(rows, people, top_k=1)
        else:
            hits = [semantic_search(row[None], people, top_k=1)[0] for row in rows]
        results = tuple(_result(one, hit[0], held, graph) for one, hit in zip(asked, hits, strict=True))
        found[code] = Score(value_of([one.gain for one in results], total_weight(asked)), results)
    return found


def _result(one: Requirement, hit: dict, held: Sequence[Held], graph: SkillGraph) -> RequirementResult:
    best, cosine = held[hit["corpus_id"]], hit["score"]
    share = 1.0 if cosine >= COSINE_COVERS else 0.5 if cosine >= COSINE_HELPS else 0.0
    credit = share * min(best.level, one.level) / one.level
    state = State.COVERED if credit >= 1 else State.PARTIAL if credit else State.MISSING
    reason = f"« {graph.label(best.skill, 'fr')} », au niveau {best.level}, {one.level} demandé."
    return RequirementResult(
        one.skill, one.level, one.importance, state, best.skill if credit else None, reason, credit
    )


def _median(run: Callable[[], object], rounds: int) -> float:
    """Milliseconds, after one round that does not count."""
    run()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1_000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
