"""The titles of published jobs, in both languages, and those that are told besides.

One rule: one query a question; the titles are made ready again only when one of them has changed.
"""

from collections import defaultdict
from functools import lru_cache

from jobs.models import JobProfilePage
from matching.reading.titles import JobTitles


def load_job_titles() -> JobTitles:
    pages = JobProfilePage.objects.live().order_by("pk")
    return _ready(tuple(pages.values_list("code", "title", "alternative_titles")))


@lru_cache(maxsize=1)
def _ready(rows: tuple[tuple[str, str, str], ...]) -> JobTitles:
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for code, title, others in rows:
        titles[code] |= {title, *others.splitlines()}
    return JobTitles(titles)
