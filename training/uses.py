"""Which trainings use what a source may withdraw.

One rule: a training counts whether it is online or not: a draft too would be published with what is gone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import islice

from training.models import Training

CHUNK = 500


def trainings_of_certifications(codes: Iterable[str]) -> Mapping[str, Iterable[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    waiting = iter(codes)
    while some := list(islice(waiting, CHUNK)):
        links = Training.certifications.through.objects.filter(certification__code__in=some)
        for code, training in links.order_by().values_list("certification__code", "training__code"):
            found[code].append(f"formation {training}")
    return found
