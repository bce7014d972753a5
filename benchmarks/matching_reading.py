"""From a page of text to skills, once the model is loaded. Bar: 300 ms a page.

The pages are CVs of the tuning half of the annotated texts, filled up to one page; they grow to ten.
"""

import statistics
import time

PAGE = 2_500  # characters
PAGES = (1, 2, 5, 10)
TEXTS, ROUNDS = 10, 3
BAR_MS = 300


def main() -> None:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    import django

    django.setup()
    from matching.evaluation.annotated_set import read_annotated_set
    from matching.reading.extraction import extract_skills
    from matching.reading.reader import read_text
    from matching.referential import load_referential
    from search.evaluation.golden_files import TUNING

    referential = load_referential()
    cvs = [one.text for one in read_annotated_set().half(TUNING) if one.kind == "cv"]
    extract_skills(cvs[0], "fr", referential)
    print("| pages | labels alone, ms | whole, ms, median | p95 | skills found |")
    print("|---|---|---|---|---|")
    for pages in PAGES:
        texts = [_text(cvs, start, pages * PAGE) for start in range(TEXTS)]
        labels, whole, found = [], [], []
        for text in texts * ROUNDS:
            start = time.perf_counter()
            read_text(text, referential.lexicon)
            labels.append((time.perf_counter() - start) * 1_000)
            start = time.perf_counter()
            found.append(len(extract_skills(text, "fr", referential).skills))
            whole.append((time.perf_counter() - start) * 1_000)
        p95 = sorted(whole)[int(0.95 * (len(whole) - 1))]
        medians = f"{statistics.median(labels):.0f} | {statistics.median(whole):.0f}"
        print(f"| {pages} | {medians} | {p95:.0f} | {statistics.mean(found):.0f} |")
    print(f"\nBar: {BAR_MS} ms for one page.")


def _text(cvs: list[str], start: int, length: int) -> str:
    text = ""
    while len(text) < length:
        text += cvs[start % len(cvs)] + "\n\n"
        start += 1
    return text[:length]


if __name__ == "__main__":
    main()
