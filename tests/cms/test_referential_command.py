"""`manage.py referential`: what it says, in words and in JSON, and how it ends."""

import json
import shutil
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from rdflib import RDF, SKOS, Graph

from skills.exports.skos import violations
from skills.models import Skill, SkillLabel
from tests.cms.factories import make_training
from tests.skills.concept_files.folders import (
    release,
    write_changes,
    write_open_data,
    write_scheme,
    write_senses,
)
from tests.skills.factories import DOMAIN_TEXT, SkillFactory, skill_text, write_domain

pytestmark = pytest.mark.django_db

ESCO = "http://data.europa.eu/esco/skill/11111111-2222-3333-4444-555555555555"
OPEN_DATA_DIR = settings.OPEN_DATA_DIR


@pytest.fixture(autouse=True)
def no_open_data(settings):
    settings.OPEN_DATA_DIR = ""


@pytest.fixture
def folder(tmp_path):
    folder = write_scheme(tmp_path / "files")
    write_changes(folder, release("1.0.0", "alpha, beta"))
    return write_domain(folder, skill_text("alpha"), skill_text("beta"))


@pytest.fixture
def referential(capsys):
    """Run the command; its exit status, standard output and standard error."""

    def run(*arguments):
        status = 0
        try:
            call_command("referential", *map(str, arguments))
        except SystemExit as end:
            status = end.code
        except CommandError as error:
            # As manage.py does.
            status, told = error.returncode, capsys.readouterr()
            return status, told.out, f"{told.err}{error}"
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


# --- check
def test_a_sound_folder_passes(folder, referential):
    status, out, err = referential("check", folder)

    assert status == 0
    assert out.splitlines()[-1] == "2 compétences, 1 domaines : 0 erreurs, 6 avertissements."
    assert err.strip() == "OPEN_DATA_DIR ne donne pas ESCO ni ROME : codes non vérifiés."


def test_every_error_is_told_with_file_line_and_code_and_ends_with_one(folder, referential):
    write_domain(
        folder, skill_text("alpha", "broader: [nowhere]"), skill_text("beta", "alternative: {fr: [alpha fr]}")
    )

    status, out, _ = referential("check", folder)

    assert status == 1
    errors = [line for line in out.splitlines() if line.startswith("erreur : ")]
    assert errors[0].startswith(
        "erreur : 02-upstream.yaml, ligne 7 : alpha : lien vers une compétence inconnue : nowhere"
    )
    assert errors[1].startswith(
        "erreur : 02-upstream.yaml, ligne 12 : beta : le texte « alpha fr » est déjà celui"
    )
    assert out.splitlines()[-1].endswith("2 erreurs, 6 avertissements.")


def test_check_in_json_is_one_line(folder, referential):
    write_domain(folder, skill_text("alpha"), skill_text("beta", "status: retired"))

    status, out, _ = referential("check", folder, "--json")

    assert status == 1
    (line,) = out.splitlines()
    content = json.loads(line)
    assert (content["skills"], content["domains"], content["judged"]) == (1, 1, [])
    assert [(one["file"], one["line"]) for one in content["errors"]] == [("02-upstream.yaml", 11)]
    assert content["errors"][0]["reason"].startswith("beta : « status » vaut « retired »")
    assert {one["file"] for one in content["warnings"]} == {"02-upstream.yaml"}


def test_codes_are_judged_with_the_open_data_that_are_there(folder, referential, settings, tmp_path):
    settings.OPEN_DATA_DIR = str(write_open_data(tmp_path / "data", esco=(ESCO,)))
    other = ESCO.replace("1111", "2222", 1)
    write_domain(
        folder,
        skill_text("alpha", f'esco: [{{uri: "{ESCO}", match: close}}]', "rome: none"),
        skill_text(
            "beta", f'esco: [{{uri: "{other}", match: close}}]', 'rome: [{code: "999999", match: close}]'
        ),
    )

    status, out, err = referential("check", folder)

    assert status == 1
    assert f"beta : inconnu des données ouvertes : ESCO {other}" in out
    assert "999999" not in out
    assert err.strip() == "OPEN_DATA_DIR ne donne pas ROME : codes non vérifiés."


