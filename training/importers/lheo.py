"""Reads LHEO 2.2 and 2.3 (the national XML for training offers) into plain rows. Pure: no Django.

One rule: be tolerant of what real feeds get wrong. Only a training without title or provider is rejected;
any other doubtful value becomes unknown and leaves a note. `docs/formats/lheo.md` says which element feeds
which field.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from lxml import etree

from training.importers import values
from training.importers.rows import (
    ActionRow,
    OrganisationRow,
    PlaceRow,
    RejectedRow,
    SessionRow,
    SkillRow,
    SourceNote,
    TrainingRow,
)
from training.importers.xml_stream import (
    XmlBroken,
    check_prologue,
    child,
    children,
    encoding_override,
    stream_elements,
    text,
    text_of,
    texts,
)

Element = etree._Element

# dict-modalites-enseignement of LHEO.
MODES = {"0": "on-site", "1": "mixed", "2": "remote"}
PERMANENT_ENTRY = "1"  # dict-modalites-es: 0 fixed dates, 1 permanent
OPCO_FINANCER = "16"  # dict-financeurs: OPCA, which became OPCO in 2019

# dict-niveaux: 0 and 1 mean unknown and none; 2 to 8 are the levels of 1969 (VI, V bis, V to I), of which I
# stands for master and doctorate alike (7 is what it assures); 11 to 18 are the levels of the national
# framework of 2019.
LEVELS = {"2": 1, "3": 2, "4": 3, "5": 4, "6": 5, "7": 6, "8": 7} | {
    str(10 + level): level for level in range(1, 9)
}

_APPRENTICESHIP = re.compile(
    r"contrat d.apprentissage|en apprentissage|par apprentissage|contrats d.apprentissage", re.I
)
_NO_APPRENTICESHIP = re.compile(r"(?:pas|sans|hors|ni)\b[^.;]{0,30}apprentissage", re.I)
_WEEKS = re.compile(r"(\d+(?:[.,]\d+)?) semaines?", re.I)


@dataclass
class LheoFile:
    """A LHEO file; `rows` streams it, `complete` tells afterwards whether its end was reached."""

    path: Path
    complete: bool = False

    def rows(self) -> Iterator[TrainingRow | RejectedRow | SourceNote]:
        """Raise `UnsafeOrForeignXml` for a file refused as a whole; yield everything up to a syntax error."""
        check_prologue(self.path, root="lheo")
        encoding = encoding_override(self.path)
        if encoding:
            yield SourceNote(
                None, f"le fichier se dit en UTF-8 mais ne l'est pas ; il est lu comme {encoding}."
            )
        try:
            for element in stream_elements(self.path, "formation", "offres", encoding):
                yield parse_training(element)
        except XmlBroken as error:
            reason = (
                f"XML mal formé ({error}). Les formations lues avant cette ligne sont gardées ; aucune n'est"
                " retirée."
            )
            yield RejectedRow(error.line, reason)
        else:
            self.complete = True


def parse_training(element: Element) -> TrainingRow | RejectedRow:
    notes: list[str] = []
    title = values.limited(values.one_line(text(element, "intitule-formation")), 255, "intitulé", notes)
    provider = _provider(child(element, "organisme-formation-responsable"))
    external_id = _external_id(element, title, provider, notes)
    if not title:
        return RejectedRow(element.sourceline, "formation sans intitulé (intitule-formation).", external_id)
    if provider is None:
        reason = f"« {title} » : organisme responsable sans nom ni SIRET (organisme-formation-responsable)."
        return RejectedRow(element.sourceline, reason, external_id)
    extras = _extras(element)
    actions = children(element, "action")
    return TrainingRow(
        line=element.sourceline,
        external_id=external_id,
        title_fr=title,
        title_en=values.limited(extras.first("biofiliere-titres", "en"), 255, "intitulé anglais", notes),
        provider=provider,
        kind=_kind(extras, actions),
        objectives=_objectives(element, notes),
        content=_long_text(text(element, "contenu-formation"), "contenu-formation", notes),
        prerequisites=_prerequisites(actions, notes),
        entry_level=_level(text(element, "code-niveau-entree"), "code-niveau-entree", notes),
        exit_level=_level(text(element, "code-niveau-sortie"), "code-niveau-sortie", notes),
        certifications=_certifications(element, notes),
        url=values.url(text(element, "url-formation", "urlweb"), notes),
        skills=_skills(extras, notes),
        actions=_actions(element, actions, extras, notes),
        notes=tuple(notes),
    )


class _Extras:
    """The LHEO extension point: `extras info="GROUP"` holding `extra info="KEY"`."""

    def __init__(self, pairs: list[tuple[str, str, str]]) -> None:
        self.pairs = pairs

    def group(self, group: str) -> list[tuple[str, str]]:
        return [(key, value) for found, key, value in self.pairs if found == group]

    def first(self, group: str, key: str) -> str:
        return next((value for found, value in self.group(group) if found == key), "")


def _extras(element: Element) -> _Extras:
    return _Extras(
        [
            (extras.get("info", "").strip(), extra.get("info", "").strip(), values.one_line(text_of(extra)))
            for extras in children(element, "extras")
            for extra in children(extras, "extra")
        ]
    )


def _external_id(element: Element, title: str, provider: OrganisationRow | None, notes: list[str]) -> str:
    given = values.one_line(element.get("numero") or text(element, "identifiant-module"))
    if given:
        return given if len(given) <= 120 else f"{given[:100]}-{sha256(given.encode()).hexdigest()[:16]}"
    if not title or provider is None:
        return ""
    notes.append("formation sans attribut numero : son identifiant est tiré de l'organisme et de l'intitulé.")
    return sha256(f"{provider.siret or provider.name}\n{title}".encode()).hexdigest()[:16]


def _provider(element: Element | None) -> OrganisationRow | None:
    name = values.one_line(text(element, "nom-organisme")) or values.one_line(text(element, "raison-sociale"))
    siret = values.one_line(text(element, "SIRET-organisme-formation", "SIRET"))
    if not name and not siret:
        return None
    address = child(element, "coordonnees-organisme", "coordonnees", "adresse")
    return OrganisationRow(
        name=(name or f"Organisme {siret}")[:200],
        siret=siret,
        activity_number=values.activity_number(text(element, "numero-activite")),
        address=_address_lines(None, address),
        place=_place(address),
    )


def _delivering_provider(action: Element) -> OrganisationRow | None:
    element = child(action, "organisme-formateur")
    name = values.one_line(text(element, "raison-sociale-formateur"))
    siret = values.one_line(text(element, "SIRET-formateur", "SIRET"))
    if not name and not siret:
        return None
    return OrganisationRow(name=(name or f"Organisme {siret}")[:200], siret=siret)


def _kind(extras: _Extras, actions: list[Element]) -> str:
    groups = [extras, *(_extras(action) for action in actions)]
    initial = any(group.first("type-formation", "formation-initiale") == "1" for group in groups)
    return "initial" if initial else "continuing"


def _long_text(raw: str, what: str, notes: list[str]) -> str:
    return values.limited(values.clean_text(raw), values.MAX_TEXT, what, notes)


def _objectives(element: Element, notes: list[str]) -> str:
    objectives = values.clean_text(text(element, "objectif-formation"))
    results = values.clean_text(text(element, "resultats-attendus"))
    if results and results not in objectives:
        objectives = f"{objectives}\n\nRésultats attendus : {results}".strip()
    return values.limited(objectives, values.MAX_TEXT, "objectif-formation", notes)


def _prerequisites(actions: list[Element], notes: list[str]) -> str:
    found = (values.clean_text(text(action, "conditions-specifiques")) for action in actions)
    return values.limited(
        next((given for given in found if given), ""), values.MAX_TEXT, "conditions-specifiques", notes
    )


def _level(raw: str, what: str, notes: list[str]) -> int | None:
    code = values.one_line(raw).removeprefix("0") or "0"
    if code not in LEVELS and code not in ("", "0", "1", "-"):
        notes.append(f"{what} : « {code[:20]} » n'est pas un code de niveau LHEO ; laissé inconnu.")
    return LEVELS.get(code)


def _certifications(element: Element, notes: list[str]) -> tuple[str, ...]:
    codes = [
        values.certification_code(raw, register, notes)
        for certification in children(element, "certification")
        for register in ("RNCP", "RS")
        for raw in texts(certification, f"code-{register}")
    ]
    return tuple(dict.fromkeys(code for code in codes if code))


def _skills(extras: _Extras, notes: list[str]) -> tuple[SkillRow, ...]:
    found: dict[str, SkillRow] = {}
    for code, raw_level in extras.group("biofiliere-competences"):
        level = values.skill_level(code, raw_level, notes)
        if code in found:
            notes.append(f"compétence {code} : en double ; la première est retenue.")
        elif level is not None:
            found[code] = SkillRow(code, level)
    return tuple(found.values())


def _actions(
    element: Element, actions: list[Element], extras: _Extras, notes: list[str]
) -> tuple[ActionRow, ...]:
    has_cpf = any(
        values.one_line(code).strip("-0")
        for holder in ("certification", "code-type-formation")
        for code in texts(element, holder, "code-CPF")
    )
    identifiers = _distinct(actions, "A")
    return tuple(
        _action(action, identifier, extras, has_cpf, notes)
        for action, identifier in zip(actions, identifiers, strict=True)
    )


def _distinct(elements: list[Element], prefix: str) -> list[str]:
    """The `numero` of each element, or its rank; a number met twice in one training gets its rank too."""
    identifiers: list[str] = []
    for rank, element in enumerate(elements, start=1):
        given = values.one_line(element.get("numero"))[:100] or f"{prefix}{rank}"
        identifiers.append(given if given not in identifiers else f"{given}-{prefix}{rank}")
    return identifiers


def _action(element: Element, external_id: str, above: _Extras, has_cpf: bool, notes: list[str]) -> ActionRow:
    own = _extras(element)
    places = children(element, "lieu-de-formation")
    if len(places) > 1:
        notes.append(f"action {external_id} : {len(places)} lieux ; le premier est retenu.")
    contact = child(places[0], "coordonnees") if places else None
    address = child(contact, "adresse")
    latitude, longitude = values.coordinates(
        text(address, "geolocalisation", "latitude"), text(address, "geolocalisation", "longitude"), notes
    )
    hours, practical, weeks = _durations(element, own, above, notes)
    return ActionRow(
        external_id=external_id,
        mode=_mode(text(element, "modalites-enseignement"), external_id, notes),
        languages=values.languages(texts(element, "langue-formation"), notes),
        hours=hours,
        practical_hours=practical,
        weeks=weeks,
        price_eur=values.number(
            text(element, "prix-total-TTC"), "prix-total-TTC", notes, digits=9, places=2, zero_unknown=False
        ),
        funding=_funding(element, own, has_cpf, notes),
        address=_address_lines(contact, address),
        place=_place(address),
        latitude=latitude,
        longitude=longitude,
        delivering_provider=_delivering_provider(element),
        sessions=_sessions(element, notes),
    )


def _mode(raw: str, external_id: str, notes: list[str]) -> str:
    code = values.one_line(raw)
    if code not in MODES:
        notes.append(
            f"action {external_id} : modalites-enseignement « {code[:20]} » inconnue ; présentiel supposé."
        )
    return MODES.get(code, "on-site")


def _durations(
    element: Element, own: _Extras, above: _Extras, notes: list[str]
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    def hours(raw: str, what: str) -> Decimal | None:
        return values.number(raw, what, notes, digits=7, places=1, zero_unknown=True)

    def extra(key: str) -> str:
        return own.first("biofiliere-durees", key) or above.first("biofiliere-durees", key)

    total = hours(text(element, "nombre-heures-total"), "nombre-heures-total")
    if total is None:
        parts = [
            hours(text(element, name), name) for name in ("nombre-heures-centre", "nombre-heures-entreprise")
        ]
        known = [part for part in parts if part is not None]
        total = sum(known, Decimal(0)) if known else None
    in_words = _WEEKS.fullmatch(values.one_line(text(element, "duree-indicative")))
    weeks = extra("semaines") or (in_words[1] if in_words else "")
    practical = values.number(
        extra("heures-pratique"), "heures-pratique", notes, digits=7, places=1, zero_unknown=False
    )
    return total, practical, values.number(weeks, "semaines", notes, digits=5, places=1, zero_unknown=True)


def _funding(element: Element, own: _Extras, has_cpf: bool, notes: list[str]) -> tuple[str, ...]:
    found = set(
        values.funding(
            [value for key, value in own.group("biofiliere-financements") if key == "financement"], notes
        )
    )
    if has_cpf:
        found.add("cpf")
    if OPCO_FINANCER in (
        values.one_line(code) for code in texts(element, "organisme-financeur", "code-financeur")
    ):
        found.add("opco")
    alternation = values.clean_text(text(element, "modalites-alternance"))
    if _APPRENTICESHIP.search(alternation) and not _NO_APPRENTICESHIP.search(alternation):
        found.add("apprenticeship")
    return tuple(sorted(found))


def _address_lines(contact: Element | None, address: Element | None) -> str:
    parts = [*texts(contact, "ligne"), *texts(address, "denomination"), *texts(address, "ligne")]
    return ", ".join(dict.fromkeys(line for part in parts if (line := values.one_line(part))))[:250]


def _place(address: Element | None) -> PlaceRow:
    country = values.one_line(text(address, "pays")).upper()
    if country and country not in ("FR", "FRANCE"):
        return PlaceRow(town=values.one_line(text(address, "ville")))
    return PlaceRow(
        insee_code=values.one_line(text(address, "code-INSEE-commune")),
        postal_code=values.one_line(text(address, "codepostal")),
        town=values.one_line(text(address, "ville")),
        department_code=values.one_line(text(address, "departement")),
        region_code=values.one_line(text(address, "region")),
    )


def _sessions(action: Element, notes: list[str]) -> tuple[SessionRow, ...]:
    is_permanent = values.one_line(text(action, "modalites-entrees-sorties")) == PERMANENT_ENTRY
    elements = children(action, "session")
    found = []
    for element, identifier in zip(elements, _distinct(elements, "S"), strict=True):
        starts_on = values.date(text(element, "periode", "debut"), f"session {identifier}, début", notes)
        ends_on = values.date(text(element, "periode", "fin"), f"session {identifier}, fin", notes)
        if starts_on is None:
            notes.append(f"session {identifier} : sans date de début ; laissée de côté.")
            continue
        seats = _extras(element).first("biofiliere-places", "places") or text(
            element, "recrutement", "nb-places"
        )
        found.append(
            SessionRow(
                external_id=identifier,
                starts_on=starts_on,
                ends_on=values.period_end(starts_on, ends_on, notes),
                seats=values.whole_number(seats, f"session {identifier}, places", notes),
                is_permanent_entry=is_permanent,
                line=element.sourceline,
            )
        )
    return tuple(found)
