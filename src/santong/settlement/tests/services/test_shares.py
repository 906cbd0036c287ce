"""Shares of a sale, from payment to the end of the return period."""

from __future__ import annotations

from datetime import timedelta

import pytest

from santong.orders import public as orders
from santong.settlement.contracts import Due, OwnerTerms, Rule
from santong.settlement.errors import MoreThanLeft, NotPaid, ReversalTaken
from santong.settlement.selectors.sales import shared_sale
from santong.settlement.services.assign_filler import assign_filler
from santong.settlement.services.cancel_pieces import cancel_pieces
from santong.settlement.services.freeze_shares import freeze_shares
from santong.settlement.services.record_acceptance import record_acceptance
from santong.settlement.services.record_receipt import record_receipt
from santong.settlement.services.release_due import release_due
from santong.settlement.services.restore_shares import restore_shares
from santong.settlement.services.reverse_shares import reverse_shares
from santong.settlement.tests.factories import (
    NOW,
    assert_sound,
    left_by_party,
    make_order,
    make_sale,
    make_shop,
    owed,
    publish,
)

CLERK = Rule(code="clerk", role="clerk", rate_bp=300, due=Due(days=3))
FEE = Rule(code="fee", role="filler", fixed_minor=500)
FREIGHT = Rule(code="freight", role="filler", base="freight", rate_bp=10_000)
COMMISSION = OwnerTerms(goods_of="dealer", kind="commission", rate_bp=1_500)


def test_a_paid_order_is_shared_and_booked(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, CLERK, FEE)

    sale = make_sale(shop, quantities=(2,), guide="G1", freight_minor=800)

    assert left_by_party(sale) == {"clerk:G1": 600, "to_come": 1_000, "head_office": 19_200}
    assert (sale.paid_minor, sale.left_minor, sale.version) == (20_800, 20_800, 1)
    assert owed(merchant_id, "clerk:G1") == (600, 0)
    assert_sound(merchant_id)


def test_an_order_is_shared_once(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    sale = make_sale(shop)

    freeze_shares(merchant_id=merchant_id, order_id=sale.order_id or 0, now=NOW)

    assert shared_sale(merchant_id=merchant_id, document=sale.document) == sale
    assert owed(merchant_id, "head_office") == (10_000, 0)


def test_an_unpaid_order_is_not_shared(merchant_id: int) -> None:
    order = make_order(make_shop(merchant_id), payments=0)

    with pytest.raises(NotPaid) as refused:
        freeze_shares(merchant_id=merchant_id, order_id=order.id, now=NOW)

    assert (refused.value.paid_minor, refused.value.total_minor) == (0, 10_000)


def test_who_fills_it_gets_the_fee_and_sells_for_its_owner(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, FEE, owners=(COMMISSION,))
    sale = make_sale(shop, quantities=(3,))
    order_id, line_id = sale.order_id or 0, sale.shares[0].order_line_id or 0

    assign_filler(
        merchant_id=merchant_id,
        order_id=order_id,
        location_id=shop.franchise,
        quantity_by_line={line_id: 1},
        key="work:1",
        now=NOW,
    )

    left = left_by_party(shared_sale(merchant_id=merchant_id, document=sale.document))
    # One coat is the dealer's: 15 % of it the merchant's, the fee out of the dealer's rest.
    assert left == {
        f"place:{shop.franchise_code}": 500,
        f"dealer:{shop.dealer}": 8_000,
        "to_come": 1_000,
        "head_office": 1_500 + 19_000,
    }
    assert_sound(merchant_id)


def test_the_freight_is_divided_once_by_what_places_sent(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, FREIGHT)
    sale = make_sale(shop, quantities=(3,), freight_minor=1_000)
    order_id, line_id = sale.order_id or 0, sale.shares[0].order_line_id or 0
    for key, place, pieces in (("a", shop.own, 1), ("b", shop.franchise, 1), ("c", shop.own, 1)):
        assign_filler(
            merchant_id=merchant_id,
            order_id=order_id,
            location_id=place,
            quantity_by_line={line_id: pieces},
            key=key,
            now=NOW,
        )

    record_receipt(merchant_id=merchant_id, document=sale.document, received_at=NOW, now=NOW)

    shares = shared_sale(merchant_id=merchant_id, document=sale.document).shares
    freight = {s.party_code: s.left_minor for s in shares if s.line_kind == "freight"}
    assert freight == {f"place:{shop.own_code}": 667, f"place:{shop.franchise_code}": 333}
    assert_sound(merchant_id)


def test_what_is_cancelled_is_not_shared_and_the_freight_stays(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, CLERK)
    sale = make_sale(shop, quantities=(1, 2), guide="G1", freight_minor=900)
    order_id = sale.order_id or 0
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    cancelled = {order.lines[1].id: 2}

    for _ in range(2):
        cancel_pieces(
            merchant_id=merchant_id,
            order_id=order_id,
            quantity_by_line=cancelled,
            is_whole=False,
            now=NOW,
        )

    after = shared_sale(merchant_id=merchant_id, document=sale.document)
    assert after.left_minor == 10_900
    assert left_by_party(after) == {"clerk:G1": 300, "head_office": 10_600}
    assert_sound(merchant_id)


def test_a_whole_cancellation_leaves_nothing(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, CLERK, FEE, FREIGHT)
    sale = make_sale(shop, quantities=(1, 2), guide="G1", freight_minor=900)
    order_id = sale.order_id or 0
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)

    taken = cancel_pieces(
        merchant_id=merchant_id,
        order_id=order_id,
        quantity_by_line={line.id: line.quantity for line in order.lines},
        is_whole=True,
        now=NOW,
    )

    assert taken == sale.paid_minor
    assert left_by_party(shared_sale(merchant_id=merchant_id, document=sale.document)) == {}
    assert owed(merchant_id, "clerk:G1") == (0, 0)
    assert_sound(merchant_id)