@pytest.mark.parametrize("action", ["check", "diff", "stats", "load", "export"])
def test_a_missing_folder_ends_with_two(referential, tmp_path, action):
    status, out, err = referential(action, tmp_path / "nowhere")

    assert (status, out) == (2, "")
    assert "nowhere" in err
    assert ("le dossier n'existe pas" in err) == (action != "export")


@pytest.mark.parametrize("action", ["check", "diff", "stats"])
def test_an_empty_folder_ends_with_two(referential, tmp_path, action):
    status, _, err = referential(action, tmp_path)

    assert status == 2
    assert "aucune compétence dans ce dossier (fichiers .yaml)" in err


def test_a_file_in_place_of_a_folder_is_said(referential, folder):
    status, _, err = referential("check", folder / "scheme.yaml")

    assert status == 2
    assert "ce n'est pas un dossier" in err


def test_open_data_that_cannot_be_read_end_with_two(referential, folder, settings, tmp_path):
    settings.OPEN_DATA_DIR = str(write_open_data(tmp_path / "data", rome=("123456",) * 500))
    path = tmp_path / "data" / "rome" / "rome_competences.csv.gz"
    path.write_bytes(path.read_bytes()[:-9])

    status, _, err = referential("check", folder)

    assert status == 2
    assert "rome_competences.csv.gz : illisible (EOFError" in err


def test_wrong_yaml_is_an_error_of_the_files(referential, folder):
    (folder / "03-downstream.yaml").write_bytes("domaine: été".encode("latin-1"))

    status, out, _ = referential("check", folder)

    assert status == 1
    assert "erreur : 03-downstream.yaml, ligne 1 : le fichier n'est pas en UTF-8" in out


def test_the_referential_that_we_ship_is_sound(referential):
    status, out, _ = referential("check")

    assert (status, [line for line in out.splitlines() if line.startswith(("erreur", "attention"))]) == (
        0,
        [],
    )


@pytest.mark.open_data
@pytest.mark.skipif(not OPEN_DATA_DIR, reason="OPEN_DATA_DIR n'est pas donné")
def test_the_referential_that_we_ship_maps_to_what_exists(referential, settings):
    settings.OPEN_DATA_DIR = OPEN_DATA_DIR

    status, out, _ = referential("check", "--json")

    assert (status, json.loads(out)["judged"], json.loads(out)["errors"]) == (0, ["esco", "rome"], [])


# --- diff
def test_diff_against_an_older_folder_proposes_the_next_version(folder, referential, tmp_path):
    older = tmp_path / "older"
    shutil.copytree(folder, older)
    write_domain(
        folder,
        skill_text("alpha", "alternative: {fr: [premier, un]}"),
        skill_text("beta"),
        skill_text("gamma"),
    )
    write_domain(older, skill_text("alpha", "alternative: {fr: [premier, premiere]}"), skill_text("beta"))

    status, out, _ = referential("diff", folder, "--against", older)

    assert status == 0
    assert out.splitlines() == [
        "~ alpha : alpha fr",
        "    labels : - « alternative fr premiere » + « alternative fr un »",
        "+ gamma : gamma fr",
        "1 ajoutées, 1 modifiées, 0 retirées, 0 disparues.",
        "Version suivante proposée : 1.1.0 (mineure) ; scheme.yaml dit : 1.0.0.",
    ]


def test_diff_in_json_is_one_line(folder, referential, tmp_path):
    older = tmp_path / "older"
    shutil.copytree(folder, older)
    write_domain(folder, skill_text("alpha"), domain=DOMAIN_TEXT.replace("Procédés amont", "Amont"))

    status, out, _ = referential("diff", folder, "--against", older, "--json")

    (line,) = out.splitlines()
    assert (status, json.loads(line)) == (
        0,
        {
            "changes": [
                {"action": "removed", "kind": "skill", "code": "beta", "label_fr": "beta fr", "fields": {}},
                {
                    "action": "changed",
                    "kind": "domain",
                    "code": "upstream",
                    "label_fr": "Amont",
                    "fields": {"label_fr": ["Procédés amont", "Amont"]},
                },
            ],
            "next_version": "2.0.0",
        },
    )


