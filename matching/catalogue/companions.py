"""Which skills jobs ask for together, over all the jobs that are published.

One rule: one query, of some 1,500 rows.
"""

from collections import defaultdict

from jobs.models import JobRequirement
from matching.expecting import Companions


def load_companions() -> Companions:
    skills: defaultdict[str, set[str]] = defaultdict(set)
    rows = JobRequirement.objects.filter(page__live=True).values_list("page__code", "skill__code")
    for code, skill in rows:
        skills[code].add(skill)
    return Companions.of(skills.values())