def test_shares_are_due_when_their_days_are_over(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, CLERK)
    sale = make_sale(shop, guide="G1")
    record_receipt(merchant_id=merchant_id, document=sale.document, received_at=NOW, now=NOW)

    days = [NOW + timedelta(days=days) for days in (2, 3, 6, 7)]
    due = [release_due(merchant_id=merchant_id, limit=100, now=day) for day in days]

    assert due == [0, 1, 0, 1]
    assert owed(merchant_id, "clerk:G1") == (0, 300)
    assert owed(merchant_id, "head_office") == (0, 9_700)
    assert_sound(merchant_id)


def test_what_waits_for_acceptance_is_not_due_by_receipt(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    installer = Rule(
        code="install",
        role="installer",
        fixed_minor=2_000,
        party_code="fix-it",
        due=Due(basis="acceptance", days=0),
    )
    publish(merchant_id, installer, rest_days=0)
    sale = make_sale(shop)
    record_receipt(merchant_id=merchant_id, document=sale.document, received_at=NOW, now=NOW)
    release_due(merchant_id=merchant_id, limit=100, now=NOW)
    assert owed(merchant_id, "installer:fix-it") == (2_000, 0)

    record_acceptance(merchant_id=merchant_id, document=sale.document, accepted_at=NOW)
    release_due(merchant_id=merchant_id, limit=100, now=NOW)

    assert owed(merchant_id, "installer:fix-it") == (0, 2_000)


def test_a_refund_takes_from_what_is_due_as_well(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, CLERK)
    sale = make_sale(shop, guide="G1")
    record_receipt(merchant_id=merchant_id, document=sale.document, received_at=NOW, now=NOW)
    release_due(merchant_id=merchant_id, limit=100, now=NOW + timedelta(days=3))

    reverse_shares(
        merchant_id=merchant_id,
        document=sale.document,
        key="refund:1",
        kind="refund",
        amount_minor=5_000,
        reason="too late",
        now=NOW,
    )

    assert owed(merchant_id, "clerk:G1") == (0, 150)
    assert owed(merchant_id, "head_office") == (4_850, 0)
    assert_sound(merchant_id)


def test_a_return_of_one_line_takes_from_that_line(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(
        merchant_id,
        Rule(code="a", role="clerk", rate_bp=1_000, when=CLERK.when),
    )
    sale = make_sale(shop, quantities=(1, 1), guide="G1")
    first = sale.shares[0].order_line_id or 0

    reverse_shares(
        merchant_id=merchant_id,
        document=sale.document,
        key="return:1",
        kind="return",
        amount_minor=4_000,
        amount_by_line={first: 4_000},
        reason="a stain",
        now=NOW,
    )

    shares = shared_sale(merchant_id=merchant_id, document=sale.document).shares
    assert [(s.line_number, s.rule, s.left_minor) for s in shares] == [
        (1, "a", 600),
        (1, "rest", 5_400),
        (2, "a", 1_000),
        (2, "rest", 9_000),
    ]


def test_more_than_is_left_is_not_reversed(merchant_id: int) -> None:
    sale = make_sale(make_shop(merchant_id))

    with pytest.raises(MoreThanLeft) as refused:
        reverse_shares(
            merchant_id=merchant_id,
            document=sale.document,
            key="refund:1",
            kind="refund",
            amount_minor=10_001,
            reason="too much",
            now=NOW,
        )

    assert (refused.value.wanted_minor, refused.value.left_minor) == (10_001, 10_000)


def test_a_key_stands_for_one_reversal(merchant_id: int) -> None:
    sale = make_sale(make_shop(merchant_id))

    def reverse(amount_minor: int) -> int:
        return reverse_shares(
            merchant_id=merchant_id,
            document=sale.document,
            key="refund:1",
            kind="refund",
            amount_minor=amount_minor,
            reason="again",
            now=NOW,
        )

    assert [reverse(1_000), reverse(1_000)] == [9_000, 9_000]
    with pytest.raises(ReversalTaken):
        reverse(2_000)


def test_what_is_restored_is_what_it_was(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, CLERK, FEE)
    sale = make_sale(shop, quantities=(1, 2), guide="G1", freight_minor=333)
    for key in ("dispute:1", "refund:1"):
        reverse_shares(
            merchant_id=merchant_id,
            document=sale.document,
            key=key,
            kind="dispute",
            amount_minor=7_777,
            reason="not mine",
            now=NOW,
        )

    for key in ("dispute:1", "refund:1", "refund:1"):
        restore_shares(
            merchant_id=merchant_id, document=sale.document, key=key, reason="won", now=NOW
        )

    after = shared_sale(merchant_id=merchant_id, document=sale.document)
    assert after.shares == sale.shares
    assert_sound(merchant_id)
