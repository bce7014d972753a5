"""Where somebody is, and how far a training is given from there.

One rule: what has no coordinates is not thrown away; its region speaks for it, and `note` says so.
"""

from dataclasses import dataclass

from matching.errors import UnknownPlace
from skills.geography import distance_km
from skills.places_lookup import UnknownCommune, named_commune


@dataclass(frozen=True, slots=True)
class Origin:
    """The place from which distances are counted; coordinates may be unknown, its region not."""

    name: str = ""
    region: str = ""
    latitude: float | None = None
    longitude: float | None = None


def find_origin(town: str) -> Origin:
    """The commune of that name or postal code. Raises UnknownPlace, with names that come near."""
    try:
        commune = named_commune(town)
    except UnknownCommune as error:
        raise UnknownPlace(str(error)) from error
    return Origin(str(commune), commune.region.code, commune.latitude, commune.longitude)


def distance_from(origin: Origin | None, latitude: float | None, longitude: float | None) -> float | None:
    """Kilometres as the crow flies, one decimal; None when either end has no coordinates."""
    if origin is None or None in (origin.latitude, origin.longitude, latitude, longitude):
        return None
    return round(distance_km(origin.latitude, origin.longitude, latitude, longitude), 1)


def is_near(
    origin: Origin | None,
    within_km: float | None,
    distance_km: float | None,
    *,
    is_remote: bool,
    is_same_region: bool,
) -> bool:
    """Whether what is given at this distance can be followed: what is remote always, what has no distance within the region."""
    if within_km is None or origin is None or is_remote:
        return True
    return is_same_region if distance_km is None else distance_km <= within_km