def test_diff_against_the_database_shows_corrections_and_what_was_made_by_hand(folder, referential):
    referential("load", folder, "--apply")
    assert referential("diff", folder)[1].splitlines() == [
        "0 ajoutées, 0 modifiées, 0 retirées, 0 seulement en base.",
        "Version suivante proposée : 1.0.0 (aucun changement) ; scheme.yaml dit : 1.0.0.",
    ]
    Skill.objects.filter(code="alpha").update(definition_fr="Corrigée ; par la rédaction.")
    SkillFactory(code="by-hand", label_fr="À la main")

    status, out, _ = referential("diff", folder)

    assert status == 0
    assert out.splitlines()[:-1] == [
        "~ alpha : alpha fr",
        "    definition_fr : « Corrigée ; par la rédaction. » → « Savoir alpha. »",
        "- by-hand : À la main",
        "0 ajoutées, 1 modifiées, 0 retirées, 1 seulement en base.",
    ]


def test_diff_against_an_empty_database_adds_all_and_proposes_nothing(folder, referential):
    _, out, _ = referential("diff", folder)

    assert out.splitlines() == [
        "+ alpha : alpha fr",
        "+ beta : beta fr",
        "+ domaine upstream : Procédés amont",
        "2 ajoutées, 0 modifiées, 0 retirées, 0 seulement en base ; 1 différences de domaines et de sens de sigles.",
    ]


def test_files_with_errors_are_not_compared(folder, referential):
    write_domain(folder, skill_text("alpha", "color: red"), skill_text("beta"))

    for action in ("diff", "stats"):
        status, out, err = referential(action, folder)
        assert (status, out) == (1, "")
        assert "02-upstream.yaml, ligne 7 : alpha : champ inconnu : color." in err


# --- load
def test_load_is_a_dry_run_unless_told_otherwise(folder, referential):
    status, out, _ = referential("load", folder)

    assert (status, Skill.objects.count()) == (0, 0)
    assert "Essai à blanc : rien n'a été chargé. Ajoutez --apply pour charger." in out
    assert referential("load", folder, "--apply")[0] == 0
    assert Skill.objects.count() == 2


def test_loading_again_says_nothing_has_changed(folder, referential):
    referential("load", folder, "--apply")

    _, out, _ = referential("load", folder, "--apply", "--json")

    report = json.loads(out)
    assert (report["added"], report["changed"], report["removed"], report["unchanged"]) == (0, 0, 0, 3)
    assert (report["warnings"], report["errors"]) == ([], [])


def test_load_counts_corrections_and_tells_what_followed_a_retired_skill(folder, referential):
    referential("load", folder, "--apply")
    Skill.objects.filter(code="beta").update(label_fr="Corrigée")
    make_training("cours", [Skill.objects.get(code="alpha")])
    write_domain(folder, skill_text("alpha", "status: deprecated", "replaced_by: beta"), skill_text("beta"))

    dry = referential("load", folder)[1]
    done = referential("load", folder, "--apply")[1]
    again = referential("load", folder, "--apply")[1]

    assert "alpha : retirée ; suivront vers « beta » : 1 formation." in dry
    assert "attention : " in done
    assert "formation cours : alpha → beta (la compétence est retirée)." in done
    assert "attention" not in again
    assert all("corrections de la rédaction gardées : 1" in out for out in (dry, done, again))


# --- export
@pytest.fixture
def loaded(folder, referential):
    write_domain(
        folder,
        skill_text("alpha", "related: [beta]"),
        skill_text("beta"),
        skill_text("draft-one", "status: draft"),
    )
    write_senses(folder, ("PV", "procès-verbal", "réunion"))
    referential("load", folder, "--apply")
    return folder


@pytest.mark.parametrize("source", [[], ["--from-files"]])
def test_skos_goes_to_standard_output_and_conforms(loaded, referential, source):
    write_changes(loaded, release("1.0.0", "alpha, beta, draft-one"))

    status, out, err = referential("export", loaded, *source)

    graph = Graph().parse(data=out, format="turtle")
    assert status == 0
    assert violations(graph) == []
    assert {str(uri).rsplit("/", 1)[1] for uri in graph.subjects(RDF.type, SKOS.Concept)} == {"alpha", "beta"}
    assert err.strip() == f"{len(graph)} triplets, conformes aux formes SKOS (SHACL)."


