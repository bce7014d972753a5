"""What the public reads of the referential: never a draft, always the retired skills that lead to one in use."""

import pytest

from skills.concept_files.public import public_codes
from skills.models import Skill, SkillStatus
from skills.stored_concepts import public_concept, public_referential, stored_referential
from tests.skills.factories import DomainFactory, SkillFactory


@pytest.mark.parametrize(
    ("states", "public"),
    [
        ({"a": ("published", "")}, {"a"}),
        ({"a": ("draft", "")}, set()),
        ({"a": ("published", ""), "b": ("deprecated", "a"), "c": ("deprecated", "b")}, {"a", "b", "c"}),
        ({"a": ("draft", ""), "b": ("deprecated", "a")}, set()),
        ({"a": ("deprecated", "gone")}, set()),
        ({"a": ("deprecated", "")}, set()),
        ({"a": ("deprecated", "b"), "b": ("deprecated", "a")}, set()),  # a loop leads nowhere
        ({"a": ("published", "b"), "b": ("draft", "")}, {"a"}),  # not retired yet
    ],
)
def test_drafts_and_what_leads_to_them_are_not_public(states, public):
    assert public_codes(states) == public


@pytest.fixture
def skills(db):
    made = {code: SkillFactory(code=code) for code in ("in-use", "wider", "retired")}
    made["draft"] = SkillFactory(
        code="draft",
        live=False,
        domain=DomainFactory(code="drafts", label_fr="Brouillons", label_en="Drafts"),
    )
    made["in-use"].broader = [made["wider"], made["draft"]]
    made["in-use"].related = [made["retired"], made["draft"]]
    made["in-use"].replaced_by = made["draft"]  # what an editor prepares
    made["in-use"].save()
    Skill.objects.filter(code="retired").update(status=SkillStatus.DEPRECATED, replaced_by=made["in-use"])
    return made


def test_links_to_a_draft_are_not_told(skills):
    assert stored_referential().skills["in-use"].broader == ("draft", "wider")
    files = public_referential()
    assert set(files.skills) == {"in-use", "wider", "retired"}
    assert set(files.domains) == {"upstream"}
    in_use = files.skills["in-use"]
    assert (in_use.broader, in_use.related, in_use.replaced_by) == (("wider",), ("retired",), "")
    assert files.skills["retired"].replaced_by == "in-use"


def test_one_concept_says_what_the_whole_says_of_it(skills, django_assert_num_queries):
    whole = public_referential()
    for code in ("in-use", "wider", "retired"):
        with django_assert_num_queries(7):
            alone = public_concept(code)
        assert alone.skills == {code: whole.skills[code]}
    for code in ("draft", "unknown"):
        assert public_concept(code).skills == {}


def test_a_retired_skill_waits_for_a_replacement_in_use(skills):
    Skill.objects.filter(code="retired").update(replaced_by=skills["draft"])
    assert "retired" not in public_referential().skills
    assert public_concept("retired").skills == {}
