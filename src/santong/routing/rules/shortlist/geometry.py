"""Distances over the earth's surface from one point to many."""

from math import cos, radians, sin

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS_METRES = 6_371_008.8


def positions_of(*, latitudes: ArrayLike, longitudes: ArrayLike) -> NDArray[np.float64]:
    """Points on the unit sphere, one column each, from degrees."""
    latitude = np.radians(np.asarray(latitudes, dtype=np.float64))
    longitude = np.radians(np.asarray(longitudes, dtype=np.float64))
    return np.stack(
        [
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        ]
    )


def distances_metres(
    *, positions: NDArray[np.float64], latitude: float, longitude: float
) -> NDArray[np.int64]:
    """Great-circle distances in whole metres."""
    at_latitude, at_longitude = radians(latitude), radians(longitude)
    here = (
        cos(at_latitude) * cos(at_longitude),
        cos(at_latitude) * sin(at_longitude),
        sin(at_latitude),
    )
    # The haversine follows from the dot product; what cancels for near places is below a metre.
    # `einsum`, because `dot` would wake a thread pool that is dearer than the sum.
    haversine: NDArray[np.float64] = np.einsum("i,ij->j", np.array(here), positions)
    haversine *= -0.5
    haversine += 0.5
    np.maximum(haversine, 0.0, out=haversine)
    np.minimum(haversine, 1.0, out=haversine)
    np.sqrt(haversine, out=haversine)
    np.arcsin(haversine, out=haversine)
    haversine *= 2 * EARTH_RADIUS_METRES
    haversine += 0.5
    metres: NDArray[np.int64] = haversine.astype(np.int64)
    return metres
