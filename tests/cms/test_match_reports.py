"""« Signaler une erreur »: what links carry, what is asked, what is kept with and without the box, and taking it back."""

import datetime as dt
import logging
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from cms.views.contested import KIND_WORDS, read_subject, report_address
from matching import reports
from matching.models import Contested, MatchReport
from matching.referential import load_referential
from matching.reports import KEPT_DAYS, LONGEST_COMMENT, LONGEST_PASSAGE, answer_stamp
from skills.models import Skill, SkillMapping
from tests.matching.origins.factories import make_rome_job
from training.models import Training

TEXT = "J'ai fait la conduite de bioréacteur six ans. Je n'ai jamais appliqué les BPF. Marque-page-secret."
COMMENT, PASSAGE = "Ce n’est pas mon métier. Repère-un.", "j’ai fait la conduite. Repère-deux."
NAMES_OF_LINKS = {"competence", "niveau", "ecartee", "metier", "formation", "origine", "v"}


def links(html: str) -> list[str]:
    found = re.findall(r'href="(/mes-competences/signaler/[^"]*)"', html)
    return [unescape(one) for one in found]


@pytest.fixture
def answer(site_without_index) -> dict[str, str]:
    """Links as an answer has them, by the first name of their address."""
    stamp = answer_stamp(load_referential())
    return {
        "competence": report_address(stamp, skill="bioreactor-operation", level=3),
        "ecartee": report_address(stamp, set_aside="gmp"),
        "metier": report_address(stamp, job="culture"),
        "formation": report_address(stamp, training="bioreacteur-1", job="culture"),
        "v": report_address(stamp),
    }


def send(client, url: str, kind: Contested = Contested.NOT_SHOWN, **fields):
    return client.post(url, {"quoi": kind.value, "site": "", **fields})


def only() -> MatchReport:
    return MatchReport.objects.get()


# --- Links


def test_links_of_an_answer_carry_codes_and_levels_and_lead_to_a_page(client, public_site, answer):
    found = links(client.post(reverse("my_skills"), {"texte": TEXT}).content.decode())
    assert set(answer.values()) <= set(found)
    assert {next(iter(parse_qs(urlsplit(one).query))) for one in found} == set(answer)
    for one in set(found):
        asked = parse_qs(urlsplit(one).query)
        assert set(asked) <= NAMES_OF_LINKS
        assert all(re.fullmatch(r"[\w.:-]{1,80}", value) for (value,) in asked.values()), one
        assert client.get(one).status_code == 200, one


def test_a_skill_brought_by_a_title_is_contested_with_it(client, site_without_index):
    skill = Skill.objects.get(code="gmp")
    SkillMapping.objects.create(skill=skill, scheme="rome", code="1001", match="close")
    make_rome_job("H2303", "Opérateur de fabrication", ("1001", "Principale"))
    html = client.post(reverse("my_skills"), {"texte": "", "origine": "H2303"}).content.decode()
    url = next(one for one in links(html) if "origine=" in one)
    page = client.get(url).content.decode()
    assert "Apportée par « Opérateur de fabrication »." in page
    send(client, url, Contested.NOT_BROUGHT)
    assert (only().kind, only().skill_code, only().origin_key) == ("not-brought", "gmp", "rome-job:H2303")
    assert "/signaler/" not in client.get(reverse("equivalences"), {"q": "H2303"}).content.decode()


def test_an_answer_without_skill_still_leads_to_a_report(client, site_without_index):
    html = client.post(reverse("my_skills"), {"texte": "J'aime les promenades en forêt."}).content.decode()
    assert links(html)


def test_every_kind_has_its_words():
    assert set(KIND_WORDS) == set(Contested)


