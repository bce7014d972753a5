"""What an ODT shows is what is read of it."""

import pytest

from tests.matching.files.cases import read, refusal_of, text_of
from tests.matching.files.odt_files import odt, paragraph, span, style, text_style

pytestmark = pytest.mark.any_database

SEEN = "Conduite de bioréacteur"
WHITE = 'fo:color="#ffffff"'


def test_paragraphs_lists_tables_and_breaks_stay_apart():
    found = read(
        odt(
            '<text:h text:outline-level="1">Compétences</text:h>',
            "<text:list><text:list-item><text:p>chromatographie HPLC</text:p></text:list-item><text:list-item>"
            "<text:p>culture<text:s text:c='900000000'/>cellulaire</text:p></text:list-item></text:list>",
            "<table:table><table:table-row><table:table-cell><text:p>2019–2023</text:p></table:table-cell><table:table-cell>"
            "<text:p>Technicienne</text:p></table:table-cell></table:table-row></table:table>",
            "<text:p>une ligne<text:line-break/>puis l’autre</text:p>",
            "<text:p>Note<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Au bas</text:p>"
            "</text:note-body></text:note></text:p>",
        )
    )
    assert found.text == (
        "Compétences\n- chromatographie HPLC\n- culture cellulaire\n2019–2023 | Technicienne\n\n"
        "une ligne\npuis l’autre\nNote\nAu bas"
    )
    assert (found.format, found.notices) == ("odt", ())


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ('text:display="none"', "masqué"),
        (WHITE, "couleur du fond"),
        ('fo:color="#ff0000" fo:background-color="#ff0500"', "couleur du fond"),
        ('fo:font-size="1pt"', "moins de 3 points"),
        ('fo:font-size="5%"', "moins de 3 points"),
        ('style:text-scale="1%"', "moins de 3 points"),
        ('xmlns:loext="urn:x" loext:opacity="0%"', "transparent"),
    ],
)
def test_a_span_that_nobody_sees_is_not_read_and_its_reason_is_told(attributes, reason):
    automatic = text_style("T1", attributes) + text_style("T2", "", parent="T1")
    for name in ("T1", "T2"):
        found = read(odt(paragraph(SEEN, span(" mot secret", name)), automatic=automatic))
        assert found.text == SEEN
        assert reason in found.notices[0]
        assert "9 caractères" in found.notices[0]
        assert "secret" not in found.notices[0]


@pytest.mark.parametrize(
    "attributes",
    [
        WHITE + ' fo:background-color="#1f3864"',
        'fo:color="#bbbbbb"',
        'style:use-window-font-color="true"',
        'fo:font-size="4pt"',
    ],
)
def test_a_span_that_is_seen_is_read(attributes):
    found = read(odt(paragraph(span(SEEN, "T1")), automatic=text_style("T1", attributes)))
    assert (found.text, found.notices) == (SEEN, ())


@pytest.mark.parametrize(
    "block",
    [
        '<text:section text:display="none"><text:p>secret</text:p></text:section>',
        "<text:p>" + '<text:hidden-paragraph text:condition="ooow:1" text:is-hidden="true"/>secret</text:p>',
        '<text:p><text:hidden-text text:condition="1" text:string-value="secret" text:is-hidden="true"/></text:p>',
        '<table:table><table:table-row table:visibility="collapse"><table:table-cell><text:p>secret</text:p></table:table-cell>'
        "</table:table-row></table:table>",
        '<table:table><table:table-row table:style-name="Plate"><table:table-cell><text:p>secret</text:p></table:table-cell>'
        "</table:table-row></table:table>",
        '<text:p><draw:frame svg:x="-40cm" svg:y="1cm" svg:width="5cm" svg:height="2cm"><draw:text-box><text:p>secret</text:p>'
        "</draw:text-box></draw:frame></text:p>",
        '<text:p><draw:frame svg:width="0.01cm" svg:height="2cm"><draw:text-box><text:p>secret</text:p></draw:text-box>'
        "</draw:frame></text:p>",
        '<text:p text:style-name="Basse">secret</text:p>',
        '<text:p text:style-name="Loin">secret</text:p>',
        "<text:p>Sans suite<office:annotation><text:p>secret</text:p></office:annotation></text:p>",
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>secret</text:p></text:deletion></text:changed-region>"
        "</text:tracked-changes>",
        '<text:p><draw:frame svg:width="5cm"><draw:image/><svg:title>secret</svg:title></draw:frame></text:p>',
    ],
)
def test_what_nobody_sees_is_not_read(block):
    automatic = (
        style("Plate", '<style:table-row-properties style:row-height="0.01cm"/>', family="table-row")
        + style("Basse", '<style:paragraph-properties fo:line-height="0.02cm"/>', family="paragraph")
        + style("Loin", '<style:paragraph-properties fo:margin-left="90cm"/>', family="paragraph")
    )
    found = read(odt(SEEN, block, automatic=automatic))
    assert found.text.split("\n")[0] == SEEN
    assert "secret" not in found.text
    assert len(found.notices) == (0 if "svg:title" in block else 1)


