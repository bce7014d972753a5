"""What is said to a person of a file: why it was refused, what was not read. Pure: no Django.

One rule: a message says what happens, where, and what to do; it never quotes the file.
"""

from collections.abc import Iterable, Sequence

from matching.files.limits import MEGABYTE, Limits
from matching.files.results import Format, Found, Hidden, Invisible, Reason, Unreadable

_FORMATS = {
    "fr": "PDF, DOCX, ODT, texte, Europass ou JSON Resume",
    "en": "PDF, DOCX, ODT, text, Europass or JSON Resume",
}
_REFUSALS: dict[Reason, tuple[str, str]] = {
    Reason.TOO_BIG: (
        "Le fichier est trop grand : {megabytes} Mo au plus. Enregistrez-le sans photo ni image, ou collez le texte.",
        "The file is too big: {megabytes} MB at most. Save it without photos or images, or paste the text.",
    ),
    Reason.TOO_LONG: (
        "Le texte du fichier compte {count} caractères ; {characters} au plus sont lus. Gardez ce qui parle de compétences.",
        "The text of the file has {count} characters; {characters} at most are read. Keep what is about skills.",
    ),
    Reason.UNKNOWN: (
        "Le format du fichier n’est pas reconnu. Donnez un fichier {formats}, ou collez le texte.",
        "The format of the file is not recognised. Give a file in {formats}, or paste the text.",
    ),
    Reason.LEGACY_WORD: (
        "C’est un ancien fichier Word (.doc) ou un autre document Office d’avant 2007. Ouvrez-le et enregistrez-le en .docx, "
        ".odt ou PDF.",
        "This is an old Word file (.doc) or another Office document from before 2007. Open it and save it as .docx, .odt or "
        "PDF.",
    ),
    Reason.RTF: (
        "Le format RTF n’est pas lu. Ouvrez le fichier et enregistrez-le en .docx, .odt ou PDF.",
        "RTF is not read. Open the file and save it as .docx, .odt or PDF.",
    ),
    Reason.IMAGE: (
        "C’est une image : le texte d’une photo ou d’une capture n’est pas lu. Donnez le document "
        "d’origine, ou collez le texte.",
        "This is an image: text in a photo or a screenshot is not read. Give the original document, or paste the text.",
    ),
    Reason.HTML: (
        "C’est une page web. Enregistrez-la en PDF depuis le navigateur (Imprimer), ou collez le texte.",
        "This is a web page. Save it as a PDF from the browser (Print), or paste the text.",
    ),
    Reason.OTHER_OFFICE: (
        "Ce document n’est ni un DOCX ni un ODT (tableur, présentation, livre…). Enregistrez-le en PDF, ou collez le texte.",
        "This document is neither a DOCX nor an ODT (spreadsheet, slides, book…). Save it as a PDF, or paste the text.",
    ),
    Reason.OTHER_ARCHIVE: (
        "C’est une archive. Sortez-en le CV, puis donnez ce seul fichier ({formats}).",
        "This is an archive. Take the CV out of it, then give that file alone ({formats}).",
    ),
    Reason.OTHER_XML: (
        "Ce fichier XML n’est pas un CV Europass (racine SkillsPassport ou Candidate). Donnez un fichier {formats}.",
        "This XML file is not a Europass CV (root SkillsPassport or Candidate). Give a file in {formats}.",
    ),
    Reason.OTHER_JSON: (
        "Ce fichier JSON n’est ni un CV Europass ni un JSON Resume. Donnez un fichier {formats}.",
        "This JSON file is neither a Europass CV nor a JSON Resume. Give a file in {formats}.",
    ),
    Reason.ENCRYPTED: (
        "Le fichier est protégé par un mot de passe. Enregistrez-le sans mot de passe, ou collez le texte.",
        "The file is protected by a password. Save it without a password, or paste the text.",
    ),
    Reason.DAMAGED: (
        "Le fichier est abîmé ou incomplet : il ne s’ouvre pas. Enregistrez-le de nouveau depuis votre logiciel, ou collez "
        "le texte.",
        "The file is damaged or incomplete: it does not open. Save it again from your software, or paste the text.",
    ),
    Reason.BOMB: (
        "Le fichier se déploie en une taille anormale : il n’est pas lu. Enregistrez-le de nouveau depuis votre logiciel, ou "
        "collez le texte.",
        "The file unpacks to an abnormal size: it is not read. Save it again from your software, or paste the text.",
    ),
    Reason.DTD: (
        "Le fichier contient une DTD (<!DOCTYPE>), ce qui permet des attaques par entités : il n’est pas lu. Retirez-la, ou "
        "collez le texte.",
        "The file contains a DTD (<!DOCTYPE>), which allows entity attacks: it is not read. Remove it, or paste the text.",
    ),
    Reason.SCANNED: (
        "Ce PDF est scanné, ou son texte est dessiné : aucun mot ne peut y être lu. Donnez le fichier d’origine, ou collez le "
        "texte.",
        "This PDF is scanned, or its text is drawn: no word can be read in it. Give the original file, or paste the text.",
    ),
    Reason.ALL_INVISIBLE: (
        "Tout le texte de ce fichier est invisible ({count} caractères) : rien n’est lu. Donnez un fichier dont le texte se "
        "voit, ou collez le texte.",
        "All the text of this file is invisible ({count} characters): nothing is read. Give a file whose text can be seen, "
        "or paste the text.",
    ),
    Reason.NO_TEXT: (
        "Ce fichier ne contient aucun texte qui parle de travail, d’études ou de compétences. Vérifiez-le, ou collez le texte.",
        "This file holds no text about work, studies or skills. Check it, or paste the text.",
    ),
    Reason.SLOW: (
        "La lecture du fichier a pris trop de temps ({seconds} secondes au plus). Enregistrez-le sans photo ni image, ou "
        "collez le texte.",
        "Reading the file took too long ({seconds} seconds at most). Save it without photos or images, or paste the text.",
    ),
    Reason.HEAVY: (
        "La lecture du fichier demande trop de mémoire. Enregistrez-le sans photo ni image, ou collez le texte.",
        "Reading the file takes too much memory. Save it without photos or images, or paste the text.",
    ),
    Reason.CRASHED: (
        "Le fichier n’a pas pu être lu : il est sans doute abîmé. Enregistrez-le de nouveau depuis votre logiciel, ou collez "
        "le texte.",
        "The file could not be read: it is probably damaged. Save it again from your software, or paste the text.",
    ),
    Reason.BUSY: (
        "Trop de fichiers sont lus en ce moment. Recommencez dans une minute, ou collez le texte.",
        "Too many files are being read at the moment. Try again in a minute, or paste the text.",
    ),
}
_HIDDEN: dict[Hidden, tuple[str, str]] = {
    Hidden.GROUND: (
        "texte de la couleur du fond ou recouvert",
        "text of the colour of its background, or covered",
    ),
    Hidden.TRANSPARENT: ("texte transparent", "transparent text"),
    Hidden.TINY: ("texte de moins de 3 points", "text under 3 points"),
    Hidden.OFF_PAGE: ("texte hors de la page", "text off the page"),
    Hidden.MASKED: ("texte masqué", "hidden text"),
    Hidden.DELETED: ("texte supprimé (suivi des modifications)", "deleted text (tracked changes)"),
    Hidden.COMMENT: ("commentaires", "comments"),
    Hidden.CHARACTERS: ("signes invisibles", "invisible signs"),
}
# Without a rendering, what stands behind a word is not known: a shape, an image, a table style.
_GROUND_UNKNOWN = (
    "Si du texte clair sur une forme foncée manque, donnez le CV en PDF.",
    "If light text over a dark shape is missing, give the CV as a PDF.",
)


