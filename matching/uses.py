"""Which job profiles use what a source of trainings may withdraw.

One rule: a job names a certification by its code, in its usual diplomas; both its languages are one use.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import islice

from jobs.models import JobDiploma

CHUNK = 500


def jobs_of_certifications(codes: Iterable[str]) -> Mapping[str, Iterable[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    waiting = iter(codes)
    while some := list(islice(waiting, CHUNK)):
        diplomas = JobDiploma.objects.filter(rncp_code__in=some).order_by()
        for code, job in diplomas.values_list("rncp_code", "page__code"):
            found[code].add(f"métier {job}")
    return found
