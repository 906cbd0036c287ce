"""Visits over HTTP, by those who may and no others."""

from __future__ import annotations

import itertools
import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from santong.fieldservice import contracts, jobs, subscribers
from santong.fieldservice.services.keep_people import keep_provider, keep_technician
from santong.fieldservice.tests.factories import LAKE, NOW, make_provider, make_technician
from santong.kernel import audit, tenancy
from santong.merchants import public as merchants
from santong.merchants.tests.factories import PASSWORD, make_staff, make_token
from santong.stagedsales.events import CodeRedeemed
from santong.stagedsales.tests.factories import (
    facts_told,
    make_place,
    see,
    signed,
    with_code,
)
from santong.stores.tests.factories import make_location

_keys = itertools.count(1)
CHINA = ZoneInfo("Asia/Shanghai")
SERVICE = {"code": "install", "name": "橱柜安装", "work_minutes": 60, "skills": ["cabinet"]}
VISIT = {
    "document": "case:7",
    "service_type": "install",
    "contact": {"name": "王小明", "phone": "13800138000"},
    "place": {
        "province": "浙江省",
        "city": "杭州市",
        "district": "西湖区",
        "address": "文三路 90 号",
        "latitude": 30.2712,
        "longitude": 120.1312,
    },
}


class Caller:
    """A program with a token, or a person who has logged in."""

    def __init__(self, merchant_id: int, *, login: str = "", **about: Any) -> None:
        self.client, self.headers = Client(), dict[str, str]()
        with tenancy.scope(merchant_id=merchant_id):
            if not login:
                self.headers["Authorization"] = f"Bearer {make_token(merchant_id, **about)}"
                return
            code = merchants.merchant(merchant_id=merchant_id).code
        self.client.post(
            "/log-in/", {"merchant": code, "login": login, "password": PASSWORD, "next": ""}
        )

    def get(self, path: str, *, expect: int = 200) -> Any:
        answer = self.client.get(f"/api/v1{path}", headers=self.headers)
        assert answer.status_code == expect, answer.content.decode()
        return json.loads(answer.content)

    def post(self, path: str, body: object = None, *, expect: int = 200, key: str = "") -> Any:
        answer = self.client.post(
            f"/api/v1{path}",
            json.dumps(body or {}),
            content_type="application/json",
            headers={**self.headers, "Idempotency-Key": key or f"visits-{next(_keys)}"},
        )
        assert answer.status_code == expect, answer.content.decode()
        return json.loads(answer.content)


def in_days(days: int) -> str:
    return f"{datetime.now(CHINA).date() + timedelta(days=days)}"


@pytest.fixture
def house(merchant: int) -> Caller:
    """Head office, with one provider and its technician."""
    caller = Caller(merchant)
    caller.post("/service-types", SERVICE)
    caller.post("/service-providers", {"code": "anju", "name": "安居服务"})
    technician = caller.post(
        "/technicians",
        {
            "provider_code": "anju",
            "code": "li",
            "name": "李师傅",
            "skills": ["cabinet"],
            "home": {"latitude": LAKE.latitude, "longitude": LAKE.longitude},
        },
    )
    caller.post(
        f"/technicians/{technician['id']}/hours",
        {
            "hours": [
                {"rule": "FREQ=DAILY", "begins": begins, "ends": ends, "valid_from": "2026-01-01"}
                for begins, ends in (("08:00", "12:00"), ("13:00", "18:00"))
            ]
        },
    )
    return caller


def booked(house: Caller) -> dict[str, Any]:
    visit = house.post("/visits", VISIT, expect=201)
    days = house.get(f"/visits/{visit['id']}/windows?on={in_days(2)}&days=1")
    window = days[0]["windows"][1]["starts_at"]
    answer: dict[str, Any] = house.post(f"/visits/{visit['id']}/book", {"window_from": window})
    return answer


