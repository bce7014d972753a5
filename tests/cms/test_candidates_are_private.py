"""No address of the site and no list for machines leads to a candidate, whoever asks."""

import io

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.urls import reverse

from cms.management.commands.catalogue import ROWS
from skills.models import Skill
from tests.jobs.factories import make_candidate, make_skills, pseudonym

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_engine")]

SECRET, NOBODY = pseudonym(0x7F3A9C21), pseudonym(0x7F3A9C22)


@pytest.fixture
def candidate(own_index_folder):
    """Somebody who holds a skill that has a page, in a live index."""
    make_skills("hplc")
    profile = make_candidate(0x7F3A9C21, ("hplc", 3))
    call_command("search_index", "rebuild", stdout=io.StringIO(), stderr=io.StringIO())
    return profile


@pytest.mark.parametrize(
    "address",
    [
        "/recherche/?q=Compétence hplc",
        "/recherche/suggestions/?q=candidat",
        "/recherche/suggestions/?q=hplc&parmi=candidats",
        "/formations/?q=hplc&besoin=vacancy",
        "/besoins/",
        "/competences/hplc/",
        "/competences/hplc.jsonld",
        "/referentiel/",
        "/referentiel.json",
        "/sitemap.xml",
        "/sante/",
        "/sources/",
    ],
)
def test_a_public_page_names_no_candidate(candidate, client, address):
    assert "candidat-" not in shown(client, address)


@pytest.mark.parametrize(
    "address", ["/recherche/?q={}", "/en/search/?q={}", "/recherche/suggestions/?q={}", "/formations/?q={}"]
)
def test_who_types_a_pseudonym_learns_nothing_of_it(candidate, client, address):
    """Not even whether there is such a person."""
    somebody, nobody = (shown(client, address.format(code)).replace(code, "…") for code in (SECRET, NOBODY))
    assert somebody == nobody


def shown(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return (b"".join(response) if response.streaming else response.content).decode()


@pytest.mark.parametrize("address", [f"/candidats/{SECRET}/", f"/candidates/{SECRET}/", f"/{SECRET}/"])
def test_there_is_no_page_of_a_candidate(candidate, client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("kind", ROWS)
def test_no_list_for_machines_names_a_candidate(candidate, kind, capsys):
    call_command("catalogue", kind, "--json")
    for code in (SECRET, "hplc"):
        call_command("search", code, "--in", kind, "--all", "--json")
        call_command("search", code, "--in", kind, "--suggest", "--json")
    assert "candidat-" not in capsys.readouterr().out


def test_the_admin_of_a_skill_names_nobody_who_holds_it(candidate, client):
    client.force_login(get_user_model().objects.create_superuser("admin", password="x"))
    skill = Skill.objects.get(code="hplc")
    for view in ("edit", "usage"):
        assert "candidat" not in shown(client, reverse(f"admin_skills:{view}", args=[skill.pk]))
