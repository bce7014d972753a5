"""The rules of the referential as a whole: each refuses what it should, names file, line and code, and lets the rest be."""

import gzip

import pytest

from skills.concept_files.parsing import read_referential
from skills.concept_files.rules import check_rules
from tests.skills.concept_files.folders import (
    errors,
    only_error,
    warnings,
    write_open_data,
    write_senses,
)
from tests.skills.factories import DOMAIN_TEXT, skill_text, write_domain

FIRST_ESCO = "http://data.europa.eu/esco/skill/11111111-2222-3333-4444-555555555555"
OTHER_ESCO = "http://data.europa.eu/esco/skill/99999999-2222-3333-4444-555555555555"
LONG = (
    "Préparer, inoculer et piloter un bioréacteur en inox ou à usage unique, en tenant température, oxygène et agitation dans "
    "leurs limites"
)
LONG_EN = "Set up, inoculate and run a stainless or single-use bioreactor, holding temperature, oxygen and stirring in limits"


def defined(code, french, english, *more):
    """A skill with a definition of its own."""
    text = skill_text(code, *more)
    start = text.index("    definition")
    end = text.index("\n", start)
    return f'{text[:start]}    definition: {{fr: "{french}", en: "{english}"}}{text[end:]}'


# --- Texts
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("alternative: {fr: [culture en cuve]}", "alternative: {fr: [culture en cuve]}"),
        ("alternative: {fr: [culture en cuve]}", "hidden: {en: [culture en cuve]}"),
        ("alternative: {fr: [Cultivé en cuve]}", "hidden: {fr: [cultive EN-cuve]}"),
        ("hidden: {en: [tank work]}", "alternative: {en: [tank work]}"),
        ("acronyms: [USP]", "acronyms: [usp]"),
        ("acronyms: [USP]", "hidden: {fr: [USP]}"),
        ("alternative: {fr: [beta en]}", "broader: []"),
    ],
    ids=[
        "same list",
        "other language",
        "accents and case",
        "other kind",
        "acronyms",
        "acronym and text",
        "label",
    ],
)
def test_a_text_belongs_to_one_skill(tmp_path, one, other):
    folder = write_domain(tmp_path, skill_text("alpha", one), skill_text("beta", other))

    error = only_error(folder)

    assert error.startswith("02-upstream.yaml, ligne 12 : beta : ")
    assert "déjà celui de « alpha »" in error


def test_two_skills_of_one_label_in_different_files(tmp_path):
    write_domain(tmp_path, skill_text("alpha", label="conduire"))
    other = DOMAIN_TEXT.replace("upstream", "downstream")
    write_domain(tmp_path, skill_text("beta", label="conduire"), domain=other, name="03-downstream.yaml")

    assert "03-downstream.yaml, ligne 7 : beta : le texte « conduire fr »" in errors(tmp_path)[0]


@pytest.mark.parametrize(
    "line",
    [
        "alternative: {fr: [cuve, Cuve]}",
        "alternative: {fr: [alpha fr]}",
        "hidden: {en: [Alpha EN]}",
        "hidden: {fr: [Cuvé, cuve]}",
        "acronyms: [USP, usp]",
        "alternative: {fr: [cuve]}\n    hidden: {fr: [cuve]}",
        "acronyms: [USP]\n    hidden: {en: [USP]}",
        "acronyms: [{text: PV, context: [effets]}]\n    alternative: {fr: [PV]}",
    ],
)
def test_a_skill_does_not_give_a_text_twice_in_a_language(tmp_path, line):
    error = only_error(write_domain(tmp_path, skill_text("alpha", line)))

    assert error.startswith("02-upstream.yaml, ligne 7 : alpha : texte donné deux fois : ")
    assert "gardez-le une fois" in error


def test_a_word_that_is_the_same_in_both_languages_is_no_repetition(tmp_path):
    line = "alternative: {fr: [Western blot], en: [Western blot]}"

    assert errors(write_domain(tmp_path, skill_text("alpha", line))) == []