def test_a_visit_from_asking_to_acceptance(house: Caller, merchant: int) -> None:
    visit = booked(house)
    path = f"/visits/{visit['id']}"
    assert (visit["state"], visit["technician_name"]) == ("booked", "李师傅")
    assert visit["contact"]["phone"] == "138****8000"

    house.post(f"{path}/confirm")
    house.post(f"{path}/set-out")
    far = house.post(f"{path}/check-in", {"latitude": 30.3, "longitude": 120.1312}, expect=409)
    assert far["code"] == "fieldservice.too_far"
    house.post(f"{path}/check-in", {"latitude": 30.2713, "longitude": 120.1312})
    house.post(f"{path}/begin")
    house.post(f"{path}/done", {"used_by_sku": {"HINGE": 4}})
    tried = house.post(f"{path}/accept-code", {"code": "x"})

    assert tried == {"is_right": False, "wait_seconds": 0}
    assert house.get(path)["state"] == "done"
    assert house.get(f"{path}/parts") == [
        {"kind": "used", "sku_code": "HINGE", "quantity": 4, "is_there": False}
    ]
    (why,) = house.get(f"{path}/decisions")
    assert why["chosen_id"] == visit["technician_id"]


def test_a_visit_is_held_moved_and_called_off(house: Caller) -> None:
    visit = booked(house)
    path = f"/visits/{visit['id']}"
    (day,) = house.get(f"{path}/windows?on={in_days(3)}&days=1")
    window = day["windows"][2]["starts_at"]

    held = house.post(f"{path}/hold", {"window_from": window})
    moved = house.post(f"{path}/reschedule", {"window_from": window, "reason": "出差"})
    shown = house.get(f"{path}/link")
    renewed = house.post(f"{path}/link")
    cancelled = house.post(f"{path}/cancel", {"reason": "不装了"})

    assert held["state"] == "held"
    assert moved["window"]["starts_at"] == window
    assert shown["path"].startswith("/v/")
    assert renewed != shown
    assert house.get(f"{path}/link") == renewed
    assert (cancelled["state"], cancelled["fee_minor"]) == ("cancelled", 0)
    assert house.post(f"{path}/confirm", expect=409)["code"] == "fieldservice.visit_passed"


def test_a_plan_is_asked_for_and_looked_at_again(house: Caller, merchant: int) -> None:
    asked = house.post("/day-plans", {"provider_code": "anju", "on": in_days(2)}, expect=202)

    with tenancy.scope(merchant_id=merchant):
        jobs.let_plans_be_worked_out(merchant_id=merchant, now=NOW)

    assert asked["state"] == "asked"
    assert house.get(f"/day-plans/{asked['id']}")["state"] == "nothing"


def test_the_same_request_is_the_same_visit(house: Caller) -> None:
    first = house.post("/visits", VISIT, expect=201, key="twice")

    again = house.post("/visits", VISIT, expect=201, key="twice")

    assert again == first
    assert len(house.get("/visits")["items"]) == 1


def test_calendars_and_territories_are_kept(house: Caller) -> None:
    (technician,) = house.get("/technicians")
    path = f"/technicians/{technician['id']}"
    leave = house.post(
        f"{path}/leave",
        {
            "starts_at": "2026-12-01T08:00:00+08:00",
            "ends_at": "2026-12-02T08:00:00+08:00",
            "reason": "体检",
        },
    )
    house.post("/service-providers/anju/holidays", {"on": "2027-02-06", "name": "春节"})
    territory = house.post(
        "/territories",
        {
            "code": "lake",
            "name": "西湖",
            "middle": {"latitude": LAKE.latitude, "longitude": LAKE.longitude},
            "radius_metres": 3_000,
        },
    )

    assert [each["begins"] for each in house.get(f"{path}/hours")] == ["08:00", "13:00"]
    assert [each["reason"] for each in house.get(f"{path}/leave")] == ["体检"]
    assert house.post(f"{path}/leave/{leave['id']}/remove") == []
    assert house.get("/service-providers/anju/holidays") == [{"on": "2027-02-06", "name": "春节"}]
    assert territory["kind"] == "radius"
    assert len(house.get("/territories")) == 1
    refused = house.post("/territories", {"code": "x", "name": "无"}, expect=422)
    assert refused["code"] == "kernel.field_invalid"


