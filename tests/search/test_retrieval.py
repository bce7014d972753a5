"""Search on a real index, the same on both engines."""

import pytest

from search.errors import SearchUnavailable
from search.filters import parse_filters
from search.request import InvalidRequest, Kind, Mode, SearchRequest
from search.retrieval import search
from tests.search.factories import (
    acronyms,
    in_days,
    make_offer,
    make_region,
    make_skill,
    make_training,
)
from training.models import Diploma, Training

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_engine")]


def codes(text: str = "", kind: Kind = Kind.TRAININGS, **options) -> list[str]:
    return [result.code for result in search(SearchRequest(kind, text, limit=100, **options)).results]


def test_without_an_index_the_error_says_what_to_do():
    with pytest.raises(SearchUnavailable, match="search_index rebuild"):
        codes("bioréacteur")


@pytest.mark.parametrize(
    "text",
    [
        "bioréacteur",
        "BIOREACTEUR",
        "bioréacteurs",
        "bioréacter",
        "bioreact",
        "du bioréacteur",
        "bioreactor",
        "fermenteur",
    ],
)
def test_inflections_accents_typos_prefixes_languages_and_synonyms_find(rebuild, text):
    skill = make_skill(
        "bioreactor-operation", "Conduire un bioréacteur", "Operate a bioreactor", acronyms("fermenteur")
    )
    make_training("wanted", "Conduite de bioréacteur", (skill,))
    make_training("other", "Comptabilité analytique")
    rebuild()
    assert codes(text) == ["wanted"]


def test_acronym_expands_to_texts_that_never_use_it(rebuild):
    make_skill("tff", "Filtration tangentielle", "Tangential flow filtration", acronyms("TFF"))
    make_training("spelt-out", "Pratique de la filtration tangentielle")
    rebuild()
    assert codes("TFF") == ["spelt-out"]


def test_identifier_finds_whatever_the_words(rebuild):
    from training.models import Certification

    certification = Certification.objects.create(code="RNCP40500", title="Titre")
    training = make_training("certified", "Une formation")
    training.certifications.add(certification)
    training.save()
    make_training("bare", "Une formation RNCP sans code")
    rebuild()
    assert codes("rncp 40500") == ["certified"] == codes("40500")


def test_nonsense_abstains(rebuild):
    make_training("a", "Conduite de bioréacteur")
    rebuild()
    results = search(SearchRequest(Kind.TRAININGS, "recette de tarte aux pommes"))
    assert results.abstained
    assert results.results == ()
    assert results.total == 0


def test_drafts_are_not_found(rebuild):
    make_training("draft", "Conduite de bioréacteur", live=False)
    rebuild()
    assert codes("bioréacteur") == []


def test_what_has_ended_leaves_without_reindexing(rebuild, monkeypatch):
    make_offer(make_training("ending", "Chromatographie"), starts=-5, ends=0)
    make_offer(make_training("coming", "Chromatographie"), starts=40)
    make_training("undated", "Chromatographie")
    rebuild()
    assert set(codes("chromatographie")) == {"ending", "coming", "undated"}
    tomorrow = in_days(1)
    monkeypatch.setattr("search.retrieval.timezone.localdate", lambda: tomorrow)
    assert set(codes("chromatographie")) == {"coming", "undated"}


def test_offer_filters_hold_for_one_and_the_same_offer(rebuild):
    training = make_training("two-ways", "Lyophilisation")
    make_offer(training, starts=10, region=make_region("84"), mode="on-site", price_eur=500)
    make_offer(training, starts=100, region=make_region("53", "Bretagne"), mode="remote", price_eur=2000)
    rebuild()
    assert codes(filters={"region": ("84",), "mode": ("on-site",)}) == ["two-ways"]
    assert codes(filters={"region": ("84",), "mode": ("remote",)}) == []
    assert codes(filters={"max_price": ("600",), "mode": ("remote",)}) == []
    assert codes(filters={"starts_after": (in_days(50).isoformat(),), "region": ("84",)}) == []
    assert codes(filters={"starts_after": (in_days(50).isoformat(),), "region": ("53",)}) == ["two-ways"]


def test_true_diplomas_offers_and_demonstrations_are_told_apart(rebuild):
    make_training("offer", "Chromatographie")
    make_training("invented", "Chromatographie", is_demonstration=True)
    diploma = Diploma.objects.create(onisep_id="FOR.1", title="BTS chromatographie", acronym="BTSX")
    Training.objects.create(code="diploma", title_fr="BTS chromatographie", diploma=diploma)
    rebuild()
    for origin, code in (("provider", "offer"), ("demonstration", "invented"), ("open-data", "diploma")):
        assert codes("chromatographie", filters={"origin": (origin,)}) == [code]
    assert codes("BTSX") == ["diploma"]