@pytest.mark.parametrize(
    "query",
    [
        "competence=inconnue",
        "competence=%00",
        "competence=" + "a" * 90,
        "competence=gmp&origine=rome-job:X9999",
        "competence=gmp&origine=" + "%00" * 300,
        "ecartee='%20OR%201=1",
        "metier=inconnu",
        "metier=é",
        "formation=inconnue",
        "formation=bioreacteur-1&metier=inconnu",
    ],
)
def test_what_is_not_on_the_site_cannot_be_contested(client, site_without_index, query):
    url = f"{reverse('match_report')}?{query}"
    for response in (client.get(url), send(client, url)):
        assert response.status_code == 404
        assert "Refaites votre recherche" in response.content.decode()
    assert not MatchReport.objects.exists()


def test_an_unpublished_training_or_skill_is_gone(client, site_without_index):
    Training.objects.update(live=False)
    Skill.objects.filter(code="gmp").update(live=False)
    for query in ("formation=bioreacteur-1", "competence=gmp&niveau=2"):
        assert client.get(f"{reverse('match_report')}?{query}").status_code == 404


def test_a_level_or_a_stamp_that_is_none_is_left_out(site_without_index):
    subject = read_subject({"competence": "gmp", "niveau": "9", "v": "du texte"})
    assert (subject.contest.level_shown, subject.contest.stamp) == (None, "")


# --- The page


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_is_neither_cached_nor_indexed_and_runs_no_script_of_its_own(
    client, site_without_index, language
):
    with override(language):
        url = report_address("0" * 12, skill="gmp", level=2)
    response = client.get(url)
    html = response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex, nofollow">' in html
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert not re.search(r" style=| on[a-z]+=", html)
    assert not re.search(r"<script(?! src=)", html)
    other = "competence=gmp&amp;niveau=2"
    assert re.search(rf'class="language-switch" href="[^"]*{other}', html), "the subject goes on in English"


def test_the_page_asks_what_fits_the_subject(client, answer):
    pages = {name: client.get(answer[name]).content.decode() for name in ("competence", "metier", "v")}
    assert "Conduire un bioréacteur" in pages["competence"]
    assert "Maîtrise (3 sur 4)" in pages["competence"]
    assert 'name="concerne"' not in pages["competence"]
    assert "Bonnes pratiques de fabrication" in pages["metier"]
    assert "Ce métier est classé trop haut" in pages["metier"]
    assert '<optgroup label="Procédés amont">' in pages["v"]


def test_pages_take_few_queries_whatever_the_catalogue(client, answer):
    counted = {}
    for name in ("competence", "metier", "formation", "ecartee", "v"):
        client.get(answer[name])
        with CaptureQueriesContext(connection) as queries:
            client.get(answer[name])
        counted[name] = len(queries)
        assert counted[name] <= 15, name
    Skill.objects.bulk_create(
        Skill(code=f"skill-{number}", label_fr=f"A {number}", label_en="A", domain_id=one.domain_id)
        for number, one in enumerate([Skill.objects.get(code="gmp")] * 9)
    )
    with CaptureQueriesContext(connection) as queries:
        client.get(answer["v"])
    assert len(queries) == counted["v"]