def people_of(merchant: int) -> tuple[Caller, Caller, Caller]:
    """A provider's person, one of another provider, and a technician of the first."""
    with tenancy.scope(merchant_id=merchant):
        ours = make_staff(merchant, role="provider", login="ours")
        theirs = make_staff(merchant, role="provider", login="theirs")
        technician = make_staff(merchant, role="technician", login="technician")
        keep_provider(
            merchant_id=merchant, code="anju", name="安居服务", staff_ids=[ours.id], now=NOW
        )
        keep_provider(
            merchant_id=merchant, code="other", name="别家", staff_ids=[theirs.id], now=NOW
        )
        keep_technician(
            merchant_id=merchant,
            provider_code="anju",
            code="li",
            name="李师傅",
            skills=["cabinet"],
            home=LAKE,
            staff_id=technician.id,
            now=NOW,
        )
        make_technician(
            merchant,
            provider=make_provider(merchant, code="other"),
            code="zhang",
            home=contracts.Point(31.0, 121.0),
        )
        # Keeping the provider above took its people away again.
        keep_provider(
            merchant_id=merchant, code="other", name="别家", staff_ids=[theirs.id], now=NOW
        )
    return (
        Caller(merchant, login="ours"),
        Caller(merchant, login="theirs"),
        Caller(merchant, login="technician"),
    )


def test_providers_and_technicians_see_their_own_and_nothing_else(
    house: Caller, merchant: int
) -> None:
    visit = booked(house)
    path = f"/visits/{visit['id']}"
    ours, theirs, technician = people_of(merchant)

    for caller in (ours, technician):
        assert [each["id"] for each in caller.get("/visits")["items"]] == [visit["id"]]
        assert caller.get(path)["id"] == visit["id"]
    assert theirs.get("/visits")["items"] == []
    for refused in (
        theirs.get(path, expect=404),
        theirs.post(f"{path}/set-out", expect=404),
        theirs.post(f"{path}/reveal-contact", {"reason": "x"}, expect=404),
        theirs.post(f"{path}/cancel", {"reason": "x"}, expect=404),
    ):
        assert refused["code"] == "kernel.no_such"
    assert [each["code"] for each in ours.get("/technicians")] == ["li"]
    assert [each["code"] for each in theirs.get("/technicians")] == ["zhang"]
    assert [each["code"] for each in technician.get("/technicians")] == ["li"]
    assert [each["code"] for each in theirs.get("/service-providers")] == ["other"]
    assert technician.get("/service-providers") == []


def test_nobody_outside_changes_what_holds_for_everybody(house: Caller, merchant: int) -> None:
    ours, theirs, technician = people_of(merchant)
    li = next(each for each in house.get("/technicians") if each["code"] == "li")

    for path, body in (
        ("/service-types", SERVICE),
        ("/service-providers", {"code": "anju", "name": "x"}),
        ("/territories", {"code": "x", "name": "x", "districts": ["a/b"]}),
        ("/service-providers/anju/holidays", {"on": "2027-02-06", "name": "x"}),
    ):
        assert ours.post(path, body, expect=403)["code"] == "kernel.permission_missing"
    theirs.post(f"/technicians/{li['id']}/hours", {"hours": []}, expect=404)
    technician.post(f"/technicians/{li['id']}/hours", {"hours": []}, expect=403)
    assert ours.post(f"/technicians/{li['id']}/hours", {"hours": []}) == []


