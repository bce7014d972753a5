"""What editors write in the database against what the files say: a correction stands, is counted, and contradicts nothing."""

import pytest

from skills.imports.referential import import_referential
from skills.imports.report import Action
from skills.models import AcronymSense, DataRelease, Domain, Skill, SkillLabel, SkillLevel, SkillMapping
from skills.stored_concepts import stored_referential
from tests.skills.concept_files.folders import write_senses
from tests.skills.factories import DOMAIN_TEXT, SkillFactory, skill_text, write_domain

pytestmark = pytest.mark.django_db

ALPHA, BETA, GAMMA = (skill_text(code) for code in ("alpha", "beta", "gamma"))


@pytest.fixture
def load(tmp_path):
    """Load these skills, in place of those loaded before."""

    def apply(*skills, apply=True, **said):
        return import_referential(write_domain(tmp_path / "files", *skills, **said), apply=apply)

    return apply


def skill(code):
    return Skill.objects.get(code=code)


def reasons(report):
    return [error.reason for error in report.errors]


def warned(report):
    return [warning.reason for warning in report.warnings]


def correct(code, **fields):
    """As the admin does: the row itself, not what the files gave."""
    row = skill(code)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


# --- Corrections
def test_a_correction_survives_a_change_of_the_files_and_is_counted(load):
    load(ALPHA)
    correct("alpha", label_fr="Mieux dit", definition_en="Better said.")

    report = load(skill_text("alpha", "hidden: {fr: [alfa]}", label="changed"))

    alpha = skill("alpha")
    assert (alpha.label_fr, alpha.label_en) == ("Mieux dit", "changed en")
    assert (alpha.definition_fr, alpha.definition_en) == ("Savoir changed.", "Better said.")
    assert [label.text for label in alpha.labels.all()] == ["alfa"]
    assert report.kept_corrections == 2
    assert alpha.corrected_fields == ["label_fr", "definition_en"]


def test_a_kept_correction_says_the_same_at_every_load(load):
    load(ALPHA)
    correct("alpha", label_fr="Mieux dit")
    changed = skill_text("alpha", label="changed")

    counts = [
        load(changed).kept_corrections,
        load(changed).kept_corrections,
        load(changed, apply=False).kept_corrections,
    ]

    assert counts == [1, 1, 1]
    assert not load(changed).changed_anything


def test_a_correction_that_the_files_take_over_is_none_any_more(load):
    load(ALPHA)
    correct("alpha", label_fr="Mieux dit")

    report = load(skill_text("alpha").replace("alpha fr", "Mieux dit"))

    assert (report.kept_corrections, report.changed_anything) == (0, False)
    assert skill("alpha").corrected_fields == []
    load(skill_text("alpha").replace("alpha fr", "Encore mieux"))
    assert skill("alpha").label_fr == "Encore mieux"


@pytest.mark.parametrize("relation", ["labels", "levels", "mappings", "unmapped", "modalities", "broader"])
def test_corrections_of_lists_stand_too(load, relation):
    load(ALPHA, BETA)
    row = skill("alpha")
    if relation == "labels":
        SkillLabel.objects.create(skill=row, kind="alternative", language="fr", text="ajouté")
    elif relation == "levels":
        SkillLevel.objects.create(skill=row, level=2, descriptor_fr="Fait.", descriptor_en="Does.")
    elif relation == "mappings":
        SkillMapping.objects.create(skill=row, scheme="rome", code="123456", match="close")
    elif relation == "broader":
        row.broader.set([skill("beta")])
        row.save()
    else:
        correct("alpha", **{relation: ["rome"] if relation == "unmapped" else ["vaccines"]})
    corrected = stored_referential().skills["alpha"]

    report = load(
        skill_text(
            "alpha",
            "alternative: {fr: [autre]}",
            "levels: {3: {fr: Trois., en: Three.}}",
            "esco: none",
            "modalities: [gene-therapy]",
            "broader: [gamma]",
        ),
        BETA,
        GAMMA,
    )

    stands, field = stored_referential().skills["alpha"], relation
    assert report.kept_corrections == 1
    assert getattr(stands, field) == getattr(corrected, field)
    assert stands.modalities == (("vaccines",) if relation == "modalities" else ("gene-therapy",))
    assert stands.broader == (("beta",) if relation == "broader" else ("gamma",))


