"""Reports and cases in the admin: who sees them, what a button does, and the way from a report to a case that runs."""

import datetime as dt
import json
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from cms.admin.groups import setup_groups
from matching.models import Contested, MatchCase, MatchReport, ReportState
from matching.reports import KEPT_DAYS
from people.access import EMPLOYERS_GROUP, PROVIDERS_GROUP, REFERENTIAL_EDITORS_GROUP
from people.models import OrganisationKind
from skills.models import Skill
from tests.cms import admin_factories as make

pytestmark = pytest.mark.django_db

TEXT = "Je conduis un bioréacteur de deux cents litres, seule."
LIST = "match_reports"


@pytest.fixture
def editor(client, db):
    setup_groups()
    user = make.account(REFERENTIAL_EDITORS_GROUP)
    client.force_login(user)
    return user


@pytest.fixture
def skill(editor) -> Skill:
    return make.skill("bioreactor", "Conduire un bioréacteur")


def report(kind: Contested = Contested.WRONG_LEVEL, *, words: bool = True, **values) -> MatchReport:
    day = values.pop("day", timezone.localdate())
    if words:
        until = day + dt.timedelta(days=KEPT_DAYS)
        values = {
            "comment": "Repère du commentaire",
            "passage": "Repère du passage",
            "text_until": until,
            **values,
        }
    values = {"skill_code": "bioreactor", "level_shown": 2, "level_claimed": 3, **values}
    return MatchReport.objects.create(kind=kind, day=day, language="fr", **values)


def review(one: MatchReport) -> str:
    return reverse("match_report_review", args=[one.pk])


def case_url(one: MatchReport | None = None) -> str:
    return reverse("admin_match_cases:add") + (f"?signalement={one.pk}" if one else "")


def case_form(skill: Skill, row: dict | None = None, initial: int = 0, **fields) -> dict:
    """`initial`: how many rows the form showed from the start."""
    rows = [{"id": "", "skill": skill.pk, "stance": "held", "level": "2", "quote": "", **(row or {})}]
    data = {"text": TEXT, "language": "fr", "names_nobody": "on", **fields}
    return nested_form_data({**data, "skills": inline_formset(rows, initial=initial)})


# --- Who


def test_editors_and_moderators_reach_them_and_nobody_else_does(client, skill):
    one = report()
    case = MatchCase.objects.create(text="Texte secret", names_nobody=True)
    addresses = [
        reverse(LIST),
        reverse("match_reports_results"),
        review(one),
        case_url(one),
        reverse("admin_match_cases:list"),
        reverse("admin_match_cases:edit", args=[case.pk]),
        reverse("admin_match_cases:delete", args=[case.pk]),
    ]
    for user in (make.account(REFERENTIAL_EDITORS_GROUP), make.moderator_account()):
        client.force_login(user)
        assert [client.get(url).status_code for url in addresses] == [200] * len(addresses)
        assert "1 signalement à regarder." in client.get(reverse("wagtailadmin_home")).content.decode()
    employer = make.organisation("Biotech", OrganisationKind.PHARMA_BIOTECH)
    for user in (
        make.account(PROVIDERS_GROUP, make.organisation("Institut")),
        make.account(EMPLOYERS_GROUP, employer),
    ):
        client.force_login(user)
        for url in addresses:
            for method in (client.get, client.post):
                response = method(url, {"reject": "1"})
                assert response.status_code == 302, url
                assert "Repère" not in response.content.decode()
        assert "ignalement" not in client.get(reverse("wagtailadmin_home")).content.decode()
    client.logout()
    assert all(client.get(url).status_code == 302 for url in addresses)
    one.refresh_from_db()
    assert one.state == ReportState.NEW
    assert MatchCase.objects.exists()


# --- The list


def test_the_list_tells_what_is_contested_and_never_what_was_written(client, skill):
    report()
    page = client.get(reverse(LIST)).content.decode()
    for said in ("Niveau faux", "Conduire un bioréacteur (bioreactor)", "oui", "à regarder"):
        assert said in page
    assert "Repère" not in page
    for export in ("csv", "xlsx"):
        exported = client.get(reverse(LIST), {"export": export})
        content = b"".join(exported.streaming_content) if exported.streaming else exported.content
        assert exported.status_code == 200
        assert "Repère".encode() not in content
    assert b"bioreactor" in client.get(reverse(LIST), {"export": "csv"}).getvalue()


