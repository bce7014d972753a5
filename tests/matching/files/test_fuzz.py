"""Damaged files of every format end in a text or a message, never in anything else, and in time."""

import random
import re
import time
import zipfile
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.errors import TextRefused
from matching.files.child import read
from matching.files.formats.pdf_layout import page_text
from matching.files.kinds import Kind, recognise
from matching.files.limits import Limits
from matching.files.reading import read_file
from matching.files.results import FileText, Found, Unreadable
from tests.matching.files.cv_files import CANDIDATE, JSON_RESUME, SKILLS_PASSPORT
from tests.matching.files.docx_files import docx, paragraph, part, run, table, text_box
from tests.matching.files.odt_files import odt, span, style, text_style
from tests.matching.files.odt_files import paragraph as odt_paragraph
from tests.matching.files.pdf_files import Page, image, pdf, text
from tests.matching.files.zip_files import package

pytestmark = pytest.mark.any_database

SAMPLES = {
    "pdf": pdf(
        Page(
            text("Conduite de bioréacteur")
            + text("secret", before="1 g")
            + "/X1 Do "
            + image(10, 10, 90, 90),
            rotate=90,
        ),
        text("Deuxième page"),
    ),
    "docx": docx(
        "Conduite de bioréacteur",
        paragraph(run("secret", "<w:vanish/>")),
        table(("HPLC", "expert")),
        f"<w:p>{text_box(paragraph('Boîte'))}</w:p>",
        styles='<w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="B"/></w:style>',
    ),
    "odt": odt(
        odt_paragraph("Conduite de bioréacteur", span("secret", "T1")),
        automatic=text_style("T1", 'text:display="none"'),
    ),
    "skills-passport": SKILLS_PASSPORT.encode(),
    "candidate": CANDIDATE.encode(),
    "json-resume": JSON_RESUME.encode(),
}


def damaged(data: bytes, seed: int) -> bytes:
    """A copy with a few bytes changed, a stretch lost or doubled, or an end cut off."""
    chance = random.Random(seed)  # noqa: S311 - the same damage at every run
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 20))):
        place = chance.randrange(len(changed))
        action = chance.randrange(5)
        if action == 0:
            changed[place] = chance.randrange(256)
        elif action == 1:
            del changed[place : place + chance.randrange(1, 60)]
        elif action == 2:
            changed[place:place] = changed[place : place + chance.randrange(1, 200)]
        elif action == 3:
            changed[place : place + 4] = chance.choice(
                (b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"9999", b"-1 -")
            )
        else:
            del changed[max(10, place) :]
        if not changed:
            return b""
    return bytes(changed)


ODD_VALUES = (
    "",
    "-1",
    "NaN",
    "inf",
    "1e999",
    "9" * 400,
    "é",
    "0%",
    "-5cm",
    "auto",
    "\u0663",
    "true",
    "#12",
    "word/document.xml",
)


def with_odd_values(data: bytes, seed: int) -> bytes:
    """The same package, well formed, in which a few attributes have values that nobody writes, or elements other names."""
    chance = random.Random(seed)  # noqa: S311 - the same oddities at every run
    archive = zipfile.ZipFile(BytesIO(data))
    parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for name in parts:
        if name.endswith((".xml", ".rels")) and chance.random() < 0.8:
            share = chance.choice((0.02, 0.2))
            odd = lambda found: f'="{chance.choice(ODD_VALUES)}"' if chance.random() < share else found[0]  # noqa: B023, E731
            parts[name] = re.sub(r'="[^":/]*"', odd, parts[name])
    return package(parts)


