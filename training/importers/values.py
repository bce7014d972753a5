"""Reads the values of training files: texts, numbers, dates, codes. Pure: no Django.

One rule: a value that cannot be right becomes unknown (None or empty) and leaves a note; it never stops
the row.
"""

import datetime as dt
import html
import re
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser

MAX_TEXT = 20_000
FUNDING = {"cpf": "cpf", "opco": "opco", "apprentissage": "apprenticeship"}

_EMPTY = {
    "",
    "-",
    "--",
    ".",
    "n/a",
    "nc",
    "n.c.",
    "non renseigné",
    "non renseigné.",
    "non renseignée",
    "null",
}
_ENTITY = re.compile(r"&(?:#\d+|#x[\da-fA-F]+|[a-zA-Z]{2,8});")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_BLOCKS = {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "section"}


class _TextOfHtml(HTMLParser):
    """Keeps the words of HTML: blocks become lines, list items begin with a dash, scripts and styles are
    dropped.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.hidden += 1
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.hidden = max(0, self.hidden - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def clean_text(text: str | None) -> str:
    """Plain text: no markup, no entity, no placeholder; lines kept, other white space folded."""
    text = text or ""
    if _ENTITY.search(text):
        text = html.unescape(text)
    if _TAG.search(text):
        parser = _TextOfHtml()
        parser.feed(text)
        parser.close()
        text = "".join(parser.parts)
    lines = (" ".join(line.split()) for line in _CONTROL.sub(" ", text.replace("\r", "\n")).split("\n"))
    cleaned = "\n".join(line for line in lines if line)
    return "" if cleaned.casefold() in _EMPTY else cleaned


def one_line(text: str | None) -> str:
    return " ".join(clean_text(text).split())


def limited(text: str, limit: int, what: str, notes: list[str]) -> str:
    if len(text) <= limit:
        return text
    notes.append(f"{what} : coupé à {limit} caractères.")
    return text[: limit - 1].rstrip() + "…"


def number(
    text: str, what: str, notes: list[str], *, digits: int, places: int, zero_unknown: bool
) -> Decimal | None:
    """A French or English decimal (« 1 250,50 € »); negative, absurd or unreadable ones are unknown."""
    compact = re.sub(r"[\s\u00a0\u202f]|€|euros?|eur\b|heures?|h$", "", one_line(text).casefold())
    if not compact:
        return None
    try:
        value = _decimal(compact).quantize(Decimal(1).scaleb(-places))
    except InvalidOperation:
        notes.append(f"{what} : « {one_line(text)[:40]} » n'est pas un nombre ; laissé inconnu.")
        return None
    if value == 0 and zero_unknown:
        return None
    if value < 0 or value >= Decimal(10) ** (digits - places):
        notes.append(f"{what} : {value} est hors des bornes ; laissé inconnu.")
        return None
    return value


def _decimal(compact: str) -> Decimal:
    """« 1250,50 », « 1.250,50 », « 1,250.50 » or « 1250.5 »; NaN and exponents are refused."""
    if not re.fullmatch(r"[+-]?[\d.,]{1,30}", compact):
        raise InvalidOperation
    last = max(compact.rfind(","), compact.rfind("."))
    if "," in compact and "." in compact:
        compact = re.sub(r"[.,]", "", compact[:last]) + "." + compact[last + 1 :]
    return Decimal(compact.replace(",", "."))


def whole_number(text: str, what: str, notes: list[str], *, maximum: int = 100_000) -> int | None:
    value = number(text, what, notes, digits=9, places=0, zero_unknown=False)
    if value is not None and value > maximum:
        notes.append(f"{what} : {value} est hors des bornes ; laissé inconnu.")
        return None
    return None if value is None else int(value)


def date(text: str, what: str, notes: list[str]) -> dt.date | None:
    """AAAAMMJJ, AAAA-MM-JJ or JJ/MM/AAAA. Placeholders (00000000, 99991231) are unknown, without a note."""
    compact = one_line(text).split("T")[0].split(" ")[0]
    digits = re.sub(r"\D", "", compact)
    if not compact or set(digits) == {"0"} or digits.startswith("9999") or compact.endswith("/9999"):
        return None
    match = re.fullmatch(r"(\d{4})-?(\d\d)-?(\d\d)", compact)
    year_first = match is not None
    match = match or re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", compact)
    if match is not None:
        first, month, last = (int(part) for part in match.groups())
        year, day = (first, last) if year_first else (last, first)
        try:
            read = dt.date(year, month, day)
        except ValueError:
            read = None
        if read is not None and 1950 <= read.year <= 2200:
            return read
    notes.append(f"{what} : « {compact[:20]} » n'est pas une date ; laissée inconnue.")
    return None


def period_end(starts_on: dt.date | None, ends_on: dt.date | None, notes: list[str]) -> dt.date | None:
    if starts_on and ends_on and ends_on < starts_on:
        notes.append(f"session du {starts_on} : la fin ({ends_on}) précède le début ; fin laissée inconnue.")
        return None
    return ends_on


def coordinates(latitude: str, longitude: str, notes: list[str]) -> tuple[float | None, float | None]:
    """Decimal degrees; empty, null (0, 0) or impossible ones are unknown."""
    texts = [one_line(text).replace(",", ".") for text in (latitude, longitude)]
    if not all(texts):
        return None, None
    if all(re.fullmatch(r"[+-]?\d{1,3}(\.\d{1,20})?", text) for text in texts):
        read = float(texts[0]), float(texts[1])
        if read == (0.0, 0.0):
            return None, None
        if abs(read[0]) <= 90 and abs(read[1]) <= 180:
            return read
    notes.append(
        f"coordonnées « {texts[0][:20]} ; {texts[1][:20]} » illisibles ; celles de la commune les remplacent."
    )
    return None, None


def certification_code(text: str, register: str, notes: list[str]) -> str:
    """« 35352 », « RNCP 35352 » or « RS5653 » as RNCP35352, RS5653; empty when there is none."""
    compact = re.sub(r"[\s:._-]", "", one_line(text)).upper()
    if not compact or set(compact) == {"0"}:
        return ""
    match = re.fullmatch(r"(RNCP|RS)?0*(\d{1,6})", compact)
    if match is None or (match[1] is None and not register):
        notes.append(f"certification « {compact[:20]} » : ni RNCP ni RS suivi de chiffres ; laissée de côté.")
        return ""
    return f"{match[1] or register}{match[2]}"


def url(text: str, notes: list[str]) -> str:
    compact = one_line(text).replace(" ", "")
    if not compact:
        return ""
    full = compact if "://" in compact else f"https://{compact}"
    if len(full) <= 500 and re.fullmatch(r"https?://[^\s/?#.]+(\.[^\s/?#.]+)+(:\d+)?([/?#]\S*)?", full):
        return full
    notes.append(f"adresse web « {compact[:60]} » : invalide ; laissée de côté.")
    return ""


def activity_number(text: str) -> str:
    """The provider's declaration number (NDA): eleven digits, not the placeholder made of nines or zeros."""
    compact = re.sub(r"\D", "", one_line(text))
    return compact if len(compact) == 11 and len(set(compact)) > 1 else ""


def languages(texts: list[str], notes: list[str]) -> tuple[str, ...]:
    read = list(dict.fromkeys(one_line(text).casefold()[:2] for text in texts if one_line(text)))
    if unknown := [language for language in read if language not in ("fr", "en")]:
        notes.append(f"langues {', '.join(unknown)} : seuls fr et en sont connus ; laissées de côté.")
    return tuple(language for language in read if language in ("fr", "en")) or ("fr",)


def funding(texts: list[str], notes: list[str]) -> tuple[str, ...]:
    read = list(dict.fromkeys(one_line(text).casefold() for text in texts if one_line(text)))
    if unknown := [text for text in read if text not in FUNDING]:
        notes.append(
            f"financements inconnus : {', '.join(unknown)} (valeurs : {', '.join(FUNDING)}) ; laissés de"
            " côté."
        )
    return tuple(FUNDING[text] for text in read if text in FUNDING)


def skill_level(code: str, text: str, notes: list[str]) -> int | None:
    compact = one_line(text)
    if compact in ("1", "2", "3", "4"):
        return int(compact)
    notes.append(
        f"compétence {code} : le niveau « {compact[:20]} » n'est pas de 1 à 4 ; lien laissé de côté."
    )
    return None
