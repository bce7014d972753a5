"""From the codes and names that files and people give, the commune that is meant.

One rule: the INSEE code speaks first. Without a sure commune the region speaks for the place, and `note`
says so in French.
"""

import re
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet

from skills.models import Commune, CommunePostalCode, Region
from skills.place_names import (
    FORMER_REGIONS,
    arrondissement_code,
    department_of,
    normalise_code,
    place_key,
)

_ARRONDISSEMENT_CODES = re.compile(r"751(0[1-9]|1\d|20)|6938[1-9]|132(0[1-9]|1[0-6])")
_CODE = re.compile(r"\b(?:\d{5}|2[ABab]\d{3})\b")
_DEPARTMENT = re.compile(r"\((\d{2,3}|2[ABab])\)")
FAR_LARGER = 10
LONGEST_NAME = 200  # databases limit the length of a LIKE pattern
MOST_HINTS = 5
_PARENTS = {"75": "75056", "69": "69123", "13": "13055"}


class UnknownCommune(ValueError):
    """No commune has this name or postal code; the message names those that come near."""


@dataclass(frozen=True)
class ResolvedPlace:
    """`note` is a warning for whoever wrote the place; empty when all is well."""

    commune: Commune | None = None
    region: Region | None = None
    latitude: float | None = None
    longitude: float | None = None
    note: str = ""


def resolve_place(
    insee_code: str = "",
    postal_code: str = "",
    town: str = "",
    region_code: str = "",
    department_code: str = "",
) -> ResolvedPlace:
    """Find the commune (INSEE code, then postal code and town, then town); failing that, the region."""
    insee_code, postal_code = normalise_code(insee_code), normalise_code(postal_code)
    place = (
        _by_misplaced_postal_code(insee_code, town)
        or _by_insee(insee_code, postal_code)
        or _by_postal_code(postal_code, town)
        or _by_postal_code(insee_code, town)
        or _by_misplaced_insee(postal_code, town)
        or _by_single_postal_code(postal_code, town)
        or _by_town(town, department_code.upper() or department_of(postal_code) or department_of(insee_code))
    )
    if place is None:
        department = department_of(postal_code) or department_code.upper() or department_of(insee_code)
        return _by_region(department, region_code, insee_code, postal_code, town)
    if insee_code and not place.note and place.commune and place.commune.insee_code != insee_code:
        place = replace(place, note=f"code INSEE {insee_code} inconnu ; {place.commune} est retenue.")
    return place


def find_communes(text: str, limit: int = 10) -> list[Commune]:
    """The communes a person may mean by a town name, a postal code or both, largest population first."""
    text = text[:LONGEST_NAME]
    codes = [code.upper() for code in _CODE.findall(text)]
    department = _DEPARTMENT.search(text)
    name = _DEPARTMENT.sub(" ", _CODE.sub(" ", text))
    key = place_key(name)
    queryset = _communes().order_by("-population", "insee_code")
    if department:
        queryset = queryset.filter(department_code=department[1].upper())
    if codes:
        coded = list(queryset.filter(Q(postal_codes__code=codes[0]) | Q(insee_code=codes[0])).distinct())
        named = [commune for commune in coded if commune.name_key == key]
        return _arrondissements_first(named or coded)[:limit]
    if arrondissement := arrondissement_code(name):
        return list(queryset.filter(insee_code=arrondissement))
    return _by_typed_name(queryset, key, limit) if key else []


def _by_typed_name(queryset: QuerySet[Commune], key: str, limit: int) -> list[Commune]:
    """Exact names first, unless a town that begins so is far larger: « Évry » is Évry-Courcouronnes, not the
    village.
    """
    exact = list(queryset.filter(name_key=key)[:limit])
    longer = list(queryset.filter(name_key__startswith=f"{key} ")[:limit])
    if exact and longer and longer[0].population > FAR_LARGER * exact[0].population:
        exact, longer = sorted([*exact, *longer], key=lambda commune: -commune.population), []
    return [*exact, *longer][:limit] or list(queryset.filter(name_key__startswith=key)[:limit])


def find_commune(text: str) -> Commune | None:
    """The largest commune a person may mean by what was typed."""
    return next(iter(find_communes(text, limit=1)), None)


def named_commune(text: str) -> Commune:
    """The commune that `find_commune` finds. Raises `UnknownCommune`."""
    text = text.replace("\x00", " ")  # PostgreSQL refuses it
    commune = find_commune(text)
    if commune is None:
        raise UnknownCommune(_unknown(text.strip()[:60]))
    return commune


def _unknown(shown: str) -> str:
    key = place_key(shown)
    near = _communes().filter(name_key__startswith=key[:4]).order_by("-population", "insee_code")
    towns = near.exclude(insee_code__regex=f"^({_ARRONDISSEMENT_CODES.pattern})$")[:MOST_HINTS]
    names = ", ".join(str(commune) for commune in towns) if len(key) >= 3 else ""
    hint = f"Vouliez-vous dire {names} ?" if names else "Donnez une commune ou un code postal."
    return f"Lieu introuvable : « {shown} ». {hint}"


def _communes() -> QuerySet[Commune]:
    return Commune.objects.select_related("region")


def _found(commune: Commune, note: str = "") -> ResolvedPlace:
    if commune.latitude is None or commune.longitude is None:
        without = f"{commune} n'a pas de coordonnées ; sa région ({commune.region}) tient lieu de place."
        note = f"{note} {without}".strip()
    return ResolvedPlace(commune, commune.region, commune.latitude, commune.longitude, note)