def test_unknown_price_is_never_under_a_maximum(rebuild):
    make_offer(make_training("unknown-price", "Lyophilisation"), price_eur=None)
    rebuild()
    assert codes(filters={"max_price": ("99999",)}) == []


@pytest.mark.parametrize("mode", [Mode.LEXICAL, Mode.HYBRID])
def test_total_pages_and_facets_speak_of_one_set(rebuild, mode):
    region = make_region()
    for number in range(23):
        make_offer(
            make_training(f"t-{number:02}", f"Chromatographie {number}"),
            region=region,
            mode="remote" if number % 2 else "on-site",
        )
    rebuild()

    def page(offset):
        return search(
            SearchRequest(Kind.TRAININGS, "chromatographie", mode, limit=10, offset=offset, with_facets=True)
        )

    pages = [page(offset) for offset in (0, 10, 20)]
    found = [result.code for one in pages for result in one.results]
    assert len(found) == len(set(found)) == 23 == pages[0].total
    facets = {facet.name: {v.value: v.count for v in facet.values} for facet in pages[0].facets}
    assert facets["mode"] == {"on-site": 12, "remote": 11}
    assert facets["region"] == {"84": 23}


def test_facets_are_disjunctive(rebuild):
    make_offer(make_training("here", "Chromatographie"), mode="on-site")
    make_offer(make_training("away", "Chromatographie"), mode="remote")
    rebuild()
    results = search(SearchRequest(Kind.TRAININGS, filters={"mode": ("remote",)}, with_facets=True))
    mode = next(facet for facet in results.facets if facet.name == "mode")
    assert {(v.value, v.count, v.selected) for v in mode.values} == {
        ("remote", 1, True),
        ("on-site", 1, False),
    }
    assert results.total == 1


@pytest.mark.parametrize(
    "filters",
    [
        {"colour": ("red",)},
        {"mode": ("telepathy",)},
        {"region": ("999",)},
        {"max_price": ("cheap",)},
        {"max_price": ("-1",)},
        {"max_price": ("nan",)},
        {"starts_after": ("32/13/2027",)},
        {"skill": ("no-such-skill",)},
        {"max_hours": ("1", "2")},
    ],
)
def test_unknown_filters_and_values_are_refused(rebuild, filters):
    rebuild()
    with pytest.raises(InvalidRequest):
        codes(filters=filters)


def test_region_may_be_named(rebuild):
    make_region("53", "Bretagne")
    assert parse_filters(Kind.TRAININGS, {"region": "bretagne"}) == {"region": ("53",)}


@pytest.mark.parametrize("bounds", [{"limit": 0}, {"limit": 101}, {"offset": -1}, {"offset": 10**9}])
def test_absurd_pages_are_refused(bounds):
    with pytest.raises(InvalidRequest):
        SearchRequest(Kind.JOBS, **bounds)


def test_snippet_is_escaped_and_marked(rebuild):
    make_training("a", "Titre", content="La <b>chromatographie</b> & les colonnes <script>alert(1)</script>")
    rebuild()
    (result,) = search(SearchRequest(Kind.TRAININGS, "colonnes")).results
    assert "<mark>colonnes</mark>" in result.snippet
    assert "<script>" not in result.snippet
    assert "<b>" not in result.snippet


def test_wanted_skills_come_by_how_many_they_have(rebuild):
    first, second = make_skill("s1", "Un", "One"), make_skill("s2", "Deux", "Two")
    make_training("both", "A", (first, second))
    make_training("one", "B", (second,))
    make_training("none", "C")
    rebuild()
    assert codes(wanted_skills=("s1", "s2")) == ["both", "one"]


def test_without_a_model_semantic_search_says_that_it_is_lexical(rebuild):
    make_training("a", "Chromatographie")
    rebuild()
    results = search(SearchRequest(Kind.TRAININGS, "chromatographie", Mode.SEMANTIC))
    assert results.mode is Mode.LEXICAL
    assert "aucun modèle" in results.notice
    assert [result.found_by for result in results.results] == ["lexical"]


def test_a_model_that_does_not_load_degrades_and_says_so(rebuild, settings, tmp_path):
    make_training("a", "Chromatographie")
    rebuild()
    settings.EMBEDDING_MODEL = str(tmp_path / "nowhere")
    results = search(SearchRequest(Kind.TRAININGS, "chromatographie"))
    assert [result.code for result in results.results] == ["a"]
    assert results.mode is Mode.LEXICAL
    assert results.notice


def test_the_number_of_queries_does_not_grow_with_results(rebuild, django_assert_max_num_queries):
    region = make_region()
    for number in range(30):
        make_offer(make_training(f"t-{number}", "Chromatographie"), region=region)
    rebuild()
    with django_assert_max_num_queries(12):
        search(SearchRequest(Kind.TRAININGS, "chromatographie", limit=30, with_facets=True))
