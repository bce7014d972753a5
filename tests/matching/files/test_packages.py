"""Zip bombs and packages that lie are refused before they cost anything."""

import zipfile
from io import BytesIO

import pytest

from tests.matching.files.cases import refusal_of, text_of
from tests.matching.files.docx_files import docx, paragraph
from tests.matching.files.odt_files import odt
from tests.matching.files.zip_files import package, with_declared_size, with_flag

pytestmark = pytest.mark.any_database

NAME = "word/document.xml"


def changed(parts: dict[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A DOCX with some parts added or replaced."""
    archive = zipfile.ZipFile(BytesIO(docx("HPLC")))
    return package({**{name: archive.read(name) for name in archive.namelist()}, **parts}, method=method)


def test_a_part_that_inflates_too_much_is_a_bomb():
    for size in (3_000_000, 30_000_000):
        bomb = b"<d>" + b" " * size + b"</d>"
        assert "taille anormale" in refusal_of(changed({NAME: bomb}))
        assert "taille anormale" in refusal_of(changed({"word/styles.xml": bomb}))


def test_many_parts_of_which_none_is_a_bomb_are_one_together():
    """Each part keeps below its own limits: repeated noise inflates sixty times."""
    noise = bytes(range(33, 127)) * 4
    parts = {
        f"word/header{n}.xml": b"<h>" + noise.replace(b"<", b"").replace(b"&", b"") * 50_000 + b"</h>"
        for n in range(3)
    }
    links = "".join(f'<Relationship Id="h{n}" Type="/header" Target="header{n}.xml"/>' for n in range(3))
    references = "".join(
        f'<w:headerReference xmlns:r="urn:r" w:type="default" r:id="h{n}"/>' for n in range(3)
    )
    document = zipfile.ZipFile(BytesIO(docx("HPLC", section=references))).read(NAME)
    data = changed(
        {**parts, NAME: document, "word/_rels/document.xml.rels": f"<Relationships>{links}</Relationships>"}
    )
    assert len(data) < 5_000_000
    assert "taille anormale" in refusal_of(data)


def test_too_many_entries_or_too_large_a_directory_are_refused():
    assert "taille anormale" in refusal_of(changed({f"word/media/{n}": b"" for n in range(2_100)}))
    declared = with_declared_size(
        changed({"word/media/photo.png": b"x"}), "word/media/photo.png", 400_000_000
    )
    assert "taille anormale" in refusal_of(declared)


def test_photos_are_not_inflated():
    """A photo may be of any ratio: it is never read."""
    assert text_of(changed({"word/media/photo.bmp": b"\x00" * 40_000_000})) == "HPLC"


@pytest.mark.parametrize("size", [0, 10, 5_000])
def test_a_size_that_lies_is_told_as_damage(size):
    long = docx(*(paragraph(f"Ligne {n}") for n in range(2_000)))
    assert "abîmé" in refusal_of(with_declared_size(long, NAME, size))


def test_a_locked_package_is_told():
    assert "mot de passe" in refusal_of(with_flag(docx("HPLC"), 0x1))
    assert "mot de passe" in refusal_of(with_flag(odt("HPLC"), 0x1))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_no_word_processor_uses_are_refused(method):
    assert "abîmé" in refusal_of(changed({NAME: b"<d>" + b" " * 10_000 + b"</d>"}, method=method))


def test_two_parts_of_one_name_are_refused():
    held = BytesIO(docx("HPLC"))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(held, "a") as archive:
        archive.writestr(NAME, "<d/>")
    assert "abîmé" in refusal_of(held.getvalue())


@pytest.mark.parametrize("part", [NAME, "word/styles.xml", "_rels/.rels"])
def test_entities_are_refused_in_every_part(part):
    assert "DTD" in refusal_of(changed({part: '<!DOCTYPE d [<!ENTITY a "ha">]><d>&a;</d>'}))


def test_a_target_outside_the_package_is_left_alone():
    links = (
        '<Relationships><Relationship Id="a" Type="/styles" Target="../../../etc/passwd"/>'
        '<Relationship Id="b" Type="/theme" Target="http://127.0.0.1:9/t.xml" TargetMode="External"/></Relationships>'
    )
    assert text_of(changed({"word/_rels/document.xml.rels": links})) == "HPLC"


@pytest.mark.parametrize("cut", [5, 30, 200, -1, -20, -60])
def test_a_package_cut_short_is_told_as_damage(cut):
    assert "abîmé" in refusal_of(docx("HPLC")[:cut])
    assert "abîmé" in refusal_of(odt("HPLC")[:cut])