def test_a_new_line_or_an_empty_choice_in_a_form_is_no_correction(load):
    load(ALPHA)
    correct("alpha", definition_fr="Savoir\r\n alpha.", modalities=[])

    report = load(ALPHA)

    assert (report.kept_corrections, report.changed_anything) == (0, False)


def test_a_skill_that_an_editor_retired_stays_retired(load):
    load(ALPHA, BETA, GAMMA)
    correct("alpha", status="deprecated", replaced_by=skill("beta"))

    report = load(skill_text("alpha", "hidden: {fr: [alfa]}"), BETA, GAMMA)

    assert (skill("alpha").is_retired, skill("alpha").replaced_by.code) == (True, "beta")
    assert report.kept_corrections == 2


def test_status_and_replacement_are_kept_together(load):
    """An unpublished skill that the files retire is still a draft, and names no replacement."""
    load(ALPHA, BETA)
    correct("alpha", live=False)

    load(skill_text("alpha", "status: deprecated", "replaced_by: beta"), BETA)

    assert (skill("alpha").live, skill("alpha").is_retired, skill("alpha").replaced_by) == (
        False,
        False,
        None,
    )


# --- Corrections against the rest of the files
def test_the_files_do_not_give_a_text_that_an_editor_gave_to_another_skill(load):
    load(ALPHA, BETA)
    SkillLabel.objects.create(skill=skill("beta"), kind="alternative", language="fr", text="culture en cuve")

    report = load(skill_text("alpha", "hidden: {fr: [Culture en cuve]}"), BETA)

    assert reasons(report) == [
        "alpha : le texte « Culture en cuve » est déjà celui de « beta » : gardez-le à la plus précise des deux."
    ]
    assert not skill("alpha").labels.exists()


def test_a_text_that_an_editor_moved_stays_where_it_was_put(load):
    texts = (skill_text("alpha", "alternative: {fr: [culture en cuve]}"), BETA)
    load(*texts)
    SkillLabel.objects.update(skill=skill("beta"))

    report = load(*texts)

    assert (reasons(report), report.kept_corrections) == ([], 2)
    assert SkillLabel.objects.get().skill.code == "beta"


def test_the_files_do_not_close_a_circle_that_an_editor_began(load):
    load(ALPHA, BETA)
    alpha = skill("alpha")
    alpha.broader.set([skill("beta")])
    alpha.save()

    report = load(ALPHA, skill_text("beta", "broader: [alpha]"))

    assert len(report.errors) == 1
    assert "beta : lien circulaire : " in reasons(report)[0]
    assert not skill("beta").broader.exists()


def test_a_refused_skill_keeps_its_texts_for_itself(load):
    load(skill_text("alpha", "alternative: {fr: [culture en cuve]}"), BETA)

    report = load(
        skill_text("alpha", "broader: [nowhere]"), skill_text("beta", "alternative: {fr: [culture en cuve]}")
    )

    assert report.error_count == 2
    assert SkillLabel.objects.get().skill.code == "alpha"


def test_a_skill_whose_replacement_is_refused_is_refused_too(load):
    load(ALPHA)

    report = load(
        skill_text("alpha", "status: deprecated", "replaced_by: beta"),
        skill_text("beta", "broader: [nowhere]"),
    )

    assert any("alpha : sa remplaçante « beta » est refusée." in reason for reason in reasons(report))
    assert not skill("alpha").is_retired


@pytest.mark.parametrize("order", [("alpha", "beta", "gamma"), ("gamma", "beta", "alpha")])
def test_a_link_that_an_editor_removed_stays_away_and_new_ones_come(load, order):
    """The editor unlinked alpha and beta; the files go on linking them, and link alpha and gamma anew."""
    load(skill_text("alpha", "related: [beta]"), BETA, GAMMA)
    alpha = skill("alpha")
    alpha.related.clear()
    alpha.save()
    texts = {
        "alpha": skill_text("alpha", "related: [beta, gamma]"),
        "beta": skill_text("beta", "hidden: {fr: [betta]}"),
        "gamma": GAMMA,
    }

    first = load(*(texts[code] for code in order))
    second = load(*(texts[code] for code in order))

    assert neighbours() == {"alpha": ["gamma"], "beta": [], "gamma": ["alpha"]}
    assert first.kept_corrections == second.kept_corrections == 2
    assert not second.changed_anything
    assert skill("beta").labels.exists()


def neighbours():
    return {
        one.code: sorted(other.code for other in one.related.all()) for one in Skill.objects.order_by("code")
    }