def test_a_technician_reveals_where_to_go_and_the_trail_says_why(
    house: Caller, merchant: int
) -> None:
    visit = booked(house)
    *_, technician = people_of(merchant)

    known = technician.post(
        f"/visits/{visit['id']}/reveal-contact", {"reason": "出发前导航"}, key="once"
    )

    assert (known["name"], known["address"]) == ("王小明", "文三路 90 号")
    with tenancy.scope(merchant_id=merchant):
        trail = audit.trail_of(
            merchant_id=merchant, subject="visit", subject_ids=[int(visit["id"])]
        )
    entry = trail[-1]
    assert (entry.action, entry.reason) == ("fieldservice.reveal_contact", "出发前导航")
    house.post(f"/visits/{visit['id']}/cancel", {"reason": "不装了"})
    technician.post(f"/visits/{visit['id']}/reveal-contact", {"reason": "x"}, expect=403)


def clerk_at(merchant: int, location_id: int) -> Caller:
    return Caller(merchant, role="clerk", location_id=location_id, permissions=["visits.view"])


def test_a_shop_sees_the_visits_of_what_it_sold_and_no_others(house: Caller, merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        elsewhere = make_location(merchant_id=merchant)
        sale = see(merchant, signed(merchant_id=merchant))
    fitting = {**VISIT, "document": f"stagedsale:{sale.id}"}
    early = house.post("/visits", {**fitting, "wait_for_goods": True}, expect=201)
    booked(house)

    shop = clerk_at(merchant, sale.location_id or 0)

    (seen,) = shop.get("/visits")["items"]
    assert seen["id"] == early["id"]
    assert seen["seller_location_id"] == str(sale.location_id)
    assert clerk_at(merchant, elsewhere.id).get("/visits")["items"] == []


def test_a_shop_asks_for_visits_of_what_it_sold_alone(house: Caller, merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        elsewhere = make_location(merchant_id=merchant)
        sale = see(merchant, signed(merchant_id=merchant))
    fitting = {**VISIT, "document": f"stagedsale:{sale.id}"}
    about: dict[str, Any] = {
        "role": "store_manager",
        "permissions": ["visits.view", "visits.dispatch"],
    }

    Caller(merchant, location_id=elsewhere.id, **about).post("/visits", fitting, expect=404)
    assert house.get("/visits")["items"] == []
    Caller(merchant, location_id=sale.location_id, **about).post("/visits", fitting, expect=201)

    (made,) = house.get("/visits")["items"]
    assert made["seller_location_id"] == str(sale.location_id)


def test_a_visit_that_is_asked_for_after_the_goods_came_is_offered_at_once(
    house: Caller, merchant: int
) -> None:
    with tenancy.scope(merchant_id=merchant):
        sale_id = signed(merchant_id=merchant)
    fitting = {**VISIT, "document": f"stagedsale:{sale_id}", "wait_for_goods": True}
    before = house.post("/visits", fitting, expect=201)
    house.post(f"/staged-sales/{sale_id}/delivery")

    after = house.post("/visits", fitting, expect=201)

    assert (before["state"], after["state"]) == ("requested", "offered")
    with tenancy.scope(merchant_id=merchant):
        assert jobs.let_visits_be_offered(merchant_id=merchant, now=NOW) == 1
    assert house.get(f"/visits/{before['id']}")["state"] == "offered"


def test_a_visit_that_was_asked_for_before_a_store_had_the_sale_is_seen_there(
    house: Caller, merchant: int
) -> None:
    with tenancy.scope(merchant_id=merchant):
        sale_id, code = with_code(merchant_id=merchant)
        place = make_place(merchant)
    house.post("/visits", {**VISIT, "document": f"stagedsale:{sale_id}"}, expect=201)
    shop = clerk_at(merchant, place)
    assert shop.get("/visits")["items"] == []

    house.post(
        "/staged-sale-redemptions",
        {"code": code, "location_id": str(place), "device": "till", "nonce": "1"},
    )
    with tenancy.scope(merchant_id=merchant):
        (fact,) = facts_told(merchant, CodeRedeemed)
        for _ in range(2):
            subscribers.show_to_the_store(fact, merchant_id=merchant, now=NOW)

    assert len(shop.get("/visits")["items"]) == 1