def refusal(error: Unreadable, limits: Limits, language: str) -> str:
    figures = {
        "formats": _FORMATS["en" if language == "en" else "fr"],
        "megabytes": _decimal(limits.data / MEGABYTE, language),
        "characters": _number(limits.characters, language),
        "count": _number(error.count, language),
        "seconds": _decimal(limits.seconds, language),
    }
    return _in(language, _REFUSALS[error.reason]).format(**figures)


def notices(found: Found, language: str) -> tuple[str, ...]:
    """What was not read of a file that was, one sentence or two for each kind of thing."""
    said = []
    if found.invisible:
        said.append(_invisible(found.invisible, found.format, language))
    if found.pages > found.pages_read:
        said.append(
            _in(
                language,
                (
                    f"Seules les {found.pages_read} premières pages sur {found.pages} ont été lues.",
                    f"Only the first {found.pages_read} pages of {found.pages} were read.",
                ),
            )
        )
    if found.pages_without_text:
        where = _pages(found.pages_without_text)
        said.append(
            _in(
                language,
                (
                    f"Rien n’a pu être lu en {where} : sans doute une image. Ajoutez ce qu’on y lit.",
                    f"Nothing could be read on {where}: probably an image. Add what it says.",
                ),
            )
        )
    return tuple(said)


def _invisible(invisible: Iterable[Invisible], file_format: Format, language: str) -> str:
    parts = list(invisible)
    told = " ; ".join(_one_invisible(part, language) for part in parts)
    sentences = _in(
        language,
        (
            f"Ce qui ne se voit pas n’a pas été lu : {told}.",
            f"What cannot be seen was not read: {told}.",
        ),
    )
    is_guessed = file_format in {Format.DOCX, Format.ODT} and any(
        part.reason is Hidden.GROUND for part in parts
    )
    return f"{sentences} {_in(language, _GROUND_UNKNOWN)}" if is_guessed else sentences


def _one_invisible(part: Invisible, language: str) -> str:
    what = _in(language, _HIDDEN[part.reason])
    many = "s" * (part.characters > 1)
    count = f"{_number(part.characters, language)} " + _in(language, (f"caractère{many}", f"character{many}"))
    where = f" ({_pages(part.pages)})" if part.pages else ""
    return f"{what}, {count}{where}"


def _pages(pages: Sequence[int]) -> str:
    many = len(pages) > 1
    numbers = ", ".join(str(page) for page in pages)
    return f"page{'s' * many} {numbers}"


def _number(number: int, language: str) -> str:
    return f"{number:,}" if language == "en" else f"{number:,}".replace(",", "\u00a0")


def _decimal(number: float, language: str) -> str:
    return f"{number:.3g}" if language == "en" else f"{number:.3g}".replace(".", ",")


def _in(language: str, pair: tuple[str, str]) -> str:
    return pair[language == "en"]
