"""The version and the changelog: a code is given once, never dropped, and retired in both places."""

import pytest

from tests.skills.concept_files.folders import (
    errors,
    only_error,
    release,
    warnings,
    write_changes,
    write_scheme,
)
from tests.skills.factories import skill_text, write_domain


@pytest.fixture
def folder(tmp_path):
    write_scheme(tmp_path)
    return write_domain(tmp_path, skill_text("alpha"), skill_text("beta"))


def test_a_complete_changelog_says_nothing(folder):
    write_changes(folder, release("1.0.0", "alpha, beta", "changed: [{code: alpha, note: Mieux dit.}]"))

    assert errors(folder) == []
    assert not [line for line in warnings(folder) if "manque" in line]


def test_a_folder_without_them_is_warned(tmp_path):
    write_domain(tmp_path, skill_text("alpha"))

    found = warnings(tmp_path)

    assert errors(tmp_path) == []
    assert (
        f"{tmp_path} : changes.yaml manque : sans lui, rien ne dit qu'un code a disparu ou resservi." in found
    )
    assert f"{tmp_path} : scheme.yaml manque : sans lui, ni version ni export." in found


def test_a_code_that_vanished_is_refused_at_its_release(folder):
    write_changes(folder, release("1.0.0", "alpha, beta, gamma"))

    error = only_error(folder)

    assert error.startswith(
        "changes.yaml, ligne 2 : gamma : donné par la version 1.0.0, absent des fichiers ;"
    )
    assert "retirez-la (status: deprecated, replaced_by)" in error


def test_a_code_of_an_unreadable_file_has_not_vanished(folder):
    write_changes(folder, release("1.0.0", "alpha, beta, gamma"))
    (folder / "03-downstream.yaml").write_text("skills: [", "utf-8")

    assert "03-downstream.yaml" in only_error(folder)


def test_a_code_that_the_changelog_does_not_know_is_refused_at_its_skill(folder):
    write_changes(folder, release("1.0.0", "alpha"))

    assert only_error(folder) == (
        "02-upstream.yaml, ligne 11 : beta : absente du journal des concepts : ajoutez-la sous « added » dans changes.yaml."
    )


def test_a_code_given_again_is_refused(folder):
    write_scheme(folder, "1.1.0")
    write_changes(folder, release("1.1.0", "beta"), release("1.0.0", "alpha, beta"))

    error = only_error(folder)

    assert error.startswith(
        "changes.yaml, ligne 2 : beta : déjà donné par la version 1.0.0 ; un code ne sert qu'une fois"
    )


RETIRED = "retired: [{code: alpha, replaced_by: beta, note: Doublon.}]"


def test_a_retirement_is_said_in_both_places(folder):
    write_domain(folder, skill_text("alpha", "status: deprecated", "replaced_by: beta"), skill_text("beta"))
    write_changes(folder, release("1.0.0", "alpha, beta"))
    assert "alpha : retirée, mais changes.yaml ne le dit pas : ajoutez-la sous « retired »." in only_error(
        folder
    )

    write_changes(folder, release("1.0.0", "alpha, beta", RETIRED))
    assert errors(folder) == []

    write_changes(folder, release("1.0.0", "alpha, beta", RETIRED.replace("by: beta", "by: alpha")))
    assert "alpha : remplacée par « beta », mais changes.yaml dit « alpha »" in only_error(folder)


def test_of_two_notes_on_a_retirement_the_newest_counts(folder):
    write_scheme(folder, "1.1.0")
    write_domain(folder, skill_text("alpha", "status: deprecated", "replaced_by: beta"), skill_text("beta"))
    write_changes(
        folder,
        release("1.1.0", "", RETIRED),
        release("1.0.0", "alpha, beta", RETIRED.replace("by: beta", "by: alpha")),
    )

    assert errors(folder) == []


