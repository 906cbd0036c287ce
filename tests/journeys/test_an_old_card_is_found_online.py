"""A shopper with a card from a store joins on a storefront, and finds tier and points there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from santong.inventory.tests.factories import make_location_id
from santong.kernel import tenancy
from santong.membership.contracts import Programme
from santong.membership.models import Card
from santong.membership.tests.factories import give_points, make_programme, make_shop, new_phone
from santong.stores import public as stores
from tests.journeys.http import Caller, caller


@pytest.fixture
def programme(merchant: int) -> Programme:
    with tenancy.scope(merchant_id=merchant):
        return make_programme(merchant_id=merchant)


def join(who: Caller, programme: Programme, phone: str, *, expect: int, **source: str) -> Any:
    return who.post(
        "/members/join",
        {
            "programme_code": programme.code,
            "phone": phone,
            "name": "王小明",
            "source": {"kind": "till", **source},
        },
        expect=expect,
    )


def test_the_old_card_is_queried_matched_and_bound(merchant: int, programme: Programme) -> None:
    with tenancy.scope(merchant_id=merchant):
        place_id = make_location_id(merchant_id=merchant)
        place = stores.locations_by_id(merchant_id=merchant, location_ids=[place_id])[place_id]
        shop = make_shop(merchant_id=merchant, programme=programme)
    clerk = caller(merchant, role="clerk", location_id=place_id)
    office = caller(merchant)
    phone = new_phone()
    old = join(
        clerk, programme, phone, expect=201, location_code=place.code, guide_code="G7", kind="guide"
    )
    member_id = old["member"]["id"]
    with tenancy.scope(merchant_id=merchant):
        Card.objects.filter(id=old["card"]["id"]).update(tier="gold", tier_since=datetime.now(UTC))
        give_points(merchant_id=merchant, programme=programme, member_id=int(member_id), points=120)

    asked = {"storefront_code": shop, "phone": f"+86 {phone}"}
    accounts = [{"kind": "mix_nick", "value": "小**明"}]
    answer = office.post("/member-bindings/query", {**asked, "accounts": accounts})
    bound = office.post("/member-bindings", {**asked, "accounts": accounts}, expect=201)
    again = office.post("/member-bindings", {**asked, "accounts": accounts})

    assert answer == {
        "kind": "bindable",
        "member": {
            "member_id": member_id,
            "member_number": old["member"]["number"],
            "card_number": old["card"]["number"],
            "tier": "gold",
            "points": 120,
        },
    }
    assert (bound["member_id"], bound["is_new"], again["is_new"]) == (member_id, True, False)
    assert bound["binding"] == again["binding"]
    assert office.post("/member-bindings/query", asked)["kind"] == "already_bound"

    (shown,) = clerk.post("/members/find", {"card_number": old["card"]["number"]})
    assert (shown["name"], shown["phone"]) == ("王**", f"{phone[:3]}****{phone[-4:]}")
    (credit,) = office.get(f"/members/{member_id}/attributions")["items"]
    assert (credit["kind"], credit["guide_code"], credit["location_id"]) == (
        "guide",
        "G7",
        str(place_id),
    )
    online = {"kind": "storefront", "storefront_code": shop}
    same = join(office, programme, phone, expect=200, **online)
    assert (same["is_new"], same["card"]["number"]) == (False, old["card"]["number"])


def test_a_member_leaves_and_comes_back(merchant: int, programme: Programme) -> None:
    with tenancy.scope(merchant_id=merchant):
        shop = make_shop(merchant_id=merchant, programme=programme)
    office, phone = caller(merchant), new_phone()
    member_id = join(office, programme, phone, expect=201)["member"]["id"]
    account = {
        "storefront_code": shop,
        "accounts": [{"kind": "storefront", "value": "open-1"}],
    }
    office.post("/member-bindings", {**account, "phone": phone}, expect=201)

    closed = office.post(f"/members/{member_id}/close", {"reason": "asked at the counter"})
    ended = office.post("/member-bindings/end", {**account, "reason": "again"})
    back = office.post(f"/members/{member_id}/reopen", {"reason": "came back"})

    assert (closed["state"], back["state"]) == ("closed", "active")
    assert ended == {"is_unbound": False}
    (binding,) = office.get(f"/members/{member_id}/bindings")["items"]
    assert binding["state"] == "unbound"
    listed = office.get(f"/members?programme_code={programme.code}")["items"]
    assert [member["id"] for member in listed] == [member_id]
    assert office.get(f"/members/{member_id}") == listed[0]


def test_a_brand_opens_its_programme_over_http(merchant: int, programme: Programme) -> None:
    office = caller(merchant)
    brand = office.post("/brands", {"code": "autumn", "name": "秋实"}, expect=201)

    pool = office.post("/pools", {"code": "autumn", "name": "积分"}, expect=201)
    opened = office.post(
        "/programmes",
        {"code": "autumn", "name": "秋实会", "brand_id": brand["id"], "pool_code": pool["code"]},
        expect=201,
    )

    assert (opened["pool_code"], opened["card_name"]) == ("autumn", "秋实会")
    taken = office.post(
        "/programmes",
        {"code": "again", "name": "秋实会", "brand_id": brand["id"], "pool_code": pool["code"]},
        expect=409,
    )
    assert taken["code"] == "membership.code_taken"


def test_a_clerk_wins_members_where_they_work(merchant: int, programme: Programme) -> None:
    with tenancy.scope(merchant_id=merchant):
        mine, other = (make_location_id(merchant_id=merchant) for _ in range(2))
        codes = {
            place.id: place.code
            for place in stores.locations_by_id(
                merchant_id=merchant, location_ids=[mine, other]
            ).values()
        }
    clerk = caller(merchant, role="clerk", location_id=mine)

    join(clerk, programme, new_phone(), expect=201, location_code=codes[mine])
    join(clerk, programme, new_phone(), expect=404, location_code=codes[other])
    join(clerk, programme, new_phone(), expect=404)
