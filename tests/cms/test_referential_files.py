"""The referential as files: negotiated, at their own addresses, conditional, conforming, without drafts."""

import csv
import io
import json

import pytest
from django.utils.http import http_date
from rdflib import OWL, RDF, SKOS, Graph, URIRef

from cms import referential_exports
from skills.exports.skos import violations
from skills.models import AcronymSense, Domain, Skill, SkillLabel, SkillLevel, SkillStatus
from skills.shipped_history import shipped_scheme
from tests.cms.referential_factories import make_referential, write_history

# rdflib's own reader of JSON-LD uses a class that it deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

BASE = "https://biofiliere.example/referentiel/"
SKILL = "/competences/skill-skill/"
SUFFIXES = ("ttl", "jsonld", "csv", "json")
READERS = {"text/turtle": "turtle", "application/ld+json": "json-ld"}


@pytest.fixture
def found(site_without_index):
    return make_referential()


def graph_of(response) -> Graph:
    media_type = response["Content-Type"].partition(";")[0]
    return Graph().parse(data=response.content, format=READERS[media_type])


# --- One concept
@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
        ("", "text/html"),
        ("n'importe quoi", "text/html"),
        ("application/json", "text/html"),  # offered for the whole only
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("text/turtle;q=0.3, application/ld+json;q=0.9, text/html;q=0.5", "application/ld+json"),
    ],
)
@pytest.mark.parametrize("address", [SKILL, "/en/skills/skill-skill/"])
def test_one_address_has_every_form(client, found, accept, media_type, address):
    response = client.get(address, headers={"accept": accept})
    assert response.status_code == 200
    assert response["Content-Type"].partition(";")[0] == media_type
    assert "Accept" in response["Vary"].replace(" ", "").split(",")
    links = response["Link"]
    forms = {
        "text/html": f'<{SKILL}>; rel="alternate"; type="text/html"',
        "text/turtle": '</competences/skill-skill.ttl>; rel="alternate"; type="text/turtle"',
        "application/ld+json": '</competences/skill-skill.jsonld>; rel="alternate"; type="application/ld+json"',
    }
    told = {form for form, link in forms.items() if link.replace(SKILL, address) in links}
    assert told == forms.keys() - {media_type}
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in links


def test_nothing_suits_a_client_that_excludes_the_page(client, found):
    response = client.get(SKILL, headers={"accept": "text/html;q=0, image/png"})
    assert response.status_code == 406
    assert "text/turtle" in response.content.decode()
    assert "Accept" in response["Vary"]


def test_the_page_names_its_files(client, found):
    html = client.get(SKILL).content.decode()
    for suffix, media_type in (("ttl", "text/turtle"), ("jsonld", "application/ld+json")):
        assert f'<link rel="alternate" type="{media_type}" href="/competences/skill-skill.{suffix}"' in html
        assert f'<a href="/competences/skill-skill.{suffix}"' in html


@pytest.mark.parametrize("code", ["skill-skill", "wider-skill", "retired-skill"])
@pytest.mark.parametrize("suffix", ["ttl", "jsonld"])
def test_a_concept_conforms_to_the_shapes(client, found, code, suffix):
    graph = graph_of(client.get(f"/competences/{code}.{suffix}"))
    assert violations(graph) == []
    assert list(graph.subjects(RDF.type, SKOS.Concept)) == [URIRef(BASE + code)]


def test_a_concept_tells_its_links_but_those_to_drafts(client, found):
    graph = graph_of(client.get("/competences/skill-skill.ttl"))
    uri = URIRef(f"{BASE}skill-skill")
    assert set(graph.objects(uri, SKOS.broader)) == {URIRef(f"{BASE}wider-skill")}
    assert set(graph.objects(uri, SKOS.related)) == {URIRef(f"{BASE}neighbour-skill")}


def test_a_retired_concept_says_so_rather_than_pass_for_another(client, found):
    """A page can send on; a description of the new concept under the old URI would be false."""
    for response in (
        client.get("/competences/retired-skill/", headers={"accept": "text/turtle"}),
        client.get("/competences/retired-skill.ttl"),
    ):
        assert response.status_code == 200
        graph = graph_of(response)
        assert graph.value(URIRef(f"{BASE}retired-skill"), OWL.deprecated).toPython() is True
        assert (
            f"{BASE}skill-skill" in response.content.decode() or "c:skill-skill" in response.content.decode()
        )


@pytest.mark.parametrize(
    "address",
    [
        "/competences/secret-skill.ttl",
        "/competences/secret-skill.jsonld",
        "/competences/inconnue.ttl",
        "/competences/skill-skill.csv",
        "/competences/skill-skill.html",
        "/referentiel.xml",
    ],
)
def test_what_is_not_public_or_not_offered_is_not_found(client, found, address):
    for headers in ({}, {"if-none-match": "*"}):
        assert client.get(address, headers=headers).status_code == 404
    assert client.get("/competences/secret-skill/", headers={"accept": "text/turtle"}).status_code == 404


def test_a_concept_costs_what_it_costs(client, found, django_assert_num_queries):
    client.get("/competences/skill-skill.ttl")
    with django_assert_num_queries(8):
        client.get("/competences/skill-skill.ttl")


def test_uris_of_the_scheme_lead_to_what_they_name(client, found):
    for address, location in (
        ("/referentiel/skill-skill", SKILL),
        ("/referentiel/domain/upstream", "/referentiel/#upstream"),
        ("/referentiel/terms", "/referentiel/#termes"),
    ):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (303, location)
    response = client.get("/referentiel/skill-skill", headers={"accept": "text/turtle"}, follow=True)
    assert response["Content-Type"] == "text/turtle; charset=utf-8"


