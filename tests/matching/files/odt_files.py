"""ODT files written by hand."""

from tests.matching.files.zip_files import package

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("text", "text"),
        ("style", "style"),
        ("table", "table"),
        ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"),
        ("svg", "svg-compatible"),
        ("manifest", "manifest"),
    )
)
MIMETYPE = "application/vnd.oasis.opendocument.text"


def span(words: str, style: str) -> str:
    return f'<text:span text:style-name="{style}">{words}</text:span>'


def paragraph(*pieces: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{"".join(pieces)}</text:p>'


def style(name: str, properties: str, family: str = "text", parent: str = "") -> str:
    names = f'style:name="{name}" style:family="{family}" style:parent-style-name="{parent}"'
    return f"<style:style {names}>{properties}</style:style>"


def text_style(name: str, attributes: str, **options: str) -> str:
    return style(name, f"<style:text-properties {attributes}/>", **options)


def odt(
    *blocks: str,
    automatic: str = "",
    common: str = "",
    masters: str = "",
    layouts: str = "",
    manifest: str = "",
    mimetype: str = MIMETYPE,
) -> bytes:
    told = "".join(one if one.startswith("<") else paragraph(one) for one in blocks)
    return package(
        {
            "mimetype": mimetype,
            "content.xml": f"{HEAD}<office:document-content {_NAMESPACES}><office:automatic-styles>{automatic}"
            f"</office:automatic-styles><office:body><office:text>{told}</office:text></office:body></office:document-content>",
            "styles.xml": f"{HEAD}<office:document-styles {_NAMESPACES}><office:styles>{common}</office:styles>"
            f"<office:automatic-styles>{layouts}</office:automatic-styles><office:master-styles>{masters}"
            "</office:master-styles></office:document-styles>",
            "META-INF/manifest.xml": f"{HEAD}<manifest:manifest {_NAMESPACES}>{manifest}</manifest:manifest>",
        }
    )
