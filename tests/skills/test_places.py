"""Places: loading the communes, and finding the one that is meant."""

import gzip
import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from skills.geography import distance_km
from skills.imports.places import COLUMNS, import_places
from skills.models import Commune, CommunePostalCode, Region
from skills.place_names import department_of, place_key
from skills.places_lookup import UnknownCommune, find_commune, find_communes, named_commune, resolve_place

pytestmark = pytest.mark.django_db

HEADER = ",".join(COLUMNS)
LYON = "69123,Lyon,69001|69003|69007,69,Rhône,84,Auvergne-Rhône-Alpes,519127,45.7491,4.8479,commune"
LYON_3 = "69383,Lyon 3e Arrondissement,69003,69,Rhône,84,Auvergne-Rhône-Alpes,100679,45.7491,4.8479,city"
LYON_7 = "69387,Lyon 7e Arrondissement,69007,69,Rhône,84,Auvergne-Rhône-Alpes,82573,45.7491,4.8479,city"
ALBIGNY = "69003,Albigny-sur-Saône,69250,69,Rhône,84,Auvergne-Rhône-Alpes,2969,45.8667,4.8333,commune"
VILLEURBANNE = "69266,Villeurbanne,69100,69,Rhône,84,Auvergne-Rhône-Alpes,156928,45.766,4.8795,commune"
PARIS = "75056,Paris,75015|75116|75016,75,Paris,11,Île-de-France,2103778,48.8534,2.3488,commune"
PARIS_15 = "75115,Paris 15e Arrondissement,75015,75,Paris,11,Île-de-France,229713,48.8534,2.3488,city"
EVRY = "91228,Évry-Courcouronnes,91000|91080,91,Essonne,11,Île-de-France,66851,48.624,2.4299,commune"
EVRY_89 = "89162,Évry,89140,89,Yonne,27,Bourgogne-Franche-Comté,400,48.27,3.26,commune"
SAINT_DENIS = "97411,Saint-Denis,97400|97490,974,La Réunion,04,La Réunion,155634,-20.8823,55.4504,commune"
SAINT_DENIS_93 = "93066,Saint-Denis,93200,93,Seine-Saint-Denis,11,Île-de-France,149000,48.936,2.357,commune"
SAINT_ETIENNE = "42218,Saint-Étienne,42000|42100,42,Loire,84,Auvergne-Rhône-Alpes,172718,45.4339,4.39,commune"
QUIMPERLE = "29233,Quimperlé,29300,29,Finistère,53,Bretagne,12115,47.8721,-3.5497,commune"
AJACCIO = "2A004,Ajaccio,20000|20090,2A,Corse-du-Sud,94,Corse,76320,41.9189,8.7381,commune"
MAMOUDZOU = "97611,Mamoudzou,97600,976,Mayotte,06,Mayotte,71437,-12.7823,45.2288,commune"
NOUMEA = "98818,Nouméa,98800,988,Nouvelle-Calédonie,988,Nouvelle-Calédonie,85976,,,none"
ALL = [
    LYON,
    LYON_3,
    LYON_7,
    ALBIGNY,
    VILLEURBANNE,
    PARIS,
    PARIS_15,
    EVRY,
    EVRY_89,
    SAINT_DENIS,
    SAINT_DENIS_93,
    SAINT_ETIENNE,
    QUIMPERLE,
    AJACCIO,
    MAMOUDZOU,
    NOUMEA,
]


def write(folder: Path, *lines) -> Path:
    path = folder / "communes.csv.gz"
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.write("\n".join([HEADER, *lines]) + "\n")
    return path


def counts(report):
    return {action.value: count for action, count in report.counts.items() if count}


@pytest.fixture
def places(tmp_path):
    import_places(write(tmp_path, *ALL), apply=True)


def test_loading_is_idempotent_and_shows_differences(tmp_path):
    path = write(tmp_path, LYON, PARIS)
    assert counts(import_places(path, apply=False)) == {"added": 4}  # two regions, two communes
    assert not Commune.objects.exists()
    assert not Region.objects.exists()
    import_places(path, apply=True)
    assert counts(import_places(path, apply=True)) == {"unchanged": 2}
    changed = LYON.replace("519127", "520000").replace("|69007", "|69009")
    report = import_places(write(tmp_path, changed), apply=True)
    assert counts(report) == {"changed": 1, "removed": 1}
    assert {field.name: (field.before, field.after) for field in report.changes[0].fields} == {
        "population": ("519127", "520000"),
        "codes postaux": ("69001|69003|69007", "69001|69003|69009"),
    }
    assert list(CommunePostalCode.objects.values_list("code", flat=True)) == ["69001", "69003", "69009"]
    assert list(Commune.objects.values_list("name", flat=True)) == ["Lyon"]