# --- The whole
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_whole_can_be_downloaded(client, found, suffix):
    response = client.get(f"/referentiel.{suffix}")
    assert response.status_code == 200
    assert (
        response["Content-Disposition"]
        == f'attachment; filename="referentiel-{shipped_scheme().version}.{suffix}"'
    )
    assert response["Access-Control-Allow-Origin"] == "*"
    text = response.content.decode()
    assert "Savoir skill" in text
    assert "secret" not in text.lower()


@pytest.mark.parametrize("suffix", ["ttl", "jsonld"])
def test_the_whole_conforms_to_the_shapes(client, found, suffix):
    graph = graph_of(client.get(f"/referentiel.{suffix}"))
    assert violations(graph) == []
    codes = {
        str(notation)
        for uri in graph.subjects(RDF.type, SKOS.Concept)
        for notation in graph.objects(uri, SKOS.notation)
    }
    assert codes >= {"skill-skill", "wider-skill", "narrower-skill", "neighbour-skill", "retired-skill"}


def test_the_whole_keeps_retired_skills_and_says_so(client, found):
    rows = {
        row["code"]: row
        for row in csv.DictReader(io.StringIO(client.get("/referentiel.csv").content.decode()))
    }
    assert (rows["retired-skill"]["status"], rows["retired-skill"]["replaced_by"]) == (
        "deprecated",
        "skill-skill",
    )
    assert rows["skill-skill"]["broader"] == "wider-skill"
    said = json.loads(client.get("/referentiel.json").content)
    assert said["version"] == shipped_scheme().version
    (retired,) = (one for one in said["skills"] if one["code"] == "retired-skill")
    assert (retired["status"], retired["replaced_by"]) == ("deprecated", "skill-skill")


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("text/csv", "text/csv"),
        ("application/json", "application/json"),
        ("*/*", "text/html"),
    ],
)
def test_the_page_of_the_whole_has_every_form_too(client, found, accept, media_type):
    response = client.get("/referentiel/", headers={"accept": accept})
    assert response["Content-Type"].partition(";")[0] == media_type
    assert "Accept" in response["Vary"]
    assert "Content-Disposition" not in response


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_second_download_reads_and_builds_nothing(
    client, found, suffix, monkeypatch, django_assert_num_queries
):
    first = client.get(f"/referentiel.{suffix}")
    monkeypatch.setattr(referential_exports, "public_referential", None)
    with django_assert_num_queries(1):
        again = client.get(f"/referentiel.{suffix}")
    assert again.content == first.content
    with django_assert_num_queries(1):
        kept = client.get(f"/referentiel.{suffix}", headers={"if-none-match": first["ETag"]})
    assert (kept.status_code, kept.content) == (304, b"")
    assert kept["ETag"] == first["ETag"]
    dated = client.get(f"/referentiel.{suffix}", headers={"if-modified-since": first["Last-Modified"]})
    assert dated.status_code == 304
    assert (
        client.get(f"/referentiel.{suffix}", headers={"if-modified-since": http_date(0)}).status_code == 200
    )


CHANGES = {
    "a label": lambda found: SkillLabel.objects.create(skill=found.skill, kind="acronym", text="NOUVEAU"),
    "a level": lambda found: SkillLevel.objects.create(
        skill=found.skill, level=1, descriptor_fr="NOUVEAU", descriptor_en="NEW"
    ),
    "a domain": lambda found: _save(Domain.objects.get(code="upstream"), label_fr="NOUVEAU"),
    "a sense": lambda found: AcronymSense.objects.create(
        acronym="SFE", meaning_fr="NOUVEAU", meaning_en="New"
    ),
    "a definition": lambda found: _save(Skill.objects.get(code="wider-skill"), definition_fr="NOUVEAU"),
    "a publication": lambda found: _save(
        Skill.objects.get(code="secret-skill"), live=True, label_fr="NOUVEAU"
    ),
}


def _save(row, **values) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_makes_a_new_file(client, found, change):
    before = client.get("/referentiel.json")
    assert "NOUVEAU" not in before.content.decode()
    change(found)
    after = client.get("/referentiel.json", headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert "NOUVEAU" in after.content.decode()
    assert after["ETag"] != before["ETag"]


def test_a_deleted_row_and_a_retirement_make_a_new_file(client, found):
    first = client.get("/referentiel.json")["ETag"]
    SkillLevel.objects.all().delete()
    second = client.get("/referentiel.json")["ETag"]
    _save(found.neighbour, status=SkillStatus.DEPRECATED, replaced_by=found.skill)
    assert len({first, second, client.get("/referentiel.json")["ETag"]}) == 3


def test_the_changelog_is_part_of_the_files(client, found, settings, tmp_path):
    before = client.get("/competences/skill-skill.ttl")
    settings.REFERENTIAL_DIR = write_history(
        tmp_path / "files",
        """\
releases:
  - version: 1.1.0
    date: "2026-11-25"
    note: Deuxième version.
    added: [neighbour-skill]
    changed: [{code: skill-skill, note: Définition précisée.}, {code: secret-skill, note: Chut.}]
""",
    )
    assert shipped_scheme().version == "1.1.0"
    after = client.get("/competences/skill-skill.ttl", headers={"if-none-match": before["ETag"]})
    assert "1.1.0 : Définition précisée." in after.content.decode()
    assert "Chut" not in client.get("/referentiel.ttl").content.decode()


def test_an_empty_referential_still_answers(client, db):
    for suffix in SUFFIXES:
        assert client.get(f"/referentiel.{suffix}").status_code == 200
    assert violations(graph_of(client.get("/referentiel.ttl"))) == []
