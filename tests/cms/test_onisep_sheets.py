"""A job profile shows ONISEP's sheets that share a ROME code: few, nearest first, with their source, in one query."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.models import OnisepJobSheet

pytestmark = pytest.mark.django_db

ADDRESS = "/metiers/culture/"
HEADING = "Fiches Onisep proches"


def make_sheet(number: int, rome_codes: str = "H2302", **values: object) -> OnisepJobSheet:
    values = {
        "title": f"technicien/ne {number}",
        "access_level": "bac + 2",
        "domains": "agriculture, animaux/cultures",
        "url": f"https://www.onisep.fr/http/redirection/metier/slug/MET.{number}",
        **values,
    }
    return OnisepJobSheet.objects.create(onisep_id=f"MET.{number}", rome_codes=rome_codes, **values)


def shown_titles(html: str) -> list[str]:
    return re.findall(r'slug/MET\.\d+">([^<]+)</a>', html)


def test_sheets_are_shown_with_their_level_their_page_and_their_source(client, public_site):
    make_sheet(1, "H1210 H2302")
    html = client.get(ADDRESS).content.decode()
    assert HEADING in html
    assert 'href="https://www.onisep.fr/http/redirection/metier/slug/MET.1">technicien/ne 1</a>' in html
    assert "bac + 2" in html
    assert "Onisep, Idéo – licence ODbL</a>" in html
    english = client.get("/en/jobs/culture/").content.decode()
    assert '<ul class="plain-list" lang="fr">' in english
    assert "Onisep, Idéo – ODbL licence</a>" in english


def test_nothing_is_said_when_no_sheet_shares_a_code_or_it_was_withdrawn(client, public_site):
    make_sheet(1, "H1210")
    make_sheet(2, withdrawn_on=timezone.localdate())
    assert HEADING not in client.get(ADDRESS).content.decode()


def test_the_nearest_come_first_and_six_at_most(client, public_site):
    for number in range(1, 9):
        make_sheet(number)
    make_sheet(9, title="technicien/ne biologiste", domains="sciences/biologie")
    titles = shown_titles(client.get(ADDRESS).content.decode())
    assert titles == ["technicien/ne biologiste", *(f"technicien/ne {number}" for number in range(1, 6))]


def test_more_sheets_cost_no_more_queries(client, public_site):
    def queries() -> int:
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as captured:
            client.get(ADDRESS)
        return sum("jobs_onisepjobsheet" in query["sql"] for query in captured)

    assert queries() == 1
    for number in range(1, 9):
        make_sheet(number)
    assert queries() == 1
