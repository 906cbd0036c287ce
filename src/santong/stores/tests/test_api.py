"""Places over HTTP."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from santong.kernel import tenancy
from santong.merchants.tests.factories import make_brand, make_token
from santong.stores.tests.factories import make_location

_keys = itertools.count(1)
PLACE = {
    "code": "HZ-1",
    "name": "西湖银泰店",
    "kind": "store",
    "latitude": 30.2936,
    "longitude": 120.1614,
    "hours": {"mon": [["10:00", "12:00"], ["13:00", "22:00"]], "fri": [["18:00", "02:00"]]},
}


class Caller:
    """Somebody with a token."""

    def __init__(self, token: str) -> None:
        self._client = Client(headers={"Authorization": f"Bearer {token}"})

    def get(self, path: str, **query: Any) -> Any:
        return self._client.get(f"/api/v1{path}", query)

    def post(self, path: str, body: object) -> Any:
        return self._client.post(
            f"/api/v1{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": f"places-{next(_keys)}"},
        )

    def patch(self, path: str, body: object, *, version: str | None = '"1"') -> Any:
        return self._client.patch(
            f"/api/v1{path}",
            json.dumps(body),
            content_type="application/json",
            headers={} if version is None else {"If-Match": version},
        )


@pytest.fixture
def caller(merchant: int) -> Caller:
    with tenancy.scope(merchant_id=merchant):
        return Caller(make_token(merchant))


def test_a_place_is_opened_shown_and_changed(caller: Caller) -> None:
    opened = caller.post("/locations", PLACE)
    path = f"/locations/{opened.json()['id']}"
    shown = caller.get(path)
    changed = caller.patch(path, {"is_open": False, "hours": None}, version=shown["ETag"])

    assert (opened.status_code, opened["ETag"]) == (201, '"1"')
    assert shown.json() == opened.json()
    assert shown.json()["hours"]["fri"] == [["18:00", "02:00"]]
    assert shown.json()["hours"]["tue"] == []
    assert (changed.status_code, changed["ETag"]) == (200, '"2"')
    assert changed.json() == {**opened.json(), "is_open": False, "hours": None, "version": 2}


def test_a_change_needs_to_know_what_it_changes(caller: Caller) -> None:
    path = f"/locations/{caller.post('/locations', PLACE).json()['id']}"
    caller.patch(path, {"name": "先到"})

    unknown = caller.patch(path, {"name": "晚到"}, version=None)
    old = caller.patch(path, {"name": "晚到"}, version='"1"')

    assert (unknown.status_code, unknown.json()["code"]) == (428, "kernel.version_missing")
    assert (old.status_code, old.json()["code"]) == (412, "kernel.version_moved")
    assert caller.get(path).json()["name"] == "先到"


@pytest.mark.parametrize(
    "body",
    [
        {"name": None},
        {"name": ""},
        {"code": "OTHER"},
        {"latitude": 91},
        {"is_open": "yes"},
        {"daily_capacity": -1},
        {"timezone": "Moon/Base"},
        {"hours": {"mon": [["10:00", "12:00"], ["11:00", "13:00"]]}},
        {"hours": {"monday": []}},
        {"brand_id": "x"},
    ],
)
def test_a_change_that_makes_no_sense_is_refused(body: object, caller: Caller) -> None:
    path = f"/locations/{caller.post('/locations', PLACE).json()['id']}"

    answer = caller.patch(path, body)

    assert answer.status_code == 422
    assert caller.get(path)["ETag"] == '"1"'


def test_the_nearest_places_come_with_their_distance(caller: Caller, merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_location(merchant_id=merchant, code="SZ", latitude=31.3041, longitude=120.5954)
        make_location(merchant_id=merchant, code="HZ", latitude=30.2936, longitude=120.1614)
        make_location(merchant_id=merchant, code="SHUT", is_open=False)
        make_location(merchant_id=merchant, code="DESK", can_courier=True, latitude=40.0)

    near = caller.get("/locations/nearest", latitude=30.3, longitude=120.2, limit=2)
    couriers = caller.get(
        "/locations/nearest", latitude=30.3, longitude=120.2, capability="courier"
    )

    items = [(item["code"], item["distance_metres"]) for item in near.json()["items"]]
    assert items == [("HZ", 3_774), ("SZ", 117_864)]
    assert [item["code"] for item in couriers.json()["items"]] == ["DESK"]


@pytest.mark.parametrize(
    "query",
    [
        {"latitude": 30},
        {"latitude": 91, "longitude": 0},
        {"latitude": "nan", "longitude": 0},
        {"latitude": 30, "longitude": 120, "limit": 0},
        {"latitude": 30, "longitude": 120, "capability": "fly"},
    ],
)
def test_a_point_that_is_none_is_refused(query: dict[str, Any], caller: Caller) -> None:
    assert caller.get("/locations/nearest", **query).status_code == 422


def test_a_list_is_filtered_and_paged(caller: Caller, merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        for number in range(3):
            make_location(merchant_id=merchant, code=f"S{number}", name=f"{number}号店")
        make_location(merchant_id=merchant, code="W1", kind="warehouse", is_open=False)

    def codes(**query: Any) -> list[str]:
        return [place["code"] for place in caller.get("/locations", **query).json()["items"]]

    first = caller.get("/locations", limit=3).json()
    assert [place["code"] for place in first["items"]] == ["W1", "S2", "S1"]
    assert codes(limit=3, cursor=first["next_cursor"]) == ["S0"]
    assert codes(kind="warehouse") == ["W1"]
    assert codes(is_open="true", search="s") == ["S2", "S1", "S0"]
    assert codes(search="2号") == ["S2"]
    assert codes(search="杭州") == ["W1", "S2", "S1", "S0"]


def test_an_import_says_what_is_wrong_by_row_and_column(caller: Caller) -> None:
    row = {"code": "A", "name": "宁波店", "kind": "store", "province": "浙江", "city": "宁波"}

    refused = caller.post(
        "/locations/import", {"rows": [row, {**row, "code": "B", "hours": {"mon": [["1", "2"]]}}]}
    )
    imported = caller.post("/locations/import", {"rows": [row]})

    assert (refused.status_code, refused.json()["error_count"]) == (422, 1)
    assert refused.json()["errors"][0] | {"value": ""} == {
        "row": 2,
        "column": "hours",
        "reason": "interval",
        "value": "",
    }
    assert imported.json() == {"created": 1, "changed": 0, "unchanged": 0}


def test_a_code_that_is_there_is_a_conflict(caller: Caller) -> None:
    caller.post("/locations", PLACE)

    answer = caller.post("/locations", PLACE)

    assert (answer.status_code, answer.json()["code"]) == (409, "stores.code_taken")


def test_a_clerk_sees_their_own_place_and_how_far_others_are(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        own = make_location(merchant_id=merchant, code="OWN")
        other = make_location(merchant_id=merchant, code="OTHER")
        clerk = Caller(
            make_token(merchant, role="clerk", permissions={"stores.view"}, location_id=own.id)
        )

    listed = clerk.get("/locations").json()["items"]
    near = clerk.get("/locations/nearest", latitude=30.2, longitude=120.1).json()["items"]

    assert [place["code"] for place in listed] == ["OWN"]
    assert clerk.get(f"/locations/{other.id}").status_code == 404
    assert clerk.patch(f"/locations/{own.id}", {"name": "我的店"}).status_code == 403
    assert {place["code"] for place in near} == {"OWN", "OTHER"}


def test_another_merchants_places_are_not_there(
    new_merchant: Callable[..., int], caller: Caller
) -> None:
    theirs = new_merchant()
    with tenancy.scope(merchant_id=theirs):
        place = make_location(merchant_id=theirs)
        brand = make_brand(theirs)

    assert caller.get(f"/locations/{place.id}").status_code == 404
    assert caller.patch(f"/locations/{place.id}", {"name": "别人的店"}).status_code == 404
    assert caller.get("/locations").json()["items"] == []
    assert caller.post("/locations", {**PLACE, "brand_id": str(brand.id)}).status_code == 404
