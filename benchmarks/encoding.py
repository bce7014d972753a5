"""How fast the model encodes, in float32 and in bfloat16. Run: `python -m benchmarks.encoding [MODEL]`.

One query at a time as a search does, then a thousand short texts as an index does, the two precisions in turn in the same
run, so that a noisy machine is as unfair to one as to the other.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
QUERIES = 60
TEXTS = 1_000


def main() -> None:
    import torch
    from sentence_transformers import SentenceTransformer

    name = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "search" / "model")
    texts = _short_texts()
    models = {
        "float32": SentenceTransformer(name, device="cpu").float(),
        "bfloat16": SentenceTransformer(name, device="cpu").to(torch.bfloat16),
    }
    print(
        f"{name}, {torch.get_num_threads()} threads, texts of {statistics.median(map(len, texts)):.0f} characters"
    )
    for label, measure in (("one query, p50 ms", _query_ms), ("short texts a second", _texts_a_second)):
        rounds = {precision: [] for precision in models}
        for _ in range(ROUNDS):
            for precision, model in models.items():
                rounds[precision].append(measure(model, texts))
        row = "".join(
            f"{precision:>12} {statistics.median(values):8.1f}" for precision, values in rounds.items()
        )
        print(f"  {label:<24}{row}")


def _short_texts() -> list[str]:
    """Labels of the referential, both languages: what is typed and what is indexed look like them."""
    from skills.concept_files.parsing import read_referential

    files = read_referential(ROOT / "skills" / "referential")
    texts = [label.text for skill in files.skills.values() for label in skill.labels]
    return texts[:: max(1, len(texts) // TEXTS)][:TEXTS]


def _query_ms(model: Any, texts: list[str]) -> float:
    return (
        statistics.median(_seconds(lambda text=text: model.encode([text])) for text in texts[:QUERIES]) * 1e3
    )


def _texts_a_second(model: Any, texts: list[str]) -> float:
    return len(texts) / _seconds(lambda: model.encode(texts, batch_size=64, show_progress_bar=False))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
