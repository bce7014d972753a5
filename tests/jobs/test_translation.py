"""What travels between a job's languages, and what never does."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Locale

from jobs.models import (
    JobBridge,
    JobGate,
    JobLanguage,
    JobNeighbour,
    JobPay,
    JobProfilePage,
    JobRequirement,
)
from jobs.translation import synchronise_translations
from skills.models import Skill
from tests.jobs.factories import make_job_indexes, make_job_page, make_skills
from tests.skills.factories import DomainFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def indexes():
    make_skills("alpha", "beta", "gamma")
    return make_job_indexes()


@pytest.fixture
def pair(indexes):
    french = make_job_page(indexes["fr"], "a-job", title="Métier", summary="En bref.")
    english = make_job_page(
        indexes["en"], "a-job", title="Job", summary="In short.", translation_key=french.translation_key
    )
    return french, english


def requirement(code, level=2):
    return JobRequirement(skill=Skill.objects.get(code=code), level=level)


def required(page):
    return [(row.skill.code, row.level) for row in page.requirements.all()]


def fresh(page):
    return JobProfilePage.objects.get(pk=page.pk)


def publish(page, **values):
    page = fresh(page)
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()


def test_publishing_carries_codes_and_leaves_words(pair, indexes):
    french, english = pair
    neighbour = make_job_page(indexes["fr"], "b-job")
    family = DomainFactory(code="downstream", position=3)

    publish(
        french,
        family=family,
        summary="Changé.",
        rome_codes="H2302",
        cleanroom_grade="B",
        shifts=["2x8"],
        requirements=[requirement("alpha", 3), requirement("beta", 1)],
        gates=[JobGate(kind="medical-fitness", label_fr="Aptitude", label_en="Fitness")],
        neighbours=[JobNeighbour(neighbour=neighbour)],
    )

    english = fresh(english)
    assert (english.title, english.summary) == ("Job", "In short.")
    assert (english.family, english.rome_codes, english.cleanroom_grade) == (family, "H2302", "B")
    assert english.shifts == ["2x8"]
    assert required(english) == [("alpha", 3), ("beta", 1)]
    assert [gate.label_en for gate in english.gates.all()] == ["Fitness"]
    assert [row.neighbour.code for row in english.neighbours.all()] == ["b-job"]
    assert (english.live, english.has_unpublished_changes) == (True, False)
    # What an editor opens next is what is online.
    assert required(english.get_latest_revision_as_object()) == [("alpha", 3), ("beta", 1)]


def test_publishing_carries_languages_bridges_pay_and_the_skill_of_a_gate(pair):
    french, english = pair
    gate = {"kind": "authorisation", "label_fr": "CACES", "label_en": "Licence"}
    words = {
        name: name for name in ("from_fr", "from_en", "carries_fr", "carries_en", "learn_fr", "learn_en")
    }

    for high in (30_000, 31_000):  # the second time, rows that are there give way to others
        publish(
            french,
            gates=[JobGate(**gate, skill=Skill.objects.get(code="alpha"))],
            languages=[JobLanguage(language="en", language_level="A2", importance="useful", note_en="Read.")],
            bridges=[JobBridge(sector="food", **words)],
            pay=[JobPay(low=24_000, high=high, year=2024, source_fr="Enquête", source_en="Survey")],
        )

        english = fresh(english)
        assert [row.skill.code for row in english.gates.all()] == ["alpha"]
        assert [(row.language, row.note_en) for row in english.languages.all()] == [("en", "Read.")]
        assert [(row.sector, row.from_en) for row in english.bridges.all()] == [("food", "from_en")]
        assert [(row.high, row.source_en) for row in english.pay.all()] == [(high, "Survey")]
    assert synchronise_translations(fresh(french)) == 0


def test_it_works_from_either_language_and_ends(pair):
    french, english = pair
    revisions = fresh(french).revisions.count()

    publish(english, requirements=[requirement("gamma", 4)])

    assert required(fresh(french)) == [("gamma", 4)]
    assert fresh(french).summary == "En bref."
    assert fresh(french).revisions.count() == revisions + 1
    assert synchronise_translations(fresh(french)) == 0
    assert synchronise_translations(fresh(english)) == 0


def test_a_draft_of_the_translation_keeps_its_words_and_stays_a_draft(pair):
    french, english = pair
    draft = fresh(english)
    draft.summary = "Half-written."
    draft.save_revision()

    publish(french, requirements=[requirement("alpha", 2)])

    english = fresh(english)
    assert (english.summary, english.live, english.has_unpublished_changes) == ("In short.", True, True)
    assert required(english) == [("alpha", 2)]
    draft = english.get_latest_revision_as_object()
    assert draft.summary == "Half-written."
    assert required(draft) == [("alpha", 2)]
    # Publishing the draft later takes nothing back.
    english.get_latest_revision().publish()
    assert fresh(english).summary == "Half-written."
    assert required(fresh(french)) == required(fresh(english)) == [("alpha", 2)]


def test_a_scheduled_draft_stays_scheduled_with_the_new_codes(pair):
    french, english = pair
    tomorrow = timezone.now() + dt.timedelta(days=1)
    draft = fresh(english)
    draft.go_live_at = tomorrow
    draft.summary = "For tomorrow."
    draft.save_revision().publish()

    publish(french, requirements=[requirement("alpha", 2)])

    scheduled = fresh(english).scheduled_revision
    assert scheduled.approved_go_live_at == tomorrow
    assert scheduled.as_object().summary == "For tomorrow."
    assert required(scheduled.as_object()) == [("alpha", 2)]


def test_scheduling_a_page_that_is_not_live_changes_no_translation(indexes):
    french = make_job_page(indexes["fr"], "a-job")
    english = make_job_page(indexes["en"], "a-job", translation_key=french.translation_key)
    fresh(french).unpublish()

    publish(french, go_live_at=timezone.now() + dt.timedelta(days=1), requirements=[requirement("alpha", 2)])

    assert required(fresh(english)) == []


def test_unpublishing_one_language_leaves_the_other_online(pair):
    french, english = pair

    fresh(french).unpublish()

    assert not fresh(french).live
    assert fresh(english).live
    # And publishing the other does not bring it back.
    publish(english, requirements=[requirement("alpha", 2)])
    assert not fresh(french).live
    assert required(fresh(french).get_latest_revision_as_object()) == [("alpha", 2)]


def test_a_translation_made_by_wagtail_carries_the_codes(indexes):
    french = make_job_page(indexes["fr"], "a-job", requirements=[])
    publish(french, requirements=[requirement("alpha", 2)])

    english = fresh(french).copy_for_translation(Locale.objects.get(language_code="en"))

    assert (english.code, english.slug, english.live) == ("a-job", "a-job", False)
    assert english.get_parent().pk == indexes["en"].pk
    assert required(english) == [("alpha", 2)]
    publish(french, requirements=[requirement("beta", 3)])
    assert required(fresh(english).get_latest_revision_as_object()) == [("beta", 3)]
    assert not fresh(english).live
    publish(english, title="Job")
    assert fresh(english).live


def test_a_changed_code_changes_every_address(pair):
    french, english = pair

    publish(french, code="new-code")

    assert (fresh(french).slug, fresh(english).slug, fresh(english).code) == (
        "new-code",
        "new-code",
        "new-code",
    )
    assert fresh(english).url_path.endswith("/new-code/")


def test_the_slug_follows_the_code_whatever_an_editor_writes(indexes):
    page = make_job_page(indexes["fr"], "a-job")

    page.slug = "autre-chose"
    page.save()

    assert fresh(page).slug == "a-job"


def test_a_code_names_one_job(indexes):
    make_job_page(indexes["fr"], "a-job")

    with pytest.raises(ValidationError, match="déjà celui d'un autre métier"):
        indexes["en"].add_child(
            instance=JobProfilePage(
                title="x", code="a-job", family=DomainFactory(), locale=indexes["en"].locale
            )
        )


def test_a_copy_is_another_job_named_by_its_address(indexes):
    page = make_job_page(indexes["fr"], "a-job")

    copy = page.copy(update_attrs={"title": "Copie", "slug": "b_job"}, keep_live=False)

    assert (fresh(copy).code, fresh(copy).slug) == ("b-job", "b-job")
    assert fresh(copy).get_latest_revision_as_object().code == "b-job"
    assert fresh(page).code == "a-job"
