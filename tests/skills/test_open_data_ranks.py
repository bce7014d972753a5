"""Several sources give the same rows: the better one wins field by field, and no source erases what another knows."""

import pytest

from skills.imports.records import RecordLoader, RecordRow
from skills.imports.report import ImportReport
from skills.models import DataRelease
from training.importers.registers import certification_table
from training.models import Certification

pytestmark = pytest.mark.django_db

FIELDS = ("title", "level", "decided_on")
CODE = "RNCP38883"


@pytest.fixture
def give():
    """Load one row of a source; what the report says of it."""

    def load(source: str, *, codes: tuple[str, ...] = (CODE,), version: str = "1", **values: object):
        release, _made = DataRelease.objects.get_or_create(
            source=source, version=version, fingerprint=f"{source}-{version}"
        )
        report = ImportReport(source=source)
        loader = RecordLoader(certification_table(*FIELDS), release, report, apply=True)
        loader.load(RecordRow(number, code, values) for number, code in enumerate(codes, start=2))
        loader.withdraw_missing()
        return report

    return load


def stored(code: str = CODE) -> Certification:
    return Certification.objects.get(code=code)


def sources() -> dict[str, str]:
    return {provenance.field: provenance.release.source for provenance in stored().provenances()}


def test_the_better_source_takes_a_field_and_keeps_it(give):
    give("rncp-kit", title="Titre du kit", level=5)
    give("rncp-titles", title="Titre du répertoire")
    assert (stored().title, stored().level) == ("Titre du répertoire", 5)
    assert sources() == {"title": "rncp-titles", "level": "rncp-kit"}
    report = give("rncp-kit", title="Autre titre du kit", level=6, version="2")
    assert (stored().title, stored().level) == ("Titre du répertoire", 6)
    assert report.kept_corrections == 0
    assert stored().release.source == "rncp-titles"
    assert stored().title_keys == "titre du repertoire"


def test_the_order_of_loading_does_not_matter(give):
    give("rncp-titles", title="Titre du répertoire")
    give("rncp-kit", title="Titre du kit", level=5)
    assert (stored().title, stored().level) == ("Titre du répertoire", 5)
    assert sources() == {"title": "rncp-titles", "level": "rncp-kit"}


def test_a_blank_of_the_better_source_erases_nothing(give):
    give("rncp-kit", title="Titre du kit", level=5)
    give("rncp-titles", title="", level=None)
    assert (stored().title, stored().level) == ("Titre du kit", 5)
    assert sources()["title"] == "rncp-kit"


def test_a_correction_stands_against_both_and_shows(give):
    give("rncp-kit", title="Titre du kit", level=5)
    row = stored()
    row.title = "Titre corrigé"
    row.save()
    for source in ("rncp-titles", "rncp-kit"):
        assert give(source, title=f"Titre de {source}", level=5, version="2").kept_corrections <= 1
        assert (stored().title, stored().corrected_fields) == ("Titre corrigé", ["title"])


def test_a_release_that_confirms_moves_its_own_fields_and_leaves_those_of_the_others(give):
    give("rncp-kit", title="Titre du kit", level=5)
    give("rncp-titles", title="Titre du répertoire")
    give("rncp-kit", title="Titre du kit", level=5, version="2")
    told = {one.field: str(one.release) for one in stored().provenances()}
    assert told == {"title": str(DataRelease.objects.get(source="rncp-titles")), "level": told["level"]}
    assert told["level"].endswith(" 2")
    assert stored().release.source == "rncp-titles"
    assert (stored().title, stored().level) == ("Titre du répertoire", 5)


def test_a_source_withdraws_its_own_rows_only(give):
    give("rncp-kit", codes=("RNCP1", "RNCP2"), title="Titre")
    give("rncp-titles", codes=("RNCP2", "RNCP3"), title="Titre")
    give("rncp-titles", codes=("RNCP3",), title="Titre", version="2")
    withdrawn = Certification.objects.exclude(withdrawn_on=None)
    assert list(withdrawn.values_list("code", flat=True)) == ["RNCP2"]
    give("rncp-kit", codes=("RNCP4",), title="Titre", version="2")
    assert stored("RNCP1").withdrawn_on is not None
    assert stored("RNCP3").withdrawn_on is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("decided_on", "pas une date"), ("level", "cinq"), ("level", 9), ("title", "t" * 601)],
)
def test_a_value_that_a_field_cannot_hold_is_rejected_alone(give, field, value):
    report = give("rncp-kit", **{field: value})
    (error,) = report.errors
    assert error.line == 2
    assert error.reason.startswith(f"certification {CODE} : ")
    assert not Certification.objects.exists()