def test_a_retired_code_does_not_come_back(folder):
    write_changes(folder, release("1.0.0", "alpha, beta", RETIRED))

    assert "alpha : retirée selon changes.yaml : un code retiré ne revient pas" in only_error(folder)


@pytest.mark.parametrize("key", ["changed", "retired"])
def test_a_note_on_an_unknown_code_is_refused_with_its_line(folder, key):
    more = "replaced_by: beta, " if key == "retired" else ""
    write_changes(
        folder, release("1.0.0", "alpha, beta", f"{key}:", f"  - {{code: alhpa, {more}note: Faute.}}")
    )

    assert (
        only_error(folder)
        == "changes.yaml, ligne 7 : alhpa : code jamais donné sous « added » ; corrigez-le."
    )


@pytest.mark.parametrize(
    ("releases", "reason"),
    [
        (
            [release("1.0.0", "alpha, beta"), release("1.1.0")],
            "la version 1.0.0 vient avant 1.1.0 : la plus récente d'abord",
        ),
        ([release("1.0.0", "alpha"), release("1.0.0", "beta")], "la version 1.0.0 vient avant 1.0.0"),
        (
            [release("1.0.0", "alpha, beta"), release("0.9.0", date="2026-11-26")],
            "1.0.0 est datée d'avant 0.9.0",
        ),
        ([release("1.1.0", "alpha, beta")], "la version est 1.0.0, la dernière de changes.yaml 1.1.0"),
        ([release("1.0", "alpha, beta")], "« 1.0 » n'est pas une version sémantique (1.0.0)"),
        ([release("01.0.0", "alpha, beta")], "« 01.0.0 » n'est pas une version sémantique"),
        (
            [release("1.0.0", "alpha, beta", date="25/11/2026")],
            "« 25/11/2026 » n'est pas une date (2026-11-25)",
        ),
        ([release("1.0.0", "alpha, beta", "removed: [gamma]")], "champ inconnu : removed"),
        (
            [release("1.0.0", "alpha, beta", "changed: [alpha]")],
            "« changed » doit être une liste de « clé: valeur »",
        ),
        ([release("1.0.0", "alpha, beta", "changed: [{code: alpha}]")], "« note » manque"),
    ],
)
def test_wrong_versions_dates_and_notes_are_refused(folder, releases, reason):
    write_changes(folder, *releases)

    found = errors(folder)

    assert any(reason in error for error in found)
    assert all(", ligne " in error for error in found)


def test_a_changelog_without_release_is_refused(folder):
    write_changes(folder)

    found = errors(folder)

    assert (
        "changes.yaml, ligne 1 : aucune version : donnez la première sous « releases », avec ses codes."
        in found
    )
    assert sum("absente du journal" in error for error in found) == 2


def test_an_unreadable_changelog_judges_no_code(folder):
    (folder / "changes.yaml").write_text("releases: [", "utf-8")

    assert only_error(folder).startswith("changes.yaml, ligne 1 : YAML illisible")


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (
            "uri: https://biofiliere.test/referentiel/",
            "uri: https://biofiliere.test/referentiel",
            "finit par une barre oblique",
        ),
        (
            "uri: https://biofiliere.test/referentiel/",
            "uri: mes compétences/",
            "« uri » vaut « mes compétences/ »",
        ),
        ("https://creativecommons.org/licenses/by/4.0/", "CC BY", "« licence » vaut « CC BY »"),
        ("version: 1.0.0", "version: v1", "« v1 » n'est pas une version sémantique"),
        ("title: {fr: Référentiel, en: Referential}", "title: {fr: Référentiel}", "« title.en » manque"),
        ("version: 1.0.0", "version: 1.0.0\nauthor: moi", "champ inconnu : author"),
    ],
)
def test_a_wrong_scheme_is_refused(folder, before, after, reason):
    path = folder / "scheme.yaml"
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")

    error = only_error(folder)

    assert error.startswith("scheme.yaml, ligne 1 : ")
    assert reason in error
