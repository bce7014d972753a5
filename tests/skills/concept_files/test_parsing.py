"""What is written wrongly in a file is named with its line, and nothing is lost without a word."""

import pytest

from skills.concept_files.entries import LevelEntry
from skills.concept_files.parsing import read_referential
from skills.imports.yaml_source import Bilingual
from tests.skills.concept_files.folders import errors, only_error, write_senses
from tests.skills.factories import DOMAIN_TEXT, skill_text, write_domain


def read_one(folder, *lines, kind="know-how"):
    return read_referential(write_domain(folder, skill_text("alpha", *lines, kind=kind))).skills["alpha"]


def test_modalities_levels_and_none_are_read(tmp_path):
    skill = read_one(
        tmp_path,
        "modalities: [cell-therapy, vaccines]",
        "levels:",
        "  4: {fr: Conçoit., en: Designs.}",
        "  1: {fr: Connaît., en: Knows.}",
        "esco: none",
        "rome: none",
    )

    assert skill.modalities == ("vaccines", "cell-therapy")
    assert skill.levels == (
        LevelEntry(1, Bilingual("Connaît.", "Knows.")),
        LevelEntry(4, Bilingual("Conçoit.", "Designs.")),
    )
    assert skill.unmapped == ("esco", "rome")


def test_a_skill_that_says_nothing_is_for_every_modality_and_published(tmp_path):
    skill = read_one(tmp_path, kind="authorisation")

    assert (skill.modalities, skill.status, skill.kind) == (("all",), "published", "authorisation")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("modalities: [insulin]", "« modalities » : insulin ; valeurs admises : all, vaccines"),
        ("modalities: [all, vaccines]", "« all » se dit seul"),
        ("modalities: all", "« modalities » doit être une liste de textes"),
        ("levels: {5: {fr: Cinq., en: Five.}}", "niveau inconnu : 5 ; niveaux admis : 1, 2, 3, 4"),
        ("levels: {2: {fr: Deux.}}", "« 2.en » manque"),
        ("levels: [deux]", "« levels » doit être"),
        ("esco: aucune", "« esco » vaut « aucune » ; donnez une liste de correspondances, ou « none »"),
        ('rome: [{code: "123456", match: close}, {code: "123456", match: exact}]', "donné deux fois"),
        (
            "alternative: {fr: [cuve], eng: [tank]}",
            "« alternative » : langue inconnue, eng ; fr et en seulement",
        ),
        ("hidden: {fr: cuve}", "« hidden.fr » doit être une liste de textes"),
        ("acronyms: [{text: PV}]", "« context » manque"),
        ("acronyms: [{text: PV, context: []}]", "« context » manque"),
        ("acronyms: [{text: PV, context: {fr: [effets]}}]", "« context » doit être une liste de textes"),
        ("acronyms: [{text: PV, context: [pv, '…']}]", "« pv, … » ne distingue rien"),
        ("acronyms: [{text: PV, context: [effets], sens: effets}]", "champ inconnu : sens"),
        ("acronyms: PV", "« acronyms » doit être une liste de textes"),
        ("related: [alpha]", "ne se lie pas à elle-même"),
        ("replaced_by: alpha\n    status: deprecated", "ne se remplace pas elle-même"),
        ("status: deprecated", "nomme celle qui la remplace (replaced_by)"),
        ("status: draft\n    replaced_by: beta", "« replaced_by » ne va qu'avec « status: deprecated »"),
        (f"alternative: {{fr: ['{'œ' * 150}']}}", "est trop long"),
    ],
)
def test_a_wrong_field_is_named_with_its_skill_and_line(tmp_path, line, reason):
    error = only_error(write_domain(tmp_path, skill_text("beta"), skill_text("alpha", line)))

    assert error.startswith("02-upstream.yaml, ligne 11 : alpha : ")
    assert reason in error


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("{fr: Alpha, en: ''}", "« label.en » manque"),
        ("{en: Alpha}", "« label.fr » manque"),
        ("Alpha", "« label » doit donner fr et en"),
        ("{fr: [Alpha], en: Alpha}", "« label.fr » doit être un texte"),
        ("{fr: Alpha, en: Alpha, de: Alpha}", "« label » : langue inconnue, de"),
    ],
)
def test_a_missing_or_unknown_language_is_refused(tmp_path, label, reason):
    text = skill_text("alpha").replace("{fr: alpha fr, en: alpha en}", label)

    assert reason in only_error(write_domain(tmp_path, text))


def test_half_of_a_domains_definition_is_refused(tmp_path):
    domain = DOMAIN_TEXT.replace(
        "{fr: Cultiver des cellules., en: Growing cells.}", "{fr: Cultiver des cellules.}"
    )

    error = only_error(write_domain(tmp_path, skill_text("alpha"), domain=domain))

    assert error == "02-upstream.yaml, ligne 2 : domaine upstream : « definition.en » manque."