def rich_docx() -> bytes:
    """One of everything that the reader looks at."""
    related = {
        "h1": ("header", part("hdr", paragraph("En-tête"))),
        "n1": ("footnotes", part("footnotes", f'<w:footnote w:id="2">{paragraph("Note")}</w:footnote>')),
        "set": ("settings", part("settings", '<w:displayBackgroundShape/><w:evenAndOddHeaders w:val="1"/>')),
    }
    return docx(
        paragraph(
            run(
                "a",
                '<w:color w:val="FF0000" w:themeColor="accent1" w:themeTint="99"/><w:sz w:val="20"/><w:w w:val="90"/>',
            ),
            run(
                "b",
                '<w:vanish w:val="0"/><w:highlight w:val="red"/><w:rStyle w:val="A"/><w:shd w:val="solid" w:fill="00"/>',
            ),
            '<w:r><w:footnoteReference w:id="2"/></w:r>',
            properties='<w:ind w:left="3"/><w:framePr w:x="3" w:y="2"/><w:spacing w:line="240" w:lineRule="exact"/>'
            '<w:numPr><w:numId w:val="1"/></w:numPr><w:shd w:fill="FFFFFF"/>',
        ),
        table(
            ("c", "d"),
            ("e", "f"),
            properties='<w:tblStyle w:val="T"/><w:tblpPr w:tblpX="3"/><w:tblLook w:val="04A0"/>',
            row='<w:trHeight w:val="300" w:hRule="exact"/>',
        ),
        f"<w:p>{text_box(paragraph('g'), place='<wp:positionH><wp:posOffset>1</wp:posOffset></wp:positionH>')}</w:p>",
        '<w:p><w:r><w:pict><v:shape style="margin-left:3pt;width:9pt" fillcolor="red"><v:textbox><w:txbxContent>'
        + paragraph("h")
        + "</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>",
        styles='<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:styleId="A" w:default="1"><w:basedOn w:val="B"/></w:style>'
        '<w:style w:type="table" w:styleId="T"><w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:fill="4472C4"/></w:tcPr>'
        "</w:tblStylePr></w:style>",
        section='<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:left="1417"/><w:headerReference w:type="default" r:id="h1"/>',
        background='<w:background w:color="EEEEEE"/>',
        related=related,
        theme='<a:accent1><a:srgbClr val="4472C4"/></a:accent1>',
    )


def rich_odt() -> bytes:
    return odt(
        odt_paragraph("a", span("b", "T1"), "<text:s text:c='3'/>", style="P1"),
        '<text:section text:style-name="S" text:display="true"><text:p>c</text:p></text:section>',
        '<table:table table:style-name="A"><table:table-row table:style-name="R" table:visibility="visible"><table:table-cell '
        'table:style-name="C"><text:p>d</text:p></table:table-cell></table:table-row></table:table>',
        '<text:p><draw:frame svg:x="1cm" svg:y="2cm" svg:width="3cm" svg:height="4cm" draw:style-name="G"><draw:text-box '
        'fo:min-height="1cm"><text:p>e</text:p></draw:text-box></draw:frame></text:p>',
        automatic=text_style(
            "T1",
            'fo:color="#ff0000" fo:font-size="50%" style:text-scale="90%" text:display="true"',
            parent="T2",
        )
        + style(
            "P1",
            '<style:paragraph-properties fo:margin-left="1cm" fo:line-height="100%"/>',
            family="paragraph",
        )
        + style("R", '<style:table-row-properties style:row-height="1cm"/>', family="table-row"),
        common=text_style("T2", 'fo:font-size="12pt"', parent="T1"),
        masters='<style:master-page style:name="S"><style:header style:display="true"><text:p>f</text:p></style:header>'
        "</style:master-page>",
        layouts='<style:page-layout><style:page-layout-properties fo:page-width="21cm" fo:background-color="#ffffff"/>'
        "</style:page-layout>",
    )


@pytest.mark.parametrize("make", [rich_docx, rich_odt])
def test_values_that_nobody_writes_raise_nothing_else(make):
    sample = make()
    assert read(Kind.ZIP, sample, Limits()).text
    for seed in range(150):
        with suppress(Unreadable):
            assert isinstance(read(Kind.ZIP, with_odd_values(sample, seed), Limits()), Found)


@pytest.mark.parametrize("name", SAMPLES)
def test_damaged_files_end_in_a_text_or_a_message(name):
    for seed in range(8):
        started = time.monotonic()
        data = damaged(SAMPLES[name], seed)
        with suppress(TextRefused):
            assert isinstance(read_file(data, Limits(seconds=10.0)), FileText)
        assert time.monotonic() - started < 14


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "pdf"])
def test_readers_in_our_own_language_raise_nothing_else(name):
    """Here, without the child around them: a fault would be seen."""
    for seed in range(250):
        data = damaged(SAMPLES[name], seed)
        with suppress(Unreadable):
            kind = recognise(data)
            if kind not in {Kind.TEXT, Kind.PDF}:
                assert isinstance(read(kind, data, Limits()), Found)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400))
def test_random_bytes_are_recognised_or_refused(data):
    with suppress(Unreadable):
        assert recognise(data) in Kind


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_random_texts_are_read_or_refused(told):
    data = told.encode("utf-8", "surrogatepass")
    with suppress(TextRefused, Unreadable):
        if recognise(data) is Kind.TEXT:
            assert isinstance(read_file(data), FileText)


def test_no_words_make_no_text():
    assert page_text([]) == ""
