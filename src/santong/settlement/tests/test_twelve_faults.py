"""Twelve faults that a split payment had elsewhere, found one behind the other: none is here.

The list is that of a large open marketplace's repair of its own flow, in September 2026. Each was
visible only once the one before was cleared, so each is a sentence of its own.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from santong.kernel.errors import DomainError
from santong.kernel.tenancy import Actor
from santong.merchants.tests.factories import make_staff
from santong.orders import public as orders
from santong.payments.events import DisputeChanged, RefundDone
from santong.settlement import public as settlement
from santong.settlement.contracts import Due, Rule
from santong.settlement.selectors.sight import parties_seen
from santong.settlement.services.draft_payouts import draft_payouts
from santong.settlement.services.send_payouts import send_payouts
from santong.settlement.tests.factories import (
    NOW,
    assert_sound,
    hear,
    left_by_party,
    lines_of,
    make_account,
    make_clerks,
    make_order,
    make_run,
    make_sale,
    make_shop,
    owed,
    party_id_of,
    publish,
    somebody,
    tell,
)

CLERK = Rule(code="clerk", role="clerk", rate_bp=333, due=Due(days=0))
FREIGHT = Rule(code="freight", role="filler", base="freight", rate_bp=10_000)


def refunded(document: str, amount_minor: int, *, part_id: int = 1) -> RefundDone:
    return RefundDone(
        refund_id=part_id,
        part_id=part_id,
        tender_id=1,
        document=document,
        key=f"goodwill-{part_id}",
        currency="CNY",
        amount_minor=amount_minor,
        refunded_at=NOW,
    )


def disputed(document: str, state: str, amount_minor: int = 4_000) -> DisputeChanged:
    return DisputeChanged(
        dispute_id=9,
        tender_id=1,
        document=document,
        state=state,  # type: ignore[arg-type]
        currency="CNY",
        amount_minor=amount_minor,
    )


def test_1_an_order_paid_in_several_parts_is_paid_and_can_be_shared(merchant_id: int) -> None:
    shop = make_shop(merchant_id)

    sale = make_sale(shop, payments=3, price_minor=10_001)

    assert (sale.paid_minor, left_by_party(sale)) == (10_001, {"head_office": 10_001})


def test_2_an_order_of_which_all_went_back_is_not_shared_any_more(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, CLERK)
    sale = make_sale(shop, guide="G1")

    for part_id, amount in enumerate((3_333, 3_333, 3_334), 1):
        hear(refunded(sale.document, amount, part_id=part_id), merchant_id=merchant_id)

    after = settlement.shared_sale(merchant_id=merchant_id, document=sale.document)
    assert (after.paid_minor, after.left_minor, left_by_party(after)) == (10_000, 0, {})
    assert owed(merchant_id, "clerk:G1") == owed(merchant_id, "head_office") == (0, 0)


def test_3_a_party_sees_its_own_lines_and_nobody_elses(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, CLERK, Rule(code="store", role="seller", rate_bp=500))
    sale = make_sale(shop, guide="G1", seller=shop.own_code)
    make_sale(shop, guide="G2", seller=shop.franchise_code)
    clerk = make_staff(merchant_id, role="clerk", login="g1", location_id=shop.own)
    manager = make_staff(merchant_id, role="store_manager", login="m1", location_id=shop.own)
    actor = Actor(
        kind="staff",
        id=str(clerk.id),
        name=clerk.name,
        permissions=frozenset({"statements.view", "statements.dispute"}),
        location_ids=frozenset({shop.own}),
    )
    leader = Actor(
        kind="staff",
        id=str(manager.id),
        name=manager.name,
        permissions=frozenset({"statements.view", "statements.dispute", "staff.view"}),
        location_ids=frozenset({shop.own}),
    )

    seen = parties_seen(merchant_id=merchant_id, actor=actor)
    seen_by_leader = parties_seen(merchant_id=merchant_id, actor=leader)

    own_place = party_id_of(merchant_id, f"place:{shop.own_code}")
    assert seen == frozenset()
    assert seen_by_leader == frozenset({own_place})
    shown = settlement.shared_sale(
        merchant_id=merchant_id, document=sale.document, party_ids=seen_by_leader
    )
    assert {share.party_id for share in shown.shares} == {own_place}


def test_4_no_payout_is_larger_than_what_is_payable_when_it_is_sent(merchant_id: int) -> None:
    shop = make_clerks(merchant_id, "G1", "G2")
    run = make_run(merchant_id)
    sale = settlement.shared_sale(
        merchant_id=merchant_id,
        document=f"order:{orders.orders_page(merchant_id=merchant_id)[1].id}",
    )
    hear(refunded(sale.document, 4_000), merchant_id=merchant_id)

    send_payouts(merchant_id=merchant_id, limit=10, now=NOW)

    paid = {line.party_code: line.amount_minor for line in lines_of(merchant_id, run)}
    assert paid == {"clerk:G1": 600, "clerk:G2": 1_000}
    assert owed(merchant_id, "clerk:G1") == (0, 0)
    assert shop.merchant_id == merchant_id
    assert_sound(merchant_id)


def test_5_a_payout_that_the_bank_gives_back_is_payable_again(merchant_id: int) -> None:
    make_clerks(merchant_id, "G1")
    run = make_run(merchant_id)
    send_payouts(merchant_id=merchant_id, limit=10, now=NOW)
    (line,) = lines_of(merchant_id, run)
    tell(merchant_id, line, "done")

    tell(merchant_id, line, "failed", why="account closed")

    (line,) = lines_of(merchant_id, run)
    assert (line.state, line.why) == ("returned", "account closed")
    assert owed(merchant_id, "clerk:G1") == (0, 1_000)
    assert_sound(merchant_id)


def test_6_what_all_parties_get_is_what_was_paid_to_the_minor_unit(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(
        merchant_id,
        Rule(code="a third", role="platform", rate_bp=3_333),
        Rule(code="another", role="marketplace", rate_bp=3_333),
        Rule(code="the last", role="seller", rate_bp=3_333),
    )

    sale = make_sale(shop, price_minor=10_001, seller=shop.own_code)

    assert left_by_party(sale) == {
        "platform": 3_334,
        f"marketplace:{shop.storefront}": 3_333,
        f"place:{shop.own_code}": 3_333,
        "head_office": 1,
    }
    assert sum(left_by_party(sale).values()) == sale.paid_minor


def test_7_a_refund_takes_from_each_what_they_had_of_it(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, Rule(code="clerk", role="clerk", rate_bp=1_000))
    sale = make_sale(shop, guide="G1")

    hear(refunded(sale.document, 5_000), merchant_id=merchant_id)

    after = settlement.shared_sale(merchant_id=merchant_id, document=sale.document)
    assert left_by_party(after) == {"clerk:G1": 500, "head_office": 4_500}
    assert_sound(merchant_id)


def test_8_a_dispute_that_is_won_gives_back_exactly_what_it_took(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, CLERK)
    sale = make_sale(shop, guide="G1", quantities=(1, 2))

    for state in ("opened", "opened", "won", "won"):
        hear(disputed(sale.document, state), merchant_id=merchant_id)

    after = settlement.shared_sale(merchant_id=merchant_id, document=sale.document)
    assert after.shares == sale.shares
    assert [each.restored_at for each in after.reversals] == [NOW]
    assert_sound(merchant_id)


def test_9_what_a_provider_tells_twice_changes_nothing(merchant_id: int) -> None:
    make_clerks(merchant_id, "G1")
    run = make_run(merchant_id)
    send_payouts(merchant_id=merchant_id, limit=10, now=NOW)
    (line,) = lines_of(merchant_id, run)
    tell(merchant_id, line, "failed", why="no such receiver")
    document = f"order:{orders.orders_page(merchant_id=merchant_id)[0].id}"
    hear(refunded(document, 1_000), merchant_id=merchant_id)
    before = (owed(merchant_id, "clerk:G1"), lines_of(merchant_id, run))

    tell(merchant_id, line, "failed", why="no such receiver")
    hear(refunded(document, 1_000), merchant_id=merchant_id)

    assert (owed(merchant_id, "clerk:G1"), lines_of(merchant_id, run)) == before
    assert_sound(merchant_id)


def test_10_the_freight_is_shared_once_however_parcels_are_split(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, FREIGHT)
    sale = make_sale(shop, quantities=(4,), freight_minor=1_000)
    order_id, line_id = sale.order_id or 0, sale.shares[0].order_line_id or 0

    for number in range(4):
        settlement.assign_filler(
            merchant_id=merchant_id,
            order_id=order_id,
            location_id=shop.own,
            quantity_by_line={line_id: 1},
            key=f"work:{number}",
            now=NOW,
        )
    settlement.record_receipt(
        merchant_id=merchant_id, document=sale.document, received_at=NOW, now=NOW
    )

    after = settlement.shared_sale(merchant_id=merchant_id, document=sale.document)
    assert left_by_party(after) == {f"place:{shop.own_code}": 1_000, "head_office": 40_000}
    assert after.left_minor == sale.paid_minor


def test_11_a_refusal_says_why_and_so_does_what_was_not_paid(merchant_id: int) -> None:
    order = make_order(make_shop(merchant_id), payments=0)
    make_clerks(merchant_id, "G1")
    run = make_run(merchant_id)
    send_payouts(merchant_id=merchant_id, limit=10, now=NOW)
    (line,) = lines_of(merchant_id, run)

    tell(merchant_id, line, "failed")
    (failed,) = lines_of(merchant_id, run)
    with pytest.raises(DomainError) as refused:
        settlement.freeze_shares(merchant_id=merchant_id, order_id=order.id, now=NOW)

    assert refused.value.code == "settlement.not_paid"
    assert refused.value.members() == {
        "document": f"order:{order.id}",
        "paid_minor": 0,
        "total_minor": 10_000,
    }
    assert failed.why == "the provider gave no reason"


def test_12_a_sale_is_shared_by_the_rules_of_its_day_whatever_is_published_later(
    merchant_id: int,
) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, Rule(code="clerk", role="clerk", rate_bp=1_000))
    order = make_order(shop, guide="G1")
    later = NOW + timedelta(days=1)
    publish(merchant_id, Rule(code="clerk", role="clerk", rate_bp=5_000), now=later)

    settlement.freeze_shares(merchant_id=merchant_id, order_id=order.id, now=later)
    sale = settlement.shared_sale(merchant_id=merchant_id, document=f"order:{order.id}")
    settlement.assign_filler(
        merchant_id=merchant_id,
        order_id=order.id,
        location_id=shop.franchise,
        quantity_by_line={order.lines[0].id: 1},
        key="work:1",
        now=later,
    )

    after = settlement.shared_sale(merchant_id=merchant_id, document=sale.document)
    assert (sale.version, left_by_party(sale)["clerk:G1"]) == (1, 1_000)
    assert left_by_party(after)["clerk:G1"] == 1_000


def test_and_who_drafts_a_payout_does_not_approve_it(merchant_id: int) -> None:
    make_clerks(merchant_id, "G1")
    with somebody(1):
        run = draft_payouts(
            merchant_id=merchant_id,
            account_code=make_account(merchant_id),
            currency="CNY",
            minimum_minor=1,
            limits=settlement.PayoutLimits(),
            now=NOW,
        )

        with pytest.raises(settlement.SameHands):
            settlement.approve_payouts(merchant_id=merchant_id, run_id=run.id, now=NOW)
