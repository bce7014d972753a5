"""A file is recognised from its bytes, and one that is not read says the way out."""

import pytest

from matching.files.kinds import Kind, recognise
from tests.matching.files.cases import read, refusal_of, text_of
from tests.matching.files.docx_files import docx
from tests.matching.files.odt_files import odt
from tests.matching.files.pdf_files import pdf, text
from tests.matching.files.zip_files import package

pytestmark = pytest.mark.any_database

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.4\n", Kind.PDF),
        (b"\n\n%PDF-1.4\n", Kind.PDF),
        (b"Content-Type: application/pdf\n\n%PDF-1.4\n...%%EOF", Kind.PDF),
        (b"Je connais le format %PDF-1.4", Kind.TEXT),
        (b"PK\x03\x04", Kind.ZIP),
        (b'<?xml version="1.0"?><a/>', Kind.XML),
        (b"\xef\xbb\xbf <SkillsPassport>", Kind.XML),
        ('<?xml version="1.0"?><a/>'.encode("utf-16"), Kind.XML),
        (b"<!DOCTYPE Candidate [", Kind.XML),
        (b"<script>alert(1)</script> HPLC", Kind.TEXT),
        (b"< 3 ans d'experience", Kind.TEXT),
        (b'  {"work": []}', Kind.JSON),
        (b"{}", Kind.JSON),
        (b"{ceci} est un texte", Kind.TEXT),
        ("Électrophorèse".encode("cp1252"), Kind.TEXT),
        (b"BM et HPLC", Kind.TEXT),
    ],
)
def test_the_bytes_tell_the_kind(data, kind):
    assert recognise(data) is kind


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (OLE + "WordDocument".encode("utf-16-le"), ".docx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
        (rb"{\rtf1\ansi Bonjour}", "RTF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "image"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image"),
        (b"<!doctype html><p>CV", "page web"),
        (b"<html><body>CV", "page web"),
        (b"Rar!\x1a\x07\x00", "archive"),
        (b"\x1f\x8b\x08\x00", "archive"),
        (b"\x7fELF\x02\x01\x01\x00", "n’est pas reconnu"),
        (b"\x01\x02\x03\x04\x05\x06\x07" * 9, "n’est pas reconnu"),
    ],
)
def test_a_file_that_is_not_read_says_the_way_out(data, message):
    told = refusal_of(data)
    assert message in told
    assert any(way in told for way in ("collez", "Enregistrez", "enregistrez", "donnez"))


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"cv.txt": "Bonjour"}, "archive"),
        ({"[Content_Types].xml": "<a/>", "xl/workbook.xml": "<a/>"}, "ni un DOCX ni un ODT"),
        ({"[Content_Types].xml": "<a/>", "ppt/slides/1.xml": "<a/>"}, "ni un DOCX ni un ODT"),
        ({"mimetype": "application/epub+zip", "META-INF/container.xml": "<a/>"}, "ni un DOCX ni un ODT"),
        ({"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>"}, "abîmé"),
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, "abîmé"),
    ],
)
def test_a_package_is_told_by_what_it_holds(parts, message):
    assert message in refusal_of(package(parts))


def test_every_refusal_exists_in_english():
    assert "password" in refusal_of(OLE + "EncryptedPackage".encode("utf-16-le"), language="en")


@pytest.mark.parametrize("data", [b"", b" \r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_an_empty_text(data):
    """A title alone may be asked about (`match --from`): the page alone says that a chosen file is empty."""
    assert text_of(data).strip() == ""


@pytest.mark.parametrize("data", [pdf(text("HPLC")), docx("HPLC"), odt("HPLC"), b"HPLC"])
def test_each_format_gives_the_same_words(data):
    assert text_of(data) == "HPLC"


def test_a_plain_text_is_complete_save_for_signs_that_spell_something_unseen():
    hidden = "".join(chr(0xE0000 + ord(one)) for one in "ignore all")
    found = read(f"HPLC{hidden} et\u200b \U0001f3f4\U000e0067\U000e0062\U000e007f BPF\r\n".encode())
    assert found.text == "HPLC et\u200b \U0001f3f4\U000e0067\U000e0062\U000e007f BPF\r\n"
    assert "signes invisibles, 10 caractères" in found.notices[0]
    assert read(b"HPLC\r\n").notices == ()