def test_sending_takes_few_queries(client, answer, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        response = send(client, answer["formation"], Contested.USELESS_TRAINING)
    assert response.status_code == 302


# --- What is kept


def test_a_skill_is_contested_with_its_level_and_the_versions_of_the_answer(client, answer):
    response = send(client, answer["competence"], Contested.WRONG_LEVEL, niveau_juste="2")
    assert (response.status_code, response["Location"]) == (302, reverse("match_report_sent"))
    report = only()
    assert (report.kind, report.skill_code) == ("wrong-level", "bioreactor-operation")
    assert (report.level_shown, report.level_claimed) == (3, 2)
    assert report.referential_version.startswith("+")
    assert (report.formula_version, report.language, report.state) == ("1", "fr", "new")
    page = client.get(response["Location"]).content.decode()
    assert "Signalement envoyé. Merci." in page
    assert "Seuls des codes sont conservés" in page
    assert "Effacer mon texte" not in page


@pytest.mark.parametrize(
    ("name", "kind", "fields", "kept"),
    [
        ("ecartee", Contested.SET_ASIDE, {"niveau_juste": "1"}, ("gmp", "", "", 1)),
        ("metier", Contested.JOB_TOO_LOW, {"concerne": "", "niveau_juste": ""}, ("", "culture", "", None)),
        ("metier", Contested.REQUIREMENT_UNSEEN, {"concerne": "gmp"}, ("gmp", "culture", "", None)),
        ("metier", Contested.REQUIREMENT_GRANTED, {"concerne": "gmp"}, ("gmp", "culture", "", None)),
        ("formation", Contested.USELESS_TRAINING, {}, ("", "culture", "bioreacteur-1", None)),
        ("v", Contested.MISSED, {"concerne": "sampling", "niveau_juste": "4"}, ("sampling", "", "", 4)),
        # Fields that the kind does not ask for count for nothing.
        ("competence", Contested.NOT_SHOWN, {"niveau_juste": "4"}, ("bioreactor-operation", "", "", None)),
        ("metier", Contested.JOB_TOO_HIGH, {"concerne": "gmp"}, ("", "culture", "", None)),
    ],
)
def test_what_each_kind_keeps(client, answer, name, kind, fields, kept):
    assert send(client, answer[name], kind, **fields).status_code == 302
    report = only()
    found = (report.skill_code, report.job_code, report.training_code, report.level_claimed)
    assert (report.kind, found) == (kind.value, kept)


def test_without_the_box_nothing_that_was_written_is_kept(client, answer, caplog):
    with caplog.at_level(logging.DEBUG):
        response = send(client, answer["competence"], commentaire=COMMENT, passage=PASSAGE)
    report = only()
    assert (report.comment, report.passage, report.text_until, report.withdrawal_hash) == ("", "", None, "")
    assert "Repère" not in str(list(MatchReport.objects.values()))
    assert "Repère" not in caplog.text + response["Location"]
    page = client.get(response["Location"]).content.decode()
    assert "n’ont pas été conservés : la case n’était pas cochée" in page


def test_nothing_of_who_sends_it_is_kept(client, answer, admin_user):
    client.force_login(admin_user)
    response = client.post(
        answer["competence"],
        {"quoi": "not-shown", "commentaire": COMMENT, "accord": "1"},
        headers={"user-agent": "Navigateur-repère"},
        REMOTE_ADDR="203.0.113.9",
    )
    kept = str(list(MatchReport.objects.values()))
    for trace in ("Navigateur-repère", "203.0.113.9", admin_user.username, client.session.session_key):
        assert trace not in kept
    assert only().reviewer is None
    assert not response.cookies


def test_with_the_box_it_is_kept_until_a_day_and_can_be_taken_back(client, answer, caplog):
    with caplog.at_level(logging.DEBUG):
        response = send(client, answer["competence"], commentaire=COMMENT, passage=PASSAGE, accord="1")
    report = only()
    assert (report.comment, report.passage) == (COMMENT, PASSAGE)
    assert report.text_until == report.day + dt.timedelta(days=KEPT_DAYS)
    assert "Repère" not in caplog.text
    page = client.get(response["Location"])
    assert "no-store" in page["Cache-Control"]
    html = page.content.decode()
    assert "Votre texte est conservé jusqu’au" in html
    assert "Repère" not in html
    erased = client.post(response["Location"])
    assert "Votre texte est effacé" in client.get(erased["Location"]).content.decode()
    report.refresh_from_db()
    assert (report.comment, report.passage, report.withdrawal_hash) == ("", "", "")
    assert report.skill_code == "bioreactor-operation"
    for method in (client.get, client.post):
        gone = method(response["Location"])
        assert (gone.status_code, "il a été effacé" in gone.content.decode()) == (404, True)


def test_an_invented_address_erases_nothing(client, answer):
    send(client, answer["competence"], commentaire=COMMENT, accord="1")
    assert client.post(reverse("match_report_sent", args=["a" * 43])).status_code == 404
    client.post(reverse("match_report_sent"))
    assert only().has_words


# --- What is refused


@pytest.mark.parametrize(
    ("name", "fields", "field", "words"),
    [
        ("competence", {"quoi": ""}, "quoi", "Choisissez ce qui ne va pas."),
        ("competence", {"quoi": "job-too-high"}, "quoi", "Choisissez ce qui ne va pas."),
        ("competence", {"quoi": "wrong-level"}, "niveau_juste", "Choisissez le niveau qui serait juste."),
        ("competence", {"quoi": "wrong-level", "niveau_juste": "9"}, "niveau_juste", "Choisissez le niveau"),
        ("competence", {"quoi": "wrong-level", "niveau_juste": "3"}, "niveau_juste", "le niveau montré"),
        ("metier", {"quoi": "requirement-unseen"}, "concerne", "Choisissez la compétence concernée."),
        ("metier", {"quoi": "requirement-unseen", "concerne": "x"}, "concerne", "Choisissez la compétence"),
        ("v", {"quoi": "missed", "concerne": "x\x00"}, "concerne", "Choisissez la compétence concernée."),
        ("v", {"quoi": "missed"}, "commentaire", "Dites ce qui ne va pas"),
        ("competence", {"quoi": "other"}, "commentaire", "Dites ce qui ne va pas"),
        ("competence", {"quoi": "other", "commentaire": "Bof"}, "accord", "cochez la case"),
        (
            "competence",
            {"commentaire": "x" * (LONGEST_COMMENT + 1), "accord": "1"},
            "commentaire",
            "trop long",
        ),
        ("competence", {"passage": "x" * (LONGEST_PASSAGE + 1), "accord": "1"}, "passage", "trop long"),
        ("competence", {"passage": "a\x00b", "accord": "1"}, "passage", "illisibles"),
        ("competence", {"passage": "a\x1b[2Jb", "accord": "1"}, "passage", "illisibles"),
        ("competence", {"commentaire": "a\u202eb", "accord": "1"}, "commentaire", "illisibles"),
        ("competence", {"commentaire": "marie@example.org", "accord": "1"}, "commentaire", "une adresse"),
        ("competence", {"passage": "Au 06 12 34 56 78", "accord": "1"}, "passage", "un numéro"),
    ],
)
def test_what_cannot_be_used_is_refused_with_words_and_stays_in_the_form(
    client, answer, name, fields, field, words
):
    response = client.post(answer[name], {"quoi": "not-shown", **fields})
    assert response.status_code == 400
    html = response.content.decode()
    assert words in unescape(html)
    assert re.search(rf'class="error-summary".*href="#{field}"', html, re.DOTALL)
    assert f'id="{field}"' in html
    for typed in ("commentaire", "passage"):
        if fields.get(typed, "").isprintable():
            assert fields.get(typed, "") in html
    assert not MatchReport.objects.exists()


def test_line_ends_of_a_browser_are_kept_as_one(client, answer):
    send(client, answer["competence"], passage="Un.\r\n\tDeux.", accord="1")
    assert only().passage == "Un.\n\tDeux."


def test_markup_is_escaped(client, answer):
    fields = {"quoi": "wrong-level", "commentaire": "<script>alert(1)</script>", "accord": "1"}
    assert "<script>alert" not in client.post(answer["competence"], fields).content.decode()


def test_programs_are_thanked_and_not_kept(client, answer):
    response = send(client, answer["competence"], site="https://spam.example")
    assert (response.status_code, response["Location"]) == (302, reverse("match_report_sent"))
    assert not MatchReport.objects.exists()


def test_too_many_reports_of_a_day_are_put_off_and_what_was_typed_stays(client, answer, monkeypatch):
    monkeypatch.setattr(reports, "ROWS_A_DAY", 0)
    response = send(client, answer["competence"], commentaire=COMMENT, accord="1")
    assert response.status_code == 429
    html = response.content.decode()
    assert "envoyez le vôtre demain" in html
    assert COMMENT in html


def test_a_form_from_elsewhere_is_refused(site_without_index):
    url = report_address("", skill="gmp", level=2)
    assert Client(enforce_csrf_checks=True).post(url, {"quoi": "not-shown"}).status_code == 403
    assert not MatchReport.objects.exists()
