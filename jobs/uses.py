"""Which job profiles name rows that ROME or ESCO may withdraw.

One rule: one query, whatever the number of rows asked; a profile counts once, whichever of its languages names the row.
"""

from collections import defaultdict
from collections.abc import Iterable

from jobs.models import JobProfilePage


def profiles_with_rome_codes(codes: Iterable[str]) -> dict[str, list[str]]:
    return _naming("rome_codes", codes)


def profiles_with_esco_occupations(uris: Iterable[str]) -> dict[str, list[str]]:
    return _naming("esco_uris", uris)


def _naming(field: str, codes: Iterable[str]) -> dict[str, list[str]]:
    wanted = set(codes)
    found: dict[str, list[str]] = defaultdict(list)
    for job, named in JobProfilePage.objects.order_by("code").values_list("code", field):
        for code in wanted.intersection(named.split()):
            found[code].append(f"métier {job}")
    return found
