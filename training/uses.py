"""What the training catalogue makes of rows that an open-data source may withdraw.

One rule: every training counts, published or not, since what is withdrawn concerns its editor all the same.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import islice

from training.models import Training

CHUNK = 500


def trainings_of_diplomas(onisep_ids: Iterable[str]) -> dict[str, list[str]]:
    """The trainings made from these diplomas, by ONISEP identifier. One query, whatever the number asked."""
    wanted = set(onisep_ids)
    found: dict[str, list[str]] = defaultdict(list)
    made = Training.objects.filter(diploma__isnull=False).order_by("code")
    for onisep_id, code in made.values_list("diploma__onisep_id", "code"):
        if onisep_id in wanted:
            found[onisep_id].append(f"formation {code}")
    return found


def trainings_of_certifications(codes: Iterable[str]) -> dict[str, list[str]]:
    """The trainings that prepare for these certifications, by code. A query for some hundreds of codes."""
    found: dict[str, list[str]] = defaultdict(list)
    waiting = iter(codes)
    while some := list(islice(waiting, CHUNK)):
        links = Training.certifications.through.objects.filter(certification__code__in=some)
        for code, training in links.order_by().values_list("certification__code", "training__code"):
            found[code].append(f"formation {training}")
    return found