def test_the_list_is_filtered_by_state_and_kind(client, skill):
    report(words=False)
    report(Contested.MISSED, words=False, state=ReportState.REJECTED)

    def rows(**filters) -> set[str]:
        page = client.get(reverse("match_reports_results"), filters).content.decode()
        return set(re.findall(r"(Niveau faux|Compétence oubliée)", page))

    assert rows() == {"Niveau faux", "Compétence oubliée"}
    assert rows(state="new") == {"Niveau faux"}
    assert rows(kind="missed") == {"Compétence oubliée"}
    assert rows(state="new", kind="missed") == set()
    assert f"{reverse(LIST)}?state=new" in client.get(reverse("wagtailadmin_home")).content.decode()


def test_more_reports_cost_no_more_queries(client, skill):
    make.job_profile("culture", "Technicien de culture", skill)
    make.training(make.organisation("Institut"), "Conduire", code="conduire", live=True)
    codes = {"job_code": "culture", "training_code": "conduire"}
    report(**codes)
    client.get(reverse(LIST))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse(LIST)).content.decode()
    assert "Technicien de culture (culture), Conduire (conduire)" in page
    for _number in range(9):
        report(**codes)
    with CaptureQueriesContext(connection) as more:
        client.get(reverse(LIST))
    assert len(more) == len(queries)


def test_opening_the_list_forgets_what_is_too_old(client, skill):
    old = report(day=timezone.localdate() - dt.timedelta(days=KEPT_DAYS + 1))
    client.get(review(old))
    old.refresh_from_db()
    assert not old.has_words


# --- One report


def test_a_report_shows_everything_that_is_kept(client, skill):
    one = report(referential_version="2.0+abc", formula_version="1", origin_key="rome-job:H2303")
    page = client.get(review(one)).content.decode()
    for said in (
        "Conduire un bioréacteur (bioreactor)",
        "Maîtrise",
        "rome-job:H2303",
        "Repère du commentaire",
        "Repère du passage",
        "2.0+abc",
        "la même",
        "inconnue",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("button", "state"),
    [("accept", ReportState.ACCEPTED), ("reject", ReportState.REJECTED), ("reopen", ReportState.NEW)],
)
def test_a_button_judges_and_keeps_who_when_and_why(client, editor, skill, button, state):
    one = report(state=ReportState.REJECTED if button == "reopen" else ReportState.NEW)
    client.post(review(one), {button: "1", "note": "  Vu avec l'équipe.\x00 "})
    one.refresh_from_db()
    assert (one.state, one.reviewer, one.note) == (state, editor, "Vu avec l'équipe.")
    assert one.reviewed_at is not None
    assert one.has_words


def test_an_editor_erases_what_should_not_have_been_written(client, skill):
    one = report()
    page = client.post(review(one), {"erase": "1"}, follow=True).content.decode()
    assert "Le texte de la personne est effacé." in page
    assert "Repère" not in page
    one.refresh_from_db()
    assert (one.state, one.text_until) == (ReportState.NEW, None)


def test_a_post_without_a_known_button_does_nothing(client, skill):
    one = report()
    assert client.post(review(one), {"note": "x"}).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.note) == (ReportState.NEW, "")


# --- From a report to a case


@pytest.mark.parametrize(
    ("kind", "stance", "level"),
    [
        (Contested.WRONG_LEVEL, "held", "3"),
        (Contested.MISSED, "held", "3"),
        (Contested.NOT_SHOWN, "absent", ""),
        (Contested.REQUIREMENT_GRANTED, "absent", ""),
    ],
)
def test_the_form_starts_from_what_the_person_agreed_to_leave(client, skill, kind, stance, level):
    page = client.get(case_url(report(kind))).content.decode()
    assert "Repère du passage" in page
    assert "Repère du commentaire" not in page
    row = re.search(
        r'name="skills-0-stance".*?</select>.*?name="skills-0-level".*?</select>', page, re.DOTALL
    )[0]
    chosen = re.findall(r'<option value="([^"]*)" selected', row)
    assert chosen == [stance, level]
    assert f'name="skills-0-skill" value="{skill.pk}"' in page


