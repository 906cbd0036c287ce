"""A marketplace's shop takes points and gives them back, once by record, and is called back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from santong.gateway.rules.point_changes import POINT_CHANGE
from santong.gateway.spi.deliver import deliver
from santong.gateway.tests.factories import NOW
from santong.gateway.tests.platform import BIND, Shop, make_connected_shop, phone
from santong.gateway.tests.simulated import Simulated
from santong.kernel import tenancy
from santong.membership import public as membership
from santong.membership.tests.factories import points_of

pytestmark = pytest.mark.usefixtures("database")

AT_ONCE = membership.MaturityTerms(pending_days=0)
TERMS = membership.Terms(
    tiers=(membership.Tier(code="base", name="普通", threshold=0),),
    rules=(membership.AccrualRule(code="yuan", points=1, per_minor=100),),
    maturity=AT_ONCE,
    burn=membership.BurnTerms(points_per_step=1, amount_per_step=1),
)
CALLBACK = "tmall.mei.crm.callback.point.change"


@pytest.fixture
def shop(merchant: int, side: Simulated) -> Shop:
    shop = make_connected_shop(merchant, url=side.url)
    with tenancy.scope(merchant_id=merchant):
        membership.publish_terms(
            merchant_id=merchant,
            programme_code=shop.programme.code,
            terms=TERMS,
            reason="opening",
            now=NOW,
        )
    return shop


def bound(shop: Shop, *, points: int) -> tuple[int, str]:
    """A member with points, bound under an account of their own."""
    number = phone()
    member_id, ouid = shop.join(number, points=points), f"AAH-{number}"
    shop.platform.call(BIND, {"mobile": number, "ouid": ouid, "type": "1"})
    return member_id, ouid


def message(record_id: str, point: int, kind: str = "1", **given: Any) -> dict[str, Any]:
    return {
        "record_id": record_id,
        "type": kind,
        "point": point,
        "biz_type": "gift_exchange",
        **given,
    }


def left(shop: Shop, member_id: int) -> int:
    with tenancy.scope(merchant_id=shop.merchant_id):
        return points_of(
            merchant_id=shop.merchant_id, programme=shop.programme, member_id=member_id
        )


def called_back(shop: Shop, side: Simulated) -> list[tuple[str, str, str, str]]:
    for _ in range(4):
        deliver(merchant_id=shop.merchant_id, clock=lambda: NOW.replace(year=2027))
    return [
        (
            heard.fields["record_id"],
            heard.fields["result"],
            heard.fields.get("error_code", ""),
            heard.fields.get("point", ""),
        )
        for heard in side.heard
        if heard.method == CALLBACK
    ]


def test_points_are_taken_and_given_back_once(shop: Shop, side: Simulated) -> None:
    member_id, ouid = bound(shop, points=100)
    order = json.dumps({"order_id": "TB77"})

    answers = [
        shop.platform.call(POINT_CHANGE, message("R1", 30, ouid=ouid, ext_info=order)),
        shop.platform.call(POINT_CHANGE, message("R1", 30, ouid=ouid, ext_info=order, x=1)),
        shop.platform.call(POINT_CHANGE, message("R2", 30, "2", ouid=ouid, ext_info=order)),
        shop.platform.call(POINT_CHANGE, message("R2", 30, "2", ouid=ouid, ext_info=order, x=1)),
    ]

    assert answers == [{"success": "true"}] * 4
    assert left(shop, member_id) == 100
    assert called_back(shop, side) == [("R1", "0", "", "70"), ("R2", "0", "", "100")]


def test_what_cannot_be_taken_is_called_back_as_failed(shop: Shop, side: Simulated) -> None:
    member_id, ouid = bound(shop, points=10)

    shop.platform.call(POINT_CHANGE, message("R1", 30, ouid=ouid))
    shop.platform.call(POINT_CHANGE, message("R2", 5, ouid="AAH-nobody"))
    shop.platform.call(POINT_CHANGE, message("R3", 5, "2", ouid=ouid))

    assert left(shop, member_id) == 10
    assert sorted(called_back(shop, side)) == [
        ("R1", "1", "membership.too_few_points", "10"),
        ("R2", "1", "no-exsit-member", ""),
        ("R3", "1", "no-such-exchange", "10"),
    ]


def test_of_ten_exchanges_at_once_as_many_succeed_as_there_are_points(
    shop: Shop, side: Simulated, at_once: Callable[..., list[Any]]
) -> None:
    member_id, ouid = bound(shop, points=35)

    def exchange(number: int) -> None:
        for attempt in range(2):
            shop.platform.call(POINT_CHANGE, message(f"R{number}", 10, ouid=ouid, x=attempt))

    at_once(*[lambda number=number: exchange(number) for number in range(8)])

    results = [result for _, result, _, _ in called_back(shop, side)]
    assert left(shop, member_id) == 5
    assert sorted(results) == ["0"] * 3 + ["1"] * 5


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"record_id": ""}, "record_id"),
        ({"record_id": "a\nb"}, "record_id"),
        ({"type": "3"}, "type"),
        ({"point": 0}, "point"),
        ({"point": -5}, "point"),
        ({"point": "1e9"}, "point"),
        ({"point": 10**30}, "point"),
        ({"ouid": ""}, "mobile"),
    ],
)
def test_a_message_that_makes_no_sense_is_refused(
    shop: Shop, change: dict[str, Any], field: str
) -> None:
    answer = shop.platform.call(POINT_CHANGE, message("R1", 5, ouid="AAH1") | change)

    assert (answer["failCode"], answer["failMessage"]) == ("isv.invalid-parameter", field)
