"""Who promised and did not keep it pays for it: nobody else's share shrinks."""

from __future__ import annotations

from typing import Any

from santong.payments import public as payments
from santong.payments.tests.factories import end_refunds, make_paid_by
from santong.settlement import public as settlement
from santong.settlement.models import Entry
from santong.settlement.tests.factories import (
    NOW,
    assert_sound,
    make_order,
    make_shop,
    owed,
    publish,
)
from santong.settlement.tests.test_subscribers import hear_all

CLERK = settlement.Rule(code="clerk", role="clerk", rate_bp=1_000, due=settlement.Due(days=0))


def make_good(merchant_id: int, *, minor: int, installer: str = "") -> dict[str, Any]:
    """A paid order of 300 yuan of which so much was made good; who is to give more back."""
    shop = make_shop(merchant_id)
    publish(merchant_id, CLERK)
    order = make_order(shop, quantities=(1, 2), guide="G1")
    document = f"order:{order.id}"
    make_paid_by(merchant_id=merchant_id, document=document, amount=30_000, payer="somebody")
    hear_all(merchant_id)
    about: dict[str, Any] = {"merchant_id": merchant_id, "document": document}
    settlement.name_bearer(**about, key="promise:1", installer=installer, now=NOW)
    give_back(about, key="promise:1", minor=minor)
    return about


def give_back(about: dict[str, Any], *, key: str, minor: int) -> None:
    payments.refund(**about, key=key, amount_minor=minor, currency="CNY", reason="late", now=NOW)
    end_refunds(**about, now=NOW)
    hear_all(about["merchant_id"], times=2)


def in_all(merchant_id: int, party: str) -> int:
    """What a party is owed, due or not."""
    return sum(owed(merchant_id, party))


def test_head_office_bears_what_it_promised(merchant_id: int) -> None:
    make_good(merchant_id, minor=3_000)

    assert in_all(merchant_id, "clerk:G1") == 3_000
    assert in_all(merchant_id, "head_office") + in_all(merchant_id, "to_come") == 24_000
    assert_sound(merchant_id)


def test_a_provider_bears_it_though_it_has_no_share(merchant_id: int) -> None:
    make_good(merchant_id, minor=3_000, installer="anju")

    assert in_all(merchant_id, "installer:anju") == -3_000
    assert in_all(merchant_id, "clerk:G1") == 3_000
    assert_sound(merchant_id)


def test_told_twice_it_is_borne_once(merchant_id: int) -> None:
    about = make_good(merchant_id, minor=3_000)
    before = Entry.objects.of_merchant(merchant_id).count()

    settlement.name_bearer(**about, key="promise:1", now=NOW)
    hear_all(merchant_id, times=2)

    assert Entry.objects.of_merchant(merchant_id).count() == before


def test_goods_that_come_back_whole_later_cost_nobody_anything(merchant_id: int) -> None:
    about = make_good(merchant_id, minor=3_000, installer="anju")

    give_back(about, key="return:1", minor=27_000)

    for party in ("installer:anju", "clerk:G1", "head_office"):
        assert in_all(merchant_id, party) == 0
    assert_sound(merchant_id)


def test_what_was_made_good_before_all_was_paid_is_borne_alike(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, CLERK)
    order = make_order(shop, quantities=(1, 2), guide="G1")
    about: dict[str, Any] = {"merchant_id": merchant_id, "document": f"order:{order.id}"}
    make_paid_by(**about, amount=30_000, payer="somebody")
    settlement.name_bearer(**about, key="promise:1", now=NOW)
    payments.refund(
        **about, key="promise:1", amount_minor=3_000, currency="CNY", reason="late", now=NOW
    )
    end_refunds(**about, now=NOW)

    hear_all(merchant_id, times=2)

    assert in_all(merchant_id, "clerk:G1") == 3_000
    assert_sound(merchant_id)
