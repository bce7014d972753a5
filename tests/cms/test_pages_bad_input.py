"""Bad input and missing parts: a page that says what to do, never a traceback."""

from django.db import DatabaseError, connection
from django.test import Client

TEXT_OF_200_KB = "Je prépare des milieux de culture. " * 6_000


BAD_ADDRESSES = [
    ("/formations/?region=lune", 400, "lune"),
    ("/formations/?modalite=telepathie", 400, "telepathie"),
    ("/formations/?duree_max=beaucoup", 400, "beaucoup"),
    ("/formations/?debut_apres=demain", 400, "demain"),
    ("/formations/?page=abc", 400, "numéro de page"),
    ("/formations/?page=0", 400, "numéro de page"),
    ("/formations/?page=-1", 400, "numéro de page"),
    ("/formations/?page=99999999999999", 400, "numéro de page"),
    ("/formations/?page=%C2%B2", 400, "numéro de page"),
    ("/formations/?page=7", 400, "pas de page 7"),
    ("/formations/?q=" + "a" * 301, 400, "trop longue"),
    ("/recherche/?q=" + "a" * 301, 400, "trop longue"),
    ("/metiers/?famille=lune", 400, "lune"),
    ("/metiers/?famille=%00", 400, "Famille de métiers inconnue"),
    ("/metiers/?niveau=9", 400, "de 2 à 8"),
    ("/metiers/?niveau=bac", 400, "Niveau inconnu"),
    ("/besoins/?page=abc", 400, "numéro de page"),
    ("/besoins/?page=9", 404, "n’existe plus"),
    ("/formations/inconnue/", 404, "n’existe plus"),
    ("/besoins/inconnu/", 404, "n’existe plus"),
    ("/competences/inconnue/", 404, "n’existe plus"),
    ("/nulle-part/", 404, "n’existe plus"),
]


def test_bad_address_is_refused_with_words(client, public_site):
    for address, status, words in BAD_ADDRESSES:
        response = client.get(address)
        assert response.status_code == status, address
        html = response.content.decode()
        assert words in html, address
        assert '<meta name="robots" content="noindex">' in html


def test_refusals_speak_english_too(client, public_site):
    html = client.get("/en/trainings/?page=abc").content.decode()
    assert "The page number must be" in html
    html = client.get("/en/trainings/?region=lune").content.decode()
    assert '<p lang="fr">' in html
    assert "Page not found" in client.get("/en/nowhere/").content.decode()


def test_any_query_is_answered(client, public_site):
    for text in (
        "",
        "   ",
        "\x00",
        "😀",
        "\"' OR 1=1 --",
        "<script>alert(1)</script>",
        "+-&|!(){}[]^~*?:\\/",
    ):
        for address in ("/formations/", "/recherche/"):
            response = client.get(address, {"q": text})
            assert response.status_code == 200, text
            assert "<script>alert" not in response.content.decode()


def test_without_index_the_list_still_answers_and_says_so(client, site_without_index):
    html = client.get("/formations/?q=bioréacteur").content.decode()
    assert "momentanément réduite" in html
    assert 'href="/formations/bioreacteur-1/"' in html
    assert 'href="/formations/bioreacteur-1/"' not in client.get("/formations/?q=soudure").content.decode()
    assert "momentanément réduite" in client.get("/recherche/?q=bpf").content.decode()


def test_without_index_programmes_come_from_the_database_and_say_so(client, site_without_index):
    for address in ("/metiers/culture/", "/besoins/besoin-1/"):
        response = client.get(address)
        assert response.status_code == 200
        html = response.content.decode()
        assert "viennent directement de la base" in html
        assert 'href="/formations/bioreacteur-1/"' in html


def test_refused_text_leaves_the_form_usable(client, public_site):
    for text in ("", "   \n", "\x00\x01\x02binaire" * 20, TEXT_OF_200_KB):
        response = client.post("/mes-competences/", {"texte": text})
        assert response.status_code == 400
        html = response.content.decode()
        assert 'class="error-summary"' in html
        assert 'href="#texte"' in html
        assert "<textarea" in html


def test_body_over_the_limit_is_refused_with_words(client, public_site, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    body = "texte=" + "a" * 2_000
    response = client.post("/mes-competences/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert "trop volumineux" in response.content.decode()


def test_wrong_place_or_distance_is_shown_beside_the_text(client, public_site):
    wrong = [
        ({"lieu": "Atlantide"}, "lieu"),
        ({"km": "50"}, "lieu"),
        ({"lieu": "Villeurbanne", "km": "7"}, "km"),
        ({"lieu": "a" * 90}, "lieu"),
    ]
    for sent, field in wrong:
        response = client.post("/mes-competences/", {"texte": "Je connais les BPF.", **sent})
        assert response.status_code == 400, sent
        html = response.content.decode()
        assert f'href="#{field}"' in html, sent
        assert "Je connais les BPF." in html


def test_health_page_tells_what_works(client, site_without_index):
    response = client.get("/sante/")
    assert response.status_code == 200
    state = response.json()
    told = {name: state[name] for name in ("database", "search_index", "semantic_search")}
    assert told == {"database": "ok", "search_index": "absent", "semantic_search": "indisponible"}
    assert state["search_engine"]["state"] == "en panne"
    assert "search_index status" in state["search_engine"]["reason"]


def test_health_page_with_an_index(client, public_site):
    assert client.get("/sante/").json()["search_index"] == "ok"


def test_health_page_is_503_only_when_the_database_is_down(client, public_site, caplog):
    def refuse(execute, sql, params, many, context):
        raise DatabaseError("down")

    with connection.execute_wrapper(refuse):
        response = client.get("/sante/")
    assert response.status_code == 503
    assert response.json()["database"] == "indisponible"


def test_missing_form_token_is_refused_in_french(public_site):
    response = Client(enforce_csrf_checks=True).post("/mes-competences/", {"texte": "BPF"})
    assert response.status_code == 403
    assert "Le formulaire n’a pas pu être vérifié" in response.content.decode()


def test_null_characters_reach_no_database(client, public_site):
    """SQLite takes them, PostgreSQL does not."""
    text = "Je connais les BPF."
    assert client.get("/mes-competences/?metier=%00").status_code == 200
    assert client.post("/mes-competences/", {"texte": text, "metier": "a\x00"}).status_code == 200
    assert client.post("/mes-competences/", {"texte": text, "lieu": "a\x00b"}).status_code == 400