def test_a_commune_still_used_is_kept_with_a_warning(tmp_path):
    from people.models import Organisation

    import_places(write(tmp_path, LYON, PARIS), apply=True)
    Organisation.objects.create(name="Siège", kind="cluster", commune=Commune.objects.get(insee_code="75056"))
    report = import_places(write(tmp_path, LYON), apply=True)
    assert Commune.objects.count() == 2
    assert "75056" in report.warnings[0].reason


def test_a_bad_line_is_rejected_alone_and_nothing_is_removed(tmp_path):
    import_places(write(tmp_path, LYON, PARIS), apply=True)
    report = import_places(
        write(
            tmp_path,
            LYON,
            PARIS.replace("2103778", "beaucoup"),
            "trop,court",
            PARIS.replace("2103778", "-1"),
            PARIS.replace("Paris", "P" * 81),
            PARIS.replace("75116", "751160"),
        ),
        apply=True,
    )
    assert [error.line for error in report.errors] == [3, 4, 5, 6, 7]
    assert Commune.objects.count() == 2


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b\x08tronqu", b"a;b\n1;2\n", b"\xff\xfe\x00"])
def test_an_unreadable_file_is_refused_with_a_message(tmp_path, content):
    for name in ("communes.csv", "communes.csv.gz"):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(CommandError, match="communes") as caught:
            call_command("import_places", path, "--apply")
        assert caught.value.returncode == 2


def test_the_file_of_the_product_loads_whole_with_few_queries():
    with CaptureQueriesContext(connection) as queries:
        call_command("import_places", "--apply", "--json", stdout=(out := StringIO()))
    report = json.loads(out.getvalue())
    assert report["rejected"] == 0
    assert Commune.objects.count() == 35_014
    assert Commune.objects.filter(latitude=None).count() == 94
    # Both databases cap the parameters of a statement, so bulk writes come in batches.
    assert len(queries) < 2_000
    with CaptureQueriesContext(connection) as queries:
        call_command("import_places", "--apply", "--json", stdout=(out := StringIO()))
    assert json.loads(out.getvalue())["unchanged"] == 35_014
    assert len(queries) < 100
    assert (Path(settings.PLACES_FILE).parent / "ATTRIBUTION.md").exists()


@pytest.mark.parametrize(
    ("given", "insee_code"),
    [
        ({"insee_code": "75115"}, "75115"),
        ({"insee_code": "69383", "postal_code": "69003", "town": "Lyon"}, "69383"),
        ({"postal_code": "75015", "town": "Paris"}, "75115"),
        ({"postal_code": "75015"}, "75115"),
        ({"postal_code": "69003", "town": "LYON"}, "69383"),
        ({"postal_code": "69 007", "town": "Lyon 7ème"}, "69387"),
        ({"postal_code": "69367", "town": "LYON CEDEX 07"}, "69387"),
        ({"town": "Lyon 3e"}, "69383"),
        ({"postal_code": "97400", "town": "ST-DENIS"}, "97411"),
        ({"postal_code": "42055", "town": "SAINT ETIENNE CEDEX 2"}, "42218"),
        ({"postal_code": "42000", "town": "Saint Étienne"}, "42218"),
        ({"insee_code": "29233", "postal_code": "29391", "town": "QUIMPERLÉ"}, "29233"),
        ({"insee_code": "2a004"}, "2A004"),
        ({"insee_code": "97611"}, "97611"),
        ({"postal_code": "91000", "town": "Evry"}, "91228"),
        ({"town": "Villeurbanne"}, "69266"),
    ],
)
def test_places_that_resolve_without_a_word(places, given, insee_code):
    place = resolve_place(**given)
    assert (place.commune.insee_code, place.note) == (insee_code, "")
    assert (place.latitude, place.longitude) == (place.commune.latitude, place.commune.longitude)
    assert place.region == place.commune.region


@pytest.mark.parametrize(
    ("given", "insee_code", "words"),
    [
        ({"postal_code": "29233", "town": "Quimperlé"}, "29233", "est un code INSEE"),
        ({"insee_code": "69003", "town": "Lyon"}, "69383", "est un code postal"),
        (
            {"insee_code": "69266", "postal_code": "75015", "town": "Villeurbanne"},
            "69266",
            "l'INSEE est retenu",
        ),
        ({"insee_code": "69999", "postal_code": "69100", "town": "Villeurbanne"}, "69266", "69999 inconnu"),
        ({"postal_code": "69100", "town": "Vileurbane"}, "69266", "Vileurbane"),
    ],
)
def test_places_that_resolve_with_a_warning(places, given, insee_code, words):
    place = resolve_place(**given)
    assert place.commune.insee_code == insee_code
    assert words in place.note


