"""People of one store, one brand, one dealer, over HTTP: each reaches their own places."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from santong.kernel import tenancy
from santong.merchants import public as merchants
from santong.stores import public as stores

API = "/api/v1"
NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)


class Program:
    """A program with a token of somebody's."""

    def __init__(self, secret: str) -> None:
        self.client = Client(headers={"authorization": f"Bearer {secret}"})

    def get(self, path: str) -> Any:
        return self.client.get(API + path)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self.client.post(
            API + path,
            body,
            content_type="application/json",
            headers={"Idempotency-Key": uuid.uuid4().hex},
        )


def hire(merchant_id: int, login: str, role: str, **part: int) -> tuple[int, Program]:
    """Somebody with a role, and a program that may do all that they may."""
    made = merchants.create_staff(
        merchant_id=merchant_id, login=login, name=login, password="a long password", now=NOW
    )
    merchants.grant_role(
        merchant_id=merchant_id, staff_id=made.staff.id, role=role, now=NOW, **part
    )
    token = merchants.create_token(
        merchant_id=merchant_id,
        staff_id=made.staff.id,
        name=login,
        permissions=merchants.PERMISSIONS_BY_ROLE[role],
        now=datetime.now(UTC),
    )
    return made.staff.id, Program(token.secret)


def open_store(merchant_id: int, code: str, **owner: Any) -> int:
    return stores.open_location(
        merchant_id=merchant_id,
        code=code,
        name=code,
        kind="store",
        latitude=31.23,
        longitude=121.47,
        now=NOW,
        **owner,
    ).id


def places_of(program: Program) -> set[str]:
    return set(program.get("/me").json()["location_ids"])


def test_a_manager_sees_the_people_of_the_store_and_no_others(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        here, there = open_store(merchant, "here"), open_store(merchant, "there")
        chief, office = hire(merchant, "chief", "head_office")
        boss, manager = hire(merchant, "boss", "store_manager", location_id=here)
        clerk, _ = hire(merchant, "clerk", "clerk", location_id=here)
        other, _ = hire(merchant, "other", "clerk", location_id=there)

    seen = {item["id"] for item in manager.get("/staff").json()["items"]}
    all_seen = {item["id"] for item in office.get("/staff").json()["items"]}

    assert places_of(manager) == {str(here)}
    assert seen == {str(boss), str(clerk)}
    assert all_seen == {str(person) for person in (chief, boss, clerk, other)}


def test_a_brands_people_reach_its_stores_as_they_come_and_go(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        hire(merchant, "chief", "head_office")
        brand = merchants.create_brand(merchant_id=merchant, code="spring", name="春", now=NOW)
        dealer = merchants.create_dealer(merchant_id=merchant, code="east", name="东", now=NOW)
        first = open_store(merchant, "first", brand_id=brand.id)
        open_store(merchant, "nobodys")
        _, operator = hire(merchant, "operator", "brand_operator", brand_id=brand.id)
        _, partner = hire(merchant, "partner", "dealer", dealer_id=dealer.id)
    before = places_of(operator), places_of(partner)

    with tenancy.scope(merchant_id=merchant):
        second = open_store(merchant, "second", brand_id=brand.id, dealer_id=dealer.id)

    assert before == ({str(first)}, set())
    assert places_of(operator) == {str(first), str(second)}
    assert places_of(partner) == {str(second)}


def test_a_role_at_a_place_that_is_none_is_refused(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        _, office = hire(merchant, "chief", "head_office")
        clerk = merchants.create_staff(merchant_id=merchant, login="c", name="c", now=NOW).staff

    nowhere = office.post(f"/staff/{clerk.id}/grants", {"role": "clerk", "location_id": "404"})

    assert (nowhere.status_code, nowhere.json()["kind"]) == (404, "location")


def test_a_local_chief_gives_roles_in_their_own_store_only(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        here, there = open_store(merchant, "here"), open_store(merchant, "there")
        hire(merchant, "chief", "head_office")
        _, local = hire(merchant, "local", "head_office", location_id=here)
        clerk = merchants.create_staff(merchant_id=merchant, login="c", name="c", now=NOW).staff
    grants = f"/staff/{clerk.id}/grants"

    allowed = local.post(grants, {"role": "clerk", "location_id": str(here)})
    elsewhere = local.post(grants, {"role": "clerk", "location_id": str(there)})
    everywhere = local.post(grants, {"role": "clerk"})

    assert allowed.status_code == 201
    assert elsewhere.json()["code"] == "merchants.more_than_own_permissions"
    assert everywhere.json()["code"] == "merchants.more_than_own_permissions"
