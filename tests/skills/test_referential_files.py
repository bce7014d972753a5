"""The referential's files: every mistake is named with its place, and stops only the skill it is in."""

import pytest

from skills.concept_files.parsing import read_referential
from skills.concept_files.rules import cyclic_codes
from skills.imports.yaml_source import YamlUnreadable, read_yaml
from tests.skills.factories import DOMAIN_TEXT, skill_text, write_domain

ESCO = "http://data.europa.eu/esco/skill/11111111-2222-3333-4444-555555555555"


def test_a_skill_is_read_whole(tmp_path):
    folder = write_domain(
        tmp_path,
        skill_text(
            "bioreactor-operation",
            "alternative: {fr: [conduite de bioréacteur], en: [bioreactor runs]}",
            "hidden: {fr: [bioreacteurs], en: []}",
            "acronyms: [USP]",
            "related: [cell-biology]",
            f'esco: [{{uri: "{ESCO}", match: close}}]',
            'rome: [{code: "123456", match: exact}]',
        ),
        skill_text("cell-biology", kind="knowledge"),
    )

    files = read_referential(folder)

    assert files.errors == []
    skill = files.skills["bioreactor-operation"]
    assert (skill.kind, skill.status, skill.domain, skill.line) == ("know-how", "published", "upstream", 7)
    assert {(label.kind, label.language, label.text) for label in skill.labels} == {
        ("alternative", "fr", "conduite de bioréacteur"),
        ("alternative", "en", "bioreactor runs"),
        ("hidden", "fr", "bioreacteurs"),
        ("acronym", "", "USP"),
    }
    assert {(m.scheme, m.code, m.match) for m in skill.mappings} == {
        ("esco", ESCO, "close"),
        ("rome", "123456", "exact"),
    }
    assert files.domains["upstream"].position == 2


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["type: talent"], "deux fois"),
        (["status: retired"], "« status » vaut « retired »"),
        (["status: deprecated"], "nomme celle qui la remplace"),
        (["replaced_by: other-skill"], "« replaced_by » ne va qu'avec"),
        (["esco: [{uri: 'http://example.org/1', match: close}]"], "n'est pas un code ESCO"),
        (["rome: [{code: '123456', match: same}]"], "« match » vaut « same »"),
        (["alternative: [texte]"], "doit donner des listes fr et en"),
        (["acronyms: ['!!']"], "ni lettre ni chiffre"),
        (["related: [wrong-skill]"], "ne se lie pas à elle-même"),
        (["level: 3"], "champ inconnu : level"),
        ([f"hidden: {{fr: ['{'x' * 201}']}}"], "dépasse 200 caractères"),
    ],
)
def test_a_wrong_skill_is_refused_alone_with_its_place(tmp_path, lines, reason):
    is_yaml_error = "deux fois" in reason
    folder = write_domain(tmp_path, skill_text("wrong-skill", *lines), skill_text("right-skill"))

    files = read_referential(folder)

    assert len(files.errors) == 1
    assert reason in files.errors[0].reason
    assert files.errors[0].source == "02-upstream.yaml"
    assert files.errors[0].line == (11 if is_yaml_error else 7)
    # A key given twice leaves the file unreadable as a whole; anything else stops one skill only.
    assert set(files.skills) == (set() if is_yaml_error else {"right-skill"})


def test_missing_languages_are_all_named_at_once(tmp_path):
    skill = "  - code: half\n    type: know-how\n    label: {fr: Moitié}\n    definition: {en: Half.}\n"

    files = read_referential(write_domain(tmp_path, skill))

    assert len(files.errors) == 1
    assert "« label.en » manque." in files.errors[0].reason
    assert "« definition.fr » manque." in files.errors[0].reason


def test_codes_are_checked_and_unique_across_files(tmp_path):
    write_domain(tmp_path, skill_text("one-skill"), skill_text("Été"))
    other = DOMAIN_TEXT.replace("upstream", "downstream")
    write_domain(tmp_path, skill_text("one-skill", label="other"), domain=other, name="03-downstream.yaml")

    reasons = [error.reason for error in read_referential(tmp_path).errors]

    assert len(reasons) == 2
    assert "« Été » n'est pas un code" in reasons[0]
    assert "déjà celui d'une autre compétence" in reasons[1]


def test_a_text_given_twice_in_one_skill_is_kept_once(tmp_path):
    lines = ["alternative: {fr: [culture en bioréacteur]}", "hidden: {fr: [culture en bioreacteur]}"]

    skill = read_referential(write_domain(tmp_path, skill_text("one-skill", *lines))).skills["one-skill"]

    assert [(label.kind, label.text) for label in skill.labels] == [("alternative", "culture en bioréacteur")]


def test_words_that_yaml_would_turn_into_booleans_stay_words(tmp_path):
    skill = read_referential(
        write_domain(tmp_path, skill_text("one-skill", "acronyms: [NO, ON]", "hidden: {fr: [2x8]}"))
    ).skills["one-skill"]

    assert {label.text for label in skill.labels} == {"NO", "ON", "2x8"}


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"a: 1\nb: ]\n", 2, "YAML illisible"),
        ("a: 1\né: 1".encode("latin-1"), 2, "enregistrez-le"),
        (b"a: &x [1]\nb: *x\n", 1, "ancres"),
        (b"- a\n- b\n", 1, "ne contient pas"),
        (b"", 1, "ne contient pas"),
        (b"a: 1\na: 2\n", 2, "deux fois"),
        (b"a: 1\nb: \x01\n", 2, "caractère interdit"),
        (b"a: " + b"[" * 100_000, 1, "imbrication"),
    ],
)
def test_unusable_yaml_is_refused_with_its_line(tmp_path, content, line, reason):
    path = tmp_path / "file.yaml"
    path.write_bytes(content)

    with pytest.raises(YamlUnreadable) as refusal:
        read_yaml(path)

    assert reason in refusal.value.error.reason
    assert refusal.value.error.line == line


def test_cycles_are_found_with_their_way_round():
    links = {"a": ("b",), "b": ("c",), "c": ("a", "d"), "d": (), "e": ("a",)}

    assert set(cyclic_codes(links)) == {"a", "b", "c"}
    assert cyclic_codes(links)["a"] == ["a", "b", "c", "a"]
