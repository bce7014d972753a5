"""The whole of ESCO and ROME, through the real commands: every row that the sources' own figures announce."""

from pathlib import Path

import pytest
from django.conf import settings

from skills.models import (
    EscoOccupation,
    EscoSkill,
    RomeCompetence,
    RomeEscoLink,
    RomeJob,
)
from tests.skills.extracts import counts, run_import

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.open_data,
    pytest.mark.skipif(not settings.OPEN_DATA_DIR, reason="OPEN_DATA_DIR n'est pas donné"),
]

ESCO = {
    "groupe ESCO": 640,
    "groupe CITP": 619,
    "compétence ESCO": 14_037,
    "métier ESCO": 3_042,
    "lien hiérarchique ESCO": 20_649,
    "lien entre compétences ESCO": 5_930,
    "compétence d'un métier ESCO": 123_788,
}
ROME = {
    "fiche ROME": 1_584,
    "appellation ROME": 13_120,
    "correspondance entre ROME et ESCO": 11_113,
    "compétence ROME": 33_671,
    "compétence d'une fiche ROME": 90_556,
    "contexte ROME": 178,
    "contexte d'une fiche ROME": 13_663,
    "mobilité ROME": 14_912,
    "secteur ROME": 159,
    "secteur d'une fiche ROME": 6_223,
}
UNKNOWN_TO_ESCO = 5


def load(name: str) -> dict:
    return run_import(f"import_{name}", Path(settings.OPEN_DATA_DIR) / name, "--apply")


def assert_all_added_then_all_known(name: str, expected: dict[str, int], warned: int) -> None:
    first, second = load(name), load(name)
    assert first["by_kind"] == {kind: {"added": number} for kind, number in expected.items()}
    assert second["by_kind"] == {kind: {"unchanged": number} for kind, number in expected.items()}
    for report in (first, second):
        assert (report["exit"], report["rejected"], report["warned"]) == (0, 0, warned)
    assert counts(second) == (0, 0, 0)


def test_every_row_of_both_is_loaded_and_known_the_second_time():
    assert_all_added_then_all_known("esco", ESCO, warned=0)
    assert EscoSkill.objects.filter(is_retired=True).count() == 194
    assert EscoOccupation.objects.filter(is_retired=True).count() == 3
    assert not EscoOccupation.objects.filter(title_keys="").exists()

    assert_all_added_then_all_known("rome", ROME, warned=UNKNOWN_TO_ESCO)
    assert RomeCompetence.objects.filter(is_licence=True).count() == 3_223
    assert not RomeJob.objects.filter(definition__contains="''").exists()
    assert set(RomeEscoLink.objects.order_by().values_list("match", flat=True).distinct()) == {
        "exact",
        "close",
        "broad",
        "narrow",
    }
