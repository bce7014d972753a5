"""Which trainings are made of rows that an open-data source may withdraw (see `skills.uses_registry`).

One rule: every training counts, published or not, since what is withdrawn concerns its editor all the same.
"""

from collections.abc import Iterator

from training.models import Training


def trainings_of_diplomas(onisep_ids: frozenset[str]) -> Iterator[tuple[str, str]]:
    made = Training.objects.filter(diploma__onisep_id__in=onisep_ids).order_by()
    for onisep_id, code in made.values_list("diploma__onisep_id", "code"):
        yield onisep_id, f"formation {code}"


def trainings_of_certifications(codes: frozenset[str]) -> Iterator[tuple[str, str]]:
    links = Training.certifications.through.objects.filter(certification__code__in=codes).order_by()
    for code, training in links.values_list("certification__code", "training__code"):
        yield code, f"formation {training}"