def test_without_consent_the_form_starts_empty(client, skill):
    page = client.get(case_url(report(words=False))).content.decode()
    assert re.search(r'<textarea name="text"[^>]*>\s*</textarea>', page)


@pytest.mark.parametrize("key", ["", "abc", "00000000-0000-4000-8000-000000000000", "%00"])
def test_an_unknown_report_is_ignored(client, skill, key):
    url = f"{reverse('admin_match_cases:add')}?signalement={key}"
    assert client.get(url).status_code == 200
    client.post(url, case_form(skill))
    assert MatchCase.objects.get().report is None


def test_a_report_becomes_a_case_that_runs(client, editor, skill, capsys):
    one = report()
    form = case_form(skill, row={"level": "3", "quote": "Je conduis un bioréacteur"}, initial=1)
    page = client.post(case_url(one), form, follow=True).content.decode()
    assert "Ce cas échoue" in page
    assert "trouvée au niveau 2 au lieu de 3" in page
    case = MatchCase.objects.get()
    assert (case.report, case.text, case.language) == (one, TEXT, "fr")
    (row,) = case.skills.all()
    assert (row.skill, row.stance, row.level, row.quote) == (skill, "held", 3, "Je conduis un bioréacteur")
    one.refresh_from_db()
    assert (one.state, one.reviewer) == (ReportState.CASE, editor)
    assert str(case) in client.get(review(one)).content.decode()
    with pytest.raises(SystemExit) as stopped:
        call_command("match_cases", "--json")
    assert stopped.value.code == 1
    assert json.loads(capsys.readouterr().out)["id"] == str(case)


def test_a_case_that_passes_says_so(client, skill):
    page = client.post(case_url(), case_form(skill), follow=True).content.decode()
    assert "Ce cas réussit." in page
    listing = client.get(reverse("admin_match_cases:list")).content.decode()
    assert "Conduire un bioréacteur : montrée" in listing


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"names_nobody": ""}, "Relisez le texte et cochez cette case"),
        ({"text": "Écrivez à marie@example.org"}, "une adresse ou un numéro"),
        ({"text": "x" * 5_001}, "5000"),
        ({"row": {"level": ""}}, "Donnez le niveau que le texte montre."),
        ({"row": {"quote": "autre texte"}}, "n&#x27;est pas dans le texte"),
        ({"row": {"skill": ""}}, "Champ requis."),
    ],
)
def test_a_case_that_cannot_be_used_is_refused_with_words(client, skill, fields, words):
    one = report()
    page = client.post(case_url(one), case_form(skill, **fields)).content.decode()
    assert words in page.replace("\u202f", "").replace("\xa0", "")
    assert not MatchCase.objects.exists()
    one.refresh_from_db()
    assert one.state == ReportState.NEW


def test_a_case_names_a_skill_once_and_one_at_least(client, skill):
    row = {"skill": skill.pk, "stance": "held", "level": "2", "quote": ""}
    data = {"text": TEXT, "language": "fr", "names_nobody": "on"}
    twice = nested_form_data({**data, "skills": inline_formset([row, row])})
    assert "est déjà donné plus haut" in client.post(case_url(), twice).content.decode()
    none = nested_form_data({**data, "skills": inline_formset([])})
    client.post(case_url(), none)
    assert not MatchCase.objects.exists()


def test_the_history_of_the_admin_keeps_no_text_of_a_case(client, skill):
    client.post(case_url(), case_form(skill))
    case = MatchCase.objects.get()
    client.post(reverse("admin_match_cases:delete", args=[case.pk]))
    assert not MatchCase.objects.exists()
    entries = str(list(ModelLogEntry.objects.values()))
    assert "bioréacteur de deux cents" not in entries
    assert ModelLogEntry.objects.exists()


def test_a_case_outlives_its_report(client, skill):
    one = report()
    client.post(case_url(one), case_form(skill))
    one.delete()
    case = MatchCase.objects.get()
    assert case.report is None
    assert client.get(reverse("admin_match_cases:edit", args=[case.pk])).status_code == 200
