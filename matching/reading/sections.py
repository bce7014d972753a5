"""Parts of a CV that say of all they hold: never done, to be learnt, a hobby. Pure: no Django, no engine.

One rule: a heading speaks for the lines below it, up to the next heading; an opening (« Ce qui me manque : ... ») for its own
line. Only headings that clearly say so count: under any other, everything is held.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from skills.text import text_key

Span = tuple[int, int]
LONGEST_HEADING = 8  # words
_LINE = re.compile(r"[^\r\n\v\f\x85]*(?:\r\n|[\r\n\v\f\x85]|$)")
_MARKS = " \t-–—•*▪●◦‣·>#=_+.|~:"
_OPENING = re.compile(r"^(?P<title>[^:\n]{3,60}?)\s*(?::|\s[-–—]\s)\s*(?=\S)")


class Standing(Enum):
    """What a section says of the skills named in it."""

    DENIED = "denied"
    WISHED = "wished"
    LEISURE = "leisure"
    TITLE = "title"  # of a part of a CV, itself: « FORMATION » shows nobody who trains others


@dataclass(frozen=True, slots=True)
class Section:
    """From `start` to `end` of the text, what `title` (where it stands: `title_start` to `title_end`) says."""

    standing: Standing
    title_start: int
    title_end: int
    start: int
    end: int


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile(r"^(?:(?:rubrique|partie|section) )?(?:" + "|".join(patterns) + r")$")


# Headings as folded words: the whole of it must say so.
_STANDINGS: tuple[tuple[Standing, re.Pattern[str]], ...] = (
    (
        Standing.DENIED,
        _any(
            r"(?:ce que je |ce qu il |que je )?(?:n ai|n a|je n ai)(?: encore)? (?:pas|jamais)(?: encore)? "
            r"(?:fait|pratique|touche|eu|connu|vu|travaille)\b.*",
            r"(?:jamais|pas|pas encore|non) (?:fait|pratique|touche|vu|travaille|utilise|realise)e?s?(?: .{0,20})?",
            r"ce qui (?:me |lui )?manque(?: encore)?",
            r"(?:ce que |je |il |elle )*(?:ne )(?:sais|sait|connais|connait|maitrise) pas(?: .{0,20})?",
            r"(?:i |things i )?(?:do not|don t|does not|doesn t) know(?: .{0,16})?",
            r"(?:not (?:yet )?familiar|unfamiliar)(?: .{0,12})?",
            r"(?:m est |m sont )?(?:inconnue?s?|etrangere?s?)|(?:jamais|pas|non) (?:abordee?s?|connue?s?|maitrisee?s?)",
            r"il (?:me |lui )?manque(?: encore)?",
            r"(?:mes? )?(?:lacunes?|limites?)|points? faibles?|manques?|a completer",
            r"what i (?:lack|miss|have not done|haven t done|have never done|don t know|do not know)",
            r"i lack|lacking|missing|(?:my )?gaps?|weak(?:er)? points?|weaknesses",
            r"never(?: .{0,20})?|not (?:yet )?(?:done|known|covered|practised)(?: .{0,20})?",
            r"no experience(?: .{0,12})?|(?:sans|aucune) experience(?: .{0,12})?",
        ),
    ),
    (
        Standing.WISHED,
        _any(
            r"(?:envies?|desir|souhaits?|besoins?)(?: (?:d|de) (?:apprendre|formation|decouvrir|progresser))?(?: .{0,16})?",
            r"a (?:apprendre|developper|acquerir|decouvrir|approfondir|venir)|en cours d apprentissage",
            r"(?:mes? |mon |l )?(?:ambitions?|souhaits?|aspirations?)",
            r"(?:mes? |mon |l )?(?:objectifs?|ambitions?|aspirations?) (?:professionnel(?:le)?s?|de carriere|d evolution)",
            r"(?:mon |le )?(?:projet|but) (?:professionnel|de reconversion|d avenir)",
            r"ce que je (?:cherche|recherche|vise|veux|souhaite|voudrais|aimerais)\b.*",
            r"(?:je |j )(?:(?:re)?cherche|souhaite|voudrais|aimerais|veux)\b.*",
            r"(?:re)?cherche (?:activement|d |de |un|une|stage|emploi|poste|alternance|contrat).*",
            r"recherche d emploi|emploi recherche|poste (?:recherche|vise|souhaite)|metier vise",
            r"(?:i )?(?:would|d) (?:like|love)(?: to)?(?: .{0,16})?|wish ?list|wish(?:es)?",
            r"(?:i )?(?:want|wish|hope|aim)s? to\b.*",
            r"(?:still |things )?to (?:learn|develop|discover|acquire)",
            r"(?:want|eager|keen|willing) to \w+.*",
            r"(?:career |my )?(?:objectives?|goals?|aims?|target|next step)|learning goals?",
            r"(?:looking for|seeking)\b.*",
            r"curieu(?:x|se) de|curious about|interested in|interessee? par",
        ),
    ),
    (
        Standing.LEISURE,
        _any(
            r"(?:mes? |nos )?(?:loisirs?|hobb(?:y|ies)|passe temps|passions?)(?: (?:et|and|&) \w+)?",
            r"(?:mes? )?(?:centres? d interets?|interets?(?: personnels?)?)(?: (?:et|and|&) \w+)?",
            r"interests?|leisure|free time|spare time|pastimes?|personal interests?|outside work|likes",
            r"sports?(?: et (?:loisirs?|passions))?|vie personnelle|hors travail|en dehors du travail",
        ),
    ),
)
# Titles of the parts of a CV, made of these words and of nothing else.
_TITLE = re.compile(
    r"^(?:(?:ma|mes|mon|my|formations?|etudes|diplomes?|cursus|parcours|scolarite|langues?|languages?|education|trainings?"
    r"|qualifications?|certifications?|certificats?|experiences?|competences?|skills|employment|work|career|history|informatique"
    r"|divers|profile?|summary|academi\w+|initiales?|continues?|courtes?|complementaires?|professionnel(?:le)?s?|scolaires?"
    r"|internes?|short|courses?|stages?|emplois?|et|and) ?){1,5}$"
)
# Titles that say it only before some words: « Recherche : stage de six mois », but not « Recherche : culture de cellules »;
# « Objectif : intégrer une équipe » is a person's, « Objectifs : savoir régler un pH » a training's.
_AMBIGUOUS = re.compile(
    r"^(?:(?:re)?cherche (?:activement |actuellement )?(?:d |de |un |une |mon |premier )?"
    r"(?:stage|emploi|poste|alternance|contrat|these|cdi|cdd)"
    r"|(?:mon )?objectif (?:un |une |le |la |l )?(?:poste|emploi|metier|unite|site|equipe|service|laboratoire"
    r"|rejoindre|integrer|trouver|devenir|evoluer|reconversion|changer))\b"
)


def sections(text: str) -> list[Section]:
    """The sections that say something of what they hold, in order."""
    lines = [(found.start(), found.end()) for found in _LINE.finditer(text) if found.end() > found.start()]
    headings = [number for number, line in enumerate(lines) if _is_heading(text, lines, number)]
    ends = [*(lines[number][0] for number in headings), len(text)][1:]
    found = [
        Section(standing, *title, lines[number][1], end)
        for number, end in zip(headings, ends, strict=True)
        if (title := _trimmed(text, *lines[number])) and (standing := _standing(text[slice(*title)]))
    ]
    titles = _titles(text, [lines[number] for number in headings], lines)
    return sorted([*found, *_openings(text, lines), *titles], key=lambda one: one.start)


def section_of(place: int, parts: Sequence[Section]) -> Section | None:
    """The innermost section that holds this place of the text: the last to begin."""
    return next((part for part in reversed(parts) if part.start <= place < part.end), None)


def _openings(text: str, lines: Sequence[Span]) -> Iterator[Section]:
    """Lines that begin by saying it: « Jamais fait : la chromatographie ». What follows on the line is all that is meant."""
    for first, end, found in _opened(text, lines):
        if standing := _standing(found["title"]) or _ambiguous(text[first:end]):
            yield Section(standing, first, first + found.end("title"), first + found.end(), end)


def _opened(text: str, lines: Sequence[Span]) -> Iterator[tuple[int, int, re.Match[str]]]:
    """The lines that have an opening: where they begin, marks aside, and end, and the opening."""
    for start, end in lines:
        first = start + len(text[start:end]) - len(text[start:end].lstrip(_MARKS))
        if found := _OPENING.match(text[first:end]):
            yield first, end, found


def _titles(text: str, headings: Sequence[Span], lines: Sequence[Span]) -> Iterator[Section]:
    """Headings and openings that name a part of a CV: « LANGUES », « Formation : ... »."""
    spans = [_trimmed(text, *line) for line in headings]
    spans += [(first, first + found.end("title")) for first, _, found in _opened(text, lines)]
    for start, end in sorted(set(spans)):
        if _TITLE.match(text_key(text[start:end])):
            yield Section(Standing.TITLE, start, end, start, end)


def _standing(title: str) -> Standing | None:
    key = text_key(title)
    if not key or len(key.split()) > LONGEST_HEADING:
        return None
    return next((standing for standing, pattern in _STANDINGS if pattern.match(key)), None)


def _ambiguous(line: str) -> Standing | None:
    return Standing.WISHED if _AMBIGUOUS.match(text_key(line)) else None


def _is_heading(text: str, lines: list[tuple[int, int]], number: int) -> bool:
    """A short line without a full stop, in capitals, with a colon at its end, or between a blank line and a text."""
    start, end = lines[number]
    raw = text[start:end].strip()
    line = raw.strip(_MARKS)
    if not line or len(line.split()) > LONGEST_HEADING or raw.endswith((".", ",", ";", "!", "?")):
        return False
    if raw.endswith(":") or (line.isupper() and len(line) > 3):
        return True
    is_listed = raw[0] in "-–—•*▪●◦‣·+"
    before = number == 0 or not text[slice(*lines[number - 1])].strip()
    after = text[slice(*lines[number + 1])].strip(_MARKS + "\r\n") if number + 1 < len(lines) else ""
    goes_on = after[:1].islower()  # a sentence that was cut at the margin
    return before and bool(after) and not goes_on and not is_listed and line[:1].isupper() and "," not in line


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    line = text[start:end]
    first = start + len(line) - len(line.lstrip(_MARKS))
    return first, first + len(line.strip().strip(_MARKS))
