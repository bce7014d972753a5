"""DOCX files written by hand."""

from tests.matching.files.zip_files import package

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{_W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" xmlns:v="urn:schemas-microsoft-com:vml"'
)
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def run(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    told = "".join(one if one.startswith("<") else run(one) for one in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{told}</w:p>"


def cell(*paragraphs: str, properties: str = "") -> str:
    told = "".join(one if one.startswith("<") else paragraph(one) for one in paragraphs)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{told}</w:tc>"


def table(*rows: tuple[str, ...], properties: str = "", row: str = "") -> str:
    told = "".join(
        f"<w:tr><w:trPr>{row}</w:trPr>{''.join(one if one.startswith('<w:tc>') else cell(one) for one in cells)}</w:tr>"
        for cells in rows
    )
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{told}</w:tbl>"


def text_box(
    content: str, *, fill: str = "", extent: str = 'cx="2000000" cy="900000"', place: str = ""
) -> str:
    """A drawn shape with a text, with its older twin that readers of today leave aside."""
    shape = (
        f'<wp:anchor>{place}<wp:extent {extent}/><wp:docPr id="1"/><a:graphic><a:graphicData><wps:wsp>'
        f"<wps:spPr>{fill}</wps:spPr>"
        f"<wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor>"
    )
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{shape}</w:drawing></mc:Choice><mc:Fallback><w:pict>'
        f"<v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def part(name: str, content: str) -> str:
    return f"{HEAD}<w:{name} {_NAMESPACES}>{content}</w:{name}>"


def docx(
    *blocks: str,
    styles: str = "",
    section: str = "",
    background: str = "",
    related: dict[str, tuple[str, str]] | None = None,
    theme: str = "",
) -> bytes:
    """A DOCX. `related` gives more parts: an identifier, and the kind and content of each."""
    told = "".join(one if one.startswith("<") else paragraph(one) for one in blocks)
    parts = {
        "[Content_Types].xml": f"{HEAD}<Types/>",
        "_rels/.rels": _relationships({"r1": ("officeDocument", "word/document.xml")}),
        "word/document.xml": part(
            "document", f"{background}<w:body>{told}<w:sectPr>{section}</w:sectPr></w:body>"
        ),
        "word/styles.xml": part("styles", styles),
    }
    links = {"s1": ("styles", "styles.xml")}
    if theme:
        parts["word/theme/theme1.xml"] = (
            f"{HEAD}<a:theme {_NAMESPACES}><a:clrScheme>{theme}</a:clrScheme></a:theme>"
        )
        links["t1"] = ("theme", "theme/theme1.xml")
    for code, (kind, content) in (related or {}).items():
        parts[f"word/{code}.xml"] = content
        links[code] = (kind, f"{code}.xml")
    parts["word/_rels/document.xml.rels"] = _relationships(links)
    return package(parts)


def _relationships(links: dict[str, tuple[str, str]]) -> str:
    told = "".join(
        f'<Relationship Id="{code}" Type="{_TYPES}/{kind}" Target="{target}"/>'
        for code, (kind, target) in links.items()
    )
    return f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{told}</Relationships>'
