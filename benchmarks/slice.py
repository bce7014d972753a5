"""How long the first slice takes: loading, indexing, searching, matching. Run: `python -m benchmarks.slice`.

Works in a temporary state folder. Searching is measured beside the plain alternative (titles compared in the database) on the
same queries in the same run; on shared machines only the ratios count.
"""

import contextlib
import io
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPEATS = 5


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="biofiliere-benchmark-") as folder:
        os.environ["BIOFILIERE_STATE_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
        import django

        django.setup()
        measure_loading()
        measure_searching()
        measure_matching()
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"\npeak memory of this process: {peak_mb:.0f} MB")


def measure_loading() -> None:
    print("loading (seconds)")
    for label, *arguments in (
        ("migrate", "migrate"),
        ("load_demonstration, empty database", "load_demonstration"),
        ("load_demonstration, again", "load_demonstration"),
        ("search_index rebuild", "search_index", "rebuild"),
        ("search_index rebuild --if-needed", "search_index", "rebuild", "--if-needed"),
    ):
        print(f"  {label:<40}{_seconds(lambda arguments=arguments: _quietly(*arguments)):8.1f}")


def _quietly(*arguments: str) -> None:
    from django.core.management import call_command

    with contextlib.redirect_stderr(io.StringIO()):
        call_command(*arguments, verbosity=0, stdout=io.StringIO())


def measure_searching() -> None:
    from django.db.models import Q

    from search.request import Kind, SearchRequest
    from search.retrieval import search
    from training.models import Training

    queries = sorted(
        {word for title in Training.objects.values_list("title_fr", flat=True) for word in title.split()}
    )

    def by_engine(query: str) -> None:
        search(SearchRequest(Kind.TRAININGS, query, with_facets=True))

    def by_database(query: str) -> None:
        fields = ("title_fr", "title_en", "objectives", "content")
        list(Training.objects.filter(_any(fields, query, Q))[:10])

    print(f"\nsearching {len(queries)} words among {Training.objects.count()} trainings (milliseconds)")
    engine = _show("engine, ranked, with facets", by_engine, queries)
    database = _show("database, `icontains` on four fields", by_database, queries)
    print(f"  ratio of medians, engine to database: {engine / database:.1f}")


def _any(fields: Iterable[str], query: str, q: type) -> object:
    condition = q()
    for field in fields:
        condition |= q(**{f"{field}__icontains": query})
    return condition


def measure_matching() -> None:
    from matching.directions.person_to_jobs import match_person
    from matching.reading.extraction import extract_skills
    from matching.referential import load_referential

    texts = [
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "matching" / "samples").glob("*.txt"))
    ]
    referential = load_referential()
    print(
        f"\nmatching {len(texts)} texts of {statistics.median(map(len, texts)):.0f} characters (milliseconds)"
    )
    _show("text → skills", lambda text: extract_skills(text, "fr", referential), texts)
    held = [extract_skills(text, "fr", referential).held for text in texts]
    _show("skills → jobs with trainings", lambda one: match_person(one, referential=referential), held)


def _show(label: str, call: Callable[[object], None], items: Iterable[object]) -> float:
    """Print the median and the 95th percentile of one call an item; returns the median, in milliseconds."""
    for item in items:  # caches warm
        call(item)
    times = sorted(1000 * _seconds(lambda item=item: call(item)) for _ in range(REPEATS) for item in items)
    median = statistics.median(times)
    print(f"  {label:<40}{median:8.1f} p50 {times[int(len(times) * 0.95)]:8.1f} p95")
    return median


def _seconds(call: Callable[[], None]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
