"""A member orders online: what is paid becomes points, what is cancelled takes them back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from santong.kernel import tenancy
from santong.membership import public as membership
from santong.membership.tests.factories import make_member, make_programme
from santong.membership.tests.factories import make_shop as make_storefront_of
from santong.membership.tests.points import WITH_TIERS
from tests.journeys.http import Caller, caller, tell_all
from tests.journeys.shop import NOW, open_shop, order_document


@dataclass(frozen=True)
class Shopper:
    """A member of the programme of the storefront where she buys."""

    merchant_id: int
    member_id: int
    number: str
    storefront: str
    channel: Caller

    def points(self) -> membership.PointsShown:
        with tenancy.scope(merchant_id=self.merchant_id):
            shown = membership.points_shown(
                merchant_id=self.merchant_id, member_ids=[self.member_id], now=NOW
            )
        return shown[self.member_id]

    def order(self, **about: Any) -> dict[str, Any]:
        document = order_document()
        document |= {"storefront_code": self.storefront, "member_reference": self.number, **about}
        placed: dict[str, Any] = self.channel.post("/orders", document, expect=201)["order"]
        tell_all()
        return placed


@pytest.fixture
def shopper(merchant: int) -> Shopper:
    open_shop(merchant, near=5)
    with tenancy.scope(merchant_id=merchant):
        programme = make_programme(merchant_id=merchant)
        membership.publish_terms(
            merchant_id=merchant,
            programme_code=programme.code,
            terms=WITH_TIERS,
            reason="opening",
            now=NOW,
        )
        storefront = make_storefront_of(merchant_id=merchant, programme=programme)
        joined = make_member(merchant_id=merchant, programme=programme)
    return Shopper(merchant, joined.member.id, joined.member.number, storefront, caller(merchant))


def test_a_paid_order_brings_points(shopper: Shopper) -> None:
    order = shopper.order()

    shown = shopper.points()
    assert order["member_id"] == str(shopper.member_id)
    assert shown.available + shown.pending == order["goods"]["amount_minor"] // 100


def test_a_cancelled_order_takes_its_points_back(shopper: Shopper) -> None:
    order = shopper.order()

    shopper.channel.post(f"/orders/{order['id']}/cancel", {"reason": "changed her mind"})
    tell_all()

    assert shopper.points() == membership.PointsShown(available=0, pending=0, debt=0)


def test_an_order_without_a_member_brings_nobody_anything(shopper: Shopper) -> None:
    shopper.order(member_reference=None)

    assert shopper.points() == membership.PointsShown(available=0, pending=0, debt=0)


def test_a_member_without_a_card_of_the_brand_gets_nothing_and_the_order_goes_on(
    shopper: Shopper,
) -> None:
    with tenancy.scope(merchant_id=shopper.merchant_id):
        other = make_programme(merchant_id=shopper.merchant_id)
        elsewhere = make_storefront_of(merchant_id=shopper.merchant_id, programme=other)
        membership.publish_terms(
            merchant_id=shopper.merchant_id,
            programme_code=other.code,
            terms=WITH_TIERS,
            reason="opening",
            now=NOW,
        )

    order = shopper.order(storefront_code=elsewhere)

    assert order["state"] == "paid"
    assert shopper.points() == membership.PointsShown(available=0, pending=0, debt=0)
