"""Europass and JSON Resume: what speaks of work and skills is told, who the person is never."""

import json

import pytest

from matching.files.formats.cv_lines import at
from matching.files.formats.europass import europass_lines
from matching.files.formats.html import lines_of_html
from matching.files.formats.json_resume import resume_lines
from tests.matching.files.cases import read, refusal_of, text_of
from tests.matching.files.cv_files import (
    CANDIDATE,
    CANDIDATE_TEXT,
    IDENTITY,
    JSON_RESUME,
    JSON_RESUME_TEXT,
    SKILLS_PASSPORT,
    SKILLS_PASSPORT_JSON,
    SKILLS_PASSPORT_TEXT,
)

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("document", "file_format", "expected"),
    [
        (SKILLS_PASSPORT, "europass-xml", SKILLS_PASSPORT_TEXT),
        (SKILLS_PASSPORT_JSON, "europass-json", SKILLS_PASSPORT_TEXT),
        (CANDIDATE, "europass-xml", CANDIDATE_TEXT),
        (JSON_RESUME, "json-resume", JSON_RESUME_TEXT),
    ],
)
def test_a_structured_cv_is_told_in_lines_without_the_person(document, file_format, expected):
    found = read(document.encode())
    assert found.text == expected
    assert found.format == file_format
    assert not [word for word in IDENTITY if word in found.text]


@pytest.mark.parametrize("document", [SKILLS_PASSPORT, SKILLS_PASSPORT_JSON, CANDIDATE, JSON_RESUME])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_of_encoding_change_nothing(document, encoding):
    plain = document.replace(' encoding="UTF-8"', "")
    assert text_of(plain.encode(encoding)) == text_of(document.encode())


def test_other_xml_and_json_are_told_what_they_are_not():
    assert "n’est pas un CV Europass" in refusal_of(b'<?xml version="1.0"?><rss><channel/></rss>')
    assert "page web" in refusal_of(b'<?xml version="1.0"?><html><body>CV</body></html>')
    for document in ({"a": 1}, {"LearnerInfo": {}}, {"nested": {"work": []}}):
        assert "ni un JSON Resume" in refusal_of(json.dumps(document).encode())
    assert "abîmé" in refusal_of(b'{"work": [')
    assert "abîmé" in refusal_of(SKILLS_PASSPORT.encode()[:600])


@pytest.mark.parametrize(
    "document",
    [
        {"work": "texte"},
        {"work": [None, 3, "Opératrice", ["x"]], "skills": {"name": "HPLC"}},
        {"work": [{"position": {"a": 1}, "highlights": {"b": [2]}}], "languages": ["Anglais"]},
        {
            "SkillsPassport": {
                "LearnerInfo": {"WorkExperience": {"Position": {"Label": "Opératrice"}}, "Skills": []}
            }
        },
        {
            "SkillsPassport": {
                "LearnerInfo": {
                    "WorkExperience": [3, None],
                    "Education": "texte",
                    "Skills": {"Driving": 4, "Other": "BTS"},
                }
            }
        },
    ],
)
def test_fields_of_another_shape_never_break_the_reading(document):
    told = [line for line in resume_lines(document) if line]
    told += europass_lines(at(document, "SkillsPassport", "LearnerInfo"))
    assert all(isinstance(line, str) for line in told)
    assert any(word in "".join(told) for word in ("Opératrice", "BTS", "Anglais", "texte", "2"))


def test_a_cv_with_nothing_to_say_is_told():
    assert "aucun texte" in refusal_of(json.dumps({"basics": {"name": "Ada"}}).encode())


BILLION = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "prologue",
    [
        f'<!DOCTYPE SkillsPassport [<!ENTITY l0 "ha">{BILLION}]>',
        f'<!DOCTYPE SkillsPassport [<!ENTITY l0 "{"a" * 50_000}">]>',
        '<!DOCTYPE SkillsPassport [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE SkillsPassport [<!ENTITY % d SYSTEM "http://127.0.0.1:9/x.dtd"> %d;]>',
        '<!DOCTYPE SkillsPassport SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_bombs_and_external_entities_are_refused(prologue, encoding):
    field = f"<Headline><Description>&l9;{'&l0;' * 200}</Description></Headline>"
    document = f"{prologue}<SkillsPassport><LearnerInfo>{field}</LearnerInfo></SkillsPassport>"
    assert "DTD" in refusal_of(document.encode(encoding))


def test_deep_nesting_ends_in_a_message():
    deep = (
        "<SkillsPassport><LearnerInfo>"
        + "<Skills>" * 200
        + "</Skills>" * 200
        + "</LearnerInfo></SkillsPassport>"
    )
    assert refusal_of(deep.encode())
    assert refusal_of(b'{"work":' + b"[" * 200_000 + b"]" * 200_000 + b"}")
    assert refusal_of(b'{"work":' + b'{"work":' * 5_000 + b"1" + b"}" * 5_001)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Une ligne\nune autre", ["Une ligne", "une autre"]),
        ("<p>Un</p><p>Deux &amp; trois</p>", ["Un", "Deux & trois"]),
        ("<ul><li>Un</li><li>Deux</li></ul>", ["- Un", "- Deux"]),
        ("pH < 7 et T > 3", ["pH < 7 et T > 3"]),
        ("R&amp;D\nHPLC", ["R&D", "HPLC"]),
        ("<p>une\nphrase</p>", ["une phrase"]),
        ("<script>secret</script><style>secret</style>Vu", ["Vu"]),
        ('<p style="visibility : hidden">secret <b>secret</b></p>Vu', ["Vu"]),
        ("<p hidden>secret<br>secret</p>Vu", ["Vu"]),
        ("<p>Pas fermé", ["Pas fermé"]),
        ("<ul><li></li></ul>", []),
    ],
)
def test_rich_text_of_a_field_becomes_lines(field, expected):
    assert lines_of_html(field) == expected
