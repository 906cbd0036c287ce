"""Chinese cities by their simplified Chinese names, from the packaged gazetteer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from math import cos, radians, sqrt
from random import Random

from santong.simulation.rules.demo.words import DISTRICTS
from santong.simulation.rules.places import City, cities_of, metres_between

# GeoNames' codes of China's first-level divisions, and their official names.
PROVINCES = {
    "01": "安徽省", "02": "浙江省", "03": "江西省", "04": "江苏省", "05": "吉林省", "06": "青海省",
    "07": "福建省", "08": "黑龙江省", "09": "河南省", "10": "河北省", "11": "湖南省",
    "12": "湖北省", "13": "新疆维吾尔自治区", "14": "西藏自治区", "15": "甘肃省",
    "16": "广西壮族自治区", "18": "贵州省", "19": "辽宁省", "20": "内蒙古自治区",
    "21": "宁夏回族自治区", "22": "北京市", "23": "上海市", "24": "山西省", "25": "山东省",
    "26": "陕西省", "28": "天津市", "29": "云南省", "30": "广东省", "31": "海南省",
    "32": "四川省", "33": "重庆市",
}  # fmt: skip
CITY_POPULATION_MIN = 600_000
DISTRICT_WITHIN_METRES = 40_000
NAME_LENGTHS = range(3, 7)
METRES_PER_DEGREE = 111_195

_HAN = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class ChineseCity:
    """A city under its own name, `杭州市`; its districts are those that the gazetteer knows."""

    name: str
    province: str
    latitude: float
    longitude: float
    population: int
    weight: int
    districts: tuple[str, ...]

    @property
    def short_name(self) -> str:
        return self.name.removesuffix("市")


@cache
def chinese_cities() -> tuple[ChineseCity, ...]:
    """Larger cities that have exactly one simplified name, the weightiest first."""
    chosen: dict[str, ChineseCity] = {}
    districts = _districts()
    for city in cities_of("CN"):
        names = simplified_names(city, ending="市")
        if (
            len(names) == 1
            and city.province in PROVINCES
            and city.population >= CITY_POPULATION_MIN
        ):
            chosen.setdefault(names[0], _chinese_city(city, names[0], districts))
    return tuple(sorted(chosen.values(), key=lambda city: (-city.weight, city.name)))


def chinese_city(name: str) -> ChineseCity:
    """The city of that name. A name the gazetteer lacks is a bug of ours."""
    return next(city for city in chinese_cities() if city.name == name)


def simplified_names(city: City, *, ending: str) -> list[str]:
    """The city's names in simplified characters with that ending, shortest first.

    The gazetteer mixes simplified, traditional and Japanese spellings. GB 2312 has the first and
    hardly any of the others.
    """
    names = {
        name
        for name in city.other_names
        if name.endswith(ending)
        and len(name) in NAME_LENGTHS
        and _HAN.fullmatch(name)
        and _is_simplified(name)
    }
    return sorted(names, key=lambda name: (len(name), name))


def point_near(city: ChineseCity, *, random: Random, within_metres: int) -> tuple[float, float]:
    """A point in the city, likelier near its middle, to five decimals (a metre)."""
    north = random.gauss(0, within_metres / 2)
    east = random.gauss(0, within_metres / 2)
    latitude = city.latitude + _clipped(north, within_metres) / METRES_PER_DEGREE
    degree = METRES_PER_DEGREE * cos(radians(city.latitude))
    return round(latitude, 5), round(city.longitude + _clipped(east, within_metres) / degree, 5)


def _clipped(metres: float, within_metres: int) -> float:
    return max(-within_metres, min(within_metres, metres))


def _is_simplified(name: str) -> bool:
    try:
        name.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _chinese_city(city: City, name: str, districts: tuple[tuple[City, str], ...]) -> ChineseCity:
    near = [
        district
        for place, district in districts
        if place.province == city.province
        and metres_between(
            latitude=city.latitude,
            longitude=city.longitude,
            other_latitude=place.latitude,
            other_longitude=place.longitude,
        )
        <= DISTRICT_WITHIN_METRES
    ]
    return ChineseCity(
        name=name,
        province=PROVINCES[city.province],
        latitude=city.latitude,
        longitude=city.longitude,
        population=city.population,
        weight=_weight(city),
        districts=tuple(sorted(set(near))) or DISTRICTS,
    )


def _weight(city: City) -> int:
    """How many stores and buyers a city draws.

    The gazetteer's populations are of very different years and areas: some are a city's, some a
    whole prefecture's. A place that is known by many names in many languages is a big city.
    """
    return round(sqrt(city.population) * len(city.other_names))


def _districts() -> tuple[tuple[City, str], ...]:
    found: list[tuple[City, str]] = []
    for city in cities_of("CN"):
        names = [
            name
            for name in simplified_names(city, ending="区")
            if not name.endswith(("社区", "矿区", "地区")) and "市" not in name
        ]
        if names:
            found.append((city, names[0]))
    return tuple(found)
