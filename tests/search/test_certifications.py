"""The state of certifications in search: filter, facet, alerts of results, all judged on the day of the question."""

import io
import json

import pytest
from django.core.management import call_command

from search.documents import trainings as documents
from search.documents.base import SearchDocument
from search.filters import parse_filters
from search.models import OutboxEntry
from search.request import InvalidRequest, Kind, SearchRequest
from search.retrieval import search
from skills.models import DataRelease
from tests.search.factories import in_days, make_offer, make_training
from training.models import Certification, CertificationSuccession
from training.signals import certifications_changed

pytestmark = pytest.mark.django_db


def certify(training, code: str, ends: int | None, **fields):
    ends_on = None if ends is None else in_days(ends)
    one, _ = Certification.objects.get_or_create(
        code=code, defaults={"registration_ends_on": ends_on, **fields}
    )
    training.certifications.add(one)
    training.save()


def replace(old: str, new: str) -> None:
    release, _ = DataRelease.objects.get_or_create(source="rncp-kit", fingerprint="x")
    CertificationSuccession.objects.create(old_code=old, new_code=new, release=release)


def in_state(*states: str, text: str = "") -> set[str]:
    request = SearchRequest(Kind.TRAININGS, text, filters={"certification_state": states}, limit=100)
    return {result.code for result in search(request).results}


@pytest.fixture
def catalogue(rebuild):
    certify(make_training("ended", "Chromatographie"), "RNCP1", -1)
    certify(make_training("tomorrow", "Chromatographie"), "RNCP2", 0)
    certify(make_training("soon", "Chromatographie"), "RNCP3", 100)
    certify(make_training("current", "Chromatographie"), "RNCP4", 900)
    certify(make_training("unknown", "Chromatographie"), "RNCP5", None)
    certify(make_training("inactive", "Chromatographie"), "RNCP6", None, is_active=False)
    both = make_training("both", "Chromatographie")
    certify(both, "RNCP1", -1)
    certify(both, "RNCP4", 900)
    make_training("bare", "Chromatographie")
    replace("RNCP3", "RNCP30")
    rebuild()


def test_each_state_is_found_and_several_are_any_of_them(catalogue):
    assert in_state("ended") == {"ended", "inactive", "both"}
    assert in_state("ends-soon") == {"tomorrow", "soon"}
    assert in_state("current") == {"current", "both"}
    assert in_state("unknown") == {"unknown"}
    assert in_state("replaced") == {"soon"}
    assert in_state("unknown", "ended", text="chromatographie") == {"unknown", "ended", "inactive", "both"}


def test_states_move_with_the_days_without_reindexing(catalogue, monkeypatch):
    tomorrow = in_days(1)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: tomorrow)
    assert in_state("ended") == {"ended", "inactive", "both", "tomorrow"}
    assert in_state("ends-soon") == {"soon"}


def test_the_facet_counts_the_states_of_today_and_ignores_its_own_choice(catalogue):
    request = SearchRequest(
        Kind.TRAININGS, filters={"certification_state": ("unknown",)}, with_facets=True, limit=100
    )
    facet = next(one for one in search(request).facets if one.name == "certification_state")
    assert {value.value: value.count for value in facet.values} == {
        "ended": 3,
        "ends-soon": 2,
        "replaced": 1,
        "current": 2,
        "unknown": 1,
    }
    assert [value.value for value in facet.values if value.selected] == ["unknown"]


def test_the_sites_parameter_and_unknown_values():
    assert parse_filters(Kind.TRAININGS, {"etat_certification": "ended"}) == {
        "certification_state": ("ended",)
    }
    with pytest.raises(InvalidRequest, match="etat_certification"):
        parse_filters(Kind.TRAININGS, {"etat_certification": "perimee"})


def test_results_tell_what_the_end_of_a_registration_concerns(rebuild):
    training = make_training("late", "Chromatographie")
    certify(training, "RNCP1", 20)
    replace("RNCP1", "RNCP2")
    make_offer(training, starts=10)
    make_offer(training, starts=30)
    rebuild()
    out = io.StringIO()
    call_command(
        "search", "chromatographie", "--in", "trainings", "--json",
        "--certification-state", "ends-soon", "--certification-state", "replaced",
        stdout=out, stderr=io.StringIO(),
    )  # fmt: skip
    (result,) = json.loads(out.getvalue())["results"]
    assert result["certification_alerts"] == [
        {
            "code": "RNCP1",
            "states": ["ends-soon", "replaced"],
            "ends_on": in_days(20).isoformat(),
            "successors": ["RNCP2"],
            "sessions_after": 1,
            "sessions_running_past": 0,
        }
    ]


def test_a_document_survives_its_json():
    training = make_training("late", "Chromatographie")
    certify(training, "RNCP1", 20)
    make_offer(training, starts=30)
    (document,) = documents.build(["late"])
    assert [offer.starts_after for offer in document.offers] == [("RNCP1",)]
    assert SearchDocument.from_json(document.as_json()) == document


def test_the_queries_of_documents_do_not_grow_with_trainings(django_assert_max_num_queries):
    for number in range(30):
        certify(make_training(f"t-{number}", "Chromatographie"), f"RNCP{number}", 20)
    with django_assert_max_num_queries(12):
        assert len(documents.build([f"t-{number}" for number in range(30)])) == 30


def test_certifications_that_an_import_changed_reach_the_outbox():
    certify(make_training("here", "Chromatographie"), "RNCP1", 20)
    make_training("away", "Chromatographie")
    OutboxEntry.objects.all().delete()
    changed = Certification.objects.get(code="RNCP1")
    certifications_changed.send(sender=Certification, certification_ids=[changed.pk])
    assert list(OutboxEntry.objects.values_list("code", flat=True)) == ["here"]
