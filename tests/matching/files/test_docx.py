"""What a DOCX shows is what is read of it."""

import pytest

from tests.matching.files.cases import read, refusal_of, text_of
from tests.matching.files.docx_files import HEAD, cell, docx, paragraph, part, run, table, text_box
from tests.matching.files.zip_files import package

pytestmark = pytest.mark.any_database

SEEN = "Conduite de bioréacteur"
WHITE = '<w:color w:val="FFFFFF"/>'


def style(code: str, properties: str, kind: str = "character", more: str = "") -> str:
    return f'<w:style w:type="{kind}" w:styleId="{code}">{more}<w:rPr>{properties}</w:rPr></w:style>'


def boxed(content: str, **options: str) -> str:
    return f"<w:p>{text_box(content, **options)}</w:p>"


def placed(origin: str, offset: int) -> str:
    return f'<wp:positionH relativeFrom="{origin}"><wp:posOffset>{offset}</wp:posOffset></wp:positionH>'


def old_box(rules: str) -> str:
    content = f"<w:txbxContent>{paragraph('secret')}</w:txbxContent>"
    return f'<w:p><w:r><w:pict><v:shape style="{rules}"><v:textbox>{content}</v:textbox></v:shape></w:pict></w:r></w:p>'


def test_paragraphs_lists_tables_and_breaks_stay_apart():
    item = '<w:numPr><w:numId w:val="3"/></w:numPr>'
    found = read(
        docx(
            "Compétences",
            paragraph("chromatographie HPLC", properties=item),
            paragraph("culture cellulaire", properties=item),
            table(("2019–2023", "Technicienne"), ("2017–2019", "Opératrice")),
            paragraph("une ligne", "<w:r><w:br/></w:r>", "puis l’autre"),
            paragraph("bio", "<w:r><w:noBreakHyphen/></w:r>", "production"),
        )
    )
    assert found.text == (
        "Compétences\n- chromatographie HPLC\n- culture cellulaire\n2019–2023 | Technicienne\n2017–2019 | Opératrice\n\n"
        "une ligne\npuis l’autre\n\nbio-production"
    )
    assert (found.format, found.notices) == ("docx", ())


def test_a_page_laid_out_as_a_table_is_told_cell_after_cell():
    left = cell("Langues", "Anglais")
    right = cell("Expérience", "Opératrice de production")
    assert text_of(docx(table((left, right)))) == "Langues\nAnglais\nExpérience\nOpératrice de production"


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ("<w:vanish/>", "masqué"),
        ('<w:vanish w:val="true"/>', "masqué"),
        ("<w:webHidden/>", "masqué"),
        ('<w:rStyle w:val="Cache"/>', "masqué"),
        ('<w:rStyle w:val="CacheAussi"/>', "masqué"),
        (WHITE, "couleur du fond"),
        ('<w:color w:val="F4F4F4"/>', "couleur du fond"),
        ('<w:color w:val="000000" w:themeColor="background1"/>', "couleur du fond"),
        ('<w:color w:val="FF0000"/><w:shd w:val="clear" w:fill="FE0101"/>', "couleur du fond"),
        ('<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>', "couleur du fond"),
        ('<w:sz w:val="2"/>', "moins de 3 points"),
        ('<w:w w:val="1"/>', "moins de 3 points"),
        ("<w14:textFill><w14:noFill/></w14:textFill>", "transparent"),
        (
            '<w14:textFill><w14:solidFill><w14:srgbClr w14:val="000000"><w14:alpha w14:val="100000"/></w14:srgbClr>'
            "</w14:solidFill></w14:textFill>",
            "transparent",
        ),
        (
            '<w14:textFill><w14:solidFill><w14:srgbClr w14:val="FFFFFF"/></w14:solidFill></w14:textFill>',
            "couleur du fond",
        ),
    ],
)
def test_a_run_that_nobody_sees_is_not_read_and_its_reason_is_told(properties, reason):
    styles = style("Cache", "<w:vanish/>") + style("CacheAussi", "", more='<w:basedOn w:val="Cache"/>')
    found = read(docx(paragraph(SEEN, run(" mot secret", properties)), styles=styles))
    assert found.text == SEEN
    (notice,) = found.notices
    assert reason in notice
    assert "9 caractères" in notice
    assert "secret" not in notice


