"""Texts typed on the site that nobody knows: a cookie only when something is kept; what editors make of them."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cms.admin.groups import setup_groups
from cms.views.unknown_terms import COOKIE
from people.access import EMPLOYERS_GROUP, PROVIDERS_GROUP, REFERENTIAL_EDITORS_GROUP
from search.models import UnknownSighting, UnknownTerm
from search.referential import current_lexicon
from skills.models import LabelKind, Skill
from tests.cms import admin_factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["site_search", "training_list"])
def test_an_unknown_text_is_kept_with_a_passing_cookie(client, public_site, name):
    response = client.get(reverse(name), {"q": "Bio-impression 3D"})
    cookie = response.cookies[COOKIE]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (7 * 86_400, True, "Lax")
    assert "private" in response["Cache-Control"]
    assert cookie.value not in str(list(UnknownSighting.objects.values()))
    assert [row.text for row in UnknownSighting.objects.all()] == ["bio-impression 3d"]
    # The same browser counts once, and its cookie does not last longer for that.
    assert COOKIE not in client.get(reverse(name), {"q": "bio-impression 3d"}).cookies
    assert UnknownSighting.objects.count() == 1
    client.cookies.clear()
    client.get(reverse(name), {"q": "bio-impression 3d"})
    assert UnknownSighting.objects.count() == 2


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ({"q": ""}, {}),
        ({"q": "conduire un bioréacteur"}, {}),
        ({"q": "BPF"}, {}),
        ({"q": "06 12 34 56 78"}, {}),
        ({"q": "marie@example.org"}, {}),
        ({"q": "bio-impression"}, {"DNT": "1"}),
        ({"q": "bio-impression"}, {"Sec-GPC": "1"}),
        ({"q": "bio-impression"}, {"Sec-Purpose": "prefetch;prerender"}),
    ],
)
def test_no_cookie_and_no_row_otherwise(client, public_site, query, headers):
    for name in ("site_search", "training_list"):
        response = client.get(reverse(name), query, headers=headers)
        assert COOKIE not in response.cookies
    client.head(reverse("site_search"), {"q": "bio-impression"})
    assert not UnknownSighting.objects.exists()


def test_a_known_word_is_kept_with_others_when_nothing_is_found(client, public_site):
    make.skill("isolator", "Isolateur")
    for text in ("isolateur", "isolateur de zirconium gravé"):
        client.get(reverse("training_list"), {"q": text})
    assert [row.text for row in UnknownSighting.objects.all()] == ["isolateur de zirconium gravé"]
    UnknownSighting.objects.all().delete()
    # A filter may be what finds nothing.
    client.get(reverse("training_list"), {"q": "isolateur de zirconium gravé", "region": "84"})
    assert not UnknownSighting.objects.exists()


@pytest.mark.parametrize("days", [8, -2])
def test_an_old_or_forged_cookie_is_replaced(client, public_site, days):
    day = timezone.localdate() - dt.timedelta(days=days)
    client.cookies[COOKIE] = f"{day:%Y%m%d}-{'a' * 22}"
    response = client.get(reverse("site_search"), {"q": "bio-impression"})
    assert (
        response.cookies[COOKIE].value != client.cookies[COOKIE].value or response.cookies[COOKIE]["max-age"]
    )
    assert f"{timezone.localdate():%Y%m%d}" in response.cookies[COOKIE].value


def test_texts_of_my_skills_are_never_kept(client, public_site):
    client.post(reverse("my_skills"), {"texte": "Bio-impression 3D", "lieu": "", "km": "", "metier": ""})
    assert not UnknownSighting.objects.exists()


# --- The admin


@pytest.fixture
def moderator(client, db):
    setup_groups()
    user = make.moderator_account()
    client.force_login(user)
    return user


@pytest.fixture
def term(moderator) -> UnknownTerm:
    return UnknownTerm.objects.create(
        key="bio impression", text="bio-impression", people=7, last_day=timezone.localdate()
    )


def test_editors_see_the_texts_and_others_do_not(client, term):
    page = client.get(reverse("unknown_terms")).content.decode()
    assert "bio-impression" in page
    assert "<td>7</td>" in page
    institute = make.organisation("Institut")
    for group in (PROVIDERS_GROUP, EMPLOYERS_GROUP):
        client.force_login(make.account(group, institute))
        addresses = [
            reverse("unknown_terms"),
            *(reverse(f"unknown_term_{name}", args=[term.pk]) for name in ("synonym", "dismiss")),
        ]
        for url in addresses:
            assert client.get(url).status_code == 302
            assert client.post(url).status_code == 302
    term.refresh_from_db()
    assert term.state == UnknownTerm.State.WAITING


def synonym(client, term: UnknownTerm, skill: Skill, then: str, **fields):
    data = {"skill": skill.pk, "text": "bio-impression", "kind": "alternative", "language": "fr", then: "1"}
    return client.post(reverse("unknown_term_synonym", args=[term.pk]), {**data, **fields}, follow=True)


def test_a_text_becomes_a_synonym_at_once(client, term):
    skill = make.skill("bioprinting", "Imprimer des tissus")
    page = synonym(client, term, skill, "publish", kind="hidden").content.decode()
    assert "mène désormais à" in page
    label = Skill.objects.get(pk=skill.pk).labels.get()
    assert (label.kind, label.language, label.text) == (LabelKind.HIDDEN, "fr", "bio-impression")
    assert ("bio", "impression") in current_lexicon().skills_of
    term.refresh_from_db()
    assert term.state == UnknownTerm.State.DONE


def test_a_text_becomes_a_synonym_of_the_draft(client, term):
    skill = make.skill("bioprinting", "Imprimer des tissus")
    client.force_login(make.account(REFERENTIAL_EDITORS_GROUP))
    synonym(client, term, skill, "publish")
    assert not UnknownTerm.objects.exclude(state="waiting").exists()
    synonym(client, term, skill, "draft")
    skill = Skill.objects.get(pk=skill.pk)
    assert not skill.labels.exists()
    draft = skill.get_latest_revision_as_object()
    assert [label.text for label in draft.labels.all()] == ["bio-impression"]
    term.refresh_from_db()
    assert term.state == UnknownTerm.State.DONE
    assert "bio-impression" not in client.get(reverse("unknown_terms")).content.decode().split("<main")[1]


def test_a_synonym_keeps_the_rules(client, term):
    skill = make.skill("bioprinting", "Imprimer des tissus")
    make.skill("other", "Bio-impression")
    for then in ("publish", "draft"):
        page = synonym(client, term, skill, then).content.decode()
        assert "Le texte « bio-impression » est déjà celui de « other »" in page
    page = synonym(client, term, skill, "publish", text="Imprimer des tissus").content.decode()
    assert "est déjà un texte de cette compétence" in page
    url = reverse("unknown_term_synonym", args=[term.pk])
    page = client.post(url, {"skill": "", "text": "x", "kind": "hidden", "language": "fr"}).content.decode()
    assert "Choisissez la compétence que ce texte désigne." in page
    assert not Skill.objects.get(pk=skill.pk).labels.exists()


def test_a_synonym_of_a_draft_is_not_added_twice(client, term):
    skill = make.skill("bioprinting", "Imprimer des tissus")
    synonym(client, term, skill, "draft")
    UnknownTerm.objects.update(state=UnknownTerm.State.WAITING)
    page = synonym(client, term, skill, "publish").content.decode()
    assert "est déjà un texte de cette compétence" in page


def test_a_new_skill_starts_from_the_text(client, term):
    page = client.get(reverse("admin_skills:add"), {"libelle": "bio-impression"}).content.decode()
    assert 'value="Bio-impression"' in page
    make.skill("bioprinting", "Bio-impression")
    client.get(reverse("unknown_terms"))
    term.refresh_from_db()
    assert term.state == UnknownTerm.State.DONE


def test_a_text_is_put_aside_for_good(client, term):
    page = client.post(reverse("unknown_term_dismiss", args=[term.pk]), follow=True).content.decode()
    assert "il ne sera plus montré" in page
    assert client.get(reverse("unknown_term_synonym", args=[term.pk])).status_code == 404