def test_a_link_that_an_editor_added_survives_on_both_sides(load):
    load(ALPHA, BETA, GAMMA)
    alpha = skill("alpha")
    alpha.related.set([skill("beta")])
    alpha.save()
    texts = (skill_text("alpha", label="one"), skill_text("beta", "related: [gamma]", label="two"), GAMMA)

    first, second = load(*texts), load(*texts)

    assert neighbours() == {"alpha": ["beta"], "beta": ["alpha", "gamma"], "gamma": ["beta"]}
    assert first.kept_corrections == second.kept_corrections == 2
    assert not second.changed_anything


def test_a_corrected_link_holds_back_no_other_one_of_its_neighbours(load):
    """Over several loads: what was refused to nobody is not taken for a correction later."""
    load(skill_text("alpha", "related: [beta]"), BETA, GAMMA)
    alpha = skill("alpha")
    alpha.related.clear()
    alpha.save()
    load(skill_text("alpha", "related: [beta]"), skill_text("beta", "related: [gamma]"), GAMMA)

    report = load(
        skill_text("alpha", "related: [beta]"),
        skill_text("beta", "related: [gamma]"),
        GAMMA,
        skill_text("delta", "related: [beta, gamma]"),
    )

    assert neighbours() == {
        "alpha": [],
        "beta": ["delta", "gamma"],
        "delta": ["beta", "gamma"],
        "gamma": ["beta", "delta"],
    }
    assert report.kept_corrections == 2


# --- What the files do not name
def test_a_skill_made_by_hand_is_left_alone_and_not_spoken_of(load):
    load(ALPHA)
    by_hand = SkillFactory(code="by-hand", label_fr="À la main")

    report = load(skill_text("alpha", "related: [by-hand]"))

    by_hand.refresh_from_db()
    assert (by_hand.label_fr, by_hand.status, by_hand.live) == ("À la main", "published", True)
    assert [one.code for one in by_hand.related.all()] == ["alpha"]
    assert (warned(report), report.errors) == ([], [])
    assert not load(skill_text("alpha", "related: [by-hand]")).changed_anything


def test_a_skill_made_by_hand_that_the_files_come_to_name_becomes_theirs(load):
    SkillFactory(code="alpha", label_fr="À la main")

    report = load(ALPHA)

    assert report.counts[Action.CHANGED] >= 1
    assert skill("alpha").label_fr == "alpha fr"
    assert skill("alpha").corrected_fields == []


def test_a_link_to_a_skill_made_by_hand_stays_when_the_files_do_not_say_it(load):
    load(ALPHA)
    by_hand = SkillFactory(code="by-hand")
    by_hand.related.set([skill("alpha")])
    by_hand.save()

    report = load(ALPHA)

    assert (report.kept_corrections, report.changed_anything) == (0, False)
    assert [one.code for one in skill("alpha").related.all()] == ["by-hand"]


def test_an_unreadable_file_makes_no_skill_missing(load, tmp_path):
    load(ALPHA, BETA)
    Skill.objects.filter(code="beta").update(replaced_by=skill("alpha"))
    (tmp_path / "files" / "03-downstream.yaml").write_text("skills: [", "utf-8")

    report = load(ALPHA)

    assert report.error_count == 1
    assert not skill("beta").is_retired
    assert warned(report) == [
        "des fichiers sont illisibles : les compétences qu'on n'y lit pas restent en l'état."
    ]


# --- Domains, senses, releases
def test_a_domain_says_what_its_file_says(load):
    load(ALPHA)
    Domain.objects.update(label_fr="Corrigé")

    report = load(ALPHA, domain=DOMAIN_TEXT.replace("Growing cells.", "Growing all cells."))

    assert (Domain.objects.get().label_fr, Domain.objects.get().definition_en) == (
        "Procédés amont",
        "Growing all cells.",
    )
    assert [(change.kind, change.code) for change in report.changes] == [("domaine", "upstream")]


def test_senses_are_added_changed_and_removed(load, tmp_path):
    write_senses(tmp_path / "files", ("PV", "procès-verbal", "réunion"), ("EM", "école", "commerce"))
    assert load(ALPHA).by_kind["sens de sigle"] == {Action.ADDED: 2}
    assert not load(ALPHA).changed_anything
    kept = AcronymSense.objects.get(acronym="PV").pk

    write_senses(tmp_path / "files", ("PV", "procès-verbal", "réunion, vote"), ("PM", "poids", "gel"))
    report = load(ALPHA)

    assert report.by_kind["sens de sigle"] == {Action.ADDED: 1, Action.CHANGED: 1, Action.REMOVED: 1}
    assert set(AcronymSense.objects.values_list("acronym", flat=True)) == {"PV", "PM"}
    assert AcronymSense.objects.get(pk=kept).context == ["réunion", "vote"]
    (tmp_path / "files" / "acronym-senses.yaml").unlink()
    load(ALPHA)
    assert AcronymSense.objects.count() == 2