@pytest.mark.parametrize("name", ["turtle", "json-ld", "csv", "json"])
def test_every_format_goes_to_a_file_without_its_drafts(loaded, referential, tmp_path, name):
    target = tmp_path / "export"

    status, out, err = referential("export", loaded, "--format", name, "--output", target)

    content = target.read_text("utf-8")
    assert (status, out) == (0, "")
    assert f"2 compétences écrites dans {target}." in err
    assert "alpha fr" in content
    assert "draft-one" not in content


def test_yaml_written_back_is_the_same_referential(loaded, referential, tmp_path):
    label = {"skill": Skill.objects.get(code="alpha"), "kind": "alternative", "language": "fr"}
    SkillLabel.objects.create(**label, text='clé : « valeur » | "autre" # dièse')

    status, _, err = referential("export", loaded, "--format", "yaml", "--output", tmp_path / "again")

    assert (status, err.strip()) == (0, f"2 fichiers écrits dans {tmp_path / 'again'}.")
    assert referential("diff", tmp_path / "again")[1].splitlines()[0] == (
        "0 ajoutées, 0 modifiées, 0 retirées, 0 seulement en base."
    )


def test_yaml_warns_of_former_files_and_of_what_cannot_be_read_back(loaded, referential, tmp_path):
    target = write_domain(tmp_path / "again", skill_text("former"), name="07-former.yaml")
    Skill.objects.filter(code="draft-one").update(label_en="")

    status, _, err = referential("export", loaded, "--format", "yaml", "--output", target)

    assert status == 0
    assert "07-former.yaml était déjà là" in err
    assert "draft-one : « label.en » manque." in err


def test_yaml_asks_for_a_folder(loaded, referential):
    status, _, err = referential("export", loaded, "--format", "yaml")

    assert (status, err) == (2, "--format yaml demande --output DOSSIER.")


def test_files_that_do_not_pass_the_check_are_not_exported(loaded, referential):
    write_domain(loaded, skill_text("alpha", "acronyms: [PV]"), skill_text("beta", "acronyms: [PV]"))

    status, out, err = referential("export", loaded, "--from-files", "--format", "csv")

    assert (status, out) == (1, "")
    assert "le sigle « PV » est aussi celui de « procès-verbal »" in err


def test_a_graph_that_breaks_the_shapes_is_not_exported(loaded, referential):
    alpha, beta = Skill.objects.get(code="alpha"), Skill.objects.get(code="beta")
    alpha.broader.set([beta])
    alpha.save()

    status, out, err = referential("export", loaded)

    assert (status, out) == (1, "")
    assert "referentiel/alpha : un voisin n'est pas plus large, ni de près ni de loin (S27)" in err


def test_without_a_scheme_or_a_loaded_base_nothing_is_exported(folder, referential):
    assert referential("export", folder)[::2] == (
        2,
        "La base est vide : chargez d'abord (referential load --apply).",
    )

    (folder / "scheme.yaml").unlink()
    status, _, err = referential("export", folder)
    assert (status, err) == (2, f"{folder / 'scheme.yaml'} manque.")

    (folder / "scheme.yaml").write_text("version: un\n", "utf-8")
    status, _, err = referential("export", folder)
    assert status == 2
    assert err.startswith("scheme.yaml, ligne 1 : ")


# --- stats
def test_stats_count_the_files_and_the_catalogue(folder, referential):
    referential("load", folder, "--apply")
    make_training("cours", [Skill.objects.get(code="alpha")])

    status, out, _ = referential("stats", folder)
    figures = json.loads(referential("stats", folder, "--json")[1])

    assert status == 0
    assert (figures["skills"], figures["domains"], figures["demonstration_trainings"], figures["jobs"]) == (
        2,
        1,
        1,
        0,
    )
    assert figures["by_type"] == {"know-how": 2}
    assert any(line.split(maxsplit=1) == ["by_type", "know-how 2"] for line in out.splitlines())
    assert len(out.splitlines()) == len(figures)


def test_the_command_asks_for_an_action():
    with pytest.raises(CommandError, match=r"check\|diff\|load\|export\|stats"):
        call_command("referential", stdout=StringIO(), stderr=StringIO())
