"""The options that the search boxes of the site show to who types."""

import logging
import re
import shutil

import pytest
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override

from search.engines import engine
from search.errors import EngineTimeout
from search.models import UnknownTerm

ADDRESS = "/recherche/suggestions/"
BOXES = {"/": "hero-q", "/recherche/": "site-q", "/formations/": "q", "/nulle-part/": "not-found-q"}


def options(client, address: str = ADDRESS, **asked: str) -> list[str]:
    response = client.get(address, asked)
    assert response.status_code == 200, asked
    return re.findall(r'<option value="([^"]*)"', response.content.decode())


def test_options_of_every_kind_jobs_first(client, public_site):
    assert options(client, q="cult") == ["Technicien de culture cellulaire"]
    assert options(client, q="conduire un bio") == [
        "Conduire un bioréacteur bioreacteur-1",
        "Conduire un bioréacteur",
    ]


def test_the_training_list_suggests_trainings_alone(client, public_site):
    assert options(client, q="conduire un bio", parmi="formations") == [
        "Conduire un bioréacteur bioreacteur-1"
    ]
    assert options(client, q="conduire un bio", parmi="lune") == options(client, q="conduire un bio")


def test_an_option_says_what_was_typed_so_that_browsers_show_it(client, public_site):
    """A browser hides the options that do not have the letters typed."""
    html = client.get(ADDRESS, {"q": "bpf"}).content.decode()
    assert (
        '<option value="Bonnes pratiques de fabrication" label="bpf : Bonnes pratiques de fabrication">'
        in html
    )
    html = client.get(ADDRESS, {"q": "conduire un bioreac"}).content.decode()
    assert 'label="conduire un bioreac : Conduire un bioréacteur"' in html
    assert "label=" not in client.get(ADDRESS, {"q": "Conduire un bioréac"}).content.decode()


def test_english_has_its_own_address_and_names(client, public_site):
    with override("en"):
        address = reverse("suggestions")
    assert address == "/en/search/suggestions/"
    assert options(client, address, q="good man") == ["Good manufacturing practice"]
    html = client.get(address, {"q": "conduire un bioréacteur bio"}).content.decode()
    assert '<option value="Conduire un bioréacteur bioreacteur-1" lang="fr">' in html


def test_what_is_typed_is_escaped(client, public_site):
    typed = '"><'
    html = client.get(ADDRESS, {"q": f"bpf{typed}"}).content.decode()
    assert f"bpf{typed}" not in html
    assert f'label="bpf{escape(typed)} : ' in html


@pytest.mark.parametrize("text", ["", " ", "b", "\x00", "😀", "a" * 5_000, "\"' OR 1=1 --", "*:*"])
def test_bad_input_gets_no_option(client, public_site, text):
    assert options(client, q=text) == []


def test_half_characters_get_no_option(client, public_site):
    assert client.get(f"{ADDRESS}?q=%ED%A0%80bpf%FF").status_code == 200


def test_it_is_kept_by_no_shared_cache_and_in_no_search_engine(client, public_site):
    response = client.get(ADDRESS, {"q": "bpf"})
    assert response["Cache-Control"] == "private, max-age=60"
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /recherche/" in robots
    assert "Disallow: /en/search/" in robots


def test_nothing_typed_is_stored_or_logged(client, public_site, django_assert_num_queries, caplog, settings):
    with caplog.at_level(logging.DEBUG, logger="search"), django_assert_num_queries(0):
        client.get(ADDRESS, {"q": "motinconnudetous"})
    assert "motinconnudetous" not in caplog.text
    assert not UnknownTerm.objects.exists()


def test_only_reading_is_allowed(client, public_site):
    assert client.post(ADDRESS, {"q": "bpf"}).status_code == 405


def test_the_standby_index_answers_then_nobody(client, distant):
    distant.error = EngineTimeout("muet")
    assert options(client, q="bpf") == ["Bonnes pratiques de fabrication"]
    shutil.rmtree(engine("embedded").folder)
    assert options(client, q="bpf") == []


def test_every_search_box_has_its_list(client, public_site):
    for address, box in BOXES.items():
        html = client.get(address).content.decode()
        for one in {box, "header-q"}:
            assert (
                html.count(f'<label class="visually-hidden" for="{one}"') + html.count(f'<label for="{one}"')
                == 1
            ), address
            assert html.count(f'list="{one}-suggestions"') == 1, address
            assert html.count(f'<datalist id="{one}-suggestions"></datalist>') == 1, address
    assert 'hx-get="/recherche/suggestions/?parmi=formations"' in client.get("/formations/").content.decode()
    assert 'hx-get="/en/search/suggestions/"' in client.get("/en/").content.decode()


def test_a_box_keeps_what_was_searched(client, public_site):
    html = client.get("/formations/", {"q": 'a"b'}).content.decode()
    assert 'id="q" name="q" value="a&quot;b" maxlength="300"' in html
    assert 'aria-describedby="q-aide"' in html
