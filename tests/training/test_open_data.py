"""The LHEO files of the open data, and the demonstration's own, go through the real commands."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from skills.imports.places import import_places
from training.models import Training

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.open_data,
    pytest.mark.skipif(not settings.OPEN_DATA_DIR, reason="OPEN_DATA_DIR n'est pas donné"),
]


@pytest.fixture
def folder():
    import_places(settings.PLACES_FILE, apply=True)
    return Path(settings.OPEN_DATA_DIR) / "lheo"


def test_the_real_files_load_twice_and_the_skeleton_is_rejected(folder):
    for name, total in [
        ("bioproduction_formations_lheo_2.3.xml", 34),
        ("exemple-lheo-2.2-bts-onisep.xml", 1),
    ]:
        for _run in range(2):
            out = StringIO()
            call_command("import_lheo", folder / name, "--apply", stdout=out)
        assert f"{total} inchangés, 0 rejets" in out.getvalue()
    real = Training.objects.get(external_id="9436_18706")
    assert (real.kind, real.entry_level, real.exit_level) == ("initial", None, 5)
    assert "<" not in real.content
    action = real.actions.get()
    assert (action.commune.insee_code, action.latitude) == ("29233", 47.882108)
    assert [certification.code for certification in real.certifications.all()] == ["RNCP474"]
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_lheo", folder / "lheo-2.3.skeleton-all-elements.xml", "--apply", stdout=out)
    assert "sans intitulé" in out.getvalue()
    assert Training.objects.count() == 35