def test_the_texts_of_a_retired_skill_are_free(tmp_path):
    folder = write_domain(
        tmp_path,
        skill_text("alpha", "status: deprecated", "replaced_by: beta", "alternative: {fr: [cuve]}"),
        skill_text("beta", "alternative: {fr: [cuve]}", "hidden: {fr: [alpha fr]}"),
    )

    assert errors(folder) == []


# --- Acronyms
def test_an_acronym_of_two_skills_is_refused_without_contexts(tmp_path):
    folder = write_domain(
        tmp_path, skill_text("alpha", "acronyms: [PV]"), skill_text("beta", "acronyms: [PV]")
    )

    assert only_error(folder) == (
        "02-upstream.yaml, ligne 12 : beta : le sigle « PV » est déjà celui de « alpha » : donnez à chacun son contexte."
    )


def test_an_acronym_of_two_skills_is_accepted_with_contexts(tmp_path):
    folder = write_domain(
        tmp_path,
        skill_text("alpha", "acronyms: [{text: PV, context: [effets indésirables]}]"),
        skill_text("beta", "acronyms: [{text: PV, context: [réunion, signature]}]"),
    )

    assert errors(folder) == []


@pytest.mark.parametrize("contextual_first", [True, False])
def test_one_context_out_of_two_is_not_enough(tmp_path, contextual_first):
    texts = [
        skill_text("alpha", "acronyms: [{text: PV, context: [effets indésirables]}]"),
        skill_text("beta", "acronyms: [PV]"),
    ]
    folder = write_domain(tmp_path, *(texts if contextual_first else reversed(texts)))

    error = only_error(folder)

    assert " beta : le sigle « PV » est aussi celui de « alpha », avec un contexte" in error


@pytest.mark.parametrize(
    ("one", "other", "refused"),
    [
        ("réunion, signature", "Signature, reunion", ["alpha", "beta"]),
        ("réunion", "réunion, signature", ["alpha"]),
        ("réunion, vote", "réunion, signature", []),
    ],
    ids=["same words", "contained", "told apart"],
)
def test_a_context_must_tell_the_senses_apart(tmp_path, one, other, refused):
    folder = write_domain(
        tmp_path,
        skill_text("alpha", f"acronyms: [{{text: PV, context: [{one}]}}]"),
        skill_text("beta", f"acronyms: [{{text: PV, context: [{other}]}}]"),
    )

    found = errors(folder)

    assert [error.split(" : ")[1] for error in found] == refused
    assert all("ne le distingue pas de" in error for error in found)


def test_a_sense_that_is_no_skill_asks_for_a_context_too(tmp_path):
    write_senses(tmp_path, ("PV", "procès-verbal", "réunion"))
    write_domain(tmp_path, skill_text("alpha", "acronyms: [PV]"))

    assert "alpha : le sigle « PV » est aussi celui de « procès-verbal », avec un contexte" in only_error(
        tmp_path
    )

    write_domain(tmp_path, skill_text("alpha", "acronyms: [{text: PV, context: [effets indésirables]}]"))
    assert errors(tmp_path) == []

    write_domain(tmp_path, skill_text("alpha", "acronyms: [{text: PV, context: [réunion]}]"))
    assert [error.split(",")[0] for error in errors(tmp_path)] == ["02-upstream.yaml", "acronym-senses.yaml"]


# --- Definitions
@pytest.mark.parametrize(
    ("french", "english"),
    [
        (LONG, "Something else entirely that nobody could take for the first"),
        (LONG.replace("piloter", "conduire").replace("oxygène", "pH"), "Another thing"),
        (LONG.upper().replace("É", "E"), "Another thing"),
        ("Au quotidien, " + LONG + ", puis en rendre compte à l'équipe", "Another thing"),
        ("Tout autre chose", LONG_EN.replace("stainless", "steel")),
    ],
    ids=["same", "two words changed", "accents and case", "the other one in it", "English only"],
)
def test_near_identical_definitions_are_refused(tmp_path, french, english):
    folder = write_domain(
        tmp_path, defined("alpha", LONG, LONG_EN), skill_text("beta"), defined("gamma", french, english)
    )

    error = only_error(folder)

    assert error.startswith("02-upstream.yaml, ligne 15 : gamma : sa définition (")
    assert "presque celle de « alpha » : dites ce qui les distingue" in error


