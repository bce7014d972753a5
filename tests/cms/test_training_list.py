"""The training list near a place and in an order: its form, its links, its refusals."""

import re

import pytest

from skills.models import Commune
from tests.cms.factories import make_training, rebuild_index
from tests.skills.factories import CommuneFactory
from training.models import TrainingAction, TrainingSession

SORTS = ["pertinence", "date", "prix", "distance"]


@pytest.fixture
def many(public_site):
    """Forty trainings in Villeurbanne, and one in Grenoble that costs nothing."""
    for number in range(2, 41):
        make_training(f"bioreacteur-{number}", [])
    grenoble = CommuneFactory(
        insee_code="38185", name="Grenoble", name_key="grenoble", latitude=45.19, longitude=5.72
    )
    TrainingAction.objects.filter(training=make_training("grenoble", [])).update(
        commune=grenoble, latitude=45.19, longitude=5.72, price_eur=0
    )
    rebuild_index()


def html_of(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def sort_options(html: str) -> dict[str, bool]:
    """Whether each order offered is the one chosen."""
    select = re.search(r'<select id="tri" name="tri">(.*?)</select>', html, re.DOTALL)[1]
    return {value: bool(chosen) for value, chosen in re.findall(r'value="(\w+)"( selected)?', select)}


def cards(html: str) -> list[str]:
    return re.findall(r'class="title"><a href="/formations/([^/]+)/"', html)


def test_the_form_offers_a_place_and_orders(client, public_site):
    html = html_of(client, "/formations/")
    assert '<label for="tri">' in html
    assert '<label for="lieu">' in html
    assert re.search(r'id="rayon" name="rayon" value="50"', html)
    assert sort_options(html) == {"pertinence": True, "date": False, "prix": False}
    html = html_of(client, "/formations/?lieu=Villeurbanne&rayon=20&tri=distance")
    assert list(sort_options(html)) == SORTS
    assert sort_options(html)["distance"]
    assert re.search(r'id="lieu" name="lieu" value="Villeurbanne"', html)
    assert re.search(r'id="rayon" name="rayon" value="20"', html)
    assert "Filtres (1 actif)" in html


def test_place_and_order_are_kept_from_page_to_page(client, many):
    query = "lieu=Grenoble&rayon=200&tri=prix"
    first = html_of(client, f"/formations/?{query}")
    links = re.findall(r'<a href="(\?[^"]*page=\d+)"', first)
    assert links
    for link in links:
        for pair in query.split("&"):
            assert pair in link
    pages = [first, *(html_of(client, f"/formations/?{query}&page={page}") for page in (2, 3))]
    listed = [code for page in pages for code in cards(page)]
    assert listed[0] == "grenoble"
    assert len(listed) == len(set(listed)) == 41
    assert 'href="/formations/?tri=prix"' in first  # without filters


def test_cards_say_how_far(client, many):
    html = html_of(client, "/formations/?lieu=Grenoble&rayon=200&tri=distance")
    assert cards(html)[0] == "grenoble"
    assert "(au plus près : 0 km)" in html
    assert re.search(r"\(au plus près : 9\d km\)", html)
    assert "au plus près" not in html_of(client, "/formations/")
    assert cards(html_of(client, "/formations/?lieu=Grenoble")) == ["grenoble"]


def test_what_has_ended_is_no_place_near(client, public_site):
    TrainingSession.objects.filter(is_permanent_entry=True).delete()
    action = TrainingAction.objects.create(
        training=public_site.training, commune=CommuneFactory(), latitude=48.86, longitude=2.35
    )
    TrainingSession.objects.create(action=action, starts_on="2020-01-01")
    paris = CommuneFactory(insee_code="75056", name="Paris", name_key="paris", latitude=48.86, longitude=2.35)
    rebuild_index()
    assert cards(html_of(client, f"/formations/?lieu={paris.name}&rayon=20")) == []
    assert re.search(r"au plus près : 39\d km", html_of(client, f"/formations/?lieu={paris.name}&rayon=900"))


def test_without_a_place_there_is_no_order_by_distance_and_the_list_says_so(client, public_site):
    html = html_of(client, "/formations/?lieu=&rayon=50&tri=distance")
    assert "pas de tri par distance" in html
    assert sort_options(html)["pertinence"]
    assert "pas de tri par distance" not in html_of(client, "/formations/?lieu=Villeurbanne&tri=distance")


def test_what_cannot_be_served_is_refused_with_words(client, public_site):
    Commune.objects.create(
        insee_code="01001",
        name="Nullepart",
        name_key="nullepart",
        department_code="01",
        region=Commune.objects.first().region,
    )
    for query, words in (
        ("tri=alphabet", "Tri inconnu : « alphabet »"),
        ("tri=price", "pertinence, date, prix, distance"),
        ("lieu=Villeurbaine", "Vouliez-vous dire Villeurbanne (69)"),
        ("lieu=Nullepart", "On ne sait pas où se trouve Nullepart (01)"),
        ("lieu=%00", "Lieu introuvable"),
        ("lieu=Villeurbanne&rayon=loin", "« loin » n&#x27;est pas un nombre"),
        ("lieu=Villeurbanne&lieu=Lyon", "une seule valeur"),
    ):
        response = client.get(f"/formations/?{query}")
        html = response.content.decode()
        assert response.status_code == 400, query
        assert words in html, query
        assert 'id="resultats"' in html  # where htmx puts the refusal


def test_without_an_index_there_is_neither_place_nor_order(client, site_without_index):
    html = html_of(client, "/formations/?lieu=Villeurbanne&tri=distance")
    assert 'id="tri"' not in html
    assert 'id="lieu"' not in html


def test_a_place_costs_a_bounded_number_of_queries(client, many, django_assert_max_num_queries):
    client.get("/formations/")
    with django_assert_max_num_queries(43):
        client.get("/formations/?lieu=Grenoble&rayon=200&tri=distance")
