"""Where addresses are, by the packaged gazetteer."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from santong.stores.contracts import Precision
from santong.stores.rules.gazetteer.divisions import DIVISIONS_BY_COUNTRY, SEATS
from santong.stores.rules.gazetteer.places import place_of
from santong.stores.rules.maps import metres_between

SHARED = Path(settings.SANTONG_SHARED or "nowhere")
DIVISIONS = SHARED / "data/china/divisions_with_coordinates.csv.gz"
POSTAL_POINTS = SHARED / "data/olist/geolocation_by_zip.csv.gz"
NO_PREFECTURE = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


class Case(NamedTuple):
    province: str
    city: str
    district: str
    latitude: float
    longitude: float
    precision: Precision
    country: str = "CN"
    kilometres: float = 15


CASES = [
    Case("浙江省", "杭州市", "", 30.27, 120.15, "city"),
    Case("浙江", "杭州", "", 30.27, 120.15, "city"),
    Case("Zhejiang Sheng", "Hangzhou", "", 30.27, 120.15, "city"),
    Case("", "杭州市", "", 30.27, 120.15, "city"),
    # Two cities with one name in Latin letters, and one name in two provinces.
    Case("江苏省", "苏州市", "", 31.30, 120.59, "city"),
    Case("安徽省", "宿州市", "", 33.64, 116.98, "city"),
    Case("Anhui", "Suzhou", "", 33.64, 116.98, "city"),
    Case("Jiangsu", "Suzhou", "", 31.30, 120.59, "city"),
    Case("江西省", "抚州市", "", 27.98, 116.36, "city"),
    Case("福建省", "福州市", "", 26.07, 119.30, "city"),
    Case("吉林省", "吉林市", "", 43.85, 126.55, "city"),
    Case("辽宁省", "朝阳市", "", 41.57, 120.45, "city"),
    Case("海南省", "海口市", "", 20.04, 110.34, "city"),
    # Municipalities, as forms write them.
    Case("北京市", "北京市", "朝阳区", 39.92, 116.44, "district"),
    Case("北京市", "市辖区", "海淀区", 39.96, 116.30, "district"),
    Case("北京市", "", "", 39.90, 116.40, "city"),
    Case("上海市", "上海市", "浦东新区", 31.22, 121.54, "district"),
    Case("重庆市", "县", "", 29.56, 106.55, "city"),
    Case("天津市", "天津市", "", 39.12, 117.20, "city"),
    # Districts and county-level cities.
    Case("陕西省", "西安市", "雁塔区", 34.21, 108.95, "district"),
    Case("江苏省", "苏州市", "昆山市", 31.38, 120.95, "district"),
    Case("江苏省", "昆山市", "", 31.38, 120.95, "city"),
    Case("湖北省", "省直辖县级行政区划", "仙桃市", 30.36, 113.45, "city"),
    Case("河南省", "省直辖县级行政区划", "济源市", 35.09, 112.59, "city"),
    # Prefectures that are no cities.
    Case("吉林省", "延边朝鲜族自治州", "", 42.89, 129.51, "city"),
    Case("云南省", "西双版纳傣族自治州", "", 22.01, 100.80, "city"),
    Case("青海省", "海南藏族自治州", "", 36.28, 100.62, "city"),
    Case("新疆维吾尔自治区", "伊犁哈萨克自治州", "", 43.92, 81.32, "city"),
    Case("内蒙古自治区", "锡林郭勒盟", "", 43.94, 116.08, "city", kilometres=30),
    Case("云南省", "红河哈尼族彝族自治州", "", 23.36, 103.41, "city"),
    Case("云南省", "红河哈尼族彝族自治州", "红河县", 23.36, 103.41, "city"),
    Case("西藏自治区", "阿里地区", "", 32.50, 80.10, "city"),
    # Where the gazetteer keeps another country.
    Case("香港特别行政区", "", "", 22.28, 114.17, "city"),
    Case("澳门特别行政区", "", "", 22.20, 113.55, "city"),
    Case("台湾省", "台北市", "", 25.05, 121.53, "city"),
    # As near as it is known.
    Case("浙江省", "没有这个市", "", 30.27, 120.15, "province"),
    Case("浙江省", "杭州市", "没有这个区", 30.27, 120.15, "city"),
    Case("", "", "", 31.22, 121.46, "country"),
    # Elsewhere.
    Case("SP", "sao paulo", "", -23.55, -46.64, "city", "BR"),
    Case("São Paulo", "Campinas", "", -22.91, -47.06, "city", "BR"),
    Case("RJ", "rio de janeiro", "", -22.91, -43.19, "city", "br"),
    Case("PE", "Olinda", "", -8.01, -34.86, "city", "BR"),
    Case("CA", "San Jose", "", 37.34, -121.89, "city", "US"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: "".join(case[:3]) or "China")
def test_well_known_places(case: Case) -> None:
    found = place_of(
        country=case.country, province=case.province, city=case.city, district=case.district
    )

    assert found is not None
    assert found.precision == case.precision
    away = metres_between(
        latitude=found.latitude,
        longitude=found.longitude,
        other_latitude=case.latitude,
        other_longitude=case.longitude,
    )
    assert away <= case.kilometres * 1000


@pytest.mark.parametrize("country", ["", "XX", "C", "China", '"C', "\u3000", "中国"])
def test_an_unknown_country_has_no_places(country: str) -> None:
    assert place_of(country=country, province="浙江", city="杭州") is None


def test_every_division_is_found_by_every_name_it_has() -> None:
    missing = [
        (country, name)
        for country, divisions in DIVISIONS_BY_COUNTRY.items()
        for division in divisions
        for name in division.names
        if (found := place_of(country=country, province=name)) is None
        or found.precision not in {"province", "city"}
    ]

    assert missing == []


@pytest.mark.parametrize(("province", "name"), SEATS, ids="".join)
def test_every_seat_is_found(province: str, name: str) -> None:
    found = place_of(country="CN", province=province, city=name)

    assert found is not None
    assert found.precision == "city"


names = st.text(max_size=12) | st.sampled_from(
    ["市", "区", "自治州", "藏族自治州", "朝阳", "杭州市"]
)


@given(province=names, city=names, district=names)
def test_any_text_gives_a_point_of_the_country(province: str, city: str, district: str) -> None:
    found = place_of(country="CN", province=province, city=city, district=district)

    assert found is not None
    assert -90 <= found.latitude <= 90
    assert -180 <= found.longitude <= 180


@pytest.mark.skipif(
    not DIVISIONS.is_file(), reason="the published list of divisions is not on this machine"
)
def test_prefectures_of_china_are_found_near_their_seats() -> None:
    with gzip.open(DIVISIONS, "rt", encoding="utf-8", newline="") as file:
        row_by_code = {row["code"]: row for row in csv.DictReader(file)}
    cities = [
        row
        for row in row_by_code.values()
        if row["level"] == "city" and row["latitude"] and row["name"] not in NO_PREFECTURE
    ]

    kilometres: list[float] = []
    for row in cities:
        found = place_of(
            country="CN", province=row_by_code[row["parent"]]["name"], city=row["name"]
        )
        if found is not None and found.precision == "city":
            kilometres.append(
                metres_between(
                    latitude=found.latitude,
                    longitude=found.longitude,
                    other_latitude=float(row["latitude"]),
                    other_longitude=float(row["longitude"]),
                )
                / 1000
            )

    kilometres.sort()
    assert len(cities) == 334
    assert len(kilometres) == 334
    assert sum(far <= 30 for far in kilometres) >= 333
    assert kilometres[len(kilometres) // 2] <= 2


@pytest.mark.skipif(
    not POSTAL_POINTS.is_file(), reason="the published postal points are not on this machine"
)
def test_most_postal_areas_of_brazil_are_found_by_city_and_state() -> None:
    with gzip.open(POSTAL_POINTS, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    near = 0
    for row in rows:
        found = place_of(
            country="BR", province=row["geolocation_state"], city=row["geolocation_city"]
        )
        if found is not None and found.precision == "city":
            away = metres_between(
                latitude=found.latitude,
                longitude=found.longitude,
                other_latitude=float(row["geolocation_lat"]),
                other_longitude=float(row["geolocation_lng"]),
            )
            near += away <= 30_000

    assert near / len(rows) >= 0.94