def test_definitions_on_one_subject_are_not_near_identical(tmp_path):
    folder = write_domain(
        tmp_path,
        defined(
            "alpha",
            "Préparer un bioréacteur à usage unique : poser la poche, brancher les lignes, étalonner les sondes de pH",
            "Prepare a single-use bioreactor: fit the bag, connect the lines, calibrate the pH probes",
        ),
        defined(
            "beta",
            "Conduire un bioréacteur à usage unique en tenant pH, température et apports dans leurs limites jusqu'à la récolte",
            "Run a single-use bioreactor, holding pH, temperature and feeds within limits until harvest",
        ),
    )

    assert errors(folder) == []


def test_every_near_identical_pair_is_found_among_many(tmp_path):
    """The lookup by rare words finds what comparing every pair would."""
    words = [f"mot{number}" for number in range(60)]
    texts = [" ".join(words[start : start + 12]) for start in range(0, 40)]
    folder = write_domain(
        tmp_path, *(defined(f"skill-{place}", text, f"x{place}") for place, text in enumerate(texts))
    )
    skills = read_referential(folder).skills

    found = {error.reason.split(" : ")[0] for error in check_rules(read_referential(folder)).errors}

    # Texts shifted by one, two or three words share 11, 10 or 9 of 13, 14 or 15.
    assert len(skills) == 40
    assert found == {f"skill-{place}" for place in range(1, 40)}


def test_a_definition_left_untranslated_is_refused(tmp_path):
    error = only_error(write_domain(tmp_path, defined("alpha", LONG, LONG.upper())))

    assert "alpha : sa définition est la même en français et en anglais : traduisez-la" in error


def test_a_short_definition_is_a_warning(tmp_path):
    found = warnings(write_domain(tmp_path, skill_text("alpha"), defined("beta", LONG, LONG_EN)))

    (warning,) = [line for line in found if "définition" in line]
    assert warning.startswith("02-upstream.yaml, ligne 7 : alpha : définition de moins de 8 mots : dites ")


# --- Links
def test_links_to_nowhere_are_refused_whatever_their_kind(tmp_path):
    folder = write_domain(
        tmp_path,
        skill_text("alpha", "broader: [nowhere]", "related: [elsewhere]"),
        skill_text("beta", "status: deprecated", "replaced_by: no-one"),
    )

    found = errors(folder)

    assert found[0].startswith(
        "02-upstream.yaml, ligne 7 : alpha : lien vers une compétence inconnue : nowhere, elsewhere ;"
    )
    assert "beta : lien vers une compétence inconnue : no-one" in found[1]


def test_a_link_to_a_skill_refused_elsewhere_is_not_one_to_nowhere(tmp_path):
    folder = write_domain(tmp_path, skill_text("alpha", "broader: [beta]"), skill_text("beta", "color: red"))

    assert "champ inconnu : color" in only_error(folder)


def test_circles_are_refused_whatever_their_length(tmp_path):
    folder = write_domain(
        tmp_path,
        skill_text("alpha", "broader: [beta]"),
        skill_text("beta", "broader: [gamma]"),
        skill_text("gamma", "broader: [alpha]"),
        skill_text("apart", "broader: [alpha]"),
        skill_text("old", "status: deprecated", "replaced_by: older"),
        skill_text("older", "status: deprecated", "replaced_by: old"),
    )

    found = errors(folder)

    assert [error.split(" : ")[1] for error in found] == ["alpha", "beta", "gamma", "old", "older"]
    assert "lien circulaire : alpha → beta → gamma → alpha ; ôtez l'un de ces liens." in found[0]
    assert "lien circulaire : old → older → old" in found[3]


@pytest.mark.parametrize("writer", ["alpha", "gamma"])
def test_a_neighbour_is_not_also_wider_near_or_far(tmp_path, writer):
    related = {"alpha": "related: [gamma]", "gamma": "related: [alpha]"}
    folder = write_domain(
        tmp_path,
        skill_text("alpha", "broader: [beta]", *([related["alpha"]] if writer == "alpha" else [])),
        skill_text("beta", "broader: [gamma]"),
        skill_text("gamma", *([related["gamma"]] if writer == "gamma" else [])),
    )

    assert "alpha : à la fois plus large et voisine : gamma" in only_error(folder)


