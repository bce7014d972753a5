"""What a text hints at: the skills that it may show, the jobs that it names, the jobs that it is near to.

One rule: without an index or a model of meaning the hints that remain are given, and nothing else is said to be missing.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from matching.candidates import jobs_near
from matching.catalogue.job_titles import load_job_titles
from matching.expecting import Hints
from matching.reading.extraction import Extraction

# Passages that count, of those nearest to an object: what most of a CV tells, and not one word in common.
PASSAGES = 10


def hints_of(text: str, extraction: Extraction, engine: str = "") -> Hints:
    """`extraction`: what was read in this text. Raises SearchUnavailable when the engine is named."""
    near = nearness(jobs_near(extraction.passages, engine))
    denied = frozenset(one.code for one in extraction.set_aside)
    return Hints(extraction.likely, load_job_titles().named_in(text), near, denied)


def nearness(cosines: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The mean cosine of each object with the passages nearest to it, from what search proposes for each passage. Passages that
    a short text lacks count for nothing; an object that is not proposed for a passage, being too far, counts as the last of
    those that are.
    """
    proposed = [passage for passage in cosines if passage]
    codes = {code for passage in proposed for code in passage}
    found: defaultdict[str, list[float]] = defaultdict(list)
    for passage in proposed:
        last = min(passage.values())
        for code in codes:
            found[code].append(passage.get(code, last))
    return {code: sum(sorted(values, reverse=True)[:PASSAGES]) / PASSAGES for code, values in found.items()}
