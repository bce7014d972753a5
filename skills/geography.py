"""Distances on the globe. Pure: no Django, no engine.

One rule: distances are as the crow flies, in kilometres, on a sphere; good to half a per cent, enough to
rank places.
"""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088


def distance_km(latitude_1: float, longitude_1: float, latitude_2: float, longitude_2: float) -> float:
    """The great-circle (haversine) distance between two points given in decimal degrees."""
    phi_1, phi_2 = radians(latitude_1), radians(latitude_2)
    half_dphi, half_dlambda = (phi_2 - phi_1) / 2, radians(longitude_2 - longitude_1) / 2
    chord = sin(half_dphi) ** 2 + cos(phi_1) * cos(phi_2) * sin(half_dlambda) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))
