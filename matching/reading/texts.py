"""Bytes and texts that people give: decoded and checked. Pure: no Django, no engine.

One rule: a text that passes here is complete; nothing is cut off, replaced or dropped (a byte order mark
aside).
"""

import codecs

from matching.errors import TextRefused

_ALLOWED_CONTROLS = frozenset("\t\n\r\f\v\x85")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Control characters per thousand up to which a text is still one (a stray escape from a terminal or a PDF).
_STRAY_CONTROLS = 2


def decode_text(data: bytes) -> str:
    """UTF-8 (UTF-16 with its mark), else Windows-1252; refused when neither gives a text."""
    if data.startswith(_UTF16):
        return _decode(data, "utf-16")
    if b"\x00" in data:
        raise TextRefused("Le fichier n'est pas un texte (octets nuls). Donnez un fichier texte en UTF-8.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode(data, "cp1252")


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise TextRefused(
            "L'encodage du texte n'est pas reconnu. Enregistrez le fichier en UTF-8."
        ) from error


def check_text(text: str, limit: int) -> None:
    """Refuse what is too long or is no text at all."""
    if len(text) > limit:
        raise TextRefused(
            f"Le texte compte {_spaced(len(text))} caractères ; {_spaced(limit)} au plus sont lus. "
            "Gardez ce qui parle de compétences."
        )
    if "\x00" in text:
        raise TextRefused("Ce n'est pas un texte (caractères nuls). Donnez un texte lisible.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise TextRefused("Le texte contient des caractères incomplets. Enregistrez-le en UTF-8.")
    controls = sum(character < " " or "\x7f" <= character < "\xa0" for character in text)
    controls -= sum(text.count(character) for character in _ALLOWED_CONTROLS)
    if controls * 1000 > _STRAY_CONTROLS * len(text) + 1000:
        raise TextRefused("Ce n'est pas un texte (caractères de commande). Donnez un texte lisible.")


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", "\u00a0")