@pytest.mark.parametrize("content", ["senses: [", "senses:\n  - {acronym: PV}\n", "senses: PV\n"])
def test_a_wrong_file_of_senses_removes_none(load, tmp_path, content):
    write_senses(tmp_path / "files", ("PV", "procès-verbal", "réunion"), ("EM", "école", "commerce"))
    load(ALPHA)
    (tmp_path / "files" / "acronym-senses.yaml").write_text(content, "utf-8")

    report = load(skill_text("alpha", "acronyms: [EM]"))

    assert AcronymSense.objects.count() == 2
    assert any("« EM » est aussi celui de « école »" in reason for reason in reasons(report))
    assert report.error_count == 2


def test_a_wrong_scheme_is_rejected_and_stops_no_skill(load, tmp_path):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "scheme.yaml").write_text("version: un\n", "utf-8")

    report = load(ALPHA)

    assert "« un » n'est pas une version sémantique" in reasons(report)[0]
    assert Skill.objects.filter(code="alpha").exists()


def test_every_field_says_in_which_release_it_was_given(load):
    load(ALPHA, BETA)
    load(skill_text("alpha", label="changed"), BETA)
    first, last = DataRelease.objects.order_by("pk")

    given = skill("alpha").given
    assert given["label_fr"] == ["changed fr", last.pk]
    assert given["status"] == ["published", first.pk]
    assert {release for _, release in skill("beta").given.values()} == {first.pk}


# --- Drafts
def test_a_load_over_a_draft_shows_what_was_loaded_and_keeps_the_draft_in_the_history(load):
    load(ALPHA)
    draft = skill("alpha")
    draft.label_fr = "Brouillon"
    revision = draft.save_revision()

    report = load(skill_text("alpha", label="changed"))

    alpha = skill("alpha")
    assert warned(report) == [
        "alpha : un brouillon n'était pas publié ; il reste dans l'historique de la compétence."
    ]
    assert alpha.get_latest_revision_as_object().label_fr == "changed fr"
    assert (alpha.has_unpublished_changes, alpha.label_fr) == (False, "changed fr")
    assert revision.as_object().label_fr == "Brouillon"


@pytest.mark.parametrize("correction", [False, True])
def test_a_load_that_changes_nothing_one_sees_leaves_the_draft_open(load, correction):
    load(ALPHA)
    if correction:
        correct("alpha", label_fr="Corrigé")
    draft = skill("alpha")
    draft.label_en = "Draft"
    draft.save_revision()
    Skill.objects.filter(code="alpha").update(label_en="alpha en")

    report = load(ALPHA.replace("alpha fr", "changed fr") if correction else ALPHA)

    assert (warned(report), report.kept_corrections) == ([], 1 if correction else 0)
    assert skill("alpha").get_latest_revision_as_object().label_en == "Draft"
    assert load(ALPHA.replace("alpha fr", "changed fr") if correction else ALPHA).warnings == []


def test_a_draft_of_the_files_is_not_live_and_an_editor_may_publish_it(load):
    load(skill_text("alpha", "status: draft"))
    assert not skill("alpha").live
    skill("alpha").save_revision().publish()

    report = load(skill_text("alpha", "status: draft"))

    assert skill("alpha").live
    assert report.kept_corrections == 1


# --- Queries
def test_a_first_load_makes_few_queries_a_skill(load, django_assert_max_num_queries):
    texts = [
        skill_text(
            f"skill-{number}",
            f"acronyms: [S{number}]",
            "levels: {1: {fr: Un., en: One.}}",
            f"related: [skill-{number - 1}]",
        )
        for number in range(1, 40)
    ]

    # One save a skill, and what search writes of it.
    with django_assert_max_num_queries(22 * 40):
        load(skill_text("skill-0"), *texts)


def test_unchanged_senses_ask_nothing_more(load, tmp_path, django_assert_max_num_queries):
    write_senses(tmp_path / "files", *((f"S{number}", f"sens {number}", "mot") for number in range(40)))
    load(ALPHA)

    with django_assert_max_num_queries(17):
        load(ALPHA)
