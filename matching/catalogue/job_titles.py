"""The titles of published jobs, in both languages, and those that are told besides. One rule: one query."""

from collections import defaultdict

from jobs.models import JobProfilePage
from matching.reading.titles import JobTitles


def load_job_titles() -> JobTitles:
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for code, title, others in JobProfilePage.objects.live().values_list(
        "code", "title", "alternative_titles"
    ):
        titles[code] |= {title, *others.splitlines()}
    return JobTitles(titles)