def _by_insee(insee_code: str, postal_code: str) -> ResolvedPlace | None:
    commune = _communes().filter(insee_code=insee_code).first() if insee_code else None
    return _found(commune, _disagreement(commune, postal_code)) if commune else None


def _by_misplaced_postal_code(code: str, town: str) -> ResolvedPlace | None:
    """A postal code where an INSEE code belongs: the town is at that postal code, and not the commune of that
    number.
    """
    owner = _communes().filter(insee_code=code).first() if code and town else None
    if owner is None or _same_town(owner, town):
        return None
    place = _by_postal_code(code, town)
    if place is None or place.commune is None:
        return None
    return replace(place, note=f"{code} est un code postal, non un code INSEE ; {place.commune} est retenue.")


def _by_misplaced_insee(code: str, town: str) -> ResolvedPlace | None:
    """An INSEE code where a postal code belongs."""
    commune = _communes().filter(insee_code=code).first() if code else None
    if commune is None or (town and not _same_town(commune, town)):
        return None
    return _found(commune, f"{code} est un code INSEE, non un code postal ; {commune} est retenue.")


def _same_town(commune: Commune, town: str) -> bool:
    key = place_key(town)
    return (
        commune.name_key == key
        or commune.name_key.startswith(f"{key} ")
        or arrondissement_code(town) == commune.insee_code
    )


def _disagreement(commune: Commune, postal_code: str) -> str:
    """What is wrong between a commune and the postal code given with it; CEDEX codes are in no list and say
    nothing.
    """
    if not postal_code or postal_code == commune.insee_code:
        return ""
    owners = set(
        CommunePostalCode.objects.filter(code=postal_code).values_list("commune__insee_code", flat=True)
    )
    if not owners or commune.insee_code in owners:
        return ""
    return (
        f"le code postal {postal_code} n'est pas celui de {commune} (INSEE {commune.insee_code}) ; l'INSEE"
        " est retenu."
    )


def _by_postal_code(code: str, town: str) -> ResolvedPlace | None:
    if not code:
        return None
    communes = _arrondissements_first(
        list(_communes().filter(postal_codes__code=code).order_by("-population", "insee_code"))
    )
    if not communes:
        return None
    named = [commune for commune in communes if town and _same_town(commune, town)]
    if _ARRONDISSEMENT_CODES.fullmatch(communes[0].insee_code) and (
        not town or _is_whole_city(communes, town)
    ):
        return _found(communes[0])
    if named:
        return _found(next((c for c in named if c.name_key == place_key(town)), named[0]))
    return _found(communes[0]) if len(communes) == 1 and not town else None


def _by_single_postal_code(code: str, town: str) -> ResolvedPlace | None:
    """A postal code of one commune only places an address even when the town's name is not recognised."""
    communes = list(_communes().filter(postal_codes__code=code).order_by("pk")[:2]) if code else []
    if len(communes) != 1:
        return None
    return _found(communes[0], f"« {town} » n'est pas au code postal {code} ; {communes[0]} est retenue.")


def _arrondissements_first(communes: list[Commune]) -> list[Commune]:
    return sorted(communes, key=lambda commune: not _ARRONDISSEMENT_CODES.fullmatch(commune.insee_code))


def _is_whole_city(communes: list[Commune], town: str) -> bool:
    parent = _PARENTS[communes[0].department_code]
    whole = any(commune.insee_code == parent and commune.name_key == place_key(town) for commune in communes)
    return whole or arrondissement_code(town) == communes[0].insee_code


def _by_town(town: str, department: str) -> ResolvedPlace | None:
    """A town by its name: an arrondissement, else the one commune of that name (in the department when it is
    known).
    """
    if arrondissement := arrondissement_code(town):
        commune = _communes().filter(insee_code=arrondissement).first()
        if commune is not None and department in ("", commune.department_code):
            return _found(commune)
    key = place_key(town[:LONGEST_NAME])
    if not key:
        return None
    queryset = _communes().order_by("-population", "insee_code")
    if department:
        queryset = queryset.filter(department_code=department)
    named = list(queryset.filter(name_key=key)[:2])
    if len(named) == 1:
        return _found(named[0])
    longer = list(queryset.filter(name_key__startswith=f"{key} ")[:2]) if department and not named else []
    if len(longer) == 1:
        return _found(longer[0], f"« {town} » : {longer[0]} est retenue.")
    return None


def _by_region(department: str, region_code: str, *given: str) -> ResolvedPlace:
    shown = " ".join(text for text in given if text)
    if not shown and not department and not region_code:
        return ResolvedPlace(note="aucun lieu n'est indiqué.")
    region = _region_of_department(department) or _region_by_code(region_code)
    if region is None:
        return ResolvedPlace(note=f"lieu introuvable : « {shown or department or region_code} ».")
    what = f"commune introuvable : « {shown} »" if shown else "aucune commune n'est indiquée"
    return ResolvedPlace(region=region, note=f"{what} ; la région {region} est retenue.")


def _region_of_department(department: str) -> Region | None:
    if not department:
        return None
    return Region.objects.filter(communes__department_code=department.zfill(2)).order_by("pk").first()


def _region_by_code(code: str) -> Region | None:
    code = code.strip()
    padded = code.zfill(2) if code.isdigit() else code
    candidates = [padded, FORMER_REGIONS.get(padded, "")]
    by_code = {region.code: region for region in Region.objects.filter(code__in=candidates)}
    return next((by_code[candidate] for candidate in candidates if candidate in by_code), None)
