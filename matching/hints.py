"""What a text hints at: the skills that it may show, the jobs that it names, the jobs that it is near to.

One rule: without an index or a model of meaning the hints that remain are given, and nothing else is said to be missing.
"""

from collections import defaultdict

from matching.candidates import jobs_near
from matching.catalogue.job_titles import load_job_titles
from matching.expecting import Hints
from matching.reading.extraction import Extraction

# Passages that count, of those nearest to a job: what most of a CV tells, and not one word in common.
PASSAGES = 10


def hints_of(text: str, extraction: Extraction, engine: str = "") -> Hints:
    """`extraction`: what was read in this text. Raises SearchUnavailable when the engine is named."""
    return Hints(extraction.likely, load_job_titles().named_in(text), _near(extraction, engine))


def _near(extraction: Extraction, engine: str) -> dict[str, float]:
    """The mean cosine of each job with the passages nearest to it. Those that a short text lacks count for nothing; a job that
    search does not propose for a passage, being too far, counts as the last of those that it does.
    """
    if extraction.passages is None:
        return {}
    cosines: defaultdict[str, list[float]] = defaultdict(list)
    found = [passage for passage in jobs_near(extraction.passages, engine) if passage]
    codes = {code for passage in found for code in passage}
    for passage in found:
        last = min(passage.values())
        for code in codes:
            cosines[code].append(passage.get(code, last))
    return {code: sum(sorted(values, reverse=True)[:PASSAGES]) / PASSAGES for code, values in cosines.items()}
