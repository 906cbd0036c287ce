"""Where an address is, roughly: by its district, its city, its province or its country."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import Final

from santong.stores.contracts import Coordinates, Precision
from santong.stores.rules.gazetteer.cities import Cities, cities_of, folded
from santong.stores.rules.gazetteer.divisions import DIVISIONS_BY_COUNTRY, SEATS, Division

# A district lies in its city. A county can be far from the seat; so far away, a hamlet that is only
# called alike is not believed to be the one.
KILOMETRES_TO_DISTRICT: Final = 80.0
KILOMETRES_TO_COUNTY: Final = 400.0

# Entries of forms that stand where no prefecture is, and name nothing.
_NOTHING: Final = frozenset(
    {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "直辖", "省直辖"}
)
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_HAN: Final = re.compile(r"[㐀-鿿]")
_PEOPLES: Final = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水"
    "|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒"
    "|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
_AUTONOMOUS: Final = re.compile(rf"(.{{2,}}?)(?:(?:{_PEOPLES})族?)*自治[州县旗区]")
_SUFFIX: Final = re.compile(
    r"(.{2,}?)(?:特别行政区|省|地区|新区|林区|矿区|市|区|县|旗|盟|州|镇|街道)"
)
_COUNTIES: Final = ("县", "旗", "区")
_SUFFIXES: Final = ("市", "县", "区", "旗", "镇")
_EARTH_KILOMETRES: Final = 6371.0088
ANSWERS_KEPT: Final = 20_000


@dataclass(frozen=True, slots=True)
class _Ground:
    """The places among which an address is looked for: a country's, or one division's of it."""

    cities: Cities
    code: str = ""
    division: Division | None = None


def place_of(
    *, country: str, province: str = "", city: str = "", district: str = "", postcode: str = ""
) -> Coordinates | None:
    """A point for an address, as near as the packaged gazetteer knows, and how near that is.

    Names are taken with or without 省, 市, 区, 县, 自治州 …, accents and case. Of a country alone
    it is the largest city; None for a country that the gazetteer does not know. It has no
    postcodes, so `postcode` makes nothing more exact.
    """
    del postcode
    code = country.strip().upper()
    if not _COUNTRY.fullmatch(code):
        return None
    return _place_of(code, province.strip(), city.strip(), district.strip())


@lru_cache(maxsize=ANSWERS_KEPT)
def _place_of(country: str, province: str, city: str, district: str) -> Coordinates | None:
    ground = _ground(country, province)
    if ground is None:
        return None
    seat = _city(ground, city)
    part = _district(ground, district, seat)
    if part is not None:
        return _point(ground.cities, part, "city" if seat is None else "district")
    if seat is not None:
        return _point(ground.cities, seat, "city")
    if ground.division is not None:
        capital = _largest(ground, ground.cities.named(ground.division.capital))
        return None if capital is None else _point(ground.cities, capital, "province")
    return _point(ground.cities, _largest_of_all(ground), "country")


def _ground(country: str, province: str) -> _Ground | None:
    division = _division_named(country, province)
    home = division.country if division and division.country else country
    cities = cities_of(home)
    if not cities.divisions:
        return None
    if division is None:
        code = province.upper()
        return _Ground(cities, code if code in cities.divisions else "")
    if division.country:
        return _Ground(cities, "", division)
    capital = _largest(_Ground(cities), cities.named(division.capital))
    assert capital is not None, f"the gazetteer knows the capital {division.capital}"
    return _Ground(cities, cities.divisions[capital], division)


def _division_named(country: str, text: str) -> Division | None:
    """Full names begin with the short one: 广西 in 广西壮族自治区, Zhejiang in Zhejiang Sheng."""
    written = folded(text)
    known = [
        (folded(name), division)
        for division in DIVISIONS_BY_COUNTRY.get(country, ())
        for name in division.names
    ]
    found = [
        (len(name), division)
        for name, division in known
        if written == name or (written.startswith(name) and not _is_letters(name))
    ]
    return max(found, key=lambda each: each[0])[1] if found else None


def _is_letters(name: str) -> bool:
    """Whether a short name is a code, like SP, with which other names may begin."""
    return name.isascii() and len(name) <= len("SP")


def _city(ground: _Ground, city: str) -> int | None:
    if not _says_something(city):
        if ground.division is not None and ground.division.is_city:
            return _largest(ground, ground.cities.named(ground.division.capital))
        return None
    return _largest(ground, _called(ground, _seat(ground, city)))


def _seat(ground: _Ground, city: str) -> str:
    """Where a prefecture is run from; any other city is itself. Counties may share its name."""
    if ground.division is None or city.endswith(_COUNTIES):
        return city
    return SEATS.get((ground.division.names[0], _bare(city)), city)


def _district(ground: _Ground, district: str, seat: int | None) -> int | None:
    """The place of a district; of several, the nearest to the city."""
    if not _says_something(district):
        return None
    exact = ground.cities.named(district, division=ground.code)
    if seat is None:
        return _largest(ground, exact or _called(ground, _seat(ground, district)))
    found = exact or _called(ground, district)
    inside: list[tuple[float, int]] = []
    for position in found:
        far = _kilometres(ground.cities, seat, position)
        is_sure = bool(exact) or ground.cities.populations[position] > 0
        farthest = KILOMETRES_TO_COUNTY if is_sure else KILOMETRES_TO_DISTRICT
        if far <= (KILOMETRES_TO_DISTRICT if district.endswith("区") else farthest):
            inside.append((far, position))
    return min(inside)[1] if inside else None


def _called(ground: _Ground, text: str) -> list[int]:
    """Places of this name: as written, without its suffix, and with another one."""
    names = [text]
    if _HAN.search(text):
        bare = _bare(text)
        names += [bare, *(bare + suffix for suffix in _SUFFIXES)]
    found = dict.fromkeys(
        position for name in names for position in ground.cities.named(name, division=ground.code)
    )
    return list(found)


def _bare(text: str) -> str:
    if autonomous := _AUTONOMOUS.fullmatch(text):
        return autonomous.group(1)
    suffixed = _SUFFIX.fullmatch(text)
    return suffixed.group(1) if suffixed else text


def _says_something(text: str) -> bool:
    return bool(text) and text not in _NOTHING


def _largest(ground: _Ground, positions: Iterable[int]) -> int | None:
    """The most populous; of equals, the one that the gazetteer names first."""
    return min(
        positions,
        key=lambda position: (-ground.cities.populations[position], position),
        default=None,
    )


def _largest_of_all(ground: _Ground) -> int:
    position = _largest(ground, range(len(ground.cities.divisions)))
    assert position is not None
    return position


def _point(cities: Cities, position: int, precision: Precision) -> Coordinates:
    return Coordinates(
        latitude=cities.latitudes[position],
        longitude=cities.longitudes[position],
        precision=precision,
    )


def _kilometres(cities: Cities, one: int, other: int) -> float:
    north, other_north = radians(cities.latitudes[one]), radians(cities.latitudes[other])
    east = radians(cities.longitudes[other] - cities.longitudes[one])
    half = sin((other_north - north) / 2) ** 2 + cos(north) * cos(other_north) * sin(east / 2) ** 2
    return 2 * _EARTH_KILOMETRES * asin(min(1.0, sqrt(half)))
