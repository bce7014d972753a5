"""The filters of each kind: one object owns its parameter, its values, its clause and its facet.

One rule: an unknown filter or value is refused with a message that lists what is known; it never empties a result silently.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from jobs.models import NeedKind, Shift
from search.clauses import AllOf, AnyBand, AnyOf, Band, Between, Clause, FacetRequest, Near, Scope
from search.request import PLACE, InvalidRequest, Kind
from skills.models import Domain, Region, Skill, SkillKind
from skills.places_lookup import UnknownCommune, named_commune
from skills.text import text_key
from training.certification_watch.rules import CertificationState, a_year_after
from training.models import (
    Certification,
    DeliveryMode,
    Funding,
    TeachingLanguage,
    TrainingKind,
    TrainingOrigin,
)

QUALIFICATION_LEVELS = {
    "3": gettext_noop("Niveau 3 (CAP)"),
    "4": gettext_noop("Niveau 4 (bac)"),
    "5": gettext_noop("Niveau 5 (bac + 2)"),
    "6": gettext_noop("Niveau 6 (bac + 3)"),
    "7": gettext_noop("Niveau 7 (master, ingénieur)"),
    "8": gettext_noop("Niveau 8 (doctorat)"),
}
ENTRY_LEVELS = {"2": gettext_noop("Niveau 2 (sans diplôme)"), **QUALIFICATION_LEVELS}
CERTIFICATION_STATES = {
    CertificationState.ENDED.value: gettext_noop("Enregistrement terminé"),
    CertificationState.ENDS_SOON.value: gettext_noop("Se termine dans l’année"),
    CertificationState.REPLACED.value: gettext_noop("Remplacée par une autre"),
    CertificationState.CURRENT.value: gettext_noop("En vigueur plus d’un an"),
    CertificationState.UNKNOWN.value: gettext_noop("Fin inconnue"),
}
MAX_VALUES = 50
MAX_NUMBER = 1_000_000
DEFAULT_KILOMETRES = 50

Labels = Callable[[Iterable[str], str], Mapping[str, str]]


@dataclass(frozen=True)
class ChoiceFilter:
    """Any (or, with `every`, all) of some codes. `labels` names the known codes among those asked, in a language."""

    name: str
    parameter: str
    label: object
    field: str
    labels: Labels
    scope: Scope = Scope.DOCUMENT
    every: bool = False
    facet: bool = True
    code_of: Callable[[str], str] = str

    def canonical(self, values: tuple[str, ...]) -> tuple[str, ...]:
        """The known codes that these values stand for, each once; an unknown value is refused."""
        if len(values) > MAX_VALUES:
            raise InvalidRequest(f"Le filtre « {self.parameter} » prend au plus {MAX_VALUES} valeurs.")
        if any("\x00" in value for value in values):
            raise InvalidRequest(f"Valeur illisible pour le filtre « {self.parameter} ».")
        codes = tuple(dict.fromkeys(self.code_of(value) for value in values))
        known = self.labels(codes, "fr")
        unknown = [code[:60] for code in codes if code not in known]
        if unknown:
            raise InvalidRequest(
                f"Valeur inconnue pour le filtre « {self.parameter} » : {', '.join(unknown)}."
            )
        return codes

    def clause(self, values: tuple[str, ...]) -> Clause:
        return (AllOf if self.every else AnyOf)(self.field, self.canonical(values), self.scope)


@dataclass(frozen=True)
class BandFilter(ChoiceFilter):
    """A choice whose values are judged by date, today: no document changes the day one of them begins."""

    bands_on: Callable[[dt.date], tuple[Band, ...]] = lambda today: ()

    def bands(self) -> tuple[Band, ...]:
        return self.bands_on(timezone.localdate())

    def clause(self, values: tuple[str, ...]) -> Clause:
        chosen = self.canonical(values)
        return AnyBand(self.field, tuple(band for band in self.bands() if band.value in chosen))


@dataclass(frozen=True)
class BoundFilter:
    """A lower or upper bound on a number or a date of an offer."""

    name: str
    parameter: str
    label: object
    field: str
    is_upper: bool
    parse: Callable[[str], float]
    facet: bool = False
    scope: Scope = Scope.OFFER

    def canonical(self, values: tuple[str, ...]) -> tuple[str, ...]:
        self.clause(values)
        return values

    def clause(self, values: tuple[str, ...]) -> Clause:
        if len(values) != 1:
            raise InvalidRequest(f"Le filtre « {self.parameter} » prend une seule valeur.")
        try:
            bound = self.parse(values[0])
        except ValueError as error:
            raise InvalidRequest(f"Le filtre « {self.parameter} » : {error}") from error
        return Between(self.field, None if self.is_upper else bound, bound if self.is_upper else None)


@dataclass(frozen=True)
class PlaceFilter:
    """Given within so many kilometres of a commune, or followed from anywhere.

    Its values are the commune, by name or postal code, then the kilometres (`DEFAULT_KILOMETRES` when they are not said).
    """

    name: str
    parameter: str
    label: object
    field: str
    distance_parameter: str
    distance_label: object
    facet: bool = False
    scope: Scope = Scope.OFFER

    def read(self, parameters: Mapping[str, object]) -> tuple[str, ...]:
        """The values of a query string; kilometres without a place, which a form may send, say nothing."""
        towns = _values(parameters, self.parameter)
        distances = _values(parameters, self.distance_parameter)
        for parameter, values in ((self.parameter, towns), (self.distance_parameter, distances)):
            if len(values) > 1:
                raise InvalidRequest(f"Le filtre « {parameter} » prend une seule valeur.")
        return (*towns, *distances) if towns else ()

    def canonical(self, values: tuple[str, ...]) -> tuple[str, ...]:
        """The commune is looked up by `clause` alone: once a search."""
        self._kilometres(values)
        return values

    def clause(self, values: tuple[str, ...]) -> Clause:
        kilometres = self._kilometres(values)
        try:
            commune = named_commune(values[0])
        except UnknownCommune as error:
            raise InvalidRequest(str(error)) from error
        if commune.latitude is None or commune.longitude is None:
            raise InvalidRequest(f"On ne sait pas où se trouve {commune} : donnez une commune voisine.")
        return Near(commune.latitude, commune.longitude, kilometres, self.field, self.scope)

    def _kilometres(self, values: tuple[str, ...]) -> float:
        if len(values) > 2:
            raise InvalidRequest(f"Le filtre « {self.parameter} » prend un lieu et une distance.")
        try:
            return parse_number(values[1]) if len(values) == 2 else DEFAULT_KILOMETRES
        except ValueError as error:
            raise InvalidRequest(f"Le filtre « {self.distance_parameter} » : {error}") from error


FilterDefinition = ChoiceFilter | BoundFilter | PlaceFilter


def parse_number(text: str) -> float:
    try:
        number = float(text.replace(",", ".").replace(" ", ""))
    except ValueError:
        raise ValueError(f"« {text[:40]} » n'est pas un nombre.") from None
    if not 0 <= number <= MAX_NUMBER:
        raise ValueError(f"le nombre doit être compris entre 0 et {MAX_NUMBER}.")
    return number


def parse_date(text: str) -> float:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(text, form).date().toordinal()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    raise ValueError(f"« {text[:40]} » n'est pas une date (AAAA-MM-JJ).")


def _fixed(choices: Iterable[tuple[str, object]]) -> Labels:
    names = {value: str(label)[:1].upper() + str(label)[1:] for value, label in choices}
    translated = {value: _(name) for value, name in names.items()}
    return lambda values, language: {value: str(translated[value]) for value in values if value in translated}


def _levels(values: Iterable[str], language: str) -> Mapping[str, str]:
    return {value: str(_(QUALIFICATION_LEVELS[value])) for value in values if value in QUALIFICATION_LEVELS}


def _entry_levels(values: Iterable[str], language: str) -> Mapping[str, str]:
    return {value: str(_(ENTRY_LEVELS[value])) for value in values if value in ENTRY_LEVELS}


def _regions(values: Iterable[str], language: str) -> Mapping[str, str]:
    return dict(Region.objects.filter(code__in=list(values)).values_list("code", "name"))


def _region_code(value: str) -> str:
    """A region may be typed by its INSEE code or by its name."""
    key = text_key(value)
    return next(
        (code for code, name in Region.objects.values_list("code", "name") if text_key(name) == key), value
    )


def _certification_code(value: str) -> str:
    return value.upper().replace(" ", "")


def _skills(values: Iterable[str], language: str) -> Mapping[str, str]:
    name = "label_en" if language == "en" else "label_fr"
    return dict(Skill.objects.filter(code__in=list(values)).values_list("code", name))


def _domains(values: Iterable[str], language: str) -> Mapping[str, str]:
    name = "label_en" if language == "en" else "label_fr"
    return dict(Domain.objects.filter(code__in=list(values)).values_list("code", name))


def _certification_bands(today: dt.date) -> tuple[Band, ...]:
    """The states of `training.certification_watch.rules`, as days; codes for what no day decides."""
    day, next_year = today.toordinal(), a_year_after(today).toordinal()
    days: dict[CertificationState, tuple[int | None, int | None]] = {
        CertificationState.ENDED: (None, day - 1),
        CertificationState.ENDS_SOON: (day, next_year),
        CertificationState.CURRENT: (next_year + 1, None),
    }
    return tuple(Band(state.value, *days.get(state, (None, None))) for state in CertificationState)


def _certifications(values: Iterable[str], language: str) -> Mapping[str, str]:
    rows = Certification.objects.filter(code__in=list(values)).values_list("code", "title")
    return {code: f"{code} {title}".strip() for code, title in rows}


_SKILL = ChoiceFilter("skill", "competence", _("Compétence"), "skill", _skills, every=True)
_LEVEL = ChoiceFilter("level", "niveau", _("Niveau de sortie"), "level", _levels)

FILTERS: dict[Kind, tuple[FilterDefinition, ...]] = {
    Kind.TRAININGS: (
        ChoiceFilter("kind", "type", _("Type"), "training_kind", _fixed(TrainingKind.choices)),
        ChoiceFilter("origin", "origine", _("Origine"), "origin", _fixed(TrainingOrigin.choices)),
        _LEVEL,
        ChoiceFilter("region", "region", _("Région"), "region", _regions, Scope.OFFER, code_of=_region_code),
        ChoiceFilter("mode", "modalite", _("Modalité"), "mode", _fixed(DeliveryMode.choices), Scope.OFFER),
        PlaceFilter(PLACE, "lieu", _("Près de"), "place", "rayon", _("Rayon (km)")),
        BoundFilter("max_hours", "duree_max", _("Durée maximale (heures)"), "hours", True, parse_number),
        BoundFilter("max_price", "prix_max", _("Prix maximal (€)"), "price_eur", True, parse_number),
        BoundFilter("starts_after", "debut_apres", _("Débute à partir du"), "last_start", False, parse_date),
        BoundFilter("starts_before", "debut_avant", _("Débute avant le"), "first_start", True, parse_date),
        ChoiceFilter(
            "certification",
            "certification",
            _("Certification"),
            "certification",
            _certifications,
            code_of=_certification_code,
        ),
        BandFilter(
            "certification_state",
            "etat_certification",
            _("État de la certification"),
            "certification_state",
            _fixed(CERTIFICATION_STATES.items()),
            bands_on=_certification_bands,
        ),
        _SKILL,
        ChoiceFilter(
            "language",
            "langue",
            _("Langue d'enseignement"),
            "languages",
            _fixed(TeachingLanguage.choices),
            Scope.OFFER,
        ),
        ChoiceFilter(
            "funding", "financement", _("Financement"), "funding", _fixed(Funding.choices), Scope.OFFER
        ),
    ),
    Kind.JOBS: (
        ChoiceFilter("family", "famille", _("Famille"), "family", _domains),
        ChoiceFilter("level", "niveau", _("Niveau d'accès"), "level", _entry_levels),
        ChoiceFilter("shift", "horaires", _("Horaires"), "shift", _fixed(Shift.choices)),
        _SKILL,
    ),
    Kind.CANDIDATES: (
        ChoiceFilter(
            "need_kind", "besoin", "Type de besoin", "need_kind", _fixed(NeedKind.choices), facet=False
        ),
        BoundFilter("available_by", "disponible_le", "Disponible le", "first_start", True, parse_date),
    ),
    Kind.SKILLS: (
        ChoiceFilter("domain", "domaine", _("Domaine"), "domain", _domains),
        ChoiceFilter("kind", "type", _("Type"), "skill_kind", _fixed(SkillKind.choices)),
    ),
}


def parse_filters(kind: Kind, parameters: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """Filters from a query string (a Django `QueryDict`), by their public parameter; other parameters are not filters."""
    chosen: dict[str, tuple[str, ...]] = {}
    for definition in FILTERS[kind]:
        is_place = isinstance(definition, PlaceFilter)
        values = definition.read(parameters) if is_place else _values(parameters, definition.parameter)
        if values:
            chosen[definition.name] = definition.canonical(values)
    return chosen


def _values(parameters: Mapping[str, object], name: str) -> tuple[str, ...]:
    """What is written for a parameter, blanks aside."""
    getlist = getattr(parameters, "getlist", None)
    found = getlist(name) if getlist else parameters.get(name, [])
    values = [found] if isinstance(found, str) else found
    return tuple(value.strip() for value in values if value.strip())


def clauses(kind: Kind, filters: Mapping[str, tuple[str, ...]]) -> dict[str, Clause]:
    """The clause of each filter asked for, by filter name."""
    by_name = {definition.name: definition for definition in FILTERS[kind]}
    unknown = [name for name in filters if name not in by_name]
    if unknown:
        raise InvalidRequest(f"Filtre inconnu : {', '.join(unknown)}. Filtres : {', '.join(by_name)}.")
    return {name: by_name[name].clause(tuple(values)) for name, values in filters.items() if values}


def facet_requests(kind: Kind) -> tuple[FacetRequest, ...]:
    return tuple(
        FacetRequest(d.name, d.field, d.scope, d.bands() if isinstance(d, BandFilter) else ())
        for d in FILTERS[kind]
        if d.facet
    )