@pytest.mark.parametrize(
    "block",
    [
        paragraph(span("Blanc", "T1"), style="Sombre"),
        "<table:table><table:table-row><table:table-cell table:style-name='Case'><text:p><text:span text:style-name='T1'>Blanc"
        "</text:span></text:p></table:table-cell></table:table-row></table:table>",
        "<text:p><draw:frame draw:style-name='Cadre' svg:width='5cm'><draw:text-box fo:min-height='0.01cm'><text:p>"
        "<text:span text:style-name='T1'>Blanc</text:span></text:p></draw:text-box></draw:frame></text:p>",
        "<draw:custom-shape draw:style-name='Forme' svg:width='5cm' svg:height='2cm'><text:p><text:span text:style-name='T1'>"
        "Blanc</text:span></text:p></draw:custom-shape>",
    ],
)
def test_a_light_text_on_a_dark_ground_is_read(block):
    automatic = (
        text_style("T1", WHITE)
        + style("Sombre", '<style:paragraph-properties fo:background-color="#1f3864"/>', family="paragraph")
        + style("Case", '<style:table-cell-properties fo:background-color="#1f3864"/>', family="table-cell")
        + style("Cadre", '<style:graphic-properties fo:background-color="#1f3864"/>', family="graphic")
        + style(
            "Forme",
            '<style:graphic-properties draw:fill="solid" draw:fill-color="#1f3864"/>',
            family="graphic",
        )
    )
    found = read(odt(SEEN, block, automatic=automatic))
    assert (found.text, found.notices) == (f"{SEEN}\nBlanc", ())


def test_the_colour_of_the_page_is_the_ground():
    layouts = (
        '<style:page-layout><style:page-layout-properties fo:background-color="#1f3864"/></style:page-layout>'
    )
    block = paragraph(span(SEEN, "T1"))
    automatic = text_style("T1", WHITE)
    assert text_of(odt(block, automatic=automatic, layouts=layouts)) == SEEN
    assert "invisible" in refusal_of(odt(block, automatic=automatic))


def test_headers_of_the_pages_in_use_are_read():
    masters = (
        '<style:master-page style:name="Standard"><style:header><text:p>En-tête</text:p></style:header>'
        '<style:header-first style:display="false"><text:p>Éteint</text:p></style:header-first>'
        '<style:footer><text:p>Pied</text:p></style:footer></style:master-page><style:master-page style:name="Inutile">'
        "<style:header><text:p>secret</text:p></style:header></style:master-page>"
    )
    assert text_of(odt(SEEN, masters=masters)) == f"En-tête\n{SEEN}\nPied"


def test_automatic_styles_of_headers_and_of_the_content_are_apart():
    masters = (
        '<style:master-page style:name="Standard"><style:header><text:p><text:span text:style-name="T1">En-tête</text:span>'
        "</text:p></style:header></style:master-page>"
    )
    data = odt(
        paragraph(span("secret", "T1")),
        SEEN,
        automatic=text_style("T1", 'text:display="none"'),
        layouts=text_style("T1", ""),
        masters=masters,
    )
    assert text_of(data) == f"En-tête\n{SEEN}"


def test_an_encrypted_document_is_told():
    locked = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    assert "mot de passe" in refusal_of(odt(SEEN, manifest=locked))


def test_other_documents_of_the_family_are_told():
    calc = "application/vnd.oasis.opendocument.spreadsheet"
    assert "ni un DOCX ni un ODT" in refusal_of(odt(SEEN, mimetype=calc))