@pytest.mark.parametrize(
    ("given", "region"),
    [
        ({"postal_code": "69999", "town": "Inconnue"}, "Auvergne-Rhône-Alpes"),
        ({"postal_code": "20137", "town": "Inconnue"}, "Corse"),
        ({"postal_code": "97690", "town": "Inconnue"}, "Mayotte"),
        ({"postal_code": "97499"}, "La Réunion"),
        ({"region_code": "82"}, "Auvergne-Rhône-Alpes"),
        ({"department_code": "29"}, "Bretagne"),
    ],
)
def test_the_region_speaks_for_an_unknown_commune(places, given, region):
    place = resolve_place(**given)
    assert (place.commune, place.latitude, place.longitude) == (None, None, None)
    assert place.region.name == region
    assert f"la région {region} est retenue" in place.note


def test_a_place_without_coordinates_gives_its_region_and_says_so(places):
    place = resolve_place(insee_code="98818")
    assert (place.region.name, place.latitude, place.longitude) == ("Nouvelle-Calédonie", None, None)
    assert "n'a pas de coordonnées" in place.note


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"town": "-"},
        {"postal_code": "00000"},
        {"insee_code": "🙂" * 50, "postal_code": "69999x", "department_code": "69x", "town": "x" * 100_000},
    ],
)
def test_nothing_usable_is_said_and_never_raised(places, given):
    place = resolve_place(**given)
    assert (place.commune, place.region) == (None, None)
    assert place.note


def test_an_ambiguous_town_alone_is_not_guessed(places):
    assert resolve_place(town="Saint-Denis").commune is None


@pytest.mark.parametrize(
    ("text", "insee_code"),
    [
        ("lyon", "69123"),
        ("Lyon 3e", "69383"),
        ("69100", "69266"),
        ("69100 Villeurbanne", "69266"),
        ("villeurb", "69266"),
        ("St-Denis", "97411"),
        ("Saint-Denis (93)", "93066"),
        ("Évry", "91228"),
        ("75015", "75115"),
        ("2a004", "2A004"),
    ],
)
def test_what_a_person_types(places, text, insee_code):
    assert find_commune(text).insee_code == insee_code


@pytest.mark.parametrize("text", ["", "   ", "%", "Xyzville", "99999", "x" * 100_000])
def test_what_a_person_types_and_nobody_knows(places, text):
    assert find_commune(text) is None


def test_the_refusal_of_a_place_names_towns_that_come_near(places):
    assert named_commune("lyon").insee_code == "69123"
    with pytest.raises(UnknownCommune, match=r"« Lyonn ». Vouliez-vous dire Lyon \(69\)") as caught:
        named_commune("Lyonn\x00")
    assert "Arrondissement" not in str(caught.value)
    for text in ("", "Xyzville"):
        with pytest.raises(UnknownCommune, match="Donnez une commune ou un code postal"):
            named_commune(text)


def test_the_largest_comes_first(places):
    assert [commune.insee_code for commune in find_communes("Saint-Denis")] == ["97411", "93066"]


def test_distances():
    paris, lyon, saint_denis = (48.8534, 2.3488), (45.7491, 4.8479), (-20.8823, 55.4504)
    assert distance_km(*paris, *lyon) == pytest.approx(392, abs=2)
    assert distance_km(*lyon, *paris) == distance_km(*paris, *lyon)
    assert distance_km(*paris, *saint_denis) == pytest.approx(9_370, rel=0.01)
    assert distance_km(*paris, *paris) == 0
    assert distance_km(90, 0, -90, 0) == pytest.approx(20_015, rel=0.001)


def test_names_and_departments():
    assert place_key("ST-ÉTIENNE CEDEX 2") == place_key("Saint Etienne") == "saint etienne"
    assert place_key("Chalon s/Saône") == place_key("Chalon-sur-Saône")
    codes = ["69100", "20000", "20200", "97400", "97133", "98800", "75015", "", "ABCDE", "1"]
    assert [department_of(code) for code in codes] == [
        "69",
        "2A",
        "2B",
        "974",
        "977",
        "988",
        "75",
        "",
        "",
        "",
    ]
