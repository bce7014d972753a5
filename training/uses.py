"""What the training catalogue makes of rows that an open-data source may withdraw.

One rule: every training made from a diploma counts, published or not, since withdrawing the diploma concerns its editor
all the same.
"""

from collections import defaultdict
from collections.abc import Iterable

from training.models import Training


def trainings_of_diplomas(onisep_ids: Iterable[str]) -> dict[str, list[str]]:
    """The trainings made from these diplomas, by ONISEP identifier. One query, whatever the number asked."""
    wanted = set(onisep_ids)
    found: dict[str, list[str]] = defaultdict(list)
    made = Training.objects.filter(diploma__isnull=False).order_by("code")
    for onisep_id, code in made.values_list("diploma__onisep_id", "code"):
        if onisep_id in wanted:
            found[onisep_id].append(f"formation {code}")
    return found
