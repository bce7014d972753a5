"""Which job profiles name certifications that the registers may withdraw (see `skills.uses_registry`).

One rule: a job names a certification by its code, in its usual diplomas; both its languages are one use.
"""

from collections.abc import Iterator

from jobs.models import JobDiploma


def jobs_of_certifications(codes: frozenset[str]) -> Iterator[tuple[str, str]]:
    diplomas = JobDiploma.objects.filter(rncp_code__in=codes).order_by()
    for code, job in diplomas.values_list("rncp_code", "page__code"):
        yield code, f"métier {job}"
