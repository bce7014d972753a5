"""PDF files written by hand, so that each way of hiding a text is exactly that way."""

import zlib
from dataclasses import dataclass, field

A4 = (595, 842)


def text(words: str, x: float = 50, y: float = 700, size: float = 12, before: str = "0 g") -> str:
    """One line of text; `before` sets its colour or its mode."""
    escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT {before} /F1 {size} Tf {x} {y} Td ({escaped}) Tj ET\n"


def lines(*told: str, x: float = 50, y: float = 700, size: float = 12, leading: float = 15) -> str:
    return "".join(text(one, x, y - leading * number, size) for number, one in enumerate(told))


def filled(colour: str, x: float, y: float, width: float, height: float) -> str:
    return f"{colour} {x} {y} {width} {height} re f\n"


def image(x: float, y: float, width: float, height: float) -> str:
    """A grey picture over a part of the page."""
    return f"q {width} 0 0 {height} {x} {y} cm /I1 Do Q\n"


@dataclass
class Page:
    content: str
    size: tuple[float, float] = A4
    rotate: int = 0
    annotations: list[str] = field(default_factory=list)


def pdf(
    *pages: Page | str, trailer: str = "", extra: tuple[bytes, ...] = (), compress: bool = False
) -> bytes:
    """A PDF of these pages. Objects 1 to 7 are shared; `extra` objects come next, from number 8 on."""
    told = [page if isinstance(page, Page) else Page(page) for page in pages]
    first = 8 + len(extra)
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(told)))
    objects: list[bytes] = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(told)}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        stream(
            b"\x80" * 100,
            "/Type/XObject/Subtype/Image/Width 10/Height 10/ColorSpace/DeviceGray/BitsPerComponent 8",
        ),
        b"<</Type/ExtGState/ca 0/CA 0>>",
        stream(
            text("Texte du formulaire", 50, 300).encode("cp1252"),
            "/Type/XObject/Subtype/Form/BBox[0 0 600 900]/Resources<</Font<</F1 3 0 R>>>>",
        ),
        stream(
            text("Secret du formulaire", 50, 200, before="1 g").encode("cp1252"),
            "/Type/XObject/Subtype/Form/BBox[0 0 600 900]/Resources<</Font<</F1 3 0 R>>>>",
        ),
        *extra,
    ]
    resources = "<</Font<</F1 3 0 R>>/XObject<</I1 4 0 R/X1 6 0 R/X2 7 0 R>>/ExtGState<</G0 5 0 R>>>>"
    for number, page in enumerate(told):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {page.size[0]} {page.size[1]}]/Rotate {page.rotate}"
            f"/Resources {resources}/Contents {first + 2 * number + 1} 0 R"
            f"/Annots[{' '.join(page.annotations)}]>>".encode()
        )
        objects.append(stream(page.content.encode("cp1252"), "", compress=compress))
    return _file(objects, trailer)


def stream(content: bytes, entries: str, *, compress: bool = False) -> bytes:
    if compress:
        content, entries = zlib.compress(content), entries + "/Filter/FlateDecode"
    return f"<<{entries}/Length {len(content)}>>stream\n".encode() + content + b"\nendstream"


def _file(objects: list[bytes], trailer: str) -> bytes:
    out = b"%PDF-1.7\n"
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + one + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    return (
        out + f"trailer<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF".encode()
    )
