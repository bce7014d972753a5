"""Invented candidates from a file: marked so, loaded once, never in a real person's place."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from jobs.importers.candidates import import_candidates, read_candidates
from jobs.models import CandidateProfile, NeedKind
from people.models import Consent
from skills.concept_files.parsing import read_referential
from skills.imports.report import Action
from tests.jobs.factories import in_days, make_candidate, make_skills, pseudonym
from tests.skills.factories import CommuneFactory

pytestmark = pytest.mark.django_db


def text(number: int = 1, **replaced: str) -> str:
    values = {
        "region": '"84"',
        "commune": '"69266"',
        "mobility_km": "30",
        "remote": "true",
        "need_kinds": "[vacancy, future]",
        "available_in_days": "20",
        "skills": "{alpha: 3, beta: 1}",
    } | replaced
    lines = [f"  - code: {pseudonym(number)}", *(f"    {key}: {value}" for key, value in values.items())]
    return "\n".join(lines) + "\n"


@pytest.fixture
def write(tmp_path):
    CommuneFactory()
    make_skills("alpha", "beta")

    def write_file(*texts: str) -> Path:
        path = tmp_path / "candidates.yaml"
        path.write_text("candidates:\n" + "".join(texts), "utf-8")
        return path

    return write_file


def levels(profile: CandidateProfile) -> dict[str, int]:
    return dict(profile.skill_links.values_list("skill__code", "level"))


def test_a_candidate_is_loaded_as_an_invented_person_who_consents_for_a_year(write):
    report = import_candidates(write(text()), apply=True)

    profile = CandidateProfile.objects.get()
    assert report.counts[Action.ADDED] == 1
    assert (profile.code, profile.is_demonstration) == (pseudonym(1), True)
    assert (profile.commune.name, profile.region.code) == ("Villeurbanne", "84")
    assert (profile.mobility_km, profile.remote, profile.need_kinds) == (30, True, ["vacancy", "future"])
    assert profile.available_from == in_days(20)
    assert levels(profile) == {"alpha": 3, "beta": 1}
    assert profile.consent.expires_on == in_days(365)
    assert "inventée" in profile.consent.wording
    profile.full_clean()
    profile.consent.full_clean()


def test_without_apply_nothing_is_loaded(write):
    assert import_candidates(write(text()), apply=False).counts[Action.ADDED] == 1
    assert not CandidateProfile.objects.exists()
    assert not Consent.objects.exists()


def test_loaded_again_on_a_later_day_nothing_changes(write):
    path = write(text())
    import_candidates(path, apply=True)
    CandidateProfile.objects.update(available_from=in_days(-5))
    Consent.objects.update(expires_on=in_days(0))
    assert not import_candidates(path, apply=True).changed_anything


def test_once_the_consent_has_ended_the_invented_person_consents_and_is_available_again(write):
    path = write(text())
    import_candidates(path, apply=True)
    CandidateProfile.objects.update(available_from=in_days(-300))
    Consent.objects.update(expires_on=in_days(-1), given_at=timezone.now() - dt.timedelta(days=366))

    report = import_candidates(path, apply=True)

    assert [change.name for change in report.changes[0].fields] == ["available_from", "consent"]
    profile = CandidateProfile.objects.get()
    assert (profile.available_from, profile.consent.expires_on) == (in_days(20), in_days(365))
    profile.consent.full_clean()
    assert not import_candidates(path, apply=True).changed_anything


def test_a_consent_that_was_withdrawn_stays_so(write):
    path = write(text())
    import_candidates(path, apply=True)
    Consent.objects.get().withdraw()
    Consent.objects.update(expires_on=in_days(-1))
    assert not import_candidates(path, apply=True).changed_anything
    import_candidates(write(text(mobility_km="10")), apply=True)
    assert Consent.objects.get().withdrawn_at is not None


def test_what_the_file_says_anew_replaces_what_was_there(write):
    import_candidates(write(text()), apply=True)
    report = import_candidates(write(text(skills="{beta: 2}", mobility_km="80")), apply=True)
    assert {change.name for change in report.changes[0].fields} == {"mobility_km", "skills"}
    profile = CandidateProfile.objects.get()
    assert (profile.mobility_km, levels(profile)) == (80, {"beta": 2})


def test_a_real_person_s_profile_is_never_touched(write):
    make_candidate(1, ("alpha", 1), mobility_km=5)
    report = import_candidates(write(text(1), text(2)), apply=True)
    assert "vraie personne" in report.errors[0].reason
    assert CandidateProfile.objects.get(code=pseudonym(1)).mobility_km == 5
    assert CandidateProfile.objects.filter(code=pseudonym(2), is_demonstration=True).exists()


@pytest.mark.parametrize(
    ("replaced", "reason"),
    [
        ({"region": '"00"'}, "région inconnue"),
        ({"region": '""'}, "n'est pas dans la région"),
        ({"commune": '"00000"'}, "commune inconnue"),
        ({"skills": "{alpha: 5}"}, "nombre attendu de 1 à 4"),
        ({"skills": "{gamma: 2}"}, "compétence inconnue"),
        ({"skills": "{}"}, "« skills » manque"),
        ({"need_kinds": "[wish]"}, "type de besoin inconnu"),
        ({"need_kinds": "[]"}, "vide"),
        ({"available_in_days": "demain"}, "nombre attendu"),
        ({"remote": "parfois"}, "valeurs admises"),
        ({"name": "Marie Dupont"}, "champ inconnu"),
    ],
)
def test_a_wrong_candidate_is_refused_alone(write, replaced, reason):
    report = import_candidates(write(text(1, **replaced), text(2)), apply=True)
    assert report.error_count == 1
    assert reason in report.errors[0].reason
    assert list(CandidateProfile.objects.values_list("code", flat=True)) == [pseudonym(2)]
    assert Consent.objects.count() == 1


def test_a_name_in_the_place_of_a_pseudonym_is_refused(write):
    path = write(text().replace(pseudonym(1), "candidat-marie-dupont"))
    assert "tirés au hasard" in import_candidates(path, apply=True).errors[0].reason
    assert not CandidateProfile.objects.exists()


def test_the_same_pseudonym_twice_is_refused(write):
    report = import_candidates(write(text(), text()), apply=True)
    assert "déjà celui d'une autre" in report.errors[0].reason
    assert CandidateProfile.objects.count() == 1


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "broken.yaml").write_text("candidates: [", "utf-8")
    with pytest.raises(CommandError):
        call_command("load_candidates", str(tmp_path / "broken.yaml"))


def test_the_shipped_candidates_are_invented_for_the_shipped_skills():
    entries, errors = read_candidates(settings.BASE_DIR / "jobs" / "demonstration" / "candidates.yaml")
    known = read_referential(settings.BASE_DIR / "skills" / "referential").skills
    assert errors == []
    assert len(entries) == 24
    assert not {code for entry in entries for code in entry.skills} - known.keys()
    assert {kind for entry in entries for kind in entry.need_kinds} == set(NeedKind.values)
    assert len({entry.region for entry in entries}) >= 8
    assert any(entry.available_in_days is None for entry in entries)
