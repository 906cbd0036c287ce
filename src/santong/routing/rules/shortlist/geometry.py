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
    # The chord follows from the dot product alone; what cancels for near places is below a metre.
    # `einsum`, because `dot` would wake a thread pool that is dearer than the sum.
    chord: NDArray[np.float64] = np.einsum("i,ij->j", np.array(here), positions)
    chord *= -2.0
    chord += 2.0
    np.clip(chord, 0.0, 4.0, out=chord)
    np.sqrt(chord, out=chord)
    chord *= 0.5
    np.arcsin(chord, out=chord)
    chord *= 2 * EARTH_RADIUS_METRES
    metres: NDArray[np.int64] = np.rint(chord).astype(np.int64)
    return metres
