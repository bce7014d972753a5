"""Where somebody is, and how far a training is given from there.

One rule: what has no coordinates is not thrown away; its region speaks for it, and `note` says so.
"""

from dataclasses import dataclass

from matching.errors import UnknownPlace
from skills.geography import distance_km
from skills.models import Commune
from skills.places_lookup import find_commune

MOST_HINTS = 5


@dataclass(frozen=True, slots=True)
class Origin:
    """The place from which distances are counted; coordinates may be unknown, its region not."""

    name: str = ""
    region: str = ""
    latitude: float | None = None
    longitude: float | None = None


def find_origin(town: str) -> Origin:
    """The commune of that name or postal code. Raises UnknownPlace, with names that come near."""
    town = town.replace("\x00", " ")  # PostgreSQL refuses it
    commune = find_commune(town)
    if commune is None:
        raise UnknownPlace(_unknown(town))
    return Origin(str(commune), commune.region.code, commune.latitude, commune.longitude)


def _unknown(town: str) -> str:
    shown = town.strip()[:60]
    near = list(
        Commune.objects.filter(name__istartswith=shown[:4]).order_by("-population", "insee_code")[:MOST_HINTS]
        if len(shown) >= 3
        else ()
    )
    hint = (
        f" Vouliez-vous dire {', '.join(map(str, near))} ?"
        if near
        else " Donnez une commune ou un code postal."
    )
    return f"Lieu introuvable : « {shown} ».{hint}"


def distance_from(origin: Origin | None, latitude: float | None, longitude: float | None) -> float | None:
    """Kilometres as the crow flies, one decimal; None when either end has no coordinates."""
    if origin is None or None in (origin.latitude, origin.longitude, latitude, longitude):
        return None
    return round(distance_km(origin.latitude, origin.longitude, latitude, longitude), 1)
