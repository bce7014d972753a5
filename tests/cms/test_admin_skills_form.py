"""The form of a skill: the rules of the files, drafts that change nothing online, what publishing carries."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from wagtail.models import TaskState

from cms.admin.groups import setup_groups
from people.access import REFERENTIAL_EDITORS_GROUP
from search.models import OutboxEntry
from skills.imports.referential import import_referential
from skills.models import (
    AcronymSense,
    DataRelease,
    EscoSkill,
    LabelKind,
    RomeCompetence,
    Skill,
    SkillLabel,
    SkillMapping,
    SkillStatus,
)
from skills.signals import skill_changed
from tests.cms import admin_factories as make
from tests.cms.skill_forms import added, form_of, skill_form
from tests.skills.factories import skill_text, write_domain

pytestmark = pytest.mark.django_db

ESCO_URI = "http://data.europa.eu/esco/skill/86d8a19f-1694-4314-9048-8f36c2a00000"


@pytest.fixture
def moderator(client, db):
    setup_groups()
    user = make.moderator_account()
    client.force_login(user)
    return user


@pytest.fixture
def bioreactor(moderator) -> Skill:
    """In use, with a label of each sort, a level and a mapping."""
    skill = make.skill("bioreactor-operation", "Conduire un bioréacteur")
    SkillLabel.objects.create(skill=skill, kind=LabelKind.ALTERNATIVE, language="fr", text="pilotage de cuve")
    SkillLabel.objects.create(skill=skill, kind=LabelKind.HIDDEN, language="fr", text="bioreacteurs")
    SkillLabel.objects.create(skill=skill, kind=LabelKind.ACRONYM, text="USP")
    skill.levels.create(level=2, descriptor_fr="Suit une recette.", descriptor_en="Follows a recipe.")
    skill.mappings.create(scheme="rome", code="120076", match="exact")
    skill.save()
    return Skill.objects.get(pk=skill.pk)


def add(client, **fields):
    return client.post(reverse("admin_skills:add"), skill_form(**fields), follow=True)


def edit(client, skill: Skill, action: str = "", **changes):
    url = reverse("admin_skills:edit", args=[skill.pk])
    return client.post(url, form_of(skill, action=action, **changes), follow=True)


def test_a_new_skill_is_a_draft_with_a_code_of_its_own(client, moderator):
    make.skill("operate-a-bioreactor", "Autre")
    add(client, labels=[("acronym", "fr", "USP", "upstream, culture")], levels=[("3", "Règle.", "Tunes.")])
    skill = Skill.objects.get(label_fr="Conduire un bioréacteur")
    assert (skill.code, skill.live, skill.has_unpublished_changes) == ("operate-a-bioreactor-2", False, True)
    label = skill.labels.get()
    # An acronym is valid in both languages.
    assert (label.language, label.context) == ("", ["upstream", "culture"])
    assert skill.levels.get().descriptor_en == "Tunes."
    assert client.get(reverse("skill", args=[skill.code])).status_code == 404


def test_a_draft_may_lack_words_and_publishing_asks_for_them(client, moderator):
    add(client, label_en="", definition_fr="", definition_en="")
    draft = Skill.objects.get()
    assert (draft.code, draft.live) == ("conduire-un-bioreacteur", False)
    page = edit(client, draft, "publish").content.decode()
    assert page.count("Champ requis.") == 3
    assert not Skill.objects.get().live


def test_saving_a_draft_changes_nothing_online(client, bioreactor):
    neighbour = make.skill("sampling", "Prélever")
    texts = {label.text for label in bioreactor.labels.all()}
    OutboxEntry.objects.all().delete()
    changes = {"label_fr": "Autre nom", "related": "sampling", "labels-0-text": "procédé amont"}
    edit(client, bioreactor, **changes, **added("labels", 3, "alternative", "en", "reactor work", ""))
    live = Skill.objects.get(pk=bioreactor.pk)
    assert live.label_fr == "Conduire un bioréacteur"
    assert live.has_unpublished_changes
    assert {label.text for label in live.labels.all()} == texts
    assert not neighbour.related.exists()
    assert not OutboxEntry.objects.exists()
    draft = live.get_latest_revision_as_object()
    assert {"reactor work", "procédé amont"} < {label.text for label in draft.labels.all()}


def test_publishing_carries_everything_and_tells_search(client, bioreactor):
    neighbour, wide = make.skill("sampling", "Prélever"), make.skill("culture", "Cultiver")
    OutboxEntry.objects.all().delete()
    told = []
    skill_changed.connect(lambda skill_id, **_: told.append(skill_id), weak=False, dispatch_uid="test")
    try:
        edit(
            client,
            bioreactor,
            "publish",
            related="sampling · Prélever",
            broader="Cultiver",
            modalities=["vaccines", "gene-therapy"],
            **{"labels-0-DELETE": "1", "levels-0-descriptor_fr": "Suit seul une recette."},
            **added("mappings", 1, "rome", "120077", "close"),
        )
    finally:
        skill_changed.disconnect(dispatch_uid="test")
    live = Skill.objects.get(pk=bioreactor.pk)
    assert not live.has_unpublished_changes
    assert [one.code for one in live.related.all()] == ["sampling"]
    assert [one.code for one in neighbour.related.all()] == ["bioreactor-operation"]
    assert [one.code for one in live.broader.all()] == [wide.code]
    assert live.modalities == ["vaccines", "gene-therapy"]
    assert {label.text for label in live.labels.all()} == {"bioreacteurs", "pilotage de cuve"}
    assert live.levels.get().descriptor_fr == "Suit seul une recette."
    assert {mapping.code for mapping in live.mappings.all()} == {"120076", "120077"}
    assert told == [live.pk]
    assert OutboxEntry.objects.filter(kind="skills", code=live.code).exists()


def test_two_labels_may_exchange_their_texts(client, bioreactor):
    texts = [label.text for label in bioreactor.labels.all()]
    languages = {"labels-0-language": "fr", "labels-1-language": "fr", "labels-2-language": "fr"}
    kinds = {f"labels-{number}-kind": "hidden" for number in range(3)}
    moved = {f"labels-{number}-text": texts[number - 1] for number in range(3)}
    response = edit(client, bioreactor, "publish", **languages, **kinds, **moved)
    assert response.status_code == 200
    assert {label.text for label in bioreactor.labels.all()} == set(texts)
    assert not Skill.objects.get(pk=bioreactor.pk).has_unpublished_changes


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"label_fr": "Pilotage de cuve"}, "« Pilotage de cuve » est déjà celui de « bioreactor-operation »"),
        ({"labels": [("hidden", "en", "Bioréacteurs", "")]}, "est déjà celui de « bioreactor-operation »"),
        ({"labels": [("acronym", "", "usp", "")]}, "donnez à chacun son contexte"),
        (
            {"labels": [("acronym", "", "usp", "amont")]},
            "La compétence « bioreactor-operation » serait contredite : le sigle « USP »",
        ),
        ({"labels": [("acronym", "", "PV", "")]}, "aussi celui de « procès-verbal »"),
        ({"labels": [("alternative", "", "cuverie", "")]}, "Choisissez la langue"),
        ({"labels": [("alternative", "fr", "cuverie", "mot")]}, "Seul un sigle a un contexte"),
        ({"labels": [("alternative", "fr", "***", "")]}, "Il faut au moins une lettre"),
        (
            {"labels": [("alternative", "fr", "Piloter", ""), ("hidden", "fr", "piloter", "")]},
            "« piloter » est déjà donné plus haut",
        ),
        (
            {"mappings": [("rome", "120076", "exact")]},
            "déjà l&#x27;équivalent exact de « bioreactor-operation »",
        ),
        ({"mappings": [("rome", "999999", "close")]}, "Inconnu des données ouvertes : ROME 999999"),
        ({"mappings": [("esco", ESCO_URI, "close")]}, "Inconnu des données ouvertes : ESCO"),
        ({"mappings": [("rome", "abc", "close")]}, "Ce n&#x27;est pas un code ROME"),
        ({"mappings": [("rome", "120076", "close")], "unmapped": ["rome"]}, "« Aucun équivalent » est coché"),
        ({"modalities": ["all", "vaccines"]}, "« toutes » se coche seule"),
        ({"broader": "inconnue"}, "Code inconnu : « inconnue »"),
        ({"broader": "retired"}, "« retired » est retirée ; citez « bioreactor-operation »"),
        (
            {"broader": "bioreactor-operation", "related": "bioreactor-operation"},
            "À la fois plus large et voisine",
        ),
        ({"definition_fr": "Conduire un bioréacteur"}, "presque celle de « bioreactor-operation »"),
        ({"code": "Pas un code"}, "Un code s&#x27;écrit en minuscules"),
        ({"code": "bioreactor-operation"}, "existe déjà"),
    ],
)
def test_the_rules_of_the_files_hold_for_drafts_too(client, bioreactor, fields, message):
    Skill.objects.create(
        code="retired",
        domain=make.domain(),
        label_fr="Vieille",
        label_en="Old",
        status=SkillStatus.DEPRECATED,
        replaced_by=bioreactor,
    )
    AcronymSense.objects.create(
        acronym="PV", meaning_fr="procès-verbal", meaning_en="minutes", context=["constat"]
    )
    release = DataRelease.objects.create(source="rome", fingerprint="f")
    RomeCompetence.objects.create(ogr_code="120076", label="Culture", release=release)
    EscoSkill.objects.create(uri=ESCO_URI.replace("0000", "1111"), release=release)
    new = {
        "label_fr": "Récolter",
        "label_en": "Harvest",
        "definition_fr": "Autre chose.",
        "definition_en": "X.",
    }
    page = add(client, **{**new, **fields}).content.decode()
    assert message in page
    assert Skill.objects.count() == 2


def test_a_loop_and_what_it_breaks_elsewhere_are_refused(client, bioreactor):
    wide, narrow = make.skill("wide", "Large"), make.skill("narrow", "Étroite")
    bioreactor.broader.set([wide])
    bioreactor.save()
    narrow.broader.set([bioreactor])
    narrow.related.set([make.skill("beside", "À côté")])
    narrow.save()
    page = edit(client, wide, broader="narrow").content.decode()
    assert "Lien circulaire : bioreactor-operation → wide → narrow → bioreactor-operation" in page
    page = edit(client, bioreactor, broader="wide, beside").content.decode()
    assert "La compétence « narrow » serait contredite : à la fois plus large et voisine : beside" in page
    assert not Skill.objects.filter(has_unpublished_changes=True).exists()


def test_a_neighbour_may_become_a_wider_skill(client, bioreactor):
    other = make.skill("culture", "Cultiver")
    bioreactor.related.set([other])
    bioreactor.save()
    edit(client, bioreactor, "publish", related="", broader="culture")
    live = Skill.objects.get(pk=bioreactor.pk)
    assert (list(live.related.all()), list(live.broader.all())) == ([], [other])


def test_a_neighbours_draft_does_not_undo_a_link(client, bioreactor):
    other = make.skill("sampling", "Prélever")
    edit(client, other, label_fr="Prélever mieux")
    edit(client, bioreactor, "publish", related="sampling")
    other.refresh_from_db()
    other.latest_revision.publish()
    assert [one.code for one in Skill.objects.get(pk=bioreactor.pk).related.all()] == ["sampling"]
    assert Skill.objects.get(pk=other.pk).label_fr == "Prélever mieux"


def test_a_draft_never_changes_identity_state_or_what_the_files_said(client, bioreactor):
    edit(client, bioreactor, label_fr="Brouillon", code="autre")
    other = make.skill("other", "Autre")
    given = {"label_fr": ["Conduire un bioréacteur", None]}
    Skill.objects.filter(pk=bioreactor.pk).update(
        status=SkillStatus.DEPRECATED, replaced_by=other, given=given
    )
    live = Skill.objects.get(pk=bioreactor.pk)
    live.latest_revision.publish()
    live = Skill.objects.get(pk=bioreactor.pk)
    assert (live.code, live.status, live.replaced_by) == (
        "bioreactor-operation",
        SkillStatus.DEPRECATED,
        other,
    )
    assert (live.label_fr, live.corrected_fields) == ("Brouillon", ["label_fr"])


def test_a_retired_skill_can_be_read_and_not_saved(client, bioreactor):
    other = make.skill("other", "Autre")
    Skill.objects.filter(pk=bioreactor.pk).update(status=SkillStatus.DEPRECATED, replaced_by=other)
    bioreactor.refresh_from_db()
    page = client.get(reverse("admin_skills:edit", args=[bioreactor.pk])).content.decode()
    assert "remplacée par <b>Autre (other)</b>" in page
    client.force_login(get_user_model().objects.create_superuser("root"))
    edit(client, bioreactor, "publish", label_fr="Changée")
    assert Skill.objects.get(pk=bioreactor.pk).label_fr == "Conduire un bioréacteur"


def test_a_link_to_what_was_retired_since_may_stay(client, bioreactor):
    other = make.skill("other", "Autre")
    bioreactor.related.set([other])
    bioreactor.save()
    Skill.objects.filter(pk=other.pk).update(status=SkillStatus.DEPRECATED, replaced_by=bioreactor)
    page = client.get(reverse("admin_skills:edit", args=[bioreactor.pk])).content.decode()
    assert "other · Autre (retirée)" in page
    edit(client, bioreactor, "publish", label_fr="Piloter un bioréacteur")
    assert Skill.objects.get(pk=bioreactor.pk).label_fr == "Piloter un bioréacteur"
    page = edit(client, bioreactor, broader="other").content.decode()
    assert "« other » est retirée" in page


def test_a_published_correction_shows_and_survives_a_load(client, moderator, tmp_path):
    folder = write_domain(tmp_path / "files", skill_text("cell-thawing"))
    import_referential(folder, apply=True)
    skill = Skill.objects.get(code="cell-thawing")
    edit(client, skill, "publish", definition_fr="Décongeler des cellules sans les perdre.")
    page = client.get(reverse("admin_skills:edit", args=[skill.pk])).content.decode()
    assert page.count("corrigé par la rédaction") == 1
    assert "La source dit : « Savoir cell thawing. »" in page
    report = import_referential(folder, apply=True)
    assert report.kept_corrections == 1
    assert Skill.objects.get(pk=skill.pk).definition_fr == "Décongeler des cellules sans les perdre."


def test_saving_a_loaded_skill_unchanged_corrects_nothing(client, moderator, tmp_path):
    more = ("alternative: {fr: [décongélation], en: [thawing]}", "esco: none", "related: [cell-counting]")
    folder = write_domain(tmp_path / "files", skill_text("cell-thawing", *more), skill_text("cell-counting"))
    import_referential(folder, apply=True)
    skill = Skill.objects.get(code="cell-thawing")
    edit(client, skill, "publish")
    assert Skill.objects.get(pk=skill.pk).corrected_fields == []


def test_versions_are_compared_in_words_children_included(client, bioreactor):
    client.post(reverse("admin_skills:edit", args=[bioreactor.pk]), form_of(bioreactor, action="publish"))
    live = Skill.objects.get(pk=bioreactor.pk)
    edit(
        client,
        live,
        label_fr="Piloter un bioréacteur",
        modalities=["vaccines"],
        **{"levels-0-descriptor_fr": "Suit seul une recette.", "mappings-0-code": "120099"},
        **added("labels", 3, "alternative", "en", "reactor work", ""),
    )
    url = reverse("admin_skills:revisions_compare", args=[live.pk, "earliest", "latest"])
    page = client.get(url).content.decode()
    for word in ("Piloter", "vaccins", "toutes", "reactor work", "120099", "autre libellé"):
        assert word in page
    assert "[&#x27;" not in page
    assert "bioreacteurs" not in page  # which did not change


def test_the_preview_shows_the_draft_in_both_languages(client, bioreactor):
    edit(client, bioreactor, label_fr="Nom du brouillon", label_en="Draft name", related="")
    url = reverse("admin_skills:preview_on_edit", args=[bioreactor.pk])
    draft = Skill.objects.get(pk=bioreactor.pk).get_latest_revision_as_object()
    assert client.post(url, form_of(draft)).json() == {"is_valid": True, "is_available": True}
    assert "<h1>Nom du brouillon</h1>" in client.get(url, {"mode": "fr"}).content.decode()
    assert "<h1>Draft name</h1>" in client.get(url, {"mode": "en"}).content.decode()
    revision = Skill.objects.get(pk=bioreactor.pk).latest_revision_id
    url = reverse("admin_skills:revisions_view", args=[bioreactor.pk, revision])
    assert "<h1>Nom du brouillon</h1>" in client.get(url).content.decode()


def test_a_skill_is_previewed_before_it_is_saved(client, moderator):
    url = reverse("admin_skills:preview_on_add")
    client.post(url, skill_form(labels=[("alternative", "fr", "pilotage", "")]))
    page = client.get(url).content.decode()
    assert "<h1>Conduire un bioréacteur</h1>" in page
    assert "pilotage" in page


def test_editors_submit_and_moderators_approve(client, bioreactor, moderator):
    editor = make.account(REFERENTIAL_EDITORS_GROUP)
    client.force_login(editor)
    edit(client, bioreactor, "publish", label_fr="Sans y être autorisé")
    assert Skill.objects.get(pk=bioreactor.pk).label_fr == "Conduire un bioréacteur"
    bioreactor.refresh_from_db()
    edit(client, bioreactor, "submit", label_fr="Piloter un bioréacteur")
    state = TaskState.objects.get()
    client.force_login(moderator)
    assert "Piloter un bioréacteur" in client.get(reverse("wagtailadmin_home")).content.decode()
    url = reverse("admin_skills:workflow_action", args=[bioreactor.pk, "approve", state.pk])
    client.post(url, {"comment": ""})
    assert Skill.objects.get(pk=bioreactor.pk).label_fr == "Piloter un bioréacteur"


def test_editors_open_skills_and_nothing_else(client, bioreactor):
    client.force_login(make.account(REFERENTIAL_EDITORS_GROUP))
    assert client.get(reverse("admin_skills:edit", args=[bioreactor.pk])).status_code == 200
    assert "aucune organisation" not in client.get(reverse("wagtailadmin_home")).content.decode()
    for name in ("admin_organisations:list", "admin_trainings:list", "admin_memberships:list"):
        assert client.get(reverse(name)).status_code == 302
    assert client.post(reverse("admin_skills:unpublish", args=[bioreactor.pk])).status_code == 302
    assert Skill.objects.get(pk=bioreactor.pk).live


def test_only_a_draft_made_by_hand_can_be_deleted(client, bioreactor):
    add(client, label_fr="Récolter", label_en="Harvest", definition_fr="Autre chose.", definition_en="X.")
    draft = Skill.objects.get(live=False)
    client.post(reverse("admin_skills:delete", args=[bioreactor.pk]))
    client.post(reverse("admin_skills:delete", args=[draft.pk]))
    assert list(Skill.objects.all()) == [bioreactor]
    assert SkillMapping.objects.count() == 1


def test_null_characters_break_nothing(client, moderator):
    labels = [("acronym", "", "USP", "amont\x00")]
    assert add(client, broader="x\x00", related="\x00", labels=labels).status_code == 200
    assert add(client, label_fr="Cuve", labels=labels).status_code == 200
    assert Skill.objects.get().labels.get().context == ["amont"]


def test_the_form_opens_in_few_queries(client, bioreactor, django_assert_max_num_queries):
    url = reverse("admin_skills:edit", args=[bioreactor.pk])
    client.get(url)
    with django_assert_max_num_queries(52):
        client.get(url)
