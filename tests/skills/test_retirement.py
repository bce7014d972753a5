"""A retired skill is followed by everything that uses it, drafts included, and nothing of what was said is lost."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from jobs.models import JobGate, JobRequirement, NeedRequirement
from search.models import OutboxEntry
from skills.imports.referential import import_referential
from skills.models import Skill
from skills.retirement import follow_retired, replacement_of, retire, use_counts
from tests.cms.factories import make_need, make_training
from tests.jobs.factories import make_job_indexes, make_job_page
from tests.skills.factories import SkillFactory, skill_text, write_domain
from training.models import TrainingSkill

pytestmark = pytest.mark.django_db


@pytest.fixture
def old():
    return SkillFactory(code="old")


@pytest.fixture
def new():
    return SkillFactory(code="new")


def mark_retired(skill, replacement):
    Skill.objects.filter(pk=skill.pk).update(status="deprecated", replaced_by=replacement)


def make_pages(code, *skills):
    """The French and the English page of a job."""
    pages = []
    for index in make_job_indexes().values():
        values = {"translation_key": pages[0].translation_key} if pages else {}
        pages.append(make_job_page(index, code, **values))
    for page in pages:
        for place, skill in enumerate(skills):
            JobRequirement.objects.create(page=page, skill=skill, level=2, sort_order=place)
    return pages


def skills_of(model, **owner):
    return sorted(model.objects.filter(**owner).values_list("skill__code", flat=True))


def rows_of(revision_owner, relation):
    """The skills and levels that an editor would open."""
    revision_owner.refresh_from_db()
    rows = getattr(revision_owner.get_latest_revision_as_object(), relation).all()
    return [(row.skill.code, row.level) for row in rows]


def said(moved):
    return [str(one) for one in moved]


# --- What stands
def test_trainings_job_pages_of_both_languages_and_needs_follow(old, new):
    training, need = make_training("cours", [old]), make_need("besoin", [old])
    french, english = make_pages("technicien", old)
    mark_retired(old, new)
    OutboxEntry.objects.all().delete()

    moved = follow_retired()

    assert said(moved) == [
        "besoin besoin : old → new",
        "formation cours : old → new",
        "métier technicien : old → new",
    ]
    assert skills_of(TrainingSkill, training=training) == ["new"]
    assert skills_of(NeedRequirement, need=need) == ["new"]
    assert skills_of(JobRequirement, page=french) == skills_of(JobRequirement, page=english) == ["new"]
    # Their documents say something else now.
    assert set(OutboxEntry.objects.values_list("kind", "code")) == {
        ("trainings", "cours"),
        ("jobs", "technicien"),
    }


def test_a_second_run_has_nothing_to_do(old, new):
    make_training("cours", [old])
    mark_retired(old, new)
    follow_retired()

    assert follow_retired() == []


def test_without_a_retired_skill_one_query_is_asked(old, new, django_assert_num_queries):
    make_training("cours", [old])

    with django_assert_num_queries(3):  # and the savepoint
        assert follow_retired() == []


def test_who_has_both_keeps_the_most_that_either_said(old, new):
    training = make_training("cours", [])
    TrainingSkill.objects.create(training=training, skill=new, level=2, origin="suggested", evidence="")
    TrainingSkill.objects.create(
        training=training,
        skill=old,
        level=4,
        origin="confirmed",
        confirmed_by="editor",
        evidence="Le passage.",
    )
    need = make_need("besoin", [])
    NeedRequirement.objects.create(need=need, skill=old, level=1, importance="essential")
    NeedRequirement.objects.create(need=need, skill=new, level=3, importance="useful")
    (page, _) = make_pages("technicien", new)
    JobRequirement.objects.filter(page=page).update(importance="useful")
    JobRequirement.objects.create(page=page, skill=old, level=3, importance="essential")
    mark_retired(old, new)

    follow_retired()

    link = TrainingSkill.objects.get(training=training)
    assert (link.skill, link.level, link.origin, link.confirmed_by, link.evidence) == (
        new, 4, "confirmed", "editor", "Le passage.",
    )  # fmt: skip
    wanted = NeedRequirement.objects.get(need=need)
    assert (wanted.skill, wanted.level, wanted.importance) == (new, 3, "essential")
    required = JobRequirement.objects.get(page=page)
    assert (required.skill, required.level, required.importance) == (new, 3, "essential")


def test_the_least_that_was_said_is_not_taken(old, new):
    training = make_training("cours", [])
    TrainingSkill.objects.create(
        training=training, skill=new, level=4, origin="confirmed", evidence="Le bon."
    )
    TrainingSkill.objects.create(
        training=training, skill=old, level=1, origin="declared", evidence="L'autre."
    )
    mark_retired(old, new)

    follow_retired()

    link = TrainingSkill.objects.get(training=training)
    assert (link.level, link.origin, link.evidence) == (4, "confirmed", "Le bon.")


def test_two_retired_skills_of_one_owner_become_one(old, new):
    other = SkillFactory(code="other")
    training = make_training("cours", [])
    for place, (skill, level) in enumerate([(old, 2), (other, 3)]):
        TrainingSkill.objects.create(training=training, skill=skill, level=level, sort_order=place)
    mark_retired(old, new)
    mark_retired(other, new)

    moved = follow_retired()

    assert said(moved) == ["formation cours : old → new", "formation cours : other → new"]
    assert TrainingSkill.objects.get(training=training).level == 3


def test_conditions_of_a_job_follow_and_stay_as_many_in_drafts_too(old, new):
    (page, _) = make_pages("technicien")
    for place, skill in enumerate([old, new]):
        JobGate.objects.create(
            page=page,
            skill=skill,
            kind="authorisation",
            label_fr=f"Condition {place}",
            label_en="x",
            sort_order=place,
        )
    fresh(page).save_revision()
    mark_retired(old, new)

    moved = follow_retired()

    assert said(moved) == ["condition de métier technicien : old → new"]
    for gates in (page.gates, fresh(page).get_latest_revision_as_object().gates):
        assert [(gate.label_fr, gate.skill) for gate in gates.order_by("sort_order")] == [
            ("Condition 0", new),
            ("Condition 1", new),
        ]


def test_a_chain_of_retirements_is_followed_to_its_end(old, new):
    between = SkillFactory(code="between")
    make_training("cours", [old])
    mark_retired(old, between)
    mark_retired(between, new)

    assert said(follow_retired()) == ["formation cours : old → new"]
    old.refresh_from_db()
    assert replacement_of(old) == new


def test_a_circle_moves_nothing_and_ends(old, new):
    training = make_training("cours", [old])
    mark_retired(old, new)
    mark_retired(new, old)

    assert follow_retired() == []
    assert skills_of(TrainingSkill, training=training) == ["old"]


def test_a_use_waits_for_a_replacement_that_is_no_more_than_a_draft(old, new):
    training = make_training("cours", [old])
    mark_retired(old, new)
    Skill.objects.filter(pk=new.pk).update(live=False)
    assert follow_retired() == []

    Skill.objects.filter(pk=new.pk).update(live=True)

    assert len(follow_retired()) == 1
    assert skills_of(TrainingSkill, training=training) == ["new"]


# --- Drafts
@pytest.fixture(params=["training", "job", "need"])
def owner(request, old):
    """Something that uses the old skill, the name of its rows, their model, and what it is called."""
    if request.param == "training":
        return make_training("cours", [old]), "skill_links", TrainingSkill, "formation"
    if request.param == "need":
        return make_need("besoin", [old]), "requirements", NeedRequirement, "besoin"
    return make_pages("technicien", old)[0], "requirements", JobRequirement, "métier"


def fresh(one):
    return type(one).objects.get(pk=one.pk)


def test_the_draft_follows_with_the_row(owner, new, old):
    owner, relation, _, _ = owner
    fresh(owner).save_revision()
    mark_retired(old, new)

    follow_retired()

    assert rows_of(owner, relation) == [("new", 2)]
    fresh(owner).latest_revision.publish()
    assert rows_of(owner, relation) == [("new", 2)]
    assert follow_retired() == []


def test_a_draft_follows_alone_where_only_it_names_the_skill(owner, new, old):
    owner, relation, model, name = owner
    fresh(owner).save_revision()
    model.objects.filter(skill=old).delete()
    mark_retired(old, new)

    moved = follow_retired()

    assert said(moved) == [f"{name} (brouillon) {owner.code} : old → new"]
    assert rows_of(owner, relation) == [("new", 2)]
    assert follow_retired() == []


@pytest.mark.parametrize("first", ["old", "new"])
def test_a_draft_that_has_both_loses_nothing(owner, new, old, first):
    owner, relation, model, _ = owner
    draft = fresh(owner)
    rows = getattr(draft, relation)
    levels = {"old": (old, 4), "new": (new, 1)}
    order = [levels[first], *(pair for code, pair in levels.items() if code != first)]
    rows.set(
        [model(skill=skill, level=level, sort_order=place) for place, (skill, level) in enumerate(order)]
    )
    draft.save_revision()
    mark_retired(old, new)

    follow_retired()

    assert rows_of(owner, relation) == [("new", 4)]


def test_a_publication_that_is_scheduled_follows_too(owner, new, old):
    owner, relation, _, _ = owner
    scheduled = fresh(owner).save_revision(approved_go_live_at=timezone.now() + dt.timedelta(days=3))
    later = fresh(owner)
    getattr(later, relation).set([])
    later.save_revision()
    mark_retired(old, new)

    follow_retired()

    scheduled.refresh_from_db()
    assert [row.skill.code for row in getattr(scheduled.as_object(), relation).all()] == ["new"]


def test_what_was_published_long_ago_stays_in_the_history(owner, new, old):
    owner, relation, _, _ = owner
    first = fresh(owner).save_revision()
    fresh(owner).save_revision()
    mark_retired(old, new)

    follow_retired()

    first.refresh_from_db()
    assert [row["skill"] for row in first.content[relation]] == [old.pk]


# --- Retiring by hand
def test_retiring_a_skill_moves_its_uses_at_once(old, new):
    training = make_training("cours", [old])

    assert said(retire(old, new)) == ["formation cours : old → new"]

    old.refresh_from_db()
    assert (old.is_retired, old.replaced_by) == (True, new)
    assert skills_of(TrainingSkill, training=training) == ["new"]
    assert ("skills", "old") in set(OutboxEntry.objects.values_list("kind", "code"))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": "deprecated"}, "« new » est retirée : choisissez une compétence en usage."),
        ({"live": False}, "« new » n'est pas publiée : choisissez une compétence en usage."),
    ],
)
def test_a_skill_is_not_retired_for_one_that_is_not_in_use(old, new, change, reason):
    Skill.objects.filter(pk=new.pk).update(**change)
    new.refresh_from_db()

    with pytest.raises(ValidationError, match="choisissez") as refusal:
        retire(old, new)

    assert refusal.value.message_dict == {"replaced_by": [reason]}
    old.refresh_from_db()
    assert not old.is_retired


def test_a_skill_does_not_replace_itself(old):
    with pytest.raises(ValidationError, match="se remplacer elle-même"):
        retire(old, old)


def test_uses_are_counted_by_owner_and_a_job_once(old, new, django_assert_num_queries):
    make_training("cours", [old])
    make_training("autre", [old])
    make_pages("technicien", old)
    make_need("besoin", [new])

    with django_assert_num_queries(4):  # one a kind of use
        counted = use_counts([old.pk, new.pk])

    assert counted == {old.pk: {"formations": 2, "métier": 1}, new.pk: {"besoin": 1}}


# --- Through the files
@pytest.fixture
def retired_in_files(tmp_path):
    folder = write_domain(tmp_path / "files", skill_text("old"), skill_text("new"))
    import_referential(folder, apply=True)
    training = make_training("cours", [Skill.objects.get(code="old")])
    make_pages("technicien", Skill.objects.get(code="old"))
    write_domain(folder, skill_text("old", "status: deprecated", "replaced_by: new"), skill_text("new"))
    return folder, training


def warned(report):
    return [warning.reason for warning in report.warnings]


def test_a_dry_run_says_how_many_uses_would_follow(retired_in_files):
    folder, training = retired_in_files

    report = import_referential(folder, apply=False)

    assert warned(report) == ["old : retirée ; suivront vers « new » : 1 formation, 1 métier."]
    assert report.warnings[0].line == 7
    assert skills_of(TrainingSkill, training=training) == ["old"]


def test_a_load_reports_every_use_that_followed_once(retired_in_files):
    folder, training = retired_in_files

    first, second = import_referential(folder, apply=True), import_referential(folder, apply=True)

    assert warned(first) == [
        "formation cours : old → new (la compétence est retirée).",
        "métier technicien : old → new (la compétence est retirée).",
    ]
    assert (warned(second), second.changed_anything) == ([], False)
    assert skills_of(TrainingSkill, training=training) == ["new"]


def test_reads_do_not_grow_with_the_uses(old, new, django_assert_max_num_queries):
    for number in range(20):
        make_training(f"cours-{number}", [old])
    mark_retired(old, new)

    # Each row is written and announced, and Wagtail's reference index hears of it; what is read here is read once.
    with django_assert_max_num_queries(20 * 12 + 15):
        assert len(follow_retired()) == 20