@pytest.mark.parametrize(
    "properties",
    [
        '<w:vanish w:val="0"/>',
        '<w:rStyle w:val="Cache"/><w:vanish w:val="false"/>',
        WHITE + '<w:shd w:val="clear" w:fill="1F3864"/>',
        WHITE + '<w:shd w:val="solid" w:color="1F3864" w:fill="FFFFFF"/>',
        WHITE + '<w:highlight w:val="black"/>',
        '<w:color w:val="auto"/>',
        '<w:color w:val="BBBBBB"/>',
        '<w:color w:themeColor="accent1" w:themeTint="99"/>',
        '<w:sz w:val="8"/>',
    ],
)
def test_a_run_that_is_seen_is_read(properties):
    theme = '<a:accent1><a:srgbClr val="4472C4"/></a:accent1>'
    found = read(docx(paragraph(run(SEEN, properties)), styles=style("Cache", "<w:vanish/>"), theme=theme))
    assert (found.text, found.notices) == (SEEN, ())


@pytest.mark.parametrize(
    "block",
    [
        paragraph(run("secret", WHITE), properties='<w:shd w:val="clear" w:fill="auto"/>'),
        paragraph("secret", properties='<w:pStyle w:val="Blanc"/>'),
        paragraph("secret", properties='<w:spacing w:line="1" w:lineRule="exact"/>'),
        paragraph("secret", properties='<w:ind w:left="30000"/>'),
        paragraph("secret", properties='<w:framePr w:x="-20000" w:y="0"/>'),
        table(("secret", "secret"), row='<w:trHeight w:val="1" w:hRule="exact"/>'),
        table(("secret",), row="<w:del/>"),
        table(("secret",), properties='<w:tblpPr w:tblpX="-20000"/>'),
        table((cell(paragraph(run("secret", WHITE)), properties='<w:shd w:fill="FFFFFF"/>'),)),
        table(("secret",), properties='<w:tblStyle w:val="Blanche"/>'),
        boxed(paragraph("secret"), extent='cx="1000" cy="900000"'),
        boxed(paragraph("secret"), place=placed("page", -9_000_000)),
        boxed(paragraph("secret"), place=placed("column", 30_000_000)),
        boxed(paragraph(run("secret", WHITE))),
        old_box("position:absolute;margin-left:-3000pt;width:90pt;height:40pt"),
        old_box("visibility:hidden"),
    ],
)
def test_a_block_that_nobody_sees_is_not_read(block):
    styles = (
        style("Blanc", WHITE, "paragraph")
        + '<w:style w:type="table" w:styleId="Blanche"><w:tblStylePr w:type="firstRow"><w:rPr>'
        + f"{WHITE}</w:rPr></w:tblStylePr></w:style>"
    )
    section = '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:left="1417"/>'
    found = read(docx(SEEN, block, styles=styles, section=section))
    assert found.text == SEEN
    assert len(found.notices) == 1


@pytest.mark.parametrize(
    "block",
    [
        paragraph(run("Blanc", WHITE), properties='<w:shd w:val="clear" w:fill="1F3864"/>'),
        paragraph("Blanc", properties='<w:pStyle w:val="Bandeau"/>'),
        table((cell(paragraph(run("Blanc", WHITE)), properties='<w:shd w:val="clear" w:fill="1F3864"/>'),)),
        table(("Blanc",), properties='<w:tblStyle w:val="Bleue"/>'),
        boxed(paragraph(run("Blanc", WHITE)), fill='<a:solidFill><a:srgbClr val="1F3864"/></a:solidFill>'),
        boxed(paragraph("Blanc")),
        boxed(paragraph("Blanc"), place=placed("column", -800_000)),
    ],
)
def test_a_light_text_on_a_dark_ground_is_read_once(block):
    styles = (
        '<w:style w:type="paragraph" w:styleId="Bandeau"><w:pPr><w:shd w:val="clear" w:fill="1F3864"/></w:pPr>'
        f"<w:rPr>{WHITE}</w:rPr></w:style>"
        '<w:style w:type="table" w:styleId="Bleue"><w:tblStylePr w:type="firstRow"><w:rPr>'
        f'{WHITE}</w:rPr><w:tcPr><w:shd w:val="clear" w:fill="4472C4"/></w:tcPr></w:tblStylePr></w:style>'
    )
    found = read(docx(SEEN, block, styles=styles))
    assert found.text == f"{SEEN}\nBlanc"
    assert found.notices == ()


