"""Review links: an outside expert reads a skill and comments it, within bounds; editors see and close what is said."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.admin.groups import setup_groups
from cms.views.review import LONGEST_COMMENT
from people.access import PROVIDERS_GROUP, REFERENTIAL_EDITORS_GROUP
from skills import reviews
from skills.models import LabelKind, Skill, SkillLabel, SkillReviewComment, SkillReviewLink
from skills.reviews import COMMENTS_A_LINK, TooManyLinks, make_link
from tests.cms import admin_factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client, db):
    setup_groups()
    user = make.account(REFERENTIAL_EDITORS_GROUP)
    client.force_login(user)
    return user


@pytest.fixture
def skill(editor) -> Skill:
    skill = make.skill("bioreactor", "Conduire un bioréacteur")
    SkillLabel.objects.create(skill=skill, kind=LabelKind.HIDDEN, language="fr", text="mot caché")
    SkillLabel.objects.create(skill=skill, kind=LabelKind.ALTERNATIVE, language="en", text="bioreactor runs")
    skill.levels.create(level=2, descriptor_fr="Suit une recette.", descriptor_en="Follows a recipe.")
    skill.mappings.create(scheme="rome", code="120076", match="close")
    skill.label_en, skill.definition_en = "Operate a bioreactor", "Run it."
    skill.save()
    return Skill.objects.get(pk=skill.pk)


@pytest.fixture
def expert() -> Client:
    """A browser without account, which sends no token against forgeries."""
    return Client(enforce_csrf_checks=True)


def new_link(skill: Skill, **kwargs) -> tuple[SkillReviewLink, str]:
    new = make_link(skill, "Mme Durand", 14, shows_draft=kwargs.pop("shows_draft", False), **kwargs)
    return new.link, reverse("skill_review", args=[new.token])


def say(expert: Client, url: str, text: str = "Trop large.", part: str = "definition", **more):
    return expert.post(url, {"partie": part, "texte": text, "site": "", **more})


# --- What the expert sees


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_shows_both_languages_and_keeps_its_address_to_itself(expert, skill, prefix):
    _link, url = new_link(skill)
    response = expert.get(prefix + url)
    page = response.content.decode()
    for words in (
        "Mme Durand",
        "Conduire un bioréacteur",
        "Operate a bioreactor",
        "bioreactor runs",
        "Suit une recette.",
        "Follows a recipe.",
        "120076",
    ):
        assert words in page
    assert "mot caché" not in page
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]
    assert 'content="noindex, nofollow"' in page
    assert not response.cookies


def test_a_link_shows_the_draft_only_if_it_says_so(expert, skill):
    skill.label_fr = "Nom du brouillon"
    skill.save_revision()
    skill = Skill.objects.get(pk=skill.pk)
    online, draft = new_link(skill)[1], new_link(skill, shows_draft=True)[1]
    assert "Nom du brouillon" not in expert.get(online).content.decode()
    assert "Nom du brouillon" in expert.get(draft).content.decode()


def test_a_comment_is_kept_shown_and_told_to_editors(client, expert, skill):
    link, url = new_link(skill)
    response = say(expert, url, "Trop large.\r\nPrécisez <b>l'échelle</b>.")
    assert response.status_code == 302
    page = expert.get(response["Location"]).content.decode()
    assert "Votre remarque est envoyée" in page
    assert "&lt;b&gt;" in page
    comment = SkillReviewComment.objects.get(link=link)
    assert (comment.part, comment.text) == ("definition", "Trop large.\nPrécisez <b>l'échelle</b>.")
    edit = client.get(reverse("admin_skills:edit", args=[skill.pk])).content.decode()
    assert "Mme Durand</strong>, sur la définition" in edit
    listing = client.get(reverse("admin_skills:list"), {"state": "commented"}).content.decode()
    assert "en usage, 1 remarque" in listing


@pytest.mark.parametrize(
    ("text", "part", "message"),
    [
        ("", "whole", "Écrivez votre remarque."),
        ("  \n ", "whole", "Écrivez votre remarque."),
        ("x" * (LONGEST_COMMENT + 1), "whole", "trop longue"),
        ("Bien.", "price", "Choisissez sur quoi"),
        ("Bien.", "", "Choisissez sur quoi"),
    ],
)
def test_a_bad_comment_is_refused_and_what_was_typed_stays(expert, skill, text, part, message):
    _link, url = new_link(skill)
    response = say(expert, url, text, part)
    assert response.status_code == 400
    page = response.content.decode()
    assert message in page
    assert text.strip() in page
    assert not SkillReviewComment.objects.exists()


def test_programs_are_thanked_and_not_kept(expert, skill):
    _link, url = new_link(skill)
    assert say(expert, url, site="https://spam.example").status_code == 302
    assert not SkillReviewComment.objects.exists()


def test_comments_come_slowly_and_are_not_endless(expert, skill):
    link, url = new_link(skill)
    for _number in range(reviews.BURST):
        assert say(expert, url).status_code == 302
    response = say(expert, url)
    assert (response.status_code, "attendez quelques minutes" in response.content.decode()) == (400, True)
    an_hour_ago = timezone.now() - dt.timedelta(hours=1)
    SkillReviewComment.objects.update(created_at=an_hour_ago)
    assert say(expert, url).status_code == 302
    SkillReviewComment.objects.bulk_create(
        SkillReviewComment(link=link, text="x", created_at=an_hour_ago) for _number in range(COMMENTS_A_LINK)
    )
    response = say(expert, url)
    assert (response.status_code, "le plus qu’elle puisse garder" in response.content.decode()) == (400, True)
    assert SkillReviewComment.objects.count() == COMMENTS_A_LINK + reviews.BURST + 1


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        (
            {"expires_at": timezone.now() - dt.timedelta(minutes=1)},
            410,
            "Le délai de cette relecture est passé.",
        ),
        ({"revoked_at": timezone.now()}, 410, "La rédaction a fermé cette relecture."),
        ({"token_hash": "0" * 64}, 404, "n’est pas celle d’une relecture"),
    ],
)
def test_a_link_that_does_not_work_says_why_and_shows_nothing(expert, skill, change, status, words):
    link, url = new_link(skill)
    SkillReviewLink.objects.filter(pk=link.pk).update(**change)
    for response in (expert.get(url), say(expert, url)):
        page = response.content.decode()
        assert response.status_code == status
        assert words in page
        assert "Conduire" not in page
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
    assert not SkillReviewComment.objects.exists()


@pytest.mark.parametrize("token", ["x", "a" * 43, "é", "0" * 5_000])
def test_an_invented_address_is_not_found(expert, db, token):
    setup_groups()
    assert expert.get(f"/relecture/{token}/").status_code == 404


def test_the_token_is_kept_nowhere(skill):
    new = make_link(skill, "Mme Durand", 14, shows_draft=False)
    assert new.token not in str(list(SkillReviewLink.objects.values()))


# --- What editors do


def reviews_url(skill: Skill) -> str:
    return reverse("admin_skills:reviews", args=[skill.pk])


def test_an_editor_makes_a_link_and_reads_its_address_once(client, expert, skill):
    data = {"create": "1", "reviewer": "Mme Durand", "days": "30", "shows_draft": "on"}
    response = client.post(reviews_url(skill), data)
    address = re.search(r"http://testserver(/relecture/[\w-]+/)", response.content.decode())[1]
    assert "no-store" in response["Cache-Control"]
    link = SkillReviewLink.objects.get()
    assert (link.reviewer, link.shows_draft) == ("Mme Durand", True)
    assert 29 <= (link.expires_at - timezone.now()).days <= 30
    assert expert.get(address).status_code == 200
    assert "/relecture/" not in client.get(reviews_url(skill)).content.decode()


@pytest.mark.parametrize("days", ["0", "91", "-1", "abc", ""])
def test_a_link_lasts_one_to_ninety_days(client, skill, days):
    client.post(reviews_url(skill), {"create": "1", "reviewer": "Mme Durand", "days": days})
    assert not SkillReviewLink.objects.exists()


def test_a_skill_has_a_bounded_number_of_links(client, skill, monkeypatch):
    monkeypatch.setattr(reviews, "ACTIVE_LINKS", 1)
    new_link(skill)
    with pytest.raises(TooManyLinks):
        new_link(skill)
    page = client.post(
        reviews_url(skill), {"create": "1", "reviewer": "M. Petit", "days": "14"}
    ).content.decode()
    assert "révoquez-en un d&#x27;abord" in page


def test_a_draft_skill_has_only_its_draft_to_show(client, expert, skill):
    Skill.objects.filter(pk=skill.pk).update(live=False)
    assert "shows_draft" not in client.get(reviews_url(skill)).content.decode()
    client.post(reviews_url(skill), {"create": "1", "reviewer": "M. Petit", "days": "14"})
    assert SkillReviewLink.objects.get().shows_draft


def test_comments_are_treated_and_links_revoked_and_deleted(client, expert, skill):
    link, url = new_link(skill)
    say(expert, url)
    comment = SkillReviewComment.objects.get()
    client.post(reviews_url(skill), {"treat": comment.pk})
    comment.refresh_from_db()
    assert comment.treated_at
    assert "traitée" in client.get(reviews_url(skill)).content.decode()
    client.post(reviews_url(skill), {"treat": comment.pk})
    comment.refresh_from_db()
    assert comment.treated_at is None
    client.post(reviews_url(skill), {"revoke": link.pk})
    assert expert.get(url).status_code == 410
    client.post(reviews_url(skill), {"delete-comment": comment.pk})
    assert not SkillReviewComment.objects.exists()
    client.post(reviews_url(skill), {"delete-link": link.pk})
    assert expert.get(url).status_code == 404


@pytest.mark.parametrize("action", ["treat", "revoke", "delete-link", "delete-comment"])
@pytest.mark.parametrize("pk", ["999999", "abc", "", "own"])
def test_another_skills_links_are_out_of_reach(client, expert, skill, action, pk):
    link, url = new_link(skill)
    say(expert, url)
    other = make.skill("other", "Autre")
    own = SkillReviewComment.objects.get().pk if action in ("treat", "delete-comment") else link.pk
    response = client.post(reviews_url(other), {action: own if pk == "own" else pk})
    assert response.status_code == 404
    link.refresh_from_db()
    assert (link.revoked_at, link.comments.get().treated_at) == (None, None)


def test_only_editors_manage_reviews(client, skill):
    link, _url = new_link(skill)
    client.force_login(make.account(PROVIDERS_GROUP, make.organisation("Institut")))
    assert client.get(reviews_url(skill)).status_code == 302
    assert client.post(reviews_url(skill), {"delete-link": link.pk}).status_code == 302
    assert SkillReviewLink.objects.exists()


def test_pages_of_reviews_take_few_queries(client, expert, skill, django_assert_max_num_queries):
    for _number in range(6):
        link, url = new_link(skill)
        SkillReviewComment.objects.create(link=link, text="Une remarque")
    client.get(reviews_url(skill))
    with django_assert_max_num_queries(16):
        client.get(reviews_url(skill))
    with django_assert_max_num_queries(20):
        expert.get(url)
