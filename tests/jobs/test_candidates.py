"""What is stored of a candidate: nothing that names anybody, nothing without consent, and all of it erased."""

import io
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import ReferenceIndex

from jobs.models import CandidateProfile, CandidateSkill
from jobs.models.candidate import new_pseudonym
from people.models import Consent
from skills.models import Skill, SkillStatus
from skills.retirement import follow_retired, registered_links, use_counts
from tests.jobs.factories import in_days, make_candidate, make_skills, pseudonym
from tests.skills.factories import CommuneFactory, RegionFactory

pytestmark = pytest.mark.django_db


def test_the_tables_have_no_column_in_which_a_person_could_be_named():
    """A field that is added must be argued for here: each of these is a code, a place, a day, a number or a choice."""
    columns = {
        model.__name__: {field.name for field in model._meta.get_fields() if not field.auto_created}
        for model in (CandidateProfile, CandidateSkill, Consent)
    }
    assert columns == {
        "CandidateProfile": {
            "code",
            "consent",
            "region",
            "commune",
            "mobility_km",
            "remote",
            "need_kinds",
            "available_from",
            "is_demonstration",
        },
        "CandidateSkill": {"profile", "skill", "level"},
        "Consent": {"purpose", "wording", "given_at", "expires_on", "withdrawn_at"},
    }


def test_pseudonyms_are_drawn_by_chance():
    drawn = {new_pseudonym() for _ in range(200)}
    assert len(drawn) == 200
    assert all(re.fullmatch(r"candidat-[0-9a-f]{8}", one) for one in drawn)


@pytest.mark.parametrize("code", ["candidat-marie-dupont", "marie", "candidat-7F3A9C21", "candidat-7f3a"])
def test_a_name_is_no_pseudonym(code):
    profile = make_candidate(1)
    profile.code = code
    with pytest.raises(ValidationError, match="tirés au hasard"):
        profile.full_clean()


def test_a_profile_that_contradicts_itself_is_refused():
    profile = make_candidate(1, region=RegionFactory(code="53", name="Bretagne"))
    profile.full_clean()
    profile.commune = CommuneFactory()
    with pytest.raises(ValidationError, match="pas dans la région"):
        profile.full_clean()
    profile.commune, profile.need_kinds = None, ["holiday"]
    with pytest.raises(ValidationError, match="holiday"):
        profile.full_clean()
    profile.need_kinds = []
    with pytest.raises(ValidationError):
        profile.full_clean()


# --- Consent


def test_nobody_is_told_of_without_a_consent_that_holds_today():
    today = timezone.localdate()
    make_candidate(1)
    make_candidate(2, expires_in=-1)
    make_candidate(3).consent.withdraw()
    assert codes(CandidateProfile.objects.consenting(today)) == [pseudonym(1)]
    assert codes(CandidateProfile.objects.without_consent(today)) == [pseudonym(2), pseudonym(3)]


def test_who_is_not_available_is_not_looking():
    make_candidate(1, available_from=in_days(300))
    make_candidate(2, available_from=None)
    assert codes(CandidateProfile.objects.looking()) == [pseudonym(1)]


def codes(profiles) -> list[str]:
    return list(profiles.values_list("code", flat=True))


# --- Erasing


def test_what_nobody_may_keep_any_longer_is_erased_with_its_consent():
    make_skills("hplc")
    make_candidate(1, ("hplc", 2))
    make_candidate(2, ("hplc", 2), expires_in=-1)
    make_candidate(3, ("hplc", 2)).consent.withdraw()
    assert run("erase_candidates") == "2 candidats effacés.\n"
    assert codes(CandidateProfile.objects.all()) == [pseudonym(1)]
    assert CandidateSkill.objects.count() == Consent.objects.count() == 1
    assert run("erase_candidates") == "0 candidats effacés.\n"


def test_somebody_who_asks_for_it_is_erased_at_once():
    make_candidate(1)
    make_candidate(2)
    run("erase_candidates", "--code", pseudonym(2))
    assert codes(CandidateProfile.objects.all()) == [pseudonym(1)]
    assert Consent.objects.count() == 1


def test_erasing_nobody_is_an_error_and_erases_nothing():
    make_candidate(1)
    with pytest.raises(CommandError, match="rien n'a été effacé"):
        run("erase_candidates", "--code", pseudonym(2))
    assert CandidateProfile.objects.exists()


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


# --- The referential


def test_a_skill_that_is_retired_is_followed_in_silence():
    """What uses a skill is counted and named for editors: candidates are not."""
    make_skills("old", "new")
    one = make_candidate(1, ("old", 3))
    both = make_candidate(2, ("old", 3), ("new", 1))
    old, new = (Skill.objects.get(code=code) for code in ("old", "new"))
    assert use_counts([old.pk]) == {}
    assert CandidateSkill not in {links.model for links in registered_links()}
    Skill.objects.filter(pk=old.pk).update(status=SkillStatus.DEPRECATED, replaced_by=new)
    assert follow_retired() == []
    held = CandidateSkill.objects.order_by("profile__code").values_list("profile", "skill__code", "level")
    assert list(held) == [(one.pk, "new", 3), (both.pk, "new", 3)]


def test_wagtail_keeps_no_list_of_what_candidates_use():
    make_skills("hplc")
    make_candidate(1, ("hplc", 2), region=RegionFactory())
    assert not ReferenceIndex.is_indexed(CandidateProfile)
    assert not ReferenceIndex.is_indexed(CandidateSkill)
    assert not ReferenceIndex.get_references_to(Skill.objects.get(code="hplc")).exists()
