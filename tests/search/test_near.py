"""The filter by place, on a real index."""

import pytest
from django.http import QueryDict

from search.filters import clauses, parse_filters
from search.request import InvalidRequest, Kind, SearchRequest, SortKey
from search.retrieval import search
from tests.search.factories import make_offer, make_region, make_training
from tests.skills.factories import CommuneFactory, RegionFactory

pytestmark = pytest.mark.django_db

LYON, VIENNE, PARIS = (45.758, 4.835), (45.525, 4.877), (48.859, 2.347)


@pytest.fixture
def communes(db):
    """Lyon, Vienne 26 km away, Paris 390 km away, and one that stands nowhere."""
    for insee_code, name, population, point in (
        ("69123", "Lyon", 520_000, LYON),
        ("38544", "Vienne", 31_000, VIENNE),
        ("75056", "Paris", 2_100_000, PARIS),
        ("01001", "Nullepart", 10, (None, None)),
    ):
        CommuneFactory(
            insee_code=insee_code,
            name=name,
            name_key=name.lower(),
            department_code=insee_code[:2],
            population=population,
            latitude=point[0],
            longitude=point[1],
            region=RegionFactory(),
        ).postal_codes.create(code="69001" if name == "Lyon" else f"{insee_code[:2]}999")


@pytest.fixture
def catalogue(communes, rebuild):
    make_offer(make_training("lyon", "Chromatographie"), latitude=LYON[0], longitude=LYON[1], price_eur=900)
    make_offer(make_training("vienne", "Chromatographie"), latitude=VIENNE[0], longitude=VIENNE[1])
    make_offer(make_training("paris", "Chromatographie"), latitude=PARIS[0], longitude=PARIS[1])
    make_offer(make_training("anywhere", "Chromatographie"), mode="remote")
    make_offer(make_training("unknown", "Chromatographie"), region=make_region())
    make_training("no-offer", "Chromatographie")
    two = make_training("two-ways", "Chromatographie")
    make_offer(two, latitude=LYON[0], longitude=LYON[1], mode="on-site", price_eur=2000)
    make_offer(two, latitude=PARIS[0], longitude=PARIS[1], mode="mixed", price_eur=300)
    make_offer(make_training("ended", "Chromatographie"), -9, latitude=LYON[0], longitude=LYON[1])
    rebuild()


def codes(*place: str, **options) -> set[str]:
    filters = {"place": place, **options.pop("filters", {})}
    found = search(SearchRequest(Kind.TRAININGS, filters=filters, limit=100, **options))
    assert found.total == len(found.results)
    return {result.code for result in found.results}


def test_near_is_what_is_given_there_or_followed_from_anywhere(catalogue):
    assert codes("Lyon", "20") == {"lyon", "two-ways", "anywhere"}
    assert codes("Lyon") == {"lyon", "two-ways", "anywhere", "vienne"}
    assert codes("69001", "30") == codes("lyon (69)", "30") == codes("Lyon")
    assert codes("Paris", "0") == {"paris", "two-ways", "anywhere"}
    assert codes("Lyon", "1 000") == {"lyon", "two-ways", "anywhere", "vienne", "paris"}


def test_near_holds_for_the_same_offer_as_the_other_filters(catalogue):
    assert codes("Lyon", filters={"max_price": ("500",)}) == set()
    assert codes("Lyon", filters={"max_price": ("1000",)}) == {"lyon"}
    assert codes("Lyon", filters={"mode": ("mixed",)}) == set()
    assert codes("Paris", filters={"mode": ("mixed",), "max_price": ("500",)}) == {"two-ways"}


def test_facets_speak_of_what_is_near(catalogue):
    request = SearchRequest(
        Kind.TRAININGS, filters={"place": ("Lyon", "20"), "mode": ("remote",)}, with_facets=True
    )
    found = search(request)
    mode = next(facet for facet in found.facets if facet.name == "mode")
    assert found.total == 1
    assert {(value.value, value.count) for value in mode.values} == {("remote", 1), ("on-site", 2)}
    assert found.origin == LYON


def test_the_nearest_comes_first_from_the_place_of_the_filter(catalogue):
    def listed(**options):
        return [
            result.code
            for result in search(SearchRequest(Kind.TRAININGS, sort=SortKey.DISTANCE, **options)).results
        ]

    assert listed(filters={"place": ("Vienne", "500")})[:2] == ["anywhere", "vienne"]
    assert listed(filters={"place": ("Vienne", "500")})[-1] == "paris"
    everything = listed(origin=PARIS)
    assert everything[0] == "anywhere"
    assert set(everything[1:3]) == {"paris", "two-ways"}
    assert set(everything[-2:]) == {"unknown", "no-offer"}
    assert listed(filters={"place": ("Lyon", "500")}, origin=PARIS)[-1] == "vienne"


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (("Lyonn",), r"Lieu introuvable : « Lyonn ». Vouliez-vous dire Lyon \(69\)"),
        (("Atlantide",), "Donnez une commune ou un code postal"),
        (("Z\x00",), "introuvable"),
        (("",), "introuvable"),
        (("x" * 5_000,), "introuvable"),
        (("Nullepart",), r"On ne sait pas où se trouve Nullepart \(01\)"),
        (("Lyon", "loin"), "« rayon » : « loin » n'est pas un nombre"),
        (("Lyon", "-1"), "« rayon »"),
        (("Lyon", "nan"), "« rayon »"),
        (("Lyon", "10", "20"), "un lieu et une distance"),
    ],
)
def test_what_cannot_be_a_place_is_refused(catalogue, place, words):
    with pytest.raises(InvalidRequest, match=words):
        codes(*place)


def test_a_query_string_names_the_place_and_the_kilometres(communes):
    def parsed(query: str):
        return parse_filters(Kind.TRAININGS, QueryDict(query))

    assert parsed("lieu=Lyon") == {"place": ("Lyon",)}
    assert parsed("lieu=+Lyon+&rayon=20") == {"place": ("Lyon", "20")}
    assert parsed("lieu=&rayon=50") == {}  # as the form sends them
    (near,) = clauses(Kind.TRAININGS, parsed("lieu=Lyon")).values()
    assert (near.latitude, near.longitude, near.kilometres) == (*LYON, 50)
    for query in ("lieu=Lyon&lieu=Paris", "lieu=Lyon&rayon=1&rayon=2"):
        with pytest.raises(InvalidRequest, match="une seule valeur"):
            parsed(query)
    with pytest.raises(InvalidRequest, match="n'est pas un nombre"):
        parsed("lieu=Lyon&rayon=loin")


def test_only_trainings_have_a_place():
    with pytest.raises(InvalidRequest, match="Filtre inconnu : place"):
        clauses(Kind.JOBS, {"place": ("Lyon",)})