def test_a_link_to_a_retired_skill_is_a_warning_that_names_its_replacement(tmp_path):
    folder = write_domain(
        tmp_path,
        skill_text("alpha", "related: [old]"),
        skill_text("old", "status: deprecated", "replaced_by: beta", "related: [beta]"),
        skill_text("beta"),
    )

    assert errors(folder) == []
    found = [line for line in warnings(folder) if "retirée" in line]
    assert found == ["02-upstream.yaml, ligne 7 : alpha : lien vers « old », retirée : citez « beta »."]


def test_a_draft_replaces_nothing(tmp_path):
    folder = write_domain(
        tmp_path,
        skill_text("old", "status: deprecated", "replaced_by: beta"),
        skill_text("beta", "status: draft"),
    )

    assert "old : sa remplaçante « beta » est un brouillon : publiez-la d'abord." in only_error(folder)


# --- Mappings
def mapped(code, *lines):
    return skill_text(code, *lines)


def test_unknown_esco_uris_and_rome_codes_are_refused_where_the_open_data_are_there(tmp_path):
    folder = write_domain(
        tmp_path / "files",
        mapped(
            "alpha",
            f'esco: [{{uri: "{OTHER_ESCO}", match: close}}]',
            'rome: [{code: "123456", match: close}]',
        ),
        mapped(
            "beta", f'esco: [{{uri: "{FIRST_ESCO}", match: close}}]', 'rome: [{code: "999999", match: close}]'
        ),
    )
    open_data = write_open_data(tmp_path / "data", esco=(FIRST_ESCO,), rome=("123456",))

    found = errors(folder, open_data)

    assert errors(folder) == []
    assert f"ligne 7 : alpha : inconnu des données ouvertes : ESCO {OTHER_ESCO} ;" in found[0]
    assert "beta : inconnu des données ouvertes : ROME 999999 ; corrigez le code" in found[1]


def test_a_scheme_whose_data_are_absent_is_not_judged(tmp_path):
    line = 'rome: [{code: "999999", match: close}]'
    folder = write_domain(tmp_path / "files", mapped("alpha", line))

    assert errors(folder, write_open_data(tmp_path / "data", esco=(FIRST_ESCO,))) == []


@pytest.mark.parametrize("damage", ["cut short", "no gzip", "other columns"])
def test_open_data_that_cannot_be_read_are_named(tmp_path, damage):
    open_data = write_open_data(tmp_path / "data", rome=("123456",) * 1000)
    path = open_data / "rome" / "rome_competences.csv.gz"
    if damage == "cut short":
        path.write_bytes(path.read_bytes()[:-10])
    elif damage == "no gzip":
        path.write_text("code_ogr\n123456\n")
    else:
        write_open_data(tmp_path / "data", rome=("123456",))
        path.write_bytes(gzip.compress(b"code\n123456\n"))

    with pytest.raises(OSError, match=r"(?i)rome_competences|gzip") as refusal:
        errors(write_domain(tmp_path / "files", skill_text("alpha")), open_data)

    assert refusal.value is not None


def test_two_skills_are_not_the_same_foreign_one(tmp_path):
    line = 'rome: [{code: "123456", match: exact}]'
    close = 'rome: [{code: "123456", match: close}]'
    folder = write_domain(tmp_path, mapped("alpha", line), mapped("beta", line), mapped("gamma", close))

    assert "beta : « 123456 » est déjà l'équivalent exact de « alpha »" in only_error(folder)


def test_a_mapping_left_unsaid_is_a_warning_and_none_is_an_answer(tmp_path):
    folder = write_domain(
        tmp_path,
        skill_text("alpha", "esco: none", "rome: none"),
        skill_text("beta", "esco: []", 'rome: [{code: "123456", match: close}]'),
    )

    found = [line for line in warnings(folder) if "correspondance" in line]

    assert found == [
        "02-upstream.yaml, ligne 13 : beta : ni correspondance ESCO ni « esco: none » : dites si on a cherché."
    ]