def test_the_colour_of_the_page_is_the_ground():
    dark = '<w:background w:color="1F3864"/>'
    shown = {"set": ("settings", part("settings", "<w:displayBackgroundShape/>"))}
    block = paragraph(run(SEEN, WHITE))
    assert text_of(docx(block, background=dark, related=shown)) == SEEN
    assert "invisible" in refusal_of(docx(block, background=dark))


def test_a_hidden_light_text_tells_the_way_out():
    found = read(docx(SEEN, paragraph(run("secret", WHITE))))
    assert "donnez le CV en PDF" in found.notices[0]


def test_revisions_and_comments_are_told_and_not_read():
    comments = part(
        "comments", '<w:comment w:id="1"><w:p><w:r><w:t>remarque secrète</w:t></w:r></w:p></w:comment>'
    )
    found = read(
        docx(
            paragraph(
                SEEN,
                "<w:del><w:r><w:delText>secret</w:delText></w:r></w:del>",
                "<w:moveFrom><w:r><w:t>secret</w:t></w:r></w:moveFrom>",
                "<w:ins><w:r><w:t> de 200 L</w:t></w:r></w:ins>",
                '<w:r><w:commentReference w:id="1"/></w:r>',
            ),
            related={"c1": ("comments", comments)},
        )
    )
    assert found.text == f"{SEEN} de 200 L"
    assert "texte supprimé (suivi des modifications), 12 caractères" in found.notices[0]
    assert "commentaires, 15 caractères" in found.notices[0]


def note(number: int, words: str) -> str:
    return f'<w:footnote w:id="{number}">{paragraph(words)}</w:footnote>'


def test_headers_and_notes_that_are_shown_are_read_and_the_others_are_not():
    related = {
        "h1": ("header", part("hdr", paragraph("En-tête"))),
        "h2": ("header", part("hdr", paragraph("En-tête de première page, éteint"))),
        "h3": ("header", part("hdr", paragraph("En-tête sans section"))),
        "f1": ("footer", part("ftr", paragraph("Pied"))),
        "n1": ("footnotes", part("footnotes", note(2, "Note") + note(3, "Note que rien n’appelle"))),
    }
    section = (
        '<w:headerReference w:type="default" r:id="h1"/><w:headerReference w:type="first" r:id="h2"/>'
        '<w:footerReference w:type="default" r:id="f1"/>'
    )
    block = paragraph(SEEN, '<w:r><w:footnoteReference w:id="2"/></w:r>')
    assert text_of(docx(block, section=section, related=related)) == f"En-tête\n{SEEN}\nNote\nPied"
    with_first = docx(block, section=section + "<w:titlePg/>", related=related)
    assert "première page" in text_of(with_first)


def test_codes_of_fields_are_not_read_and_what_they_show_is():
    field = "<w:r><w:instrText>HYPERLINK secret</w:instrText></w:r><w:hyperlink><w:r><w:t>mon site</w:t></w:r></w:hyperlink>"
    assert text_of(docx(f"<w:p>{field}</w:p>")) == "mon site"


def test_styles_in_a_circle_are_cut():
    styles = style("A", "", more='<w:basedOn w:val="B"/>') + style("B", WHITE, more='<w:basedOn w:val="A"/>')
    assert "invisible" in refusal_of(docx(paragraph(run("secret", '<w:rStyle w:val="A"/>')), styles=styles))


def test_the_strict_dialect_is_read():
    namespace = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    data = package(
        {
            "[Content_Types].xml": f"{HEAD}<Types/>",
            "_rels/.rels": f'{HEAD}<Relationships><Relationship Id="r" Target="/word/document.xml" '
            'Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"/></Relationships>',
            "word/document.xml": f'<d xmlns="{namespace}"><body><p><r><t>{SEEN}</t></r></p></body></d>',
        }
    )
    assert text_of(data) == SEEN


def test_a_document_without_text_is_told():
    assert "aucun texte" in refusal_of(docx())
    assert "invisible (6 caractères)" in refusal_of(docx(paragraph(run("secret", "<w:vanish/>"))))
