"""How fast the model encodes: in float32 and bfloat16 by sentence-transformers, which pads texts of a batch to the longest, and
in float32 without padding (`search.packing`). Run: `python -m benchmarks.encoding [MODEL]`.

One query at a time as a search does, the passages of a page as reading does, then a thousand short texts as an index does; the
ways in turn in the same run, so that a noisy machine is as unfair to one as to the other. The first line tells how fast the
machine multiplies matrices: a page is some 30 billion operations.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

Encode = Callable[[list[str]], object]
ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
QUERIES = 60
PASSAGES = 90  # of a page
TEXTS = 1_000
SQUARE = 1_024  # side of the matrices multiplied


def main() -> None:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    import torch
    from sentence_transformers import SentenceTransformer

    from search.embeddings import Embedder

    name = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "search" / "model")
    texts = _short_texts()
    half = SentenceTransformer(name, device="cpu").to(torch.bfloat16)
    full = SentenceTransformer(name, device="cpu").float()
    ways: dict[str, Encode] = {
        "float32": lambda some: full.encode(some, batch_size=64, show_progress_bar=False),
        "bfloat16": lambda some: half.encode(some, batch_size=64, show_progress_bar=False),
        "without padding": Embedder(name, "").encode,
    }
    print(
        f"{name}, {torch.get_num_threads()} threads, texts of {statistics.median(map(len, texts)):.0f} characters; "
        f"matrices multiplied at {_multiplied():.0f} GFLOP/s"
    )
    measures = (
        ("one query, p50 ms", _query_ms),
        ("passages of a page, ms", _page_ms),
        ("short texts a second", _texts_a_second),
    )
    for label, measure in measures:
        rounds: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(ROUNDS):
            for way, encode in ways.items():
                rounds[way].append(measure(encode, texts))
        row = "".join(f"{way:>18} {statistics.median(values):8.1f}" for way, values in rounds.items())
        print(f"  {label:<24}{row}")


def _multiplied() -> float:
    import torch

    one = torch.rand(SQUARE, SQUARE)
    best = min(_seconds(lambda: one @ one) for _ in range(20))
    return 2 * SQUARE**3 / best / 1e9


def _short_texts() -> list[str]:
    """Labels of the referential, both languages: what is typed and what is indexed look like them."""
    from skills.concept_files.parsing import read_referential

    files = read_referential(ROOT / "skills" / "referential")
    texts = [label.text for skill in files.skills.values() for label in skill.labels]
    return texts[:: max(1, len(texts) // TEXTS)][:TEXTS]


def _query_ms(encode: Encode, texts: list[str]) -> float:
    return statistics.median(_seconds(lambda text=text: encode([text])) for text in texts[:QUERIES]) * 1e3


def _page_ms(encode: Encode, texts: list[str]) -> float:
    return statistics.median(_seconds(lambda: encode(texts[-PASSAGES:])) for _ in range(5)) * 1e3


def _texts_a_second(encode: Encode, texts: list[str]) -> float:
    return len(texts) / _seconds(lambda: encode(texts))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
