"""Which job profiles name rows that ROME or ESCO may withdraw (see `skills.uses_registry`).

One rule: a profile counts once, whichever of its languages names the row.
"""

from collections.abc import Iterator

from jobs.models import JobProfilePage


def profiles_with_rome_codes(codes: frozenset[str]) -> Iterator[tuple[str, str]]:
    return _naming("rome_codes", codes)


def profiles_with_esco_occupations(uris: frozenset[str]) -> Iterator[tuple[str, str]]:
    return _naming("esco_uris", uris)


def _naming(field: str, codes: frozenset[str]) -> Iterator[tuple[str, str]]:
    for job, named in JobProfilePage.objects.order_by().values_list("code", field):
        for code in codes.intersection(named.split()):
            yield code, f"métier {job}"