def test_a_code_given_twice_names_the_place_of_the_first(tmp_path):
    write_domain(tmp_path, skill_text("alpha"))
    other = DOMAIN_TEXT.replace("upstream", "downstream")
    write_domain(tmp_path, skill_text("alpha", label="other"), domain=other, name="03-downstream.yaml")

    assert only_error(tmp_path) == (
        "03-downstream.yaml, ligne 7 : alpha : ce code est déjà celui d'une autre compétence (02-upstream.yaml, ligne 7) : "
        "changez-le."
    )


@pytest.mark.parametrize(
    ("content", "place", "reason"),
    [
        ("skills:\n  - code: [\n", "ligne 2", "YAML illisible"),
        ("domain:\n  code: a: b\n", "ligne 2", "un texte qui contient « : » se met entre guillemets"),
        ("domain:\n\tcode: a\n", "ligne 2", "un texte qui commence par un signe se met entre guillemets"),
        ("domain:\n  code: a\n\tlabel: b\n", "ligne 3", "indentez avec des espaces, sans tabulation"),
        ("domain:\n  code: @a\n", "ligne 2", "un texte qui commence par un signe se met entre guillemets"),
        ('domain:\n  code: "a\n', "ligne 2", "un guillemet n'est pas refermé"),
        ("domain:\n  code: a\n label: b\n", "ligne 3", "une ligne est mal indentée"),
        ("domain: {code: a}\n---\ndomain: {code: b}\n", "ligne 2", "YAML illisible"),
        ("- alpha\n", "ligne 1", "ne contient pas de « clé: valeur »"),
    ],
)
def test_wrong_yaml_is_named_with_its_line_and_hides_no_other_file(tmp_path, content, place, reason):
    write_domain(tmp_path, skill_text("alpha", "color: red"))
    (tmp_path / "01-cells.yaml").write_text(content, "utf-8")

    first, second = errors(tmp_path)

    assert first.startswith(f"01-cells.yaml, {place} : ")
    assert reason in first
    assert "02-upstream.yaml, ligne 7 : alpha : champ inconnu : color." in second


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_another_encoding_is_named_with_its_line(tmp_path, encoding):
    write_domain(tmp_path, skill_text("alpha"))
    path = tmp_path / "02-upstream.yaml"
    path.write_bytes(path.read_text("utf-8").encode(encoding))

    error = only_error(tmp_path)

    # « Procédés » stands on line 4; UTF-16 starts with a mark that UTF-8 does not know.
    line = 4 if encoding == "latin-1" else 1
    assert (
        error
        == f"02-upstream.yaml, ligne {line} : le fichier n'est pas en UTF-8 : enregistrez-le dans cet encodage."
    )


def test_a_byte_order_mark_is_no_matter(tmp_path):
    write_domain(tmp_path, skill_text("alpha"))
    path = tmp_path / "02-upstream.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert errors(tmp_path) == []


def test_an_unreadable_file_does_not_make_links_to_its_skills_wrong(tmp_path):
    write_domain(tmp_path, skill_text("alpha", "broader: [beta]"))
    (tmp_path / "03-downstream.yaml").write_text("skills: [", "utf-8")

    assert only_error(tmp_path).startswith("03-downstream.yaml, ligne 1 : YAML illisible")


@pytest.mark.parametrize(
    ("sense", "reason"),
    [
        (("PV", "procès-verbal", ""), "PV : « context » manque"),
        (("PV", "", "réunion"), "PV : « meaning.fr » manque"),
        (("'!!'", "procès-verbal", "réunion"), "« !! » ne contient ni lettre ni chiffre"),
        (("P" * 41, "procès-verbal", "réunion"), "« acronym » dépasse 40 caractères"),
        (("PV", "procès-verbal", "PV, pv"), "« PV, pv » ne distingue rien"),
    ],
)
def test_a_wrong_sense_is_named_with_its_line(tmp_path, sense, reason):
    write_domain(tmp_path, skill_text("alpha"))
    write_senses(tmp_path, ("PV", "photovoltaïque", "panneaux"), sense)

    found = errors(tmp_path)

    assert found[0].startswith("acronym-senses.yaml, ligne 3 : ")
    assert any(reason in error for error in found)


def test_a_sense_given_twice_is_refused(tmp_path):
    write_domain(tmp_path, skill_text("alpha"))
    write_senses(tmp_path, ("PV", "procès-verbal", "réunion"), ("pv", "procès-verbal", "signature"))

    assert (
        "acronym-senses.yaml, ligne 3 : pv : le sens « procès-verbal » est déjà donné plus haut"
        in only_error(tmp_path)
    )
